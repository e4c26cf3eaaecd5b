"""Reads and shapes the chunks of a collection, in a second process where there is enough to do.

The first process writes what this one makes. Each chunk comes with the part it belongs to.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

from outgrow.database.bulk import RowText
from outgrow.database.ledger import ChunkEntry
from outgrow.parallel import can_fork, stream_forked
from outgrow.record import Batch
from outgrow.schema.habit import Habit, learn
from outgrow.schema.shape import Extras, Shape
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.reading import exact, read_part
from outgrow.transfer.chunk import Chunk, make_chunk
from outgrow.transfer.fetch import key_facts, keys_of
from outgrow.transfer.origins import OriginCounter
from outgrow.transfer.part import PartWork
from outgrow.transfer.raw import gap_before
from outgrow.transfer.recall import chunk_batch
from outgrow.transfer.texts import read_texts

LEARN_FROM = 1_000
WORTH_A_PROCESS = 4 << 20
LONGEST_GAP = 1 << 20


@dataclass
class Produced:
    """A chunk, and the part (by number within its collection) that it belongs to.

    `bare` may be without its rows, and `texts` are these, by table. `rising` says which rows they are (see
    `key_facts`) where their keys are numbers that rise.
    """

    number: int
    work: PartWork
    bare: Chunk
    texts: dict[str, RowText] = field(default_factory=dict)
    rising: dict[str, Any] | None = None

    @property
    def chunk(self) -> Chunk:
        """The chunk with its rows."""
        if not self.bare.rows:
            self.bare.rows = {name: text.rows() for name, text in self.texts.items()}
        return self.bare


class Producer:
    """Makes the chunks of a collection. `known` are parts that an earlier load began: facts, chunks done.

    `places` are offsets in files and their lines, from which lines are counted on.
    """

    def __init__(
        self, source: Source, collection: Collection, shape: Shape, secrets: frozenset[str], number: int
    ) -> None:
        self.source = source
        self.collection = collection
        self.shape = shape
        self.secrets = secrets
        self.next_number = number
        self.salvage = False
        self.known: dict[int, tuple[dict[str, Any], int]] = {}
        self.places: dict[str, tuple[int, int]] = {}

    def stream(self) -> Iterator[Produced]:
        """All chunks that are still to be loaded, in order."""
        size = sum(section.end - section.start for section in map(self.source.section, self.collection.parts))
        if size < WORTH_A_PROCESS or not can_fork():
            yield from self._produce()
            return
        works: dict[int, PartWork] = {}
        for message in stream_forked(self._messages):
            number, habit, packed, texts, rising = pickle.loads(message)  # noqa: S301 (from our own process)
            if number not in works:
                works[number] = self._work(number, Habit.from_dict(habit))
            work = works[number]
            chunk = Chunk.unpack(packed)
            chunk.recall = self._recall(work, chunk)
            yield Produced(number, work, chunk, texts, rising)

    def _messages(self) -> Iterator[bytes]:
        for produced in self._produce():
            produced.bare.rows = {}
            rest = produced.bare.pack(), produced.texts, produced.rising
            yield pickle.dumps((produced.number, produced.work.habit.to_dict(), *rest))

    def _recall(self, work: PartWork, chunk: Chunk) -> Any:
        entry = ChunkEntry(0, 0, 0, chunk.span[0], chunk.span[1], chunk.count)
        return lambda: chunk_batch(self.source, work, entry)

    def _work(self, number: int, habit: Habit) -> PartWork:
        part = self.collection.parts[number]
        section = self.source.section(part)
        return PartWork(part, section, self.source.syntax(part), section.style, self.shape, habit, self.secrets)

    def _produce(self) -> Iterator[Produced]:
        for number, part in enumerate(self.collection.parts):
            yield from self._produce_part(number, part)

    def _produce_part(self, number: int, part: Part) -> Iterator[Produced]:
        facts, done = self.known.get(number, ({}, 0))
        batches = read_part(self.source, part, salvage=self.salvage)
        passed = sum(len(batch) + len(batch.flaws) for batch in islice(batches, done))
        first = next(batches, None)
        if first is None:
            return
        habit = Habit.from_dict(facts["habit"]) if facts else self._learn(part, first)
        work = self._work(number, habit)
        counter = OriginCounter(self.source, self.collection, work, self.places.get(part.file, (0, 1)))
        counter.element = passed
        end = None
        for batch in chain([first], batches):
            extras = make_extras(self.source, work, batch, self.next_number)
            chunk = make_chunk(self.source, work, batch, extras)
            chunk.origins = counter.count(chunk.batch)
            if end is not None:
                chunk.origins |= self._gap_facts(work, chunk, end)
            end = chunk.span[1]
            self._count_on(chunk)
            texts = {name: RowText.of(rows) for name, rows in chunk.rows.items()}
            yield Produced(number, work, chunk, texts, self._rising(chunk))

    def _gap_facts(self, work: PartWork, chunk: Chunk, end: int) -> dict[str, Any]:
        """What parts a chunk from the one before, which ends at `end`, where that isn't as usual."""
        if chunk.span[0] - end > LONGEST_GAP:
            return {}
        with self.source.path(work.part.file).open("rb") as stream:
            stream.seek(end)
            gap = gap_before(work, stream.read(chunk.span[0] - end), chunk.asides)
        return {} if gap is None else {"before": gap}

    def _rising(self, chunk: Chunk) -> dict[str, Any] | None:
        """Which rows a chunk has, where their keys are numbers that rise."""
        own = keys_of(self.shape, chunk.rows[self.shape.table.name])
        facts = key_facts(self.shape, own, None, ordered="map_keys" not in chunk.facts)
        return facts if "first" in facts else None

    def _learn(self, part: Part, first: Batch) -> Habit:
        return learn(self.shape, exact(self.source, part, first).records[:LEARN_FROM])

    def _count_on(self, chunk: Chunk) -> None:
        """Move the counter for made-up keys behind those of a chunk."""
        number = self.shape.number if self.shape.number is not None else self.shape.fill
        rows = chunk.rows[self.shape.table.name]
        if number is not None and rows:
            self.next_number = max(self.next_number, max(row[number] for row in rows) + 1)


def make_extras(source: Source, work: PartWork, batch: Batch, first_number: int) -> Extras:
    """What the rows of a batch need beside its records."""
    keys = batch.keys if work.shape.key is not None else None
    return Extras(keys, first_number, read_texts(source, work, batch))


def highest_given(source: Source, collection: Collection, path: tuple[str, ...]) -> int:
    """The highest number that records bring with them; counted keys start behind it."""
    highest = 0
    for part in collection.parts:
        for batch in read_part(source, part, salvage=True):
            for record in batch.records:
                value = record.get(path[0]) if type(record) is dict and len(path) == 1 else None
                if type(value) is int or (type(value) is str and value.isdecimal() and len(value) < 18):
                    highest = max(highest, int(value))
    return highest


def part_facts(work: PartWork) -> dict[str, Any]:
    """What the ledger remembers of a part."""
    section = work.section
    return {
        "section": {
            "kind": section.kind,
            "depth": section.depth,
            "counted": section.counted,
            "fields": list(section.fields),
        },
        "number": work.part.section,
        "key": work.part.key,
        "style": work.style.to_dict(),
        "habit": work.habit.to_dict(),
    }
