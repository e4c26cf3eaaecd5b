"""Takes up what the ledger remembers: a part as it was loaded, a chunk's text in the source, its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outgrow.database.ledger import ChunkEntry, FileEntry, PartEntry
from outgrow.record import Batch
from outgrow.schema.habit import Habit
from outgrow.schema.model import Plan, Table
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.shape import Row, Shape
from outgrow.source.inventory import Part, Source
from outgrow.source.reading import exact
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import BY_NAME
from outgrow.transfer.chunk import PartWork, row_key, secret_roots
from outgrow.transfer.patch import Patch, apply_patch


def recall_part(plan: Plan, shape: Shape, entry: PartEntry, file: FileEntry) -> PartWork:
    """A part with the section, style and habits it was loaded with; offsets are those of the chunks."""
    facts = entry.facts
    style = Style.from_dict(facts["style"])
    section = Section(
        facts["section"]["kind"],
        0,
        0,
        facts["section"]["depth"],
        style,
        tuple(facts["section"]["fields"]),
        facts["section"]["counted"],
    )
    part = Part(file.path, facts["number"], facts["key"])
    syntax = BY_NAME[file.facts["syntax"]]
    habit = Habit.from_dict(facts["habit"])
    return PartWork(part, section, syntax, style, shape, habit, secret_roots(plan, shape), entry.id)


def chunk_text(source: Source, work: PartWork, entry: ChunkEntry) -> bytes:
    """A chunk's text as it stands in the source."""
    with source.path(work.part.file).open("rb") as stream:
        stream.seek(entry.start)
        return stream.read(entry.end - entry.start)


def chunk_batch(source: Source, work: PartWork, entry: ChunkEntry) -> Batch:
    """A chunk's records, read exactly from the source."""
    raw = chunk_text(source, work, entry)
    keys = [work.part.key] * entry.records if work.part.key is not None else None
    batch = Batch([], raw, entry.start, entry.end, plain=True, keys=keys)
    if work.section.kind == "record":
        section = source.section(work.part)
        with source.path(work.part.file).open("rb") as stream:
            batch = next(work.syntax.read(stream, section))
            batch.keys = keys
        return batch
    if work.syntax.textual:
        section = source.section(work.part)
        with source.path(work.part.file).open("rb") as stream:
            from_start = Section(section.kind, entry.start, entry.end, section.depth, section.style, section.fields)
            return next(work.syntax.read(stream, from_start))
    return exact(source, work.part, batch)


def rebuild_chunk(work: PartWork, rows: Mapping[str, list[Row]], patches: Mapping[str, Patch]) -> list[Any]:
    """The records that a chunk's rows and patches give, each a value or its RawText."""
    records = rebuild_batch(work.shape, work.habit, rows, textual=work.syntax.textual)
    if not patches:
        return records
    keys = [row_key([row[number] for number in work.shape.keys]) for row in rows[work.shape.table.name]]
    return [
        apply_patch(record, patches[key]) if key in patches else record
        for key, record in zip(keys, records, strict=True)
    ]


def roots(plan: Plan) -> list[Table]:
    """The tables that are made from collections rather than from lists within their records."""
    return [table for table in plan if not table.nested]
