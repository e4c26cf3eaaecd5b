"""MariaDB and MySQL: LOAD DATA LOCAL from a pipe, or an INSERT of many rows where the server forbids that.

LOAD DATA LOCAL never fails: what it can't store it cuts or skips, with a warning. So what had a warning is undone
and written again by INSERT, which says what is wrong.
"""

# ruff: noqa: S608 (all names in statements are quoted)

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk.lines import blocks
from outgrow.database.bulk.references import violated
from outgrow.database.bulk.refused import Refused
from outgrow.database.bulk.row_text import RowText
from outgrow.database.bulk.statements import Row, SqlBulk

FORBIDDEN = (1148, 3948, 4166)
"""What a server answers that doesn't allow LOAD DATA LOCAL."""

REFUSALS = (1048, 1062, 1264, 1265, 1292, 1366, 1406, 1451, 1452, 1364, 3140, 4025)
"""The errors that blame the row: its values, or a constraint."""

AS_TEXT = ("decimal", "date", "datetime", "timestamp", "time")
BYTES = ("binary", "blob", "bit")
"""How the names of types end that hold bytes."""

KEYS_AT_ONCE = 1_000
CSV = "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY ''"
TYPES = """
SELECT c.column_name, c.data_type, c.data_type = 'json' OR k.constraint_name IS NOT NULL
FROM information_schema.columns c LEFT JOIN information_schema.check_constraints k
ON k.constraint_schema = c.table_schema AND k.table_name = c.table_name AND k.constraint_name = c.column_name
AND k.check_clause LIKE 'json_valid(%%'
WHERE c.table_schema = DATABASE() AND c.table_name = %s
"""
MYSQL_TYPES = """
SELECT column_name, data_type, data_type = 'json' FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = %s
"""


class MysqlBulk(SqlBulk):
    """See `Bulk`."""

    mark = "%s"

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection
        self.is_mariadb = bool(getattr(connection.dialect, "is_mariadb", False))
        self.info = connection.info
        self.types: dict[str, dict[str, tuple[str, bool]]] = connection.info.setdefault("types", {})

    def quote(self, name: str) -> str:
        """A name as SQL takes it."""
        return "`" + name.replace("`", "``").replace("%", "%%") + "`"

    def ask(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement, and return its rows if it has some."""
        with self.driver.cursor() as cursor:
            # Without parameters the driver takes each % for what it is.
            cursor.execute(statement if parameters else statement.replace("%%", "%"), parameters or None)
            return list(cursor.fetchall()) if cursor.description else []

    def types_of(self, table: str) -> dict[str, tuple[str, bool]]:
        """The types of a table's columns by name, and whether they hold JSON."""
        if table not in self.types:
            found = self.ask(TYPES if self.is_mariadb else MYSQL_TYPES, [table])
            self.types[table] = {name: (kind, bool(is_json)) for name, kind, is_json in found}
        return self.types[table]

    def read(self, table: str, columns: Sequence[str]) -> tuple[str, list[int]]:
        """Columns as their row values."""
        types = self.types_of(table)
        chosen = []
        for name in columns:
            column = f"{self.quote(table)}.{self.quote(name)}"
            chosen.append(f"CAST({column} AS CHAR)" if types[name][0] in AS_TEXT else column)
        return ", ".join(chosen), [number for number, name in enumerate(columns) if types[name][1]]

    def streaming_cursor(self) -> Any:
        """A cursor whose rows the server sends as they are fetched."""
        return self.driver.cursor(self.connection.dialect.loaded_dbapi.cursors.SSCursor)

    def compared(self, table: str, column: str) -> str:
        """The mark for a value; a text would be compared with a decimal as a float."""
        return "CAST(%s AS DECIMAL(65, 30))" if self.types_of(table)[column][0] == "decimal" else "%s"

    def among(self, table: str, key: Sequence[str], keys: list[Row]) -> tuple[str, list[Any]]:
        """A condition that a row's key is one of these."""
        marks = [self.compared(table, name) for name in key]
        values = [value for row in keys for value in row]
        if len(key) == 1:
            return f"{self.quote(key[0])} IN ({', '.join(marks * len(keys))})", values
        one = " AND ".join(f"{self.quote(name)} = {mark}" for name, mark in zip(key, marks, strict=True))
        return f"(({') OR ('.join([one] * len(keys))}))", values

    def select_keys(
        self, table: str, columns: Sequence[str], key: Sequence[str], keys: list[Row], order: Sequence[str]
    ) -> list[Row]:
        """The rows whose key is one of `keys`; of an association, all those of a record at once."""
        if order or len(keys) <= KEYS_AT_ONCE:
            return super().select_keys(table, columns, key, keys, order)
        rows: list[Row] = []
        for start in range(0, len(keys), KEYS_AT_ONCE):
            rows += super().select_keys(table, columns, key, keys[start : start + KEYS_AT_ONCE], order)
        return rows

    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows, all or none."""
        with self._refusing():
            if self._may_load(table, columns) and self._load(table, columns, "", blocks(rows), len(rows)):
                return
            marks = ", ".join(["%s"] * len(columns))
            with self.driver.cursor() as cursor:
                statement = f"INSERT INTO {self.quote(table)} ({self.names(columns)}) VALUES ({marks})"
                cursor.executemany(statement, rows)

    def _may_load(self, table: str, columns: Sequence[str]) -> bool:
        """Whether all can be written as text, which bytes can't."""
        types = self.types_of(table)
        has_bytes = any(types[name][0].endswith(BYTES) for name in columns)
        return not self.info.get("forbids LOAD DATA") and not has_bytes

    def insert_texts(self, table: str, columns: Sequence[str], texts: Sequence[RowText]) -> None:
        """Write rows that are texts: as they are where they can be read as CSV, in which `null` would be a text."""
        written = [(text, text.as_csv() if b"null" not in text.text else None) for text in texts if text.count]
        plain = [csv for _, csv in written if csv]
        if plain and not self.info.get("forbids LOAD DATA"):
            count = sum(text.count for text, csv in written if csv)
            with self._refusing():
                if self._load(table, columns, CSV, plain, count):
                    written = [(text, csv) for text, csv in written if not csv]
        super().insert_texts(table, columns, [text for text, _ in written])

    def _load(self, table: str, columns: Sequence[str], form: str, content: Iterable[bytes], count: int) -> bool:
        """Write rows by LOAD DATA; says whether all of them are there as they are, else none is."""
        try:
            with _pipe(content) as path, self.driver.cursor() as cursor:
                into = f"INTO TABLE {self.quote(table)} CHARACTER SET utf8mb4 {form} ({self.names(columns)})"
                cursor.execute(f"LOAD DATA LOCAL INFILE '{path}' {into.replace('%%', '%')}")
                whole = cursor.rowcount == count and not cursor.warning_count
        except Exception as error:
            if not error.args or error.args[0] not in FORBIDDEN:
                raise
            self.info["forbids LOAD DATA"] = True
            return False
        if not whole:
            self.run("ROLLBACK TO SAVEPOINT outgrow_rows")
        return bool(whole)

    def update(self, table: str, key: Sequence[str], columns: Sequence[str], rows: list[Row]) -> None:
        """Give rows new values, all or none."""
        others = [name for name in columns if name not in key]
        if not others:
            return
        values = ", ".join(f"{self.quote(name)} = %s" for name in others)
        found = " AND ".join(f"{self.quote(name)} = {self.compared(table, name)}" for name in key)
        order = [columns.index(name) for name in (*others, *key)]
        with self._refusing(), self.driver.cursor() as cursor:
            given = [[row[number] for number in order] for row in rows]
            cursor.executemany(f"UPDATE {self.quote(table)} SET {values} WHERE {found}", given)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """A savepoint to which the rows' own mistakes lead back, as Refused."""
        self.run("SAVEPOINT outgrow_rows")
        try:
            yield
        except Exception as error:
            if not error.args or error.args[0] not in REFUSALS:
                raise
            self.run("ROLLBACK TO SAVEPOINT outgrow_rows")
            # The server repeats the value, which may be a secret.
            raise Refused(
                re.sub(r"(entry|value:?) '.*' for", r"\1 for", str(error.args[1]), flags=re.DOTALL)
            ) from error
        self.run("RELEASE SAVEPOINT outgrow_rows")

    def count_on(self, table: str, column: str) -> None:
        """MariaDB and MySQL count on from the highest by themselves."""

    def check_references(self) -> list[tuple[str, str]]:
        """Pairs of table and referenced table where a foreign key is still violated."""
        return violated(self, self.connection)


@contextmanager
def _pipe(content: Iterable[bytes]) -> Iterator[str]:
    """The path of a pipe from which the content, made meanwhile, can be read once."""
    reader, writer = os.pipe()

    def write() -> None:
        with suppress(BrokenPipeError), os.fdopen(writer, "wb") as file:
            file.writelines(content)

    thread = Thread(target=write, daemon=True)
    thread.start()
    try:
        yield f"/dev/fd/{reader}"
    finally:
        os.close(reader)
        thread.join()
