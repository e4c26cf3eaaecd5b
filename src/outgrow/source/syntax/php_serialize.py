"""What PHP's serialize() writes: arrays of records, objects, enums. No object is ever made of a class."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section, SectionKind
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import BLOCK, Broken
from outgrow.source.syntax.outline import Outline, Span
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
from outgrow.source.syntax.php_serial_outline import outline_serial
from outgrow.source.syntax.php_serial_read import Unserializer, skip_value
from outgrow.source.syntax.php_serial_shapes import SerialForm
from outgrow.source.syntax.php_serial_write import serializer_of
from outgrow.source.syntax.php_shapes import Misfit, Shapes
from outgrow.source.syntax.php_values import Kinds, has_long_floats, hide_names, section_context, show_name, within

START = re.compile(rb'\s*(?:a:\d{1,10}:\{(?:\}|i:-?\d+;|s:\d+:"|\Z)|O:\d{1,4}:"[^"]*":\d{1,10}:\{)')
FLOAT = re.compile(rb"(?<=d:)-?\d+(?:\.\d+)?(?:E[+-]\d+)?(?=;)")

KINDS: tuple[SectionKind, ...] = ("record", "map")

name = "php_serialize"
suffixes: tuple[str, ...] = (".ser", ".dat", ".data", ".db", ".txt", ".cache", ".sdb", ".php", ".inc", ".serialized")
textual = False


def detect(head: bytes) -> bool:
    """Whether the text starts as an array or an object of PHP does."""
    return START.match(head) is not None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The root container and its first members; raises Broken."""
    return outline_serial(stream, start, size, most)


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """The encoding, how floats are written, and which classes objects have, by the first elements."""
    stream.seek(span.opening + 1)
    raw = stream.read(min(BLOCK, span.closing - span.opening - 1))
    return learn_style(raw, span.style or Style())


def learn_style(raw: bytes, style: Style) -> Style:
    """A style with what the first elements of an array or object tell."""
    options = dict(style.options)
    if "object" in options:
        options["scopes"] = ", ".join(_scopes(raw, style))
    style = replace(style, options=tuple(options.items()))
    for kind in KINDS:  # it isn't known yet which of them it is
        options |= dict(_learn_kinds(raw, Section(kind, 0, len(raw), style=style)))
    return with_options(style, options, raw)


def with_options(style: Style, options: dict[str, str], raw: bytes) -> Style:
    """A style with further options, and how floats are written in a text."""
    options = dict(style.options) | options
    if has_long_floats(FLOAT.findall(raw), ""):
        options["precision"] = "17"
    return replace(style, options=tuple(sorted(options.items())))


def _scopes(raw: bytes, style: Style) -> list[str]:
    """The scopes of an object's members, as in a mark."""
    reader, position, scopes = Unserializer(Kinds(Style()), style.encoding), 0, []
    try:
        while position < len(raw):
            key, position = reader.key(raw, position)
            if key.startswith("\0"):
                scopes.append(" ".join(key[1:].split("\0", 1)))
            position = skip_value(raw, position)
    except Broken:
        pass
    return sorted(scopes)


def _learn_kinds(raw: bytes, section: Section) -> tuple[tuple[str, str], ...]:
    kinds = Kinds(Style())
    with suppress(Broken):
        _taker(section, kinds)(raw, 0, True, new_batch(Section("map", 0, 0)))
    return kinds.learned()


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """Elements can't be told from texts without reading from the start."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read a section's elements; raises Broken where the text is nothing that serialize() writes."""
    if section.kind == "record":
        stream.seek(section.start)
        raw = stream.read(section.end - section.start)
        members = new_batch(Section("map", 0, 0))
        try:
            take_all(_taker(section), raw, members)
        except Broken as broken:
            raise Broken(broken.problem, section.start + broken.offset) from None
        yield one_record(members, raw, section)
    else:
        yield from read_blocks(stream, section, _taker(section))
    if section.broken:
        raise Broken("the text breaks off", section.end)


def _taker(section: Section, kinds: Kinds | None = None) -> Take:
    style = section.style
    reader = Unserializer(kinds or Kinds(style), style.encoding, int(style.option("precision", "0")))
    is_object, context = bool(style.option("object")), section_context(section.kind)
    shapes = Shapes(SerialForm(reader)) if kinds is None and section.kind != "record" and not is_object else None

    def take(data: bytes, position: int, whole: bool, batch: Batch) -> int:  # noqa: ARG001
        fast = shapes
        while position < len(data):
            if fast is not None:
                try:
                    position = fast.take(data, position, batch)
                except Misfit:
                    fast = None
                if position >= len(data):
                    break
            start = position
            reader.flaw, reader.doubled = None, []
            try:
                key, position = reader.key(data, position)
                key = show_name(key) if is_object else key
                first = position
                value, position = reader.value(data, first, 1, within(context, key))
            except Broken:
                if batch.records or batch.flaws:
                    return start
                raise
            enter(reader, data, (start, position), key, value, batch)
            if fast is not None:
                fast.learn(data[first:position])
        return position

    return take


def reread(batch: Batch, section: Section) -> Batch:
    """Read a batch again, exactly."""
    return read_again(batch, section, _taker(section))


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
    """What is whole of a text before it breaks."""
    if section.kind == "record":
        return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken
    return read_rest(raw, start, section, broken, _taker(section))


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write a run of keys and values, without the brackets around them."""
    out: list[bytes] = []
    if section.kind == "record":
        record = records[0] if records else {}
        pairs = list(record.items())
    else:
        pairs = list(zip(keys or [], records, strict=True))
    if style.option("object"):
        hidden = hide_names([key for key, _ in pairs], style.option("scopes"))
        pairs = [(key, value) for key, (_, value) in zip(hidden, pairs, strict=True)]
    try:
        named = bool(style.option("object"))
        serializer_of(style).members(pairs, out, section_context(section.kind), named=named)
    except RecursionError:
        return b""
    return b"".join(out)


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Nothing stands between two elements."""
    return b""


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """Nothing stands around them."""
    return b"", b""
