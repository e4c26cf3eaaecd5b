"""JSON files: finds the containers that may hold records, and reads their elements as batches.

The fast way takes a block, cuts it at the last place that looks like the end of a record, and parses
what stands before. What parses is a run of whole values, so the cut is right by proof; where it
doesn't, an earlier cut is tried, and then the exact reader, which goes value by value.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import IO, Any

import orjson

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken, Window, skip_string, skip_value
from outgrow.source.syntax.json_text import ExactDecoder, detect_style, encode_elements, separator
from outgrow.source.syntax.outline import Member, Outline, Span

CUTS = {"list": re.compile(rb"\}\s*,\s*(?=\{)"), "map": re.compile(rb"\}\s*,\s*(?=\")")}
BORDERS = {"list": re.compile(rb"\}(\s*,\s*)(?=\{)"), "map": re.compile(rb"\}(\s*,\s*)(?=\")")}
TRIES = 3
MOST_MEMBERS = 200
SAMPLE = 65_536
TAIL = re.compile(rb"([\]}])\s*(?:\?>\s*)?\Z")
SURROGATE = re.compile(r"[\ud800-\udfff]")

name = "json"
suffixes = (".json", ".js", ".php", ".db", ".txt")
textual = False


def detect(head: bytes) -> bool:
    """Whether the text starts as a JSON list or object does."""
    return re.match(rb"\s*(?:\[\s*[\[{\]\"\d\-tfn]|\{\s*[\"}])", head) is not None


def outline(stream: IO[bytes], start: int, size: int) -> Outline:
    """Find the outermost containers: the root list, or the members of the root object."""
    window = Window(stream, start, size)
    opening = window.skip_space(start)
    kind = "list" if window.byte(opening) == b"[" else "map"
    stream.seek(max(start, size - 4_096))
    tail = TAIL.search(stream.read())
    broken = tail is None or tail.group(1) != (b"]" if kind == "list" else b"}")
    closing = size if tail is None else size - len(tail.group())
    stream.seek(window.top)
    root = Span(kind, opening, size if broken else closing, broken=broken)
    if kind == "list":
        return Outline(root, sample=_sample(stream, root, size))
    members: list[Member] = []
    try:
        _outline_members(window, root, size, members)
    except Broken as problem:
        return Outline(root, members=members, problem=problem)
    return Outline(root, members=members)


def _outline_members(window: Window, root: Span, size: int, members: list[Member]) -> None:
    """Collect the first members of the root object, each with a sample of what its value holds."""
    position = window.skip_space(root.opening + 1)
    if window.byte(position) == b"}":
        return
    while len(members) < MOST_MEMBERS:
        start = window.skip_space(position)
        if window.byte(start) != b'"':
            raise Broken("a key in quotes is expected", start)
        behind_key = skip_string(window, start)
        key = _decode_key(window.text(start, behind_key))
        colon = window.skip_space(behind_key)
        if window.byte(colon) != b":":
            raise Broken("a colon is expected", colon)
        opening = window.skip_space(colon + 1)
        members.append(_outline_member(window, key, start, opening, size))
        position = window.skip_space(members[-1].end)
        if window.byte(position) == b"}":
            return
        if window.byte(position) != b",":
            raise Broken("the text breaks off" if position >= size else "a comma is expected", position)
        position += 1


def _outline_member(window: Window, key: str, start: int, opening: int, size: int) -> Member:
    first = window.byte(opening)
    if first not in (b"{", b"["):
        end = skip_value(window, opening)
        return Member(key, start, end, None, [ExactDecoder().decode(window.text(opening, end))])
    kind = "list" if first == b"[" else "map"
    broken = False
    try:
        end = skip_value(window, opening, forget=True)
    except Broken:
        end, broken = size, True
    span = Span(kind, opening, end if broken else end - 1, broken=broken)
    sample = _sample(window.stream, span, size)
    window.stream.seek(window.top)
    return Member(key, start, end, span, sample)


def _decode_key(raw: bytes) -> str:
    try:
        key = ExactDecoder().decode(raw)
    except ValueError:
        return raw.decode("utf-8", "replace")
    return SURROGATE.sub("\ufffd", str(key))


def _sample(stream: IO[bytes], span: Span, size: int) -> list[Any]:
    """Some elements of a container; for a map, pairs of key and value."""
    end = min(span.closing, span.opening + 1 + SAMPLE)
    window = Window(stream, span.opening + 1, size)
    sample: list[Any] = []
    position = window.skip_space(span.opening + 1)
    try:
        while position < end and len(sample) < MOST_MEMBERS:
            batch = _read_exactly(window, position, span.kind, end, position + 1)
            sample += zip(batch.keys, batch.records, strict=True) if batch.keys is not None else batch.records
            position = _behind_comma(window, batch.end, span.closing)
    except Broken:
        pass
    return sample


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """The style of a container's elements, from its first 256 KB."""
    stream.seek(span.opening)
    return detect_style(stream.read(min(BLOCK, span.closing - span.opening)), depth)


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
            batch = _read_exactly(window, position, section.kind, section.end, position + BLOCK)
        yield batch
        position = _behind_comma(window, batch.end, section.end)


def _read_record(window: Window, section: Section) -> Batch:
    """Read the members of one object as one record."""
    raw = window.load(section.start, LARGEST_RECORD + 1)
    batch = Batch([], raw, section.start, section.end, offsets=[])
    inner = _read_exactly(Window(io.BytesIO(b"{%b}" % raw), 0, len(raw) + 2), 0, "list", len(raw) + 2, len(raw) + 2)
    if section.broken:
        raise Broken("the text breaks off", section.end)
    batch.records, batch.doubled = inner.records, inner.doubled
    batch.offsets = [section.start]
    batch.flaws = [Flaw(section.start + max(0, flaw.offset - 1), raw, flaw.reason) for flaw in inner.flaws]
    return batch


def reread(batch: Batch, section: Section) -> Batch:
    """Read a plain batch again, exactly."""
    window = Window(io.BytesIO(batch.raw), 0, len(batch.raw))
    exact = _read_exactly(window, 0, section.kind, len(batch.raw), len(batch.raw) + 1)
    exact.start, exact.end, exact.raw = batch.start, batch.end, batch.raw
    exact.offsets = [batch.start + offset for offset in exact.offsets or []]
    exact.flaws = [Flaw(batch.start + flaw.offset, flaw.raw, flaw.reason) for flaw in exact.flaws]
    return exact


def _behind_comma(window: Window, offset: int, end: int) -> int:
    """The offset of the next element, or `end`; raises Broken where neither a comma nor the end stands."""
    position = window.skip_space(offset)
    if position >= end:
        return end
    if window.byte(position) != b",":
        raise Broken("a comma is expected", position)
    following = window.skip_space(position + 1)
    if following >= end:
        raise Broken("a value is expected behind the comma", position)
    return following


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
    raw = raw[len(raw) - len(raw.lstrip(b", \t\r\n")) :] if section.kind != "record" else b""
    skipped = section.end - start - len(raw) if section.end - start <= LARGEST_RECORD else 0
    start = start + skipped if section.kind != "record" else start
    window = Window(io.BytesIO(raw), 0, len(raw))
    batch = Batch([], b"", 0, 0, [] if section.kind == "map" else None, offsets=[])
    position = 0
    try:
        while position < len(raw):
            _read_exactly(window, position, section.kind, len(raw), len(raw), batch)
            position = _behind_comma(window, batch.end, len(raw))
    except Broken as exact:
        broken = Broken(exact.problem, start + exact.offset)
    tail = raw[batch.end :].lstrip(b", \t\r\n")
    batch.start, batch.end = start, start + batch.end
    batch.raw = raw[: batch.end - start]
    batch.offsets = [start + offset for offset in batch.offsets or []]
    batch.flaws = [Flaw(start + flaw.offset, flaw.raw, flaw.reason) for flaw in batch.flaws]
    batch.flaws.append(Flaw(broken.offset, tail[:LARGEST_RECORD], broken.problem))
    return batch, broken


def _read_exactly(window: Window, position: int, kind: str, end: int, stop: int, batch: Batch | None = None) -> Batch:
    """Read value by value until `stop`; what can't be a record becomes a flaw."""
    start, decoder = position, ExactDecoder()
    if batch is None:
        batch = Batch([], b"", start, start, [] if kind == "map" else None, offsets=[])
        window.keep_from(start)
    records, keys = batch.records, batch.keys if batch.keys is not None else []
    while position < min(end, stop):
        first = position
        if kind == "map":
            position = _read_key(window, position, keys)
        behind = skip_value(window, position)
        _read_value(window, first, position, behind, decoder, batch)
        if kind == "map" and len(keys) > len(records):
            keys.pop()
        batch.end = behind
        if stop <= behind or end <= behind:
            break
        following = window.skip_space(behind)
        if following >= end:
            break
        if window.byte(following) != b",":
            raise Broken("a comma is expected", following)
        next_position = window.skip_space(following + 1)
        if next_position >= min(end, stop) or behind - start > BLOCK:
            break
        position = next_position
    batch.raw = window.text(start, batch.end) if window.base <= start else b""
    return batch


def _read_key(window: Window, position: int, keys: list[str]) -> int:
    if window.byte(position) != b'"':
        raise Broken("a key in quotes is expected", position)
    behind = skip_string(window, position)
    keys.append(_decode_key(window.text(position, behind)))
    colon = window.skip_space(behind)
    if window.byte(colon) != b":":
        raise Broken("a colon is expected", colon)
    return window.skip_space(colon + 1)


def _read_value(window: Window, first: int, start: int, end: int, decoder: ExactDecoder, batch: Batch) -> None:
    """Decode one value into the batch, or note why it can't be a record."""
    if end - start > LARGEST_RECORD:
        batch.flaws.append(Flaw(first, b"", f"is {(end - start) >> 20} MB long, more than the 16 MB a record may have"))
        return
    raw = window.text(start, end)
    try:
        value = decoder.decode(raw)
    except UnicodeDecodeError as error:
        batch.flaws.append(Flaw(start + error.start, raw, "is not UTF-8"))
    except RecursionError:
        batch.flaws.append(Flaw(start, raw[:1_000], "is nested too deeply"))
    except ValueError as error:
        place = getattr(error, "pos", None)
        if place is not None:
            raise Broken(getattr(error, "msg", str(error)), start + len(raw.decode()[:place].encode())) from None
        batch.flaws.append(Flaw(start, raw, str(error)))
    else:
        if b"\\ud" in raw.lower() and SURROGATE.search(json.dumps(value, ensure_ascii=False)):
            batch.flaws.append(Flaw(start, raw, "holds half of a surrogate pair, which is no character"))
            return
        if decoder.doubled:
            batch.doubled[len(batch.records)] = decoder.doubled
        batch.records.append(value)
        if batch.offsets is not None:
            batch.offsets.append(first)


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
    unit = style.indent.encode()
    return b"\n" + unit * section.depth, b"\n" + unit * (section.depth - 1)
