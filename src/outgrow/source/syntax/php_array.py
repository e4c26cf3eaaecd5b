"""Arrays in PHP's code: `<?php return [...];`, as var_export writes them and as people do. Read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import BLOCK, Broken
from outgrow.source.syntax.outline import Outline, Span
from outgrow.source.syntax.php_array_outline import outline_array, starts_as_data
from outgrow.source.syntax.php_array_read import KEYED, Reader
from outgrow.source.syntax.php_array_shapes import ArrayForm
from outgrow.source.syntax.php_array_skip import skip_gap
from outgrow.source.syntax.php_array_style import guess_style
from outgrow.source.syntax.php_array_write import separator, writer_of
from outgrow.source.syntax.php_blocks import (
    Take,
    enter,
    new_batch,
    one_record,
    read_again,
    read_blocks,
    read_rest,
    take_all,
)
from outgrow.source.syntax.php_shapes import Misfit, Shapes
from outgrow.source.syntax.php_values import Kinds, is_index, section_context

name = "php_array"
suffixes: tuple[str, ...] = (".php", ".inc", ".phps")
textual = False


def detect(head: bytes) -> bool:
    """Whether the code returns or assigns a literal before it does anything else."""
    return starts_as_data(head)


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The array that is returned or assigned; raises Broken, and NeedsPhp for scripts."""
    return outline_array(stream, start, size, most)


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """The style of a container's first elements."""
    first = span.opening + 1
    stream.seek(max(0, first - 4_096))
    before = stream.read(first - max(0, first - 4_096))
    raw = stream.read(min(BLOCK, span.closing - first))
    return guess_style(before, raw, depth, span.style or Style(), whole=first + len(raw) >= span.closing)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """Elements can't be told from texts without reading from the start."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read a section's elements; raises Broken where the text is no PHP."""
    if section.kind == "record":
        stream.seek(section.start)
        raw = stream.read(section.end - section.start)
        yield _read_record(raw, section)
    else:
        yield from read_blocks(stream, section, _taker(section))
    if section.broken:
        raise Broken("the text breaks off", section.end)


def _reader(section: Section) -> Reader:
    style = section.style
    return Reader(Kinds(style), style.encoding, int(style.option("precision", "0")))


def _taker(section: Section) -> Take:
    reader = _reader(section)
    assigned = bool(section.style.option("assigned"))
    read = reader.variable if assigned else reader.element
    context = section_context(section.kind)
    shapes = None
    if section.kind in ("list", "map") and not assigned:
        gap = separator(section.style, section.depth).encode()
        shapes = Shapes(ArrayForm(reader, gap, keyed=section.kind == "map"))

    def take(data: bytes, position: int, whole: bool, batch: Batch) -> int:
        following, fast = 0, shapes
        while position < len(data):
            try:
                if fast is not None:
                    first = len(batch.records)
                    position = fast.take(data, position, batch)
                    following = _count_on(following, (batch.keys or [])[first:])
            except Misfit:
                fast = None
            try:
                start = position
                reader.flaw, reader.doubled = None, []
                key, value, end, following = read(data, position, 1, following, context)
                position = _behind(data, end, whole, assigned=assigned)
            except Broken:
                if batch.records or batch.flaws:
                    return start
                raise
            except RecursionError:
                raise Broken("is nested too deeply", start) from None
            enter(reader, data, (start, end), key, value, batch)
            if fast is not None:
                keyed = KEYED.match(data, start)
                fast.learn(data[keyed.end() if keyed else start : end])
        return position

    return take


def _count_on(following: int, keys: list[str]) -> int:
    """The number that an element without a key would get behind some keys."""
    return max([following, *(int(key) + 1 for key in keys if is_index(key))])


def _behind(data: bytes, end: int, whole: bool, *, assigned: bool) -> int:
    """The offset of the next element; raises Broken where none can follow."""
    position = skip_gap(data, end)
    if position >= len(data):
        if whole:
            return position
        raise Broken("the text breaks off", end)
    if data[position : position + 1] != (b";" if assigned else b","):
        raise Broken("a semicolon is expected" if assigned else "a comma is expected", position)
    following = skip_gap(data, position + 1)
    if following >= len(data) and not whole:
        raise Broken("the text breaks off", end)
    return following


def _read_record(raw: bytes, section: Section) -> Batch:
    """Read the members of one array as one record."""
    members = new_batch(Section("map", 0, 0))
    try:
        take_all(_taker(section), raw, members)
    except Broken as broken:
        raise Broken(broken.problem, section.start + broken.offset) from None
    return one_record(members, raw, section)


def reread(batch: Batch, section: Section) -> Batch:
    """Read a plain batch again, exactly."""
    return read_again(batch, section, _taker(section))


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
    """What is whole of a text before it breaks."""
    if section.kind == "record":
        return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken
    skipped = len(raw) - len(raw.lstrip(b", \t\r\n"))
    return read_rest(raw[skipped:], start + skipped, section, broken, _taker(section))


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write a run of elements in a style, without the brackets around them."""
    if section.kind == "record":
        record = records[0] if records else {}
        keys, records = list(record), list(record.values())
    if section.kind == "list":
        keys = None
    writer = writer_of(style)
    try:
        text = separator(style, section.depth).join(
            writer.elements(keys, records, section.depth, section_context(section.kind))
        )
    except RecursionError:
        return b""
    return text.encode(style.encoding, "surrogatepass" if style.encoding == "utf-8" else "replace")


def between(section: Section, style: Style) -> bytes:
    """What stands between two elements."""
    return separator(style, section.depth).encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:
    """What stands between the brackets and the elements of a container that was empty before."""
    if style.indent is None:
        return b"", b""
    line, unit = style.newline.encode(), style.indent.encode()
    return line + unit * section.depth, line + unit * (section.depth - 1)
