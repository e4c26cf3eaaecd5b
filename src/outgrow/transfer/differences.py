"""Compares what the database's rows say with what the files say, and names the places where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Batch, Finding, Origin
from outgrow.schema.model import Plan, Table
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Extras, Row, Shape, compile_shape, shape_batch
from outgrow.source.inventory import Source
from outgrow.source.style import Style
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.changes import Changes
from outgrow.transfer.chunk import PartWork, digest
from outgrow.transfer.fetch import fetch_rows, key_of
from outgrow.transfer.fingerprint import is_same
from outgrow.transfer.known import KnownKeys, chunk_keys
from outgrow.transfer.passwords import is_hash_of
from outgrow.transfer.patch import RawText
from outgrow.transfer.recall import chunk_batch, chunk_text, rebuild_chunk, recall_part
from outgrow.transfer.texts import read_texts

MOST_NAMED = 20
SAMPLES = 3
SHOWN = 60


@dataclass
class VerifyResult:
    """What was compared, by table, and what differs. `raw_share` is the ledger's text per byte of source."""

    rows: dict[str, int] = field(default_factory=dict)
    records: int = 0
    changed: int = 0
    rejects: int = 0
    sampled_passwords: int = 0
    raw_share: float = 0.0
    with_source: bool = True
    findings: list[Finding] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing differs."""
        return not any(finding.severity == "error" for finding in self.findings)


class Verifier:
    """Compares chunk by chunk, and names the cells where they differ; of several, each takes its share."""

    def __init__(
        self, plan: Plan, ledger: Ledger, bulk: Bulk, source: Source | None, result: VerifyResult, changes: Changes
    ) -> None:
        self.plan, self.ledger, self.bulk, self.source = plan, ledger, bulk, source
        self.result, self.changes = result, changes
        self.named = 0
        self.share, self.shares = 0, 1

    def say(self, message: str, origin: Origin | None = None) -> None:
        """Note an error; the first twenty are named, the rest counted."""
        self.named += 1
        if self.named <= MOST_NAMED:
            self.result.findings.append(Finding("error", message, origin))
        elif self.named == MOST_NAMED + 1:
            self.result.findings.append(Finding("error", "further differences are not listed"))

    def compare_files(self) -> None:
        """Say which files are no longer those that were loaded."""
        if self.source is None:
            return
        for file in self.ledger.files():
            now = self.source.files.get(file.path)
            if now is None or not is_same(file.sha256, now.sha256):
                what = "is gone" if now is None else "has changed since it was loaded"
                self.result.findings.append(Finding("error", what, Origin(file.path)))
                self.source = None
                self.result.with_source = False
                return

    def verify_table(self, table: Table, progress: Callable[[str, int], None]) -> None:
        """Compare all chunks of a collection, then look for rows that belong to none."""
        shape = compile_shape(self.plan, table)
        files = {file.id: file for file in self.ledger.files()}
        ranges = KnownKeys(shape)
        parts = self.ledger.parts(table.source)
        for part in parts:
            for entry in self.ledger.chunks(part.id):
                ranges.add(entry)
        for part in parts:
            work = recall_part(self.plan, shape, part, files[part.file_id])
            for entry in self.ledger.chunks(part.id):
                if entry.number % self.shares == self.share:
                    self._verify_chunk(work, entry, ranges)
                progress(table.name, entry.end - entry.start)
        if self.share == 0:
            for inner in shape.all_shapes():
                self.result.rows[inner.table.name] = self.bulk.count(inner.table.name)
            self._find_strangers(shape, ranges)

    def verify_references(self) -> None:
        """Say which foreign keys lead nowhere."""
        for name, target in self.bulk.check_references():
            self.say(f"rows of {name} refer to rows of {target} that aren't there")

    def _verify_chunk(self, work: PartWork, entry: ChunkEntry, known: KnownKeys) -> None:
        rows = fetch_rows(self.bulk, work.shape, entry.facts["rows"], known.strange(entry))
        self.result.records += entry.records
        whole = all(digest(part) == entry.facts["tables"].get(name, [0, ""])[1] for name, part in rows.items())
        touched = not whole and self.changes.touch(work.shape, rows, entry)
        if touched:
            self.result.changed += touched
        if self.source is None:
            if not whole and not touched:
                self.say(
                    f"rows of {work.shape.table.name} made from records {_span(entry)} are not what was loaded",
                    Origin(work.part.file),
                )
            return
        if touched or not self._gives_its_text(work, entry, rows):
            self._compare_records(work, entry, rows, quiet=bool(touched))
        elif not whole:
            self.say(f"the ledger's entry for the records {_span(entry)} was altered", Origin(work.part.file))
        if work.secrets:
            self._sample_passwords(work, entry, rows)

    def _gives_its_text(self, work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]]) -> bool:
        """Whether a chunk's rows, written again, are the very bytes of the source."""
        if not entry.facts.get("same") or work.secrets or work.shape.files:
            return False
        assert self.source is not None
        records = rebuild_chunk(work, rows, self.ledger.deviations(entry.id))
        style = Style.from_dict(entry.facts["style"]) if "style" in entry.facts else work.style
        keys = chunk_keys(work, entry, rows)
        return work.syntax.encode(records, keys, work.section, style) == chunk_text(self.source, work, entry)

    def _compare_records(self, work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]], *, quiet: bool) -> None:
        """Compare records one by one; name the cells of those that differ."""
        assert self.source is not None
        batch = chunk_batch(self.source, work, entry)
        places = list(entry.facts.get("places", range(len(batch))))
        own = {key_of(work.shape, row): number for number, row in enumerate(rows[work.shape.table.name])}
        rebuilt = rebuild_chunk(work, rows, self.ledger.deviations(entry.id))
        expected = self._shape_again(work, batch, places, entry)
        keys = [key_of(work.shape, row) for row in expected[work.shape.table.name]]
        if len(keys) != len(places):
            self.say(f"the ledger's entry for the records {_span(entry)} was altered", Origin(work.part.file))
            return
        differing = False
        for key, place in zip(keys, places, strict=True):
            if self.changes.has(work.shape.table.name, key):
                continue
            number = own.get(key)
            origin = _Place(self.source, work, batch, place)
            if number is None:
                if not self.changes.deleted(work.shape, key):
                    self.say(f"{work.shape.table.name} has no row {_show(key)}: it was deleted", origin())
                differing = True
            elif not _same(rebuilt[number], batch.records[place], work.secrets):
                differing = True
                self._compare_cells(work.shape, key, rows, expected, origin)
        strange = set(own) - set(keys)
        for key in sorted(strange, key=str):
            if not self.changes.has(work.shape.table.name, key):
                differing = True
                self.say(f"row {_show(key)} of {work.shape.table.name} comes from no record of {work.part.file}")
        if (
            not differing
            and not quiet
            and not all(digest(part) == entry.facts["tables"].get(name, [0, ""])[1] for name, part in rows.items())
        ):
            self.say(f"the ledger's entry for the records {_span(entry)} was altered", Origin(work.part.file))

    def _shape_again(self, work: PartWork, batch: Batch, places: list[int], entry: ChunkEntry) -> dict[str, list[Row]]:
        """The rows that the source's records should have, by the same rules as when they were loaded."""
        assert self.source is not None
        wanted = [place for place in places if place < len(batch)]
        keys = batch.keys if work.shape.key is not None else None
        extras = Extras(keys, entry.facts.get("counted_from", 1), read_texts(self.source, work, batch))
        records = [batch.records[place] for place in wanted]
        return shape_batch(work.shape, records, extras.select(wanted), dump_compact).rows

    def _compare_cells(
        self, shape: Shape, key: Row, rows: dict[str, list[Row]], expected: dict[str, list[Row]], origin: _Place
    ) -> None:
        """Name the cells in which a row, or a row of its lists, isn't what its record makes."""
        found = False
        for inner in shape.all_shapes():
            ours = _of_record(shape, inner, key, rows)
            theirs = _of_record(shape, inner, key, expected)
            hashed = password_columns(self.plan, inner.table)
            for own in [*theirs, *(other for other in ours if other not in theirs)]:
                found |= self._compare_row(inner, own, theirs.get(own), ours.get(own), hashed, origin)
        if not found:
            self.say(f"the ledger's notes on row {_show(key)} of {shape.table.name} were altered", origin())

    def _compare_row(
        self, shape: Shape, key: Row, theirs: Row | None, ours: Row | None, hashed: tuple[int, ...], origin: _Place
    ) -> bool:
        name = shape.table.name
        if ours is None or theirs is None:
            self.say(f"{name} {'has no row' if ours is None else 'has a row too many,'} {_show(key)}", origin())
            return True
        found = False
        for number, column in enumerate(shape.table.columns):
            if (
                ours[number] != theirs[number]
                and number not in hashed
                and not _settled(shape, column.name, ours[number])
            ):
                values = (
                    ""
                    if column.secret
                    else f": the file gives {_show(theirs[number])}, the database {_show(ours[number])}"
                )
                self.say(f"{name}.{column.name} of row {_show(key)} was changed{values}", origin())
                found = True
        return found

    def _sample_passwords(self, work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]]) -> None:
        """Check some stored hashes against the source's texts; each takes 20 ms."""
        assert self.source is not None
        for inner in work.shape.all_shapes():
            numbers = password_columns(self.plan, inner.table)
            left = SAMPLES - self.result.sampled_passwords
            if not numbers or left <= 0:
                continue
            batch = chunk_batch(self.source, work, entry)
            expected = self._shape_again(work, batch, list(entry.facts.get("places", range(len(batch)))), entry)
            theirs = {key_of(inner, row): row for row in expected[inner.table.name]}
            for row in rows[inner.table.name][:left]:
                key = key_of(inner, row)
                for number in numbers:
                    if key in theirs and theirs[key][number] and not self.changes.has(inner.table.name, key):
                        self.result.sampled_passwords += 1
                        if not is_hash_of(str(row[number]), str(theirs[key][number])):
                            cell = f"{inner.table.name}.{inner.table.columns[number].name}"
                            self.say(f"{cell} of row {_show(key)} is no hash of what the file holds")

    def _find_strangers(self, shape: Shape, known: KnownKeys) -> None:
        """Rows that no chunk knows and the app didn't insert; only looked for where the counts differ."""
        table = shape.table
        loaded = known.rows.get(table.name, 0)
        if self.bulk.count(table.name) == loaded and not self.changes.any(table.name):
            return
        for page in self.bulk.select_key_pages(table.name, table.primary_key):
            for key in page:
                if not known.has(tuple(key)):
                    if self.changes.has(table.name, tuple(key)):
                        self.result.changed += 1
                    else:
                        self.say(f"row {_show(tuple(key))} of {table.name} comes from no file: it was added or doubled")


class _Place:
    """The origin of a record, looked up only when it is asked for."""

    def __init__(self, source: Source, work: PartWork, batch: Batch, place: int) -> None:
        self.source, self.work, self.batch, self.place = source, work, batch, place

    def __call__(self) -> Origin:
        offsets = self.batch.offsets or []
        offset = offsets[self.place] if self.place < len(offsets) else self.batch.start
        origin = self.source.origin(self.work.part.file, offset)
        return Origin(origin.file, origin.line)


def _of_record(root: Shape, shape: Shape, key: Row, rows: dict[str, list[Row]]) -> dict[Row, Row]:
    """The rows of one record in one table, by their keys."""
    if shape is root:
        return {key_of(shape, row): row for row in rows[shape.table.name] if key_of(shape, row) == key}
    width = len(key)
    return {
        key_of(shape, row): row
        for row in rows.get(shape.table.name, [])
        if tuple(row[n] for n in shape.parents)[:width] == key
    }


def _settled(shape: Shape, column: str, value: Any) -> bool:
    """Whether a column is empty because what it referred to isn't there."""
    return value is None and any(column in reference.columns for reference in shape.table.references)


def _same(rebuilt: Any, record: Any, skipped: frozenset[str]) -> bool:
    if isinstance(rebuilt, RawText):
        rebuilt = rebuilt.decode()
    if skipped and type(rebuilt) is dict and type(record) is dict:
        rebuilt = {name: value for name, value in rebuilt.items() if name not in skipped}
        record = {name: value for name, value in record.items() if name not in skipped}
    return dump_compact(rebuilt) == dump_compact(record)


def _span(entry: ChunkEntry) -> str:
    return f"in bytes {entry.start:,} to {entry.end:,}"


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_show, value))
    text = repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
