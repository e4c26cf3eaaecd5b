"""Which keys the chunks of a collection hold, and under which map keys their records stood."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from outgrow.database.ledger import ChunkEntry
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.chunk import PartWork, derive_keys, row_key
from outgrow.transfer.fetch import key_of


class KnownKeys:
    """The keys that chunks hold: ranges, and those listed one by one."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.starts: list[Any] = []
        self.ends: list[Any] = []
        self.listed: set[Row] = set()
        self.rows: dict[str, int] = {}

    def add(self, entry: ChunkEntry) -> None:
        """Take note of a chunk."""
        facts = entry.facts["rows"]
        if "first" in facts:
            self.starts.append(facts["first"])
            self.ends.append(facts["last"])
        else:
            self.listed |= {tuple(key) for key in facts["keys"]}
        for name, (count, _) in entry.facts["tables"].items():
            self.rows[name] = (
                self.rows.get(name, 0) + count - (entry.facts.get("copies", 0) if name == self.shape.table.name else 0)
            )

    def strange(self, entry: ChunkEntry) -> frozenset[Any]:
        """Listed keys that lie within a chunk's range but belong to another chunk."""
        facts = entry.facts["rows"]
        if "first" not in facts or not self.listed:
            return frozenset()
        return frozenset(key[0] for key in self.listed if facts["first"] <= key[0] <= facts["last"])

    def has(self, key: Row) -> bool:
        """Whether a chunk holds a key, or could."""
        if key in self.listed:
            return True
        if not self.starts or type(key[0]) is not int:
            return False
        place = bisect_right(self.starts, key[0]) - 1
        return place >= 0 and bool(key[0] <= self.ends[place])


def chunk_keys(work: PartWork, entry: ChunkEntry, rows: dict[str, list[Row]]) -> list[str] | None:
    """The map keys of a chunk's records, as far as there are any."""
    if work.section.kind != "map":
        return None
    count = len(rows[work.shape.table.name])
    if "count" in entry.facts:
        return [str(entry.facts["count"] + number) for number in range(count)]
    if "map_keys" in entry.facts:
        own = {
            tuple(key): name for key, name in zip(entry.facts["rows"]["keys"], entry.facts["map_keys"], strict=False)
        }
        return [
            own.get(key_of(work.shape, row), row_key(key_of(work.shape, row))) for row in rows[work.shape.table.name]
        ]
    return derive_keys(work.shape, rows)
