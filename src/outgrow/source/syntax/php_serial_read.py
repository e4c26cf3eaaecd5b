"""Reads what PHP's serialize() wrote: every text with its length in bytes, every array with its count.

Nothing is ever made an object of a class: an object is its members (see `php_values`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from outgrow.source.syntax.json_scan import LARGEST_RECORD, Broken
from outgrow.source.syntax.php_values import (
    MARK,
    MOST_DEPTH,
    TOO_DEEP,
    Kinds,
    Unfit,
    make_array,
    read_float,
    show_name,
    within,
)

TOKEN = re.compile(
    rb's:(\d{1,12}):"|i:(-?\d{1,20});|a:(\d{1,10}):\{|(N);|b:([01]);|d:([\d.eE+-]{1,40}|-?INF|NAN);|'
    rb'O:(\d{1,4}):"|E:(\d{1,4}):"|([CS]):(\d{1,10}):"|([Rr]):(\d{1,10});'
)
KEY = re.compile(rb's:(\d{1,12}):"|i:(-?\d{1,20});')
COUNT = re.compile(rb'":(\d{1,10}):\{')
REFERENCE = re.compile(rb"[;{][Rr]:\d+;")
CUSTOM = "is an object that was written by code of its own class (C:), which only that code can read"
REFERS = "refers to another value of the file by its number"


class Unserializer:
    """Reads values of some bytes. `flaw` is why the last one can't be a record; `doubled` keys that came twice."""

    def __init__(self, kinds: Kinds, encoding: str = "utf-8", precision: int = 0) -> None:
        self.kinds = kinds
        self.encoding = encoding
        self.precision = precision
        self.flaw: Unfit | None = None
        self.doubled: list[str] = []
        self.texts: dict[bytes, str] = {}

    def note(self, reason: str, position: int) -> None:
        """Keep the first reason why what is being read can't be a record."""
        if self.flaw is None:
            self.flaw = Unfit(reason, position)

    def value(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        """The value at an offset and where it ends; raises Broken, notes what is unfit."""
        match = TOKEN.match(data, position)
        if match is None:
            raise _misfit(data, position)
        kind, end = match.lastindex, match.end()
        if kind == 1:
            raw, end = take_text(data, end, int(match[1]), b'";')
            try:
                text = raw.decode(self.encoding)
            except UnicodeDecodeError as error:
                self.note(f"is not {self.encoding.upper()}", match.end() + error.start)
                return None, end
            return (self.kinds.text(context, text) if self.kinds.enums else text), end
        if kind == 2:
            return int(match[2]), end
        if kind == 3:
            return self._array(data, end, int(match[3]), depth, context)
        if kind == 4:
            return None, end
        if kind == 5:
            return match[5] == b"1", end
        if kind == 6:
            return self._float(match), end
        return self._rare(data, match, depth, context)

    def _float(self, match: re.Match[bytes]) -> Any:
        try:
            return read_float(match[6].decode(), self.precision)
        except ValueError:
            raise Broken("a number is expected", match.start()) from None

    def _rare(self, data: bytes, match: re.Match[bytes], depth: int, context: str) -> tuple[Any, int]:
        kind, end = match.lastindex, match.end()
        if kind == 7:
            return self._object(data, match, depth, context)
        if kind == 8:
            raw, end = take_text(data, end, int(match[8]), b'";')
            name, _, case = raw.decode("utf-8", "replace").partition(":")
            return self.kinds.case(context, name, case), end
        if kind == 10 and match[9] == b"C":
            _, end = take_text(data, end, int(match[10]), b'":')
            length = re.compile(rb"(\d{1,10}):\{").match(data, end)
            if length is None:
                raise _misfit(data, end)
            self.note(CUSTOM, match.start())
            return None, take_text(data, length.end(), int(length[1]), b"}")[1]
        if kind == 12:
            self.note(f"{REFERS} ({match.group().decode()})", match.start())
            return None, end
        raise _misfit(data, match.start())

    def _array(self, data: bytes, position: int, count: int, depth: int, context: str) -> tuple[Any, int]:
        start = position
        keys, values, end = self.members(data, position, count, depth, context)
        value, doubled = make_array(keys, values)
        self.doubled += doubled
        if type(value) is dict and (self.kinds.usual or MARK in value):
            try:
                value = self.kinds.array(context, value)
            except Unfit as unfit:
                self.note(unfit.reason, start)
        return value, end

    def members(
        self, data: bytes, position: int, count: int, depth: int, context: str | None
    ) -> tuple[list[str], list[Any], int]:
        """So many keys and values, and where the bracket behind them ends; without a context, they are an object's."""
        if depth >= MOST_DEPTH:
            raise Broken(TOO_DEEP, position)
        keys: list[str] = []
        values: list[Any] = []
        for _ in range(count):
            key, position = self.key(data, position)
            value, position = self.value(
                data, position, depth + 1, within(context, key) if context is not None else show_name(key)
            )
            keys.append(key)
            values.append(value)
        if data[position : position + 1] != b"}":
            problem = "an array or object holds more than its count says" if position < len(data) else BREAKS
            raise Broken(problem, position)
        return keys, values, position + 1

    def key(self, data: bytes, position: int) -> tuple[str, int]:
        """The key at an offset, as a text, and where it ends."""
        match = KEY.match(data, position)
        if match is None:
            if data[position : position + 1] == b"}":
                raise Broken("an array or object holds less than its count says", position)
            raise _misfit(data, position)
        if match[2] is not None:
            return match[2].decode(), match.end()
        raw, end = take_text(data, match.end(), int(match[1]), b'";')
        text = self.texts.get(raw)
        if text is None:
            try:
                text = raw.decode(self.encoding)
            except UnicodeDecodeError as error:
                self.note(f"is not {self.encoding.upper()}", match.end() + error.start)
                text = raw.decode("latin-1")
            if len(self.texts) < 5_000:
                self.texts[raw] = text
        return text, end

    def _object(self, data: bytes, match: re.Match[bytes], depth: int, context: str) -> tuple[Any, int]:
        name, count, position = open_object(data, match.end(), int(match[7]))
        keys, values, end = self.members(data, position, count, depth, None)
        try:
            return self.kinds.object(context, name, list(zip(keys, values, strict=True))), end
        except Unfit as unfit:
            self.note(unfit.reason, match.start())
            return None, end


BREAKS = "the text breaks off"


def take_text(data: bytes, start: int, length: int, closing: bytes) -> tuple[bytes, int]:
    """A text of so many bytes, and where what must close it ends; raises Broken."""
    end = start + length
    if length > LARGEST_RECORD:
        raise Broken(f"a text is said to be {length:,} bytes long, more than the 16 MB that a record may have", start)
    behind = end + len(closing)
    if data[end:behind] != closing:
        if behind > len(data):
            raise Broken(BREAKS if end >= len(data) else TEXT_LENGTH, start)
        raise Broken(TEXT_LENGTH, start)
    return data[start:end], behind


TEXT_LENGTH = "a text is not as many bytes long as is said before it"


def open_object(data: bytes, start: int, length: int) -> tuple[str, int, int]:
    """The class of an object, the count of its members, and where these start; raises Broken."""
    match = COUNT.match(data, start + length)
    if match is None:
        raise _misfit(data, start + length)
    try:
        return data[start : start + length].decode("utf-8"), int(match[1]), match.end()
    except UnicodeDecodeError:
        raise Broken("a class whose name is not UTF-8", start) from None


def _misfit(data: bytes, position: int) -> Broken:
    if position >= len(data) - 24 and re.fullmatch(rb'[a-zA-Z]?(?::[-\d.]*:?["{]?)?', data[position:]):
        return Broken(BREAKS, position)
    return Broken("a value as serialize() writes it is expected", position)


SKIP = re.compile(
    rb'(?:i:-?\d{1,20};|N;|b:[01];|d:[^;]{1,40};|[Rr]:\d+;)+|([sE]):(\d{1,12}):"|(O):(\d{1,4}):"|'
    rb'C:\d{1,4}:"[^"]*"(:)(\d{1,10}):\{|a:\d{1,10}:(\{)|(\})'
)
OPENED = re.compile(rb'":\d{1,10}:\{')


def skip_value(data: Any, position: int) -> int:
    """The offset behind the value at an offset, without making anything of it; raises Broken."""
    for match in _tokens(data, position):
        position = match.end()
        if match.lastindex in {2, 6}:
            position = _behind(CLOSED if match.lastindex == 6 else QUOTED, data, position + int(match[match.lastindex]))
    return position


def _tokens(data: Any, position: int) -> Iterator[re.Match[bytes]]:
    """The tokens of a value; of those that say a length, what follows is passed. Raises Broken."""
    depth = 0
    while True:
        match = SKIP.match(data, position)
        if match is None:
            raise Broken(BREAKS if position >= len(data) else "a value as serialize() writes it is expected", position)
        yield match
        index, position = match.lastindex, match.end()
        if index == 2:
            position = _behind(QUOTED, data, position + int(match[2]))
        elif index == 4:
            position = _behind(OPENED, data, position + int(match[4]))
            depth += 1
        elif index == 6:
            position = _behind(CLOSED, data, position + int(match[6]))
        elif index == 7:
            depth += 1
        elif index == 8:
            depth -= 1
        if depth <= 0:
            return


def find_references(data: Any, position: int) -> Iterator[int]:
    """Where values refer to others by their numbers, in a value and what follows it as keys do; raises Broken."""
    for match in _tokens(data, position):
        if match.lastindex is None and (found := re.search(rb"[Rr]:", match.group())):
            yield match.start() + found.start()


QUOTED, CLOSED = re.compile(rb'";'), re.compile(rb"\}")


def _behind(pattern: re.Pattern[bytes], data: Any, position: int) -> int:
    """The offset behind what must stand at an offset; raises Broken."""
    match = pattern.match(data, position)
    if match is None:
        raise Broken(TEXT_LENGTH if position < len(data) else BREAKS, min(position, len(data)))
    return match.end()
