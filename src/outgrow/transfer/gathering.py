"""Counts records of files that are a record each many at a time: one takes as long to count as a hundred."""

from __future__ import annotations

from typing import Any

from outgrow.record import Batch
from outgrow.schema.collection_profile import CollectionProfile

TOGETHER = -1
"""The start of a batch that is put together: its records are those of as many parts, from its first one on."""
MOST_RECORDS = 1_000
MOST_BYTES = 1 << 20


class Gathering:
    """The batches on their way into a profile; those that are a part each wait for others."""

    def __init__(self, profile: CollectionProfile) -> None:
        self.profile = profile
        self.first = self.size = 0
        self.records: list[Any] = []
        self.keys: list[str] | None = None

    def add(self, batch: Batch, number: int, *, alone: bool) -> None:
        """Count a batch of the part of a number, at once or with others; `alone` says that it is all of its part."""
        waits = alone and len(batch.records) == 1 and type(batch.records[0]) is dict
        follows = number == self.first + len(self.records) and (batch.keys is None) == (self.keys is None)
        if not waits or not follows or len(self.records) >= MOST_RECORDS or self.size >= MOST_BYTES:
            self.flush()
        if not waits:
            self.profile.add(batch, number)
            return
        if not self.records:
            self.first, self.keys = number, None if batch.keys is None else []
        self.records += batch.records
        if self.keys is not None:
            self.keys += batch.keys or []
        self.size += batch.end - batch.start

    def flush(self) -> None:
        """Count what waits."""
        if self.records:
            self.profile.add(Batch(self.records, b"", TOGETHER, TOGETHER, self.keys), self.first)
        self.records, self.keys, self.size = [], None, 0
