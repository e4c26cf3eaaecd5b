"""Fills the tables: reads each collection, shapes it by the plan, and writes rows and ledger together.

A chunk's rows and its entry in the ledger are one transaction. What has an entry is skipped by the next
load, so a killed load is completed by running it again, and a second load changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from outgrow.database.bulk import Bulk, Refused, open_bulk
from outgrow.database.engine import begin
from outgrow.database.ledger import Ledger, PartEntry
from outgrow.errors import SourceError
from outgrow.record import Batch, Finding, Origin, Reject
from outgrow.schema.habit import Habit, learn
from outgrow.schema.model import Plan, Table
from outgrow.schema.shape import Extras, Row, Shape, compile_shape
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.reading import changed_files, exact, read_part
from outgrow.transfer.chunk import Chunk, PartWork, digest, make_chunk, secret_roots
from outgrow.transfer.duplicates import Duplicates, find_refused
from outgrow.transfer.fetch import fetch_rows, key_facts, keys_of
from outgrow.transfer.orphans import Desk, settle_orphans
from outgrow.transfer.passwords import Hasher
from outgrow.transfer.rejects import RejectBook
from outgrow.transfer.texts import read_texts

CHUNKS_PER_TRANSACTION = 8
LEARN_FROM = 1_000
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class LoadOptions:
    """`salvage` takes what is whole in broken files; `rejects` is the folder for what is set aside.

    `progress` hears of tables and the bytes read for them.
    """

    salvage: bool = False
    rejects: Path | None = None
    progress: Progress = lambda _what, _bytes: None


@dataclass
class LoadResult:
    """Rows by table that this load wrote, what it set aside, and what is to be said."""

    rows: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    reject_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    hashed_passwords: int = 0


class Loader:
    """The state of one load."""

    def __init__(self, plan: Plan, source: Source, engine: Engine, options: LoadOptions) -> None:
        self.plan = plan
        self.source = source
        self.engine = engine
        self.options = options
        self.result = LoadResult(rows={table.name: 0 for table in plan})
        self.hasher = Hasher(plan)
        self.book = RejectBook(plan, options.rejects)

    def run(self) -> LoadResult:
        """Load all that isn't loaded yet; raises SourceError where the source is another one."""
        with begin(self.engine) as connection:
            ledger = Ledger(connection)
            ledger.create()
            done = ledger.get("loaded") == "yes"
            self._enter_files(ledger)
            if not done:
                self._drop_indexes(connection, ledger)
        if not done:
            for table in self.plan:
                if not table.nested:
                    self._load_table(table)
            changed = changed_files(self.source)
            if changed:
                raise SourceError(
                    "changed while it was being read",
                    origin=Origin(changed[0]),
                    hint="Stop what writes to it, then convert again.",
                )
            self._finish()
        self._account_for_files()
        self.result.rejects, self.result.reject_count = self.book.rejects, self.book.count
        self.result.hashed_passwords = self.hasher.count
        return self.result

    def _enter_files(self, ledger: Ledger) -> None:
        """Enter the source's files, or hold them against those of an earlier load."""
        known = {entry.path: entry.sha256 for entry in ledger.files()}
        if known:
            _compare_files(known, {file.path: file.sha256 for file in self.source.files.values()})
            return
        for file in self.source.files.values():
            facts = {"syntax": file.syntax, "packed": file.wrapper.packed, "size": file.size}
            ledger.add_file(file.path, file.sha256, facts, file.literals)

    def _drop_indexes(self, connection: Connection, ledger: Ledger) -> None:
        """Indexes that enforce nothing are made again at the end, which is faster than keeping them."""
        if ledger.get("indexes") is None:
            bulk = open_bulk(connection)
            dropped = [statement for table in self.plan for statement in bulk.drop_indexes(table.name)]
            ledger.put("indexes", "\n;\n".join(dropped))

    def _load_table(self, table: Table) -> None:
        collection = self.source.collection(table.source)
        if collection is None:
            message = f"the plan's table {table.name} is made from {table.source}, which isn't there"
            self.result.findings.append(Finding("error", message))
            return
        shape = compile_shape(self.plan, table)
        state = TableState(self, collection, shape)
        for number, part in enumerate(collection.parts):
            state.load_part(number, part)
        if state.copies:
            message = f"{state.copies:,} records are exact copies of others: kept once, and written again by export"
            self.result.findings.append(Finding("info", message, Origin(collection.source)))

    def _finish(self) -> None:
        with begin(self.engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            for statement in filter(None, (ledger.get("indexes") or "").split("\n;\n")):
                bulk.run(statement)
            ledger.put("indexes", "")
        with begin(self.engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            self.result.findings += settle_orphans(Desk(self.plan, self.source, ledger, bulk, self.book))
            for table, target in bulk.check_references():
                self.result.findings.append(Finding("error", f"rows of {table} refer to rows of {target} that aren't there"))
            ledger.put("loaded", "yes")
        self.book.flush()

    def _account_for_files(self) -> None:
        planned = {table.source for table in self.plan}
        for collection in self.source.collections:
            if collection.source not in planned:
                message = "is in no table of the plan; nothing of it was loaded"
                self.result.findings.append(Finding("warning", message, Origin(collection.source)))


def _compare_files(known: dict[str, str], now: dict[str, str]) -> None:
    for path in [*known, *now]:
        if known.get(path) != now.get(path):
            what = "is gone" if path not in now else "is new" if path not in known else "has changed"
            raise SourceError(
                f"{what} since the load began",
                origin=Origin(path),
                hint="Load what was there before, or convert the new state into a new app.",
            )


class TableState:
    """One collection on its way into its tables: counters and the highest key go from part to part."""

    def __init__(self, loader: Loader, collection: Collection, shape: Shape) -> None:
        self.loader = loader
        self.collection = collection
        self.shape = shape
        self.shapes = shape.all_shapes()
        self.secrets = secret_roots(loader.plan, shape)
        self.unknown: set[str] = set()
        self.after: Any = None
        self.next_number = 1
        self.copies = 0
        with begin(loader.engine) as connection:
            self._continue(Ledger(connection), open_bulk(connection))

    def _continue(self, ledger: Ledger, bulk: Bulk) -> None:
        """Take up the counters where an earlier load left them."""
        table = self.shape.table
        self.entries = {entry.number: entry for entry in ledger.parts(table.source)}
        key = table.columns[self.shape.keys[0]] if len(self.shape.keys) == 1 else None
        if key is not None and key.type.name == "integer" and bulk.count(table.name):
            self.after = bulk.highest(table.name, key.name)
        if self.shape.number is not None:
            self.next_number = bulk.highest(table.name, table.columns[self.shape.number].name) + 1
        if self.shape.fill is not None:
            column = table.columns[self.shape.fill]
            self.next_number = max(bulk.highest(table.name, column.name), self._highest_given(column.field)) + 1

    def _highest_given(self, path: tuple[str, ...]) -> int:
        """The highest number that records bring with them; counted keys start behind it."""
        highest = 0
        for part in self.collection.parts:
            for batch in read_part(self.loader.source, part, salvage=True):
                for record in batch.records:
                    value = record.get(path[0]) if type(record) is dict and len(path) == 1 else None
                    if type(value) is int or (type(value) is str and value.isdecimal() and len(value) < 18):
                        highest = max(highest, int(value))
        return highest

    def load_part(self, number: int, part: Part) -> None:
        """Load one part, in transactions of several chunks."""
        loader = self.loader
        batches = read_part(loader.source, part, salvage=loader.options.salvage)
        entry = self.entries.get(number)
        with begin(loader.engine) as connection:
            ledger = Ledger(connection)
            done = ledger.chunk_count(entry.id) if entry else 0
        for _ in islice(batches, done):
            pass
        first = next(batches, None)
        if first is None:
            return
        work = self._open_part(number, part, entry, first)
        pending: list[Batch] = [first]
        while pending:
            pending += list(islice(batches, CHUNKS_PER_TRANSACTION - len(pending)))
            with begin(loader.engine) as connection:
                ledger, bulk = Ledger(connection), open_bulk(connection)
                for place, batch in enumerate(pending):
                    self._load_batch(work, batch, done + place, ledger, bulk)
            loader.book.flush()
            loader.options.progress(self.shape.table.name, sum(batch.end - batch.start for batch in pending))
            done += len(pending)
            pending = list(islice(batches, 1))

    def _open_part(self, number: int, part: Part, entry: PartEntry | None, first: Batch) -> PartWork:
        source, shape = self.loader.source, self.shape
        section, syntax = source.section(part), source.syntax(part)
        if entry is not None:
            habit = Habit.from_dict(entry.facts["habit"])
            return PartWork(part, section, syntax, section.style, shape, habit, self.secrets, entry.id)
        habit = learn(shape, exact(source, part, first).records[:LEARN_FROM])
        work = PartWork(part, section, syntax, section.style, shape, habit, self.secrets)
        with begin(self.loader.engine) as connection:
            ledger = Ledger(connection)
            file_id = next(file.id for file in ledger.files() if file.path == part.file)
            work.part_id = ledger.add_part(self.collection.source, number, file_id, _part_facts(work))
        return work

    def _load_batch(self, work: PartWork, batch: Batch, number: int, ledger: Ledger, bulk: Bulk) -> None:
        extras = Extras(
            keys=batch.keys if self.shape.key is not None else None,
            first_number=self.next_number,
            texts=read_texts(self.loader.source, work, batch),
        )
        chunk, copies = self._make_chunk(work, batch, extras, ledger, bulk)
        self._note_unknown(work, chunk)
        bulk.run("SAVEPOINT outgrow_chunk")
        try:
            facts = self._write(chunk, copies, bulk)
        except Refused:
            bulk.run("ROLLBACK TO outgrow_chunk")
            refused = find_refused(work, chunk, extras, bulk)
            bulk.run("ROLLBACK TO outgrow_chunk")
            chunk = make_chunk(self.loader.source, work, batch, extras, {**chunk.unfit, **refused})
            facts = self._write(chunk, copies, bulk)
        bulk.run("RELEASE outgrow_chunk")
        self._count_on(chunk)
        span = (chunk.batch.start, chunk.batch.end)
        chunk_id = ledger.add_chunk(work.part_id, number, span, len(chunk.batch), facts)
        ledger.add_deviations(chunk_id, chunk.patches)
        self.loader.book.add_chunk(self.loader.source, self.collection, work, chunk, chunk_id, ledger)

    def _make_chunk(self, work: PartWork, batch: Batch, extras: Extras, ledger: Ledger, bulk: Bulk) -> tuple[Chunk, set[int]]:
        """Shape a batch; without the records whose keys are taken or that the database refuses."""
        source = self.loader.source
        chunk = make_chunk(source, work, batch, extras)
        verdict = Duplicates(ledger, bulk, self.loader.book).judge(work, chunk, self.after)
        if verdict.excluded:
            chunk = make_chunk(source, work, batch, extras, verdict.excluded)
        if verdict.copies:
            self.copies += len(verdict.copies)
        return chunk, verdict.copies

    def _count_on(self, chunk: Chunk) -> None:
        """Move the counter for made-up keys behind those of a chunk."""
        number = self.shape.number if self.shape.number is not None else self.shape.fill
        rows = chunk.rows[self.shape.table.name]
        if number is not None and rows:
            self.next_number = max(self.next_number, max(row[number] for row in rows) + 1)

    def _note_unknown(self, work: PartWork, chunk: Chunk) -> None:
        """Say once which fields have no column; the ledger keeps them."""
        if chunk.facts.get("same") or self.shape.branch is None:
            return
        known = set(self.shape.branch.fields) | {path[0] for path in self.shape.dropped} | self.unknown
        records = [record for record in chunk.batch.records if type(record) is dict]
        for name in [name for name in dict.fromkeys(chain.from_iterable(records)) if name not in known]:
            self.unknown.add(name)
            message = f'"{name}" has no column in {self.shape.table.name}; its values are kept in the ledger, for export'
            self.loader.result.findings.append(Finding("warning", message, Origin(work.part.file)))

    def _write(self, chunk: Chunk, copies: set[int], bulk: Bulk) -> dict[str, Any]:
        """Write a chunk's rows; returns its facts. Copies of records that have their rows make none."""
        facts = dict(chunk.facts)
        stored = self.loader.hasher.hash_rows(self.shapes, chunk.rows)
        for shape in self.shapes:
            rows = stored[shape.table.name]
            if copies:
                rows = self._without_known(shape, rows, bulk)
            if rows:
                bulk.insert(shape.table.name, [column.name for column in shape.table.columns], rows)
                self.loader.result.rows[shape.table.name] += len(rows)
        own = keys_of(self.shape, stored[self.shape.table.name])
        facts["rows"] = key_facts(self.shape, own, self.after, ordered="map_keys" not in facts)
        if own and len(self.shape.keys) == 1 and type(own[0][0]) is int:
            highest = max(key[0] for key in own)
            self.after = highest if self.after is None else max(highest, self.after)
        if copies:
            stored = fetch_rows(bulk, self.shape, facts["rows"])
        facts["tables"] = {name: [len(rows), digest(rows)] for name, rows in stored.items()}
        if len(chunk.places) != len(chunk.batch):
            facts["places"] = chunk.places
        if copies:
            facts["copies"] = len(copies)
        return facts

    @staticmethod
    def _without_known(shape: Shape, rows: list[Row], bulk: Bulk) -> list[Row]:
        """The rows whose keys are new, each once."""
        keys = keys_of(shape, rows)
        primary_key = shape.table.primary_key
        known = set(bulk.select_keys(shape.table.name, primary_key, primary_key, keys, []))
        first = {key: row for key, row in zip(reversed(keys), reversed(rows), strict=True) if key not in known}
        return [first[key] for key in dict.fromkeys(keys) if key in first]


def _part_facts(work: PartWork) -> dict[str, Any]:
    section = work.section
    return {
        "section": {"kind": section.kind, "depth": section.depth, "counted": section.counted, "fields": list(section.fields)},
        "number": work.part.section,
        "key": work.part.key,
        "style": work.style.to_dict(),
        "habit": work.habit.to_dict(),
    }


def load(plan: Plan, source: Source, engine: Engine, options: LoadOptions) -> LoadResult:
    """Load a source into a database whose tables stand; see `Loader`."""
    return Loader(plan, source, engine, options).run()
