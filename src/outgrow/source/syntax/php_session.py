"""PHP's session files: names, each with a bar and a serialized value, as session_encode writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import php_serialize
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Member, Outline, Span
from outgrow.source.syntax.php_blocks import enter, new_batch, one_record
from outgrow.source.syntax.php_serial_outline import Finder, whole_text
from outgrow.source.syntax.php_serial_read import Unserializer
from outgrow.source.syntax.php_serial_write import serializer_of
from outgrow.source.syntax.php_values import Kinds, section_context, within

NAME = re.compile(rb"([^|!\s;{}\"][^|;{}\"]{0,200})\|")
START = re.compile(NAME.pattern + rb'(?:i:-?\d+;|a:\d+:\{|s:\d+:"|b:[01];|N;|d:|O:\d+:"|E:\d+:")')
VALUES = ("values", "1")
"""The option of a style whose section stands outside of any serialized value."""

name = "php_session"
suffixes: tuple[str, ...] = ("", ".sess", ".session", ".txt", ".dat")
textual = False


def detect(head: bytes) -> bool:
    """Whether the text starts with a name, a bar and a serialized value."""
    return START.match(head) is not None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The names as members; raises Broken."""
    text = whole_text(stream, size)
    finder = Finder(text, start, size)
    members: list[Member] = []
    position = start
    while position < size and len(members) < most:
        if not text[position : position + 4_096].strip():
            break
        match = NAME.match(text, position)
        if match is None:
            raise Broken("a name and a bar are expected", position)
        key = match[1].decode(finder.encoding, "replace")
        members.append(finder.member(key, position, match.end()))
        position = members[-1].end
    style = Style(encoding=finder.encoding, options=(VALUES,))
    end = members[-1].end if members else start
    return Outline(
        Span("map", start - 1, end, style=style), members=members, partial=len(members) == most, notes=finder.notes()
    )


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """As of what serialize() writes."""
    if span.style is None or VALUES not in span.style.options:
        return php_serialize.style_of(stream, span, depth)
    stream.seek(span.opening + 1)
    raw = stream.read(span.closing - span.opening - 1)
    kinds = Kinds(Style())
    try:
        _members(raw, Section("record", 0, len(raw), style=span.style), kinds)
    except Broken:
        return span.style
    return php_serialize.with_options(span.style, dict(kinds.learned()), raw)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """A session is one record."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read the names and values as one record, or what stands under a name as in any serialized array."""
    if VALUES not in section.style.options:
        yield from php_serialize.read(stream, section)
        return
    stream.seek(section.start)
    raw = stream.read(section.end - section.start)
    try:
        members = _members(raw, section, Kinds(section.style))
    except Broken as broken:
        raise Broken(broken.problem, section.start + broken.offset) from None
    if section.kind == "record":
        yield one_record(members, raw, section)
        return
    members.raw, members.start, members.end, members.plain = raw, section.start, section.start + members.end, False
    members.offsets = [section.start + offset for offset in members.offsets or []]
    members.ends = [section.start + end for end in members.ends or []]
    members.flaws = [Flaw(section.start + flaw.offset, flaw.raw, flaw.reason) for flaw in members.flaws]
    yield members


def _members(raw: bytes, section: Section, kinds: Kinds) -> Batch:
    style = section.style
    reader = Unserializer(kinds, style.encoding, int(style.option("precision", "0")))
    batch, position = new_batch(Section("map", 0, 0)), 0
    while position < len(raw):
        start, match = position, NAME.match(raw, position)
        if match is None:
            raise Broken("a name and a bar are expected", position)
        reader.flaw, reader.doubled = None, []
        key = match[1].decode(style.encoding, "replace")
        context = within(section_context(section.kind), key)
        value, position = reader.value(raw, match.end(), 1, context)
        enter(reader, raw, (start, position), key, value, batch)
    return batch


def reread(batch: Batch, section: Section) -> Batch:
    """Read a batch again, exactly."""
    if VALUES not in section.style.options:
        return php_serialize.reread(batch, section)
    again = _members(batch.raw, section, Kinds(section.style))
    again.raw, again.start, again.end, again.plain = batch.raw, batch.start, batch.end, False
    again.offsets = [batch.start + offset for offset in again.offsets or []]
    again.ends = [batch.start + end for end in again.ends or []]
    again.flaws = [Flaw(batch.start + flaw.offset, flaw.raw, flaw.reason) for flaw in again.flaws]
    return again


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
    """What is whole of a text before it breaks; of names and their values, nothing."""
    if VALUES not in section.style.options:
        return php_serialize.read_whole(raw, start, section, broken)
    return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write names with their values, or keys and values of an array."""
    if VALUES not in style.options:
        return php_serialize.encode(records, keys, section, style)
    record = records[0] if records else {}
    pairs = list(record.items()) if section.kind == "record" else list(zip(keys or [], records, strict=True))
    out: list[bytes] = []
    writer, context = serializer_of(style), section_context(section.kind)
    try:
        for key, value in pairs:
            out.append(key.encode(style.encoding, "surrogatepass" if style.encoding == "utf-8" else "replace") + b"|")
            writer.write(value, within(context, key), out, 1)
    except RecursionError:
        return b""
    return b"".join(out)


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Nothing stands between two values."""
    return b""


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """Nothing stands around them."""
    return b"", b""
