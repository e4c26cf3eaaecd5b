"""What a database holds, by its own description: tables, their columns, what each can hold. The plan isn't asked."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Inspector, inspect, text
from sqlalchemy.exc import SAWarning

from outgrow.database.bulk.mysql import MysqlBulk
from outgrow.database.migrate import STEPS_TABLE, VERSION_TABLE
from outgrow.database.move.kinds import Kind, kind_of

CLAIM = "outgrow_move"
"""The table by which a database is known to be the target of a move that isn't finished."""

NOT_MOVED = (VERSION_TABLE, CLAIM, STEPS_TABLE)


@dataclass(frozen=True)
class ColumnFacts:
    """A column: what it can hold; whether the database computes it; whether it needs a value."""

    name: str
    kind: Kind
    is_computed: bool
    is_required: bool


@dataclass(frozen=True)
class TableFacts:
    """A table, its columns in order, and its primary key."""

    name: str
    columns: Mapping[str, ColumnFacts] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()


def describe(connection: Connection) -> dict[str, TableFacts]:
    """The tables that a move is about."""
    connection.info.pop("types", None)  # what is known of columns may be from before some were added
    inspector = inspect(connection)
    left_out = {*NOT_MOVED, *virtual_tables(connection)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # a type that SQLAlchemy doesn't know is one of a kind for us, too
        names = [name for name in inspector.get_table_names() if name not in left_out]
        return {name: _describe(connection, inspector, name) for name in sorted(names)}


def _describe(connection: Connection, inspector: Inspector, table: str) -> TableFacts:
    dialect = connection.dialect
    is_mariadb = bool(getattr(dialect, "is_mariadb", False))
    types = MysqlBulk(connection).types_of(table) if dialect.name == "mysql" else {}
    columns = {}
    for column in inspector.get_columns(table):
        name = column["name"]
        kind = kind_of(column["type"], dialect.name, is_json=types.get(name, ("", False))[1], is_mariadb=is_mariadb)
        is_given = column["nullable"] or column.get("default") is not None or bool(column.get("identity"))
        is_counted = column.get("autoincrement") is True
        columns[name] = ColumnFacts(name, kind, bool(column.get("computed")), not (is_given or is_counted))
    key = inspector.get_pk_constraint(table)["constrained_columns"]
    return TableFacts(table, columns, tuple(key))


def virtual_tables(connection: Connection) -> list[str]:
    """SQLite's virtual tables and those that they keep their things in: a search index, for one."""
    if connection.dialect.name != "sqlite" or sqlite3.sqlite_version_info < (3, 37):
        return []
    query = text("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('virtual', 'shadow')")
    return sorted(connection.scalars(query))


def other_objects(connection: Connection) -> dict[str, list[str]]:
    """What a database has besides tables: views, triggers, types."""
    inspector: Any = inspect(connection)
    types = [each["name"] for each in inspector.get_enums()] if connection.dialect.name == "postgresql" else []
    return {
        "views": sorted(inspector.get_view_names()),
        "triggers": sorted(connection.scalars(text(TRIGGERS[connection.dialect.name]))),
        "types": sorted(types),
    }


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT DISTINCT trigger_name::text FROM information_schema.triggers "
    "WHERE trigger_schema = current_schema()",
    "mysql": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()",
}


def versions(connection: Connection) -> list[str]:
    """The revisions that a database stands at."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return []
    return sorted(connection.scalars(text(f"SELECT version_num FROM {VERSION_TABLE}")))  # noqa: S608 (a constant)
