"""What a conversion refuses before it writes anything. Each raises an error that says what to do."""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.engine import URL

from outgrow.errors import AppError, DatabaseError, PlanError, SourceError
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source


def check_apart(data: Path, folder: Path) -> None:
    """The app must not land in the data, nor the data in the app."""
    here, there = data.resolve(), folder.resolve()
    if there.is_relative_to(here) and here.is_dir():
        raise AppError(f"{folder} lies in the data folder", hint="Name a folder outside of it.")


def check_plan(plan: Plan, file: Path, source: Source) -> None:
    """Refuse a plan without tables, and one that speaks of files that aren't there; raises PlanError."""
    if not plan.tables:
        raise PlanError(f"{file} has no tables", hint="`outgrow inspect DATA --write-plan FILE` writes a whole plan.")
    for table in plan:
        name = table.source.partition("#/")[0]
        if table.parent is None and not any(source.root.glob(glob.escape(name).replace("[*]", "*"))):
            there = ", ".join(collection.source for collection in source.collections[:10])
            problem = f'{file}: table {table.name}: there is no file "{name}" in the data'
            raise PlanError(problem, hint=f"Correct its `source`. The data hold: {there}.")


def refuse_broken(errors: Sequence[SourceError]) -> None:
    """One error that names all broken files, so that they can be mended in one go."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        problem = "\n".join(str(SourceError(error.problem, origin=error.origin)) for error in errors)
        hints = list(dict.fromkeys(error.hint for error in errors if error.hint))
        raise SourceError(f"{len(errors)} files can't be read:\n{problem}", hint="\n".join(hints))


def check_empty(url: URL, tables: list[str]) -> None:
    """Refuse a database that holds tables already."""
    if tables:
        named = ", ".join(sorted(tables)[:5])
        raise DatabaseError(
            f"{url.render_as_string(hide_password=True)} already holds tables ({named}) and is not touched",
            hint="Name an empty database.",
        )
