"""All of Alembic: runs the revisions of an app on a database, without importing the app."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from outgrow.database.engine import mapped_errors
from outgrow.errors import AppError

VERSION_TABLE = "alembic_version"
STEPS_TABLE = "revision_steps"
"""Where an app on MariaDB notes what a revision has done that is cut off."""


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


def table_statements(engine: Engine, app: Path) -> list[str]:
    """The statements by which the app's revisions make their tables in this database; none of them is run."""
    script, config = _scripts(app)
    written = StringIO()

    def steps(_revision: Any, _context: MigrationContext) -> Any:
        return script._upgrade_revs("head", "base")  # noqa: SLF001 (as alembic.command.upgrade does)

    with _no_bytecode(), mapped_errors(engine.url), engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"as_sql": True, "output_buffer": written, "fn": steps, "render_as_batch": True}
        )
        with EnvironmentContext(config, script), Operations.context(context):
            context.run_migrations()
    found = [part.strip() for part in re.split(r";\s*\n", written.getvalue())]
    found = [re.sub(r"^(--[^\n]*\n\s*)+", "", part) for part in found]
    tables = (f"CREATE TABLE {VERSION_TABLE}", "CREATE TABLE `alembic")
    return [part for part in found if part.startswith(("CREATE", "ALTER")) and not part.startswith(tables)]


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Leave no `__pycache__` beside the app's revisions."""
    usual = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = usual


def missing_revisions(engine: Engine, app: Path) -> list[str]:
    """The last revisions of an app that its database doesn't stand at.

    Read from the files' text: revisions that the owner has added import the app, and that mustn't come into here.
    """
    known: dict[str, set[Any]] = {}
    for file in sorted((app / "migrations" / "versions").glob("*.py")):
        values = _literals(file.read_text("utf-8", "replace"))
        before = values.get("down_revision")
        if isinstance(values.get("revision"), str):
            known[values["revision"]] = set(before if isinstance(before, (tuple, list)) else [before])
    heads = known.keys() - set().union(*known.values())
    with mapped_errors(engine.url), engine.connect() as connection:
        return sorted(heads - set(MigrationContext.configure(connection).get_current_heads()))


def _literals(text: str) -> dict[str, Any]:
    """The values that a module gives its names, as far as they are written there."""
    values: dict[str, Any] = {}
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return values
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            with suppress(ValueError):
                values[target.id] = ast.literal_eval(node.value)
    return values


def _scripts(app: Path) -> tuple[ScriptDirectory, Config]:
    folder = app / "migrations"
    if not folder.is_dir():
        raise AppError(f"{app} has no migrations folder", hint="Name the folder of an app that outgrow made.")
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config), config
