"""How other languages write JSON, for the tests: PHP's json_encode, JSON.stringify, Python's json.dump."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
Writer = Callable[[Any], str]


def php(*, slashes: bool = True, unicode: bool = True, pretty: bool = False, objects: bool = False) -> Writer:
    """`json_encode` with or without UNESCAPED_SLASHES, UNESCAPED_UNICODE, PRETTY_PRINT, FORCE_OBJECT."""

    def write(value: Any, depth: int = 0) -> str:
        if isinstance(value, bool) or value is None:
            return json.dumps(value)
        if isinstance(value, float):
            return _php_float(value)
        if isinstance(value, str):
            return '"' + "".join(_php_character(letter, slashes=slashes, unicode=unicode) for letter in value) + '"'
        if isinstance(value, list) and objects:
            value = {str(number): part for number, part in enumerate(value)}
        if not isinstance(value, (dict, list)):
            return str(value)
        if isinstance(value, dict):
            parts = [write(name) + (": " if pretty else ":") + write(part, depth + 1) for name, part in value.items()]
        else:
            parts = [write(part, depth + 1) for part in value]
        first, last = "{}" if isinstance(value, dict) else "[]"
        if not pretty or not parts:
            return first + ",".join(parts) + last
        line = "\n" + "    " * (depth + 1)
        return first + line + ("," + line).join(parts) + line[:-4] + last

    return write


def _php_float(value: float) -> str:
    """With serialize_precision = -1 and without PRESERVE_ZERO_FRACTION: 1.0 is 1, 1e25 is 1.0e+25."""
    number = Decimal(repr(value)).normalize()
    exponent = number.adjusted()
    if -5 <= exponent < 15:
        return f"{number:f}"
    digits = "".join(map(str, number.as_tuple().digits))
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{exponent:+d}"


def _php_character(letter: str, *, slashes: bool, unicode: bool) -> str:
    if letter in SHORT:
        return SHORT[letter]
    if letter == "/":
        return "\\/" if slashes else "/"
    if letter < " " or (letter > "\x7f" and (unicode or letter in "\u2028\u2029")):
        units = letter.encode("utf-16-be").hex()
        return "".join("\\u" + units[place : place + 4] for place in range(0, len(units), 4))
    return letter


def stringify(indent: int | None = None) -> Writer:
    """`JSON.stringify`; its numbers are written like PHP's where they are in the middle range."""

    def write(value: Any) -> str:
        return json.dumps(_whole(value), ensure_ascii=False, indent=indent, separators=(",", ": " if indent else ":"))

    return write


def _whole(value: Any) -> Any:
    """JavaScript has no 1.0: it writes 1."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, dict):
        return {name: _whole(part) for name, part in value.items()}
    return [_whole(part) for part in value] if isinstance(value, list) else value


def python(**options: Any) -> Writer:
    """`json.dump` with its options."""
    return lambda value: json.dumps(value, **options)


WRITERS: dict[str, Writer] = {
    "json_encode": php(),
    "json_encode UNESCAPED_SLASHES": php(slashes=False),
    "json_encode UNESCAPED_UNICODE": php(unicode=False),
    "json_encode UNESCAPED_SLASHES UNESCAPED_UNICODE": php(slashes=False, unicode=False),
    "json_encode PRETTY_PRINT": php(pretty=True),
    "json_encode PRETTY_PRINT UNESCAPED_SLASHES UNESCAPED_UNICODE": php(slashes=False, unicode=False, pretty=True),
    "json_encode FORCE_OBJECT": php(objects=True),
    "json_encode FORCE_OBJECT PRETTY_PRINT": php(objects=True, pretty=True),
    "JSON.stringify": stringify(),
    "JSON.stringify with 2 spaces": stringify(2),
    "json.dump": python(),
    "json.dump indent 2": python(indent=2),
    "json.dump indent 4": python(indent=4),
    "json.dump with tabs": python(indent="\t"),
    "json.dump ensure_ascii False": python(ensure_ascii=False),
    "json.dump indent 4 ensure_ascii False": python(indent=4, ensure_ascii=False),
    "json.dump without spaces": python(separators=(",", ":")),
}
