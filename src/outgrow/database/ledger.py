"""The ledger: what was read from where, and what a typed column can't say. Lives in the target database.

Its tables are called `outgrow_*`. A chunk's entry is written in the transaction that writes its rows,
so a killed load is completed by the next one: what has an entry is there, what has none is not.
"""

from __future__ import annotations

import datetime as dt
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import mysql

PREFIX = "outgrow_"
ABOUT_THE_APP = ("files", "mark", "source", "traces")
"""The remembered texts that no load writes."""

metadata = MetaData()
_id = BigInteger().with_variant(Integer, "sqlite")
_text = Text().with_variant(mysql.LONGTEXT(), "mysql")  # MySQL's own TEXT ends after 64 KiB

META = Table("outgrow_meta", metadata, Column("name", String(64), primary_key=True), Column("value", _text))
FILES = Table(
    "outgrow_files",
    metadata,
    Column("id", _id, primary_key=True),
    Column("path", _text, nullable=False),
    Column("sha256", String(255), nullable=False),
    Column("facts", _text, nullable=False),
)
PARTS = Table(
    "outgrow_parts",
    metadata,
    Column("id", _id, primary_key=True),
    Column("source", _text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("file_id", _id, nullable=False),
    Column("facts", _text, nullable=False),
)
CHUNKS = Table(
    "outgrow_chunks",
    metadata,
    Column("id", _id, primary_key=True),
    Column("part_id", _id, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("first_byte", _id, nullable=False),
    Column("last_byte", _id, nullable=False),
    Column("records", Integer, nullable=False),
    Column("facts", _text, nullable=False),
)
DEVIATIONS = Table(
    "outgrow_deviations",
    metadata,
    Column("id", _id, primary_key=True),
    Column("chunk_id", _id, nullable=False, index=True),
    Column("row_key", _text, nullable=False),
    Column("patch", _text, nullable=False),
)
CHECKS = Table(
    "outgrow_checks",
    metadata,
    Column("id", _id, primary_key=True),
    Column("chunk_id", _id, nullable=False, index=True),
    Column("table_name", String(64), nullable=False),
    Column("checks", LargeBinary(1 << 24), nullable=False),
)
REJECTS = Table(
    "outgrow_rejects",
    metadata,
    Column("id", _id, primary_key=True),
    Column("chunk_id", _id, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("table_name", String(64), nullable=False),
    Column("row_key", _text),
    Column("origin", _text, nullable=False),
    Column("reason", _text, nullable=False),
)
CHANGES = Table(
    "outgrow_changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("table_name", String(64), nullable=False, index=True),
    Column("row_key", _text),
    Column("action", String(10), nullable=False),
    Column("changed_at", DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql"), nullable=False),
    sqlite_autoincrement=True,
)


@dataclass
class FileEntry:
    """A file of the source: `facts` holds syntax, wrapper and size; `literals` what stands between sections."""

    id: int
    path: str
    sha256: str
    facts: dict[str, Any]
    literals: list[bytes]


@dataclass
class PartEntry:
    """A part of a collection: `facts` holds its section, its style, its key and its habits."""

    id: int
    source: str
    number: int
    file_id: int
    facts: dict[str, Any]


@dataclass
class ChunkEntry:
    """About a thousand records: where they stood and which rows they became.

    `facts["tables"]` holds per table the number of rows and their digest, `facts["rows"]` which they are:
    the first and last key where all rows between belong to the chunk (and `runs`, all of them packed, where
    numbers are left out), else `keys`. For where each record stands in its file see transfer/origins.py.
    """

    id: int
    part_id: int
    number: int
    start: int
    end: int
    records: int
    facts: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """Reads and writes the ledger through one connection; the transaction is the caller's."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def create(self) -> None:
        """Make the ledger's tables where they are missing."""
        metadata.create_all(self.connection)

    def drop(self, tables: Sequence[str]) -> None:
        """Drop outgrow's tables, the one that tells that a load is complete last; SQLite wipes what they held."""
        if self.connection.dialect.name == "sqlite":
            self.connection.exec_driver_sql("PRAGMA secure_delete = ON")
        for name in sorted(tables, key=META.name.__eq__):
            Table(name, MetaData()).drop(self.connection, checkfirst=True)

    def get(self, name: str) -> str | None:
        """A single remembered text."""
        value: str | None = self.connection.scalar(select(META.c.value).where(META.c.name == name))
        return value

    def put(self, name: str, value: str) -> None:
        """Remember a single text."""
        self.connection.execute(delete(META).where(META.c.name == name))
        self.connection.execute(insert(META).values(name=name, value=value))

    def texts(self) -> dict[str, str]:
        """All remembered texts, by name."""
        rows = self.connection.execute(select(META.c.name, META.c.value))
        return {row.name: row.value for row in rows}

    def forget_text(self, name: str) -> None:
        """Forget a remembered text."""
        self.connection.execute(delete(META).where(META.c.name == name))

    def add_file(self, path: str, sha256: str, facts: dict[str, Any], literals: Sequence[bytes]) -> int:
        """Enter a file; returns its number."""
        facts = {**facts, "literals": [b64encode(literal).decode() for literal in literals]}
        return self._insert(FILES, path=path, sha256=sha256, facts=_dump(facts))

    def files(self) -> list[FileEntry]:
        """All files, in the order of their entry."""
        entries = []
        for row in self.connection.execute(select(FILES).order_by(FILES.c.id)):
            facts = json.loads(row.facts)
            literals = [b64decode(literal) for literal in facts.pop("literals")]
            entries.append(FileEntry(row.id, row.path, row.sha256, facts, literals))
        return entries

    def add_part(self, source: str, number: int, file_id: int, facts: dict[str, Any]) -> int:
        """Enter a part of a collection; returns its number."""
        return self._insert(PARTS, source=source, number=number, file_id=file_id, facts=_dump(facts))

    def parts(self, source: str | None = None) -> list[PartEntry]:
        """The parts of one collection or of all, in order."""
        query = select(PARTS).order_by(PARTS.c.id)
        if source is not None:
            query = query.where(PARTS.c.source == source)
        return [
            PartEntry(row.id, row.source, row.number, row.file_id, json.loads(row.facts))
            for row in self.connection.execute(query)
        ]

    def forget_parts(self, parts: Sequence[PartEntry]) -> None:
        """Forget parts, and all that is known of their chunks."""
        for part in parts:
            chunks = select(CHUNKS.c.id).where(CHUNKS.c.part_id == part.id)
            for table in (DEVIATIONS, CHECKS, REJECTS):
                self.connection.execute(delete(table).where(table.c.chunk_id.in_(chunks)))
            self.connection.execute(delete(CHUNKS).where(CHUNKS.c.part_id == part.id))
            self.connection.execute(delete(PARTS).where(PARTS.c.id == part.id))

    def forget_file(self, file_id: int) -> None:
        """Forget a file, unless a part of it is known."""
        used = select(PARTS.c.id).where(PARTS.c.file_id == file_id).exists()
        self.connection.execute(delete(FILES).where(FILES.c.id == file_id, ~used))

    def forget_load(self) -> None:
        """Forget all that was loaded and changed, but not how the app was made."""
        for table in (FILES, PARTS, CHUNKS, DEVIATIONS, CHECKS, REJECTS, CHANGES):
            self.connection.execute(delete(table))
        for name in self.texts().keys() - set(ABOUT_THE_APP):
            self.forget_text(name)

    def add_chunk(self, part_id: int, number: int, span: tuple[int, int], records: int, facts: dict[str, Any]) -> int:
        """Enter a chunk whose rows are being written; returns its number."""
        return self.add_chunks([ChunkEntry(0, part_id, number, *span, records, facts)])[0]

    def add_chunks(self, chunks: Sequence[ChunkEntry]) -> list[int]:
        """Enter chunks whose rows are being written, whatever they have as ids; returns their numbers."""
        rows = [
            {
                "part_id": chunk.part_id,
                "number": chunk.number,
                "first_byte": chunk.start,
                "last_byte": chunk.end,
                "records": chunk.records,
                "facts": _dump(chunk.facts),
            }
            for chunk in chunks
        ]
        if not self.connection.dialect.insert_executemany_returning_sort_by_parameter_order:
            return [self._insert(CHUNKS, **row) for row in rows]  # MySQL
        made = insert(CHUNKS).returning(CHUNKS.c.id, sort_by_parameter_order=True)
        return list(self.connection.scalars(made, rows))

    def change_chunk(self, chunk_id: int, facts: dict[str, Any]) -> None:
        """Replace what is known of a chunk."""
        self.connection.execute(update(CHUNKS).where(CHUNKS.c.id == chunk_id).values(facts=_dump(facts)))

    def chunks(self, part_id: int) -> Iterator[ChunkEntry]:
        """A part's chunks, in order; read in pages so that a long table stays out of memory."""
        yield from self._chunks(CHUNKS.c.part_id == part_id)

    def chunks_of(self, source: str) -> Iterator[ChunkEntry]:
        """The chunks of all parts of a collection, in order."""
        yield from self._chunks(CHUNKS.c.part_id.in_(select(PARTS.c.id).where(PARTS.c.source == source)))

    def _chunks(self, wanted: ColumnElement[bool]) -> Iterator[ChunkEntry]:
        part = number = -1
        while True:
            later = (CHUNKS.c.part_id > part) | ((CHUNKS.c.part_id == part) & (CHUNKS.c.number > number))
            query = select(CHUNKS).where(wanted, later).order_by(CHUNKS.c.part_id, CHUNKS.c.number).limit(200)
            rows = self.connection.execute(query).all()
            for row in rows:
                yield ChunkEntry(
                    row.id, row.part_id, row.number, row.first_byte, row.last_byte, row.records, json.loads(row.facts)
                )
            if len(rows) < 200:
                return
            part, number = rows[-1].part_id, rows[-1].number

    def chunk_count(self, part_id: int) -> int:
        """How many chunks of a part were loaded."""
        return self.connection.scalar(select(func.count()).where(CHUNKS.c.part_id == part_id)) or 0

    def add_deviations(self, chunk_id: int, patches: Mapping[str, dict[str, Any]]) -> None:
        """Enter what the rows of some records can't say."""
        if patches:
            rows = [{"chunk_id": chunk_id, "row_key": key, "patch": _dump(patch)} for key, patch in patches.items()]
            self.connection.execute(insert(DEVIATIONS), rows)

    def change_deviation(self, chunk_id: int, key: str, patch: dict[str, Any] | None) -> None:
        """Replace what is known of one record's deviation."""
        where = (DEVIATIONS.c.chunk_id == chunk_id) & (DEVIATIONS.c.row_key == key)
        self.connection.execute(delete(DEVIATIONS).where(where))
        self.add_deviations(chunk_id, {key: patch} if patch else {})

    def deviations(self, chunk_id: int) -> dict[str, dict[str, Any]]:
        """The deviations of a chunk, by the key of the record's row."""
        query = select(DEVIATIONS.c.row_key, DEVIATIONS.c.patch).where(DEVIATIONS.c.chunk_id == chunk_id)
        return {key: json.loads(patch) for key, patch in self.connection.execute(query)}

    def deviation_size(self) -> int:
        """How many characters the deviations take."""
        return int(self.connection.scalar(select(func.coalesce(func.sum(func.length(DEVIATIONS.c.patch)), 0))) or 0)

    def add_checks(self, chunk_id: int, checks: Mapping[str, bytes]) -> None:
        """Enter the checks of a chunk's rows, by table."""
        if checks:
            rows = [{"chunk_id": chunk_id, "table_name": name, "checks": packed} for name, packed in checks.items()]
            self.connection.execute(insert(CHECKS), rows)

    def change_checks(self, chunk_id: int, checks: Mapping[str, bytes]) -> None:
        """Replace the checks of a chunk's rows."""
        self.connection.execute(delete(CHECKS).where(CHECKS.c.chunk_id == chunk_id))
        self.add_checks(chunk_id, checks)

    def checks(self, chunk_id: int) -> dict[str, bytes]:
        """The checks of a chunk's rows, by table."""
        query = select(CHECKS.c.table_name, CHECKS.c.checks).where(CHECKS.c.chunk_id == chunk_id)
        return {name: bytes(packed) for name, packed in self.connection.execute(query)}

    def add_reject(self, chunk_id: int, place: int, table: str, row_key: str | None, origin: str, reason: str) -> None:
        """Enter a record that was set aside."""
        self._insert(
            REJECTS, chunk_id=chunk_id, place=place, table_name=table, row_key=row_key, origin=origin, reason=reason
        )

    def rejects(self) -> list[tuple[str, str, str, str | None]]:
        """All records set aside: table, origin, reason, key."""
        query = select(REJECTS.c.table_name, REJECTS.c.origin, REJECTS.c.reason, REJECTS.c.row_key).order_by(
            REJECTS.c.id
        )
        return [(table, origin, reason, key) for table, origin, reason, key in self.connection.execute(query)]

    def chunk_rejects(self, chunk_id: int) -> list[tuple[int, str, str | None, str, str]]:
        """The records of a chunk that were set aside: place, table, key, origin, reason."""
        columns = (REJECTS.c.place, REJECTS.c.table_name, REJECTS.c.row_key, REJECTS.c.origin, REJECTS.c.reason)
        found = self.connection.execute(select(*columns).where(REJECTS.c.chunk_id == chunk_id).order_by(REJECTS.c.id))
        return [(place, table, key, origin, reason) for place, table, key, origin, reason in found]

    def add_changes(self, action: str, table: str, keys: Sequence[str]) -> None:
        """Note rows that aren't what the files say, as the app notes those that it changes."""
        now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
        rows = [{"table_name": table, "row_key": key, "action": action, "changed_at": now} for key in keys]
        if rows:
            self.connection.execute(insert(CHANGES), rows)

    def changes(self) -> dict[str, dict[str, set[str]]]:
        """The rows that the app changed since: by action, then table, their keys as JSON lists.

        A statement that changed many rows at once stands under `bulk`, without keys; under `keep` are those
        that a later load has left as they were, against the files.
        """
        found: dict[str, dict[str, set[str]]] = {"insert": {}, "update": {}, "delete": {}, "keep": {}, "bulk": {}}
        query = select(CHANGES.c.action, CHANGES.c.table_name, CHANGES.c.row_key).distinct()
        for action, table, key in self.connection.execute(query):
            found.setdefault(action, {}).setdefault(table, set()).add(key or "")
        return found

    def _insert(self, table: Table, **values: Any) -> int:
        key = self.connection.execute(insert(table).values(**values)).inserted_primary_key
        return int(key[0]) if key else 0


def pack_numbers(first: int, steps: Iterable[int]) -> list[int]:
    """Numbers that never fall, as the first of them and the steps to the next; -3 repeats a step three times."""
    packed, last, more = [first], -1, 0
    for step in steps:
        if step == last:
            more += 1
            continue
        if more:
            packed.append(-more)
        packed.append(step)
        last, more = step, 0
    return [*packed, -more] if more else packed


def unpack_numbers(packed: Sequence[int]) -> Iterator[int]:
    """The way back from `pack_numbers`."""
    number, step = packed[0], 0
    yield number
    for each in packed[1:]:
        step = step if each < 0 else each
        for _ in range(-each if each < 0 else 1):
            number += step
            yield number


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
