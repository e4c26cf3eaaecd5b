"""What a conversion refuses before it writes anything. Each raises an error that says what to do."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from sqlalchemy.engine import URL

from outgrow import app_folder
from outgrow.database.engine import new_files, open_engine, table_names
from outgrow.database.migrate import table_statements
from outgrow.database.trial import try_server
from outgrow.database.url import parse_url, show_url
from outgrow.errors import AppError, DatabaseError, PlanError, SourceError
from outgrow.record import Finding
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source
from outgrow.source.paths import matches

NEARLY = 0.8
"""How much of a name must be the same, for it to be taken for a slip of the pen."""


def check_apart(data: Path, folder: Path) -> None:
    """The app must not land in the data, nor the data in the app."""
    here, there = data.resolve(), folder.resolve()
    if there.is_relative_to(here) and here.is_dir():
        raise AppError(f"{folder} lies in the data folder", hint="Name a folder outside of it.")


def check_plan(plan: Plan, file: Path, source: Source) -> None:
    """Refuse a plan without tables, and one of other data; raises PlanError.

    That a site of the same kind has no file for some table is no mistake, unless a file has nearly its name.
    """
    if not plan.tables:
        raise PlanError(f"{file} has no tables", hint="`outgrow inspect DATA --write-plan FILE` writes a whole plan.")
    tables = [table for table in plan if table.parent is None]
    missing = [table for table in tables if not _is_there(table.source.partition("#/")[0], source)]
    planned = {table.source for table in tables}
    others = [collection.source for collection in source.collections if collection.source not in planned]
    for table in missing:
        name = table.source.partition("#/")[0]
        meant = get_close_matches(table.source, others, 1, NEARLY)
        if meant or len(missing) == len(tables):
            known = ", ".join(meant or [collection.source for collection in source.collections[:10]])
            problem = f'{file}: table {table.name}: there is no file "{name}" in the data'
            raise PlanError(problem, hint=f"Correct its `source`. The data hold: {known}.")


def _is_there(name: str, source: Source) -> bool:
    """Whether the data have a file that a plan names."""
    return (source.root / name).exists() or any(matches(name, file) for file in source.files)


def refuse_broken(errors: Sequence[SourceError]) -> None:
    """One error that names all broken files, so that they can be mended in one go."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        problem = "\n".join(str(SourceError(error.problem, origin=error.origin)) for error in errors)
        hints = list(dict.fromkeys(error.hint for error in errors if error.hint))
        raise SourceError(f"{len(errors)} files can't be read:\n{problem}", hint="\n".join(hints))


def look_at_database(plan: Plan, url: URL, longest: int) -> list[Finding]:
    """Say what of a plan the database would refuse; `longest` is the number of characters of the longest text."""
    made = new_files(url)
    engine = open_engine(url)
    try:
        tables = table_names(engine)
        findings = [Finding("error", _filled(url, tables))] if tables else []
        with tempfile.TemporaryDirectory(prefix="outgrow-") as folder:
            app_folder.write_migrations(plan, Path(folder))
            return findings + try_server(engine, table_statements(engine, Path(folder)), longest)
    finally:
        engine.dispose()
        for path in made:  # SQLite makes a file of what is only looked for
            if path.is_file() and not path.stat().st_size:
                path.unlink()


def check_settled(database: str | None) -> None:
    """Refuse a relative SQLite path in the environment, which the app would look for in its own folder."""
    if not database or database != os.environ.get("DATABASE_URL"):
        return
    url = parse_url(database, Path.cwd())
    if url.get_backend_name() == "sqlite" and url != parse_url(database, Path("/")):
        problem = "DATABASE_URL names a file by a relative path, which the app would look for in its instance folder"
        hint = f"Name it from the root: {show_url(url)}; or unset DATABASE_URL, and give it with --database."
        raise DatabaseError(problem, hint=hint)


def check_database(plan: Plan, url: URL) -> None:
    """Refuse a database that holds tables, or that would refuse those of the plan; raises DatabaseError."""
    engine = open_engine(url)
    try:
        check_empty(url, table_names(engine))
    finally:
        engine.dispose()
    refused = [finding.message for finding in look_at_database(plan, url, 0) if finding.severity == "error"]
    if refused:
        raise DatabaseError("\n".join([f"{show_url(url)} can't be used:", *refused]))


def check_empty(url: URL, tables: list[str]) -> None:
    """Refuse a database that holds tables already."""
    if tables:
        raise DatabaseError(_filled(url, tables), hint="Name an empty database.")


def _filled(url: URL, tables: Sequence[str]) -> str:
    named = ", ".join(sorted(tables)[:5]) + (" …" if len(tables) > 5 else "")
    return f"{show_url(url)} already holds tables ({named}) and is not touched"
