"""Which of the texts that were set aside `export` writes again, and what is to be said of them."""

from __future__ import annotations

from collections import Counter

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.record import Finding, Origin, many
from outgrow.schema.shape import Shape
from outgrow.transfer.aside import Aside, open_asides
from outgrow.transfer.loaded import Loaded


class SetAside:
    """Opens the texts of chunks. A record that the app has a row for by now is that row, and isn't written twice."""

    def __init__(self, ledger: Ledger, bulk: Bulk) -> None:
        self.ledger, self.bulk = ledger, bulk
        self.key: str | None = None
        self.written: Counter[str] = Counter()
        self.mended: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        self._loaded: dict[str, Loaded] = {}
        self._first: dict[str, str] = {}

    def take(self, shape: Shape, entry: ChunkEntry) -> list[Aside]:
        """The texts of a chunk that are to be written; they are counted."""
        if "aside" not in entry.facts and "lost" not in entry.facts:
            return []
        name, (asides, lost) = shape.table.name, open_asides(entry.facts, self.key)
        left = [aside for aside in asides if not self._is_mended(shape, aside)]
        self.written[name] += sum(aside.count for aside in left)
        self.mended[name] += len(asides) - len(left)
        self.lost[name] += lost
        if lost and name not in self._first:
            self._first[name] = next((origin for *_, origin, _ in self.ledger.chunk_rejects(entry.id)), "")
        return left

    def left(self, shape: Shape, entry: ChunkEntry) -> bool:
        """Whether a chunk has texts that are still to be written."""
        return any(not self._is_mended(shape, aside) for aside in open_asides(entry.facts, self.key)[0])

    def _is_mended(self, shape: Shape, aside: Aside) -> bool:
        """Whether the app has a row with a record's key that no other record of the files made."""
        if aside.key is None:
            return False
        table = shape.table
        if not self.bulk.select_keys(table.name, table.primary_key, table.primary_key, [aside.key], []):
            return False
        return self._loaded_of(shape).chunk_of(aside.key) is None

    def _loaded_of(self, shape: Shape) -> Loaded:
        source = shape.table.source
        if source not in self._loaded:
            parts = [part.id for part in self.ledger.parts(source)]
            self._loaded[source] = Loaded(self.ledger, shape, parts)
        return self._loaded[source]

    def findings(self) -> list[Finding]:
        """What was written without a row, what the app has mended, and what isn't written."""
        found = [
            Finding("info", f"{many(count, 'record')} of {name} set aside: written as in the files")
            for name, count in self.written.items()
            if count
        ]
        found += [
            Finding("info", f"{many(count, 'record')} of {name} set aside: the app has rows for them by now")
            for name, count in self.mended.items()
            if count
        ]
        for name, count in self.lost.items():
            if count:
                message = (
                    f"{many(count, 'record')} of {name} set aside: not written, for the ledger doesn't hold their text"
                    " or the app's LEDGER_KEY doesn't open it"
                )
                found.append(Finding("warning", message, Origin(self._first.get(name, ""))))
        return found
