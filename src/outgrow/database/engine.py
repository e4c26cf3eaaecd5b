"""Opens databases for loading, and maps what drivers raise to errors that say what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from outgrow.database.url import show_url
from outgrow.errors import DatabaseError

BUSY_SECONDS = 10
# A killed process loses nothing with these: the journal rolls its transaction back. What the system has not
# written yet when it crashes itself may be lost, so a load ends with `sync`. The app sets its own.
LOADING = ("journal_mode=DELETE", "synchronous=OFF")
ALWAYS = ("foreign_keys=OFF", "temp_store=FILE", "cache_size=-16000")


def open_engine(url: URL, *, loading: bool = False, changing: bool = False) -> Engine:
    """An engine for reading beside a running app; for `loading` new tables, fast; for `changing` a database in use.

    Both of the latter take the lock at once. Constraints are checked at the end of a load, not at each row.
    """
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (*ALWAYS, *(LOADING if loading else ())):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if loading or changing else "BEGIN")

    return engine


@contextmanager
def begin(engine: Engine) -> Iterator[Connection]:
    """A transaction whose errors are ours."""
    with mapped_errors(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def mapped_errors(url: URL) -> Iterator[None]:
    """Turn what SQLAlchemy and the driver raise into DatabaseError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise DatabaseError(f"{show_url(url)}: {cause}", hint=_advise(str(cause))) from error


UPGRADE = "The database isn't what the app's revisions make. Run `flask db upgrade` in the app's folder."


def _advise(text: str) -> str:
    cures = {
        "locked": "Another program is writing to the database. Stop it, and run the command again.",
        "full": "Make room on the disk, and run the command again.",
        "unable to open": "Check that the folder exists and that you may write to it.",
        "readonly": "Check that you may write to the file and its folder.",
        "malformed": "The file is damaged. Restore it, or convert again into a new one.",
        "not a database": "The file is no SQLite database. Name another one.",
        "no such table": UPGRADE,
        "no such column": UPGRADE,
    }
    return next((cure for word, cure in cures.items() if word in text), "Nothing of the unfinished batch was kept.")


def table_names(engine: Engine) -> list[str]:
    """The tables that the database holds."""
    with mapped_errors(engine.url):
        return inspect(engine).get_table_names()


def column_facts(engine: Engine, table: str) -> dict[str, tuple[bool, bool]]:
    """Per column of a table: whether it may be null, and whether it has a default."""
    with mapped_errors(engine.url):
        columns = inspect(engine).get_columns(table)
    return {column["name"]: (bool(column["nullable"]), column.get("default") is not None) for column in columns}


def sync(url: URL) -> None:
    """Wait until the disk has all of a database file."""
    if url.database:
        with Path(url.database).open("rb") as file:
            os.fsync(file.fileno())


def make_folder(url: URL) -> None:
    """Make the folder that an SQLite file shall lie in."""
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
