"""Takes up what the ledger remembers: a part as it was loaded, a chunk's text in the source, its records."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import repeat
from typing import Any

from outgrow.database.ledger import ChunkEntry, FileEntry, PartEntry, unpack_numbers
from outgrow.record import Batch
from outgrow.schema.habit import Habit, fit
from outgrow.schema.model import Plan, Table
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.shape import Row, Shape
from outgrow.source.inventory import Part, Source
from outgrow.source.reading import exact
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import BY_NAME
from outgrow.transfer.aside import Aside, open_asides
from outgrow.transfer.chunk import derive_keys, row_key, secret_roots
from outgrow.transfer.fetch import key_of, keys_of
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import Patch, RawText, apply_patch
from outgrow.transfer.raw import join_records

NEW = -2
"""The number of a row that the app has put among those of a chunk."""


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
    habit = fit(Habit.from_dict(facts["habit"]), shape.branch)
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
    batch = exact(source, work.part, batch)
    # A last row that breaks off was set aside; without what follows it, that can't be seen any more.
    del batch.records[entry.records :], (batch.offsets or [])[entry.records :]
    return batch


def chunk_style(work: PartWork, entry: ChunkEntry) -> Style:
    """The style in which a chunk was written."""
    return style_of(work, entry.facts)


def style_of(work: PartWork, facts: Mapping[str, Any]) -> Style:
    """The style that a chunk's facts say it was written in."""
    return Style.from_dict(facts["style"]) if "style" in facts else work.style


def chunk_keys(work: PartWork, entry: ChunkEntry, rows: Mapping[str, list[Row]]) -> list[str] | None:
    """The map keys of a chunk's records, as far as there are any."""
    if work.section.kind != "map":
        return None
    facts, own = entry.facts, [key_of(work.shape, row) for row in rows[work.shape.table.name]]
    if "count" in facts:
        numbers = _numbers_of(entry, own)
        return [str(facts["count"] + number) for number in (range(len(own)) if NEW in numbers else numbers)]
    if "map_keys" in facts:
        given = dict(zip(map(tuple, facts["rows"]["keys"]), facts["map_keys"], strict=False))
        return [row_key(key) if (name := given.get(key)) is None else name for key in own]
    return derive_keys(work.shape, dict(rows))


def _numbers_of(entry: ChunkEntry, keys: list[Row]) -> list[int]:
    """The numbers that rows had among those of their chunk when they were loaded; others may be gone since."""
    facts = entry.facts["rows"]
    if "keys" in facts:
        there = set(keys)
        return [number for number, key in enumerate(facts["keys"]) if tuple(key) in there]
    if "runs" in facts:
        known = {key: number for number, key in enumerate(unpack_numbers(facts["runs"]))}
        return [known.get(key[0], NEW) for key in keys]
    return [key[0] - facts["first"] for key in keys]


def facts_without(work: PartWork, entry: ChunkEntry, rows: Mapping[str, list[Row]], gone: set[Row]) -> dict[str, Any]:
    """A chunk's facts once the records with some keys are set aside: what is left is named key by key."""
    keys = [key_of(work.shape, row) for row in rows[work.shape.table.name]]
    places = entry.facts.get("places", range(len(keys)))
    names = chunk_keys(work, entry, rows)
    left = [number for number, key in enumerate(keys) if key not in gone]
    facts: dict[str, Any] = {**entry.facts, "rows": {"keys": [list(keys[number]) for number in left]}}
    facts["places"] = [places[number] for number in left]
    if names is not None and ("count" in facts or "map_keys" in facts):
        facts["map_keys"] = [names[number] for number in left]
    for name in ("count", "same"):
        facts.pop(name, None)
    return facts


def rebuild_chunk(work: PartWork, rows: Mapping[str, list[Row]], patches: Mapping[str, Patch]) -> list[Any]:
    """The records that a chunk's rows and patches give, each a value or its RawText."""
    records = rebuild_batch(work.shape, work.habit, rows, textual=work.syntax.textual)
    if not patches:
        return records
    known = {tuple(json.loads(key)): patch for key, patch in patches.items()}
    keys = keys_of(work.shape, rows[work.shape.table.name])
    return [
        apply_patch(record, known[key]) if key in known else record for key, record in zip(keys, records, strict=True)
    ]


def write_chunk(
    work: PartWork,
    entry: ChunkEntry,
    rows: Mapping[str, list[Row]],
    records: list[Any],
    style: Style,
    asides: Sequence[Aside] | None = None,
) -> bytes:
    """The text of a chunk's records, with what the ledger kept of it that the writer can't make again.

    `asides` are what was set aside, as far as it is to be written; if not given, all that needs no key.
    """
    keys = chunk_keys(work, entry, rows)
    asides = open_asides(entry.facts)[0] if asides is None else asides
    if not asides and "raw" not in entry.facts and not any(isinstance(record, RawText) for record in records):
        return work.syntax.encode(records, keys, work.section, style)
    numbers = _numbers_of(entry, keys_of(work.shape, rows[work.shape.table.name]))
    there: list[int] | None = entry.facts.get("places")
    places = numbers if there is None else [there[number] if number >= 0 else number for number in numbers]
    return join_records(work, entry.facts, style, zip(records, keys or repeat(None), places, strict=False), asides)


def roots(plan: Plan) -> list[Table]:
    """The tables that are made from collections rather than from lists within their records."""
    return [table for table in plan if not table.nested]
