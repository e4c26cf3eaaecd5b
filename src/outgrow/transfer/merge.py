"""Takes what the files hold now into tables that the app has been using since they were loaded.

Three states of each record are compared: as it was loaded (its checks), as the files have it now (a load of them
into a scratch database), as the app has it. Rows that the files no longer have stay, and are named. The ledger
becomes that of the new load. All of it is one transaction: it happens whole or not at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from outgrow.database.bulk import Bulk, open_bulk
from outgrow.database.ledger import ABOUT_THE_APP, ChunkEntry, Ledger, PartEntry
from outgrow.database.waiting import keys_set_aside
from outgrow.errors import DatabaseError
from outgrow.record import Finding, Origin, Reject
from outgrow.schema.model import Plan, Table
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.shape import Row, compile_shape
from outgrow.source.inventory import Source
from outgrow.source.reading import place_of
from outgrow.transfer.affected import Affected
from outgrow.transfer.changes import Changes, read_changes
from outgrow.transfer.checks import Checks, replace_checks, sum_up
from outgrow.transfer.chunk import row_key
from outgrow.transfer.compare import changed_shapes
from outgrow.transfer.differences import show
from outgrow.transfer.duplicates import note_of
from outgrow.transfer.fetch import fetch_rows, key_facts, key_of
from outgrow.transfer.known import KnownKeys, known_keys
from outgrow.transfer.loaded import Loaded
from outgrow.transfer.numbering import Numbering, count_on, is_counted
from outgrow.transfer.orphans import Desk, settle_orphans
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import Patch, keep_raw_text, patch_record
from outgrow.transfer.recall import chunk_batch, facts_without, recall_part, roots
from outgrow.transfer.reconcile import Outcome, Reconciler
from outgrow.transfer.rejects import RejectBook, keep_asides, record_text
from outgrow.transfer.sides import Rows, Side, by_record, renumber

MOST_NAMED = 100


@dataclass
class MergeResult:
    """Records by table: new in the files, changed there, gone from there, left as the app has them."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


@dataclass
class Database:
    """One of the two databases: the app's, or the scratch one that holds what the files say."""

    connection: Connection
    ledger: Ledger
    bulk: Bulk

    @classmethod
    def of(cls, connection: Connection) -> Database:
        """What is needed of a connection."""
        return cls(connection, Ledger(connection), open_bulk(connection))


def merge(
    plan: Plan, source: Source, affected: Affected, ours: Connection, theirs: Connection, book: RejectBook
) -> MergeResult:
    """Merge a scratch load of the files into the app's database; raises DatabaseError where it would break."""
    with keys_set_aside(ours):
        return _merge(plan, source, affected, (Database.of(ours), Database.of(theirs)), book)


def _merge(
    plan: Plan, source: Source, affected: Affected, sides: tuple[Database, Database], book: RejectBook
) -> MergeResult:
    merger = _Merger(plan, source, affected, sides, book)
    broken = set(merger.ours.bulk.check_references())
    merger.enter_files()
    for table in roots(plan):
        if table.source in affected.sources:
            merger.merge_table(table)
    merger.close_ledger()
    desk = Desk(plan, source, merger.ours.ledger, merger.ours.bulk, book)
    merger.result.findings += settle_orphans(desk)
    found = sorted(set(merger.ours.bulk.check_references()) - broken)
    if found:
        named = ", ".join(f"{name} to {target}" for name, target in found)
        hint = "Tables of your own may refer to rows that the files no longer have. Nothing was changed."
        raise DatabaseError(f"references would lead nowhere: {named}", hint=hint)
    count_on(plan, merger.ours.bulk)
    return merger.result


class _Merger:
    def __init__(
        self, plan: Plan, source: Source, affected: Affected, sides: tuple[Database, Database], book: RejectBook
    ) -> None:
        self.plan, self.source, self.affected, self.book = plan, source, affected, book
        self.ours, self.theirs = sides
        self.result = MergeResult()
        self.changes: Changes = read_changes(self.ours.ledger)
        self.reshaped = changed_shapes(plan, self.ours.ledger)
        self.old_parts = {table.source: self.ours.ledger.parts(table.source) for table in roots(plan)}
        self.files: dict[int, int] = {}

    def enter_files(self) -> None:
        """Enter the files as they are now beside those that were loaded."""
        for file in self.theirs.ledger.files():
            if file.path not in self.affected.files:
                continue
            self.files[file.id] = self.ours.ledger.add_file(file.path, file.sha256, file.facts, file.literals)

    def merge_table(self, table: Table) -> None:
        """Merge one collection; one that the files no longer have stays as it is."""
        if self.source.collection(table.source) is None:
            return
        collection = _CollectionMerge(self, table)
        collection.run()
        self.ours.ledger.forget_parts(self.old_parts[table.source])
        collection.name_gone()

    def close_ledger(self) -> None:
        """Let the ledger be that of the new load; of files that are gone, what was known of them stays."""
        ledger, new = self.ours.ledger, set(self.files.values())
        paths = {file.path for file in ledger.files() if file.id in new}
        old = {file.id: file.path for file in ledger.files() if file.id not in new and file.path in self.affected.files}
        for part in ledger.parts():
            if old.get(part.file_id) in paths:
                ledger.forget_parts([part])
                message = f"has no {part.source} any more: the rows stay, and no file has a place for them"
                self.result.findings.append(Finding("error", message, Origin(old[part.file_id])))
        for file_id in old:
            ledger.forget_file(file_id)
        for table in roots(self.plan):
            if table.source in self.affected.sources:
                ledger.forget_text(note_of(table))
        for name, text in self.theirs.ledger.texts().items():
            if name not in ABOUT_THE_APP:
                ledger.put(name, text)
        ledger.put("source", str(self.source.root.resolve()))


class _CollectionMerge:
    """One collection on its way into tables that have rows already, chunk by chunk."""

    def __init__(self, merger: _Merger, table: Table) -> None:
        self.merger, self.table = merger, table
        self.ours, self.theirs = merger.ours, merger.theirs
        self.shape = compile_shape(merger.plan, table)
        parts = [part.id for part in merger.old_parts[table.source]]
        comparable = table.source not in merger.reshaped
        self.before = Loaded(self.ours.ledger, self.shape, parts, comparable=comparable)
        self.reconciler = Reconciler(self.before, self.ours.bulk, self.theirs.bulk)
        self.numbering: Numbering | None = None
        if is_counted(self.shape):
            scratch = self.theirs.connection
            self.numbering = Numbering(merger.plan, self.before, self.ours.bulk, self.theirs.bulk, scratch)
        self.after: Any = None
        self.new_parts: list[int] = []

    def run(self) -> None:
        """Merge all chunks, and enter them in the ledger."""
        theirs = self.theirs.ledger
        files = {file.id: file for file in theirs.files()}
        known = known_keys(theirs, self.shape)
        parts = theirs.parts(self.table.source)
        for part in parts:
            work = recall_part(self.merger.plan, self.shape, part, files[part.file_id])
            self.new_parts.append(self._enter_part(part))
            final = theirs.chunk_count(part.id) - 1 if part is parts[-1] else None
            for entry in theirs.chunks(part.id):
                self._merge_chunk(work, entry, known, last=entry.number == final)
        if self.numbering is not None:
            self.numbering.close()

    def _enter_part(self, part: PartEntry) -> int:
        file = self.merger.files[part.file_id]
        return self.ours.ledger.add_part(part.source, part.number, file, part.facts)

    def _merge_chunk(self, work: PartWork, entry: ChunkEntry, known: KnownKeys, *, last: bool) -> None:
        rows = fetch_rows(self.theirs.bulk, self.shape, entry.facts["rows"], known.strange(entry))
        patches, checks = self.theirs.ledger.deviations(entry.id), self.theirs.ledger.checks(entry.id)
        if self.numbering is not None:
            numbers = self.numbering.assign(by_record(self.shape, rows), last=last)
            if numbers:
                entry, rows, patches, checks = self._renumber(work, entry, rows, patches, numbers)
        facts, sides, outcome = entry.facts, {}, Outcome()
        if fetch_rows(self.ours.bulk, self.shape, facts["rows"]) != rows:
            sides = by_record(self.shape, rows)
            outcome = self.reconciler.reconcile(sides)
        if outcome.refused:
            facts, checks = self._without(work, entry, rows, sides, outcome)
            patches = {key: patch for key, patch in patches.items() if key not in set(map(row_key, outcome.refused))}
        before, after = ([side[number] for side in outcome.settled] for number in (0, 1))
        checks = replace_checks(checks, sum_up(_joined(before))[1], sum_up(_joined(after))[1])
        chunk_id = self._enter_chunk(entry, facts, patches, checks)
        self._set_aside(work, entry, rows, outcome, chunk_id)
        self.merger.result.new[self.table.name] += outcome.new
        self.merger.result.changed[self.table.name] += outcome.changed
        self.merger.result.left[self.table.name] += len(outcome.left)

    def _renumber(
        self, work: PartWork, entry: ChunkEntry, rows: Rows, patches: Mapping[str, Patch], numbers: Mapping[int, int]
    ) -> tuple[ChunkEntry, Rows, dict[str, Patch], Checks]:
        """A chunk whose records have the numbers that they had before."""
        renumbered = renumber(self.shape, rows, numbers)
        keys = [key_of(self.shape, row) for row in renumbered[self.table.name]]
        found = key_facts(self.shape, keys, self.after, ordered="map_keys" not in entry.facts)
        if "runs" in found or self.shape.fill is not None:
            found = {"keys": [list(key) for key in keys]}
        if "last" in found:
            self.after = found["last"]
        sums, checks = sum_up(renumbered)
        facts = {**entry.facts, "rows": found, "tables": sums}
        old = [row_key(key_of(self.shape, row)) for row in rows[self.table.name]]
        new = list(map(row_key, keys))
        if self.shape.fill is None:
            moved = {after: patches[before] for before, after in zip(old, new, strict=True) if before in patches}
        else:
            moved = self._patch_again(work, entry, renumbered, dict(zip(new, old, strict=True)), patches)
        return replace(entry, facts=facts), renumbered, moved, checks

    def _patch_again(
        self, work: PartWork, entry: ChunkEntry, rows: Rows, old: Mapping[str, str], patches: Mapping[str, Patch]
    ) -> dict[str, Patch]:
        """What the rows can't say where the number is a field that records may lack: it was checked by the number."""
        batch = chunk_batch(self.merger.source, work, entry)
        again = rebuild_batch(self.shape, work.habit, rows, textual=work.syntax.textual)
        made: dict[str, Patch] = {}
        places = entry.facts.get("places", range(len(again)))
        for place, row, record in zip(places, rows[self.table.name], again, strict=True):
            key = row_key(key_of(self.shape, row))
            earlier = patches.get(old[key], {})
            patch = keep_raw_text(patch_record(batch, place, record, work.secrets), earlier, record) or {}
            sealed = earlier.get("sealed")
            if patch or sealed:
                made[key] = {**patch, "sealed": sealed} if sealed else patch
        return made

    def _without(
        self, work: PartWork, entry: ChunkEntry, rows: Rows, sides: Mapping[Row, Side], outcome: Outcome
    ) -> tuple[dict[str, Any], Checks]:
        """A chunk's facts and checks without the records that the database refuses."""
        facts = facts_without(work, entry, rows, set(outcome.refused))
        keys = [key_of(self.shape, row) for row in rows[self.table.name]]
        places = entry.facts.get("places", range(len(keys)))
        refused = [place for place, key in zip(places, keys, strict=True) if key in outcome.refused]
        batch = chunk_batch(self.merger.source, work, entry)
        keep_asides(self.merger.book.sealer, work, batch, refused, facts)
        left: Rows = {inner.table.name: [] for inner in self.shape.all_shapes()}
        left |= _joined([side for key, side in sides.items() if key not in outcome.refused])
        facts["tables"], checks = sum_up(left)
        return facts, checks

    def _enter_chunk(
        self, entry: ChunkEntry, facts: dict[str, Any], patches: Mapping[str, Patch], checks: Checks
    ) -> int:
        ledger = self.ours.ledger
        span = (entry.start, entry.end)
        chunk_id = ledger.add_chunk(self.new_parts[-1], entry.number, span, entry.records, facts)
        ledger.add_checks(chunk_id, checks)
        ledger.add_deviations(chunk_id, patches)
        for place, table, key, origin, reason in self.theirs.ledger.chunk_rejects(entry.id):
            ledger.add_reject(chunk_id, place, table, key, origin, reason)
        return chunk_id

    def _set_aside(self, work: PartWork, entry: ChunkEntry, rows: Rows, outcome: Outcome, chunk_id: int) -> None:
        """Set aside the records whose state in the files isn't what the app has; note that the app's stays."""
        if not (outcome.left or outcome.refused):
            return
        batch = chunk_batch(self.merger.source, work, entry)
        keys = [key_of(self.shape, row) for row in rows[self.table.name]]
        places = dict(zip(keys, entry.facts.get("places", range(len(keys))), strict=True))
        for key, why in (outcome.left | outcome.refused).items():
            origin = place_of(self.merger.source, work.part, batch, places[key])
            text = record_text(batch, places[key], self.merger.book.secrets)
            reject = Reject(origin, f"{self.table.name} {show(key)}: {why}", text, self.table.source)
            if key in outcome.refused:
                self.merger.book.add_row(self.ours.ledger, chunk_id, self.table.name, key, reject)
            else:
                self.merger.book.add(self.table.name, reject)
                self._note_kept(key)

    def _note_kept(self, key: Row) -> None:
        """Note that a row stays as the app has it, so that it isn't taken for damage."""
        if not self.merger.changes.has(self.table.name, key):
            self.ours.ledger.add_changes("keep", self.table.name, [row_key(key)])

    def name_gone(self) -> None:
        """Name the rows whose records the files no longer have; they stay."""
        name, named = self.table.name, 0
        after = Loaded(self.ours.ledger, self.shape, self.new_parts)
        for page in self.ours.bulk.select_key_pages(name, self.table.primary_key):
            for key in map(tuple, page):
                if self.before.chunk_of(key) is None or after.chunk_of(key) is not None:
                    continue
                named += 1
                self._note_kept(key)
                if named <= MOST_NAMED:
                    message = f"has no record of row {show(key)} of {name} any more; the row stays"
                    self.merger.result.findings.append(Finding("warning", message, Origin(self.table.source)))
        if named > MOST_NAMED:
            message = f"has no records of {named - MOST_NAMED:,} further rows of {name}; they stay"
            self.merger.result.findings.append(Finding("warning", message, Origin(self.table.source)))
        self.merger.result.gone[name] = named


def _joined(sides: list[Side]) -> Rows:
    """The rows of several records together."""
    joined: Rows = {}
    for side in sides:
        for name, rows in side.items():
            joined.setdefault(name, []).extend(rows.values())
    return joined
