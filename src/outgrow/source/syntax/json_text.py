"""JSON values ↔ text, exactly: number literals, duplicate keys and the writer's style survive."""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import Any

import orjson

from outgrow.record import Number
from outgrow.source.style import Style

# The encoder refuses what is nested deeper than 254 levels, and elements stand in one container more.
MOST_DEPTH = 253
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
LINE_START = re.compile(rb"\n( *)")
SEPARATORS = re.compile(rb"\xe2\x80[\xa8\xa9]")
BRACKETS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|\[\s*\]|\{\s*\}|([\[{])|([\]}])', re.DOTALL)
LEADING = re.compile(rb"\s*")
STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
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


def detect_style(raw: bytes, depth: int) -> Style:
    """Guess the style from the text of a container, opening bracket first, whose elements stand `depth` deep."""
    inner = LEADING.match(raw, 1)
    gap = inner.group() if inner else b""
    signs = STRING.sub(b'""', raw)  # colons and commas within texts tell nothing
    colon = re.search(rb'"(\s*:\s*)', signs)
    comma = re.search(rb'[0-9"el\]}](,[ ]?)(?=["\d\[{tfn-])', signs)
    indent = None
    if b"\n" in gap:
        spaces = gap[gap.rfind(b"\n") + 1 :].decode("ascii", "replace")
        indent = spaces[: max(1, len(spaces) // depth)]
    return Style(
        indent=indent,
        item="," if indent is not None or not comma else comma.group(1).decode(),
        colon=colon.group(1).decode("ascii", "replace") if colon else ":" if indent is None else ": ",
        slash=b"\\/" in raw,
        ascii=raw.isascii() and re.search(rb"\\u(?!00[01]|2028|2029)[0-9a-fA-F]{4}", raw) is not None,
        separators=re.search(rb"\\u202[89]", raw) is not None,
    )


def encode_elements(values: list[Any] | dict[str, Any], style: Style, depth: int) -> bytes:
    """Write the elements of a list (or members of an object) that stand `depth` containers deep.

    Without the outermost brackets and the white space beside them. Values nested too deeply give nothing.
    """
    if not values:
        return b""
    try:
        data = _encode(values, style)
    except RecursionError:
        return b""
    if style.indent is not None:
        if style.indent != "  " or depth > 1:
            data = _indent(data, style.indent.encode(), depth - 1)
        data = data[1:-1].strip(b" \t\n\r")
    else:
        data = data[1:-1]
    if style.slash:
        data = data.replace(b"/", b"\\/")
    if not data.isascii():
        if style.ascii:
            data = NOT_ASCII.sub(_escape_unicode, data)
        elif style.separators:
            data = SEPARATORS.sub(_escape_unicode, data)
    return data


def _encode(values: Any, style: Style) -> bytes:
    try:
        return _encode_fast(values, style)
    except TypeError:
        return _encode_exactly(values, style).encode("utf-8", "surrogatepass")


def _encode_fast(values: Any, style: Style) -> bytes:
    """Through orjson where it writes such a style, else through the standard library; no escapes yet."""
    if style.indent is None and style.item == "," and style.colon == ":":
        return orjson.dumps(values, option=orjson.OPT_PASSTHROUGH_SUBCLASS)
    if style.indent is not None and style.colon == ": ":
        return orjson.dumps(values, option=orjson.OPT_INDENT_2 | orjson.OPT_PASSTHROUGH_SUBCLASS)
    if _holds_number(values):
        raise TypeError
    indent = 2 if style.indent is not None else None
    return json.dumps(values, ensure_ascii=False, indent=indent, separators=(style.item, style.colon)).encode()


def _holds_number(value: Any, depth: int = 0) -> bool:
    """Whether a literal is among the values that only we can write; raises RecursionError beyond our depth."""
    if depth > MOST_DEPTH + 1:
        raise RecursionError
    if type(value) is dict:
        return any(_holds_number(part, depth + 1) for part in value.values())
    if type(value) is list:
        return any(_holds_number(part, depth + 1) for part in value)
    return type(value) is Number


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


def _escape_unicode(match: re.Match[bytes]) -> bytes:
    units = match.group().decode("utf-8", "surrogatepass").encode("utf-16-be", "surrogatepass").hex()
    return "".join(["\\u" + units[i : i + 4] for i in range(0, len(units), 4)]).encode()


def _encode_exactly(value: Any, style: Style, depth: int = 0) -> str:
    """Write any value, literals included; the slow way for what the encoders above refuse."""
    if depth > MOST_DEPTH + 1:
        raise RecursionError
    if type(value) is Number:
        return str(value)
    if type(value) is str:
        return '"' + ESCAPE.sub(_escape_character, value) + '"'
    if type(value) is dict and value:
        parts = ['"' + ESCAPE.sub(_escape_character, str(name)) + '"' + style.colon for name in value]
        members = [
            name + _encode_exactly(part, style, depth + 1) for name, part in zip(parts, value.values(), strict=True)
        ]
        return _join("{", members, "}", style, depth)
    if type(value) is list and value:
        return _join("[", [_encode_exactly(part, style, depth + 1) for part in value], "]", style, depth)
    return orjson.dumps(value).decode() if type(value) is float else json.dumps(value)


def _join(opening: str, parts: list[str], closing: str, style: Style, depth: int) -> str:
    if style.indent is None:
        return opening + style.item.join(parts) + closing
    line = "\n" + "  " * (depth + 1)
    return opening + line + ("," + line).join(parts) + "\n" + "  " * depth + closing


def _escape_character(match: re.Match[str]) -> str:
    character = match.group()
    return SHORT.get(character) or f"\\u{ord(character):04x}"


def separator(style: Style, depth: int) -> bytes:
    """What stands between two elements `depth` containers deep."""
    if style.indent is None:
        return style.item.encode()
    return b",\n" + style.indent.encode() * depth


def dump_compact(value: Any) -> str:
    """The shortest text of a value, with its literals, for a JSON column or the ledger."""
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_SUBCLASS).decode()
    except TypeError:
        return _encode_exactly(value, Style())
