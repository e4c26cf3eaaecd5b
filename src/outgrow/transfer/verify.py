"""Proves that the database holds what the files hold: rebuilds the files' text from the rows alone.

The load goes from text to rows; this goes from rows to text and compares bytes, so a mistake on the one
way isn't repeated on the other. Where they differ, records are compared, then cells, to name the place.
What the app changed since is counted and is no error. Large sources are compared by two processes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import Engine

from outgrow.database.bulk import open_bulk
from outgrow.database.engine import begin, open_engine
from outgrow.database.ledger import Ledger
from outgrow.parallel import can_fork, map_forked
from outgrow.record import Finding
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source
from outgrow.transfer.changes import read_changes
from outgrow.transfer.differences import Verifier, VerifyResult
from outgrow.transfer.recall import roots

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
        first.changed += other.changed
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
        verifier = Verifier(plan, ledger, bulk, source, result, read_changes(ledger))
        verifier.share, verifier.shares = share, shares
        if ledger.get("loaded") != "yes":
            result.findings.append(Finding("error", "the load is not complete; run `outgrow load` to go on with it"))
        verifier.compare_files()
        for table in roots(plan):
            verifier.verify_table(table, progress if share == 0 else _silent)
        if share == 0:
            verifier.verify_references()
            result.rejects = len(ledger.rejects())
            size = sum(int(file.facts["size"]) for file in ledger.files())
            result.raw_share = ledger.deviation_size() / size if size else 0.0
    own.dispose()
    return result


def _silent(_what: str, _done: int) -> None:
    """The progress of a share that runs beside the first."""
