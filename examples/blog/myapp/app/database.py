"""The database: what every model can do, and how a transaction begins and ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Connection, Engine, MetaData, Table, event, inspect
from sqlalchemy.orm import DeclarativeBase, Query

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

TABLE_OPTIONS = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"}
"""Makes MariaDB and MySQL compare text as the other databases do: exactly."""


class Base(DeclarativeBase):
    """What all models have in common."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    __table_args__: Any = TABLE_OPTIONS
    if TYPE_CHECKING:
        query: ClassVar[Query[Any]]

    def __repr__(self) -> str:
        """Name the row by its key and its first text, from what is loaded."""
        public = public_columns(type(self))
        names = [name for name, column in public.items() if column.primary_key]
        others = [name for name in public if name not in names]
        names += [name for name in others if isinstance(vars(self).get(name), str)][:1]
        shown = " ".join(f"{name}={vars(self).get(name)!r}" for name in names)
        return f"<{type(self).__name__} {shown}>"

    def to_dict(self) -> dict[str, Any]:
        """Return the row's columns by name, secrets left out."""
        return {name: getattr(self, name) for name in public_columns(type(self))}


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def all_models() -> list[type[Model]]:
    """Return the models, parents before children."""
    by_table = {mapper.local_table: mapper.class_ for mapper in Model.registry.mappers}
    return [by_table[table] for table in db.metadata.sorted_tables if table in by_table]


def table_of(model: type[Model]) -> Table:
    """Return a model's table."""
    return db.metadata.tables[model.__tablename__]


def columns(model: type[Model]) -> dict[str, Column[Any]]:
    """Return a model's columns by the names of their attributes."""
    return {
        attribute.key: attribute.columns[0]
        for attribute in inspect(model).column_attrs
        if isinstance(attribute.columns[0], Column)
    }


def public_columns(model: type[Model]) -> dict[str, Column[Any]]:
    """Return the columns that may be shown: all but those marked `info={"secret": ...}`."""
    return {name: column for name, column in columns(model).items() if "secret" not in column.info}


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Commit at the end of the block, or roll back if it fails.

    with unit_of_work():
        db.session.add(User(username="ann"))
    """
    if not db.session().in_transaction():
        db.session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite keep foreign keys, let readers read while one writes, and wait for a lock."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # transactions are begun below
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


@event.listens_for(Engine, "begin")
def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; one that will write takes the lock at once, so no update is lost."""
    if connection.dialect.name == "sqlite":
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")
