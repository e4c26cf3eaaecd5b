"""Records set aside: entered in the ledger, and written with their text to `rejects/<table>.jsonl`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection as Sized
from contextlib import suppress
from pathlib import Path
from typing import Any

from outgrow.database.ledger import Ledger
from outgrow.record import Batch, Origin, Reject
from outgrow.schema.model import Plan
from outgrow.schema.secret import MASK, mask_secrets, mask_text, secret_fields
from outgrow.schema.shape import Row
from outgrow.source.inventory import Collection, Source
from outgrow.source.reading import place_of, rejects_of
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.aside import Sealer, add_asides
from outgrow.transfer.chunk import Chunk, row_key
from outgrow.transfer.part import PartWork
from outgrow.transfer.raw import keep_some
from outgrow.transfer.recall import style_of

MOST_KEPT = 1_000
JSON = frozenset(("json", "ndjson", "log"))


class RejectBook:
    """Collects what is set aside. `rejects` keeps the first thousand; `count` counts all.

    `sealer` makes what the ledger keeps of its text.
    """

    def __init__(self, plan: Plan, folder: Path | None = None, sealer: Sealer | None = None) -> None:
        self.plan = plan
        self.sealer = sealer or Sealer(plan, None)
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
            text = self._mask(work, reject.text)
            self.add(table, Reject(reject.origin, reject.reason, text, reject.collection))
            ledger.add_reject(chunk_id, -1, table, None, str(reject.origin), reject.reason)
        for place in sorted(chunk.unfit):
            origin = place_of(source, work.part, chunk.batch, place)
            text = record_text(chunk.batch, place, self.secrets)
            self.add(table, Reject(origin, chunk.unfit[place], text, collection.source))
            ledger.add_reject(chunk_id, place, table, None, str(origin), chunk.unfit[place])

    def _mask(self, work: PartWork, text: str) -> str:
        """A text that is no record, without secrets; outside of JSON it can't be told where these stand."""
        holds_none = not any(column.secret for shape in work.shape.all_shapes() for column in shape.table.columns)
        return mask_text(text, self.secrets) if holds_none or work.syntax.name in JSON else MASK

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


def keep_asides(sealer: Sealer, work: PartWork, batch: Batch, places: Sized[int], facts: dict[str, Any]) -> None:
    """Put into a chunk's facts the texts of records that had rows until now."""
    style = style_of(work, facts)
    asides = keep_some(work, batch, places, style)
    add_asides(facts, {"lost": len(places) - len(asides)} if len(asides) < len(places) else {})
    add_asides(facts, sealer.keep(work, batch, asides, style)[0])


def record_text(batch: Batch, place: int, secrets: set[str]) -> str:
    """A record's text, its secrets masked."""
    return dump_compact(mask_secrets(batch.records[place], secrets))
