"""Indexes and foreign keys that wait until the data are there, which is faster than keeping them up.

They are taken down by the database's own description of them and put up from it again. The description is kept in the
ledger meanwhile, so a load that is killed at any point puts up what is missing when it is completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from sqlalchemy import Connection, inspect, text

from outgrow.database.engine import execute

Kind = Literal["index", "foreign key"]
UNPROVED = " NOT VALID"
"""How PostgreSQL's words for a foreign key end that it hasn't compared all rows by."""


@dataclass(frozen=True)
class Waiting:
    """Something of a table that waits: its name, and the database's words for it."""

    table: str
    kind: Kind
    name: str
    definition: str


def find_waiting(connection: Connection, tables: Iterable[str]) -> list[Waiting]:
    """What can wait: indexes that aren't unique; on servers also foreign keys, which they would check row by row."""
    find = _FIND[connection.dialect.name]
    return [each for table in tables for each in find(connection, table)]


def take_down(connection: Connection, waiting: Iterable[Waiting]) -> None:
    """Drop what is there of these: keys first, as they need indexes."""
    there = _those_there(connection, waiting)
    for each in sorted(there, key=lambda each: each.kind == "index"):
        execute(connection, _drop(connection, each))


def put_up(connection: Connection, waiting: Iterable[Waiting]) -> None:
    """Make what is missing of these: all that one table of MariaDB lacks in one go, which reads it once."""
    there = _those_there(connection, waiting)
    missing = sorted((each for each in waiting if each not in there), key=lambda each: each.kind != "index")
    if connection.dialect.name == "mysql":
        for kind in ("index", "foreign key"):
            some = sorted((each for each in missing if each.kind == kind), key=lambda each: each.table)
            for table, group in groupby(some, key=lambda each: each.table):
                parts = ", ADD ".join(each.definition for each in group)
                execute(connection, f"ALTER TABLE {_quote(connection, table)} ADD {parts}")
        return
    for each in missing:
        statement = each.definition
        if each.kind == "foreign key":
            head = f"ALTER TABLE {_quote(connection, each.table)} ADD CONSTRAINT {_quote(connection, each.name)}"
            statement = f"{head} {statement}"
        execute(connection, statement)


def put_up_unproved(connection: Connection, keys: Iterable[Waiting]) -> None:
    """Make what is missing of these foreign keys of PostgreSQL, which hold for new rows, until they are proved."""
    put_up(connection, [replace(each, definition=f"{each.definition}{UNPROVED}") for each in keys])


def statements_left(connection: Connection, waiting: Iterable[Waiting]) -> list[list[str]]:
    """What is to be done yet on PostgreSQL, table by table: missing indexes, and keys that aren't proved."""
    waiting = list(waiting)
    there = {(each.table, each.name): each for each in find_waiting(connection, {each.table for each in waiting})}
    work: dict[str, list[str]] = {}
    for each in sorted(waiting, key=lambda each: each.kind != "index"):
        known = there.get((each.table, each.name))
        if known is None:
            work.setdefault(each.table, []).append(each.definition)
        elif known.definition.endswith(UNPROVED):
            table, name = _quote(connection, each.table), _quote(connection, each.name)
            work.setdefault(each.table, []).append(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    return list(work.values())


@contextmanager
def keys_set_aside(connection: Connection) -> Iterator[None]:
    """Let rows be written in any order within a transaction: foreign keys hold again at its end.

    PostgreSQL checks each row, and can be told otherwise only by dropping keys, which its transactions cover.
    The others don't check in sessions that load.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    waiting = [each for each in find_waiting(connection, inspect(connection).get_table_names()) if each.kind != "index"]
    take_down(connection, waiting)
    yield
    put_up(connection, waiting)


def _those_there(connection: Connection, waiting: Iterable[Waiting]) -> set[Waiting]:
    waiting = list(waiting)
    there = {(each.table, each.kind, each.name) for each in find_waiting(connection, {each.table for each in waiting})}
    return {each for each in waiting if (each.table, each.kind, each.name) in there}


def _quote(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)


def _drop(connection: Connection, each: Waiting) -> str:
    table, name = _quote(connection, each.table), _quote(connection, each.name)
    if connection.dialect.name == "mysql":
        return f"ALTER TABLE {table} DROP {'KEY' if each.kind == 'index' else 'FOREIGN KEY'} {name}"
    return f"DROP INDEX {name}" if each.kind == "index" else f"ALTER TABLE {table} DROP CONSTRAINT {name}"


def _find_in_sqlite(connection: Connection, table: str) -> Iterator[Waiting]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL")
    for name, sql in connection.execute(query, {"table": table}).all():
        if not sql.upper().startswith("CREATE UNIQUE"):
            yield Waiting(table, "index", name, sql)


def _find_in_postgresql(connection: Connection, table: str) -> Iterator[Waiting]:
    indexes = text(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "WHERE i.indrelid = CAST(:table AS regclass) AND NOT i.indisunique AND NOT i.indisprimary"
    )
    keys = text(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = CAST(:table AS regclass) AND contype = 'f'"
    )
    quoted = {"table": _quote(connection, table)}
    for name, definition in connection.execute(indexes, quoted).all():
        yield Waiting(table, "index", name, definition)
    for name, definition in connection.execute(keys, quoted).all():
        yield Waiting(table, "foreign key", name, definition)


def _find_in_mysql(connection: Connection, table: str) -> Iterator[Waiting]:
    row = execute(connection, f"SHOW CREATE TABLE {_quote(connection, table)}").mappings().one()
    for line in row["Create Table"].splitlines():
        found = re.match(r"  (CONSTRAINT `((?:[^`]|``)+)` FOREIGN KEY .*?|KEY `((?:[^`]|``)+)` .*?),?$", line)
        if found:
            kind: Kind = "foreign key" if found[2] else "index"
            yield Waiting(table, kind, (found[2] or found[3]).replace("``", "`"), found[1])


_FIND: dict[str, Callable[[Connection, str], Iterator[Waiting]]] = {
    "sqlite": _find_in_sqlite,
    "postgresql": _find_in_postgresql,
    "mysql": _find_in_mysql,
}
