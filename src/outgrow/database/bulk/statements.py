"""The statements that all dialects have in common: they differ in how names are quoted and keys compared."""

# ruff: noqa: ARG002, S608 (what one dialect needs, others ignore; all names in statements are quoted)

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from outgrow.database.bulk.row_text import RowText

Row = tuple[Any, ...]
PAGE = 20_000
ORPHANS = 1_000
"""How many keys are read at once, and how many references that lead nowhere."""

FIRST_PAGE, LARGEST_PAGE, PAGE_SIZE = 100, 5_000, 4 << 20
"""How many rows of a stream are fetched at first and at most, and how many letters they should have at most."""

REFERRED = "referred "
"""How the name begins that a statement gives a table which it asks for another one's references."""

NUMERIC = tuple("-0123456789")


class SqlBulk(ABC):
    """See `Bulk`. A dialect says how it quotes, asks, and compares keys."""

    mark = "?"
    """What stands for a parameter."""

    @abstractmethod
    def quote(self, name: str) -> str:
        """A name as `ask` takes it, whatever it holds."""

    @abstractmethod
    def ask(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement, and return its rows if it has some."""

    @abstractmethod
    def among(self, table: str, key: Sequence[str], keys: list[Row]) -> tuple[str, list[Any]]:
        """A condition that a row's key is one of these, and its parameters."""

    @abstractmethod
    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows, all or none."""

    def insert_texts(self, table: str, columns: Sequence[str], texts: Sequence[RowText]) -> None:
        """Write rows that are texts."""
        rows = [row for text in texts for row in text.rows()]
        if rows:
            self.insert(table, columns, rows)

    def read(self, table: str, columns: Sequence[str]) -> tuple[str, list[int]]:
        """What to select for the row values of columns; and the places of those that hold JSON."""
        return self.names(columns), []

    def compared(self, table: str, column: str) -> str:
        """The mark for a row value that is compared with this column."""
        return self.mark

    def ordered(self, table: str, columns: Sequence[str]) -> str:
        """What to sort by, text by its code points."""
        return self.names(columns)

    def given(self, value: Any) -> Any:
        """A row value as the driver shall send it."""
        return value

    @abstractmethod
    def streaming_cursor(self) -> Any:
        """A cursor that leaves rows with the database until they are fetched."""

    def read_all(self, table: str, columns: Sequence[str]) -> str:
        """What to select for values of columns of any type, JSON as its text."""
        return self.read(table, columns)[0]

    def stream(self, table: str, columns: Sequence[str]) -> Iterator[list[Row]]:
        """All rows in the order that the database likes, in pages of a few megabytes."""
        statement = f"SELECT {self.read_all(table, columns)} FROM {self.quote(table)}"
        with closing(self.streaming_cursor()) as cursor:
            cursor.execute(statement.replace("%%", "%") if self.mark == "%s" else statement)
            rows_at_once = FIRST_PAGE
            while page := cursor.fetchmany(rows_at_once):
                yield page
                size = sum(len(value) for row in page for value in row if isinstance(value, (str, bytes)))
                rows_at_once = max(1, min(rows_at_once * 4, LARGEST_PAGE, PAGE_SIZE * len(page) // (size or 1)))

    def names(self, names: Sequence[str]) -> str:
        """Names as a list."""
        return ", ".join(map(self.quote, names))

    def select(self, table: str, columns: Sequence[str], rest: str, parameters: Sequence[Any]) -> list[Row]:
        """The row values of some rows."""
        chosen, packed = self.read(table, columns)
        rows = self.ask(f"SELECT {chosen} FROM {self.quote(table)} {rest}", parameters)
        return [_with_numbers(row, packed) for row in rows] if packed else rows

    def select_range(
        self, table: str, columns: Sequence[str], key: str, first: Any, last: Any, order: Sequence[str]
    ) -> list[Row]:
        """The rows whose `key` lies between two values."""
        mark = self.compared(table, key)
        rest = f"WHERE {self.quote(key)} BETWEEN {mark} AND {mark} ORDER BY {self.ordered(table, order)}"
        return self.select(table, columns, rest, [self.given(first), self.given(last)])

    def select_keys(
        self, table: str, columns: Sequence[str], key: Sequence[str], keys: list[Row], order: Sequence[str]
    ) -> list[Row]:
        """The rows whose key is one of `keys`."""
        if not keys:
            return []
        condition, parameters = self.among(table, key, keys)
        sort = f" ORDER BY {self.ordered(table, order)}" if order else ""
        return self.select(table, columns, f"WHERE {condition}{sort}", parameters)

    def select_key_pages(self, table: str, key: Sequence[str]) -> Iterator[list[Row]]:
        """All keys, in pages, each behind the last key of the one before."""
        marks = [self.compared(table, name) for name in key]
        sort = f"ORDER BY {self.names(key)} LIMIT {PAGE}"
        rest = sort
        parameters: list[Any] = []
        while rows := self.select(table, key, rest, parameters):
            yield rows
            if len(rows) < PAGE:
                return
            # (a > ?) OR (a = ? AND b > ?): MySQL has no plan for (a, b) > (?, ?).
            parts, parameters = [], []
            for number in range(len(key)):
                same = [f"{self.quote(name)} = {mark}" for name, mark in zip(key[:number], marks, strict=False)]
                parts.append(" AND ".join([*same, f"{self.quote(key[number])} > {marks[number]}"]))
                parameters += map(self.given, rows[-1][: number + 1])
            rest = f"WHERE ({') OR ('.join(parts)}) {sort}"

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.ask(f"SELECT count(*) FROM {self.quote(table)}")[0][0])

    def highest(self, table: str, column: str) -> int:
        """The highest number in a column, or 0."""
        return int(self.ask(f"SELECT max({self.quote(column)}) FROM {self.quote(table)}")[0][0] or 0)

    def delete_keys(self, table: str, key: Sequence[str], keys: list[Row]) -> None:
        """Delete the rows with these keys."""
        condition, parameters = self.among(table, key, keys)
        self.ask(f"DELETE FROM {self.quote(table)} WHERE {condition}", parameters)

    def set_null(self, table: str, key: Sequence[str], keys: list[Row], columns: Sequence[str]) -> None:
        """Empty some columns of the rows with these keys."""
        changes = ", ".join(f"{self.quote(column)} = NULL" for column in columns)
        condition, parameters = self.among(table, key, keys)
        self.ask(f"UPDATE {self.quote(table)} SET {changes} WHERE {condition}", parameters)

    def select_orphans(
        self, table: str, key: Sequence[str], columns: Sequence[str], target: str, referenced: Sequence[str]
    ) -> list[Row]:
        """The keys of some rows whose reference leads nowhere, followed by its values."""
        chosen, packed = self.read(table, [*key, *columns])
        other = self.quote(REFERRED + target)
        joined = " AND ".join(
            f"{other}.{self.quote(b)} = {self.quote(table)}.{self.quote(a)}"
            for a, b in zip(columns, referenced, strict=True)
        )
        filled = " AND ".join(f"{self.quote(table)}.{self.quote(name)} IS NOT NULL" for name in columns)
        rows = self.ask(
            f"SELECT {chosen} FROM {self.quote(table)} WHERE {filled} AND NOT EXISTS "
            f"(SELECT 1 FROM {self.quote(target)} {other} WHERE {joined}) LIMIT {ORPHANS}"
        )
        return [_with_numbers(row, packed) for row in rows]

    def run(self, statement: str) -> None:
        """Run a statement as it is."""
        self.ask(statement.replace("%", "%%"))


def _with_numbers(row: Row, places: list[int]) -> Row:
    """A row whose JSON numbers are numbers, as SQLite returns them."""
    values = list(row)
    for place in places:
        text = values[place]
        if isinstance(text, str) and text.startswith(NUMERIC):
            values[place] = int(text) if text.lstrip("-").isdigit() else float(text)
    return tuple(values)
