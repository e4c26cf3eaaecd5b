"""What the ledger remembers so that a row's origin can be told without the files. `app/origins.py` of the app reads it.

Of the tables: where the record's key stands in their rows. Of a chunk, by the places of its records:

    lines    the line of each, packed; not where a file is one record
    pointer  where they share a line: what their JSON pointers start with, and how these go on:
    numbers  with the element's number in its list, packed; or
    named    with what the row's key holds there, unless `map_keys` or `count` say it (see chunk.py)

Lines are counted while the records are loaded, for their text is in memory then.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from operator import sub
from typing import Any

from outgrow.database.ledger import pack_numbers
from outgrow.record import Batch
from outgrow.schema.model import Plan
from outgrow.schema.shape import Shape, compile_shape
from outgrow.source.inventory import Collection, Source
from outgrow.source.reading import exact
from outgrow.transfer.part import PartWork

BLOCK = 1 << 20
STARTS = {"list": b"{", "map": b'"', "lines": b"{"}
NO_MARKS = bytes(set(range(256)) - set(b"\n{}"))


def table_facts(plan: Plan) -> dict[str, dict[str, Any]]:
    """Per table its source, the table of the source's records, and the columns that hold the record's key."""
    facts: dict[str, dict[str, Any]] = {}
    for table in plan:
        if not table.nested:
            shape = compile_shape(plan, table)
            for inner, owner in _with_owners(shape, shape.keys):
                names = [inner.table.columns[number].name for number in owner]
                facts[inner.table.name] = {"source": table.source, "root": table.name, "key": names}
    return facts


def _with_owners(shape: Shape, owner: tuple[int, ...]) -> Iterator[tuple[Shape, tuple[int, ...]]]:
    """A shape and those of its lists, each with its columns for the record's key, as far as they repeat it."""
    yield shape, owner
    if set(owner) <= set(shape.keys):
        places = [shape.keys.index(number) for number in owner]
        for _, child in shape.lists():
            if len(child.parents) == len(shape.keys):
                yield from _with_owners(child, tuple(child.parents[place] for place in places))


class OriginCounter:
    """Counts the lines and elements of a part, batch by batch, from a place that is known: offset and line.

    `element` is the number of the next one.
    """

    def __init__(self, source: Source, collection: Collection, work: PartWork, known: tuple[int, int]) -> None:
        self.source, self.work, self.element = source, work, 0
        self.offset, self.line = known if known[0] <= work.section.start else (0, 1)
        self.border = work.syntax.between(work.section, work.style)
        self.pointer = _pointer_facts(work, collection.source)

    def count(self, batch: Batch) -> dict[str, Any]:
        """What the ledger remembers of a batch's records."""
        facts: dict[str, Any] = {}
        if len(batch) and not _is_whole_file(self.work):
            self._go_to((batch.offsets or [batch.start])[0])
            facts = {"lines": self._lines(batch), **self.pointer}
            if self.pointer and self.work.section.kind == "list":
                facts["numbers"] = self._numbers(batch)
        self.element += len(batch) + len(batch.flaws)
        return facts

    def _go_to(self, offset: int) -> None:
        """Count on to an offset, in the file: what stands before a section or between two batches is in none."""
        with self.source.path(self.work.part.file).open("rb") as stream:
            stream.seek(self.offset)
            while self.offset < offset and (block := stream.read(min(BLOCK, offset - self.offset))):
                self.offset += len(block)
                self.line += block.count(b"\n")

    def _lines(self, batch: Batch) -> list[int]:
        """The lines of a batch's records, of which the first is known; counts on to the end."""
        first, self.offset = self.line, batch.start + len(batch.raw)
        if b"\n" not in batch.raw:
            return _even(first, 0, len(batch))
        *steps, last = self._steps(batch)
        self.line += sum(steps) + last
        return pack_numbers(first, steps)

    def _steps(self, batch: Batch) -> list[int]:
        """How many lines it is from each record to the next, and from the last to the end."""
        cuts = batch.offsets is None and self.work.section.kind in STARTS
        for runs in self._cut(batch.raw) if cuts else ():
            if len(runs) == len(batch):
                breaks = [run.count(b"\n") for run in runs]
                return [*(count + self.border.count(b"\n") for count in breaks[:-1]), breaks[-1]]
        starts = [offset - batch.start for offset in exact(self.source, self.work.part, batch).offsets or [batch.start]]
        return [batch.raw.count(b"\n", a, b) for a, b in pairwise([*starts, len(batch.raw)])]

    def _cut(self, raw: bytes) -> Iterator[list[bytes]]:
        """Cut a text that was proven to be in the file's style at what looks like its borders.

        No border is missed, so as many runs as records are the records. Cutting line ends and braces alone takes
        half the time, but the keys of a map could hold braces too.
        """
        if self.work.section.kind != "map" and b"\n" in self.border:
            yield raw.translate(None, NO_MARKS).split(b"}\n{")
        yield raw.split(b"}" + self.border + STARTS[self.work.section.kind])

    def _numbers(self, batch: Batch) -> list[int]:
        """The numbers of a batch's elements; what is no record has one too."""
        if not batch.flaws:
            return _even(self.element, 1, len(batch))
        flaws = sorted(flaw.offset for flaw in batch.flaws)
        numbers = [place + bisect_left(flaws, offset) for place, offset in enumerate(batch.offsets or [])]
        return pack_numbers(self.element + numbers[0], map(sub, numbers[1:], numbers))


def _is_whole_file(work: PartWork) -> bool:
    """Whether a file is one record, so that its name says all."""
    return work.part.key is not None or (work.section.kind == "record" and work.section.depth == 1)


def _pointer_facts(work: PartWork, source: str) -> dict[str, Any]:
    section, shape = work.section, work.shape
    if section.kind in ("lines", "table") or work.style.indent is not None:
        return {}
    pointer = "" if section.depth == 1 else source.removeprefix(work.part.file).removeprefix("#")
    if section.kind != "map":
        return {"pointer": pointer}
    name = shape.key if shape.key is not None else shape.keys[0]
    return {"pointer": pointer, "named": [shape.keys.index(name)]} if name in shape.keys else {}


def _even(first: int, step: int, count: int) -> list[int]:
    """So many numbers at equal distances, packed; without counting them one by one."""
    return [first, step, 2 - count][:count]
