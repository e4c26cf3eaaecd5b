"""Records whose primary key is taken: exact copies are kept once, others go by the table's rule."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from outgrow.database.bulk import Bulk, Refused
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Origin, Reject
from outgrow.schema.model import Table
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Extras, Row, Shape, shape_batch
from outgrow.source.inventory import Source
from outgrow.source.reading import place_of
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.checks import replace_checks, sum_up
from outgrow.transfer.chunk import Chunk, row_key
from outgrow.transfer.fetch import fetch_rows, keys_of
from outgrow.transfer.known import known_keys
from outgrow.transfer.part import PartWork
from outgrow.transfer.passwords import is_stored_as
from outgrow.transfer.recall import chunk_batch, facts_without, recall_part
from outgrow.transfer.rejects import RejectBook, keep_asides, record_text

TAKEN = {
    "keep-first": "an earlier record has it",
    "keep-last": "a later record has it",
    "reject": "several records have it",
}


@dataclass
class Verdict:
    """Places of a batch that make no rows of their own: `excluded` are set aside, `copies` need none."""

    excluded: dict[int, str] = field(default_factory=dict)
    copies: set[int] = field(default_factory=set)


class Duplicates:
    """Finds taken keys in one collection; the ledger remembers those that its rule refuses altogether."""

    def __init__(self, ledger: Ledger, bulk: Bulk, book: RejectBook, source: Source | None = None) -> None:
        self.ledger = ledger
        self.bulk = bulk
        self.book = book
        self.source = source

    def judge(self, work: PartWork, chunk: Chunk, after: Any) -> Verdict:
        """Say which records of a chunk have a key that another record has."""
        shape = work.shape
        keys = keys_of(shape, chunk.rows[shape.table.name])
        if not keys or _rises(keys, after):
            return Verdict()
        verdict = Verdict()
        primary_key = shape.table.primary_key
        known = set(self.bulk.select_keys(shape.table.name, primary_key, primary_key, keys, []))
        first: dict[Row, int] = {}
        refused = self._refused(shape.table)
        for place, key in zip(chunk.places, keys, strict=True):
            if key in refused:
                verdict.excluded[place] = _reason(work, key)
            elif key in known:
                self._judge_known(work, chunk, place, key, verdict)
            elif key in first:
                self._judge_within(work, chunk, first, place, key, verdict)
            else:
                first[key] = place
        if shape.table.duplicates == "reject":
            self._refuse(
                shape.table, {key for place, key in zip(chunk.places, keys, strict=True) if place in verdict.excluded}
            )
        return verdict

    def _refused(self, table: Table) -> set[Row]:
        """The keys of which the rule `reject` has set all records aside so far."""
        return {tuple(key) for key in json.loads(self.ledger.get(note_of(table)) or "[]")}

    def _refuse(self, table: Table, keys: set[Row]) -> None:
        if keys:
            refused = self._refused(table) | keys
            self.ledger.put(note_of(table), json.dumps([list(key) for key in sorted(refused, key=str)]))

    def _judge_within(
        self, work: PartWork, chunk: Chunk, first: dict[Row, int], place: int, key: Row, verdict: Verdict
    ) -> None:
        earlier = first[key]
        records = chunk.batch.records
        if dump_compact(records[earlier]) == dump_compact(records[place]):
            verdict.copies.add(place)
            return
        rule, reason = work.shape.table.duplicates, _reason(work, key)
        if rule in ("keep-last", "reject"):
            verdict.excluded[earlier] = reason
        if rule in ("keep-first", "reject"):
            verdict.excluded[place] = reason
        else:
            first[key] = place

    def _judge_known(self, work: PartWork, chunk: Chunk, place: int, key: Row, verdict: Verdict) -> None:
        shape = work.shape
        record = chunk.batch.records[place]
        extras = Extras([chunk.batch.keys[place]] if chunk.batch.keys is not None and shape.key is not None else None)
        theirs = fetch_rows(self.bulk, shape, {"keys": [list(key)]})
        ours = shape_batch(shape, [record], extras, dump_compact).rows
        if not shape.files and self._are_copies(shape, ours, theirs):
            verdict.copies.add(place)
            return
        rule = shape.table.duplicates
        if rule in ("keep-last", "reject"):
            self._take_back(work, key)
        if rule in ("keep-first", "reject"):
            verdict.excluded[place] = _reason(work, key)

    def _are_copies(self, shape: Shape, ours: dict[str, list[Row]], theirs: dict[str, list[Row]]) -> bool:
        """Whether rows are those that stand already, whose passwords are hashed by now."""
        for inner in shape.all_shapes():
            hashed = password_columns(self.book.plan, inner.table)
            name = inner.table.name
            if len(ours[name]) != len(theirs[name]):
                return False
            for own, other in zip(ours[name], theirs[name], strict=True):
                for number, (text, stored) in enumerate(zip(own, other, strict=True)):
                    same = is_stored_as(stored, text) if number in hashed else stored == text
                    if not same:
                        return False
        return True

    def _take_back(self, work: PartWork, key: Row) -> None:
        """Remove an earlier record's rows and set it aside."""
        shape = work.shape
        known = known_keys(self.ledger, shape)
        files = {file.id: file for file in self.ledger.files()}
        for part in self.ledger.parts(shape.table.source):
            for entry in self.ledger.chunks(part.id):
                strange = known.strange(entry)
                if _owns(entry, key) and key[0] not in strange:
                    earlier = recall_part(self.book.plan, shape, part, files[part.file_id])
                    self._take_from(earlier, entry, key, strange)
                    return

    def _take_from(self, work: PartWork, entry: ChunkEntry, key: Row, strange: frozenset[Any]) -> None:
        shape = work.shape
        rows = fetch_rows(self.bulk, shape, entry.facts["rows"], strange)
        keys = keys_of(shape, rows[shape.table.name])
        places = entry.facts.get("places", range(len(keys)))
        facts, place = facts_without(work, entry, rows, {key}), places[keys.index(key)]
        if self.source is not None:
            keep_asides(self.book.sealer, work, chunk_batch(self.source, work, entry), [place], facts)
        remove_rows(self.bulk, work, {"keys": [list(key)]})
        left = fetch_rows(self.bulk, shape, facts["rows"])
        facts["tables"], after = sum_up(left)
        checks = replace_checks(self.ledger.checks(entry.id), sum_up(rows)[1], after)
        self.ledger.change_chunk(entry.id, facts)
        self.ledger.change_checks(entry.id, checks)
        self.ledger.change_deviation(entry.id, row_key(key), None)
        self._set_aside(work, entry, key, place)

    def _set_aside(self, work: PartWork, entry: ChunkEntry, key: Row, place: int) -> None:
        origin, text = Origin(work.part.file, pointer=f"/{place}"), ""
        if self.source is not None:
            batch = chunk_batch(self.source, work, entry)
            origin = place_of(self.source, work.part, batch, place)
            text = record_text(batch, place, self.book.secrets)
        table = work.shape.table
        reject = Reject(origin, _reason(work, key), text, table.source)
        self.book.add_row(self.ledger, entry.id, table.name, key, reject)


def remove_rows(bulk: Bulk, work: PartWork, facts: dict[str, Any]) -> None:
    """Delete the rows of some records, those of their lists first."""
    rows = fetch_rows(bulk, work.shape, facts)
    for shape in reversed(work.shape.all_shapes()):
        keys = [tuple(row[number] for number in shape.keys) for row in rows.get(shape.table.name, [])]
        if keys:
            bulk.delete_keys(shape.table.name, shape.table.primary_key, keys)


def note_of(table: Table) -> str:
    """Where the ledger remembers the keys of which all records were set aside."""
    return f"refused:{table.name}"[:64]


def _owns(entry: ChunkEntry, key: Row) -> bool:
    rows = entry.facts["rows"]
    if "first" in rows:
        return bool(rows["first"] <= key[0] <= rows["last"])
    return list(key) in rows["keys"]


def _rises(keys: list[Row], after: Any) -> bool:
    """Whether the keys are numbers that rise from behind the highest so far, so that none can be taken."""
    values = [key[0] for key in keys]
    if len(keys[0]) != 1 or not all(type(value) is int for value in values):
        return False
    return (after is None or values[0] > after) and all(map(int.__lt__, values, values[1:]))


def _reason(work: PartWork, key: Row) -> str:
    named = ", ".join(f"{name} {value!r}" for name, value in zip(work.shape.table.primary_key, key, strict=True))
    return f"its key {named[:200]} is taken: {TAKEN[work.shape.table.duplicates]}"


def find_refused(work: PartWork, chunk: Chunk, extras: Extras, bulk: Bulk) -> dict[int, str]:
    """Which records the database refuses, found by halving: place → its reason. Leaves rows behind."""
    refused: dict[int, str] = {}
    pending = [chunk.places]
    while pending:
        part = pending.pop()
        some = extras.select(part)
        some.first_number += part[0]
        rows = shape_batch(work.shape, [chunk.batch.records[place] for place in part], some, dump_compact).rows
        bulk.run("SAVEPOINT outgrow_trial")
        try:
            for shape in work.shape.all_shapes():
                bulk.insert(shape.table.name, [column.name for column in shape.table.columns], rows[shape.table.name])
        except Refused as reason:
            bulk.run("ROLLBACK TO outgrow_trial")
            if len(part) == 1 and not _is_there(work, rows, bulk):
                refused[part[0]] = f"the database refuses it: {reason}"
            elif len(part) > 1:
                middle = len(part) // 2
                pending += [part[middle:], part[:middle]]
        bulk.run("RELEASE SAVEPOINT outgrow_trial")
    return refused


def _is_there(work: PartWork, rows: dict[str, list[Row]], bulk: Bulk) -> bool:
    """Whether a record's rows stand already: then it is a copy, and nothing is wrong with it."""
    keys = keys_of(work.shape, rows[work.shape.table.name])
    return fetch_rows(bulk, work.shape, {"keys": [list(key) for key in keys]}) == rows
