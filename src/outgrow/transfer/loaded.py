"""What an earlier load made of a collection: which records it had, and on which side one was changed since."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from outgrow.database.ledger import ChunkEntry, Ledger, unpack_numbers
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.checks import check_row, unpack_checks

CHUNKS_KEPT = 8
Side = dict[str, dict[Row, Row]]
"""The rows of one record on one side: by table, by their keys."""


@dataclass
class _Span:
    """A chunk whose keys are a range, and the keys themselves where some within are left out."""

    chunk: int
    first: Any
    last: Any
    runs: list[int] | None


class Loaded:
    """The records that some parts of the ledger hold."""

    def __init__(self, ledger: Ledger, shape: Shape, parts: Collection[int], *, comparable: bool = True) -> None:
        self.ledger = ledger
        self.shape = shape
        self.comparable = comparable
        self.listed: dict[Row, int] = {}
        self.spans: list[_Span] = []
        for part in parts:
            for entry in ledger.chunks(part):
                self._enter(entry)
        self.spans.sort(key=lambda span: span.first)
        self.firsts = [span.first for span in self.spans]
        self._numbers = lru_cache(CHUNKS_KEPT)(self._read_numbers)
        self._checks = lru_cache(CHUNKS_KEPT)(self._read_checks)

    def _enter(self, entry: ChunkEntry) -> None:
        facts = entry.facts["rows"]
        if "first" in facts:
            self.spans.append(_Span(entry.id, facts["first"], facts["last"], facts.get("runs")))
        for key in facts.get("keys", ()):
            self.listed.setdefault(tuple(key), entry.id)

    def _read_numbers(self, place: int) -> frozenset[int]:
        return frozenset(unpack_numbers(self.spans[place].runs or []))

    def _read_checks(self, chunk: int) -> dict[str, frozenset[int]]:
        return {name: frozenset(unpack_checks(packed)) for name, packed in self.ledger.checks(chunk).items()}

    def chunk_of(self, key: Row) -> int | None:
        """The chunk that holds a record, if one does."""
        if key in self.listed:
            return self.listed[key]
        if not self.spans or type(key[0]) is not int:
            return None
        place = bisect_right(self.firsts, key[0]) - 1
        if place < 0 or key[0] > self.spans[place].last:
            return None
        if self.spans[place].runs is not None and key[0] not in self._numbers(place):
            return None
        return self.spans[place].chunk

    def keys(self) -> Iterator[Row]:
        """The keys of all records, in the order of the spans, then as they were entered."""
        for place, span in enumerate(self.spans):
            numbers = sorted(self._numbers(place)) if span.runs is not None else range(span.first, span.last + 1)
            yield from ((number,) for number in numbers)
        yield from self.listed

    def was(self, name: str, row: Row, chunk: int) -> bool:
        """Whether a chunk had this very row of a table when it was loaded."""
        return check_row(row) in self._checks(chunk).get(name, ())

    def changed_sides(self, key: Row, theirs: Side, ours: Side) -> tuple[bool, bool]:
        """Whether a record was changed in the files, and whether in the app: `theirs` are its rows by the files.

        What a side has and the load didn't, it has changed; what the load had and a side lacks, it has removed.
        """
        chunk = self.chunk_of(key)
        if chunk is None or not self.comparable or not self._checks(chunk):
            return True, True
        in_files = in_app = False
        for name in theirs.keys() | ours.keys():
            there, here = set(theirs.get(name, {}).values()), set(ours.get(name, {}).values())
            in_files |= any(not self.was(name, row, chunk) for row in there - here)
            in_files |= any(self.was(name, row, chunk) for row in here - there)
            in_app |= any(not self.was(name, row, chunk) for row in here - there)
            in_app |= any(self.was(name, row, chunk) for row in there - here)
        return in_files, in_app
