"""PostgreSQL: COPY, and the keys of many rows as arrays of text that the server casts.

Row values are what SQLite stores (see schema.coerce), so texts stand for dates, decimals and JSON: they are
cast on their way in, and written the same way again on their way out.
"""

# ruff: noqa: S608 (all names in statements are quoted)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk.lines import blocks
from outgrow.database.bulk.references import violated
from outgrow.database.bulk.refused import Refused
from outgrow.database.bulk.row_text import RowText
from outgrow.database.bulk.statements import Row, SqlBulk

REFUSALS = ("22", "23", "54")
"""The classes of SQLSTATE that blame the row: its values, a constraint, an index entry that is too long."""

READ = {
    "boolean": "{}::int",
    "numeric": "{}::text",
    "date": "{}::text",
    "json": "{}::text",
    "jsonb": "{}::text",
    "timestamp without time zone": "to_char({}, 'YYYY-MM-DD HH24:MI:SS.US')",
    "time without time zone": "to_char({}, 'HH24:MI:SS.US')",
}
PLAIN: tuple[str, ...] = ("smallint", "integer", "bigint", "real", "double precision")
PLAIN += ("text", "character varying", "character", "bytea")
"""The types whose values the driver gives as they are; all others can be had as text."""

TYPES = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
"""


class PostgresqlBulk(SqlBulk):
    """See `Bulk`."""

    mark = "%s"

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.driver: Any = connection.connection.driver_connection
        self.types: dict[str, dict[str, str]] = connection.info.setdefault("types", {})

    def quote(self, name: str) -> str:
        """A name as SQL takes it."""
        return '"' + name.replace('"', '""').replace("%", "%%") + '"'

    def ask(self, statement: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Run a statement, and return its rows if it has some."""
        # Without parameters the driver takes each % for what it is.
        cursor = self.driver.execute(statement if parameters else statement.replace("%%", "%"), parameters or None)
        rows: list[Row] = cursor.fetchall() if cursor.description else []
        return rows

    def types_of(self, table: str) -> dict[str, str]:
        """The types of a table's columns, by name."""
        if table not in self.types:
            self.types[table] = dict(self.ask(TYPES, [self.quote(table).replace("%%", "%")]))
        return self.types[table]

    def read(self, table: str, columns: Sequence[str]) -> tuple[str, list[int]]:
        """Columns as their row values."""
        types = self.types_of(table)
        chosen = ", ".join(
            READ.get(types[name], "{}").replace("{}", f"{self.quote(table)}.{self.quote(name)}") for name in columns
        )
        return chosen, [number for number, name in enumerate(columns) if types[name] in ("json", "jsonb")]

    def read_all(self, table: str, columns: Sequence[str]) -> str:
        """Columns of any type: as the text that the type has, unless the driver knows better."""
        chosen = []
        for name in columns:
            kind, column = self.types_of(table)[name], f"{self.quote(table)}.{self.quote(name)}"
            chosen.append(column if kind in PLAIN else f"{column}::int" if kind == "boolean" else f"{column}::text")
        return ", ".join(chosen)

    def streaming_cursor(self) -> Any:
        """A cursor of the server's."""
        return self.driver.cursor(name="outgrow_rows")

    def compared(self, table: str, column: str) -> str:
        """The mark for a text that becomes what the column holds."""
        return f"%s::text::{self.types_of(table)[column]}"

    def ordered(self, table: str, columns: Sequence[str]) -> str:
        """What to sort by."""
        texts = ("character varying", "text", "character")
        types = self.types_of(table)
        return ", ".join(self.quote(name) + (' COLLATE "C"' if types[name] in texts else "") for name in columns)

    def given(self, value: Any) -> Any:
        """Anything but bytes as text."""
        return value if value is None or isinstance(value, bytes) else str(value)

    def among(self, table: str, key: Sequence[str], keys: list[Row]) -> tuple[str, list[Any]]:
        """A condition that a row's key is one of these, given column by column."""
        types = self.types_of(table)
        cast = ", ".join(f"k{number}::{types[name]}" for number, name in enumerate(key))
        arrays = ", ".join(["%s::text[]"] * len(key))
        names = ", ".join(f"k{number}" for number in range(len(key)))
        values = [list(map(self.given, column)) for column in zip(*keys, strict=True)]
        return f"({self.names(key)}) IN (SELECT {cast} FROM unnest({arrays}) AS keys({names}))", values

    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows, all or none."""
        self._copy(table, columns, "", blocks(rows))

    def insert_texts(self, table: str, columns: Sequence[str], texts: Sequence[RowText]) -> None:
        """Write rows that are texts: as they are where they can be read as CSV."""
        written = [(text, text.as_csv()) for text in texts if text.count]
        if any(csv for _, csv in written):
            self._copy(table, columns, "WITH (FORMAT csv, NULL 'null')", (csv for _, csv in written if csv))
        super().insert_texts(table, columns, [text for text, csv in written if not csv])

    def _copy(self, table: str, columns: Sequence[str], options: str, content: Iterable[bytes]) -> None:
        statement = f"COPY {self.quote(table)} ({self.names(columns)}) FROM STDIN {options}"
        with _Refusing(self), self.driver.cursor() as cursor, cursor.copy(statement.replace("%%", "%")) as copy:
            for block in content:
                copy.write(block)

    def update(self, table: str, key: Sequence[str], columns: Sequence[str], rows: list[Row]) -> None:
        """Give rows new values, all or none."""
        others = [name for name in columns if name not in key]
        if not others:
            return
        values = ", ".join(f"{self.quote(name)} = {self.compared(table, name)}" for name in others)
        found = " AND ".join(f"{self.quote(name)} = {self.compared(table, name)}" for name in key)
        order = [columns.index(name) for name in (*others, *key)]
        given = [[self.given(row[number]) for number in order] for row in rows]
        with _Refusing(self), self.driver.cursor() as cursor:
            cursor.executemany(f"UPDATE {self.quote(table)} SET {values} WHERE {found}", given)

    def count_on(self, table: str, column: str) -> None:
        """Move the column's sequence, if it has one, behind what is there."""
        statement = f"SELECT pg_get_serial_sequence(%s, %s), max({self.quote(column)}) FROM {self.quote(table)}"
        sequence, highest = self.ask(statement, [self.quote(table).replace("%%", "%"), column])[0]
        if sequence is not None and highest is not None and highest > 0:
            self.ask("SELECT setval(%s::regclass, %s)", [sequence, highest])

    def check_references(self) -> list[tuple[str, str]]:
        """Pairs of table and referenced table where a foreign key is still violated."""
        return violated(self, self.connection)


class _Refusing:
    """A savepoint to which the rows' own mistakes lead back, as Refused."""

    def __init__(self, bulk: PostgresqlBulk) -> None:
        self.bulk = bulk

    def __enter__(self) -> None:
        self.bulk.run("SAVEPOINT outgrow_rows")

    def __exit__(self, kind: object, error: Any, trace: object) -> None:
        state = getattr(error, "sqlstate", None) or ""
        if error is None:
            self.bulk.run("RELEASE SAVEPOINT outgrow_rows")
        elif state.startswith(REFUSALS):
            self.bulk.run("ROLLBACK TO SAVEPOINT outgrow_rows")
            raise Refused(error.diag.message_primary or state) from error
