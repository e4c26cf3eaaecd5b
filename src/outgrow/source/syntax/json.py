"""JSON files: finds the containers that may hold records, and reads their elements as batches.

The fast way takes a block, cuts it at the last place that looks like the end of a record, and parses
what stands before. What parses is a run of whole values, so the cut is right by proof; where it
doesn't, an earlier cut is tried, and then the exact reader, which goes value by value.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import IO, Any

import orjson

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_exact import read_again, read_exactly
from outgrow.source.syntax.json_outline import behind_comma, outline_json
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken, Window
from outgrow.source.syntax.json_style import detect_style
from outgrow.source.syntax.json_text import encode_elements, separator
from outgrow.source.syntax.outline import Outline, Span

CUTS = {"list": re.compile(rb"\}\s*,\s*(?=\{)"), "map": re.compile(rb"\}\s*,\s*(?=\")")}
BORDERS = {"list": re.compile(rb"\}(\s*,\s*)(?=\{)"), "map": re.compile(rb"\}(\s*,\s*)(?=\")")}
TRIES = 3
MORE = 1 << 20
SPACE = b" \t\r\n"
STARTS = tuple(bytes([byte]) for byte in b'{["-0123456789tfn')
"""What a JSON value starts with."""

name = "json"
suffixes: tuple[str, ...] = (".json", ".js", ".mjs", ".cjs", ".ts", ".jsonp", ".php", ".db", ".txt")
textual = False


def detect(head: bytes) -> bool:
    """Whether the text starts as a JSON list or object does."""
    return re.match(rb"\s*(?:\[\s*[\[{\]\"\d\-tfn]|\{\s*[\"}])", head) is not None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """Find the outermost containers: the root list, or at most `most` members of the root object."""
    return outline_json(stream, start, size, most)


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """The style of a container's elements, from its first 256 KB; of its escapes, from more of it."""
    stream.seek(span.opening)
    raw = stream.read(min(BLOCK, span.closing - span.opening))
    more = stream.read(min(MORE, span.closing - stream.tell()))
    stream.seek(max(stream.tell(), span.closing - BLOCK))
    return detect_style(raw, depth, more, stream.read(max(0, span.closing - stream.tell())))


def border(section: Section) -> re.Pattern[bytes] | None:
    """A comma between a closing brace and what opens the next element."""
    return BORDERS.get(section.kind)


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read a section's elements; raises Broken where the text isn't JSON."""
    window = Window(stream, section.start, section.end)
    if section.kind == "record":
        yield _read_record(window, section)
        return
    position = window.skip_space(section.start)
    while position < section.end:
        batch = _read_fast(window, position, section.kind, section.end)
        if batch is None:
            batch = read_exactly(window, position, section.kind, section.end, position + BLOCK)
        yield batch
        position = behind_comma(window, batch.end, section.end)
    if section.broken:
        raise Broken("the text breaks off", section.end)


def _read_record(window: Window, section: Section) -> Batch:
    """Read the members of one object as one record."""
    start, size = section.start, section.end - section.start
    batch = Batch([], b"", start, section.end, offsets=[start])
    if section.broken:
        read_exactly(window, start, "map", section.end, section.end)
        raise Broken("the text breaks off", section.end)
    if size > LARGEST_RECORD:
        batch.offsets = []
        batch.flaws = [Flaw(start, b"", f"is {size >> 20} MB long, more than the 16 MB that a record may have")]
        return batch
    batch.raw = window.load(start, size)
    whole = Window(io.BytesIO(b"{%b}" % batch.raw), 0, size + 2)
    try:
        inner = read_exactly(whole, 0, "list", size + 2, size + 2)
    except Broken as broken:
        raise Broken(broken.problem, start + broken.offset - 1) from None
    batch.records, batch.doubled = inner.records, inner.doubled
    batch.offsets = [start for _ in inner.records]
    batch.flaws = [Flaw(start + max(0, flaw.offset - 1), batch.raw, flaw.reason) for flaw in inner.flaws]
    return batch


def reread(batch: Batch, section: Section) -> Batch:
    """Read a plain batch again, exactly."""
    exact = read_again(batch.raw, section.kind)
    if exact is None:
        window = Window(io.BytesIO(batch.raw), 0, len(batch.raw))
        exact = read_exactly(window, 0, section.kind, len(batch.raw), len(batch.raw) + 1)
    exact.start, exact.end, exact.raw = batch.start, batch.end, batch.raw
    exact.offsets = [batch.start + offset for offset in exact.offsets or []]
    exact.flaws = [Flaw(batch.start + flaw.offset, flaw.raw, flaw.reason) for flaw in exact.flaws]
    return exact


def _read_fast(window: Window, position: int, kind: str, end: int) -> Batch | None:
    data = window.load(position, BLOCK)
    whole = position + len(data) >= end
    for cut in _guess_cuts(data, kind, whole):
        text = data[:cut]
        try:
            values = orjson.loads(b"[%b]" % text if kind == "list" else b"{%b}" % text)
        except orjson.JSONDecodeError:
            continue
        if kind == "list":
            return Batch(values, text, position, position + cut, plain=True)
        return Batch(list(values.values()), text, position, position + cut, list(values), plain=True)
    return None


def _guess_cuts(data: bytes, kind: str, whole: bool) -> Iterator[int]:
    """Places that look like the end of a record, the last first."""
    if whole:
        yield len(data.rstrip())
    pattern, limit = CUTS[kind], len(data)
    for _ in range(TRIES):
        while (limit := data.rfind(b"}", 0, limit)) > 0:
            if pattern.match(data, limit):
                yield limit + 1
                break


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
    """Read what is whole before a break; the rest becomes a flaw. Returns also where exactly it breaks."""
    if section.kind == "record":
        return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken
    skipped = len(raw) - len(raw.lstrip(b"," + SPACE))
    raw, start = raw[skipped:], start + skipped
    window = Window(io.BytesIO(raw), 0, len(raw))
    batch = Batch([], b"", 0, 0, [] if section.kind == "map" else None, offsets=[])
    position = 0
    try:
        while position < len(raw):
            read_exactly(window, position, section.kind, len(raw), len(raw), batch)
            position = behind_comma(window, batch.end, len(raw))
    except Broken as exact:
        broken = Broken(exact.problem, start + exact.offset)
    tail = raw[batch.end :].lstrip(b"," + SPACE)
    batch.raw = raw[: batch.end]
    batch.start, batch.end = start, start + batch.end
    batch.offsets = [start + offset for offset in batch.offsets or []]
    batch.flaws = [Flaw(start + flaw.offset, flaw.raw, flaw.reason) for flaw in batch.flaws]
    batch.flaws.append(Flaw(broken.offset, tail, broken.problem))
    return batch, broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write a run of elements in a style, without the brackets around them."""
    if section.kind == "record":
        return b"".join(encode_elements(record, style, section.depth) for record in records[:1])
    if keys is None or section.kind == "list":
        return encode_elements(records, style, section.depth)
    if len(set(keys)) == len(keys):
        return encode_elements(dict(zip(keys, records, strict=True)), style, section.depth)
    parts = [encode_elements({key: record}, style, section.depth) for key, record in zip(keys, records, strict=True)]
    return separator(style, section.depth).join(parts)


def between(section: Section, style: Style) -> bytes:
    """What stands between two elements."""
    return separator(style, section.depth)


def around(section: Section, style: Style) -> tuple[bytes, bytes]:
    """What stands between the brackets and the elements of a container that was empty before."""
    if style.indent is None:
        return b"", b""
    line, unit = style.newline.encode(), style.indent.encode()
    return line + unit * section.depth, line + unit * (section.depth - 1)
