"""Moves rows from one database to another, and compares the two by reading both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk import Bulk, Refused, Row, open_bulk
from outgrow.database.move.catalog import TableFacts
from outgrow.database.move.kinds import meaning_of
from outgrow.database.move.values import Converter
from outgrow.errors import DatabaseError
from outgrow.schema.coerce import Unfit

Progress = Callable[[str, str, int], None]
"""Hears of the phase, the table, and how many rows are done just now."""

MOST_DIFFERENCES = 5
NOTHING_CHANGED = "Nothing was changed. Correct the value, or the column's type by a revision; then run it again."


@dataclass(frozen=True)
class Pair:
    """A table on both sides: the columns that are compared, how each is converted, and whether it is written."""

    source: TableFacts
    columns: tuple[str, ...]
    converters: tuple[Converter, ...]
    is_written: tuple[bool, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.source.name

    def place(self, row: Row) -> str:
        """Where a row is, in words: its key, or what it begins with."""
        key = self.source.primary_key or self.columns[:3]
        values = {name: row[self.columns.index(name)] for name in key if name in self.columns}
        return f"{self.name} {json.dumps(values, default=str, ensure_ascii=False)}"


def pair_tables(source: dict[str, TableFacts], target: dict[str, TableFacts]) -> list[Pair]:
    """Each table of the source with its counterpart; raises DatabaseError where a column has none."""
    pairs = []
    for name, table in source.items():
        columns, converters, written = [], [], []
        for column in table.columns.values():
            other = target[name].columns[column.name]
            if column.is_computed and other.is_computed and column.kind.dialect != other.kind.dialect:
                continue  # each computes it in its own way
            meaning = meaning_of(column.kind, other.kind)
            if meaning is None:
                raise DatabaseError(
                    f"{name}.{column.name} is {column.kind.name}, which {other.kind.name} can't hold",
                    hint="Change the column's type by a revision of the app, and run the command again.",
                )
            columns.append(column.name)
            converters.append(Converter(meaning, column.kind, other.kind))
            written.append(not other.is_computed)
        pairs.append(Pair(table, tuple(columns), tuple(converters), tuple(written)))
    return pairs


def copy_table(pair: Pair, source: Bulk, target: Bulk, progress: Progress) -> int:
    """Copy all rows of a table; returns how many. Raises DatabaseError that names the row that doesn't fit."""
    names = [name for name, written in zip(pair.columns, pair.is_written, strict=True) if written]
    copied = 0
    for page in source.stream(pair.name, pair.columns):
        columns = _convert(pair, page, Converter.convert)
        rows = list(zip(*(c for c, written in zip(columns, pair.is_written, strict=True) if written), strict=True))
        try:
            target.insert(pair.name, names, rows)
        except Refused:
            _find_refused(pair, target, names, rows, page)
        copied += len(rows)
        progress("copy", pair.name, len(rows))
    return copied


def _convert(pair: Pair, page: list[Row], convert: Callable[[Converter, Sequence[Any]], Sequence[Any]]) -> list[Any]:
    """A page column by column, converted; raises DatabaseError that names table, key and column."""
    columns = []
    for number, values in enumerate(zip(*page, strict=True)):
        try:
            columns.append(convert(pair.converters[number], values))
        except Unfit:
            for row in page:
                try:
                    convert(pair.converters[number], [row[number]])
                except Unfit as problem:
                    raise DatabaseError(
                        f"{pair.place(row)}: {pair.columns[number]} {problem}", hint=NOTHING_CHANGED
                    ) from None
            raise
    return columns


def _find_refused(pair: Pair, target: Bulk, names: Sequence[str], rows: list[Row], page: list[Row]) -> None:
    """Halve rows until the one is found that the database refuses; raises DatabaseError that names it."""
    if len(rows) == 1:
        try:
            target.insert(pair.name, names, rows)
        except Refused as problem:
            raise DatabaseError(f"{pair.place(page[0])} is refused: {problem}", hint=NOTHING_CHANGED) from None
        return
    middle = len(rows) // 2
    for half in (slice(0, middle), slice(middle, None)):
        try:
            target.insert(pair.name, names, rows[half])
        except Refused:
            _find_refused(pair, target, names, rows[half], page[half])


def compare_table(pair: Pair, source: Bulk, target: Bulk, progress: Progress) -> None:
    """Hold all rows of a table against their counterparts; raises DatabaseError that names those that differ."""
    totals, counts = [0, 0], [0, 0]
    for side, bulk in enumerate((source, target)):
        for _, row in _read(pair, bulk, progress):
            totals[side] += _digest(row)
            counts[side] += 1
    if (totals[0], counts[0]) != (totals[1], counts[1]):
        raise DatabaseError(_differences(pair, source, target, counts), hint=NOTHING_CHANGED)


def _read(pair: Pair, bulk: Bulk, progress: Progress | None = None) -> Iterator[tuple[Row, Row]]:
    """The rows of a table as they were read, and as they compare."""
    for page in bulk.stream(pair.name, pair.columns):
        yield from zip(page, zip(*_convert(pair, page, Converter.comparable), strict=True), strict=True)
        if progress is not None:
            progress("compare", pair.name, len(page))


def _digest(row: Row) -> int:
    """A number for a row; the sum of them is the same in every order."""
    return int.from_bytes(blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=16).digest())


def _differences(pair: Pair, source: Bulk, target: Bulk, counts: list[int]) -> str:
    """Name some rows that are on one side only, and their columns where the key is on both."""
    there = {_digest(row) for _, row in _read(pair, target)}
    missing = [(raw, row) for raw, row in _read(pair, source) if _digest(row) not in there][:MOST_DIFFERENCES]
    lines = []
    for raw, row in missing:
        columns = _changed_columns(pair, row, target)
        lines.append(f"{pair.place(raw)} " + (f"reads otherwise: {', '.join(columns)}" if columns else "isn't there"))
    counted = f"{pair.name}: {counts[0]} rows were read, {counts[1]} are there"
    return "\n".join([counted, *lines]) if counts[0] != counts[1] or not lines else "\n".join(lines)


def _changed_columns(pair: Pair, row: Row, target: Bulk) -> list[str]:
    places = [pair.columns.index(name) for name in pair.source.primary_key if name in pair.columns]
    if not places:
        return []
    for _, other in _read(pair, target):
        if all(other[place] == row[place] for place in places):
            return [name for name, a, b in zip(pair.columns, row, other, strict=True) if a != b]
    return []


def broken_references(connection: Connection, tables: dict[str, TableFacts], keys: dict[str, list[Any]]) -> list[str]:
    """Rows, in words, whose references lead nowhere, though a foreign key forbids it."""
    bulk, found = open_bulk(connection), []
    for name, each in ((table, key) for table in tables for key in keys[table]):
        columns, referred = each["constrained_columns"], each["referred_columns"]
        key = tables[name].primary_key or tuple(columns)
        rows = bulk.select_orphans(name, key, columns, each["referred_table"], referred)
        if rows:
            values = json.dumps(dict(zip(key, rows[0], strict=False)), default=str, ensure_ascii=False)
            what = f"{', '.join(columns)} refers to a row of {each['referred_table']} that doesn't exist"
            found.append(f"{name} {values}: {what}" + (f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""))
    return found
