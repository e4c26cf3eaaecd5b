"""The rows that the app has added to a collection, and which of its files each belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import FileEntry, PartEntry
from outgrow.schema.shape import Row, Shape
from outgrow.source.paths import path_key
from outgrow.transfer.known import KnownKeys

NEW_AT_ONCE = 1_000


class NewRows:
    """The keys of a collection's new rows, in pages.

    Where a column says what parts the collection's files, a row goes to the file that it names, all others to the
    last one.
    """

    def __init__(self, bulk: Bulk, shape: Shape, known: KnownKeys) -> None:
        self.bulk, self.shape, self.known = bulk, shape, known
        self.column = next(
            (column.name for column in shape.table.columns if column.role == "path" and column.field == ("name",)), None
        )
        self.owners: dict[str, int] = {}
        self.last = -1
        self._by_part: dict[int, list[Row]] | None = None

    def place(self, parts: list[PartEntry], files: Mapping[int, FileEntry]) -> None:
        """Take note of which part each name belongs to."""
        for part in sorted(parts, key=lambda part: part.number):
            self.last = part.number
            if self.column is not None:
                self.owners[path_key(part.source, files[part.file_id].path)] = part.number

    def all(self) -> Iterator[list[Row]]:
        """All keys."""
        table = self.shape.table
        if self.bulk.count(table.name) <= 0:
            return
        new: list[Row] = []
        for page in self.bulk.select_key_pages(table.name, table.primary_key):
            new += [tuple(key) for key in page if not self.known.has(tuple(key))]
            while len(new) >= NEW_AT_ONCE:
                yield new[:NEW_AT_ONCE]
                new = new[NEW_AT_ONCE:]
        if new:
            yield new

    def of(self, part: PartEntry) -> Iterator[list[Row]]:
        """The keys of the rows that belong to a part."""
        if self.column is None:
            yield from self.all() if part.number == self.last else ()
            return
        if self._by_part is None:
            self._by_part = self._sort(self.column)
        keys = self._by_part.get(part.number, [])
        for start in range(0, len(keys), NEW_AT_ONCE):
            yield keys[start : start + NEW_AT_ONCE]

    def _sort(self, column: str) -> dict[int, list[Row]]:
        table, by_part = self.shape.table, defaultdict[int, list[Row]](list)
        for keys in self.all():
            for name, *key in self.bulk.select_keys(
                table.name, [column, *table.primary_key], table.primary_key, keys, list(table.primary_key)
            ):
                by_part[self.owners.get(str(name), self.last)].append(tuple(key))
        return by_part
