"""XML files: elements of one name that are records, or a file that is one.

Attributes are fields that begin with `@`; the text of an element that has them too is its field `#text`. Elements
that come several times are a list. Every value is a text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Outline, Span
from outgrow.source.syntax.xml_nodes import Element, parse_xml
from outgrow.source.syntax.xml_text import find_options, write_element

SAMPLE = 20
AT_ONCE = 1_000
DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.\-]+)")
NO_DATA = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+(?:html|svg)|<(?:html|svg)\b)", re.DOTALL | re.IGNORECASE
)

name = "xml"
suffixes: tuple[str, ...] = (".xml", ".rss", ".atom")
textual = True


def detect(head: bytes) -> bool:
    """Whether an element or a declaration comes first, and it is no page and no drawing."""
    return head.lstrip().startswith(b"<") and NO_DATA.match(head) is None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """The run of alike elements that hold others; else the file is one record."""
    root = _parse(_load(stream, start, size), start)
    kept = Span("kept", start - 1, size, empty=True)
    if _is_mixed(root, 0):
        return Outline(kept, notes=[("info", "has text between its elements, so no records; it makes no table")])
    run = _find_run(root)
    if run:
        return Outline(Span("list", run[0].start - 1, run[-1].end), sample=[value_of(each) for each in run[:SAMPLE]])
    value = value_of(root)
    if not isinstance(value, dict):
        return Outline(kept)
    return Outline(Span("record", root.start - 1, root.end), sample=[value])


def _is_mixed(element: Element, depth: int) -> bool:
    return element.mixed or any(_is_mixed(child, depth + 1) for child in element.children)


def _find_run(root: Element) -> list[Element]:
    """The longest run of neighbours of one name that hold elements or attributes, nearest to the root."""
    level = [root]
    while level:
        runs = [run for element in level for run in _runs(element)]
        if runs and len(best := max(runs, key=len)) > 1:
            return best
        level = [child for element in level for child in element.children]
    return []


def _runs(element: Element) -> Iterator[list[Element]]:
    run: list[Element] = []
    for child in element.children:
        if run and run[0].tag != child.tag:
            yield run
            run = []
        if child.children or child.attributes:
            run.append(child)
    if run:
        yield run


def value_of(element: Element) -> Any:
    """An element's value: a text, or a map of its attributes and elements."""
    if not element.children and not element.attributes:
        return element.text
    values: dict[str, Any] = {f"@{key}": text for key, text in element.attributes.items()}
    counts = Counter(child.tag for child in element.children)
    for child in element.children:
        value = value_of(child)
        if counts[child.tag] > 1:
            values.setdefault(child.tag, []).append(value)
        else:
            values[child.tag] = value
    if not element.children and element.text:
        values["#text"] = element.text
    return values


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """Indentation, CDATA and empty elements, as the elements have them."""
    begin = max(0, span.opening + 1 - 4_096)
    stream.seek(begin)
    before = stream.read(span.opening + 1 - begin)
    raw = _load(stream, span.opening + 1, span.closing)
    elements = _parse(b"<_>" + raw + b"</_>", span.opening - 2).children
    column = before[before.rfind(b"\n") + 1 :]
    options = find_options(elements, b"<_>" + raw, column.decode() if not column.strip() else "")
    return Style(indent="", newline="\r\n" if b"\r\n" in raw else "\n", options=options)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001
    """An element's end can't be told without its start."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """The elements of a section."""
    raw = _load(stream, section.start, section.end)
    elements = _parse(b"<_>" + raw + b"</_>", section.start - 3).children
    for place in range(0, len(elements), AT_ONCE):
        run = elements[place : place + AT_ONCE]
        start, end = run[0].start - 3, run[-1].end - 3
        batch = Batch([value_of(each) for each in run], raw[start:end], section.start + start, section.start + end)
        batch.offsets = [section.start + each.start - 3 for each in run]
        batch.ends = [section.start + each.end - 3 for each in run]
        yield batch


def reread(batch: Batch, section: Section) -> Batch:  # noqa: ARG001
    """A run of elements again."""
    elements = _parse(b"<_>" + batch.raw + b"</_>", batch.start - 3).children
    again = Batch([value_of(each) for each in elements], batch.raw, batch.start, batch.end)
    again.offsets = [batch.start + each.start - 3 for each in elements]
    again.ends = [batch.start + each.end - 3 for each in elements]
    return again


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """A text that breaks holds nothing that is whole for sure."""
    return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of elements."""
    texts = [write_element(style.option("tag", "item"), record, style) for record in records]
    return between(section, style).join(text.encode("utf-8", "replace") for text in texts)


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two elements."""
    return style.option("between").encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """Where there was no element, there is no place for one."""
    return b"", b""


def _parse(raw: bytes, start: int) -> Element:
    try:
        return parse_xml(raw)
    except Broken as broken:
        raise Broken(broken.problem, max(0, start + broken.offset)) from None


def _load(stream: IO[bytes], start: int, end: int) -> bytes:
    stream.seek(start)
    raw = stream.read(end - start)
    declared = DECLARED.match(raw)
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise Broken(f"is XML in {declared[1].decode()}, and only UTF-8 is read", start)
    return raw
