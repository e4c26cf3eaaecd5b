"""PHP's plain literals: strings in all quotes, numbers, and the few constants whose value is known without PHP."""

from __future__ import annotations

import re

INTERPOLATED = re.compile(rb"\\.|\$[A-Za-z_\x80-\xff{]|\{\$", re.DOTALL)
ESCAPE = re.compile(
    rb"\\(?:([nrtvef\\$\"])|([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\})",
)
PLAIN_ESCAPES = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"e": b"\x1b", b"f": b"\f", b"\\": b"\\", b"$": b"$", b'"': b'"'
}  # fmt: skip
INTEGER = re.compile(
    rb"0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB][01]+(?:_[01]+)*|0[oO]?[0-7]+(?:_[0-7]+)*|[1-9]\d*(?:_\d+)*|0"
)
LARGEST = (1 << 63) - 1
CONSTANTS: dict[str, object] = {
    "null": None, "true": True, "false": False, "PHP_EOL": "\n", "PHP_INT_MAX": LARGEST, "PHP_INT_MIN": -LARGEST - 1,
    "PHP_INT_SIZE": 8, "DIRECTORY_SEPARATOR": "/", "PATH_SEPARATOR": ":", "M_PI": 3.14159265358979323846,
    "M_E": 2.7182818284590452354, "PHP_FLOAT_EPSILON": 2.220446049250313e-16, "E_ERROR": 1, "E_WARNING": 2,
    "E_NOTICE": 8, "E_ALL": 32767, "LOCK_EX": 2, "SORT_REGULAR": 0, "SORT_NUMERIC": 1, "SORT_STRING": 2,
    "ENT_QUOTES": 3, "JSON_PRETTY_PRINT": 128, "JSON_UNESCAPED_SLASHES": 64, "JSON_UNESCAPED_UNICODE": 256,
}  # fmt: skip
"""Their values on the systems that sites run on; those of `null`, `true` and `false` count in any case."""


def unquote_single(raw: bytes) -> bytes:
    """The bytes of a text in single quotes: only a backslash and a quote are escaped."""
    return re.sub(rb"\\([\\'])", rb"\1", raw) if b"\\" in raw else raw


def is_interpolated(raw: bytes) -> bool:
    """Whether a text in double quotes holds a variable."""
    return b"$" in raw and any(match.group()[:1] != b"\\" for match in INTERPOLATED.finditer(raw))


def unquote_double(raw: bytes, *, heredoc: bool = False) -> bytes:
    """The bytes of a text in double quotes that holds no variable; raises ValueError for no character."""
    if b"\\" not in raw:
        return raw

    def replace(match: re.Match[bytes]) -> bytes:
        plain, octal, hexadecimal, point = match.groups()
        if plain is not None:
            return match.group() if heredoc and plain == b'"' else PLAIN_ESCAPES[plain]
        if octal is not None:
            return bytes([int(octal, 8) & 255])
        if hexadecimal is not None:
            return bytes([int(hexadecimal, 16)])
        return chr(int(point, 16)).encode("utf-8") if len(point) < 8 else b""

    try:
        return ESCAPE.sub(replace, raw)
    except (UnicodeEncodeError, OverflowError) as error:
        raise ValueError("escapes a code point that is no character") from error


def read_integer(raw: bytes) -> int | None:
    """The value of a whole number, however it is written; None where it is none."""
    if INTEGER.fullmatch(raw) is None:
        return None
    text = raw.replace(b"_", b"").lower()
    if text[:2] in (b"0x", b"0b", b"0o"):
        return int(text, 0)
    return int(text, 8) if text[:1] == b"0" and len(text) > 1 else int(text)
