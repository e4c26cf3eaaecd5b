"""What a column of raw texts holds, all at once: texts, numbers and flags of many records of one shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson

from outgrow.source.syntax.json_scan import LARGEST_RECORD, Broken
from outgrow.source.syntax.php_shapes import Build, Column, Misfit
from outgrow.source.syntax.php_values import MOST_DEPTH

SIZES = [b"%d" % size for size in range(5_000)]
INTEGER = rb"(0|-?[1-9]\d{0,17})"
MOST_KNOWN = 5_000


def texts(raws: Sequence[bytes | None], encoding: str) -> list[Any]:
    """Texts, as far as there are any; raises Misfit where one is not in the encoding."""
    try:
        if None in raws:
            return [None if raw is None else raw.decode(encoding) for raw in raws]
        found: list[Any] = b"\0".join(raws).decode(encoding).split("\0")  # type: ignore[arg-type]
        return found if len(found) == len(raws) else [raw.decode(encoding) for raw in raws if raw is not None]
    except UnicodeDecodeError:
        raise Misfit from None


def check_sizes(raws: Sequence[bytes | None], sizes: Sequence[bytes | None]) -> None:
    """Make sure that texts are as long as was said before each; raises Misfit."""
    try:
        if None in raws:
            expected = [None if raw is None else SIZES[len(raw)] for raw in raws]
        else:
            expected = list(map(SIZES.__getitem__, map(len, raws)))  # type: ignore[arg-type]
        if expected == list(sizes):
            return
    except IndexError:
        pass
    for raw, size in zip(raws, sizes, strict=True):
        if raw is not None and (len(raw) != int(size or 0) or len(raw) > LARGEST_RECORD):
            raise Misfit


class ValueReader(Protocol):
    """What reads single values carefully, and says what was odd about the last one."""

    flaw: Any
    doubled: list[str]

    def value(self, data: bytes, position: int, depth: int, context: str) -> tuple[Any, int]:
        """A value and where it ends; raises Broken."""


def careful(reader: ValueReader, context: str, behind: bytes = b"") -> Callable[[bytes], Any]:
    """What reads texts that are one whole value each, in front of `behind`; it raises Misfit where one is not."""

    def read(raw: bytes) -> Any:
        reader.flaw, reader.doubled = None, []
        try:
            value, end = reader.value(raw + behind, 0, MOST_DEPTH // 2, context)
        except Broken:
            raise Misfit from None
        if end != len(raw) or reader.flaw is not None or reader.doubled:
            raise Misfit
        return value

    return read


def integers(first: int) -> Build:
    """Whole numbers that match `INTEGER`, or null."""

    def build(columns: list[Column]) -> Sequence[Any]:
        raws = columns[first]
        if None in raws:
            return [None if raw is None else int(raw) for raw in raws]
        numbers: list[Any] = orjson.loads(b"[%b]" % b",".join(raws))
        return numbers

    return build


def choices(first: int, values: dict[bytes | None, Any]) -> Build:
    """One of a few values."""
    return lambda columns: [values[raw] for raw in columns[first]]


def singly(first: int, read: Callable[[bytes], Any]) -> Build:
    """Values that are read one by one, but those that come again; null where there is none."""
    known: dict[bytes | None, Any] = {None: None}

    def value_of(raw: bytes) -> Any:
        value = read(raw)
        if len(known) < MOST_KNOWN and type(value) is not dict and type(value) is not list:
            known[raw] = value
        return value

    def build(columns: list[Column]) -> Sequence[Any]:
        return [known[raw] if raw in known else value_of(raw) for raw in columns[first]]

    return build


def lists(first: int, read: Callable[[bytes], Any]) -> Build:
    """As `singly`, for lists: each record gets one of its own."""
    known: dict[bytes, list[Any]] = {}

    def value_of(raw: bytes) -> Any:
        if raw in known:
            return known[raw].copy()
        value = read(raw)
        if type(value) is list and len(known) < MOST_KNOWN and not {dict, list} & set(map(type, value)):
            known[raw] = value.copy()
        return value

    def build(columns: list[Column]) -> Sequence[Any]:
        return [None if raw is None else value_of(raw) for raw in columns[first]]

    return build
