"""One function per command, composed of the rooms below. Returns results, prints nothing."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine

from outgrow import app_folder, detachment, giving_back, moving
from outgrow.app_folder import App
from outgrow.building import Building, Order, is_unfinished, make_tables, refuse_unfinished
from outgrow.database.engine import begin, open_engine, table_names
from outgrow.database.ledger import Ledger
from outgrow.database.patience import patiently
from outgrow.database.tokens import copy_access
from outgrow.database.url import parse_url
from outgrow.errors import AppError, DatabaseError, PlanError, SourceError
from outgrow.giving_back import compare_with_plan
from outgrow.moving import Move
from outgrow.record import Finding
from outgrow.refusals import check_apart, check_plan, check_settled, look_at_database, refuse_broken
from outgrow.renewal import State, find_state, renew
from outgrow.results import Clock, Conversion, ConvertOptions, Inspection, Progress, no_progress
from outgrow.schema.model import Plan
from outgrow.schema.plan import parse_plan, render_plan
from outgrow.source.folder import keep_broken, scan
from outgrow.source.inventory import Source
from outgrow.standing import edits_of, source_of
from outgrow.transfer.differences import VerifyResult
from outgrow.transfer.export import ExportResult
from outgrow.transfer.fits import find_misfits
from outgrow.transfer.held import Held
from outgrow.transfer.kept import keep_other_texts, leave_kept
from outgrow.transfer.load import load as load_source
from outgrow.transfer.load_options import LoadOptions, LoadResult
from outgrow.transfer.media import find_media_columns
from outgrow.transfer.survey import Survey, infer, survey
from outgrow.transfer.verify import verify as compare
from outgrow.transfer.whereabouts import Whereabouts

MOST_EDITS = 20


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for cycles rarely: records are freed by their counts, and the search takes a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@_rare_collections()
def inspect(
    data: Path, *, salvage: bool = False, database: str | None = None, progress: Progress = no_progress
) -> Inspection:
    """Look through a folder or file, and infer what it would become, and what a database would refuse of that."""
    url = parse_url(database, Path.cwd()) if database else None
    source = scan(data, salvage=salvage)
    total = sum(file.size for file in source.files.values())
    found, errors = _survey(source, salvage, lambda what, done: progress("read", what, done, total))
    inference, findings = infer(source, found.profiles)
    findings = [*findings, *find_media_columns(inference.plan, source)]
    errors = (*source.errors, *errors)
    text = render_plan(inference.plan, _header(data, source))
    # What is written must be what is read back: a plan that couldn't be is a mistake of ours, found here.
    plan = parse_plan(text)
    if url is not None:
        longest = max((each.root.longest_within() for each in found.profiles), default=0)
        findings = [*findings, *look_at_database(plan, url, longest)]
    return Inspection(source, plan, (*source.findings, *found.findings, *findings), errors, text, tuple(found.flawed))


def _survey(
    source: Source, salvage: bool, progress: Callable[[str, int], None]
) -> tuple[Survey, Sequence[SourceError]]:
    """Look at all records; files that break off beside others are kept, and the rest is looked at again."""
    while True:
        found = survey(source, salvage=salvage, progress=progress)
        left = keep_broken(source, found.errors)
        if len(left) == len(found.errors):
            return found, left


def _header(data: Path, source: Source) -> Sequence[str]:
    files = len(source.files)
    return (
        f"outgrow's plan for {data.name}: {files} files, {len(source.collections)} collections.",
        "Edit it (rename, retype, drop, change keys and references), then: outgrow convert DATA APP --plan FILE",
        "Comments give the evidence for each guess. What each key means: docs/plan.md",
    )


@_rare_collections()
def convert(data: Path, folder: Path, options: ConvertOptions, progress: Progress = no_progress) -> Conversion:
    """Inspect, plan, generate, migrate, load and verify; a failure leaves nothing behind."""
    if options.dry_run:
        with tempfile.TemporaryDirectory(prefix="outgrow-") as scratch:
            done = convert(
                data, Path(scratch) / "app", replace(options, dry_run=False, again=False, database=None), progress
            )
            done.app = folder
            done.token = ""  # there is no app that would take it, and no folder of what was set aside
            return done
    check_settled(options.database)
    if options.again:
        return _convert_again(data, folder, options, progress)
    _check_free(folder)
    check_apart(data, folder)
    return _convert(data, folder, options, progress)


def _check_free(folder: Path) -> None:
    """Refuse a place that is taken; of an app whose load was cut off, say how to go on."""
    if app_folder.is_app(folder):
        with suppress(DatabaseError, PlanError):
            refuse_unfinished(app_folder.open_app(folder))
    app_folder.check_free(folder)


def _convert(data: Path, folder: Path, options: ConvertOptions, progress: Progress) -> Conversion:
    result = Conversion(folder)
    clock = Clock(result.seconds)
    source, plan, text = _plan(data, options, result, progress)
    result.plan = plan
    clock.stop("inspect")
    building = Building(Order(plan, text, folder, data, options.database))
    try:
        app = building.write_app()
        result.token = building.make_tables()
        clock.stop("generate")
        _fill(app, source, options.salvage, "unfinished", result, progress)
        clock.stop("load")
        _prove(app, source, result, progress)
        clock.stop("verify")
    except BaseException as error:
        building.take_back()
        if isinstance(error, OSError):
            hint = "Make room on the disk, or check that you may write there; then run the command again."
            raise AppError(f"{folder}: {error.strerror or error}", hint=hint) from error
        raise
    return result


def _plan(data: Path, options: ConvertOptions, result: Conversion, progress: Progress) -> tuple[Source, Plan, str]:
    """The plan that is given, else the one that is inferred; broken files stop here."""
    if options.plan is not None:
        plan, text = app_folder.read_plan(options.plan)
        source = scan(data, salvage=options.salvage, known=_sources(plan))
        refuse_broken(source.errors)
        check_plan(plan, options.plan, source)
        keep_other_texts(plan, source)
        result.findings += [*source.findings, *find_misfits(plan, source)]
        return source, plan, text
    found = inspect(data, salvage=options.salvage, progress=progress)
    refuse_broken(found.errors)
    if not found.plan.tables:
        raise SourceError(
            f"{data} holds no records that outgrow can read", hint="`outgrow inspect` says what it found."
        )
    result.findings += found.findings
    keep_other_texts(found.plan, found.source)
    return found.source, found.plan, found.plan_text


def _sources(plan: Plan) -> list[str]:
    """What the tables of a plan are made from, and what it leaves as files."""
    return [*(table.source for table in plan if not table.nested), *(source for _, source in plan.files)]


def _fill(app: App, source: Source, salvage: bool, state: State, result: Conversion, progress: Progress) -> None:
    """Load what isn't loaded; of files that have changed since, what is another."""
    total = sum(file.size for file in source.files.values())

    def advance(what: str, done: int) -> None:
        progress("load", what, done, total)

    if state == "changed":
        loaded, result.merged = renew(app, source, salvage=salvage, progress=advance)
        result.findings += result.merged.findings
    else:
        engine = open_engine(app.url, loading=state == "unfinished", changing=True)
        try:
            if state == "emptied":
                with begin(engine) as connection:
                    Ledger(connection).forget_load()
            loaded = _load(app, source, engine, LoadOptions(salvage, app.rejects, app.key, advance))
        finally:
            engine.dispose()
    result.rejects, result.reject_count = loaded.rejects, loaded.reject_count
    result.hashed_passwords = loaded.hashed_passwords
    result.findings += loaded.findings


def _load(app: App, source: Source, engine: Engine, options: LoadOptions) -> LoadResult:
    """Load; where the database is lost on the way, go on from what the ledger knows."""
    loaded = LoadResult()

    def go_on() -> None:
        try:
            load_source(app.plan, source, engine, options, loaded)
        except DatabaseError:
            engine.dispose()
            raise

    patiently(go_on, "the load was interrupted and went on", loaded.findings, lambda: sum(loaded.rows.values()))
    loaded.findings = list(dict.fromkeys(loaded.findings))
    return loaded


def _prove(app: App, source: Source | None, result: Conversion, progress: Progress) -> None:
    interrupted: list[Finding] = []
    what = "the comparison was interrupted and begun anew"
    verification = patiently(lambda: _verify(app, source, progress), what, interrupted)
    result.verification = verification
    result.tables = verification.rows
    result.verified = verification.ok
    result.findings += [*dict.fromkeys(interrupted), *verification.findings]


def _verify(app: App, source: Source | None, progress: Progress) -> VerifyResult:
    total = sum(file.size for file in source.files.values()) if source else 0
    engine = open_engine(app.url)
    try:
        findings = compare_with_plan(app, engine)
        result = compare(app.plan, engine, source, lambda what, done: progress("verify", what, done, total))
    finally:
        engine.dispose()
    result.findings[:0] = findings
    return result


def _convert_again(data: Path, folder: Path, options: ConvertOptions, progress: Progress) -> Conversion:
    """Replace an app in which nothing was edited; else say what was."""
    if not folder.exists():
        return _convert(data, folder, options, progress)
    app = app_folder.open_app(folder)
    edited = edits_of(app)
    if edited:
        hint = "Convert into a new folder, and carry the changes over."
        more = [f"  … and {len(edited) - MOST_EDITS} more"] if len(edited) > MOST_EDITS else []
        problem = "\n".join([f"{folder} was edited and is not touched:", *edited[:MOST_EDITS], *more])
        raise AppError(problem, hint=hint)
    if options.database is not None:
        raise AppError("--again makes the app's own SQLite file anew and takes no --database")
    place, old = (folder.parent / f".{folder.name}.{word}" for word in ("fresh", "old"))
    app_folder.remove(place)
    app_folder.remove(old)
    place.mkdir()
    fresh = place / folder.resolve().name  # the app's files say its name
    result = _convert(data, fresh, options, progress)
    _take_over(app, app_folder.open_app(fresh))
    folder.rename(old)
    fresh.rename(folder)
    app_folder.remove(place)
    app_folder.remove(old)
    result.app = folder
    return result


def _take_over(old: App, new: App) -> None:
    """Let operators, tokens and settings of an app hold for the one that takes its place."""
    app_folder.copy_settings(old.folder, new.folder)
    engines = open_engine(old.url), open_engine(new.url)
    try:
        with begin(engines[0]) as before, begin(engines[1]) as after:
            if "app_tokens" in table_names(engines[0]):
                copy_access(before, after)
    finally:
        for engine in engines:
            engine.dispose()


@_rare_collections()
def load(
    folder: Path, data: Path | None = None, *, salvage: bool = False, progress: Progress = no_progress
) -> Conversion:
    """Go on with a load that was cut off, or take in what has changed in the files; else do nothing."""
    app = app_folder.open_app(folder)
    result = Conversion(folder, plan=app.plan)
    clock = Clock(result.seconds)
    source = scan(source_of(app, data), salvage=salvage, known=_sources(app.plan))
    refuse_broken(source.errors)
    keep_other_texts(app.plan, source)
    if is_unfinished(app):
        result.token = make_tables(app)
    engine = open_engine(app.url)
    try:
        compare_with_plan(app, engine)
        state = find_state(app.plan, source, engine)
        with begin(engine) as connection:
            leave_kept(app.plan, source, Ledger(connection).files())
    finally:
        engine.dispose()
    _fill(app, source, salvage, state, result, progress)
    clock.stop("load")
    _prove(app, source, result, progress)
    clock.stop("verify")
    return result


@_rare_collections()
def verify(folder: Path, data: Path | None = None, progress: Progress = no_progress) -> VerifyResult:
    """Compare an app's database with its ledger and, where it is still there, with the data."""
    app = app_folder.open_app(folder)
    where = source_of(app, data)
    source = None
    with suppress(SourceError):
        source = scan(where, salvage=True, known=_sources(app.plan))
        keep_other_texts(app.plan, source)
    if data is not None and source is None:
        raise SourceError(f"there is no {data}", hint="Check the path.")
    return _verify(app, source, progress)


@_rare_collections()
def export(folder: Path, target: Path, progress: Progress = no_progress) -> ExportResult:
    """Write an app's records back as the files they came from."""
    return giving_back.export(app_folder.open_app(folder), target, progress)


@_rare_collections()
def check_export(folder: Path, target: Path, progress: Progress = no_progress) -> Held:
    """Hold what export would write against a folder; writes nothing there."""
    return giving_back.check_export(app_folder.open_app(folder), target, progress)


def where(folder: Path, target: str, key: str | None = None, data: Path | None = None) -> list[Whereabouts]:
    """Where the record of a row stands, by table and key; without a key, which rows a place in a file became."""
    app = app_folder.open_app(folder)
    return giving_back.where(app, source_of(app, data), target, key)


@_rare_collections()
def move(folder: Path, database: str, progress: Progress = no_progress) -> Move:
    """Move an app to another database, with all that was written since it was made."""
    return moving.move(folder, database, progress)


def find_traces(folder: Path) -> detachment.Detachment:
    """Say what `detach` would take out of an app."""
    return detachment.find_traces(folder)


def detach(folder: Path) -> detachment.Detachment:
    """Take every trace of outgrow out of an app, which goes on without it."""
    return detachment.detach(folder)


def write_plan(inspection: Inspection, file: Path) -> None:
    """Write a plan to a new file; raises AppError where there is one."""
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(inspection.plan_text)
    except FileExistsError as error:
        raise AppError(f"{file} exists already and is not touched", hint="Name a new file.") from error
    except OSError as error:
        raise AppError(f"{file} can't be written: {error.strerror}", hint="Check the folder.") from error
