"""Fills the tables of one collection: in transactions of several chunks, which care slows down only where it must."""

from __future__ import annotations

import json
from collections.abc import Iterator, Set
from itertools import chain
from typing import Any

from sqlalchemy import Engine

from outgrow.database.bulk import Bulk, Refused, open_bulk
from outgrow.database.engine import begin
from outgrow.database.ledger import Ledger, PartEntry
from outgrow.record import Finding, Origin
from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Row, Shape
from outgrow.source.inventory import Collection, Source
from outgrow.transfer.aside import Sealer, add_asides
from outgrow.transfer.checks import sum_up, sum_up_texts
from outgrow.transfer.chunk import Chunk, make_chunk, row_key, secret_roots
from outgrow.transfer.duplicates import Duplicates, find_refused
from outgrow.transfer.fetch import fetch_rows, key_facts, keys_of
from outgrow.transfer.load_options import LoadOptions, LoadResult
from outgrow.transfer.part import PartWork
from outgrow.transfer.passwords import Hasher
from outgrow.transfer.produce import Produced, Producer, highest_given, make_extras, part_facts
from outgrow.transfer.recall import style_of
from outgrow.transfer.rejects import RejectBook
from outgrow.transfer.seal import seal_rows
from outgrow.transfer.together import Behind, Ready

RECORDS_PER_TRANSACTION = 8_000
CHUNKS_PER_TRANSACTION = 500
MOST_REMEMBERED = 100_000
NUL = "\\\\u0000"
"""How a NUL character stands in the JSON of a patch, which holds a value's own JSON as text."""


class LoadState:
    """What all tables of one load have in common."""

    def __init__(
        self, plan: Plan, source: Source, engine: Engine, options: LoadOptions, begun: LoadResult | None = None
    ) -> None:
        self.plan = plan
        self.source = source
        self.engine = engine
        self.options = options
        self.result = begun or LoadResult()
        self.result.rows = {table.name: 0 for table in plan} | self.result.rows
        self.comparing = options.comparing
        self.hasher = options.comparing.hasher if options.comparing else Hasher(plan)
        self.book = RejectBook(plan, options.rejects, Sealer(plan, options.key, self.hasher))
        self.places: dict[str, tuple[int, int]] = {}
        self.file_ids: dict[str, int] = {}


def _enough(stream: Iterator[Produced]) -> Iterator[Produced]:
    """The next chunks for one transaction, none more."""
    records = chunks = 0
    while records < RECORDS_PER_TRANSACTION and chunks < CHUNKS_PER_TRANSACTION:
        produced = next(stream, None)
        if produced is None:
            return
        records, chunks = records + produced.bare.count, chunks + 1
        yield produced


class TableState:
    """One collection on its way into its tables: counters and the highest key go from part to part."""

    def __init__(self, loader: LoadState, collection: Collection, shape: Shape) -> None:
        self.loader = loader
        self.collection = collection
        self.shape = shape
        self.shapes = shape.all_shapes()
        self.secrets = secret_roots(loader.plan, shape)
        self.unknown: set[str] = set()
        self.after: Any = None
        self.next_number = 1
        self.copies = 0
        self.hashes = any(password_columns(loader.plan, inner.table) for inner in self.shapes)
        self.put_back: list[Produced] = []
        self.seen: set[int] = set()
        self.warned_of_nul = False
        with begin(loader.engine) as connection:
            self._continue(Ledger(connection), open_bulk(connection))

    def _continue(self, ledger: Ledger, bulk: Bulk) -> None:
        """Take up the counters where an earlier load left them."""
        table = self.shape.table
        self.entries = {entry.number: entry for entry in ledger.parts(table.source)}
        self.done = {entry.id: ledger.chunk_count(entry.id) for entry in self.entries.values()}
        key = table.columns[self.shape.keys[0]] if len(self.shape.keys) == 1 else None
        if key is not None and key.type.name == "integer" and bulk.count(table.name):
            self.after = bulk.highest(table.name, key.name)
        if self.shape.number is not None:
            self.next_number = bulk.highest(table.name, table.columns[self.shape.number].name) + 1
        if self.shape.fill is not None:
            column = table.columns[self.shape.fill]
            given = highest_given(self.loader.source, self.collection, column.field)
            self.next_number = max(bulk.highest(table.name, column.name), given) + 1
        if self.loader.comparing is not None:
            self.next_number = max(self.next_number, self.loader.comparing.first_number)

    def run(self) -> None:
        """Load all parts, in transactions of several chunks."""
        producer = Producer(self.loader.source, self.collection, self.shape, self.secrets, self.next_number)
        producer.salvage, producer.places = self.loader.options.salvage, self.loader.places
        producer.known = {number: (entry.facts, self.done[entry.id]) for number, entry in self.entries.items()}
        stream = producer.stream()
        with Behind(self.loader.engine, self.shapes) as self.behind:
            while self._write_some(stream):
                pass
            self._settle()

    def _write_some(self, stream: Iterator[Produced]) -> bool:
        """Write chunks in one transaction, as they come, until there are enough; says whether more may come."""
        stream = chain(self.put_back, stream)
        first = next(stream, None)
        if first is None:
            return False
        self.put_back = []
        ready: list[Ready] = []
        for produced in _enough(chain([first], stream)):
            made = self._make_ready(produced)
            if made is None:
                self.put_back = [produced]
                break
            ready.append(made)
        self._settle()
        if ready:
            self.behind.write(ready)
            spans = [each.produced.bare.span for each in ready]
        else:
            self.put_back, spans = [], self._write_carefully(_enough(chain([first], stream)))
        self.loader.options.progress(self.shape.table.name, sum(end - start for start, end in spans))
        return True

    def _make_ready(self, produced: Produced) -> Ready | None:
        """A chunk that can be written with others, as nothing in it needs care: numbers that rise are its keys."""
        entry, chunk, rows = self.entries.get(produced.number), produced.bare, produced.rising
        if entry is None or chunk.unfit or chunk.flaws or self.hashes or rows is None:
            return None
        if self.after is not None and rows["first"] <= self.after:
            return None
        self._note(produced.work, chunk)
        if self.shape.number is not None:
            self.copies += self._count_repeats(produced.chunk)
        self.after = rows["last"]
        tables, checks = sum_up_texts(produced.texts)
        produced.work.part_id = entry.id
        return Ready(produced, self._number(entry.id), {**chunk.facts, "rows": rows, "tables": tables}, checks)

    def _settle(self) -> None:
        """See that what was written behind our back is there; where the database refuses a row of it, find which."""
        ready, there = self.behind.settle()
        if there:
            for each in ready:
                for name, text in each.produced.texts.items():
                    self.loader.result.rows[name] += text.count
            return
        after, self.after = self.after, ready[0].facts["rows"]["first"] - 1
        with begin(self.loader.engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            for each in ready:
                self._write_chunk(each.produced.work, each.produced.chunk, each.number, ledger, bulk)
            self.loader.book.flush()
        self.after = after

    def _write_carefully(self, stream: Iterator[Produced]) -> list[tuple[int, int]]:
        """Write chunks in one transaction, one after the other; returns their places."""
        spans = []
        with begin(self.loader.engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            for produced in stream:
                work = self._work_of(produced, ledger)
                self._load_chunk(work, produced.chunk, ledger, bulk)
                spans.append(produced.chunk.span)
            self.loader.book.flush()
        return spans

    def _number(self, part_id: int) -> int:
        """The next chunk's number in its part."""
        self.done[part_id] += 1
        return self.done[part_id] - 1

    def _work_of(self, produced: Produced, ledger: Ledger) -> PartWork:
        """The part that a chunk belongs to, entered in the ledger at its first one."""
        work = produced.work
        entry = self.entries.get(produced.number)
        if entry is None:
            facts = part_facts(work)
            part_id = ledger.add_part(
                self.collection.source, produced.number, self.loader.file_ids[work.part.file], facts
            )
            entry = self.entries[produced.number] = PartEntry(
                part_id, self.collection.source, produced.number, 0, facts
            )
            self.done[part_id] = 0
        work.part_id = entry.id
        return work

    def _load_chunk(self, work: PartWork, chunk: Chunk, ledger: Ledger, bulk: Bulk) -> None:
        """Write a chunk, without the records whose keys are taken or that the database refuses."""
        source = self.loader.source
        verdict = Duplicates(ledger, bulk, self.loader.book, source).judge(work, chunk, self.after)
        if verdict.excluded:
            extras, origins = make_extras(source, work, chunk.batch, chunk.first_number), chunk.origins
            chunk = make_chunk(source, work, chunk.batch, extras, {**chunk.unfit, **verdict.excluded})
            chunk.origins = origins
        self.copies += len(verdict.copies) + self._count_repeats(chunk)
        self._note(work, chunk)
        self._write_chunk(work, chunk, self._number(work.part_id), ledger, bulk, verdict.copies)

    def _write_chunk(
        self, work: PartWork, chunk: Chunk, number: int, ledger: Ledger, bulk: Bulk, copies: Set[int] = frozenset()
    ) -> None:
        """Write a chunk, without the records that the database refuses."""
        source, origins = self.loader.source, chunk.origins
        bulk.run("SAVEPOINT outgrow_chunk")
        try:
            facts, checks = self._write(chunk, copies, bulk)
        except Refused:
            bulk.run("ROLLBACK TO outgrow_chunk")
            extras = make_extras(source, work, chunk.batch, chunk.first_number)
            refused = find_refused(work, chunk, extras, bulk)
            bulk.run("ROLLBACK TO outgrow_chunk")
            chunk = make_chunk(source, work, chunk.batch, extras, {**chunk.unfit, **refused})
            facts, checks = self._write(chunk, copies, bulk)
        bulk.run("RELEASE SAVEPOINT outgrow_chunk")
        if chunk.asides or chunk.lost:
            self._keep_asides(work, chunk, facts)
        chunk_id = ledger.add_chunk(work.part_id, number, chunk.span, chunk.count, {**facts, **origins})
        ledger.add_checks(chunk_id, checks)
        ledger.add_deviations(chunk_id, chunk.patches)
        if chunk.flaws or chunk.unfit:
            self.loader.book.add_chunk(source, self.collection, work, chunk, chunk_id, ledger)

    def _count_repeats(self, chunk: Chunk) -> int:
        """How many records without a key repeat an earlier one, of the first hundred thousand."""
        number = self.shape.number
        if number is None or len(self.shapes) > 1 or len(self.seen) > MOST_REMEMBERED:
            return 0
        found = [hash((*row[:number], *row[number + 1 :])) for row in chunk.rows[self.shape.table.name]]
        before = len(self.seen)
        self.seen.update(found)
        return len(found) - (len(self.seen) - before)

    def _note(self, work: PartWork, chunk: Chunk) -> None:
        """Say once what the rows can't say and the ledger keeps: fields without a column, NUL characters."""
        if "lines" in chunk.origins and not chunk.flaws:
            self.loader.places[work.part.file] = chunk.span[0], chunk.origins["lines"][0]
        cut = [key for key, patch in chunk.patches.items() if NUL in json.dumps(patch)]
        if cut and not self.warned_of_nul:
            self.warned_of_nul = True
            what = f"texts of {self.shape.table.name} hold NUL characters, which PostgreSQL can't store"
            message = f"{what}: left out, and the ledger keeps them for export"
            self.loader.result.findings.append(Finding("warning", message, Origin(work.part.file)))
        if not chunk.names or self.shape.branch is None:
            return
        known = set(self.shape.branch.fields) | {path[0] for path in self.shape.dropped} | self.unknown
        for name in [name for name in chunk.names if name not in known]:
            self.unknown.add(name)
            message = (
                f'"{name}" has no column in {self.shape.table.name}; its values are kept in the ledger, for export'
            )
            self.loader.result.findings.append(Finding("warning", message, Origin(work.part.file)))

    def _write(self, chunk: Chunk, copies: Set[int], bulk: Bulk) -> tuple[dict[str, Any], dict[str, bytes]]:
        """Write a chunk's rows; returns its facts and checks. Copies of records that have their rows make none."""
        facts = dict(chunk.facts)
        stored = self.loader.hasher.hash_rows(self.shapes, chunk.rows)
        self._seal(chunk, stored)
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
        facts["tables"], checks = sum_up(stored)
        if len(chunk.places) != chunk.count:
            facts["places"] = list(chunk.places)
        if copies:
            facts["copies"] = sorted(copies)
        return facts, checks

    def _keep_asides(self, work: PartWork, chunk: Chunk, facts: dict[str, Any]) -> None:
        """Keep the text of what makes no rows; where that needs a key, the ledger alone doesn't give the text again."""
        kept, bare = self.loader.book.sealer.keep(work, chunk.batch, chunk.asides, style_of(work, facts))
        add_asides(facts, {"lost": chunk.lost} if chunk.lost else {})
        add_asides(facts, kept)
        if not bare:
            for name in ("same", "log"):
                facts.pop(name, None)

    def _seal(self, chunk: Chunk, stored: dict[str, list[Row]]) -> None:
        """Keep the old hashes of wrapped passwords for export, under the operator's key."""
        name, key = self.shape.table.name, self.loader.options.key
        numbers = password_columns(self.loader.plan, self.shape.table)
        if numbers and key:
            for own, sealed in seal_rows(self.shape, numbers, chunk.rows[name], stored[name], key).items():
                chunk.patches.setdefault(row_key(own), {})["sealed"] = sealed

    @staticmethod
    def _without_known(shape: Shape, rows: list[Row], bulk: Bulk) -> list[Row]:
        """The rows whose keys are new, each once."""
        keys = keys_of(shape, rows)
        primary_key = shape.table.primary_key
        known = set(bulk.select_keys(shape.table.name, primary_key, primary_key, keys, []))
        first = {key: row for key, row in zip(reversed(keys), reversed(rows), strict=True) if key not in known}
        return [first[key] for key in dict.fromkeys(keys) if key in first]
