"""Where databases go on counting: behind all numbers that were ever given, so that none names two rows."""

from __future__ import annotations

import re

from sqlalchemy import Connection, inspect, text

from outgrow.database.bulk.postgresql import PostgresqlBulk
from outgrow.database.engine import execute
from outgrow.database.move.catalog import TableFacts


def read_counters(connection: Connection, tables: dict[str, TableFacts]) -> dict[str, int]:
    """The last number that each table has given, by table, as far as the database remembers it."""
    read = {"sqlite": _read_sqlite, "postgresql": _read_postgresql, "mysql": _read_mysql}
    return read[connection.dialect.name](connection, tables)


def _read_sqlite(connection: Connection, tables: dict[str, TableFacts]) -> dict[str, int]:
    if not inspect(connection).has_table("sqlite_sequence"):
        return {}
    rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
    return {name: int(last) for name, last in rows if name in tables and last}


def _read_postgresql(connection: Connection, tables: dict[str, TableFacts]) -> dict[str, int]:
    found: dict[str, int] = {}
    for table, _, sequence in _sequences(connection, tables):
        last = connection.scalar(text("SELECT pg_sequence_last_value(CAST(:name AS regclass))"), {"name": sequence})
        found[table] = max(found.get(table, 0), int(last or 0))
    return found


def _sequences(connection: Connection, tables: dict[str, TableFacts]) -> list[tuple[str, str, str]]:
    """Tables, their columns that count, and the sequences that these count by."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    query = text("SELECT pg_get_serial_sequence(:table, :column)")
    found = []
    for table in tables.values():
        for column in table.columns.values():
            if column.kind.meaning == "integer":
                values = {"table": quote(table.name), "column": column.name}
                if sequence := connection.scalar(query, values):
                    found.append((table.name, column.name, str(sequence)))
    return found


def _read_mysql(connection: Connection, tables: dict[str, TableFacts]) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    found = {}
    for name in tables:  # information_schema has a number that may be a day old
        made = execute(connection, f"SHOW CREATE TABLE {quote(name)}").mappings().one()["Create Table"]
        if next_number := re.search(r"^\).* AUTO_INCREMENT=(\d+)", made, re.MULTILINE):
            found[name] = int(next_number[1]) - 1
    return found


def count_on(connection: Connection, tables: dict[str, TableFacts], last: dict[str, int]) -> None:
    """Let the tables give numbers beyond the last ones, and beyond those that are there."""
    if connection.dialect.name == "postgresql":
        bulk = PostgresqlBulk(connection)
        for table, column, sequence in _sequences(connection, tables):
            highest = max(bulk.highest(table, column), last.get(table, 0))
            if highest > 0:
                query = text("SELECT setval(CAST(:name AS regclass), :highest)")
                connection.execute(query, {"name": sequence, "highest": highest})
    elif connection.dialect.name == "mysql":
        quote = connection.dialect.identifier_preparer.quote_identifier
        counting = _read_mysql_counting(connection)
        for table in last.keys() & tables.keys() & counting:
            execute(connection, f"ALTER TABLE {quote(table)} AUTO_INCREMENT = {last[table] + 1}")
    elif inspect(connection).has_table("sqlite_sequence"):
        for table in last.keys() & tables.keys() & _sqlite_counting(connection):
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table})
            values = {"name": table, "last": last[table]}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)


def _read_mysql_counting(connection: Connection) -> set[str]:
    query = text(
        "SELECT table_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND extra LIKE '%auto_increment%'"
    )
    return set(connection.scalars(query))


def _sqlite_counting(connection: Connection) -> set[str]:
    """Tables that remember; all others count on from the highest that is there."""
    query = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
    return set(connection.scalars(query))
