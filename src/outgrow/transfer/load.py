"""Fills the tables: reads each collection, shapes it by the plan, and writes rows and ledger together.

A chunk's rows and its entry in the ledger are one transaction. What has an entry is skipped by the next
load, so a killed load is completed by running it again, and a second load changes nothing.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from sqlalchemy import Engine

from outgrow.database.bulk import open_bulk
from outgrow.database.engine import begin, sync
from outgrow.database.ledger import Ledger
from outgrow.database.side_by_side import put_up_and_prove
from outgrow.database.waiting import Waiting, find_waiting, put_up, take_down
from outgrow.errors import SourceError
from outgrow.record import Finding, Origin, many
from outgrow.schema.model import Plan, Table
from outgrow.schema.shape import compile_shape
from outgrow.source.inventory import Source
from outgrow.source.reading import changed_files
from outgrow.transfer.compare import describe_shapes
from outgrow.transfer.entered import enter_files, kept_passwords, unplanned
from outgrow.transfer.load_options import LoadOptions, LoadResult
from outgrow.transfer.load_table import LoadState, TableState
from outgrow.transfer.numbering import count_on
from outgrow.transfer.origins import table_facts
from outgrow.transfer.orphans import Desk, settle_orphans


class Loader(LoadState):
    """One load, from the first table to the last constraint."""

    def run(self) -> LoadResult:
        """Load all that isn't loaded yet; raises SourceError where the source is another one."""
        with begin(self.engine) as connection:
            ledger = Ledger(connection)
            ledger.create()
            done = ledger.get("loaded") == "yes"
            enter_files(self.plan, self.source, ledger, self.options.key)
            if ledger.get("tables") is None:
                ledger.put("tables", json.dumps(table_facts(self.plan)))
                ledger.put("shapes", json.dumps(describe_shapes(self.plan)))
            self.file_ids = {file.path: file.id for file in ledger.files()}
            if ledger.get("waiting") is None:
                found = find_waiting(connection, [table.name for table in self.plan])
                ledger.put("waiting", json.dumps(list(map(asdict, found))))
            waiting = [Waiting(**each) for each in json.loads(ledger.get("waiting") or "[]")]
            filled = ledger.get("filled") == "yes"
            if not done:
                self.book.take_up(ledger)
        if not done:
            if not filled:
                with begin(self.engine) as connection:
                    take_down(connection, waiting)
            for table in self.plan:
                if not table.nested and (self.comparing is None or table.source in self.comparing.sources):
                    self._load_table(table)
            self._finish(waiting)
        self.result.findings += [*unplanned(self.plan, self.source), *kept_passwords(self.plan)]
        self.result.rejects, self.result.reject_count = self.book.rejects, self.book.count
        self.result.hashed_passwords = self.hasher.count
        return self.result

    def _load_table(self, table: Table) -> None:
        collection = self.source.collection(table.source)
        if collection is None:
            self.result.findings.append(self._say_missing(table))
            return
        shape = compile_shape(self.plan, table)
        state = TableState(self, collection, shape)
        state.run()
        if state.copies:
            copies = many(state.copies, "exact copy", "exact copies")
            kept = "each kept, for no field tells them apart" if shape.number is not None else "kept once"
            message = f"{copies} of other records: {kept}, and written again by export"
            self.result.findings.append(Finding("info", message, Origin(collection.source)))

    def _say_missing(self, table: Table) -> Finding:
        """That there is nothing to make a table from; bad where there was, and no mistake of another site's plan."""
        if self.comparing is not None:
            return Finding("error", f"the plan's table {table.name} is made from {table.source}, which isn't there")
        holds = "holds no records" if table.source in self.source.files else "isn't there"
        return Finding("warning", f"the plan's table {table.name} stays empty: {table.source} {holds}")

    def _finish(self, waiting: list[Waiting]) -> None:
        """Put up what waited for the data, and settle references that lead nowhere before they are enforced."""
        with ThreadPoolExecutor(1) as pool:
            changed = pool.submit(changed_files, self.source)  # the database keeps another processor busy
            with begin(self.engine) as connection:
                Ledger(connection).put("filled", "yes")
            proved = put_up_and_prove(self.engine, waiting)
            _refuse(changed.result())
        with begin(self.engine) as connection:
            ledger, bulk = Ledger(connection), open_bulk(connection)
            if self.comparing is None and not proved:
                self.result.findings += settle_orphans(Desk(self.plan, self.source, ledger, bulk, self.book))
            count_on(self.plan, bulk)
            self.book.flush()
        with begin(self.engine) as connection:
            put_up(connection, waiting)
            Ledger(connection).put("loaded", "yes")
        sync(self.engine.url)


def _refuse(changed: list[str]) -> None:
    """End a load whose files others write to."""
    if changed:
        raise SourceError(
            "changed while it was being read",
            origin=Origin(changed[0]),
            hint="Stop what writes to it, then convert again.",
        )


def load(
    plan: Plan, source: Source, engine: Engine, options: LoadOptions, begun: LoadResult | None = None
) -> LoadResult:
    """Load a source into a database whose tables stand; see `Loader`. `begun` is what a try that failed has found."""
    return Loader(plan, source, engine, options, begun).run()
