"""References that lead nowhere, found once everything is loaded, and settled by the plan's rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Batch, Finding, Reject, many
from outgrow.schema.model import Plan, Reference, Table
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.shape import Row, compile_shape
from outgrow.source.inventory import Source
from outgrow.source.reading import place_of
from outgrow.transfer.checks import Checks, replace_checks, sum_up
from outgrow.transfer.chunk import row_key
from outgrow.transfer.fetch import fetch_rows, key_of
from outgrow.transfer.known import known_keys
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import Patch, keep_raw_text, patch_record
from outgrow.transfer.recall import chunk_batch, facts_without, recall_part
from outgrow.transfer.rejects import RejectBook, keep_asides, record_text

SHOWN = 5


@dataclass
class Desk:
    """What settling needs: the plan, both sides, and the books."""

    plan: Plan
    source: Source
    ledger: Ledger
    bulk: Bulk
    book: RejectBook


def settle_orphans(desk: Desk) -> list[Finding]:
    """Settle all references, again and again until none leads nowhere: a row set aside may orphan others."""
    findings: list[Finding] = []
    settled = True
    while settled:
        settled = False
        for table in desk.plan:
            for reference in table.references:
                if _leads_to_parent(table, reference):
                    continue
                settler = _Settler(desk, table, reference)
                if count := settler.settle():
                    settled = True
                    findings.append(settler.finding(count))
    return findings


def _leads_to_parent(table: Table, reference: Reference) -> bool:
    """Whether a reference is that of a list's rows to their record, with which they come and go."""
    columns = tuple(column.name for column in table.columns if column.role == "parent")
    return reference.table == table.parent and set(reference.columns) == set(columns)


@dataclass
class _Touched:
    """A chunk with orphans: the places and keys of their records, its facts from now on, its rows' checks until now."""

    work: PartWork
    entry: ChunkEntry
    places: dict[int, Row]
    facts: dict[str, Any]
    strange: frozenset[Any]
    before: Checks


class _Settler:
    """Settles the orphans of one reference."""

    def __init__(self, desk: Desk, table: Table, reference: Reference) -> None:
        self.desk, self.table, self.reference = desk, table, reference
        root = table
        while root.parent is not None:
            root = desk.plan.by_name[root.parent]
        self.root = root
        self.shape = compile_shape(desk.plan, root)
        self.own = next(shape for shape in self.shape.all_shapes() if shape.table.name == table.name)
        self.seen: list[str] = []
        nullable = all(table.by_name[name].nullable and name not in table.primary_key for name in reference.columns)
        self.rule = reference.orphans if nullable else "reject"

    def settle(self) -> int:
        """Settle in pages; returns how many there were."""
        count, key = 0, self.table.primary_key
        while True:
            found = self.desk.bulk.select_orphans(
                self.table.name, key, self.reference.columns, self.reference.table, self.reference.referenced
            )
            if not found:
                return count
            count += len(found)
            self._settle_page({tuple(row[: len(key)]) for row in found})

    def _settle_page(self, orphans: set[Row]) -> None:
        """Change the rows of a page, and the entries of the chunks they belong to."""
        files = {file.id: file for file in self.desk.ledger.files()}
        known = known_keys(self.desk.ledger, self.shape)
        touched: list[_Touched] = []
        for part in self.desk.ledger.parts(self.root.source):
            work = recall_part(self.desk.plan, self.shape, part, files[part.file_id])
            for entry in self.desk.ledger.chunks(part.id):
                if self._may_hold(entry, orphans):
                    rows = fetch_rows(self.desk.bulk, self.shape, entry.facts["rows"], known.strange(entry))
                    if places := self._places(entry, rows, orphans):
                        facts = self._facts(work, entry, rows, set(places.values()))
                        before = sum_up(rows)[1]
                        touched.append(_Touched(work, entry, places, facts, known.strange(entry), before))
        if self.rule == "null":
            self.desk.bulk.set_null(self.table.name, self.table.primary_key, list(orphans), self.reference.columns)
        else:
            self._remove(orphans)
        for one in touched:
            self._renew(one)

    def _facts(self, work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]], gone: set[Row]) -> dict[str, Any]:
        """What the ledger shall say of a chunk: without the records whose own rows are set aside."""
        if self.rule == "reject" and self.table.name == self.root.name:
            return facts_without(work, entry, rows, gone)
        return dict(entry.facts)

    def _may_hold(self, entry: ChunkEntry, orphans: set[Row]) -> bool:
        """Whether a chunk can hold one of the orphans, judged by its range of keys where it has one."""
        facts = entry.facts["rows"]
        if "first" not in facts or self.root.name not in {self.table.name, self.table.parent}:
            return True
        if self.table.name != self.root.name and self.own.keys[0] != self.own.parents[0]:
            return True
        return any(facts["first"] <= key[0] <= facts["last"] for key in orphans)

    def _places(self, entry: ChunkEntry, rows: dict[str, list[Row]], orphans: set[Row]) -> dict[int, Row]:
        """The places of records whose row, or the row of a list element, is an orphan; with the record's key."""
        wanted = {key_of(self.own, row) for row in rows[self.table.name]} & orphans
        shape = self.own
        while shape is not self.shape:
            parent = next(other for other in self.shape.all_shapes() if other.table.name == shape.table.parent)
            mine = [row for row in rows[shape.table.name] if key_of(shape, row) in wanted]
            owners = {tuple(row[number] for number in shape.parents) for row in mine}
            wanted, shape = owners, parent
        keys = [key_of(self.shape, row) for row in rows[self.root.name]]
        places = entry.facts.get("places", range(len(keys)))
        return {place: key for place, key in zip(places, keys, strict=True) if key in wanted}

    def _remove(self, orphans: set[Row]) -> None:
        """Delete the orphans' rows, and all that was made of their lists."""
        rows = fetch_rows(self.desk.bulk, self.own, {"keys": [list(key) for key in orphans]})
        for shape in reversed(self.own.all_shapes()):
            keys = [key_of(shape, row) for row in rows.get(shape.table.name, [])]
            if keys:
                self.desk.bulk.delete_keys(shape.table.name, shape.table.primary_key, keys)

    def _renew(self, touched: _Touched) -> None:
        """Enter a chunk's rows as they are now, and what they no longer say."""
        work, entry, facts, places = touched.work, touched.entry, touched.facts, touched.places
        batch = chunk_batch(self.desk.source, work, entry)
        for place, key in places.items():
            self._note(work, entry, batch, place, key)
        if self.rule == "reject" and self.table.name == self.root.name:
            keep_asides(self.desk.book.sealer, work, batch, places, facts)
        rows = fetch_rows(self.desk.bulk, self.shape, facts["rows"], touched.strange)
        facts["tables"], after = sum_up(rows)
        checks = replace_checks(self.desk.ledger.checks(entry.id), touched.before, after)
        self.desk.ledger.change_chunk(entry.id, facts)
        self.desk.ledger.change_checks(entry.id, checks)
        rebuilt = rebuild_batch(self.shape, work.habit, rows, textual=work.syntax.textual)
        known = self.desk.ledger.deviations(entry.id)
        patches: dict[Row, Patch | None] = dict.fromkeys(places.values())
        for place, again in zip(facts.get("places", range(len(rebuilt))), rebuilt, strict=True):
            if place in places:
                earlier, patch = known.get(row_key(places[place]), {}), patch_record(batch, place, again, work.secrets)
                patches[places[place]] = keep_raw_text(patch, earlier, again)
        for key, patch in patches.items():
            sealed = known.get(row_key(key), {}).get("sealed")
            kept = {**(patch or {}), "sealed": sealed} if sealed else patch
            self.desk.ledger.change_deviation(entry.id, row_key(key), kept)

    def _note(self, work: PartWork, entry: ChunkEntry, batch: Batch, place: int, key: Row) -> None:
        """Take note of where an orphan stands, if that is still to be said, and set it aside by the rule."""
        if self.rule == "null" and len(self.seen) >= SHOWN:
            return  # a line number takes reading the file up to there
        origin = place_of(self.desk.source, work.part, batch, place)
        if len(self.seen) < SHOWN:
            self.seen.append(str(origin))
        if self.rule == "reject":
            text = record_text(batch, place, self.desk.book.secrets)
            reject = Reject(origin, self._reason(), text, self.root.source)
            self.desk.book.add_row(self.desk.ledger, entry.id, self.table.name, key, reject)

    def _reason(self) -> str:
        by_name = self.table.by_name
        names = ", ".join(".".join(by_name[name].field or self.table.path) or name for name in self.reference.columns)
        return f'"{names}" refers to no row of {self.reference.table}'

    def finding(self, count: int) -> Finding:
        """What is said of all of them."""
        what = "left empty, and the ledger keeps what the file says" if self.rule == "null" else "set aside"
        places = ", ".join(self.seen)
        return Finding("warning", f"{self.table.name}: {many(count, 'time')} {self._reason()}; {what} ({places})")
