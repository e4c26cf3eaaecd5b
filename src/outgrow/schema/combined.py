"""Which fields of a collection identify its records together: combinations whose values never came twice.

Only for records without an id of their own. Which combinations are followed depends on names alone, so that
every slice of a collection follows the same ones: fields whose names end like keys, and in small
collections the first fields whatever they are called.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from outgrow.schema.distinct import DistinctValues

MOST_FIELDS = 5
MOST_RECORDS = 10_000
KEY_ENDINGS = ("id", "code", "key", "no", "nr")

Names = tuple[str, ...]


class Combinations:
    """Pairs and triples of fields, each with the values it was seen to hold, until one comes twice."""

    def __init__(self) -> None:
        self.records = 0
        self._seen: dict[Names, DistinctValues] | None = None
        self._sure: set[Names] = set()

    def add(self, records: list[dict[str, Any]], name: str, *, keyed: bool) -> None:
        """Count records of the collection called `name`; `keyed` says that they have a key in their map."""
        if not records or self._seen == {}:
            return
        if self._seen is None:
            self._seen = {}
            if not keyed:
                self._choose(records[0], name)
        self.records += len(records)
        self._drop_unsure()
        columns = {field: [record.get(field) for record in records] for names in self._seen for field in names}
        for names, seen in list(self._seen.items()):
            if not _add(seen, [columns[field] for field in names]):
                del self._seen[names]

    def _choose(self, record: dict[str, Any], name: str) -> None:
        stem = _plain(name).rstrip("s")
        plain = {field: _plain(field) for field, value in record.items() if type(value) in (str, int)}
        if any(word in ("id", "uuid", "guid", f"{stem}id") for word in plain.values()):
            return
        named = [field for field, word in plain.items() if word.endswith(KEY_ENDINGS)][:MOST_FIELDS]
        seen: dict[Names, DistinctValues] = {}
        for size in (2, 3):
            self._sure.update(combinations(named, size))
            for names in (*combinations(named, size), *combinations(list(plain)[:MOST_FIELDS], size)):
                seen[names] = DistinctValues()
        self._seen = seen

    def _drop_unsure(self) -> None:
        """In a large collection only fields named like keys are worth the time."""
        if self._seen and self.records > MOST_RECORDS:
            self._seen = {names: seen for names, seen in self._seen.items() if names in self._sure}

    def unique(self) -> list[Names]:
        """The combinations that never came twice."""
        return [names for names, seen in (self._seen or {}).items() if seen.is_unique()]

    def merge(self, other: Combinations) -> None:
        """Add all that `other` counted."""
        self.records += other.records
        self._sure |= other._sure
        if self._seen is None or other._seen is None:
            self._seen = other._seen if self._seen is None else self._seen
        else:
            both = {names: seen for names, seen in self._seen.items() if names in other._seen}
            for names, seen in both.items():
                seen.merge(other._seen[names])
            self._seen = {names: seen for names, seen in both.items() if not seen.repeated}
        self._drop_unsure()


def _add(seen: DistinctValues, columns: list[list[Any]]) -> bool:
    """Count a combination's values; False where one has a gap, isn't plain or came twice."""
    if any(set(map(type, column)) - {str, int} for column in columns):
        return False
    seen.add_hashes(set(map(hash, zip(*columns, strict=True))), len(columns[0]))
    return not seen.repeated


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.lower()))
