"""Runs Alembic on the application's database; `flask db` calls it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any, cast

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from app.revisions import STEPS, drop_empty_steps, forget_steps, resumable

config = context.config
if config.config_file_name:
    fileConfig(config.config_file_name, disable_existing_loggers=False)
logger = logging.getLogger("alembic.env")

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine

LOCK, SECONDS_TO_WAIT = 7_041_776, 600
"""The number by which processes know this lock, and how long one waits for another to finish."""

NAMED_LOCK = f"LEFT(CONCAT('{LOCK} ', DATABASE()), 64)"
"""The same for MariaDB and MySQL, whose locks have names and are shared by all databases of a server."""


def drop_empty_revision(_context: object, _revision: object, directives: list[Any]) -> None:
    """Write no revision when the models and the database agree."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        logger.info("The models and the database agree: no revision is needed.")


def options() -> dict[str, Any]:
    """Return what online and offline runs have in common."""
    return {
        "compare_type": True,
        "render_as_batch": True,
        "process_revision_directives": drop_empty_revision,
        **{name: value for name, value in migrate.configure_args.items() if value is not None},
        "target_metadata": migrate.db.metadata,
        "include_name": lambda name, *_: not (name or "").startswith("outgrow_"),  # its notes aren't ours
        "include_object": lambda _thing, name, kind, *_: kind != "table" or name != STEPS.name,
        "user_module_prefix": "types.",
    }


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Let one process at a time change the tables: two servers that start together both try.

    On SQLite this also lets a table be rebuilt without deleting the rows that refer to it. The
    switch is ignored within a transaction, so it is turned on the connection beneath.
    """
    dialect, raw = connection.dialect.name, cast(Any, connection.connection.driver_connection)
    if dialect == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute(f"PRAGMA busy_timeout = {SECONDS_TO_WAIT * 1000}")
        connection.execution_options(sqlite_begin="IMMEDIATE")
    elif dialect == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
        connection.commit()
    elif dialect in ("mysql", "mariadb"):
        got = connection.exec_driver_sql(f"SELECT GET_LOCK({NAMED_LOCK}, {SECONDS_TO_WAIT})").scalar()
        connection.commit()
        if got != 1:
            raise RuntimeError(f"Another process has been changing the tables for {SECONDS_TO_WAIT} s.")
    try:
        yield
    finally:
        connection.rollback()
        if dialect == "sqlite":
            raw.execute("PRAGMA foreign_keys = ON")
        elif dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({LOCK})")
        elif dialect in ("mysql", "mariadb"):
            connection.exec_driver_sql(f"SELECT RELEASE_LOCK({NAMED_LOCK})")


def check_foreign_keys(connection: Connection) -> None:
    """Undo a revision after which rows refer to nothing."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(
                f"The revision leaves {len(broken)} references to rows that don't exist, "
                f"the first in table {broken[0][0]}, row {broken[0][1]}. Nothing was changed."
            )


if context.is_offline_mode():
    url = engine.url.render_as_string(hide_password=False)
    context.configure(url=url, literal_binds=True, **options())
    with context.begin_transaction():
        context.run_migrations()
else:
    with engine.connect() as connection, alone(connection):
        all_or_nothing = True if connection.dialect.name == "sqlite" else None
        context.configure(connection=connection, transactional_ddl=all_or_nothing, **options())
        commits_each_change = connection.dialect.name in ("mysql", "mariadb")
        if commits_each_change:
            context.configure(connection=connection, fn=resumable(context.get_context().opts["fn"]), **options())
            context.get_context().on_version_apply_callbacks += (forget_steps,)
        with context.begin_transaction():
            context.run_migrations()
            check_foreign_keys(connection)
        if commits_each_change:
            drop_empty_steps(connection)
