"""The database: what every model can do, and how a transaction begins and ends."""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ContextDecorator
from functools import wraps
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, Connection, MetaData, Table, event, func, inspect, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Query, Session

P = ParamSpec("P")
T = TypeVar("T")

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all models have in common."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    if TYPE_CHECKING:
        query: ClassVar[Query[Any]]

    def __repr__(self) -> str:
        """Name the row by its key and its first text, from what is loaded."""
        public, loaded = public_columns(type(self)), dict(vars(self))
        names = [name for name, column in columns(type(self)).items() if column.primary_key]
        if (identity := inspect(self).identity) is not None:
            loaded |= dict(zip(names, identity, strict=True))
        others = [name for name in public if name not in names]
        names += [name for name in others if isinstance(loaded.get(name), str)][:1]
        shown = " ".join(f"{name}={loaded.get(name)!r}" for name in names)
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


class unit_of_work(ContextDecorator):
    """Commit at the end of the block, or roll back if it fails; one within another joins it.

    with unit_of_work():
        db.session.add(User(username="ann"))

    As a decorator, `@unit_of_work()`, it runs the function again where the database asks for that
    (a deadlock, a lock, a lost race) or is lost, so the function must read anew whatever it builds upon.
    With `repeatable`, it does so too where nobody knows whether it was stored: what was must do no harm.
    """

    def __init__(self, *, repeatable: bool = False) -> None:
        self.repeatable = repeatable

    def __enter__(self) -> None:
        session = db.session()
        if not session.info.get("units") and not session.in_transaction():
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
        session.info["units"] = session.info.get("units", 0) + 1

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        session = db.session()
        session.info["units"] -= 1
        failed = session.info.pop("failed", False) or kind is not None
        if session.info["units"] and not failed:
            return
        try:
            if not failed:
                commit(session)
        finally:
            session.rollback()
        if session.info["units"]:
            session.info["failed"] = True
        elif kind is None and failed:
            raise RuntimeError("A unit of work within this one failed: nothing was committed.")

    def __call__(self, work: Callable[P, T]) -> Callable[P, T]:  # type: ignore[override]
        @wraps(work)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            until = time.monotonic() + SECONDS_TO_TRY
            for attempt in count():
                try:
                    with unit_of_work():
                        return work(*args, **kwargs)
                except (DBAPIError, OutcomeUnknown) as error:
                    again = may_pass(error) if isinstance(error, DBAPIError) else self.repeatable
                    is_inner = bool(db.session().info.get("units"))
                    if is_inner or not again or time.monotonic() > until:
                        raise
                counters["retries"] += 1
                time.sleep(random.uniform(0, min(0.02 * 2**attempt, 0.5)))
            raise AssertionError("the last try returns or raises")

        return run


SECONDS_TO_TRY = 8
"""After this long a unit of work is given up; the client is told to come back."""

PASSING = {"40001", "40P01", 1020, 1047, 1205, 1213, 3101, 8002, 8005, 9007, 8022, 8028}
"""What PostgreSQL (SQLSTATE), MariaDB, MySQL and TiDB (numbers) report when a transaction has to be
run again, nothing of which is stored: deadlocks, lock timeouts, changes since it began, a node that
has left its cluster."""

LOST = {"25006", 1053, 1180, 1290, 1836, 2003, 2006, 2013}
"""What they report when a server goes away, can't be reached, or may only be read since another has taken
its place; or when a cluster can't agree."""

counters = Counter[str]()
"""What `/ready` and the log tell of this process."""


class OutcomeUnknown(Exception):
    """The database was lost while it stored a transaction: all of that may be there, or nothing."""


def commit(session: Session) -> None:
    """Store a transaction; raises OutcomeUnknown if nobody knows whether that was done."""
    session.flush()
    try:
        session.commit()
    except DBAPIError as error:
        if error.connection_invalidated and not codes(error.orig) & PASSING:
            raise OutcomeUnknown from error
        raise


def may_pass(error: DBAPIError) -> bool:
    """Say whether the same transaction, which wasn't stored, may succeed if it is run again."""
    cause: Any = error.orig
    if error.connection_invalidated:
        return True
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
    is_unreachable = isinstance(error, OperationalError) and getattr(cause, "sqlstate", "") is None  # says psycopg
    return is_unreachable or bool(codes(cause) & (PASSING | LOST))


def codes(cause: Any) -> set[Any]:
    """Return by what number or SQLSTATE a driver's error is known."""
    found = (*getattr(cause, "args", ())[:1], getattr(cause, "sqlstate", None))
    return {each for each in found if isinstance(each, int | str)}


def in_order(column: Any) -> tuple[Any, Any]:
    """Return what to sort a list by: the places of its items, those without a place last."""
    return column.is_(None), column


@event.listens_for(Table, "before_create")
def compare_exactly(table: Table, connection: Connection, **_: object) -> None:
    """Make MariaDB and MySQL compare text as other databases do, also in the tables of revisions.

    Their usual collations hold "a", "A", "á" and "a " for the same key.
    """
    dialect = connection.dialect
    if dialect.name in ("mysql", "mariadb"):
        is_mariadb = getattr(dialect, "is_mariadb", False)
        table.dialect_kwargs[f"{dialect.name}_charset"] = "utf8mb4"
        table.dialect_kwargs[f"{dialect.name}_collate"] = "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"


@event.listens_for(db.session, "before_flush")
def see_chosen_keys(session: Session, *_: object) -> None:
    """See which columns get numbers that somebody chose, where PostgreSQL would give them."""
    for row in session.new if session.get_bind().dialect.name == "postgresql" else ():
        names = {column: name for name, column in columns(type(row)).items()}
        column = table_of(type(row)).autoincrement_column
        if column is not None and getattr(row, names[column]) is not None:
            session.info.setdefault("chosen", set()).add(column)


@event.listens_for(db.session, "after_flush")
def count_on_from_chosen_keys(session: Session, _context: object) -> None:
    """Let PostgreSQL give numbers beyond those that were chosen, as other databases do."""
    for column in session.info.pop("chosen", ()):
        table = session.connection().dialect.identifier_preparer.format_table(column.table)
        sequence = func.pg_get_serial_sequence(table, column.name)
        last = select(func.max(column)).scalar_subquery()
        given = func.coalesce(func.pg_sequence_last_value(sequence.cast(REGCLASS)), 0)
        session.execute(select(func.setval(sequence, last)).where(last > given))
