"""Which rows of a table the ledger's chunks hold, so that others can be told from them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.schema.shape import Row, Shape


class KnownKeys:
    """The keys that chunks hold: ranges, and those listed one by one; `count` is how many rows they have.

    A copy of another record shares its row, so its chunk doesn't hold the key.
    """

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.starts: list[Any] = []
        self.ends: list[Any] = []
        self.listed: set[Row] = set()
        self.count = 0
        self._sorted: list[Any] | None = None

    def add(self, entry: ChunkEntry) -> None:
        """Take note of a chunk."""
        facts, copies = entry.facts["rows"], set(entry.facts.get("copies", ()))
        if "first" in facts:
            self.starts.append(facts["first"])
            self.ends.append(facts["last"])
        else:
            places = entry.facts.get("places", range(len(facts["keys"])))
            own = (key for place, key in zip(places, facts["keys"], strict=False) if place not in copies)
            self.listed |= {tuple(key) for key in own}
        count, _ = entry.facts["tables"].get(self.shape.table.name, [0, ""])
        self.count += count - len(copies)

    def strange(self, entry: ChunkEntry) -> frozenset[Any]:
        """Listed keys that lie within a chunk's range but belong to another chunk."""
        facts = entry.facts["rows"]
        if "first" not in facts or not self.listed:
            return frozenset()
        if self._sorted is None:
            self._sorted = sorted(key[0] for key in self.listed)
        low, high = bisect_left(self._sorted, facts["first"]), bisect_right(self._sorted, facts["last"])
        return frozenset(self._sorted[low:high])

    def has(self, key: Row) -> bool:
        """Whether a chunk holds a key, or could."""
        if key in self.listed:
            return True
        if not self.starts or type(key[0]) is not int:
            return False
        place = bisect_right(self.starts, key[0]) - 1
        return place >= 0 and bool(key[0] <= self.ends[place])


def known_keys(ledger: Ledger, shape: Shape) -> KnownKeys:
    """The keys that all chunks of a collection hold."""
    known = KnownKeys(shape)
    for entry in ledger.chunks_of(shape.table.source):
        known.add(entry)
    return known
