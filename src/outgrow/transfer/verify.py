"""Proves that the database holds what the files hold: rebuilds the files' text from the rows alone.

The load goes from text to rows; this goes from rows to text and compares bytes, so a mistake on the one
way isn't repeated on the other. Where they differ, `differences` compares records, then cells, to name
the place. What the app changed since is counted and is no error. Large sources are
compared by two processes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine

from outgrow.database.bulk import Bulk, open_bulk
from outgrow.database.engine import begin, open_engine
from outgrow.database.ledger import ChunkEntry, Ledger
from outgrow.parallel import can_fork, map_forked
from outgrow.record import Finding, Origin, many
from outgrow.schema.model import Plan, Table
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Shape, compile_shape
from outgrow.source.inventory import Source
from outgrow.transfer.changes import Changes, read_changes
from outgrow.transfer.chunk import digest
from outgrow.transfer.compare import RESHAPED, changed_shapes
from outgrow.transfer.differences import Comparison, Rows, VerifyResult, show, span
from outgrow.transfer.fetch import fetch_rows
from outgrow.transfer.fingerprint import is_same
from outgrow.transfer.known import KnownKeys, known_keys
from outgrow.transfer.part import PartWork
from outgrow.transfer.recall import chunk_style, chunk_text, rebuild_chunk, recall_part, roots, write_chunk

MOST_NAMED = 20
SAMPLES = 3
WORTH_TWO_PROCESSES = 8 << 20
Progress = Callable[[str, int], None]


def verify(plan: Plan, engine: Engine, source: Source | None, progress: Progress) -> VerifyResult:
    """Compare the database with its ledger and, where it is at hand, with the source."""
    size = sum(file.size for file in source.files.values()) if source else 0
    shares = 2 if size > WORTH_TWO_PROCESSES and can_fork() else 1
    engine.dispose()  # a connection must not be shared with another process
    compare = partial(_verify_share, plan, engine, source, progress, shares)
    first, *others = map_forked(compare, range(shares))
    for other in others:
        first.records += other.records
        first.raw_records += other.raw_records
        first.sampled_passwords += other.sampled_passwords
        first.findings += [finding for finding in other.findings if finding not in first.findings]
    return first


def _verify_share(
    plan: Plan, engine: Engine, source: Source | None, progress: Progress, shares: int, share: int
) -> VerifyResult:
    """Compare every chunk whose turn it is; the first share also counts rows and checks references."""
    result = VerifyResult(with_source=source is not None)
    own = open_engine(engine.url)
    with begin(own) as connection:
        ledger, bulk = Ledger(connection), open_bulk(connection)
        verifier = _Verifier(plan, ledger, bulk, source, result, read_changes(ledger))
        verifier.share, verifier.shares = share, shares
        verifier.reshaped = changed_shapes(plan, ledger)
        if ledger.get("loaded") != "yes":
            result.findings.append(Finding("error", "the load is not complete; run `outgrow load` to go on with it"))
        verifier.compare_files()
        for table in roots(plan):
            verifier.verify_table(table, progress if share == 0 else _silent)
        if share == 0:
            verifier.verify_references()
            result.changed = verifier.changes.count(plan, bulk)
            result.kept = verifier.changes.count_kept(plan)
            result.rejects = len(ledger.rejects())
            size = sum(int(file.facts["size"]) for file in ledger.files())
            result.raw_share = ledger.deviation_size() / size if size else 0.0
    own.dispose()
    return result


def _silent(_what: str, _done: int) -> None:
    """The progress of a share that runs beside the first."""


class _Verifier:
    """Compares chunk by chunk what the rows say with what the files say; of several, each takes its share."""

    def __init__(
        self, plan: Plan, ledger: Ledger, bulk: Bulk, source: Source | None, result: VerifyResult, changes: Changes
    ) -> None:
        self.plan, self.ledger, self.bulk, self.source = plan, ledger, bulk, source
        self.result, self.changes = result, changes
        self.named = 0
        self.share, self.shares = 0, 1
        self.reshaped: dict[str, bool] = {}

    def say(self, message: str, origin: Origin | None = None) -> None:
        """Note an error; the first twenty are named."""
        self.named += 1
        if self.named <= MOST_NAMED:
            self.result.findings.append(Finding("error", message, origin))
        elif self.named == MOST_NAMED + 1:
            self.result.findings.append(Finding("error", "further differences are not listed"))

    def compare_files(self) -> None:
        """Say which files are no longer those that were loaded; then the ledger alone is what counts."""
        if self.source is None:
            return
        for file in self.ledger.files():
            now = self.source.files.get(file.path)
            if now is None or not is_same(file.sha256, now.sha256):
                what = "is gone" if now is None else "has changed"
                message = f"{what} since it was loaded; `outgrow load` takes the files' changes in"
                self.result.findings.append(Finding("error", message, Origin(file.path)))
                self.result.with_source = False
        known = {file.path for file in self.ledger.files()}
        for path in sorted(self.source.files.keys() - known):
            self.result.findings.append(
                Finding("error", "is new since the load, and not in the database", Origin(path))
            )
        for collection in self.source.collections:
            if collection.source not in {table.source for table in self.plan}:
                message = "is in no table of the plan: its records are not in the database"
                self.result.findings.append(Finding("warning", message, Origin(collection.source)))
        self._find_unloaded(self.source)
        if not self.result.with_source:
            self.source = None

    def _find_unloaded(self, source: Source) -> None:
        """Say which files were entered without their records, though a table is made of such."""
        entered = {file.id: file.path for file in self.ledger.files() if file.facts["syntax"]}
        held = {(entered.get(part.file_id), part.facts["number"]) for part in self.ledger.parts()}
        planned, paths = {table.source for table in roots(self.plan)}, set(entered.values())
        for collection in source.collections if self.ledger.get("loaded") == "yes" else ():
            for part in collection.parts:
                if collection.source in planned and part.file in paths and (part.file, part.section) not in held:
                    message = f"its records are not in the database, though {collection.source} is in the plan"
                    self.result.findings.append(Finding("error", message, Origin(part.file)))

    def verify_table(self, table: Table, progress: Progress) -> None:
        """Compare all chunks of a collection, then look for rows that belong to none."""
        shape = compile_shape(self.plan, table)
        if table.source in self.reshaped:
            message = f"{table.name} isn't compared: {RESHAPED}"
            self.result.findings.append(Finding("warning", message, Origin(table.source)))
            self._count_rows(shape)
            return
        files = {file.id: file for file in self.ledger.files()}
        known, named, lost = known_keys(self.ledger, shape), self.named, 0
        for part in self.ledger.parts(table.source):
            work = recall_part(self.plan, shape, part, files[part.file_id])
            for entry in self.ledger.chunks(part.id):
                if entry.number % self.shares == self.share:
                    self._verify_chunk(work, entry, known)
                lost += int(entry.facts.get("lost", 0))
                progress(table.name, entry.end - entry.start)
        if self.share == 0:
            self._find_strangers(shape, known, differs=self.named > named)
            self._say_lost(shape, lost)

    def _say_lost(self, shape: Shape, lost: int) -> None:
        """Say of how many records set aside the ledger has no text."""
        if lost:
            may_hold = any(password_columns(self.plan, each.table) for each in shape.all_shapes())
            reason = ": it may hold a password in plain text" if may_hold else ""
            message = f"{many(lost, 'record')} of {shape.table.name} set aside: export can't write "
            message += f"{'it' if lost == 1 else 'them'}, for the ledger doesn't hold the text{reason}"
            self.result.findings.append(Finding("warning", message, Origin(shape.table.source)))

    def verify_references(self) -> None:
        """Say which foreign keys lead nowhere."""
        for name, target in self.bulk.check_references():
            self.say(f"rows of {name} refer to rows of {target} that aren't there")

    def _verify_chunk(self, work: PartWork, entry: ChunkEntry, known: KnownKeys) -> None:
        rows = fetch_rows(self.bulk, work.shape, entry.facts["rows"], known.strange(entry))
        self.result.records += entry.records
        self.result.raw_records += entry.facts.get("raw", 0)
        whole = all(digest(part) == entry.facts["tables"].get(name, [0, ""])[1] for name, part in rows.items())
        if self.source is None:
            if not whole and not self.changes.may_explain(work.shape, entry, rows):
                message = f"rows of {work.shape.table.name} made from records {span(entry)} are not what was loaded"
                self.say(message, Origin(work.part.file))
            return
        comparison = Comparison(self.plan, self.source, self.ledger, self.bulk, self.changes, self.say)
        proven = self._may_give_its_text(work, entry)
        if not whole or not proven or not self._gives_its_text(self.source, work, entry, rows):
            comparison.compare(work, entry, rows, whole=whole and not proven)
        left = SAMPLES - self.result.sampled_passwords
        if whole and work.secrets and left > 0:
            self.result.sampled_passwords += comparison.sample_passwords(work, entry, rows, left)

    @staticmethod
    def _may_give_its_text(work: PartWork, entry: ChunkEntry) -> bool:
        """Whether a chunk's rows gave the very bytes of the source when they were loaded."""
        return bool(entry.facts.get("same")) and not work.secrets and not work.shape.files

    def _gives_its_text(self, source: Source, work: PartWork, entry: ChunkEntry, rows: Rows) -> bool:
        """Whether a chunk's rows, written again, are the very bytes of the source."""
        records = rebuild_chunk(work, rows, self.ledger.deviations(entry.id))
        return write_chunk(work, entry, rows, records, chunk_style(work, entry)) == chunk_text(source, work, entry)

    def _find_strangers(self, shape: Shape, known: KnownKeys, *, differs: bool) -> None:
        """Count rows; where there are others than the loaded ones, name those that the app didn't insert."""
        self._count_rows(shape)
        table = shape.table
        if not differs and not self.changes.any(table.name) and self.result.rows[table.name] == known.count:
            return
        for page in self.bulk.select_key_pages(table.name, table.primary_key):
            for key in map(tuple, page):
                if not known.has(key) and not self.changes.has(table.name, key):
                    self.say(f"row {show(key)} of {table.name} comes from no file: it was added or doubled")

    def _count_rows(self, shape: Shape) -> None:
        for inner in shape.all_shapes():
            self.result.rows[inner.table.name] = self.bulk.count(inner.table.name)
