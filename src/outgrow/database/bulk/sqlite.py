"""SQLite: executemany, and the keys of many rows as one JSON parameter."""

# ruff: noqa: ARG002, S608 (what one dialect needs, others ignore; all names in statements are quoted)

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk.refused import Refused
from outgrow.database.bulk.statements import PAGE, Row, SqlBulk


class SqliteBulk(SqlBulk):
    """See `Bulk`."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self.connection: sqlite3.Connection = driver

    def quote(self, name: str) -> str:
        """A name as SQL takes it."""
        return '"' + name.replace('"', '""') + '"'

    def ask(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement, and return its rows if it has some."""
        return self.connection.execute(statement, parameters).fetchall()

    def among(self, table: str, key: Sequence[str], keys: list[Row]) -> tuple[str, list[Any]]:
        """A condition that a row's key is in a JSON list of keys, each a list of values."""
        parts = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(key)))
        return f"({self.names(key)}) IN (SELECT {parts} FROM json_each(?))", [json.dumps(keys)]

    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows, all or none."""
        marks = ", ".join("?" * len(columns))
        self._write(f"INSERT INTO {self.quote(table)} ({self.names(columns)}) VALUES ({marks})", rows)

    def update(self, table: str, key: Sequence[str], columns: Sequence[str], rows: list[Row]) -> None:
        """Give rows new values, all or none."""
        others = [number for number, column in enumerate(columns) if column not in key]
        order = [*others, *(columns.index(name) for name in key)]
        values = ", ".join(f"{self.quote(columns[number])} = ?" for number in others)
        found = " AND ".join(f"{self.quote(name)} = ?" for name in key)
        if others:
            statement = f"UPDATE {self.quote(table)} SET {values} WHERE {found}"
            self._write(statement, [tuple(row[number] for number in order) for row in rows])

    def _write(self, statement: str, rows: list[Row]) -> None:
        self.connection.execute("SAVEPOINT outgrow_rows")
        try:
            self.connection.executemany(statement, rows)
        except sqlite3.IntegrityError as error:
            self.connection.execute("ROLLBACK TO outgrow_rows")
            raise Refused(str(error)) from error
        finally:
            if self.connection.in_transaction:
                self.connection.execute("RELEASE outgrow_rows")

    def select_key_pages(self, table: str, key: Sequence[str]) -> Iterator[list[Row]]:
        """All keys, in pages of one cursor, beside which other statements may run."""
        cursor = self.connection.execute(
            f"SELECT {self.names(key)} FROM {self.quote(table)} ORDER BY {self.names(key)}"
        )
        while page := cursor.fetchmany(PAGE):
            yield page

    def stream(self, table: str, columns: Sequence[str]) -> Iterator[list[Row]]:
        """All rows; a text that is no UTF-8 has half characters in it, which is for the reader to judge."""
        self.connection.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
        try:
            yield from super().stream(table, columns)
        finally:
            self.connection.text_factory = str

    def streaming_cursor(self) -> sqlite3.Cursor:
        """A cursor beside which other statements may run."""
        return self.connection.cursor()

    def run(self, statement: str) -> None:
        """Run a statement as it is."""
        self.connection.execute(statement)

    def count_on(self, table: str, column: str) -> None:
        """SQLite counts on from the highest by itself."""

    def check_references(self) -> list[tuple[str, str]]:
        """Pairs of table and referenced table where a foreign key is still violated."""
        rows = self.ask("PRAGMA foreign_key_check")
        return sorted({(row[0], row[2]) for row in rows})
