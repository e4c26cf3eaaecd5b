"""What a server will refuse, found out beforehand: what it is, what it allows, and whether it takes the tables.

The tables are tried for real and nothing of them stays: PostgreSQL makes them in a transaction that is undone,
MariaDB and MySQL make temporary ones, without the foreign keys that such tables can't have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from outgrow.database.advice import advise
from outgrow.database.engine import execute, first_lines, mapped_errors
from outgrow.record import Finding

TRIED = {"postgresql": (13, 0), "mariadb": (10, 6), "mysql": (8, 0)}
"""The oldest versions whose features the app and the loader build upon."""

RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES")
FOREIGN_KEY = re.compile(r",\s*CONSTRAINT \S+ FOREIGN KEY\([^)]*\) REFERENCES [^(\n]*\([^)]*\)[^,\n]*")


def try_server(engine: Engine, statements: Sequence[str], longest: int) -> list[Finding]:
    """Say what the server would refuse of the tables that these statements make, or of a text of so many characters."""
    if engine.name == "sqlite":
        return []
    with mapped_errors(engine.url), engine.connect() as connection:
        version = tuple(connection.dialect.server_version_info or ())
        kind = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else engine.name
        findings = list(_look_at_version(kind, version))
        look, make = (_look_at_postgresql, _try_all) if kind == "postgresql" else (_look_at_mysql, _try_each)
        findings += look(connection, longest)
        connection.rollback()
        findings += make(connection, statements)
        connection.rollback()
    return findings


def _look_at_version(kind: str, version: tuple[Any, ...]) -> Iterator[Finding]:
    shown = ".".join(map(str, version[:2]))
    if version[:2] < TRIED[kind]:
        oldest = ".".join(map(str, TRIED[kind]))
        yield Finding("error", f"the server is {kind} {shown}; the app needs {oldest} or newer")
    if kind == "mysql":
        said = "MySQL is expected to work but not tested; it orders the keys of JSON values anew, which verify reports"
        yield Finding("warning", said)


def _look_at_postgresql(connection: Connection, longest: int) -> Iterator[Finding]:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        cure = 'make another one: CREATE DATABASE name ENCODING "UTF8" TEMPLATE template0'
        yield Finding("error", f"the database is written in {encoding}, not in UTF8: {cure}")
    if longest >= 1 << 28:
        yield Finding("error", f"a text has {longest} characters; PostgreSQL takes up to a gigabyte")


def _look_at_mysql(connection: Connection, longest: int) -> Iterator[Finding]:
    query = "SHOW VARIABLES WHERE Variable_name IN ('max_allowed_packet', 'local_infile')"
    settings: dict[str, str] = {row[0]: row[1] for row in connection.exec_driver_sql(query).all()}
    room = int(settings.get("max_allowed_packet", 1 << 24))
    if longest * 4 > room:
        said = (
            f"a text has {longest} characters, and the server takes {room} bytes at once: raise its max_allowed_packet"
        )
        yield Finding("warning" if longest < room else "error", said)
    if settings.get("local_infile") == "OFF":
        yield Finding(
            "info", "the server forbids LOAD DATA LOCAL (local_infile): loading takes about three times as long"
        )
    grants = " ".join(row[0] for row in connection.exec_driver_sql("SHOW GRANTS").all())
    missing = [right for right in RIGHTS if not re.search(rf"\b{right}\b", grants)]
    if "ALL PRIVILEGES" not in grants and missing:
        yield Finding(
            "warning", f"the user seems to lack the rights to {', '.join(missing)}; outgrow and the app need them"
        )


def _try_all(connection: Connection, statements: Sequence[str]) -> Iterator[Finding]:
    """Run the statements one after another, up to the first that is refused."""
    for statement in statements:
        try:
            execute(connection, statement)
        except DBAPIError as error:
            yield _refusal(connection, statement, error)
            return


def _try_each(connection: Connection, statements: Sequence[str]) -> Iterator[Finding]:
    """Make each table as a temporary one."""
    for statement in statements:
        if not statement.startswith("CREATE TABLE"):
            continue
        temporary = FOREIGN_KEY.sub("", statement).replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1)
        try:
            execute(connection, temporary)
        except DBAPIError as error:
            yield _refusal(connection, statement, error)
            if _lacks_rights(error):
                return


def _lacks_rights(error: DBAPIError) -> bool:
    """Whether MariaDB refused not this table but any."""
    return error.orig is not None and error.orig.args[0] in (1044, 1142)


def _refusal(connection: Connection, statement: str, error: DBAPIError) -> Finding:
    cause = error.orig or error
    what = re.match(r"CREATE (?:TABLE|(?:UNIQUE )?INDEX) \S+|ALTER TABLE \S+", statement)
    cure = advise(connection.engine.url, cause)
    return Finding("error", f"the server refuses {what[0] if what else statement[:60]}: {first_lines(cause)}. {cure}")
