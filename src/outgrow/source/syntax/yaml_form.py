"""The habits of a YAML text: found in its nodes, kept as options of a style, asked for by the writer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from outgrow.source.style import Style
from outgrow.source.syntax.yaml_layout import find_layout
from outgrow.source.syntax.yaml_nodes import Node
from outgrow.source.syntax.yaml_scalars import choose
from outgrow.source.syntax.yaml_values import scalar_of

RULES = ("plain", "flow", "symfony", "all")
MOST_MARKS = 400
MARKS = ("=", "?", "^", ":", "<")
NUMBERS = ("column", "unit", "dash", "item", "lines")


@dataclass(frozen=True)
class Form:
    """How YAML is written.

    Elements stand in `column`; a map within a map is indented by `unit`, the dashes of a list within a map by
    `dash`, what stands behind a dash by `item`. `alone` puts a map below its dash. Texts are quoted by `rule` (see
    `yaml_scalars`) with `quote`. `lines` are the line breaks between two elements. Keys of
    digits are written as `digits` says. `marks` are exceptions: how the
    value (behind `=`) or the key (behind `?`) at a path is written, and what `yaml_layout` finds.
    """

    column: int = 0
    unit: int = 2
    dash: int = 2
    item: int = 2
    alone: str = ""
    rule: str = "plain"
    quote: str = "'"
    null: str = "null"
    pad_list: str = ""
    pad_map: str = ""
    comma: str = ", "
    digits: str = "p"
    lines: int = 1
    marks: dict[str, str] = field(default_factory=dict)

    def to_options(self) -> tuple[tuple[str, str], ...]:
        """What differs from the default, and the marks."""
        given = {name: str(value) for name, value in vars(self).items() if name != "marks"}
        default = {name: str(value) for name, value in vars(Form()).items()}
        return (*((n, v) for n, v in given.items() if v != default[n]), *self.marks.items())

    @property
    def key_rule(self) -> str:
        """How keys are quoted: as texts are, unless those are for no need."""
        return self.rule if self.rule == "flow" else "plain"

    @classmethod
    def of(cls, style: Style) -> Form:
        """The form that a style's options describe."""
        known, marks = {}, {}
        for name, value in style.options:
            if name[:1] in MARKS:
                marks[name] = value
            elif name in cls.__dataclass_fields__:
                known[name] = int(value) if name in NUMBERS else value
        return cls(**known, marks=marks)  # type: ignore[arg-type]


def find_form(nodes: Sequence[Node], roots: Sequence[tuple[str, Node]], raw: bytes) -> Form:
    """The habits of a text's nodes; `roots` are those that paths begin at."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for node in nodes:
        _look(node, raw, seen)
    common = {name: counter.most_common(1)[0][0] for name, counter in seen.items()}
    known = {name: int(value) if name in NUMBERS else value for name, value in common.items()}
    form = replace(Form(), **known)  # type: ignore[arg-type]
    texts = [(path, node) for root in roots for path, node in _walk(*root) if node.kind == "scalar"]
    strings = [node for path, node in texts if path.startswith("=") and isinstance(scalar_of(node), str)]
    form = replace(form, rule=_find_rule(strings, form.quote))
    marks = _find_marks(roots, raw, form)
    if len(nodes) == 1 and nodes[0].kind == "map" and not nodes[0].style:
        marks |= dict(islice(find_layout(nodes[0], raw, form.unit, form.dash), MOST_MARKS))
    return replace(form, marks=marks)


def column_of(raw: bytes, offset: int) -> int:
    """How many bytes stand before an offset on its line."""
    return offset - (raw.rfind(b"\n", 0, offset) + 1)


def _look(node: Node, raw: bytes, seen: dict[str, Counter[str]]) -> None:
    """Count what one container shows of indentation, padding, quotes and nulls."""
    if node.kind == "scalar":
        if node.style in ("'", '"') and b"\\" not in raw[node.start : node.end]:
            seen["quote"][node.style] += 1
        elif not node.style and scalar_of(node) is None:
            seen["null"][node.text] += 1
        return
    if node.style and node.items:
        name = "pad_list" if node.kind == "list" else "pad_map"
        seen[name][" " if raw[node.start + 1 : node.start + 2] == b" " else ""] += 1
        step = 1 if node.kind == "list" else 2
        for one, other in zip(node.items[step - 1 :: step], node.items[step::step], strict=False):
            seen["comma"][raw[one.end : other.start].decode("utf-8", "replace")] += 1
    elif node.items:
        _look_at_block(node, raw, seen)
    for number, item in enumerate(node.items):
        if node.kind == "map" and number % 2 == 0 and item.text.isdecimal():
            seen["digits"][item.style or "p"] += 1
        _look(item, raw, seen)


def _look_at_block(node: Node, raw: bytes, seen: dict[str, Counter[str]]) -> None:
    column = column_of(raw, node.start)
    if node.kind == "map":
        for _, value in node.pairs():
            if value.kind != "scalar" and not value.style and not value.mark:
                name = "unit" if value.kind == "map" else "dash"
                seen[name][str(max(0, column_of(raw, value.start) - column))] += 1
        return
    for item in node.items:
        before = raw[item.start - column_of(raw, item.start) : item.start]
        alone = item.kind != "scalar" and not item.style and not before.strip()
        if item.kind != "scalar":
            seen["alone"]["1" if alone else ""] += 1
        if not alone and not item.mark:
            seen["item"][str(max(2, column_of(raw, item.start) - column))] += 1


def _walk(path: str, node: Node) -> Iterator[tuple[str, Node]]:
    """All nodes with their paths: `=title`, `=tags/*`; those of keys begin with a question mark."""
    if path:
        yield "=" + path.removeprefix("/"), node
    if node.mark == "*":
        return
    if node.kind == "list":
        for item in node.items:
            yield from _walk(path + "/*", item)
    elif node.kind == "map":
        for key, value in node.pairs():
            inner = f"{path}/{key.text}"
            yield "?" + inner[1:], key
            yield from _walk(inner, value)


def _find_rule(strings: Sequence[Node], quote: str) -> str:
    """The rule by which the fewest texts are written otherwise."""
    fewest, best = len(strings) + 1, RULES[0]
    for rule in RULES:
        odd = sum((node.style or "p") != choose(node.text, rule, quote) for node in strings)
        if odd < fewest:
            fewest, best = odd, rule
        if not odd:
            break
    return best


def _find_marks(roots: Sequence[tuple[str, Node]], raw: bytes, form: Form) -> dict[str, str]:
    """How values and keys are written where it isn't what the form says."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    odd: dict[str, bool] = defaultdict(bool)
    for root in roots:
        for path, node in _walk(*root):
            way, usual = _way(path, node, raw, form)
            if way:
                ways[path][way] += 1
                odd[path] |= way != usual
    return dict([(path, ways[path].most_common(1)[0][0]) for path in ways if odd[path]][:MOST_MARKS])


def _way(path: str, node: Node, raw: bytes, form: Form) -> tuple[str, str]:
    """How a node is written, and how the form would have it; both empty where there is but one way."""
    if node.kind != "scalar":
        if not node.items:
            return raw[node.start : node.end].decode("utf-8", "replace"), "[]" if node.kind == "list" else "{}"
        return node.style or "b", "b"
    if path.startswith("?"):
        usual = form.digits if node.text.isdecimal() else choose(node.text, form.key_rule, form.quote)
        return node.style or "p", usual
    value = scalar_of(node)
    if isinstance(value, str):
        return node.style or "p", choose(node.text, form.rule, form.quote)
    if value is None:
        return node.text or "-", form.null or "-"
    return (node.text, str(value).lower()) if isinstance(value, bool) else ("", "")
