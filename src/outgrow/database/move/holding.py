"""Keeps others from writing to a database while it is read; whoever only reads goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, inspect

from outgrow.database.bulk.statements import REFERRED
from outgrow.database.engine import begin, execute


@contextmanager
def held(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nothing is written but by nobody; the engine is one that changes.

    SQLite locks the file at its beginning. Servers lock all tables; on MariaDB and MySQL, whose locks are by the
    name that a statement gives a table, also by the name that our own join gives it; they end with the session.
    """
    with begin(engine) as connection:
        names = [] if engine.name == "sqlite" else inspect(connection).get_table_names()
    quote = engine.dialect.identifier_preparer.quote_identifier
    with begin(engine) as connection:
        if names and engine.name == "postgresql":
            execute(connection, f"LOCK TABLE {', '.join(map(quote, names))} IN SHARE MODE")
        elif names:
            locks = [f"{quote(name)} READ, {quote(name)} AS {quote(REFERRED + name)} READ" for name in names]
            execute(connection, f"LOCK TABLES {', '.join(locks)}")
        yield connection
