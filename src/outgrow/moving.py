"""Moves an app to another database, with all that was written since it was made. The plan isn't asked.

First the app's own revisions make their tables in the new database, then what somebody made by hand is added, then rows
are copied and both sides read and compared. Only then the app's `.env` is switched, so whatever fails before leaves the
app as it was and the new database empty; a kill leaves a mark there, by which the next move knows what it may drop.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.engine import URL

from outgrow.app_folder import DEFAULT_DATABASE, PLAN_FILE, UNFINISHED, database_url
from outgrow.app_process import flask
from outgrow.database.bulk import open_bulk
from outgrow.database.engine import begin, check_there, execute, make_folder, new_files, open_engine, sync, table_names
from outgrow.database.ledger import META, Ledger
from outgrow.database.move import claim as claims
from outgrow.database.move.additions import Additions, check_columns, left_out
from outgrow.database.move.catalog import TableFacts, describe, other_objects, versions, virtual_tables
from outgrow.database.move.copying import Pair, broken_references, compare_table, copy_table, pair_tables
from outgrow.database.move.counters import count_on, read_counters
from outgrow.database.move.holding import held
from outgrow.database.url import parse_url, settings_url, show_url
from outgrow.database.waiting import Waiting, find_waiting, put_up, take_down
from outgrow.errors import AppError, DatabaseError, OutgrowError
from outgrow.record import Finding
from outgrow.refusals import check_empty
from outgrow.settings_file import prepare_switch

Progress = Callable[[str, str, int, int], None]


@dataclass
class Move:
    """What a move did: rows by table, and from where to where, without passwords."""

    app: Path
    source: str = ""
    target: str = ""
    tables: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def move(folder: Path, database: str, progress: Progress) -> Move:
    """Move an app to an empty database, and let its `.env` name that; raises OutgrowError, and changes nothing then."""
    if not (folder / PLAN_FILE).is_file() and not (folder / "app" / "__init__.py").is_file():
        raise AppError(f"{folder} is no app that outgrow made", hint="Name the folder that `outgrow convert` made.")
    if (folder / UNFINISHED).is_file():
        raise AppError("the load isn't finished", hint=f"`outgrow load {folder}` completes it.")
    old, new = database_url(folder), parse_url(database, Path.cwd())
    _check_apart(old, new)
    moving = _Moving(Move(folder, show_url(old), show_url(new)), new, settings_url(database, Path.cwd()), progress)
    engine = open_engine(old, changing=True)
    try:
        with held(engine) as source:
            moving.run(source, old)
    finally:
        engine.dispose()
    moving.result.findings += _advise_on_environment()
    return moving.result


def _check_apart(old: URL, new: URL) -> None:
    """Refuse a database that isn't there, and the one that the app has already."""
    check_there(old)
    parts = [(url.get_backend_name(), url.host, url.port, url.database, url.query.get("host")) for url in (old, new)]
    files = [os.path.realpath(str(url.database)) for url in (old, new) if url.get_backend_name() == "sqlite"]
    if parts[0] == parts[1] or (len(files) == 2 and files[0] == files[1]):
        hint = "Name the new one with --database or in NEW_DATABASE_URL; DATABASE_URL is the one that the app has now."
        raise AppError(f"the app uses {show_url(new)} already", hint=hint)


def _advise_on_environment() -> list[Finding]:
    if not os.environ.get("DATABASE_URL"):
        return []
    problem = (
        "DATABASE_URL is set in the environment and comes before .env: give it the new value wherever the app starts"
    )
    return [Finding("warning", problem)]


def _holds(there: dict[str, TableFacts], wanted: dict[str, TableFacts]) -> bool:
    """Whether tables have all the columns of those that are wanted."""
    return all(name in there and table.columns.keys() <= there[name].columns.keys() for name, table in wanted.items())


class _Moving:
    """One move: what it does to the new database, and how that is taken back."""

    def __init__(self, result: Move, url: URL, setting: str, progress: Progress) -> None:
        self.result, self.url, self.setting, self.progress = result, url, setting, progress
        self.app = str(result.app.resolve())
        self.new_files = new_files(url)

    def run(self, source: Connection, old: URL) -> None:
        """Fill the new database, and let the app use it; it is as it was where that fails."""
        wanted, revisions = self._look(source)
        make_folder(self.url)
        try:
            if self._is_copied(source, wanted, revisions):
                self._switch(old)
                return
            claim = self._claim(wanted)
            try:
                for revision in revisions:
                    flask(self.result.app, self.setting, "db", "upgrade", revision)
                self._fill(source, wanted, revisions, claim)
                self._switch(old)
            except BaseException:
                self._clear(claim)
                raise
        except BaseException:
            self._remove_files()
            raise

    def _look(self, source: Connection) -> tuple[dict[str, TableFacts], list[str]]:
        """What the old database holds, and its revisions; raises OutgrowError where it isn't sound."""
        wanted, revisions = describe(source), versions(source)
        if not revisions:
            hint = "If its tables are what the app's revisions make: flask db stamp head"
            raise DatabaseError(f"{self.result.source} knows no revision of the app", hint=hint)
        if META.name in wanted and Ledger(source).get("loaded") != "yes":
            raise AppError("the load isn't finished", hint=f"`outgrow load {self.result.app}` completes it.")
        keys = {name: inspect(source).get_foreign_keys(name) for name in wanted}
        if broken := broken_references(source, wanted, keys):
            raise DatabaseError(
                "\n".join(["rows refer to others that don't exist:", *broken]),
                hint="Nothing was changed. Delete or correct them, and run the command again.",
            )
        self.result.findings += [
            Finding("warning", f"{name} is a virtual table of SQLite, or belongs to one, and isn't taken over")
            for name in virtual_tables(source)
        ]
        return wanted, revisions

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        engine = open_engine(self.url, loading=True)
        try:
            yield engine
        finally:
            engine.dispose()

    def _is_copied(self, source: Connection, wanted: dict[str, TableFacts], revisions: list[str]) -> bool:
        """Whether a move that was killed at its very end has left all there: no mark, and the same in every row.

        Raises DatabaseError where rows differ.
        """
        with self._engine() as engine, begin(engine) as target:
            there = describe(target)
            if claims.read_claim(target) is not None or versions(target) != revisions or not _holds(there, wanted):
                return False
            if not self._is_same(source, target, pair_tables(wanted, there)):
                raise DatabaseError(
                    f"{self.result.target} already holds tables of this app, with other rows, and is not touched",
                    hint="If a move that was cut off has left them, and nobody uses them, drop them.",
                )
            count_on(target, there, read_counters(source, wanted))
        problem = "the new database held all of it already, from a move that was cut off: it was compared, and is used"
        self.result.findings.append(Finding("info", problem))
        return True

    def _is_same(self, source: Connection, target: Connection, pairs: list[Pair]) -> bool:
        """Whether two databases hold the same rows; they are only read where their numbers agree."""
        bulks = open_bulk(source), open_bulk(target)
        self.result.tables, others = ({pair.name: bulk.count(pair.name) for pair in pairs} for bulk in bulks)
        self.total = sum(others.values())
        if others != self.result.tables:
            return False
        try:
            self._compare(source, target, pairs)
        except DatabaseError as error:
            if error.is_passing:
                raise
            return False
        return True

    def _claim(self, wanted: dict[str, TableFacts]) -> claims.Claim:
        """Mark the new database, which must be empty, or hold what an earlier move of this app has left."""
        with self._engine() as engine:
            names = table_names(engine)
            with begin(engine) as connection:
                known = claims.read_claim(connection)
            if known is not None and known.app in (self.app, ""):
                if strange := claims.strangers(names, wanted):
                    raise DatabaseError(
                        f"{self.result.target} holds what an unfinished move has left, and more: {', '.join(strange)}",
                        hint="Name an empty database, or drop these tables if nobody needs them.",
                    )
                claims.clear(engine, known)
            elif known is not None:
                problem = f"{self.result.target} holds what a move of {known.app} has left that was cut off"
                raise DatabaseError(problem, hint="Run that move again, or name an empty database.")
            else:
                check_empty(self.url, names)
            return claims.claim(engine, self.app, secrets.token_hex(16))

    def _clear(self, claim: claims.Claim) -> None:
        """Drop what was made, if that is possible; else the mark stays, and the next move does it."""
        with suppress(OutgrowError), self._engine() as engine:
            with begin(engine) as connection:
                is_ours = claims.read_claim(connection) == claim
            if is_ours:
                claims.clear(engine, claim)

    def _remove_files(self) -> None:
        for file in self.new_files:
            with suppress(OSError):
                file.unlink()

    def _fill(
        self, source: Connection, wanted: dict[str, TableFacts], revisions: list[str], claim: claims.Claim
    ) -> None:
        with self._engine() as engine:
            with begin(engine) as target:
                if claims.read_claim(target) != claim:
                    raise DatabaseError(f"another move fills {self.result.target}", hint="Wait for it, or stop it.")
                if versions(target) != revisions:
                    raise DatabaseError("the app's revisions lead elsewhere than the old database stands")
                pairs = self._make_tables(source, target, wanted)
                waiting = find_waiting(target, wanted)
                take_down(target, waiting)
                self._copy(source, target, pairs, waiting)
            with begin(engine) as target:
                self._compare(source, target, pairs)

    def _switch(self, old: URL) -> None:
        """Let the app's `.env` name the new database: all that can fail is done before the mark is gone."""
        own = (self.result.app / DEFAULT_DATABASE).absolute()
        is_own = self.url.get_backend_name() == "sqlite" and Path(str(self.url.database)) == own
        was = show_url(old.set(drivername=old.get_backend_name()))
        replace = prepare_switch(self.result.app / ".env", "" if is_own else self.setting, was)
        with self._engine() as engine, begin(engine) as target:
            claims.release(target)
        sync(self.url)
        replace()

    def _make_tables(self, source: Connection, target: Connection, wanted: dict[str, TableFacts]) -> list[Pair]:
        if META.name in wanted:
            Ledger(target).create()
        there = describe(target)
        self.result.findings += check_columns(wanted, there)
        additions = Additions(source, target)
        additions.make(wanted, there)
        self.result.findings += additions.findings
        self.result.findings += left_out(other_objects(source), other_objects(target))
        return pair_tables(wanted, describe(target))

    def _copy(self, source: Connection, target: Connection, pairs: list[Pair], waiting: list[Waiting]) -> None:
        """Copy all rows, and put keys and indexes up; what revisions have written is in the old database, too."""
        bulks = open_bulk(source), open_bulk(target)
        counts = {pair.name: bulks[0].count(pair.name) for pair in pairs}
        self.total = sum(counts.values())
        quote = target.dialect.identifier_preparer.quote_identifier
        for name in describe(target):
            execute(target, f"DELETE FROM {quote(name)}")  # noqa: S608 (the name is quoted)
        for pair in pairs:
            self.result.tables[pair.name] = copy_table(pair, *bulks, self._tell)
        wanted = {pair.name: pair.source for pair in pairs}
        count_on(target, describe(target), read_counters(source, wanted))
        put_up(target, waiting)

    def _compare(self, source: Connection, target: Connection, pairs: list[Pair]) -> None:
        bulks = open_bulk(source), open_bulk(target)
        self.total *= 2
        for pair in pairs:
            compare_table(pair, *bulks, self._tell)
        if broken := bulks[1].check_references():
            raise DatabaseError(f"references lead nowhere: {', '.join(f'{a} to {b}' for a, b in broken)}")

    def _tell(self, phase: str, table: str, rows: int) -> None:
        self.progress(phase, table, rows, self.total)
