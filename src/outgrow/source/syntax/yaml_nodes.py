"""YAML text as a tree of nodes with places and styles. Nothing is built but texts, lists and pairs.

The parser is libyaml's (by PyYAML), of which only the events are used: no tag makes an object. It is given one
character for each byte, so its places are offsets; bytes beyond ASCII are letters to it, and no line ends.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Any

import yaml

from outgrow.source.syntax.json_scan import Broken

MOST_DEPTH = 100
MOST_UNFOLDED = 100_000
LARGEST = 64 << 20
LETTERS = "".join(chr(byte) if byte < 0x80 else chr(0xE000 + byte) for byte in range(256))
HIGH = re.compile("[\ue080-\ue0ff]+")
TOLERATED = re.compile("[\ue025\ue03a\ue040\ue060]")
"""Signs that many a program takes where YAML doesn't: a percent sign, colon, at sign or backtick as a letter."""
MOST_TOLERATED = 50
VALUE_BEFORE = re.compile(r"[ ]*(?:- +)*[^\s:#'\"\[{][^:\n]*: +[^\s'\"\[{|>&*!][^\n]*")
PRIVATE_ESCAPE = re.compile(rb"\\(?:u|U0000)[eE]0")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
BLOCKS = ("|", ">")
SCALAR = yaml.ScalarEvent
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROBLEMS = {
    "mapping values are not allowed": "a colon and a blank stand in a text without quotes",
    "could not find expected ':'": "a colon is expected behind the key",
    "did not find expected key": "a key is expected here, at the depth of those before it",
    "expected <block end>": "a key is expected here, at the depth of those before it",
    "did not find expected '-' indicator": "a dash is expected here, at the depth of those before it",
    "found character that cannot start any token": "nothing may start with this character; put it into quotes",
    "found unexpected end of stream": "a text in quotes doesn't end",
    "found undefined alias": "an alias has no anchor before it",
    "found unknown escape character": "a backslash stands before a character that needs none",
    "exceeded maximum nesting depth": f"is nested too deeply: more than {MOST_DEPTH} levels",
    "found a tab character": "a tab indents here, where only blanks may",
}


@dataclass(slots=True)
class Node:
    """A value: `scalar`, `list` or `map`. `items` of a map are key, value, key, value.

    `style` is the quote of a scalar (or `|`, `>`), the bracket of a container within a line, else empty. `size`
    counts the values in it, those behind aliases as often as they are meant; `mark` says where it is one, or has
    an anchor.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    style: str = ""
    items: list[Node] = field(default_factory=list)
    size: int = 1
    mark: str = ""

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a map."""
        return zip(self.items[::2], self.items[1::2], strict=True)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next in a text: a `document` with its root, that yet lacks what is in it, its `item`s, its `end`."""

    kind: str
    node: Node
    key: Node | None = None


def parse_documents(raw: bytes) -> list[Node]:
    """All documents of a text; raises Broken where it isn't YAML, or more than plain data."""
    found: list[Node] = []
    for step in walk(raw):
        if step.kind == "document":
            found.append(step.node)
        elif step.kind == "item":
            found[-1].items += [step.node] if step.key is None else [step.key, step.node]
            found[-1].size += step.node.size + (0 if step.key is None else 1)
        else:
            found[-1].end = step.node.end
    return found


def walk(raw: bytes) -> Iterator[Step]:
    """Go through a text, of which only an item at a time is in memory; raises as `parse_documents` does."""
    if len(raw) > LARGEST:
        raise Broken(f"is {len(raw) >> 20} MB of YAML, more than the {LARGEST >> 20} MB that can be read", 0)
    if (wrong := CONTROL.search(raw)) or (wrong := PRIVATE_ESCAPE.search(raw)):
        raise Broken("holds a character that YAML doesn't allow", wrong.start())
    text: str = codecs.charmap_decode(raw, "strict", LETTERS)[0]
    done = 0
    for _ in range(MOST_TOLERATED):
        seen = 0
        try:
            # An error may show behind a step that it makes wrong, so each waits for the next.
            for step, _ in pairwise(chain(_Builder(iter(LOADER(text).get_event, None), raw).steps(), (None,))):
                if step is not None and (seen := seen + 1) > done:
                    yield step
                    done = seen
        except yaml.MarkedYAMLError as error:
            text = _tolerate(error, text)
        except yaml.YAMLError as error:
            raise Broken(f"is no YAML: {error}", 0) from None
        else:
            return
    raise Broken("is no YAML: too many signs stand where they may not", 0)


def _tolerate(error: yaml.MarkedYAMLError, text: str) -> str:
    """The text with a sign that YAML doesn't allow as a letter; raises Broken where it is something else."""
    mark: Any = error.problem_mark or error.context_mark
    problem, place = error.problem or error.context or "", mark.index if mark else 0
    if text[place : place + 1] == "\t":
        problem = "found a tab character"
    if not _is_tolerated(problem, text, place):
        raise Broken(_name_problem(problem), place) from None
    return text[:place] + chr(0xE000 + ord(text[place])) + text[place + 1 :]


def _is_tolerated(problem: str, text: str, place: int) -> bool:
    """Whether a sign at a place means itself to programs that are less strict."""
    if problem.startswith("found character that cannot start any token"):
        return text[place : place + 1] in ("@", "`", "%")
    if not problem.startswith("mapping values are not allowed") or text[place : place + 1] != ":":
        return False
    return VALUE_BEFORE.fullmatch(text, text.rfind("\n", 0, place) + 1, place) is not None


def _name_problem(theirs: str) -> str:
    return next((ours for start, ours in PROBLEMS.items() if theirs.startswith(start)), theirs or "is no YAML")


class _Builder:
    """Makes nodes of events; anchors hold within their document."""

    def __init__(self, events: Iterator[Any], raw: bytes) -> None:
        self.events, self.raw = events, raw
        self.anchors: dict[str, Node] = {}
        self.unfolded = 0

    def steps(self) -> Iterator[Step]:
        """The documents, each with the items of its root."""
        for event in self.events:
            if type(event) is yaml.DocumentStartEvent:
                self.anchors, self.unfolded = {}, 0
                root = next(self.events)
                if type(root) in (yaml.SequenceStartEvent, yaml.MappingStartEvent) and root.anchor is None:
                    yield from self.container_steps(root)
                else:
                    node = self.node(root, 0)
                    yield Step("document", node)
                    yield Step("end", node)

    def container_steps(self, event: Any) -> Iterator[Step]:
        head, closing = self.head(event), _closing(event)
        yield Step("document", head)
        end, key = head.start, None
        while type(event := next(self.events)) is not closing:
            node = self.node(event, 1)
            if head.kind == "map" and key is None:
                key = node
            else:
                yield Step("item", node, key)
                key = None
            end = max(node.end, end)
        mark: Any = event.end_mark
        head.end = mark.index if head.style else end
        yield Step("end", head)

    def head(self, event: Any) -> Node:
        """A container without what is in it."""
        start = event.start_mark.index
        if event.tag is not None:
            raise Broken(f"holds the tag {self.text(event.tag, start)}, and nothing is built by tags", start)
        is_map = type(event) is yaml.MappingStartEvent
        style = ("{" if is_map else "[") if event.flow_style else ""
        return Node("map" if is_map else "list", start, start, "", style)

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with an event."""
        if type(event) is SCALAR:
            node = self.scalar(event)
        elif type(event) is yaml.AliasEvent:
            return self.alias(event)
        else:
            node = self.container(event, depth)
        if event.anchor is not None:
            node.mark = "&"
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: Any) -> Node:
        """A text."""
        start: int = event.start_mark.index
        end, text, style = event.end_mark.index, event.value, event.style or ""
        if event.tag is not None:
            raise Broken(f"holds the tag {self.text(event.tag, start)}, and nothing is built by tags", start)
        if text.isascii() and style not in BLOCKS:
            return Node("scalar", start, end, text, style)
        if not text.isascii():
            text = self.text(text, start)
        if style in BLOCKS:  # a block takes in the line ends behind it
            while end > start and self.raw[end - 1 : end] in (b"\n", b"\r", b" ", b""):
                end -= 1
        return Node("scalar", start, end, text, style)

    def container(self, event: Any, depth: int) -> Node:
        """A list or map with all that is in it."""
        node, closing = self.head(event), _closing(event)
        if depth > MOST_DEPTH:
            raise Broken(f"is nested too deeply: more than {MOST_DEPTH} levels", node.start)
        items, scalar, size = node.items, self.scalar, 1
        for inner in self.events:
            kind = type(inner)
            if kind is SCALAR and inner.anchor is None:
                items.append(scalar(inner))
                size += 1
            elif kind is closing:
                break
            else:
                item = self.node(inner, depth + 1)
                items.append(item)
                size += item.size
        node.size = size
        mark: Any = inner.end_mark
        node.end = mark.index if node.style else max(items[-1].end, node.start) if items else node.start
        return node

    def alias(self, event: Any) -> Node:
        """What an alias stands for; counted, as some texts unfold without end."""
        start: int = event.start_mark.index
        known = self.anchors.get(event.anchor)
        if known is None:
            raise Broken("an alias has no anchor before it", start)
        self.unfolded += known.size
        if self.unfolded > MOST_UNFOLDED:
            raise Broken(f"its aliases unfold to more than {MOST_UNFOLDED:,} values", start)
        return Node(known.kind, start, event.end_mark.index, known.text, known.style, known.items, known.size, "*")

    def text(self, text: str, start: int) -> str:
        """A text as UTF-8 has it."""
        text = TOLERATED.sub(lambda sign: chr(ord(sign[0]) - 0xE000), text)
        try:
            return HIGH.sub(lambda run: codecs.charmap_encode(run[0], "strict", BYTES)[0].decode(), text)
        except UnicodeDecodeError:
            raise Broken("is not UTF-8", start) from None


def _closing(event: Any) -> Any:
    return yaml.MappingEndEvent if type(event) is yaml.MappingStartEvent else yaml.SequenceEndEvent


BYTES = codecs.charmap_build(LETTERS)
