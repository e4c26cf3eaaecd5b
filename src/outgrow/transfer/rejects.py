"""Records set aside: entered in the ledger, and written with their text to `rejects/<table>.jsonl`."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from outgrow.database.ledger import Ledger
from outgrow.record import Batch, Origin, Reject
from outgrow.schema.model import Plan
from outgrow.schema.secret import mask_secrets, mask_text, secret_fields
from outgrow.schema.shape import Row
from outgrow.source.inventory import Collection, Source
from outgrow.source.reading import place_of, rejects_of
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.chunk import Chunk, row_key
from outgrow.transfer.part import PartWork

MOST_KEPT = 1_000


class RejectBook:
    """Collects what is set aside. `rejects` keeps the first thousand; `count` counts all."""

    def __init__(self, plan: Plan, folder: Path | None = None) -> None:
        self.plan = plan
        self.secrets = secret_fields(plan)
        self.folder = folder
        self.rejects: list[Reject] = []
        self.count = 0
        self._lines: list[tuple[str, str]] = []

    def add_chunk(
        self, source: Source, collection: Collection, work: PartWork, chunk: Chunk, chunk_id: int, ledger: Ledger
    ) -> None:
        """Set aside what of a chunk makes no rows."""
        table = work.shape.table.name
        for reject in rejects_of(source, collection, work.part, chunk.batch):
            self.add(
                table, Reject(reject.origin, reject.reason, mask_text(reject.text, self.secrets), reject.collection)
            )
            ledger.add_reject(chunk_id, -1, table, None, str(reject.origin), reject.reason)
        for place in sorted(chunk.unfit):
            origin = place_of(source, work.part, chunk.batch, place)
            text = record_text(chunk.batch, place, self.secrets)
            self.add(table, Reject(origin, chunk.unfit[place], text, collection.source))
            ledger.add_reject(chunk_id, place, table, None, str(origin), chunk.unfit[place])

    def add_row(self, ledger: Ledger, chunk_id: int, table: str, key: Row, reject: Reject) -> None:
        """Set aside a record whose row was there already."""
        self.add(table, reject)
        ledger.add_reject(chunk_id, -1, table, row_key(key), str(reject.origin), reject.reason)

    def add(self, table: str, reject: Reject) -> None:
        """Note a reject and write its line."""
        self._count(reject)
        if self.folder is not None:
            entry: dict[str, Any] = {"origin": str(reject.origin), "reason": reject.reason, "record": reject.text}
            self._lines.append((table, json.dumps(entry, ensure_ascii=False) + "\n"))

    def _count(self, reject: Reject) -> None:
        self.count += 1
        if len(self.rejects) < MOST_KEPT:
            self.rejects.append(reject)

    def take_up(self, ledger: Ledger) -> None:
        """Go on where an earlier load was cut off: what the ledger lists was set aside, other lines were in vain."""
        listed = Counter((table, origin, reason) for table, origin, reason, _ in ledger.rejects())
        for table in self.plan:
            file = self.folder / f"{table.name}.jsonl" if self.folder is not None else None
            if file is None or not file.exists():
                continue
            kept = file.with_suffix(".partial")
            with file.open("rb") as lines, kept.open("wb") as target:
                for line in lines:
                    entry: dict[str, str] = {}
                    with suppress(ValueError):  # a kill may leave half a line
                        entry = json.loads(line)
                    place = table.name, entry.get("origin", ""), entry.get("reason", "")
                    if listed[place]:
                        listed[place] -= 1
                        target.write(line)
                        self._count(Reject(Origin(place[1]), place[2], entry["record"], table.source))
            kept.replace(file)
        for name, origin, reason in listed.elements():
            self._count(Reject(Origin(origin), reason, "", self.plan.by_name[name].source))

    def flush(self) -> None:
        """Write the lines of a transaction before its end: what the ledger lists has its line, whatever happens."""
        for table, line in self._lines:
            assert self.folder is not None
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / f"{table}.jsonl").open("a", encoding="utf-8") as file:
                file.write(line)
        self._lines.clear()


def record_text(batch: Batch, place: int, secrets: set[str]) -> str:
    """A record's text, its secrets masked."""
    return dump_compact(mask_secrets(batch.records[place], secrets))
