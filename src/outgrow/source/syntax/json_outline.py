"""Finds the containers of a JSON file that may hold records: the root list, or the members of the root object."""

from __future__ import annotations

import re
from typing import IO, Any

from outgrow.source.syntax.json_exact import decode_key, name_problem, place_of_error, read_exactly
from outgrow.source.syntax.json_scan import Broken, Window, expect_comma, skip_string, skip_value
from outgrow.source.syntax.json_text import ExactDecoder
from outgrow.source.syntax.outline import Member, Outline, Span

LARGEST_SAMPLE = 200
SAMPLE = 65_536
TAIL = re.compile(rb"([\]}])\s*(?:\?>\s*)?\Z")
WRAPPED_TAIL = re.compile(rb"([\]}])\s*(?:\*/\s*)?(?:\)\s*)?(?:as\s+const\s*)?(?:;\s*)?(?:\?>\s*)?\Z")
CLOSING = {"list": b"]", "map": b"}"}
SPACE = b" \t\r\n"


def outline_json(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The root container, with at most `most` of its members."""
    window = Window(stream, start, size)
    opening = window.skip_space(start)
    if window.byte(opening) not in (b"[", b"{"):
        return _outline_value(window, opening, size)
    kind = "list" if window.byte(opening) == b"[" else "map"
    closing = _find_closing(stream, start, size, kind)
    stream.seek(window.top)
    broken = closing is None or closing <= opening
    end = size if closing is None or broken else closing
    root = Span(kind, opening, end, broken, not broken and window.skip_space(opening + 1) == end)
    if kind == "list":
        return Outline(root, sample=_sample(stream, root, size))
    members: list[Member] = []
    problem = None
    try:
        _outline_members(window, root, size, members, most)
    except Broken as found:
        problem = found
    return Outline(root, members=members, problem=problem, partial=len(members) == most)


def _outline_value(window: Window, start: int, size: int) -> Outline:
    """The outline of a file that is one plain value; raises Broken where it is none, or where something follows."""
    batch = read_exactly(window, start, "list", size, start + 1)
    if batch.flaws:
        raise Broken(batch.flaws[0].reason, batch.flaws[0].offset)
    following = window.skip_space(batch.end)
    if following < size and window.load(following, 8).strip(SPACE) != b"?>":
        raise Broken("something follows the value", following)
    return Outline(Span("value", start, batch.end), sample=batch.records)


def _find_closing(stream: IO[bytes], start: int, size: int, kind: str) -> int | None:
    """The offset of the bracket that ends the file, but for white space and the end of what it is wrapped in."""
    position, tail = size, b""
    stream.seek(0)
    wrapped = re.search(rb"<\?php|[=(]\s*\Z|default\s*\Z", stream.read(start)) is not None
    while position > start and not tail.strip(SPACE):
        step = max(start, position - 4_096)
        stream.seek(step)
        tail = stream.read(position - step) + tail[:4_096]
        position = step
    match = (WRAPPED_TAIL if wrapped else TAIL).search(tail)
    return position + match.start() if match and match.group(1) == CLOSING[kind] else None


def _is_empty(window: Window, opening: int, kind: str) -> bool:
    """Whether nothing stands in a container."""
    return window.byte(window.skip_space(opening + 1)) == CLOSING[kind]


def _outline_members(window: Window, root: Span, size: int, members: list[Member], most: int) -> None:
    """Collect the first members of the root object, each with a sample of what its value holds."""
    position = window.skip_space(root.opening + 1)
    if window.byte(position) == b"}":
        _check_end(window, position, root)
        return
    while len(members) < most:
        start = window.skip_space(position)
        if window.byte(start) != b'"':
            raise Broken("a key in quotes is expected", start)
        behind_key = skip_string(window, start)
        key = _read_name(window.text(start, behind_key))
        colon = window.skip_space(behind_key)
        if window.byte(colon) != b":":
            raise Broken("a colon is expected", colon)
        opening = window.skip_space(colon + 1)
        members.append(_outline_member(window, key, start, opening, size))
        position = window.skip_space(members[-1].end)
        if window.byte(position) == b"}":
            _check_end(window, position, root)
            return
        expect_comma(window, position)
        position += 1


def _check_end(window: Window, position: int, root: Span) -> None:
    if root.broken or position != root.closing:
        problem = "something follows the object; a file with a value per line should be named .ndjson or .jsonl"
        raise Broken(problem, window.skip_space(position + 1))


def _outline_member(window: Window, key: str, start: int, opening: int, size: int) -> Member:
    first = window.byte(opening)
    if first not in (b"{", b"["):
        end = skip_value(window, opening)
        return Member(key, start, end, None, [_read_scalar(window.text(opening, end), opening)])
    kind = "list" if first == b"[" else "map"
    empty = _is_empty(window, opening, kind)
    broken = False
    try:
        end = skip_value(window, opening, forget=True)
    except Broken:
        end, broken = size, True
    span = Span(kind, opening, end if broken else end - 1, broken, empty)
    sample = _sample(window.stream, span, size)
    window.stream.seek(window.top)
    return Member(key, start, end, span, sample)


def _read_name(raw: bytes) -> str:
    """A member's key, readable at any rate: the file's own bytes stay in its literals."""
    try:
        return decode_key(raw)
    except ValueError:
        return raw[1:-1].decode("utf-8", "replace")


def _read_scalar(raw: bytes, offset: int) -> Any:
    """A scalar's value; None for what the reader will set aside. Raises Broken."""
    try:
        return ExactDecoder().decode(raw)
    except UnicodeDecodeError:
        return None
    except ValueError as error:
        place = place_of_error(error, raw)
        if place is not None:
            raise Broken(name_problem(error), offset + place) from None
        return None


def _sample(stream: IO[bytes], span: Span, size: int) -> list[Any]:
    """Some elements of a container; for a map, pairs of key and value."""
    end = min(span.closing, span.opening + 1 + SAMPLE)
    window = Window(stream, span.opening + 1, size)
    sample: list[Any] = []
    try:
        position = window.skip_space(span.opening + 1)
        while position < end and len(sample) < LARGEST_SAMPLE:
            batch = read_exactly(window, position, span.kind, end, position + 1)
            sample += zip(batch.keys, batch.records, strict=True) if batch.keys is not None else batch.records
            position = behind_comma(window, batch.end, span.closing)
    except Broken:
        pass
    return sample


def behind_comma(window: Window, offset: int, end: int) -> int:
    """The offset of the next element, or `end`; raises Broken where neither a comma nor the end stands."""
    position = window.skip_space(offset)
    if position >= end:
        return end
    expect_comma(window, position)
    following = window.skip_space(position + 1)
    if following >= end:
        raise Broken("a value is expected behind the comma", position)
    return following
