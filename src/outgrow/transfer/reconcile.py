"""Records that were changed since they were loaded, in the files, in the app, or in both: what becomes of each.

What only the files changed is written, what only the app changed stays. What both changed stays as the app has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outgrow.database.bulk import Bulk, Refused
from outgrow.schema.shape import Row
from outgrow.transfer.fetch import fetch_rows
from outgrow.transfer.loaded import Loaded
from outgrow.transfer.settled import find_lost, restore, settle
from outgrow.transfer.sides import Side, by_record

TAKEN = "the app has another row under its key, which the files didn't have when last loaded; it stays"
DELETED = "it was changed here, but deleted in the app"
BOTH = "it was changed here and in the app, whose row stays"
NOWHERE = "it refers to a row that isn't there; the row that it had before stays"
UNCLEAR = "the app's row is another one and stays: after the plan's change it can't be told which side was changed"


@dataclass
class Outcome:
    """What became of some records: how many are new or changed, and why others weren't written.

    Of those `left`, the app's row (or its absence) stands for the record; of those `refused`, there is no row.
    `settled` are rows by the files, and what will be left of them as they refer to nothing.
    """

    new: int = 0
    changed: int = 0
    left: dict[Row, str] = field(default_factory=dict)
    refused: dict[Row, str] = field(default_factory=dict)
    settled: list[tuple[Side, Side]] = field(default_factory=list)


@dataclass(frozen=True)
class _Change:
    """The rows of a record that take the place of those it has; `counts` if more of it stays than the ledger's note."""

    key: Row
    rows: Side
    here: Side
    counts: bool


class Reconciler:
    """Takes records of one collection into the tables, a chunk at a time."""

    def __init__(self, before: Loaded, ours: Bulk, theirs: Bulk) -> None:
        self.before, self.shape = before, before.shape
        self.ours, self.theirs = ours, theirs
        self.root = self.shape.table.name

    def reconcile(self, records: Mapping[Row, Side]) -> Outcome:
        """Write what is to be written of some records, given by their rows."""
        rows = fetch_rows(self.ours, self.shape, {"keys": [list(key) for key in records]})
        nothing: Side = {inner.table.name: {} for inner in self.shape.all_shapes()}
        known, outcome = by_record(self.shape, rows), Outcome()
        differing = {key: there for key, there in records.items() if there != known.get(key, nothing)}
        lost = find_lost(self.shape, differing.values(), (self.theirs, self.ours))
        changes: list[_Change] = []
        for key, there in differing.items():
            here, settled = known.get(key, nothing), settle(self.shape, there, lost)
            if settled != there:
                outcome.settled.append((there, settled))
            if settled == here:
                changes.append(_Change(key, there, here, counts=False))
                continue
            write, reason = self._judge(key, settled, here)
            if write:
                changes.append(_Change(key, there, here, counts=True))
                continue
            if reason:
                outcome.left[key] = reason
            changes.append(_Change(key, restore(here, there, settled), here, counts=False))
        self._write_all(changes, outcome)
        return outcome

    def _judge(self, key: Row, there: Side, here: Side) -> tuple[bool, str]:
        """Whether a record that differs is to be written, else why the files' state of it isn't, if it is another."""
        comparable = self.before.comparable
        if self.before.chunk_of(key) is None:
            return (True, "") if not here[self.root] else (False, TAKEN)
        in_files, in_app = self.before.changed_sides(key, there, here)
        if not here[self.root]:
            return False, DELETED if in_files and comparable else ""
        if in_app:
            return False, "" if not in_files else BOTH if comparable else UNCLEAR
        return (True, "") if there[self.root] else (False, NOWHERE)

    def _write_all(self, changes: list[_Change], outcome: Outcome) -> None:
        """Write records together; where the database refuses one, each by itself."""
        done = changes
        if self._try(changes) is not None:
            done = []
            for change in changes:
                reason = self._try([change])
                if reason is None:
                    done.append(change)
                    continue
                refused = outcome.left if change.here[self.root] else outcome.refused
                refused[change.key] = f"the database refuses it: {reason}"
        outcome.new = sum(1 for change in done if change.counts and not change.here[self.root])
        outcome.changed = sum(1 for change in done if change.counts and change.here[self.root])

    def _try(self, changes: list[_Change]) -> str | None:
        """Write some records, all or none; returns the reason if the database refuses."""
        self.ours.run("SAVEPOINT outgrow_records")
        try:
            self._write(changes)
        except Refused as refused:
            self.ours.run("ROLLBACK TO outgrow_records")
            return str(refused)
        finally:
            self.ours.run("RELEASE SAVEPOINT outgrow_records")
        return None

    def _write(self, changes: list[_Change]) -> None:
        shapes = self.shape.all_shapes()
        for inner in reversed(shapes):
            name = inner.table.name
            gone = [key for change in changes for key in change.here[name] if key not in change.rows[name]]
            if gone:
                self.ours.delete_keys(name, inner.table.primary_key, gone)
        for inner in shapes:
            name, columns = inner.table.name, [column.name for column in inner.table.columns]
            new, changed = [], []
            for change in changes:
                for key, row in change.rows[name].items():
                    if key not in change.here[name]:
                        new.append(row)
                    elif row != change.here[name][key]:
                        changed.append(row)
            if changed:
                self.ours.update(name, inner.table.primary_key, columns, changed)
            if new:
                self.ours.insert(name, columns, new)
