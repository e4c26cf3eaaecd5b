"""One batch of records on its way into the database: rows, and what the ledger must remember of it."""

from __future__ import annotations

import hashlib
import json
import marshal
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import orjson

from outgrow.record import Batch, Flaw
from outgrow.schema.model import Plan
from outgrow.schema.rebuild import rebuild_batch
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Extras, Row, Shape, shape_batch
from outgrow.source.inventory import Source
from outgrow.source.reading import exact
from outgrow.source.style import Style, style_variants
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.aside import Aside
from outgrow.transfer.growing import lines_facts
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import Patch, patch_record
from outgrow.transfer.raw import Kept, keep_raw, keep_regular, without_head


@dataclass
class Chunk:
    """Rows by table, and the ledger's facts. `unfit` are places in the batch that make no rows, and why.

    `places` are those that do; `patches` belong to the keys of rows; `names` are the fields of records
    that don't give their text again; `origins` is what the ledger remembers of their places in the file.
    `asides` are the texts of what makes no rows, without those of the `lost` that can't be told.
    The records themselves stay behind when a chunk goes to another process; `recall` reads them again for
    the few that are looked at.
    """

    rows: dict[str, list[Row]]
    places: Sequence[int]
    facts: dict[str, Any]
    count: int
    span: tuple[int, int]
    first_number: int = 1
    patches: dict[str, Patch] = field(default_factory=dict)
    unfit: dict[int, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    flaws: list[Flaw] = field(default_factory=list)
    origins: dict[str, Any] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    lost: int = 0
    known: Batch | None = None
    recall: Callable[[], Batch] | None = None

    @property
    def batch(self) -> Batch:
        """The chunk's records, read exactly."""
        if self.known is None and self.recall is not None:
            self.known = self.recall()
            self.known.flaws = self.flaws
        assert self.known is not None  # a chunk has its batch or knows how to get it
        return self.known

    def pack(self) -> bytes:
        """The chunk for another process; marshal is fastest, and rows hold only what it knows."""
        rest = (
            self.places,
            self.facts,
            self.count,
            self.span,
            self.first_number,
            self.patches,
            self.unfit,
            self.names,
            self.flaws,
            self.origins,
            self.asides,
            self.lost,
        )
        return marshal.dumps((marshal.dumps(self.rows, 2), pickle.dumps(rest)), 2)

    @classmethod
    def unpack(cls, message: bytes) -> Chunk:
        """The way back from `pack`."""
        rows, rest = marshal.loads(message)  # noqa: S302 (from our own process)
        return cls(marshal.loads(rows), *pickle.loads(rest))  # noqa: S301, S302 (from our own process)


def secret_roots(plan: Plan, shape: Shape) -> frozenset[str]:
    """The outermost fields that hold a password which is stored hashed: no patch may repeat them."""
    roots: set[str] = set()
    for inner in shape.all_shapes():
        for number in password_columns(plan, inner.table):
            column = inner.table.columns[number]
            path = column.field if not inner.table.nested else inner.table.path
            roots |= set(path[:1])
    return frozenset(roots)


def make_chunk(
    source: Source, work: PartWork, batch: Batch, extras: Extras, excluded: Mapping[int, str] | None = None
) -> Chunk:
    """Shape a batch, prove that its rows give the batch's text again, and note where they don't.

    `excluded` are places of records to be set aside, and why.
    """
    style: Style | None = None
    if batch.plain and not excluded:
        chunk = _try_plain(work, batch, extras)
        if chunk is not None:
            return chunk
        style = matching_style(work, batch.records, batch.keys, batch.raw)  # then its values are exact already
    if style is None:
        batch = exact(source, work.part, batch)
        extras = replace(extras, keys=batch.keys if extras.keys is not None else None)
        style = matching_style(work, batch.records, batch.keys, batch.raw)
    shaped = shape_batch(work.shape, batch.records, extras, dump_compact, excluded)
    if shaped.unfit:
        batch = exact(source, work.part, batch)  # it knows where each record stands
    places: Sequence[int] = shaped.kept if shaped.kept is not None else range(len(batch))
    facts = _key_facts(work, shaped.rows, [batch.keys[place] for place in places] if batch.keys is not None else None)
    kept = keep_regular(work, batch, places, style) if style is not None else None
    if kept is None:
        batch = without_head(batch)
        kept = keep_raw(work, batch, places)
        facts |= kept.facts()
    if kept.style != work.style:
        facts["style"] = kept.style.to_dict()
    chunk = Chunk(shaped.rows, places, facts, len(batch), (batch.start, batch.end), extras.first_number)
    chunk.known, chunk.unfit, chunk.flaws = batch, shaped.unfit, batch.flaws
    chunk.asides, chunk.lost = sorted(kept.asides, key=lambda aside: aside.position), kept.lost
    chunk.names = tuple(dict.fromkeys(chain.from_iterable(record for record in batch.records if type(record) is dict)))
    _patch(work, chunk, kept)
    if kept.whole:
        facts["same"] = True  # the patches give what the rows don't
        facts |= lines_facts(work, batch)
    return chunk


def _patch(work: PartWork, chunk: Chunk, kept: Kept) -> None:
    """Note what the rows of a chunk don't say of its records."""
    rows = chunk.rows[work.shape.table.name]
    rebuilt = rebuild_batch(work.shape, work.habit, chunk.rows, textual=work.syntax.textual)
    known: set[str] = set()
    for place, row, again in zip(chunk.places, rows, rebuilt, strict=True):
        text = kept.texts.get(place)
        patch = patch_record(chunk.batch, place, again, work.secrets, text)
        if patch is None and not kept.texts:
            continue
        key = row_key([row[number] for number in work.shape.keys])
        if patch is not None:
            chunk.patches[key] = patch
        if key in known:  # copies of a record share a patch, and so one text
            kept.whole = False
        known.add(key)


def _try_plain(work: PartWork, batch: Batch, extras: Extras) -> Chunk | None:
    """The chunk of a plain batch whose rows, rebuilt and written in the file's style, give its very text."""
    shaped = shape_batch(work.shape, batch.records, extras, dump_compact)
    if shaped.unfit:
        return None
    facts = _key_facts(work, shaped.rows, batch.keys)
    rebuilt = rebuild_batch(work.shape, work.habit, shaped.rows, textual=work.syntax.textual)
    style = matching_style(work, rebuilt, batch.keys, batch.raw)
    if style is None:
        return None
    facts["same"] = True
    facts |= lines_facts(work, batch)
    if style != work.style:
        facts["style"] = style.to_dict()
    chunk = Chunk(shaped.rows, range(len(batch)), facts, len(batch), (batch.start, batch.end), extras.first_number)
    chunk.known, chunk.flaws = batch, batch.flaws
    return chunk


def matching_style(work: PartWork, records: list[Any], keys: Sequence[str] | None, raw: bytes) -> Style | None:
    """The style, of those that differ from the section's in escapes only, in which `records` give `raw`."""
    names = list(keys) if keys is not None and work.section.kind == "map" else None
    tried = style_variants(work.style)
    return next((style for style in tried if work.syntax.encode(records, names, work.section, style) == raw), None)


def _key_facts(work: PartWork, rows: dict[str, list[Row]], keys: list[str] | None) -> dict[str, Any]:
    """What must be remembered of map keys: nothing where the rows give them, else their count or all."""
    if keys is None or work.section.kind != "map":
        return {}
    if derive_keys(work.shape, rows) == keys:
        return {}
    if keys and keys[0].isdecimal() and keys == [str(int(keys[0]) + number) for number in range(len(keys))]:
        return {"count": int(keys[0])}
    return {"map_keys": keys}


def derive_keys(shape: Shape, rows: dict[str, list[Row]]) -> list[str] | None:
    """The map keys that the rows themselves give: the key's column, or a key that repeats the map's."""
    number = shape.key if shape.key is not None else shape.keys[0] if len(shape.keys) == 1 else None
    return None if number is None else [str(row[number]) for row in rows[shape.table.name]]


def row_key(values: Sequence[Any]) -> str:
    """A row's key as the ledger and the app write it."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"), default=str)


def digest(rows: Sequence[Row]) -> str:
    """A fingerprint of rows in their order."""
    return hashlib.sha256(orjson.dumps(rows)).hexdigest()[:32]
