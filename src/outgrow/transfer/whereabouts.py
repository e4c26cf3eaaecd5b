"""Which record a row comes from, and which row a record became, by the ledger's chunks.

Where the files are at hand and as they were loaded, a place is a line and a column; else the ledger knows the line.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection

from outgrow.database.bulk import open_bulk
from outgrow.database.ledger import ChunkEntry, FileEntry, Ledger, PartEntry, unpack_numbers
from outgrow.errors import AppError
from outgrow.record import Batch, Origin
from outgrow.schema.model import Plan, Table
from outgrow.schema.shape import Row, compile_shape
from outgrow.source.wrapper import hash_file, open_unpacked
from outgrow.transfer.differences import show
from outgrow.transfer.fingerprint import is_same
from outgrow.transfer.recall import recall_part

BLOCK = 1 << 20
MOST = 20


@dataclass(frozen=True)
class Whereabouts:
    """A row and the place of its record: `origin` is None for what the app has entered; `gone` rows are no more."""

    table: str
    key: Row
    origin: Origin | None
    gone: bool = False


@dataclass(frozen=True)
class _Found:
    """A record in the ledger: the number-th of its chunk, at a place of its batch."""

    part: PartEntry
    entry: ChunkEntry
    number: int
    place: int


class Finder:
    """Looks rows and places up; `root` is the data folder, where it is at hand."""

    def __init__(self, plan: Plan, connection: Connection, root: Path | None) -> None:
        self.plan, self.root = plan, root
        self.ledger, self.bulk = Ledger(connection), open_bulk(connection)
        self.files = {file.id: file for file in self.ledger.files()}
        self.tables: dict[str, dict[str, Any]] = json.loads(self.ledger.get("tables") or "{}")

    def find_row(self, name: str, text: str) -> Whereabouts:
        """Where the record of a row stands, by the text of its key; raises AppError where nothing is known of it."""
        table = self.plan.by_name.get(name)
        if table is None or name not in self.tables:
            known = ", ".join(sorted(self.tables))
            raise AppError(f"there is no table {name} made from files", hint=f"There are {known}.")
        key = _read_key(table, text)
        owner, gone = self._owner(table, key)
        found = self._find_chunk(self.tables[name]["source"], owner)
        if found is None and gone:
            raise AppError(f"{name} has no row {show(key)}, and no record made one")
        return Whereabouts(name, key, None if found is None else self._origin(found), gone)

    def _owner(self, table: Table, key: Row) -> tuple[Row, bool]:
        """The key of the record that a row belongs to, and whether the row is gone."""
        names: list[str] = self.tables[table.name]["key"]
        rows = self.bulk.select_keys(table.name, names, table.primary_key, [key], [])
        if rows:
            return tuple(rows[0]), False
        values = dict(zip(table.primary_key, key, strict=True))
        if set(names) <= values.keys():
            return tuple(values[name] for name in names), True
        raise AppError(f"{table.name} has no row {show(key)}")

    def _find_chunk(self, source: str, key: Row) -> _Found | None:
        parts = {part.id: part for part in self.ledger.parts(source)}
        for entry in self.ledger.chunks_of(source):
            for found, own in _records(parts[entry.part_id], entry, key):
                if own == key:
                    return found
        return None

    def _origin(self, found: _Found) -> Origin:
        file, facts = self.files[found.part.file_id], found.part.facts
        if facts["key"] is not None or (facts["section"]["kind"] == "record" and facts["section"]["depth"] == 1):
            return Origin(file.path)  # the file is the record
        path = self._at_hand(file)
        if path is not None:
            with open_unpacked(path, file.facts["packed"], file.path) as stream:
                offsets = self._offsets(stream, file, found.part, found.entry)
                if found.place < len(offsets):
                    line, column = _line_of(stream, offsets[found.place])
                    return Origin(file.path, line, column)
        lines = found.entry.facts.get("lines")
        if lines is None:
            return Origin(file.path)
        return Origin(file.path, list(unpack_numbers(lines))[found.place], pointer=_pointer(found))

    def _at_hand(self, file: FileEntry) -> Path | None:
        """Where a file lies, if it is what was loaded."""
        path = self.root / file.path if self.root is not None else None
        return path if path is not None and path.is_file() and is_same(file.sha256, hash_file(path)) else None

    def _offsets(self, stream: IO[bytes], file: FileEntry, part: PartEntry, entry: ChunkEntry) -> list[int]:
        """Where each record of a chunk starts."""
        if part.facts["section"]["kind"] == "record" or entry.records == 1:
            return [entry.start]
        table = next(table for table in self.plan if table.source == part.source and not table.nested)
        work = recall_part(self.plan, compile_shape(self.plan, table), part, file)
        stream.seek(entry.start)
        raw = stream.read(entry.end - entry.start)
        return work.syntax.reread(Batch([], raw, entry.start, entry.end, plain=True), work.section).offsets or []

    def find_place(self, text: str) -> list[Whereabouts]:
        """The rows whose records stand at a place, `file:line:column`; of records of one line the first."""
        file, line, column = self._read_place(text)
        parts = [part for part in self.ledger.parts() if part.file_id == file.id]
        found = list(self._at_place(file, parts, line, column))
        return [self._row_of(each) for each in found[:MOST]]

    def _read_place(self, text: str) -> tuple[FileEntry, int | None, int | None]:
        by_path = {file.path: file for file in self.files.values()}
        rest, numbers = text, list[int]()
        while rest not in by_path and len(numbers) < 2 and rest.rpartition(":")[2].isdecimal():
            rest, _, number = rest.rpartition(":")
            numbers.insert(0, int(number))
        if rest not in by_path:
            raise AppError(f"no record was loaded from {rest}", hint="Name the file as it lies in the data folder.")
        line, column = [*numbers, None, None][:2]
        return by_path[rest], line, column

    def _at_place(
        self, file: FileEntry, parts: list[PartEntry], line: int | None, column: int | None
    ) -> Iterator[_Found]:
        if line is None or any(part.facts["key"] is not None for part in parts):
            for part, entry in self._chunks(parts):
                yield from (found for found, _ in _records(part, entry))
            return
        path = self._at_hand(file)
        if path is None:
            yield from self._by_lines(parts, line)
            return
        with open_unpacked(path, file.facts["packed"], file.path) as stream:
            start, end = _span_of_line(stream, line, column)
            for part, entry in self._chunks(parts):
                if entry.start < end and start < entry.end:
                    offsets = self._offsets(stream, file, part, entry)
                    first = max(0, bisect_right(offsets, start) - 1)
                    within = [place for place, offset in enumerate(offsets) if start <= offset < end]
                    chosen = {first} if column is not None or not within else set(within)
                    yield from (found for found, _ in _records(part, entry) if found.place in chosen)

    def _chunks(self, parts: list[PartEntry]) -> Iterator[tuple[PartEntry, ChunkEntry]]:
        for part in parts:
            for entry in self.ledger.chunks(part.id):
                yield part, entry

    def _by_lines(self, parts: list[PartEntry], line: int) -> Iterator[_Found]:
        """The records that start on a line; where none does, the one before it."""
        known = [
            (lines[found.place], found)
            for part, entry in self._chunks(parts)
            if "lines" in entry.facts
            for lines in [list(unpack_numbers(entry.facts["lines"]))]
            for found, _ in _records(part, entry)
        ]
        starts = max((first for first, _ in known if first <= line), default=None)
        yield from (found for first, found in known if first == starts)

    def _row_of(self, found: _Found) -> Whereabouts:
        table = next(table for table in self.plan if table.source == found.part.source and not table.nested)
        key = next(own for each, own in _records(found.part, found.entry) if each.number == found.number)
        there = self.bulk.select_keys(table.name, table.primary_key, table.primary_key, [key], [])
        return Whereabouts(table.name, key, self._origin(found), not there)


def _read_key(table: Table, text: str) -> Row:
    """A key from the command line: its values with commas between, or a JSON list of them."""
    names = table.primary_key
    parts: list[Any] = [text] if len(names) == 1 else text.split(",")
    if text.startswith("["):
        with suppress(ValueError):
            parts = json.loads(text)
    if len(parts) != len(names):
        raise AppError(
            f"the key of {table.name} is {', '.join(names)}",
            hint="Give its values with commas between, or as a JSON list: '[\"a,b\", 1]'.",
        )
    return tuple(_read_value(table, name, part) for name, part in zip(names, parts, strict=True))


def _read_value(table: Table, name: str, value: Any) -> Any:
    if table.by_name[name].type.name == "integer" and type(value) is str:
        if not value.strip().lstrip("-").isdecimal():
            raise AppError(f"{table.name}.{name} is a whole number, and {value!r} is none")
        return int(value)
    return value


def _records(part: PartEntry, entry: ChunkEntry, wanted: Row | None = None) -> Iterator[tuple[_Found, Row]]:
    """The records of a chunk with their keys; of those that can't hold a wanted one, none."""
    rows, places = entry.facts["rows"], entry.facts.get("places", ())
    copies = set(entry.facts.get("copies", ()))
    if "keys" in rows:
        keys: Any = map(tuple, rows["keys"])
    else:
        number = wanted[0] if wanted is not None else None
        if wanted is not None and (type(number) is not int or not rows["first"] <= number <= rows["last"]):
            return
        numbers = unpack_numbers(rows["runs"]) if "runs" in rows else range(rows["first"], rows["last"] + 1)
        keys = ((number,) for number in numbers)
    for number, key in enumerate(keys):
        place = places[number] if number < len(places) else number
        if wanted is None or place not in copies:
            yield _Found(part, entry, number, place), key


def _pointer(found: _Found) -> str | None:
    """The JSON pointer of a record in a list that shares its line with others, as far as the ledger has it."""
    facts = found.entry.facts
    if "pointer" not in facts or "numbers" not in facts:
        return None
    return f"{facts['pointer']}/{list(unpack_numbers(facts['numbers']))[found.place]}"


def _line_of(stream: IO[bytes], offset: int) -> tuple[int, int]:
    """The line and the column, in characters, of an offset."""
    stream.seek(0)
    line, before, left = 1, b"", offset
    while left > 0 and (block := stream.read(min(left, BLOCK))):
        left -= len(block)
        if count := block.count(b"\n"):
            line, before = line + count, b""
            block = block[block.rfind(b"\n") + 1 :]
        before += block
    return line, len(before.decode("utf-8", "replace")) + 1


def _span_of_line(stream: IO[bytes], line: int, column: int | None) -> tuple[int, int]:
    """The offsets of a line's first byte and of the one behind it; of a place in it, where a column is given."""
    stream.seek(0)
    start = 0
    for _ in range(line - 1):
        start += len(stream.readline())
    text = stream.readline()
    if column is None:
        return start, start + len(text)
    place = start + len(text.decode("utf-8", "replace")[: column - 1].encode("utf-8", "replace"))
    return place, place + 1
