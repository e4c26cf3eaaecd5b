"""What to do about what a database says, and whether it may pass by itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import URL

UPGRADE = "The database isn't what the app's revisions make. Run `flask db upgrade` in the app's folder."
RIGHTS = "Give the user all rights on this database: outgrow makes tables, indexes and foreign keys in it."
DISK = "Make room on the disk, and run the command again."
REACH = "Check that the server runs, and the host and port in the URL."
DEFAULT = "Nothing of the unfinished batch was kept."

SQLITE = {
    "locked": "Another program is writing to the database. Stop it, and run the command again.",
    "full": DISK,
    "unable to open": "Check that the folder exists and that you may write to it.",
    "readonly": "Check that you may write to the file and its folder.",
    "malformed": "The file is damaged. Restore it, or convert again into a new one.",
    "not a database": "The file is no SQLite database. Name another one.",
    "no such table": UPGRADE,
    "no such column": UPGRADE,
}
# SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html; before a connection stands there
# is no code, only the server's words.
POSTGRESQL = {
    "28P01": "Check user and password in the URL.",
    "28000": "Check user and password in the URL, and the server's pg_hba.conf.",
    "3D000": 'Make the database first: createdb, or CREATE DATABASE name ENCODING "UTF8".',
    "42501": "Let the user make tables: ALTER DATABASE name OWNER TO user, or GRANT ALL ON SCHEMA public TO user.",
    "42P01": UPGRADE,
    "42703": UPGRADE,
    "53100": DISK,
    "53300": "The server has no connection left. Stop something, or raise max_connections.",
    "55P03": "Somebody else holds the tables. Stop the app while this runs, or wait.",
}
POSTGRESQL_WORDS = {
    "password authentication": "28P01",
    "no password supplied": "28P01",
    "pg_hba": "28000",
    "role ": "28P01",
    "does not exist": "3D000",
    "too many clients": "53300",
    "connection": REACH,
    "resolve host": REACH,
}
# https://mariadb.com/kb/en/mariadb-error-code-reference/
MYSQL = {
    1021: DISK,
    1040: "The server has no connection left. Stop something, or raise max_connections.",
    1044: RIGHTS,
    1045: "Check user and password in the URL.",
    1049: "Make the database first: CREATE DATABASE name CHARACTER SET utf8mb4.",
    1054: UPGRADE,
    1071: "In the plan, shorten the column to string(700) or less, or take it out of `key`, `unique` and references.",
    1114: DISK,
    1118: "In the plan, make some of the table's longer strings `text`.",
    1142: RIGHTS,
    1146: UPGRADE,
    1170: "In the plan, make the column a string(255), or take it out of `key`, `unique` and references.",
    1153: "A record is longer than the server takes at once. Raise its max_allowed_packet.",
    1205: "Somebody else holds the tables. Stop the app while this runs, or wait.",
    2002: REACH,
    2003: REACH,
}

PASSING = {"40001", "40P01", "57P01", "57P02", "57P03", "08000", "08003", "08006"}
PASSING_MYSQL = {0, 1047, 1180, 1205, 1213, 2002, 2003, 2006, 2013}
"""What may be gone at the next try: a deadlock, a server that restarts, a cluster that has lost a node."""


def advise(url: URL, error: BaseException) -> str:
    """Say what to do about what a driver raised."""
    backend, said = url.get_backend_name(), str(error)
    if backend == "sqlite":
        return next((cure for word, cure in SQLITE.items() if word in said), DEFAULT)
    if backend == "mysql":
        return MYSQL.get(_code(error), DEFAULT)
    code = getattr(error, "sqlstate", None) or _first(POSTGRESQL_WORDS, said)
    return POSTGRESQL.get(str(code), REACH if code == REACH else DEFAULT)


def is_passing(error: BaseException) -> bool:
    """Say whether the same may succeed a little later."""
    if (code := _code(error)) is not None:  # MariaDB and MySQL, whose driver also knows a SQLSTATE, but a vague one
        return code in PASSING_MYSQL
    state = getattr(error, "sqlstate", None)
    is_lost = state is None and hasattr(error, "sqlstate") and _first(POSTGRESQL_WORDS, str(error)) == REACH
    return is_lost or state in PASSING


def _first(words: dict[str, str], said: str) -> str | None:
    return next((meaning for word, meaning in words.items() if word in said), None)


def _code(error: BaseException) -> Any:
    return error.args[0] if error.args and isinstance(error.args[0], int) else None
