"""Opens databases for loading, and maps what drivers raise to errors that say what to do."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Table, create_engine, event, inspect
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from outgrow.database.advice import advise, is_passing
from outgrow.database.url import show_url
from outgrow.errors import DatabaseError

BUSY_SECONDS = 10
# A killed process loses nothing with these: the journal rolls its transaction back. What the system has not
# written yet when it crashes itself may be lost, so a load ends with `sync`. The app sets its own.
LOADING = ("journal_mode=DELETE", "synchronous=OFF")
ALWAYS = ("foreign_keys=OFF", "temp_store=FILE", "cache_size=-16000")

LOCK = 7_041_777
"""The number by which programs know who loads; the app's revisions have another one."""

# NO_AUTO_VALUE_ON_ZERO: else a record whose key is 0 would get another one.
MYSQL_MODE = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION"


def open_engine(url: URL, *, loading: bool = False, changing: bool = False) -> Engine:
    """An engine for reading beside a running app; for `loading` new tables, fast; for `changing` a database in use.

    For both of the latter nobody else may load. Constraints are checked at the end of a load, not at each row.
    """
    opened = {"sqlite": _open_sqlite, "postgresql": _open_postgresql, "mysql": _open_mysql}
    return opened[url.get_backend_name()](url, loading, changing)


def _open_sqlite(url: URL, loading: bool, changing: bool) -> Engine:
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


def _open_postgresql(url: URL, loading: bool, changing: bool) -> Engine:
    alone = loading or changing
    statements = ["SET datestyle TO ISO", "SET timezone TO UTC", "SET client_min_messages TO warning"]
    if alone:
        statements.append(f"SET lock_timeout TO '{BUSY_SECONDS}s'")
        statements.append(f"SELECT pg_advisory_lock({LOCK})")
    # Prepared statements would be another server's, behind a pooler such as PgBouncer.
    return _open_server(url, statements, alone, prepare_threshold=None, client_encoding="utf8")


def _open_mysql(url: URL, loading: bool, changing: bool) -> Engine:
    alone = loading or changing
    statements = [f"SET SESSION sql_mode = '{MYSQL_MODE}'"]
    if alone:
        statements.append("SET SESSION foreign_key_checks = 0")
        statements.append(f"SELECT GET_LOCK({named_lock(LOCK)}, {BUSY_SECONDS}) = 1")
    return _open_server(url, statements, alone, local_infile=alone)


def _open_server(url: URL, statements: list[str], alone: bool, **arguments: Any) -> Engine:
    """An engine whose sessions start with some statements; one that loads has a single session, which has the lock."""
    pool = {"pool_size": 1, "max_overflow": 0, "pool_timeout": BUSY_SECONDS} if alone else {}
    isolation = "REPEATABLE READ"  # all that a transaction reads is of one moment
    engine = create_engine(url, isolation_level=isolation, hide_parameters=True, connect_args=arguments, **pool)

    @event.listens_for(engine, "do_connect")
    def _encode(_dialect: Any, _record: Any, _words: Any, given: dict[str, Any]) -> None:
        if engine.name == "mysql" and isinstance(given.get("password"), str):
            given["password"] = given["password"].encode()  # PyMySQL would take it for Latin-1

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if statement.startswith("SELECT") and cursor.fetchone()[0] in (0, None):
                    raise DatabaseError(
                        f"{show_url(url)}: another program is loading into this database",
                        hint="Wait for it, or stop it; then run the command again.",
                    )
        connection.commit()

    return engine


@event.listens_for(Table, "before_create")
def _compare_exactly(table: Table, connection: Connection, **_: object) -> None:
    """Give a new table of MariaDB or MySQL a collation in which every letter and every blank counts."""
    dialect = connection.dialect
    if dialect.name == "mysql":
        is_mariadb = getattr(dialect, "is_mariadb", False)
        table.dialect_kwargs["mysql_charset"] = "utf8mb4"
        table.dialect_kwargs["mysql_collate"] = "utf8mb4_nopad_bin" if is_mariadb else "utf8mb4_0900_bin"


@contextmanager
def begin(engine: Engine) -> Iterator[Connection]:
    """A transaction whose errors are ours."""
    with mapped_errors(engine.url), engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
            transaction.commit()
        except BaseException:
            try:
                transaction.rollback()
            except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error):  # the connection is lost: that is not the news
                connection.invalidate()
            raise


@contextmanager
def mapped_errors(url: URL) -> Iterator[None]:
    """Turn what SQLAlchemy and the driver raise into DatabaseError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, url.get_dialect().import_dbapi().Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        mapped = DatabaseError(f"{show_url(url)}: {first_lines(cause)}", hint=advise(url, cause))
        mapped.is_passing = is_passing(cause)
        raise mapped from error


def first_lines(error: BaseException) -> str:
    """What an error says, without the values that PostgreSQL repeats under DETAIL, and without MySQL's brackets."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None and diagnosis.message_primary:
        return str(diagnosis.message_primary)
    if len(error.args) == 2 and isinstance(error.args[0], int):
        return f"{error.args[1]} (error {error.args[0]})"
    return " ".join(str(error).split())


def execute(connection: Connection, statement: str) -> CursorResult[Any]:
    """Run a statement as it is, whatever the driver takes for the mark of a parameter."""
    marked = connection.dialect.paramstyle in ("format", "pyformat")
    return connection.exec_driver_sql(statement.replace("%", "%%") if marked else statement)


def table_names(engine: Engine) -> list[str]:
    """The tables that the database holds."""
    with mapped_errors(engine.url):
        return inspect(engine).get_table_names()


def drop_tables(engine: Engine, names: Sequence[str]) -> None:
    """Drop tables, whichever refers to which; the engine is one that loads."""
    with begin(engine) as connection:
        quote, cascade = connection.dialect.identifier_preparer.quote_identifier, engine.name == "postgresql"
        for name in names:
            execute(connection, f"DROP TABLE {quote(name)}{' CASCADE' if cascade else ''}")


def column_facts(engine: Engine, table: str) -> dict[str, tuple[bool, bool]]:
    """Per column of a table: whether it may be null, and whether it has a default."""
    with mapped_errors(engine.url):
        columns = inspect(engine).get_columns(table)
    return {column["name"]: (bool(column["nullable"]), column.get("default") is not None) for column in columns}


def sync(url: URL) -> None:
    """Wait until the disk has all of a database file; servers see to it at each commit."""
    if url.get_backend_name() == "sqlite" and url.database:
        with Path(url.database).open("rb") as file:
            os.fsync(file.fileno())


def check_there(url: URL) -> None:
    """Refuse an SQLite file that isn't there, for to open one makes it; raises DatabaseError."""
    if new_files(url):
        hint = "Check DATABASE_URL: the environment's comes before that in the app's .env."
        raise DatabaseError(f"there is no {url.database}, which the app's data should be in", hint=hint)


def new_files(url: URL) -> list[Path]:
    """What an SQLite database will be made of that isn't there yet; none of one that is: others may be using it."""
    if url.get_backend_name() != "sqlite" or not url.database or Path(url.database).exists():
        return []
    return [Path(url.database + suffix) for suffix in ("", "-journal", "-wal", "-shm")]


def named_lock(number: int) -> str:
    """The name of a lock of MariaDB and MySQL, whose locks are shared by all databases of a server."""
    return f"LEFT(CONCAT('{number} ', DATABASE()), 64)"


def make_folder(url: URL) -> None:
    """Make the folder that an SQLite file shall lie in."""
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
