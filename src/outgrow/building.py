"""Makes an app and its database's tables: a kill at any moment leaves nothing, or an app that `load` completes.

The app is written beside its place and renamed; only then are its tables made. Until they stand, a file in its
`instance` folder says so, and where the data are. It also holds a mark, random letters that go into the database
before any table of the app's: what is half made is taken for this app's, and dropped, only where they are found.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from outgrow import app_folder
from outgrow.app_folder import UNFINISHED, App
from outgrow.database.bulk import open_bulk
from outgrow.database.engine import begin, drop_tables, make_folder, new_files, open_engine, table_names
from outgrow.database.ledger import META, PREFIX, Ledger
from outgrow.database.migrate import STEPS_TABLE, VERSION_TABLE, missing_revisions, upgrade
from outgrow.database.tokens import add_token, has_token
from outgrow.database.url import parse_url, settings_url
from outgrow.errors import AppError, DatabaseError
from outgrow.refusals import check_database, check_empty
from outgrow.render.app import render_app
from outgrow.render.traces import render_traces
from outgrow.schema.model import Plan
from outgrow.schema.names import OWN_TABLES

MARK = "mark"
"""The name of the mark, in that file and in the database."""


@dataclass(frozen=True)
class Order:
    """What to make: an app of a plan and its text, in a folder, of some data, on a database that somebody names."""

    plan: Plan
    text: str
    folder: Path
    data: Path
    database: str | None = None


class Building:
    """An app that is being made. `take_back` leaves nothing of what this one has made."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.built = app_folder.beside(order.folder)
        app_folder.remove(self.built)
        self.made = [self.built, *_new_folders(order.folder)]
        self.new_files = new_files(parse_url(order.database, Path.cwd())) if order.database else []
        self.app: App | None = None

    def write_app(self) -> App:
        """Write the app and move it into its place, its database being empty; raises DatabaseError if it isn't."""
        order = self.order
        if order.database is not None:
            url = parse_url(order.database, Path.cwd())
            make_folder(url)
            check_database(order.plan, url)
        setting = settings_url(order.database, Path.cwd()) if order.database is not None else None
        app_folder.write_app(self.built, render_app(order.plan, order.folder.resolve().name), order.text, setting)
        unfinished = {"source": str(order.data.resolve()), MARK: secrets.token_hex(16)}
        (self.built / UNFINISHED).write_text(json.dumps(unfinished), encoding="utf-8")
        app_folder.move_into_place(self.built, order.folder)
        self.made[0] = order.folder
        if order.database is not None:
            url = parse_url(order.database, Path.cwd())
        else:
            url = URL.create("sqlite", database=str((order.folder / app_folder.DEFAULT_DATABASE).absolute()))
        self.mark = unfinished[MARK]
        self.app = App(order.folder, order.plan, url)
        return self.app

    def make_tables(self) -> str:
        """Make the tables; returns the first token of the API."""
        assert self.app is not None
        return make_tables(self.app)

    def take_back(self) -> None:
        """Remove the app and its tables; raises DatabaseError where these can't be removed: both stay then."""
        try:
            self._take_tables_back()
        except DatabaseError as error:
            raise DatabaseError(
                f"{error.problem}\n{self.order.folder} and what is loaded are left as they are",
                hint=f"When the database answers again, complete it: outgrow load {self.order.folder}",
            ) from error
        for path in self.made:
            app_folder.remove(path)

    def _take_tables_back(self) -> None:
        """Drop what bears this app's mark, or remove the file that it has made for that; nobody else's."""
        if self.app is not None and not _lies_within(self.app):
            engine = open_engine(self.app.url, loading=True)
            try:
                if _mark_in(engine) == self.mark:
                    drop_tables(engine, sorted(_own_tables(self.app.plan, table_names(engine))))
                is_left = bool(table_names(engine))
            finally:
                engine.dispose()
            if is_left:
                return
        for path in self.new_files:
            app_folder.remove(path)


def _lies_within(app: App) -> bool:
    """Whether an app's database is a file in its own folder, which goes with it."""
    return app.url.get_backend_name() == "sqlite" and Path(str(app.url.database)).is_relative_to(app.folder.absolute())


def _new_folders(folder: Path) -> list[Path]:
    """The folder above the app that has to be made first, if any."""
    missing = [parent for parent in folder.absolute().parents if not parent.exists()]
    return missing[-1:]


def is_unfinished(app: App) -> bool:
    """Say whether the making of an app's tables was cut off."""
    return (app.folder / UNFINISHED).is_file()


def refuse_unfinished(app: App) -> None:
    """Refuse an app of which not all is loaded yet; raises AppError."""
    if is_unfinished(app) or not _is_loaded(app):
        raise AppError(f"{app.folder}: the load isn't finished", hint=f"Go on with it: outgrow load {app.folder}")


def _is_loaded(app: App) -> bool:
    """Whether a load has come to its end, or there is no ledger that would say."""
    engine = open_engine(app.url)
    try:
        if META.name not in table_names(engine):
            return True
        with begin(engine) as connection:
            return Ledger(connection).get("loaded") == "yes"
    finally:
        engine.dispose()


def unfinished_source(app: App) -> str | None:
    """Where the data are of an app whose tables don't stand yet."""
    return _unfinished(app).get("source")


def _unfinished(app: App) -> dict[str, str]:
    with suppress(OSError, ValueError):
        found: dict[str, str] = json.loads((app.folder / UNFINISHED).read_text("utf-8"))
        return found
    return {}


def make_tables(app: App) -> str:
    """Make an app's tables and its ledger, or go on where that was cut off; returns a new token of its API, if any.

    Raises DatabaseError where the database holds tables of somebody else, or rows.
    """
    make_folder(app.url)
    engine = open_engine(app.url, loading=True)
    try:
        _claim(app, engine)
        if missing_revisions(engine, app.folder):
            _clear(app, engine)
            upgrade(engine, app.folder)
        with begin(engine) as connection:
            ledger = Ledger(connection)
            ledger.create()
            ledger.put("files", json.dumps(app_folder.hash_files(app.folder)))
            ledger.put("traces", json.dumps(render_traces()))
            ledger.put("source", unfinished_source(app) or "")
            token = "" if has_token(connection) else add_token(connection)
    finally:
        engine.dispose()
    (app.folder / UNFINISHED).unlink(missing_ok=True)
    return token


def _mark_in(engine: Engine) -> str | None:
    """The mark of the app that a database belongs to; two that are made at the same time may both want it."""
    if META.name not in table_names(engine):
        return None
    with begin(engine) as connection:
        return Ledger(connection).get(MARK)


def _claim(app: App, engine: Engine) -> None:
    """Mark the database as this app's; raises DatabaseError unless it is, or is as good as empty.

    That is: without tables, or with an empty one of outgrow's, or with what `flask db upgrade` has made of this app.
    """
    mark, names = _unfinished(app).get(MARK, ""), set(table_names(engine))
    if mark and _mark_in(engine) == mark:
        return
    strange = names - {META.name}
    if not missing_revisions(engine, app.folder):
        strange -= {name for name in _own_tables(app.plan, names) if not name.startswith(PREFIX)}
    check_empty(app.url, sorted(strange | set(_filled(engine, names - strange - {VERSION_TABLE}))))
    with begin(engine) as connection:
        META.create(connection, checkfirst=True)
        Ledger(connection).put(MARK, mark)


def _clear(app: App, engine: Engine) -> None:
    """Drop what an upgrade that was cut off has left of an app's tables; nothing that holds rows, no mark."""
    names = table_names(engine)
    own = _own_tables(app.plan, names) - {META.name}
    check_empty(app.url, sorted(set(names) - own - {META.name}))
    if filled := _filled(engine, own - {VERSION_TABLE, STEPS_TABLE}):
        raise DatabaseError(
            f"the app's tables are half made, and some hold rows: {', '.join(filled)}",
            hint="Run `flask db upgrade` in the app's folder, then this command again.",
        )
    drop_tables(engine, sorted(own))


def _filled(engine: Engine, names: Iterable[str]) -> list[str]:
    """Those of some tables that hold rows."""
    with begin(engine) as connection:
        bulk = open_bulk(connection)
        return [name for name in sorted(names) if bulk.count(name)]


def _own_tables(plan: Plan, names: Iterable[str]) -> set[str]:
    """Those tables that an app of this plan has, and outgrow's."""
    own = {*OWN_TABLES, *(table.name for table in plan)}
    return {name for name in names if name in own or name.startswith(PREFIX)}
