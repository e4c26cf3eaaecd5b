"""Converting onto each database, and what came of it in a form that is the same for all of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from outgrow import app_folder, steps
from outgrow.database.bulk import open_bulk
from outgrow.database.engine import begin, open_engine

Tables = dict[str, list[tuple[Any, ...]]]


def convert(root: Path, files: dict[str, Any], database_url: str | None, plan: str | None = None) -> steps.Conversion:
    """Write files, those that aren't text as JSON, and convert them into `root / "app"`."""
    data = root / "data"
    data.mkdir()
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (data / name).write_text(text, encoding="utf-8")
    options = steps.ConvertOptions(database=database_url)
    if plan is not None:
        (root / "plan.toml").write_text(plan, encoding="utf-8")
        options = steps.ConvertOptions(database=database_url, plan=root / "plan.toml")
    return steps.convert(data, root / "app", options)


def rows_of(app: Path) -> Tables:
    """All rows of the plan's tables as row values, by table and in the order of their keys."""
    opened = app_folder.open_app(app)
    engine = open_engine(opened.url)
    tables: Tables = {}
    with begin(engine) as connection:
        bulk = open_bulk(connection)
        for table in opened.plan:
            columns = [column.name for column in table.columns]
            keys = [tuple(key) for page in bulk.select_key_pages(table.name, table.primary_key) for key in page]
            rows = bulk.select_keys(table.name, columns, table.primary_key, keys, [])
            assert len(rows) == len(keys) == bulk.count(table.name)
            tables[table.name] = sorted(rows, key=repr)
    engine.dispose()
    return tables


def engine_of(app: Path) -> sa.Engine:
    """An engine as somebody else would have, for the database of an app."""
    return sa.create_engine(app_folder.open_app(app).url, poolclass=sa.NullPool)


def exported(app: Path) -> dict[str, bytes]:
    """The files that export writes."""
    target = app.with_name("back")
    steps.export(app, target)
    return {file.relative_to(target).as_posix(): file.read_bytes() for file in target.rglob("*") if file.is_file()}
