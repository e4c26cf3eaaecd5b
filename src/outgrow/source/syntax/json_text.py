"""JSON values ↔ text, exactly: number literals, duplicate keys and the writer's style survive."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import Any

import orjson

from outgrow.record import Number
from outgrow.source.style import Style

# The encoder refuses what is nested deeper than 254 levels, and elements stand in one container more.
MOST_DEPTH = 253
MOST_RUNS = 20_000
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
LINE_START = re.compile(rb"\n( *)")
SEPARATORS = re.compile(rb"\xe2\x80[\xa8\xa9]")
BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|\[\s*\]|\{\s*\}|([\[{])|([\]}])', re.DOTALL)
QUOTE = re.compile(rb"\\(.)", re.DOTALL)
ESCAPED = re.compile(rb"\\(?:u([0-9a-f]{4})|.)", re.DOTALL)
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
EXPONENT = re.compile(rb"[\[:,]-?[0-9.]+e")
ESCAPE = re.compile(r'["\\\x00-\x1f]')


class ExactDecoder:
    """Decodes one JSON value; numbers that Python can't write again the same become `Number`.

    `doubled` tells after each call whether an object held a key twice (the last value counts).
    """

    def __init__(self) -> None:
        self.doubled: list[str] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._build,
            parse_float=_read_float,
            parse_int=_read_int,
            parse_constant=_refuse_constant,
        )

    def decode(self, raw: bytes) -> Any:
        """Raises ValueError (with `pos` where it is a syntax error) or RecursionError."""
        self.doubled = []
        return self._decoder.decode(raw.decode("utf-8"))

    def take(self, text: str, start: int) -> tuple[Any, int]:
        """The value that starts at a place of a text, and where it ends; raises as `decode` does."""
        self.doubled = []
        return self._decoder.raw_decode(text, start)

    def _build(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) != len(pairs):
            known: set[str] = set()
            self.doubled += [name for name, _ in pairs if name in known or known.add(name)]  # type: ignore[func-returns-value]
        return built


def _read_int(text: str) -> int | Number:
    return Number(text) if text == "-0" or len(text) > 4_000 else int(text)


def _read_float(text: str) -> float | Number:
    """A float, if the fast encoder writes it with the same letters; Python's own writes 1e-09 for 1e-9."""
    value = float(text)
    return value if isfinite(value) and orjson.dumps(value).decode() == text else Number(text)


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON value")


def measure_depth(raw: bytes) -> int:
    """How many containers that hold something stand within each other; 0 where there are too few to matter."""
    if raw.count(b"[") + raw.count(b"{") <= MOST_DEPTH:
        return 0
    depth = deepest = 0
    for match in BRACKETS.finditer(raw):
        if match.lastindex is not None:
            depth += 1 if match.lastindex == 1 else -1
            deepest = max(deepest, depth)
    return deepest


def encode_elements(values: list[Any] | dict[str, Any], style: Style, depth: int) -> bytes:
    """Write the elements of a list (or members of an object) that stand `depth` containers deep.

    Without the outermost brackets and the white space beside them. Values nested too deeply give nothing.
    """
    if not values:
        return b""
    try:
        if style.outer is None:
            data = _encode_within(values, style, depth)
        else:
            inner = _inner_style(style)
            runs = [{name: value} for name, value in values.items()] if type(values) is dict else [[v] for v in values]
            data = style.outer.encode().join([_encode_within(run, inner, style.level) for run in runs])
    except RecursionError:
        return b""
    return _escape(data, style)


@lru_cache(64)
def _inner_style(style: Style) -> Style:
    return replace(style, outer=None, indent=style.within)


def _encode_within(values: Any, style: Style, depth: int) -> bytes:
    """Elements with what stands between them, without escapes."""
    data = None if style.flat or style.padding or style.list_padding else _encode_fast(values, style)
    if data is None:
        data = _write(values, style, depth - 1, depth + MOST_DEPTH).encode("utf-8", "surrogatepass")
    elif style.indent is not None and (style.indent != "  " or depth != 1):
        data = _indent(data, style.indent.encode(), depth - 1)
    data = data[1:-1]
    if style.indent is None:
        return data.strip(b" \t") if style.padding or style.list_padding else data
    data = data.strip(b" \t\n\r")
    return data if style.newline == "\n" else data.replace(b"\n", style.newline.encode())


def character_of(unit: str) -> str:
    """The character that an escape of four hex digits stands for."""
    return chr(int(unit.removeprefix("\\u"), 16))


def _escape(data: bytes, style: Style) -> bytes:
    """Write as escapes what the style writes so."""
    if style.slash:
        data = data.replace(b"/", b"\\/")
    for place in range(0, len(style.escapes), 6):
        unit = style.escapes[place : place + 6]
        character = character_of(unit)
        data = QUOTE.sub(_escape_quote, data) if character == '"' else data.replace(character.encode(), unit.encode())
    if not data.isascii():
        if style.ascii:
            data = NOT_ASCII.sub(_escape_unicode, data)
        elif style.separators:
            data = SEPARATORS.sub(_escape_unicode, data)
    return ESCAPED.sub(_write_capitals, data) if style.upper else data


def _escape_quote(match: re.Match[bytes]) -> bytes:
    return b"\\u0022" if match.group(1) == b'"' else match.group()


def _write_capitals(match: re.Match[bytes]) -> bytes:
    return match.group() if match.group(1) is None else b"\\u" + match.group(1).upper()


def _encode_fast(values: Any, style: Style) -> bytes | None:
    """Through orjson where it writes such a style, else through the standard library; None for what neither does."""
    usual = (style.item, style.colon) == ((",", ":") if style.indent is None else (",", ": "))
    if style.indent is not None and not usual:
        return None  # the standard library indents no faster than we do
    try:
        option = orjson.OPT_PASSTHROUGH_SUBCLASS | (0 if style.indent is None else orjson.OPT_INDENT_2)
        data = orjson.dumps(values, option=option)
    except TypeError:
        return None
    if usual and (style.indent is not None or not style.ascii or data.isascii()):
        return data
    if EXPONENT.search(data):
        return None  # Python writes 1e-07
    only_ascii = style.ascii and (b"\x7f" not in data or "\\u007f" in style.escapes)
    return json.dumps(values, ensure_ascii=only_ascii, separators=(style.item, style.colon)).encode()


def _indent(data: bytes, unit: bytes, extra: int) -> bytes:
    """Turn steps of two spaces into steps of `unit`, `extra` steps deeper; texts hold no line breaks."""
    cache: dict[bytes, bytes] = {}

    def widen(match: re.Match[bytes]) -> bytes:
        spaces = match.group(1)
        line = cache.get(spaces)
        if line is None:
            line = cache[spaces] = b"\n" + unit * (len(spaces) // 2 + extra)
        return line

    return LINE_START.sub(widen, data)


class _Escapes(dict[bytes, bytes]):
    """The escapes of runs of letters; words come again and again."""

    def __missing__(self, run: bytes) -> bytes:
        if len(self) >= MOST_RUNS:
            self.clear()
        units = run.decode("utf-8", "surrogatepass").encode("utf-16-be", "surrogatepass").hex()
        escaped = self[run] = "".join(["\\u" + units[i : i + 4] for i in range(0, len(units), 4)]).encode()
        return escaped


ESCAPED_RUNS = _Escapes()


def _escape_unicode(match: re.Match[bytes]) -> bytes:
    return ESCAPED_RUNS[match.group()]


def _write(value: Any, style: Style, depth: int, deepest: int, used: int = 0) -> str:
    """Write any value in any style, literals included; the slow way for what the encoders above refuse.

    The value's container stands `depth` deep, and `used` characters stand before it on its line. Raises
    RecursionError beyond `deepest`.
    """
    if depth > deepest:
        raise RecursionError
    if type(value) is dict and value:
        names = [_write_text(str(name)) + style.colon for name in value]
        ahead = len(style.indent or "") * (depth + 1)
        pairs = zip(names, value.values(), strict=True)
        parts = [name + _write(part, style, depth + 1, deepest, ahead + len(name)) for name, part in pairs]
        return _join("{", parts, "}", style, depth, style.padding)
    if type(value) is list and value:
        flat = style.flat and not any(type(part) in (dict, list) and part for part in value)
        ahead = len(style.indent or "") * (depth + 1)
        parts = [_write(part, style, depth + 1, deepest, ahead) for part in value]
        if flat:
            text = "[" + style.list_padding + style.flat_item.join(parts) + style.list_padding + "]"
            if used + len(text) <= style.flat:
                return text
        return _join("[", parts, "]", style, depth, style.list_padding)
    return _write_scalar(value)


def _write_scalar(value: Any) -> str:
    if type(value) is str:
        return _write_text(value)
    if type(value) is Number:
        return str(value)
    return orjson.dumps(value).decode() if type(value) is float else json.dumps(value)


def _write_text(text: str) -> str:
    return '"' + ESCAPE.sub(_escape_character, text) + '"'


def _join(opening: str, parts: list[str], closing: str, style: Style, depth: int, padding: str) -> str:
    if style.indent is None:
        return opening + padding + style.item.join(parts) + padding + closing
    line = "\n" + style.indent * (depth + 1)
    return opening + line + (style.item + line).join(parts) + "\n" + style.indent * depth + closing


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    return SHORT.get(character) or f"\\u{ord(character):04x}"


def separator(style: Style, depth: int) -> bytes:
    """What stands between two elements `depth` containers deep."""
    if style.outer is not None:
        return style.outer.encode()
    if style.indent is None:
        return style.item.encode()
    return (style.item + style.newline + style.indent * depth).encode()


def dump_compact(value: Any) -> str:
    """The shortest text of a value, with its literals, for a JSON column or the ledger."""
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode()
    except TypeError:
        return _write(value, Style(), 0, MOST_DEPTH + 1)
