"""YAML files: a list or map of records, several collections, one record, or a document for each record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Member, Outline, Span
from outgrow.source.syntax.yaml_form import Form, column_of, find_form
from outgrow.source.syntax.yaml_nodes import LARGEST, Node, Step, walk
from outgrow.source.syntax.yaml_text import ITEM, write_items, write_map, write_pair
from outgrow.source.syntax.yaml_values import key_of, value_of

SAMPLE = 20
AT_ONCE = 1_000
ALIKE = 0.4
SHOWS = 300
"""So many elements show how all are written."""
SMALL = 1 << 20
"""Sections of this size are one batch, with the comments between their records."""
MARKS = re.compile(rb"(?:^|[\s\[{,])[&*][^\s*&]", re.MULTILINE)
"""What may be an anchor or an alias."""
EXPLICIT = re.compile(rb"^[ ]*(?:- +)*\?(?:[ \t\r\n]|\Z)", re.MULTILINE)
"""A key that is marked as one."""

name = "yaml"
suffixes: tuple[str, ...] = (".yaml", ".yml")
textual = False


@dataclass(frozen=True)
class _Piece:
    """An element with all of its text: a list's from the dash on, a map's from the key on."""

    start: int
    end: int
    node: Node
    key: Node | None = None


def detect(head: bytes) -> bool:  # noqa: ARG001 (one signature for all syntaxes)
    """Whether the text may be YAML: nearly any may."""
    return True


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The root container with its members, or the documents."""
    raw = _load(stream, start, size)
    try:
        return _outline(raw, start, most)
    except Broken as broken:
        raise Broken(broken.problem, start + broken.offset) from None


@dataclass
class _Sight:
    """What was seen of a text: its documents with something in them, and the first items of the first one's root."""

    roots: list[Node] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    sample: list[Any] = field(default_factory=list)
    count: int = 0


def _look(raw: bytes, start: int, most: int) -> _Sight:
    sight, whole = _Sight(), MARKS.search(raw) is not None
    for step in walk(raw):
        if step.kind == "end" and (step.node.text or step.node.end > step.node.start):
            sight.roots.append(step.node)
        elif step.kind == "item" and not sight.roots:
            sight.count += 1
            if step.key is not None and len(sight.members) <= most:
                sight.members.append(_member(step.key, step.node, start, whole=whole))
            if sight.count <= SAMPLE:
                sight.sample.append(value_of(step.node, []))
    return sight


def _outline(raw: bytes, start: int, most: int) -> Outline:
    kept = Span("kept", start - 1, start + len(raw), empty=True)
    sight = _look(raw, start, most)
    if not sight.roots:
        return Outline(kept)
    root, last = sight.roots[0], sight.roots[-1]
    if EXPLICIT.search(raw) or (root is last and not _stands_alone(root, sight.count, raw)):
        return Outline(kept, notes=[("info", "is YAML of a kind that can't be cut into records; it makes no table")])
    if root is not last:
        if any(node.kind != "map" or node.style for node in sight.roots):
            return Outline(kept, notes=[("info", "holds documents that are no maps; it makes no table")])
        names = [member.key for member in sight.members]
        span = Span("lines", start + root.start - 1, start + last.end)
        return Outline(span, sample=[dict(zip(names, sight.sample, strict=False))])
    span = Span(root.kind, start + root.start - 1, start + root.end, empty=not sight.count)
    if root.kind == "scalar":
        return Outline(replace(span, kind="value"))
    if root.style and sight.count:
        if root.kind == "list":
            return Outline(kept, notes=[("info", "is a list within a line; it makes no table")])
        names = [member.key for member in sight.members]
        return Outline(replace(span, kind="record"), sample=[dict(zip(names, sight.sample, strict=False))])
    if root.kind == "list":
        return Outline(span, sample=sight.sample)
    if MARKS.search(raw) and _are_alike(sight.sample):
        return Outline(span)  # a map of records: without members, nothing else can be made of it
    return Outline(span, members=sight.members[:most], partial=len(sight.members) > most)


def _are_alike(values: list[Any]) -> bool:
    """Whether values are records of one kind; a text with aliases can only be read as a whole."""
    if len(values) < 2 or not all(isinstance(value, dict) and value for value in values):
        return False
    shares = [len(set(one) & set(other)) / min(len(one), len(other)) for one, other in pairwise(values)]
    return sum(shares) / len(shares) >= ALIKE


def _stands_alone(root: Node, count: int, raw: bytes) -> bool:
    """Whether the root's text is the same without what stands around it, as it will be read."""
    if not raw[root.end :].strip() and not raw[: root.start].strip():
        return True
    text = b" " * column_of(raw, root.start) + raw[root.start : root.end] + b"\n"
    steps = Counter(step.kind for step in walk(text))
    return steps["document"] == 1 and steps["item"] == count


def _member(key: Node, value: Node, start: int, *, whole: bool) -> Member:
    """A member of the root map; within a line, or with aliases about, its value is no container of records."""
    text, begin, end = key_of(key), start + key.start, start + max(value.end, key.end + 1)
    if value.kind == "scalar" or (value.items and (value.style or whole)):
        return Member(text, begin, end, None, [value_of(value, [])])
    span = Span(value.kind, start + value.start - 1, start + value.end, empty=not value.items)
    if value.kind == "list":
        return Member(text, begin, end, span, [value_of(item, []) for item in value.items[:SAMPLE]])
    pairs = list(value.pairs())[:SAMPLE]
    return Member(text, begin, end, span, [(key_of(inner), value_of(each, [])) for inner, each in pairs])


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """How the elements of a container are written, whatever of them turns out to be a record."""
    begin = max(0, span.opening + 1 - 4_096)
    stream.seek(begin)
    line = stream.read(span.opening + 1 - begin).rpartition(b"\n")[2]
    column = 0 if line.strip() else len(line)  # a byte order mark is no column
    raw = _load(stream, span.opening + 1, span.closing)
    text = b" " * column + raw
    nodes = list(_first_documents(text))
    roots = [("", node) for node in nodes]
    if span.kind == "list":
        roots = [(ITEM, item) for item in nodes[0].items]
    elif span.kind == "map":
        roots += [(ITEM, value) for _, value in nodes[0].pairs()]
    form = replace(find_form(nodes, roots, text), column=column)
    if span.kind in ("list", "map") and nodes:
        pieces = list(_pieces(_steps_of(nodes[0]), text, column))
        form = replace(form, lines=_common_lines(pieces, text))
    options = form.to_options()
    return Style(indent="  ", newline="\r\n" if b"\r\n" in raw else "\n", options=options)


def _first_documents(text: bytes) -> Iterator[Node]:
    """The documents with the first of their items."""
    seen = 0
    for step in walk(text):
        if step.kind == "document":
            if seen > SHOWS:
                return
            root = step.node
        elif step.kind == "item":
            seen += 1
            root.items += [step.node] if step.key is None else [step.key, step.node]
            if seen > (SHOWS if step.key is None else 3 * SHOWS):
                yield root
                return
        elif step.kind == "end":
            root.end = step.node.end
            yield root


def _steps_of(root: Node) -> Iterator[Step]:
    if root.kind == "map":
        return (Step("item", value, key) for key, value in root.pairs())
    return (Step("item", item) for item in root.items)


def _common_lines(pieces: Sequence[_Piece], text: bytes) -> int:
    """How many line breaks stand between two elements, mostly."""
    gaps = [text[one.end : other.start] for one, other in pairwise(pieces)]
    counts = Counter(gap.count(b"\n") for gap in gaps if not gap.strip())
    return max(1, counts.most_common(1)[0][0]) if counts else 1


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001
    """Where a border is can't be told without what stands before it."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """The elements of a section; what breaks, breaks it as a whole."""
    yield from _read(_load(stream, section.start, section.end), section.start, section)


def _read(raw: bytes, start: int, section: Section) -> Iterator[Batch]:
    column = Form.of(section.style).column
    text, shift = b" " * column + raw + b"\n", start - column
    at_once = None if len(raw) <= SMALL or MARKS.search(raw) else AT_ONCE
    try:
        pieces = _find_pieces(text, section.kind, column)
        while run := list(islice(pieces, at_once)):
            yield _make_batch(run, text, shift, section.kind)
    except Broken as broken:
        raise Broken(broken.problem, shift + broken.offset) from None


def _find_pieces(text: bytes, kind: str, column: int) -> Iterator[_Piece]:
    if kind in ("list", "map"):
        return _pieces((step for step in walk(text) if step.kind == "item"), text, column)
    return (_Piece(node.start, node.end, node) for node in _documents(text) if node.items)


def _documents(text: bytes) -> Iterator[Node]:
    """The documents of a text, of which only one at a time is in memory."""
    root: Node | None = None
    for step in walk(text):
        if step.kind == "document":
            root = step.node
        elif root is not None and step.kind == "item":
            root.items += [step.node] if step.key is None else [step.key, step.node]
        elif root is not None:
            root.end = step.node.end
            yield root


def _pieces(steps: Iterator[Step], text: bytes, column: int) -> Iterator[_Piece]:
    """The elements of a list or map."""
    before = 0
    for step in steps:
        if step.key is not None:
            yield _Piece(step.key.start, max(step.node.end, step.key.end + 1), step.node, step.key)
        else:
            dash = _find_dash(text, step.node.start, before, column)
            before = max(step.node.end, dash + 1)
            yield _Piece(dash, before, step.node)


def _find_dash(text: bytes, start: int, before: int, column: int) -> int:
    """Where the dash of an element is: in the list's column, on the element's line or above it."""
    line = text.rfind(b"\n", 0, start) + 1
    while line > before and text[line + column : line + column + 1] != b"-":
        line = text.rfind(b"\n", 0, line - 1) + 1
    return line + column


def _make_batch(pieces: Sequence[_Piece], text: bytes, shift: int, kind: str) -> Batch:
    start, end = pieces[0].start, pieces[-1].end
    batch = Batch([], text[start:end], start + shift, end + shift, offsets=[], ends=[])
    batch.keys = [key_of(piece.key) for piece in pieces if piece.key] if kind == "map" else None
    for number, piece in enumerate(pieces):
        doubled: list[str] = []
        batch.records.append(value_of(piece.node, doubled))
        if doubled:
            batch.doubled[number] = doubled
    batch.offsets = [piece.start + shift for piece in pieces]
    batch.ends = [piece.end + shift for piece in pieces]
    return batch


def reread(batch: Batch, section: Section) -> Batch:
    """A run of elements again."""
    whole = replace(section, start=batch.start, end=batch.end)
    found = list(_read(batch.raw, batch.start, whole))
    if len(found) == 1:
        return found[0]
    again = Batch([], batch.raw, batch.start, batch.end, offsets=[], ends=[])
    again.keys = [] if section.kind == "map" else None
    for part in found:
        for number, doubled in part.doubled.items():
            again.doubled[number + len(again.records)] = doubled
        again.records += part.records
        again.offsets = [*(again.offsets or []), *(part.offsets or [])]
        again.ends = [*(again.ends or []), *(part.ends or [])]
        again.keys = [*(again.keys or []), *(part.keys or [])] if again.keys is not None else None
    return again


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """A text that breaks holds nothing that is whole for sure."""
    return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write a run of elements, without the first one's indentation."""
    if section.kind == "list":
        texts = write_items(records, style)
    elif section.kind == "map" and keys is not None:
        texts = [write_pair(key, record, style) for key, record in zip(keys, records, strict=True)]
    else:
        texts = [write_map(record, style).lstrip(" \r\n") for record in records]
    return between(section, style).join(text.encode("utf-8", "surrogatepass") for text in texts)


def between(section: Section, style: Style) -> bytes:
    """What stands between two elements."""
    line, form = style.newline, Form.of(style)
    if section.kind == "lines":
        return f"{line}---{line}".encode()
    return (line * form.lines + " " * form.column).encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """A container that was empty before has no place for elements."""
    return b"", b""


def _load(stream: IO[bytes], start: int, end: int) -> bytes:
    if end - start > LARGEST:
        raise Broken(f"is {(end - start) >> 20} MB of YAML, more than the {LARGEST >> 20} MB that can be read", start)
    stream.seek(start)
    return stream.read(end - start)
