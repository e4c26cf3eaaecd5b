"""Where the tests keep their rows: in files of SQLite, or in the database that TEST_DATABASE_URL names.

    TEST_DATABASE_URL=postgresql://me:secret@localhost/for_tests pytest

That database must be empty, and is so again afterwards. The tables are made once; before each test they
are emptied of what the test before has left. One run at a time can use a database.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from app import create_app, db
from app.auth import token_hash, tokens
from app.config import Config
from app.database_url import split_url

TOKEN = "a token for the tests"
VARIABLE = "TEST_DATABASE_URL"

about_sqlite = pytest.mark.skipif(bool(os.environ.get(VARIABLE)), reason="this is about SQLite")


def new_app(url: str) -> Flask:
    """Return an application on the database at a URL."""
    app = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": url}))
    app.testing = True
    return app


def make_tables(url: str) -> None:
    """Run `flask db upgrade`."""
    with new_app(url).app_context():
        upgrade()
        db.engine.dispose()


def keep_only_our_token(connection: sa.Connection) -> None:
    """Let the tests' own token be the only one."""
    digest = token_hash(TOKEN)
    connection.execute(tokens.delete().where(tokens.c.sha256 != digest))
    if not connection.scalar(sa.select(tokens.c.id)):
        connection.execute(tokens.insert().values(name="tests", sha256=digest, may_write=True))


class Files:
    """A file that is made anew for each test: a copy of one in which tables are made once."""

    def __init__(self, folder: Path) -> None:
        self.file, self.original = folder / "tests.db", folder / "original.db"
        self.url = f"sqlite:///{self.file}"

    def drop_tables(self) -> None:
        """Let nothing be in the database."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.file}{suffix}").unlink(missing_ok=True)

    def make_tables(self) -> None:
        """Let empty tables be in the database."""
        self.drop_tables()
        if not self.original.exists():
            make_tables(self.url)
            engine = sa.create_engine(self.url)
            with engine.begin() as connection:
                keep_only_our_token(connection)
            engine.dispose()
            shutil.copy(self.file, self.original)
        else:
            shutil.copy(self.original, self.file)

    def close(self) -> None:
        """Leave the files to pytest, which keeps those of its last runs."""


class Server:
    """One database for all tests, made as new for each."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(split_url(url)[0], isolation_level="AUTOCOMMIT")
        self.is_postgresql = self.engine.dialect.name == "postgresql"
        self.made: set[str] = set()
        if there := self.tables():
            self.engine.dispose()
            some = ", ".join(sorted(there)[:5])
            pytest.exit(
                f"{VARIABLE}: the database holds tables ({some} …). The tests would lose what is in them, so they "
                "take an empty database only. If a run that was killed has left them, make the database anew.",
                returncode=4,
            )

    def tables(self) -> set[str]:
        """Return the names of the tables that are there."""
        return set(sa.inspect(self.engine).get_table_names())

    def drop_tables(self) -> None:
        """Let nothing be in the database."""
        self.drop(self.tables())

    def make_tables(self) -> None:
        """Make the tables as the revisions do, or empty them."""
        there = self.tables()
        if self.made and self.made <= there:
            self.drop(there - self.made)
            self.empty()
        else:
            self.drop(there)
            make_tables(self.url)
            self.made = self.tables()
        with self.connect() as connection:
            keep_only_our_token(connection)

    def connect(self) -> sa.Connection:
        """Return a connection that doesn't mind foreign keys, nor waits long for a test that still holds a lock."""
        connection = self.engine.connect()
        without_keys = "SET foreign_key_checks = 0, lock_wait_timeout = 10"
        connection.exec_driver_sql("SET lock_timeout = '10s'" if self.is_postgresql else without_keys)
        return connection

    def quoted(self, names: set[str]) -> list[str]:
        """Return names as they stand in SQL."""
        return [self.engine.dialect.identifier_preparer.quote(name) for name in sorted(names)]

    def drop(self, names: set[str]) -> None:
        """Drop tables, whatever refers to them."""
        if names:
            with self.connect() as connection:
                connection.exec_driver_sql(f"DROP TABLE {', '.join(self.quoted(names))} CASCADE")

    def empty(self) -> None:
        """Empty the tables in which something is, and let their keys be counted from 1 again."""
        tables = [table for table in db.metadata.sorted_tables if table is not tokens]
        is_filled = [sa.exists().select_from(table).label(table.name) for table in tables]
        with self.connect() as connection:
            filled = {
                name for name, answer in connection.execute(sa.select(*is_filled)).mappings().one().items() if answer
            }
            names = self.quoted(filled)
            if self.is_postgresql and names:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
            for name in names if not self.is_postgresql else ():
                connection.exec_driver_sql(f"TRUNCATE {name}")

    def close(self) -> None:
        """Leave the database as it was found."""
        self.drop(self.tables())
        self.engine.dispose()


def find_databases(folder: Path) -> Files | Server:
    """Return where the tests keep their rows; ends the run if they can't be kept where the environment says."""
    url = os.environ.get(VARIABLE)
    if not url:
        return Files(folder)
    if url.startswith("sqlite"):
        pytest.exit(f"{VARIABLE} is for servers; without it the tests are on SQLite.", returncode=4)
    try:
        return Server(url)
    except (sa.exc.SQLAlchemyError, ImportError, ValueError) as error:
        why = str(getattr(error, "orig", None) or error).removeprefix("DATABASE_URL: ")
        pytest.exit(f"{VARIABLE}: {why}", returncode=4)
