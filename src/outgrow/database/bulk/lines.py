r"""Rows as PostgreSQL's COPY and MariaDB's LOAD DATA read them, column by column, for most need no look at each value.

Tabs stand between values, a backslash before what isn't meant so, \N for null.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Row = tuple[Any, ...]

SPECIAL = "\\\t\n\r\0"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": "\\0"})
NUMBERS = ({int}, {float}, {int, float})
ROWS_AT_ONCE = 2_000


def blocks(rows: Sequence[Row]) -> Iterator[bytes]:
    """Rows as text, some at a time."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield _lines(rows[start : start + ROWS_AT_ONCE])


def _lines(rows: Sequence[Row]) -> bytes:
    columns = [_texts(values) for values in zip(*rows, strict=True)]
    return ("\n".join(map("\t".join, zip(*columns, strict=True))) + "\n").encode()


def _texts(values: tuple[Any, ...]) -> Sequence[str]:
    kinds = set(map(type, values))
    if kinds in NUMBERS:
        return list(map(str, values))
    if kinds == {str} and not _has_special("".join(values)):
        return values
    if kinds == {str, type(None)} and not _has_special("".join(filter(None, values))):
        return ["\\N" if value is None else value for value in values]
    return [_text(value) for value in values]


def _has_special(text: str) -> bool:
    return any(map(text.__contains__, SPECIAL))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    text = str(value)
    return text.translate(ESCAPES) if _has_special(text) else text
