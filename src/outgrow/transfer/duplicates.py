"""Records whose primary key is taken: exact copies are kept once, others go by the table's rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from outgrow.database.bulk import Bulk, Refused
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Origin, Reject
from outgrow.schema.shape import Extras, Row, shape_batch
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.chunk import Chunk, PartWork, digest
from outgrow.transfer.fetch import fetch_rows, keys_of
from outgrow.transfer.rejects import RejectBook


@dataclass
class Verdict:
    """Places of a batch that make no rows of their own: `excluded` are set aside, `copies` need none."""

    excluded: dict[int, str] = field(default_factory=dict)
    copies: set[int] = field(default_factory=set)


class Duplicates:
    """Finds taken keys in one collection; remembers those that its rule refuses altogether."""

    def __init__(self, ledger: Ledger, bulk: Bulk, book: RejectBook) -> None:
        self.ledger = ledger
        self.bulk = bulk
        self.book = book

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
        for place, key in zip(chunk.places, keys, strict=True):
            if key in known:
                self._judge_known(work, chunk, place, key, verdict)
            elif key in first:
                self._judge_within(work, chunk, first, place, key, verdict)
            else:
                first[key] = place
        return verdict

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
        if not work.secrets and not shape.files and ours == theirs:
            verdict.copies.add(place)
            return
        rule = shape.table.duplicates
        if rule in ("keep-last", "reject"):
            self._take_back(work, key)
        if rule in ("keep-first", "reject"):
            verdict.excluded[place] = _reason(work, key)

    def _take_back(self, work: PartWork, key: Row) -> None:
        """Remove an earlier record's rows and set it aside."""
        for part in self.ledger.parts(work.shape.table.source):
            for entry in self.ledger.chunks(part.id):
                if _owns(entry, key):
                    self._take_from(work, entry, key)
                    return

    def _take_from(self, work: PartWork, entry: ChunkEntry, key: Row) -> None:
        shape, facts = work.shape, dict(entry.facts)
        rows = fetch_rows(self.bulk, shape, facts["rows"])
        keys = [tuple(row[number] for number in shape.keys) for row in rows[shape.table.name]]
        places = list(facts.get("places", range(len(keys))))
        gone = keys.index(key)
        place = places.pop(gone)
        remove_rows(self.bulk, work, {"keys": [list(key)]})
        keys.remove(key)
        facts.update(rows={"keys": [list(other) for other in keys]}, places=places)
        facts.pop("same", None)
        left = fetch_rows(self.bulk, shape, facts["rows"])
        facts["tables"] = {name: [len(part), digest(part)] for name, part in left.items()}
        self.ledger.change_chunk(entry.id, facts)
        origin = Origin(work.part.file, pointer=f"/{place}")
        reject = Reject(origin, _reason(work, key), "", shape.table.source)
        self.book.add_row(self.ledger, entry.id, shape.table.name, key, reject)


def remove_rows(bulk: Bulk, work: PartWork, facts: dict[str, Any]) -> None:
    """Delete the rows of some records, those of their lists first."""
    rows = fetch_rows(bulk, work.shape, facts)
    for shape in reversed(work.shape.all_shapes()):
        keys = [tuple(row[number] for number in shape.keys) for row in rows.get(shape.table.name, [])]
        if keys:
            bulk.delete_keys(shape.table.name, shape.table.primary_key, keys)


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
    rule = work.shape.table.duplicates
    which = {
        "keep-first": "an earlier record has it",
        "keep-last": "a later record has it",
        "reject": "several records have it",
    }
    return f"its key {named[:200]} is taken: {which[rule]}"


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
            if len(part) == 1:
                refused[part[0]] = f"the database refuses it: {reason}"
            else:
                middle = len(part) // 2
                pending += [part[middle:], part[:middle]]
        bulk.run("RELEASE outgrow_trial")
    return refused
