"""Takes changed files into an app that is in use: loads them into a scratch database, then merges the two."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from outgrow import app_folder
from outgrow.app_folder import App
from outgrow.database.bulk import Bulk, open_bulk
from outgrow.database.engine import begin, open_engine
from outgrow.database.ledger import Ledger
from outgrow.database.migrate import upgrade
from outgrow.schema.model import Plan
from outgrow.schema.shape import compile_shape
from outgrow.source.inventory import Source
from outgrow.transfer.affected import find_affected
from outgrow.transfer.aside import Sealer
from outgrow.transfer.changes import read_changes
from outgrow.transfer.known import known_keys
from outgrow.transfer.known_hashes import KnownHashes
from outgrow.transfer.load import load
from outgrow.transfer.load_options import Comparing, LoadOptions, LoadResult
from outgrow.transfer.merge import MergeResult, merge
from outgrow.transfer.numbering import FIRST_MADE
from outgrow.transfer.recall import roots
from outgrow.transfer.rejects import RejectBook

State = Literal["unfinished", "emptied", "changed", "same"]
"""Of an app's data: not all was loaded yet; the tables were made anew; files or plan have changed; none of it."""

SCRATCH = Path("instance") / ".load"


def find_state(plan: Plan, source: Source, engine: Engine) -> State:
    """Say how the data of an app stand to its files."""
    with begin(engine) as connection:
        ledger, bulk = Ledger(connection), open_bulk(connection)
        ledger.create()
        if ledger.get("loaded") != "yes":
            return "unfinished"
        if _is_emptied(plan, ledger, bulk):
            return "emptied"
        return "changed" if find_affected(plan, source, ledger, bulk) else "same"


def _is_emptied(plan: Plan, ledger: Ledger, bulk: Bulk) -> bool:
    """Whether all rows are gone, and not by the app: then the tables were dropped and made anew."""
    if any(bulk.count(table.name) for table in plan):
        return False
    changes = read_changes(ledger)
    shapes = [compile_shape(plan, table) for table in roots(plan)]
    return any(
        known_keys(ledger, shape).count > len(changes.deletes.get(shape.table.name, ()))
        and shape.table.name not in changes.bulk
        for shape in shapes
    )


def renew(
    app: App, source: Source, *, salvage: bool, progress: Callable[[str, int], None]
) -> tuple[LoadResult, MergeResult]:
    """Merge what the files hold now into the app's tables; a kill leaves them as they were."""
    folder = app.folder / SCRATCH
    app_folder.remove(folder)
    folder.mkdir(mode=0o700, parents=True)
    scratch = open_engine(URL.create("sqlite", database=str((folder / "load.db").absolute())), loading=True)
    engine = open_engine(app.url, changing=True)
    try:
        app_folder.write_migrations(app.plan, folder)
        upgrade(scratch, folder)
        with begin(engine) as connection:
            affected = find_affected(app.plan, source, Ledger(connection), open_bulk(connection))
        comparing = Comparing(FIRST_MADE, KnownHashes(app.plan, engine), frozenset(affected.sources))
        options = LoadOptions(salvage, folder / "rejects", app.key, progress, comparing)
        loaded = load(app.plan, source, scratch, options)
        book = RejectBook(app.plan, folder / "rejects", Sealer(app.plan, app.key))
        with begin(engine) as ours, begin(scratch) as theirs:
            merged = merge(app.plan, source, affected, ours, theirs, book)
        book.flush()
        _add_rejects(folder / "rejects", app.rejects)
        loaded.rejects += book.rejects
        loaded.reject_count += book.count
        return loaded, merged
    finally:
        scratch.dispose()
        engine.dispose()
        app_folder.remove(folder)


def _add_rejects(new: Path, folder: Path) -> None:
    """Add rejects to those that are there; one that was set aside before, for the same reason, is there already."""
    for file in sorted(new.glob("*.jsonl")):
        known: set[tuple[str, str]] = set()
        kept = folder / file.name
        if kept.exists():
            entries = map(json.loads, kept.read_text("utf-8").splitlines())
            known = {(entry["reason"], entry["record"]) for entry in entries}
        folder.mkdir(exist_ok=True)
        with kept.open("a", encoding="utf-8") as target, file.open(encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if (entry["reason"], entry["record"]) not in known:
                    target.write(line)
