"""Reads PHP's arrays as they stand in its code, value by value. Nothing is run: what needs PHP is refused."""

from __future__ import annotations

import re
from typing import Any

from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_array_skip import skip_expression, skip_gap
from outgrow.source.syntax.php_literals import (
    CONSTANTS,
    LARGEST,
    is_interpolated,
    read_integer,
    unquote_double,
    unquote_single,
)
from outgrow.source.syntax.php_values import (
    MEMBERS,
    MOST_DEPTH,
    TOO_DEEP,
    Kinds,
    Unfit,
    is_index,
    make_array,
    read_float,
    within,
)

SIMPLE = re.compile(
    rb"'([^'\\]*)'|(-?(?:0|[1-9]\d{0,17}))(?![\w.])|\"([^\"\\$]*)\"|(?i:(null)|(true)|(false))(?![\w\\(:\x80-\xff])|"
    rb"(\[|(?i:array)\s*\()"
)
AFTER = re.compile(rb"\s*(?=[,\])]|=>|;)")
SINGLE = re.compile(rb"'([^'\\]*(?:\\.[^'\\]*)*)'", re.DOTALL)
DOUBLE = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"', re.DOTALL)
HEREDOC = re.compile(rb"<<<[ \t]*(['\"]?)([A-Za-z_]\w*)\1\r?\n(?:(.*?)\r?\n)??([ \t]*)\2\b", re.DOTALL)
NUMBER = re.compile(
    rb"([+-]?)\s*((?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?))"
)
CAST = re.compile(rb"\(\s*(object|array|string|int|integer|float|double|bool|boolean)\s*\)\s*", re.IGNORECASE)
NAME = re.compile(rb"\\?[A-Za-z_\x80-\xff][\w\x80-\xff]*(?:\\[A-Za-z_\x80-\xff][\w\x80-\xff]*)*")
STATE = re.compile(rb"::\s*__set_state\s*\(", re.IGNORECASE)
MEMBER = re.compile(rb"::\s*([A-Za-z_\x80-\xff][\w\x80-\xff]*)(?!\s*\()")
ARRAY = re.compile(rb"\[|array\s*\(", re.IGNORECASE)
ARROW = re.compile(rb"\s*=>\s*")
VARIABLE = re.compile(rb"\$([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*=\s*")
MINUS_INF = re.compile(rb"-\s*INF\b")
MINUS_ONE = re.compile(rb"-\s*1(?![\w.])")
NO_CONTEXT = "\ud800"
"""What no key can be, so that nothing is usual under it."""
NEEDS_PHP = "which only PHP can work out; write its value there instead"


class Reader:
    """Reads values of some bytes. `flaw` is what was refused last, with its place; `doubled` keys that came twice."""

    def __init__(self, kinds: Kinds, encoding: str = "utf-8", precision: int = 0) -> None:
        self.kinds = kinds
        self.encoding = encoding
        self.precision = precision
        self.flaw: Unfit | None = None
        self.doubled: list[str] = []

    def value(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        """The value of the expression at an offset, and where it ends; raises Broken, notes what is unfit."""
        match = SIMPLE.match(data, position)
        if match is not None and match.lastindex is not None:
            if match.lastindex == 7:
                value, end = self.array(data, match.end(), b"]" if match.group() == b"[" else b")", depth, context)
            else:
                value, end = self._simple(match, context), match.end()
            if AFTER.match(data, end):
                return value, end
        return self._careful(data, position, depth, context)

    def _simple(self, match: re.Match[bytes], context: str) -> Any:
        index = match.lastindex
        if index == 2:
            return int(match.group(2))
        if index in (1, 3):
            return self._text(match.group(index), match.start(), context)
        return None if index == 4 else index == 5

    def _text(self, raw: bytes, position: int, context: str) -> Any:
        try:
            text = raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            self.note(Unfit(f"is not {self.encoding.upper()}", position + error.start))
            return None
        return self.kinds.text(context, text) if self.kinds.enums else text

    def note(self, unfit: Unfit) -> None:
        """Keep the first reason why what is being read can't be a record."""
        if self.flaw is None:
            self.flaw = unfit

    def _careful(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        """An expression that is more than a literal, or none that can be read without PHP."""
        try:
            value, end = self._joined(data, position, depth, context)
        except Unfit as unfit:
            self.note(unfit)
            return None, skip_expression(data, position)
        following = skip_gap(data, end)
        if data[following : following + 1] in (b",", b"]", b")", b";", b"") or data.startswith(b"=>", following):
            return value, end
        self.note(Unfit(f"holds an expression, {NEEDS_PHP}", position))
        return None, skip_expression(data, position)

    def _joined(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        """A value, or several texts that dots join; `int - 1` is how PHP writes its smallest number."""
        value, end = self._one(data, position, depth, context)
        joined: list[str] = []
        while True:
            following = skip_gap(data, end)
            mark = data[following : following + 1]
            if mark == b"-" and value == -LARGEST and MINUS_ONE.match(data, following):
                value, end = value - 1, data.index(b"1", following) + 1
            elif mark == b"." and data[following : following + 2] != b".=":
                if not joined:
                    joined.append(_as_text(self._one(data, position, depth, NO_CONTEXT)[0], position))
                more, end = self._one(data, skip_gap(data, following + 1), depth, NO_CONTEXT)
                joined.append(_as_text(more, following))
            else:
                return (self.kinds.text(context, "".join(joined)) if joined else value), end

    def _one(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        first = data[position : position + 1]
        if first in (b"'", b'"'):
            return self._quoted(data, position, context)
        if first == b"<" and (match := HEREDOC.match(data, position)):
            return self._heredoc(match, position, context), match.end()
        if match := ARRAY.match(data, position):
            return self.array(data, match.end(), b"]" if match.group() == b"[" else b")", depth, context)
        if first == b"(":
            return self._in_brackets(data, position, depth, context)
        if (first.isdigit() or first in b"+-.") and (match := NUMBER.match(data, position)):
            return self._number(match, position), match.end()
        if match := NAME.match(data, position):
            return self._named(data, match, depth, context)
        return self._unreadable(first, data, position)

    def _unreadable(self, first: bytes, data: bytes, position: int) -> tuple[Any, int]:
        """What is none of the values above; raises Broken or Unfit."""
        if match := MINUS_INF.match(data, position):
            return read_float("-INF", 0), match.end()
        if not first:
            raise Broken("the text breaks off", position)
        if first in b",;)]}":
            raise Broken("a value is expected", position)
        what = "a variable" if first == b"$" else "an expression"
        raise Unfit(f"holds {what}, {NEEDS_PHP}", position)

    def _quoted(self, data: bytes, position: int, context: str) -> tuple[Any, int]:
        if match := SINGLE.match(data, position):
            return self._text(unquote_single(match.group(1)), position, context), match.end()
        if match := DOUBLE.match(data, position):
            return self._double(match.group(1), position, context), match.end()
        raise Broken("a text in quotes doesn't end", position)

    def _double(self, raw: bytes, position: int, context: str) -> Any:
        if is_interpolated(raw):
            raise Unfit(f"holds a text with a variable in it, {NEEDS_PHP}", position)
        try:
            return self._text(unquote_double(raw), position, context)
        except ValueError as error:
            raise Unfit(str(error), position) from None

    def _heredoc(self, match: re.Match[bytes], position: int, context: str) -> Any:
        quote, _, body, indent = match.groups()
        body = body or b""
        if indent:
            lines = body.split(b"\n")
            if any(line.strip() and not line.startswith(indent) for line in lines):
                raise Broken("a line of a text is indented less than its end", position)
            body = b"\n".join(line[len(indent) :] for line in lines)
        if quote == b"'":
            return self._text(body, position, context)
        if is_interpolated(body):
            raise Unfit(f"holds a text with a variable in it, {NEEDS_PHP}", position)
        try:
            return self._text(unquote_double(body, heredoc=True), position, context)
        except ValueError as error:
            raise Unfit(str(error), position) from None

    def _number(self, match: re.Match[bytes], position: int) -> Any:
        sign, digits = match.groups()
        whole = read_integer(digits)
        if whole is not None:
            value = -whole if sign == b"-" else whole
            return value if abs(value) <= LARGEST else read_float(repr(float(value)), self.precision, ".0")
        text = digits.replace(b"_", b"").decode()
        try:
            return read_float(("-" if sign == b"-" else "") + text, self.precision, ".0")
        except ValueError:
            raise Broken("a number is expected", position) from None

    def _in_brackets(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        if match := CAST.match(data, position):
            position, inner = match.start(), skip_gap(data, match.end())
            array = ARRAY.match(data, inner)
            if match.group(1).lower() == b"object" and array is not None:
                return self._object(data, "stdClass", array, depth, context)
            value, end = self._one(data, inner, depth, context)
            return self._cast(match.group(1).lower().decode(), value, position), end
        value, end = self._joined(data, skip_gap(data, position + 1), depth, context)
        following = skip_gap(data, end)
        if data[following : following + 1] != b")":
            raise Unfit(f"holds an expression, {NEEDS_PHP}", position)
        return value, following + 1

    def _cast(self, kind: str, value: Any, position: int) -> Any:
        if kind == "array" and type(value) in (dict, list):
            return value
        if kind == "string" and type(value) in (str, int):
            return str(value)
        if kind in ("int", "integer") and type(value) in (int, bool):
            return int(value)
        if kind in ("float", "double") and type(value) in (int, float):
            return float(value)
        if kind in ("bool", "boolean") and type(value) in (int, bool):
            return bool(value)
        raise Unfit(f"holds a cast to {kind}, {NEEDS_PHP}", position)

    def _named(self, data: bytes, match: re.Match[bytes], depth: int, context: str) -> tuple[Any, int]:
        name, end = match.group().decode("utf-8", "replace"), match.end()
        if state := STATE.match(data, end):
            return self._state(data, name, skip_gap(data, state.end()), depth, context)
        if member := MEMBER.match(data, end):
            case = member.group(1).decode("utf-8", "replace")
            if case.lower() == "class":
                return name.removeprefix("\\"), member.end()
            return self.kinds.case(context, name, case), member.end()
        if re.match(rb"\s*(?:::\s*\w+\s*)?\(", data[end : end + 200]):
            raise Unfit(f"calls a function, {name}(), {NEEDS_PHP}", match.start())
        known = name.removeprefix("\\")
        if known.lower() in ("null", "true", "false"):
            return CONSTANTS[known.lower()], end
        if known in CONSTANTS:
            return CONSTANTS[known], end
        if known in ("NAN", "INF"):
            return read_float(known, 0), end
        raise Unfit(f"holds {name}, {NEEDS_PHP}", match.start())

    def _state(self, data: bytes, name: str, position: int, depth: int, context: str) -> tuple[Any, int]:
        """An object, as var_export writes it."""
        match = ARRAY.match(data, position)
        if match is None:
            raise Unfit(f"calls a function, {name}::__set_state(), {NEEDS_PHP}", position)
        value, end = self._object(data, name, match, depth, context)
        following = skip_gap(data, end)
        if data[following : following + 1] == b",":
            following = skip_gap(data, following + 1)
        if data[following : following + 1] != b")":
            raise Broken("a closing bracket is expected", following)
        return value, following + 1

    def _object(
        self, data: bytes, name: str, opened: re.Match[bytes], depth: int, context: str
    ) -> tuple[dict[str, Any], int]:
        """An object of the members of an array."""
        closing = b"]" if opened.group() == b"[" else b")"
        keys, values, end = self.elements(data, opened.end(), closing, depth, MEMBERS)
        try:
            return self.kinds.object(context, name, list(zip(keys, values, strict=True))), end
        except Unfit as unfit:
            raise Unfit(unfit.reason, opened.start()) from None

    def array(self, data: bytes, position: int, closing: bytes, depth: int, context: str) -> tuple[Any, int]:
        """The array whose elements start at an offset."""
        keys, values, end = self.elements(data, position, closing, depth, context)
        value, doubled = make_array(keys, values)
        self.doubled += doubled
        if type(value) is dict and (self.kinds.usual or "php:class" in value):
            try:
                value = self.kinds.array(context, value)
            except Unfit as unfit:
                self.note(Unfit(unfit.reason, position))
        return value, end

    def elements(
        self, data: bytes, position: int, closing: bytes, depth: int, context: str = ""
    ) -> tuple[list[str], list[Any], int]:
        """The keys and values of an array, and where it ends."""
        if depth >= MOST_DEPTH:
            raise Broken(TOO_DEEP, position)
        keys: list[str] = []
        values: list[Any] = []
        following = 0
        while True:
            position = skip_gap(data, position)
            if data[position : position + 1] == closing:
                return keys, values, position + 1
            key, value, position, following = self.element(data, position, depth + 1, following, context)
            keys.append(key)
            values.append(value)
            position = skip_gap(data, position)
            mark = data[position : position + 1]
            if mark == b",":
                position += 1
            elif mark != closing:
                raise Broken("a comma is expected" if mark else "the text breaks off", position)

    def element(
        self, data: bytes, position: int, depth: int, following: int, context: str | None
    ) -> tuple[str, Any, int, int]:
        """The key and value of an element, where it ends, and the number that the next without a key would get."""
        if data[position : position + 1] in (b"&", b".") and (
            data[position : position + 1] == b"&" or data.startswith(b"...", position)
        ):
            self.note(Unfit(f"holds a reference or another array's elements, {NEEDS_PHP}", position))
            return str(following), None, skip_expression(data, position), following + 1
        match = KEYED.match(data, position)
        if match is not None:
            key = self._key(match, position)
            start = match.end()
            if data[start : start + 1] in (b"/", b"#"):
                start = skip_gap(data, start)
            value, end = self.value(data, start, depth, within(context, key))
        else:
            flaw = self.flaw
            value, end = self.value(data, position, depth, context or "")
            arrow = skip_gap(data, end)
            if data[arrow : arrow + 2] != b"=>":
                return str(following), value, end, following + 1
            self.flaw = flaw
            key = self._as_key(data, position, depth)
            value, end = self.value(data, skip_gap(data, arrow + 2), depth, within(context, key))
        if is_index(key):
            following = max(following, int(key) + 1)
        return key, value, end, following

    def _as_key(self, data: bytes, position: int, depth: int) -> str:
        """What PHP makes of an expression as a key."""
        value, _ = self.value(data, position, depth, NO_CONTEXT)
        if type(value) in (str, int, bool):
            return str(int(value)) if type(value) is bool else str(value)
        if value is None:
            return ""
        if type(value) is float and abs(value) < LARGEST:
            return str(int(value))
        self.note(Unfit("holds a key that can be none", position))
        return ""

    def variable(
        self, data: bytes, position: int, depth: int, following: int, context: str | None
    ) -> tuple[str, Any, int, int]:
        """The name and value of a variable that is assigned, as `element` has it."""
        del context
        match = VARIABLE.match(data, position)
        if match is None:
            raise Broken("a variable is expected", position)
        key = match.group(1).decode("utf-8", "replace")
        value, end = self.value(data, skip_gap(data, match.end()), depth, key)
        return key, value, end, following

    def _key(self, match: re.Match[bytes], position: int) -> str:
        raw = match.group(1)
        if raw is None:
            return str(int(match.group(2)))
        try:
            return raw.decode(self.encoding)
        except UnicodeDecodeError as error:
            self.note(Unfit(f"is not {self.encoding.upper()}", position + error.start))
            return raw.decode("latin-1")


KEYED = re.compile(rb"(?:'([^'\\]*)'|(-?(?:0|[1-9]\d{0,17})))\s*=>\s*")


def _as_text(value: Any, position: int) -> str:
    if type(value) is str:
        return value
    if type(value) is int:
        return str(value)
    raise Unfit(f"joins what are no texts, {NEEDS_PHP}", position)
