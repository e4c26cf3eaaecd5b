"""Writes chunks in which nothing needs care together: one statement per table, in one transaction.

While a server takes them, a thread waits for it, and the next ones are made ready.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import Engine, insert

from outgrow.database.bulk import Refused, open_bulk
from outgrow.database.engine import begin
from outgrow.database.ledger import CHECKS, ChunkEntry, Ledger
from outgrow.schema.shape import Shape
from outgrow.transfer.produce import Produced

SWITCH_SECONDS = 0.0002
"""How long one thread may compute while the other has heard from the server; usually that is 5 ms."""


@dataclass
class Ready:
    """A chunk whose rows are those that will be stored, and what the ledger will say of it."""

    produced: Produced
    number: int
    facts: dict[str, Any]
    checks: dict[str, bytes]


def write_together(engine: Engine, shapes: list[Shape], ready: list[Ready]) -> bool:
    """Write chunks in one transaction; says whether they are there, or the database refuses some row and none is."""
    try:
        with begin(engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            for shape in shapes:
                columns = [column.name for column in shape.table.columns]
                bulk.insert_texts(shape.table.name, columns, [each.produced.texts[shape.table.name] for each in ready])
            entries = ledger.add_chunks([_entry(each) for each in ready])
            checks: list[dict[str, Any]] = []
            for each, chunk_id in zip(ready, entries, strict=True):
                checks += [
                    {"chunk_id": chunk_id, "table_name": name, "checks": own} for name, own in each.checks.items()
                ]
                ledger.add_deviations(chunk_id, each.produced.bare.patches)
            connection.execute(insert(CHECKS), checks)
    except Refused:
        return False
    return True


def _entry(ready: Ready) -> ChunkEntry:
    chunk, part = ready.produced.bare, ready.produced.work.part_id
    return ChunkEntry(0, part, ready.number, *chunk.span, chunk.count, {**ready.facts, **chunk.origins})


class Behind:
    """Writes behind the back of who makes chunks ready; on SQLite, which is no other process, at once."""

    def __init__(self, engine: Engine, shapes: list[Shape]) -> None:
        self.engine, self.shapes = engine, shapes
        self.pool = ThreadPoolExecutor(1) if engine.dialect.name != "sqlite" else None
        self.written: Callable[[], bool] | None = None
        self.ready: list[Ready] = []

    def __enter__(self) -> Behind:
        self.interval = sys.getswitchinterval()
        if self.pool is not None:
            sys.setswitchinterval(SWITCH_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.pool is not None:
            self.pool.shutdown()
            sys.setswitchinterval(self.interval)

    def write(self, ready: list[Ready]) -> None:
        """Begin to write chunks; what was begun before must be settled."""
        self.ready = ready
        if self.pool is None:
            there = write_together(self.engine, self.shapes, ready)
            self.written = lambda: there
        else:
            future: Future[bool] = self.pool.submit(write_together, self.engine, self.shapes, ready)
            self.written = future.result

    def settle(self) -> tuple[list[Ready], bool]:
        """Wait for what was begun: those chunks, and whether they are there."""
        if self.written is None:
            return [], True
        ready, there = self.ready, self.written()
        self.ready, self.written = [], None
        return ready, there
