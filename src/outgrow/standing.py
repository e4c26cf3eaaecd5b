"""What an app that stands tells of itself: where its data came from, and what was edited since. Writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

from outgrow import app_folder
from outgrow.app_folder import App
from outgrow.building import is_unfinished, unfinished_source
from outgrow.database.engine import begin, open_engine, table_names
from outgrow.database.ledger import META, Ledger
from outgrow.database.url import show_url
from outgrow.errors import AppError

NO_LEDGER = "Check DATABASE_URL: the environment's comes before that in the app's .env."


def source_of(app: App, data: Path | None) -> Path:
    """The data folder: the one given, else the one the app was made from."""
    if data is not None:
        return data
    if is_unfinished(app) and (begun := unfinished_source(app)):
        return Path(begun)
    engine = open_engine(app.url)
    try:
        if META.name not in table_names(engine):
            raise AppError(_without_ledger(app), hint=NO_LEDGER)
        with begin(engine) as connection:
            known = Ledger(connection).get("source")
    finally:
        engine.dispose()
    if not known:
        raise AppError("the ledger doesn't know where the data came from", hint="Name the folder with --source.")
    return Path(known)


def edits_of(app: App) -> list[str]:
    """What the user changed: files, and rows through the app."""
    engine = open_engine(app.url)
    try:
        if META.name not in table_names(engine):
            raise AppError(f"{_without_ledger(app)}, and what was edited can't be told", hint=NO_LEDGER)
        with begin(engine) as connection:
            ledger = Ledger(connection)
            known: dict[str, str] = json.loads(ledger.get("files") or "{}")
            changed = ledger.changes()
    finally:
        engine.dispose()
    now = app_folder.hash_files(app.folder)
    edits = [f"  {path}: {'edited' if path in now else 'removed'}" for path in known if now.get(path) != known[path]]
    edits += [f"  {path}: added" for path in now if path not in known]
    edits += [
        f"  table {table}: rows changed through the app"
        for table in sorted({t for kind in changed.values() for t in kind})
    ]
    return edits


def _without_ledger(app: App) -> str:
    return f"{show_url(app.url)} is not the database of {app.folder}: it has no ledger"
