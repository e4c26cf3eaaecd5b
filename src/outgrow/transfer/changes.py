"""What the app has changed since the load, as it noted itself in `outgrow_changes`."""

from __future__ import annotations

from dataclasses import dataclass, field

from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.chunk import row_key
from outgrow.transfer.fetch import key_of


@dataclass
class Changes:
    """Keys of changed rows, by table; `bulk` are tables that a statement changed without naming rows."""

    changed: dict[str, set[str]] = field(default_factory=dict)
    deletes: dict[str, set[str]] = field(default_factory=dict)
    bulk: set[str] = field(default_factory=set)

    def any(self, table: str) -> bool:
        """Whether anything of a table was changed."""
        return bool(self.changed.get(table)) or table in self.bulk

    def has(self, table: str, key: Row) -> bool:
        """Whether a row was changed."""
        return table in self.bulk or row_key(key) in self.changed.get(table, ())

    def deleted(self, shape: Shape, key: Row) -> bool:
        """Whether a row went with a deleted one that it refers to, or may have."""
        return self.has(shape.table.name, key) or any(
            self.deletes.get(reference.table)
            for reference in shape.table.references
            if reference.on_delete == "cascade"
        )

    def touch(self, shape: Shape, rows: dict[str, list[Row]], entry: ChunkEntry) -> int:
        """How many of a chunk's records the app changed, by their own rows or those of their lists."""
        touched = {key for key in self._own(shape, entry, rows) if self.has(shape.table.name, key)}
        for inner in shape.all_shapes()[1:]:
            if self.any(inner.table.name):
                touched |= {
                    tuple(row[n] for n in inner.parents)[: len(shape.keys)]
                    for row in rows.get(inner.table.name, [])
                    if self.has(inner.table.name, key_of(inner, row))
                }
                touched |= {("deleted",)} if self.deletes.get(inner.table.name) else set()
        if any(
            self.deletes.get(reference.table)
            for reference in shape.table.references
            if reference.on_delete == "cascade"
        ):
            touched.add(("cascade",))
        return len(touched)

    @staticmethod
    def _own(shape: Shape, entry: ChunkEntry, rows: dict[str, list[Row]]) -> set[Row]:
        facts = entry.facts["rows"]
        own = {key_of(shape, row) for row in rows[shape.table.name]}
        if "keys" in facts:
            return own | {tuple(key) for key in facts["keys"]}
        if facts["last"] - facts["first"] < 100_000:
            return own | {(number,) for number in range(facts["first"], facts["last"] + 1)}
        return own


def read_changes(ledger: Ledger) -> Changes:
    """What the app noted."""
    noted = ledger.changes()
    changes = Changes(deletes=noted["delete"], bulk=set(noted["bulk"]))
    for action in ("insert", "update", "delete"):
        for table, keys in noted[action].items():
            changes.changed.setdefault(table, set()).update(keys)
    return changes
