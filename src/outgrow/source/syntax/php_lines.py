"""Serialized values one behind the other, a line end behind each: what `file_put_contents(.., FILE_APPEND)` leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.encoding import guess_encoding
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import php_serialize
from outgrow.source.syntax.json_scan import BLOCK, Broken
from outgrow.source.syntax.outline import Outline, Span
from outgrow.source.syntax.php_blocks import Take, enter, new_batch, place_batch, read_again, read_blocks
from outgrow.source.syntax.php_serial_outline import refuse_references, whole_text
from outgrow.source.syntax.php_serial_read import Unserializer, skip_value
from outgrow.source.syntax.php_serial_shapes import SerialForm
from outgrow.source.syntax.php_serial_write import serializer_of
from outgrow.source.syntax.php_shapes import Misfit, Shapes
from outgrow.source.syntax.php_values import Kinds

NEXT = re.compile(rb"[ \t]*\r?\n[ \t\r\n]*(?=[aO]:\d+:)|[ \t\r\n]*\Z")
FRESH = re.compile(rb'\n(?=a:\d{1,10}:\{|O:\d{1,4}:")')

name = "php_lines"
suffixes: tuple[str, ...] = (".txt", ".dat", ".data", ".db", ".ser", ".log", ".lst", "")
textual = False


def detect(head: bytes) -> bool:
    """Whether a serialized array or object is followed by a line end and another one."""
    if php_serialize.START.match(head) is None:
        return False
    start = len(head) - len(head.lstrip())
    try:
        end = skip_value(head, start)
    except Broken:
        return False
    return re.match(rb"[ \t]*\r?\n\s*(?:a:\d|O:\d)", head[end : end + 100]) is not None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """The whole file is one container."""
    text = whole_text(stream, size)
    encoding = guess_encoding(text[start : start + BLOCK])
    refuse_references(text, start)
    span = Span("lines", start - 1, size, style=Style(encoding=encoding))
    notes = [] if encoding == "utf-8" else [("info", f"is in {encoding}, by its letters, and is written so again")]
    stream.seek(start)
    raw = stream.read(BLOCK)
    batch = new_batch(Section("lines", 0, 0))
    with suppress(Broken):
        _taker(Section("lines", 0, len(raw)))(raw, len(raw) - len(raw.lstrip()), True, batch)
    return Outline(span, sample=batch.records[:200], notes=notes)  # type: ignore[arg-type]


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """Classes, floats and line ends of the first values."""
    stream.seek(span.opening + 1)
    raw = stream.read(min(BLOCK, span.closing - span.opening - 1))
    style, kinds = span.style or Style(), Kinds(Style())
    batch = new_batch(Section("lines", 0, 0))
    with suppress(Broken):
        _taker(Section("lines", 0, len(raw), style=style), kinds)(raw, 0, True, batch)
    ends = batch.ends or [0]
    newline = "\r\n" if raw[ends[0] : ends[0] + 2] == b"\r\n" else "\n"
    return replace(php_serialize.with_options(style, dict(kinds.learned()), raw), newline=newline)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """A text may hold what looks like the end of a line and a value."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of values; one that isn't whole is a flaw, where the next one can be told."""
    return read_blocks(stream, section, _taker(section))


def _taker(section: Section, kinds: Kinds | None = None) -> Take:
    style = section.style
    reader = Unserializer(kinds or Kinds(style), style.encoding, int(style.option("precision", "0")))

    shapes = Shapes(SerialForm(reader, gap=style.newline.encode())) if kinds is None else None

    def take(data: bytes, position: int, whole: bool, batch: Batch) -> int:
        fast = shapes
        while position < len(data):
            if fast is not None:
                try:
                    position = fast.take(data, position, batch)
                except Misfit:
                    fast = None
            start = position
            reader.flaw, reader.doubled = None, []
            try:
                value, end = reader.value(data, position, 1, "")
                following = _behind(data, end, whole=whole)
            except Broken as broken:
                fresh = FRESH.search(data, max(position, broken.offset))
                if fresh is None or (not whole and "breaks off" in broken.problem):
                    if batch.records or batch.flaws:
                        return start
                    raise
                batch.flaws.append(Flaw(broken.offset, data[start : fresh.start()], broken.problem))
                batch.end, position = fresh.start(), fresh.end()
                continue
            enter(reader, data, (start, end), "", value, batch)
            if fast is not None:
                fast.learn(data[start:end])
            position = following
        return position

    return take


def _behind(data: bytes, end: int, *, whole: bool) -> int:
    """The offset of the next value; raises Broken."""
    following = NEXT.match(data, end)
    if following is None:
        raise Broken("a line end and another value are expected", end)
    if following.end() >= len(data) and not whole:
        raise Broken("the text breaks off", end)
    return following.end()


def reread(batch: Batch, section: Section) -> Batch:
    """Read a batch again, exactly."""
    return read_again(batch, section, _taker(section))


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """What stands behind the last whole value."""
    batch = place_batch(new_batch(Section("lines", 0, 0)), b"", start)
    batch.plain = False
    batch.flaws.append(Flaw(broken.offset, raw[max(0, broken.offset - start) :], broken.problem))
    return batch, broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of values, without the last one's line end."""
    writer, lines = serializer_of(style), []
    try:
        for record in records:
            out: list[bytes] = []
            writer.write(record, "", out, 1)
            lines.append(b"".join(out))
    except RecursionError:
        return b""
    return style.newline.encode().join(lines)


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two values."""
    return style.newline.encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """What stands around the values of a file that had none before."""
    return b"", style.newline.encode()
