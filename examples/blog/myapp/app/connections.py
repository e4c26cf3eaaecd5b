"""Connections: how each is set up, how a transaction begins on it, and when it is of no more use."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, ExceptionContext, event

from app.database import codes, db

ENDED = {"25006", 1047, 1053, 1180, 1213, 1290, 1836}
"""After these a connection is no good any more: its server is no longer the one to write to, or MariaDB has
rolled back (1213) and would take the next statement for a new transaction's first."""


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: object) -> None:
    """Make SQLite keep foreign keys, tell A from a when it searches, read while one writes, and wait for a lock."""
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None  # transactions are begun below
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA case_sensitive_like = ON")
        connection.execute("PRAGMA busy_timeout = 5000")
        with suppress(sqlite3.OperationalError):  # another process is writing: a later connection will do it
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


@event.listens_for(Engine, "begin")
def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; one that will write takes the lock at once, so no update is lost."""
    if connection.dialect.name == "sqlite":
        kind = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {kind}")


@event.listens_for(Engine, "handle_error")
def leave_ended_transactions(context: ExceptionContext) -> None:
    """Let nothing more be sent in a transaction that has ended, and leave a server that isn't the one to write to."""
    if known := codes(context.original_exception) & ENDED:
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = known != {1213}


def store_as_given(connection: Any, _record: object) -> None:
    """Keep MariaDB and MySQL from cutting what doesn't fit, and from giving a number in place of the key 0."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO')")


def encode_password(_dialect: Any, _record: object, _words: Any, given: dict[str, Any]) -> None:
    """Send a password as UTF-8, which PyMySQL would take for Latin-1."""
    if isinstance(given.get("password"), str):
        given["password"] = given["password"].encode()


def wait_for_other_nodes(connection: Any, _record: object) -> None:
    """Let each read on a Galera cluster wait until its node has what was written before on any."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("SHOW VARIABLES LIKE 'wsrep_sync_wait'")
        if cursor.fetchone():
            cursor.execute("SET SESSION wsrep_sync_wait = 1")


def init_app(app: Flask) -> None:
    """Set up the connections of this application."""
    with app.app_context():
        if db.engine.dialect.name in ("mysql", "mariadb"):
            event.listen(db.engine, "connect", store_as_given)
            if db.engine.dialect.driver == "pymysql":
                event.listen(db.engine, "do_connect", encode_password)
            if app.config["GALERA_SYNC_WAIT"]:
                event.listen(db.engine, "connect", wait_for_other_nodes)
