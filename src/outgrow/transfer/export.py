"""Writes the files back, from the database and its ledger alone.

Untouched records come out as they were, changed ones in the file's own style, new ones at the end of
their collection, deleted ones not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine

from outgrow.database.bulk import Bulk, open_bulk
from outgrow.database.engine import begin
from outgrow.database.ledger import ChunkEntry, FileEntry, Ledger, PartEntry
from outgrow.record import Finding, Origin
from outgrow.schema.model import Plan, Table
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.shape import Row, Shape, compile_shape
from outgrow.source.packing import open_packed
from outgrow.source.paths import new_path
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.transfer.accounts import LockedOut
from outgrow.transfer.chunk import derive_keys, row_key
from outgrow.transfer.compare import RESHAPED, changed_shapes
from outgrow.transfer.fetch import fetch_rows, key_of
from outgrow.transfer.growing import grow, grows
from outgrow.transfer.kept import unseal_file
from outgrow.transfer.known import known_keys
from outgrow.transfer.media import say_unwritten
from outgrow.transfer.new_rows import NewRows
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import RawText
from outgrow.transfer.recall import chunk_style, rebuild_chunk, recall_part, roots, write_chunk
from outgrow.transfer.seal import unseal
from outgrow.transfer.set_aside import SetAside
from outgrow.transfer.texts import text_path

SPACE = b" \t\r\n"


@dataclass
class ExportResult:
    """Files and records written, of how many the text was kept, and what couldn't be written as it was.

    `set_aside` are those written that have no row.
    """

    files: int = 0
    records: int = 0
    raw_records: int = 0
    set_aside: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass
class _Run:
    """A run of text for a section: the text, the section and style it is in, how many records it holds.

    `before` is what parts it from the run before, where that isn't as usual.
    """

    text: bytes
    section: Section
    style: Style
    records: int
    before: bytes | None = None


def export(
    plan: Plan, engine: Engine, folder: Path, key: str | None, progress: Callable[[str, int], None]
) -> ExportResult:
    """Write all files below a folder; `key` opens what only the operator may export."""
    result = ExportResult()
    with begin(engine) as connection:
        exporter = _Exporter(plan, Ledger(connection), open_bulk(connection), folder, result)
        exporter.key = exporter.aside.key = key
        exporter.compare_plan()
        for file in exporter.ledger.files():
            exporter.write_file(file)
            progress(file.path, int(file.facts["size"]))
        exporter.write_new_files()
        exporter.write_texts()
        result.findings += exporter.locked.findings()
        result.set_aside = sum(exporter.aside.written.values())
        result.findings += [*exporter.aside.findings(), *say_unwritten(exporter.ledger)]
    return result


def _can_name(name: str) -> bool:
    """Whether a key can be a file's name, and nothing but that."""
    return name not in ("", ".", "..") and not set(name) & {"/", "\\", "\0"} and len(name.encode()) <= 200


class _Exporter:
    def __init__(self, plan: Plan, ledger: Ledger, bulk: Bulk, folder: Path, result: ExportResult) -> None:
        self.plan, self.ledger, self.bulk, self.folder, self.result = plan, ledger, bulk, folder, result
        self.shapes = {table.source: compile_shape(plan, table) for table in roots(plan)}
        self.known = {source: known_keys(ledger, shape) for source, shape in self.shapes.items()}
        self.files = {file.id: file for file in ledger.files()}
        self.parts: dict[int, dict[int, PartEntry]] = {}
        self.new: dict[str, NewRows] = {}
        for part in ledger.parts():
            self.parts.setdefault(part.file_id, {})[part.facts["number"]] = part
        self.key: str | None = None
        self.grown: list[tuple[bytes, Style]] = []
        self.locked = LockedOut(plan)
        self.aside = SetAside(ledger, bulk)

    def compare_plan(self) -> None:
        """Say where the plan was changed since the load; without its key, a collection can't be written."""
        for source, other_key in changed_shapes(self.plan, self.ledger).items():
            name = self.shapes[source].table.name
            if other_key:
                del self.shapes[source]
                message = f"{name} isn't written, for its key is another one: {RESHAPED}"
            else:
                message = f"{name} is written by the plan of today: {RESHAPED}"
            self.result.findings.append(Finding("error" if other_key else "warning", message, Origin(source)))

    def target(self, path: str) -> Path:
        """Where a file goes; its folder is made."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def write_file(self, file: FileEntry) -> None:
        """Write one file: its literals, and between them its sections."""
        if not unseal_file(file, self.key):
            message = "is not written: it seems to hold secrets, and the app's .env has no LEDGER_KEY that opens it"
            self.result.findings.append(Finding("error", message, Origin(file.path)))
            return
        parts = self.parts.get(file.id, {})
        if self._is_gone(list(parts.values())) or not self._is_whole(file, parts):
            return
        with self._open(file) as stream:
            before = file.literals[0]
            for number, following in enumerate(file.literals[1:]):
                after = following
                texts = self._section_texts(parts[number], file) if number in parts else iter(())
                first = next(texts, None)
                if first is None and file.facts["syntax"] == "json":
                    before, after = _close_gap(before, after)
                stream.write(before)
                for text in chain([first or b""], texts):
                    stream.write(text)
                before = after
            stream.write(before)
            self._write_grown(stream, ends=before.endswith(b"\n"))
        self.result.files += 1

    def _write_grown(self, stream: IO[bytes], *, ends: bool) -> None:
        """Write the lines by which a file grows; `ends` says that what stands before them ends with its line."""
        for line, style in self.grown:
            newline = style.newline.encode()
            stream.write((b"" if ends else newline) + line + newline)
            ends = True
        self.grown.clear()

    def _is_whole(self, file: FileEntry, parts: dict[int, PartEntry]) -> bool:
        """Whether all of a file's records were loaded; a file that lacks some is not written, and that is said."""
        if all(number in parts and parts[number].source in self.shapes for number in range(len(file.literals) - 1)):
            return True
        message = "is not written: the plan has no table for its records, so the database doesn't hold them"
        self.result.findings.append(Finding("error", message, Origin(file.path)))
        return False

    def _is_gone(self, parts: list[PartEntry]) -> bool:
        """Whether a file held one record that was deleted since."""
        if len(parts) != 1 or parts[0].facts["key"] is None:
            return False
        shape = self.shapes.get(parts[0].source)
        entries = list(self.ledger.chunks(parts[0].id))
        return shape is not None and not any(
            fetch_rows(self.bulk, shape, entry.facts["rows"])[shape.table.name] or self.aside.left(shape, entry)
            for entry in entries
        )

    @contextmanager
    def _open(self, file: FileEntry) -> Iterator[IO[bytes]]:
        with open_packed(self.target(file.path), file.facts["packed"], file.facts["syntax"]) as stream:
            yield stream

    def _section_texts(self, part: PartEntry, file: FileEntry) -> Iterator[bytes]:
        """The texts of a section's records, and of the new ones that belong there."""
        shape = self.shapes.get(part.source)
        if shape is None:
            return
        work, written = recall_part(self.plan, shape, part, file), False
        for run in self._runs(work, part, file):
            if run.records or run.text:
                gap = run.before if run.before is not None else work.syntax.between(run.section, run.style)
                yield (gap if written else b"") + run.text
                written = True
                self.result.records += run.records

    def _runs(self, work: PartWork, part: PartEntry, file: FileEntry) -> Iterator[_Run]:
        known, counted = self.known[part.source], None
        for entry in self.ledger.chunks(part.id):
            rows = fetch_rows(self.bulk, work.shape, entry.facts["rows"], known.strange(entry))
            yield self._encode(work, entry, rows)
            counted = entry.facts["count"] + entry.records if "count" in entry.facts else None
        if work.part.key is not None:
            return
        if work.section.kind == "record":
            yield from self._appended_runs(work, file, part)
        elif grows(work):
            for run in self._new_runs(work, part, counted):
                self.grown.append((run.text, run.style))
                self.result.records += run.records
        else:
            yield from self._new_runs(work, part, counted)

    def _appended_runs(self, work: PartWork, file: FileEntry, part: PartEntry) -> Iterator[_Run]:
        """Records that the app has added to a bare object: behind it under "0", "1" …, as PHP's `[] =` does."""
        if len(file.literals) == 2:
            beside = replace(work, section=replace(work.section, kind="map", counted=True))
            yield from self._new_runs(beside, part, 0)
        elif any(self._new_of(part.source).of(part)):
            message = f"{work.shape.table.name} has rows that {file.path} has no place for; they are not written"
            self.result.findings.append(Finding("error", message, Origin(file.path)))

    def _encode(self, work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]]) -> _Run:
        patches = self.ledger.deviations(entry.id)
        style = chunk_style(work, entry)
        records = rebuild_chunk(work, rows, patches)
        self._unseal(work, rows, records, patches)
        self.result.raw_records += sum(isinstance(record, RawText) for record in records)
        text = write_chunk(work, entry, rows, records, style, self.aside.take(work.shape, entry))
        if "log" in entry.facts:
            text, changes = grow(entry.facts, text, style)
            self.grown += [(line, style) for line in changes]
        before = entry.facts.get("before")
        return _Run(text, work.section, style, len(records), None if before is None else before.encode("latin-1"))

    def _new_runs(self, work: PartWork, part: PartEntry, counted: int | None) -> Iterator[_Run]:
        """Records that the app has added, in runs; `counted` is the next of the map keys that only count."""
        for keys in self._new_of(part.source).of(part):
            rows = fetch_rows(self.bulk, work.shape, {"keys": [list(key) for key in keys]})
            self._lock_out(work, rows)
            records = rebuild_batch(work.shape, work.habit, rows, textual=work.syntax.textual)
            names = derive_keys(work.shape, rows) if work.section.kind == "map" else None
            if names is not None and counted is not None:
                names = [str(counted + number) for number in range(len(names))]
                counted += len(names)
            text = work.syntax.encode(records, names, work.section, work.style)
            yield _Run(text, work.section, work.style, len(records))

    def _new_of(self, source: str) -> NewRows:
        """The rows that the app has added to a collection."""
        if source not in self.new:
            self.new[source] = NewRows(self.bulk, self.shapes[source], self.known[source])
            self.new[source].place(self.ledger.parts(source), self.files)
        return self.new[source]

    def write_new_files(self) -> None:
        """Records that the app has added to a collection of one file per record get files of their own."""
        for source, shape in self.shapes.items():
            parts = self.ledger.parts(source)
            if not parts or parts[0].facts["key"] is None:
                continue
            file = self.files[parts[0].file_id]
            work = recall_part(self.plan, shape, parts[0], file)
            for keys in self._new_of(source).all():
                for key in keys:
                    self._write_new_file(work, file, source, key)

    def _write_new_file(self, work: PartWork, file: FileEntry, source: str, key: Row) -> None:
        rows = fetch_rows(self.bulk, work.shape, {"keys": [list(key)]})
        self._lock_out(work, rows)
        records = rebuild_batch(work.shape, work.habit, rows, textual=work.syntax.textual)
        name = str((derive_keys(work.shape, rows) or ["record"])[0])
        path = text_path(self.folder, "{key}", new_path(source, file.path, name))
        parts = name.split("/") if "**" in source or "}/*" in source else [name]
        if path is None or not all(map(_can_name, parts)) or path.exists():
            self.result.findings.append(Finding("error", f"the key {name!r} can't name a file"))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        body = work.syntax.encode(records, None, work.section, work.style)
        path.write_bytes(file.literals[0] + body + file.literals[-1])
        self.result.files += 1
        self.result.records += 1

    def write_texts(self) -> None:
        """Write the texts that lie in files of their own."""
        for shape in self.shapes.values():
            for number in shape.files:
                self._write_texts(shape.table, number, shape)

    def _write_texts(self, table: Table, number: int, shape: Shape) -> None:
        pattern = table.columns[number].field[0]
        columns = [column.name for column in table.columns]
        for page in self.bulk.select_key_pages(table.name, table.primary_key):
            for row in self.bulk.select_keys(table.name, columns, table.primary_key, page, []):
                path = text_path(self.folder, pattern, row[shape.keys[0]])
                if row[number] is not None and path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(str(row[number]).encode())
                    self.result.files += 1

    def _unseal(self, work: PartWork, rows: dict[str, list[Row]], records: list[Any], patches: dict[str, Any]) -> None:
        """Put old password hashes back; take note of the accounts for which that can't be done."""
        if not work.secrets:
            return
        for row, record in zip(rows[work.shape.table.name], records, strict=True):
            patch = patches.get(row_key(key_of(work.shape, row)), {})
            if not (patch.get("sealed") and unseal(record, patch, self.key)):
                self.locked.take(work.shape, row)

    def _lock_out(self, work: PartWork, rows: dict[str, list[Row]]) -> None:
        """Take note of accounts that the app has made."""
        if work.secrets:
            for row in rows[work.shape.table.name]:
                self.locked.take(work.shape, row)


def _close_gap(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """What stands around a section that has no records any more, without the comma and the air it needed."""
    ahead, behind = before.rstrip(SPACE), after.lstrip(SPACE)
    if ahead.endswith(b","):
        return ahead[:-1], after
    if behind.startswith(b","):
        return before, behind[1:].lstrip(SPACE)
    return ahead, behind
