"""All of Alembic: runs the revisions of an app on a database, without importing the app."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine

from outgrow.database.engine import mapped_errors
from outgrow.errors import AppError


def upgrade(engine: Engine, app: Path) -> None:
    """Run the app's revisions that the database doesn't have yet."""
    script, config = _scripts(app)

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", revision)  # noqa: SLF001 (as alembic.command.upgrade does)

    with (
        _no_bytecode(),
        mapped_errors(engine.url),
        engine.connect() as connection,
        EnvironmentContext(config, script, fn=steps) as environment,
    ):
        environment.configure(connection=connection, target_metadata=None, render_as_batch=True)
        with environment.begin_transaction():
            environment.run_migrations()
        connection.commit()


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leave no `__pycache__` beside the app's revisions."""
    usual = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = usual


def current_revision(engine: Engine) -> str | None:
    """The revision that the database stands at."""
    with mapped_errors(engine.url), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision(app: Path) -> str | None:
    """The last revision of an app; raises AppError where there are several."""
    try:
        return _scripts(app)[0].get_current_head()
    except CommandError as error:
        raise AppError(str(error), hint="Merge the heads with `flask db merge`.") from error


def _scripts(app: Path) -> tuple[ScriptDirectory, Config]:
    folder = app / "migrations"
    if not folder.is_dir():
        raise AppError(f"{app} has no migrations folder", hint="Name the folder of an app that outgrow made.")
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config), config
