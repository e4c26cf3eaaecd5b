"""Reads JSON elements value by value: exact literals, duplicate keys, places, and what can't be a record."""

from __future__ import annotations

import json
import re

from outgrow.record import Batch, Flaw
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken, Window, expect_comma, skip_string, skip_value
from outgrow.source.syntax.json_text import MOST_DEPTH, ExactDecoder, measure_depth

COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")
KEY = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")[ \t\r\n]*:[ \t\r\n]*', re.DOTALL)
HALF = re.compile(rb"\\u[dD][89a-fA-F]")
SURROGATE = re.compile(r"[\ud800-\udfff]")
HALF_PAIR = "holds half of a surrogate pair, which is no character"
TOO_DEEP = f"is nested too deeply: more than {MOST_DEPTH} levels"
PROBLEMS = {
    "Expecting value": "a value is expected",
    "Expecting ',' delimiter": "a comma is expected",
    "Expecting ':' delimiter": "a colon is expected",
    "Expecting property name enclosed in double quotes": "a key in quotes is expected",
    "Illegal trailing comma before end of object": "a key in quotes is expected behind the comma",
    "Illegal trailing comma before end of array": "a value is expected behind the comma",
    "Unterminated string starting at": "a text in quotes doesn't end",
    "Invalid control character at": "a text in quotes holds a line break or another control character",
    "Invalid \\escape": "a backslash stands before a character that needs none",
    "Invalid \\uXXXX escape": "four hex digits are expected behind \\u",
    "Extra data": "something follows the value",
}


def name_problem(error: ValueError) -> str:
    """What a JSON decoder's error means, in the words of this project."""
    text: str = getattr(error, "msg", str(error))
    return next((ours for theirs, ours in PROBLEMS.items() if text.startswith(theirs)), text)


def place_of_error(error: ValueError, raw: bytes) -> int | None:
    """Where in `raw` its text isn't JSON; None where the error is about a value."""
    place: int | None = getattr(error, "pos", None)
    return None if place is None else len(raw.decode()[:place].encode())


def read_again(raw: bytes, kind: str) -> Batch | None:
    """Read the exact values of a run that is surely whole elements; None where one needs a closer look.

    Twice as fast as `read_exactly`, because the decoder itself finds where each value ends.
    """
    batch = Batch([], raw, 0, len(raw), [] if kind == "map" else None, offsets=[])
    decoder, position, offset, last = ExactDecoder(), 0, 0, 0
    halves = HALF.search(raw) is not None
    try:
        text = raw.decode("utf-8")
        plain = len(text) == len(raw)
        while True:
            start = position
            if batch.keys is not None:
                position = _take_key(text, position, batch.keys)
            value, end = decoder.take(text, position)
            if text.count("[", start, end) + text.count("{", start, end) > MOST_DEPTH:
                return None
            if halves and SURROGATE.search(json.dumps([value, batch.keys and batch.keys[-1]], ensure_ascii=False)):
                return None
            offset += start - last if plain else len(text[last:start].encode())
            batch.offsets.append(offset)  # type: ignore[union-attr]
            if decoder.doubled:
                batch.doubled[len(batch.records)] = decoder.doubled
            batch.records.append(value)
            last, comma = start, COMMA.match(text, end)
            if comma is None:
                return batch if end == len(text) else None
            position = comma.end()
    except (ValueError, RecursionError):
        return None


def _take_key(text: str, position: int, keys: list[str]) -> int:
    """Read a map's key; returns where its value starts, or raises ValueError."""
    match = KEY.match(text, position)
    if match is None:
        raise ValueError
    keys.append(json.loads(match.group(1)))
    return match.end()


def read_exactly(window: Window, position: int, kind: str, end: int, stop: int, batch: Batch | None = None) -> Batch:
    """Read value by value until `stop`; what can't be a record becomes a flaw."""
    start, decoder = position, ExactDecoder()
    if batch is None:
        batch = Batch([], b"", start, start, [] if kind == "map" else None, offsets=[])
        window.keep_from(start)
    before = start
    while position < min(end, stop):
        before = batch.end
        batch.end = _read_element(window, position, kind, decoder, batch)
        if stop <= batch.end or end <= batch.end:
            break
        following = window.skip_space(batch.end)
        if following >= end:
            break
        expect_comma(window, following)
        position = window.skip_space(following + 1)
        if batch.end - start > BLOCK:
            break
    batch.raw = window.text(start, batch.end) if window.base <= start else _read_again(window, start, before)
    return batch


def _read_again(window: Window, start: int, end: int) -> bytes:
    """Text that has left memory, because what follows it is longer than a record may be."""
    window.stream.seek(start)
    raw = window.stream.read(end - start)
    window.stream.seek(window.top)
    return raw


def _read_element(window: Window, first: int, kind: str, decoder: ExactDecoder, batch: Batch) -> int:
    """Read one element into the batch, or note why it can't be a record; returns the offset behind it."""
    key, flaw, start = None, None, first
    if kind == "map":
        key, flaw, start = _read_key(window, first)
    end = skip_value(window, start)
    if flaw is not None:
        batch.flaws.append(Flaw(flaw.offset, window.text(first, end), flaw.reason))
    elif end - first > LARGEST_RECORD:
        reason = f"is {(end - first) >> 20} MB long, more than the 16 MB that a record may have"
        batch.flaws.append(Flaw(first, b"", reason))
    elif _read_value(window, first, start, end, decoder, batch) and key is not None and batch.keys is not None:
        batch.keys.append(key)
    return end


def _read_key(window: Window, position: int) -> tuple[str, Flaw | None, int]:
    """A map's key, what is wrong with it, and where its value starts."""
    if window.byte(position) != b'"':
        raise Broken("a key in quotes is expected", position)
    behind = skip_string(window, position)
    key, flaw, raw = "", None, window.text(position, behind)
    try:
        key = decode_key(raw)
    except UnicodeDecodeError as error:
        flaw = Flaw(position + error.start, b"", "is not UTF-8")
    except ValueError as error:
        place = place_of_error(error, raw)
        if place is not None:
            raise Broken(name_problem(error), position + place) from None
        flaw = Flaw(position, b"", str(error))
    colon = window.skip_space(behind)
    if window.byte(colon) != b":":
        raise Broken("a colon is expected", colon)
    return key, flaw, window.skip_space(colon + 1)


def decode_key(raw: bytes) -> str:
    """The text of a key; raises ValueError."""
    key = str(ExactDecoder().decode(raw))
    if SURROGATE.search(key):
        raise ValueError(HALF_PAIR)
    return key


def _read_value(window: Window, first: int, start: int, end: int, decoder: ExactDecoder, batch: Batch) -> bool:
    """Decode one value into the batch, or note why it can't be a record; says which of them."""
    raw = window.text(start, end)
    try:
        value = decoder.decode(raw)
    except UnicodeDecodeError as error:
        batch.flaws.append(Flaw(start + error.start, raw, "is not UTF-8"))
        return False
    except RecursionError:
        batch.flaws.append(Flaw(first, raw, TOO_DEEP))
        return False
    except ValueError as error:
        place = place_of_error(error, raw)
        if place is not None:
            raise Broken(name_problem(error), start + place) from None
        batch.flaws.append(Flaw(first, raw, str(error)))
        return False
    if reason := refuse_value(value, raw):
        batch.flaws.append(Flaw(first, raw, reason))
        return False
    if decoder.doubled:
        batch.doubled[len(batch.records)] = decoder.doubled
    batch.records.append(value)
    if batch.offsets is not None:
        batch.offsets.append(first)
    return True


def refuse_value(value: object, raw: bytes) -> str | None:
    """Why a value that could be decoded can't be a record all the same."""
    if measure_depth(raw) > MOST_DEPTH:
        return TOO_DEEP
    if b"\\ud" in raw.lower() and SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        return HALF_PAIR
    return None
