"""Names what differs between a chunk's rows and the records they were made from: record by record, cell by cell.

The source's records are shaped once more, and each row is held against the one that it should be. The
values of secrets are never shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Batch, Finding, Origin
from outgrow.schema.model import Plan, Reference, Table
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Extras, Row, Shape, shape_batch
from outgrow.source.inventory import Source
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.changes import Changes
from outgrow.transfer.fetch import key_of
from outgrow.transfer.part import PartWork
from outgrow.transfer.passwords import is_stored_as
from outgrow.transfer.patch import RawText
from outgrow.transfer.recall import chunk_batch, rebuild_chunk
from outgrow.transfer.texts import read_texts

SHOWN = 60
UNTAKEN = 1 << 62
"""Numbers from here on stand for keys that were made up, until the ledger says which."""

Rows = dict[str, list[Row]]
Say = Callable[[str, Origin | None], None]
Index = dict[str, dict[Row, dict[Row, Row]]]
"""The rows of a table that belong to a record, by the record's key and then their own."""


@dataclass
class VerifyResult:
    """What was compared, by table, and what differs.

    `raw_records` are those whose own text the ledger keeps; `raw_share` is all of its text per byte of source.
    """

    rows: dict[str, int] = field(default_factory=dict)
    records: int = 0
    raw_records: int = 0
    changed: int = 0
    kept: int = 0
    rejects: int = 0
    sampled_passwords: int = 0
    raw_share: float = 0.0
    with_source: bool = True
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not any(finding.severity == "error" for finding in self.findings)


@dataclass
class _Sides:
    """A chunk on both sides: its rows as they are, and as its records make them."""

    work: PartWork
    batch: Batch
    places: list[int]
    rows: Rows
    expected: Rows
    ours: Index
    theirs: Index

    @property
    def shape(self) -> Shape:
        """The shape of the chunk's records."""
        return self.work.shape

    def records(self) -> Iterator[tuple[Row, int]]:
        """The key and the place of each record."""
        keys = (key_of(self.shape, row) for row in self.expected[self.shape.table.name])
        return zip(keys, self.places, strict=True)


@dataclass
class Comparison:
    """Compares chunks with the source. `say` hears of each difference that the app's changes don't explain."""

    plan: Plan
    source: Source
    ledger: Ledger
    bulk: Bulk
    changes: Changes
    say: Say
    named: bool = False
    excused: bool = False

    def compare(self, work: PartWork, entry: ChunkEntry, rows: Rows, *, whole: bool) -> None:
        """Compare a chunk's records one by one; `whole` says that its rows and its text may be as they were loaded."""
        sides = self._both_sides(work, entry, rows)
        if sides is not None:
            self._compare_records(sides, entry)
            if not whole and work.secrets:
                self._compare_passwords(sides, len(sides.places))
            if whole or self.named or self.excused:
                return
        self.say(f"the ledger's entry for the records {span(entry)} was altered", Origin(work.part.file))

    def sample_passwords(self, work: PartWork, entry: ChunkEntry, rows: Rows, most: int) -> int:
        """Check some stored hashes against the source's texts, 20 ms each; returns how many."""
        sides = self._both_sides(work, entry, rows)
        return self._compare_passwords(sides, most) if sides is not None else 0

    def _both_sides(self, work: PartWork, entry: ChunkEntry, rows: Rows) -> _Sides | None:
        """Both sides of a chunk; None where the ledger no longer fits the source."""
        batch = chunk_batch(self.source, work, entry)
        places = list(entry.facts.get("places", range(len(batch))))
        if any(place >= len(batch) for place in places):
            return None
        extras = Extras(batch.keys if work.shape.key is not None else None, UNTAKEN)
        extras.texts = read_texts(self.source, work, batch)
        records = [batch.records[place] for place in places]
        expected = shape_batch(work.shape, records, extras.select(places), dump_compact).rows
        if len(expected[work.shape.table.name]) != len(places) or not _put_numbers(work.shape, expected, entry):
            return None
        index = (_by_record(work.shape, side) for side in (rows, expected))
        return _Sides(work, batch, places, rows, expected, *index)

    def _compare_records(self, sides: _Sides, entry: ChunkEntry) -> None:
        shape, work = sides.shape, sides.work
        table = shape.table
        own = {key_of(shape, row): number for number, row in enumerate(sides.rows[table.name])}
        rebuilt = rebuild_chunk(work, sides.rows, self.ledger.deviations(entry.id))
        for key, place in sides.records():
            number = own.pop(key, None)
            if self.changes.has(table.name, key):
                self.excused = True
            elif number is None:
                if key not in sides.ours[table.name]:
                    self._name_missing(table, key, sides.theirs[table.name][key][key], self._origin(sides, place))
            elif self._texts_differ(sides, key) or not _is_same(rebuilt[number], sides.batch, place, work.secrets):
                self._compare_cells(sides, key, self._origin(sides, place))
        for key in own:
            if self.changes.has(table.name, key):
                self.excused = True
            else:
                self._name(f"row {show(key)} of {table.name} comes from no record of {work.part.file}", None)

    @staticmethod
    def _texts_differ(sides: _Sides, key: Row) -> bool:
        """Whether a text that lies in a file of its own isn't what the row holds; the record doesn't have it."""
        name = sides.shape.table.name
        ours, theirs = sides.ours[name][key][key], sides.theirs[name][key][key]
        return any(ours[number] != theirs[number] for number in sides.shape.files)

    def _name(self, message: str, origin: Origin | None) -> None:
        self.named = True
        self.say(message, origin)

    def _name_missing(self, table: Table, key: Row, row: Row, origin: Origin) -> None:
        """Say that a row is gone, unless it went along with one that it refers to."""
        if any(self._is_gone(table, reference, row) for reference in table.references):
            self.excused = True
        else:
            self._name(f"{table.name} has no row {show(key)}: it was deleted", origin)

    def _is_gone(self, table: Table, reference: Reference, row: Row) -> bool:
        """Whether the row that one refers to isn't there."""
        numbers = [[column.name for column in table.columns].index(name) for name in reference.columns]
        values = tuple(row[number] for number in numbers)
        named = reference.referenced
        return None not in values and not self.bulk.select_keys(reference.table, named, named, [values], [])

    def _origin(self, sides: _Sides, place: int) -> Origin:
        offsets = sides.batch.offsets or []
        offset = offsets[place] if place < len(offsets) else sides.batch.start
        origin = self.source.origin(sides.work.part.file, offset)
        return Origin(origin.file, origin.line)

    def _compare_cells(self, sides: _Sides, key: Row, origin: Origin) -> None:
        """Name the cells in which a row, or a row of its lists, isn't what its record makes."""
        differs = False
        for inner in sides.shape.all_shapes():
            ours = sides.ours[inner.table.name].get(key, {})
            theirs = sides.theirs[inner.table.name].get(key, {})
            for own in dict.fromkeys([*theirs, *ours]):
                if ours.get(own) != theirs.get(own):
                    differs |= self._compare_row(inner.table, own, theirs.get(own), ours.get(own), origin)
        if not differs:
            self._name(f"the ledger's notes on row {show(key)} of {sides.shape.table.name} were altered", origin)

    def _compare_row(self, table: Table, key: Row, theirs: Row | None, ours: Row | None, origin: Origin) -> bool:
        """Name how a row differs; says whether it does."""
        if self.changes.has(table.name, key):
            self.excused = True
            return True
        if theirs is None:
            self._name(f"{table.name} has a row too many, {show(key)}", origin)
            return True
        if ours is None:
            self._name_missing(table, key, theirs, origin)
            return True
        cells = list(self._differing_cells(table, theirs, ours))
        for number in cells:
            column = table.columns[number]
            values = f": the file gives {show(theirs[number])}, the database {show(ours[number])}"
            message = f"{table.name}.{column.name} of row {show(key)} was changed"
            self._name(message if column.secret else message + values, origin)
        return bool(cells)

    def _differing_cells(self, table: Table, theirs: Row, ours: Row) -> Iterator[int]:
        """The columns in which two rows differ, without hashes and what is empty as its reference leads nowhere."""
        hashed = password_columns(self.plan, table)
        for number, column in enumerate(table.columns):
            if ours[number] == theirs[number] or number in hashed:
                continue
            references = [reference for reference in table.references if column.name in reference.columns]
            if ours[number] is None and any(self._is_gone(table, reference, theirs) for reference in references):
                self.excused = True
            else:
                yield number

    def _compare_passwords(self, sides: _Sides, most: int) -> int:
        """Hold stored hashes against the source's texts; returns how many."""
        checked, places = 0, dict(sides.records())
        for inner in sides.shape.all_shapes():
            owner = _owner_columns(sides.shape, inner)
            theirs = {key_of(inner, row): row for row in sides.expected[inner.table.name]}
            for number in password_columns(self.plan, inner.table):
                for row in sides.rows[inner.table.name]:
                    key = key_of(inner, row)
                    if checked >= most or key not in theirs or self.changes.has(inner.table.name, key):
                        continue
                    checked += 1
                    if not is_stored_as(row[number], theirs[key][number]):
                        column = inner.table.columns[number].name
                        place = places[tuple(row[number] for number in owner)]
                        message = f"{inner.table.name}.{column} of row {show(key)} is no hash of what the file holds"
                        self._name(message, self._origin(sides, place))
        return checked


def _put_numbers(shape: Shape, rows: Rows, entry: ChunkEntry) -> bool:
    """Put in the keys that were made up, which only the ledger knows; says whether it knows them.

    In a range they are the last ones, without gaps: they were counted from behind the highest given.
    """
    number = shape.number if shape.number is not None else shape.fill
    facts, own = entry.facts["rows"], rows[shape.table.name]
    made = [place for place, row in enumerate(own) if number is not None and (row[number] or 0) >= UNTAKEN]
    if number is None or not made:
        return True
    if "keys" in facts and len(facts["keys"]) != len(own):
        return False
    last = facts.get("last", 0)
    names = [facts["keys"][place][0] for place in made] if "keys" in facts else range(last - len(made) + 1, last + 1)
    known = dict(zip((own[place][number] for place in made), names, strict=True))
    for inner in shape.all_shapes():
        place = number if inner is shape else inner.parents[0]
        rows[inner.table.name] = [
            (*row[:place], known.get(row[place], row[place]), *row[place + 1 :]) for row in rows[inner.table.name]
        ]
    return True


def _owner_columns(root: Shape, shape: Shape) -> tuple[int, ...]:
    """The columns that hold the key of the record a row belongs to."""
    return root.keys if shape is root else shape.parents[: len(root.keys)]


def _by_record(root: Shape, rows: Rows) -> Index:
    """The rows of each table by the key of their record; those of lists repeat it in their first columns."""
    index: Index = {}
    for shape in root.all_shapes():
        owner = _owner_columns(root, shape)
        found: dict[Row, dict[Row, Row]] = defaultdict(dict)
        for row in rows.get(shape.table.name, []):
            found[tuple(row[number] for number in owner)][key_of(shape, row)] = row
        index[shape.table.name] = found
    return index


def _is_same(rebuilt: Any, batch: Batch, place: int, skipped: frozenset[str]) -> bool:
    record = batch.records[place]
    if isinstance(rebuilt, RawText):
        start = (batch.offsets or [batch.start])[place] - batch.start
        if not batch.raw.startswith(rebuilt.text, start):
            return False
        rebuilt = rebuilt.value
    if skipped and type(rebuilt) is dict and type(record) is dict:
        rebuilt = {name: value for name, value in rebuilt.items() if name not in skipped}
        record = {name: value for name, value in record.items() if name not in skipped}
    return dump_compact(rebuilt) == dump_compact(record)


def span(entry: ChunkEntry) -> str:
    """Where a chunk's records stand, in words."""
    return f"in bytes {entry.start:,} to {entry.end:,}"


def show(value: Any) -> str:
    """A value for a message, cut where it is long."""
    if isinstance(value, tuple):
        return ", ".join(map(show, value))
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
