"""What the app has changed since the load, as it noted itself in `outgrow_changes`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.schema.model import Plan
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.fetch import key_of


@dataclass
class Changes:
    """Keys of changed rows, by table; `bulk` are tables that a statement changed without naming rows.

    `kept` are those of them that the app didn't change: a load has left them as they were, against the files.
    """

    changed: dict[str, set[Row]] = field(default_factory=dict)
    deletes: dict[str, set[Row]] = field(default_factory=dict)
    bulk: set[str] = field(default_factory=set)
    kept: dict[str, set[Row]] = field(default_factory=dict)

    def any(self, table: str) -> bool:
        """Whether anything of a table was changed."""
        return bool(self.changed.get(table)) or table in self.bulk

    def has(self, table: str, key: Row) -> bool:
        """Whether a row was changed."""
        return table in self.bulk or key in self.changed.get(table, ())

    def count(self, plan: Plan, bulk: Bulk) -> int:
        """How many rows the app changed; where a statement didn't name them, all of its table."""
        return sum(
            bulk.count(table.name)
            if table.name in self.bulk
            else len(self.changed.get(table.name, set()) - self.kept.get(table.name, set()))
            for table in plan
        )

    def count_kept(self, plan: Plan) -> int:
        """How many rows stand against the files, though the app changed nothing of them."""
        return sum(len(self.kept.get(table.name, ())) for table in plan if table.name not in self.bulk)

    def may_explain(self, shape: Shape, entry: ChunkEntry, rows: dict[str, list[Row]]) -> bool:
        """Whether a chunk may differ because of what the app changed: its rows, their lists, what they refer to."""
        facts, table = entry.facts["rows"], shape.table
        changed = self.changed.get(table.name, set())
        if table.name in self.bulk or any(
            facts["first"] <= key[0] <= facts["last"] if "first" in facts else list(key) in facts["keys"]
            for key in changed
        ):
            return True
        for inner in shape.all_shapes():
            name = inner.table.name
            if any(self.deletes.get(reference.table) for reference in inner.table.references):
                return True
            if inner is not shape and (self.deletes.get(name) or name in self.bulk):
                return True
            if inner is not shape and any(self.has(name, key_of(inner, row)) for row in rows[name]):
                return True
        return False


def read_changes(ledger: Ledger) -> Changes:
    """What the app noted."""
    noted = ledger.changes()
    changes = Changes(bulk=set(noted["bulk"]))
    for action in ("insert", "update", "delete", "keep"):
        for table, texts in noted[action].items():
            keys = {tuple(json.loads(text)) for text in texts if text}
            if action == "keep":
                changes.kept[table] = keys - changes.changed.get(table, set())
            changes.changed.setdefault(table, set()).update(keys)
            if action == "delete":
                changes.deletes[table] = keys
    return changes
