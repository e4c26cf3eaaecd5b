"""The way back: an app's records as the files they came from, written, compared, and found."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Engine

from outgrow import app_folder
from outgrow.app_folder import App
from outgrow.building import refuse_unfinished
from outgrow.database.engine import begin, open_engine
from outgrow.database.ledger import Ledger
from outgrow.database.migrate import missing_revisions
from outgrow.errors import AppError
from outgrow.record import Finding
from outgrow.results import Progress
from outgrow.transfer.compare import compare_database
from outgrow.transfer.export import ExportResult
from outgrow.transfer.export import export as write_files
from outgrow.transfer.held import Held, hold
from outgrow.transfer.whereabouts import Finder, Whereabouts


def compare_with_plan(app: App, engine: Engine) -> list[Finding]:
    """Hold the plan against the database; raises DatabaseError where something that it names is gone."""
    return compare_database(app.plan, engine, app.text, missing_revisions(engine, app.folder))


def export(app: App, target: Path, progress: Progress) -> ExportResult:
    """Write all files to a new folder, beside its place first: a failure leaves none."""
    refuse_unfinished(app)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise AppError(f"{target} exists already and is not touched", hint="Name a folder that doesn't exist yet.")
    built = app_folder.beside(target)
    app_folder.remove(built)
    built.mkdir(parents=True)
    try:
        result = _write(app, built, progress)
    except BaseException:
        shutil.rmtree(built, ignore_errors=True)
        raise
    app_folder.move_into_place(built, target)
    return result


def _write(app: App, folder: Path, progress: Progress) -> ExportResult:
    engine = open_engine(app.url)
    try:
        findings = compare_with_plan(app, engine)
        result = write_files(app.plan, engine, folder, app.key, lambda what, done: progress("write", what, done, 0))
    finally:
        engine.dispose()
    result.findings[:0] = findings
    return result


def check_export(app: App, target: Path, progress: Progress) -> Held:
    """Write all files to a scratch folder, and compare them with those of another."""
    refuse_unfinished(app)
    if not target.is_dir():
        raise AppError(f"there is no folder {target}", hint="Name the folder to compare with.")
    engine = open_engine(app.url)
    try:
        with begin(engine) as connection:
            known = [file.path for file in Ledger(connection).files()]
    finally:
        engine.dispose()
    with tempfile.TemporaryDirectory(prefix="outgrow-") as scratch:
        written = _write(app, Path(scratch), progress)
        held = hold(Path(scratch), target, known)
    held.findings = written.findings
    return held


def where(app: App, data: Path, target: str, key: str | None) -> list[Whereabouts]:
    """Where a row's record stands, or which rows the records at a place became."""
    engine = open_engine(app.url)
    try:
        with begin(engine) as connection:
            finder = Finder(app.plan, connection, data.parent if data.is_file() else data)
            return finder.find_place(target) if key is None else [finder.find_row(target, key)]
    finally:
        engine.dispose()
