"""A collection's first records as hashes, row by row: which fields never repeat together, and where their pairs are.

What a field holds by itself is counted exactly (`distinct`). What several fields hold together can't be counted for
every combination there is, so the first records are kept, a hash for each plain value, and any combination can be
looked at afterwards. Where a collection is longer, what holds there is only a guess: the records are read again for
the combination that would be the key (`count_again`), and `confirm` notes what came of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Any

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.plain import NOTHING, plain_hash

MOST_ROWS = 4_096
MOST_FIELDS = 24
FIRST = 64
MOST_TOGETHER = 5
Names = tuple[str, ...]


class RowSample:
    """The first records' plain values as hashes. `total` counts all records, `rows` those that are kept."""

    def __init__(self) -> None:
        self.rows = 0
        self.total = 0
        self.columns: dict[str, array[int]] = {}
        self.confirmed: dict[Names, bool] = {}
        self._filled: tuple[int, set[str]] = (0, set())

    @property
    def complete(self) -> bool:
        """Whether all records are here, so that what holds for the sample holds for the collection."""
        return self.rows == self.total

    def add(self, records: Sequence[dict[str, Any]]) -> None:
        """Count records, and keep them while there is room."""
        self.total += len(records)
        kept = records[: MOST_ROWS - self.rows]
        if not kept:
            return
        names = dict.fromkeys(name for record in kept for name in record)
        for name in names:
            self._open(name)
        for name, column in self.columns.items():
            column.extend(map(plain_hash, [record.get(name) for record in kept]))
        self.rows += len(kept)

    def _open(self, name: str) -> None:
        if name not in self.columns and len(self.columns) < MOST_FIELDS:
            self.columns[name] = array("q", bytes(8 * self.rows))

    def merge(self, other: RowSample) -> None:
        """Add the records that `other` kept, which come after these; the result is as if all had been added here."""
        self.total += other.total
        kept = min(other.rows, MOST_ROWS - self.rows)
        if not kept:
            return
        for name in other.columns:
            self._open(name)
        gap = array("q", bytes(8 * kept))
        for name, column in self.columns.items():
            column.extend(other.columns[name][:kept] if name in other.columns else gap)
        self.rows += kept

    def confirm(self, names: Names, *, unique: bool) -> None:
        """Note what reading all records said about a combination."""
        self.confirmed[names] = unique

    def is_proven(self, names: Names) -> bool:
        """Whether all records were seen to say whether the fields repeat together."""
        return self.complete or names in self.confirmed

    def seems_unique(self, names: Names) -> bool:
        """Whether the fields are always filled and never repeat together, as far as is known.

        Most that do repeat show it among the very first records.
        """
        if not self.confirmed.get(names, True) or not self.rows:
            return False
        if not set(names) <= self.filled:
            return False
        columns = [self.columns[name] for name in names]
        first = min(FIRST, self.rows)
        if len(set(zip(*(column[:first] for column in columns), strict=True))) < first:
            return False
        return len(set(zip(*columns, strict=True))) == self.rows

    @property
    def filled(self) -> set[str]:
        """The fields that hold a plain value in every record of the sample."""
        if self._filled[0] != self.rows:
            self._filled = (self.rows, {name for name, column in self.columns.items() if NOTHING not in column})
        return self._filled[1]

    def tuples(self, names: Names) -> set[tuple[int, ...]]:
        """What the fields hold together, where each holds something."""
        if any(name not in self.columns for name in names):
            return set()
        found = set(zip(*(self.columns[name] for name in names), strict=True))
        return {each for each in found if NOTHING not in each}


def minimal_unique(sample: RowSample, fields: Sequence[str], *, most: int = MOST_TOGETHER) -> Iterator[Names]:
    """Combinations of the fields that don't repeat in the sample, of which no part is one already."""
    found: list[frozenset[str]] = []
    for size in range(2, most + 1):
        for names in combinations(fields, size):
            if any(each <= set(names) for each in found):
                continue
            if sample.seems_unique(names):
                found.append(frozenset(names))
                yield names


def count_again(batches: Iterable[Sequence[Any]], names: Names) -> bool:
    """Whether fields are always filled and never repeat together, over all records, which are read again for it."""
    seen = DistinctValues()
    for batch in batches:
        records = [record for record in batch if type(record) is dict]
        columns = [list(map(plain_hash, [record.get(name) for record in records])) for name in names]
        if any(NOTHING in column for column in columns):
            return False
        seen.add_hashes(set(map(hash, zip(*columns, strict=True))), len(records))
        if seen.repeated:
            return False
    return True
