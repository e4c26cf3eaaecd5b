"""SQLite: executemany, and the keys of many rows as one JSON parameter."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk.refused import Refused

Row = tuple[Any, ...]
PAGE = 20_000


def quote(name: str) -> str:
    """A name as SQL takes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def _names(names: Sequence[str]) -> str:
    return ", ".join(map(quote, names))


class SqliteBulk:
    """See `Bulk`."""

    def __init__(self, connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        self.connection: sqlite3.Connection = driver

    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows, all or none."""
        marks = ", ".join("?" * len(columns))
        self._write(f"INSERT INTO {quote(table)} ({_names(columns)}) VALUES ({marks})", rows)  # noqa: S608 (names are quoted)

    def update(self, table: str, key: Sequence[str], columns: Sequence[str], rows: list[Row]) -> None:
        """Give rows new values, all or none."""
        others = [number for number, column in enumerate(columns) if column not in key]
        order = [*others, *(columns.index(name) for name in key)]
        values = ", ".join(f"{quote(columns[number])} = ?" for number in others)
        found = " AND ".join(f"{quote(name)} = ?" for name in key)
        if others:
            statement = f"UPDATE {quote(table)} SET {values} WHERE {found}"  # noqa: S608
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

    def select_range(
        self, table: str, columns: Sequence[str], key: str, first: Any, last: Any, order: Sequence[str]
    ) -> list[Row]:
        """The rows whose `key` lies between two values."""
        statement = (
            f"SELECT {_names(columns)} FROM {quote(table)} "  # noqa: S608
            f"WHERE {quote(key)} BETWEEN ? AND ? ORDER BY {_names(order)}"
        )
        return self.connection.execute(statement, (first, last)).fetchall()

    def select_keys(
        self, table: str, columns: Sequence[str], key: Sequence[str], keys: list[Row], order: Sequence[str]
    ) -> list[Row]:
        """The rows whose key is one of `keys`."""
        ordered = f" ORDER BY {_names(order)}" if order else ""
        statement = f"SELECT {_names(columns)} FROM {quote(table)} WHERE {self._among(key)}{ordered}"  # noqa: S608
        return self.connection.execute(statement, (json.dumps(keys),)).fetchall()

    @staticmethod
    def _among(key: Sequence[str]) -> str:
        """A condition that a row's key is in a JSON list of keys, each a list of values."""
        parts = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(len(key)))
        return f"({_names(key)}) IN (SELECT {parts} FROM json_each(?))"  # noqa: S608

    def select_key_pages(self, table: str, key: Sequence[str]) -> Iterator[list[Row]]:
        """All keys, in pages."""
        cursor = self.connection.execute(f"SELECT {_names(key)} FROM {quote(table)} ORDER BY {_names(key)}")  # noqa: S608
        while page := cursor.fetchmany(PAGE):
            yield page

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self.connection.execute(f"SELECT count(*) FROM {quote(table)}").fetchone()[0])  # noqa: S608

    def highest(self, table: str, column: str) -> int:
        """The highest number in a column, or 0."""
        return int(self.connection.execute(f"SELECT max({quote(column)}) FROM {quote(table)}").fetchone()[0] or 0)  # noqa: S608

    def delete_keys(self, table: str, key: Sequence[str], keys: list[Row]) -> None:
        """Delete the rows with these keys."""
        self.connection.execute(f"DELETE FROM {quote(table)} WHERE {self._among(key)}", (json.dumps(keys),))  # noqa: S608

    def set_null(self, table: str, key: Sequence[str], keys: list[Row], columns: Sequence[str]) -> None:
        """Empty some columns of the rows with these keys."""
        changes = ", ".join(f"{quote(column)} = NULL" for column in columns)
        self.connection.execute(f"UPDATE {quote(table)} SET {changes} WHERE {self._among(key)}", (json.dumps(keys),))  # noqa: S608

    def select_orphans(
        self, table: str, key: Sequence[str], columns: Sequence[str], target: str, referenced: Sequence[str]
    ) -> list[Row]:
        """The keys of up to 1,000 rows whose reference leads nowhere, followed by its values."""
        chosen = ", ".join(f"t.{quote(name)}" for name in (*key, *columns))
        joined = " AND ".join(f"r.{quote(b)} = t.{quote(a)}" for a, b in zip(columns, referenced, strict=True))
        filled = " AND ".join(f"t.{quote(name)} IS NOT NULL" for name in columns)
        statement = (
            f"SELECT {chosen} FROM {quote(table)} t LEFT JOIN {quote(target)} r ON {joined} "  # noqa: S608
            f"WHERE r.{quote(referenced[0])} IS NULL AND {filled} LIMIT 1000"
        )
        return self.connection.execute(statement).fetchall()

    def drop_indexes(self, table: str) -> list[str]:
        """Drop a table's indexes that aren't unique; returns the statements that make them again."""
        statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
        dropped = []
        for name, sql in self.connection.execute(statement, (table,)).fetchall():
            if not sql.upper().startswith("CREATE UNIQUE"):
                self.connection.execute(f"DROP INDEX {quote(name)}")
                dropped.append(sql)
        return dropped

    def run(self, statement: str) -> None:
        """Run one of those statements."""
        self.connection.execute(statement)

    def check_references(self) -> list[tuple[str, str]]:
        """Pairs of table and referenced table where a foreign key is still violated."""
        rows = self.connection.execute("PRAGMA foreign_key_check").fetchall()
        return sorted({(row[0], row[2]) for row in rows})
