"""Which files a load is of, and what of them and of the plan has to be said whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.database.ledger import Ledger
from outgrow.errors import SourceError
from outgrow.record import Finding, Origin
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source
from outgrow.transfer.fingerprint import fingerprint, guarded_files, is_same
from outgrow.transfer.kept import holds_secrets, seal_file
from outgrow.transfer.media import list_media


def enter_files(plan: Plan, source: Source, ledger: Ledger, key: str | None = None) -> None:
    """Enter the source's files, or hold them against those of an earlier load; `key` seals what holds secrets."""
    known = {entry.path: entry.sha256 for entry in ledger.files()}
    if known:
        _compare_files(known, {file.path: file.sha256 for file in source.files.values()})
        return
    list_media(source, ledger)
    guarded = guarded_files(plan, source)
    for file in source.files.values():
        facts = {"syntax": file.syntax, "packed": file.wrapper.packed, "size": file.size}
        sealed = holds_secrets(file)
        kept = fingerprint(file.sha256, guarded=sealed or file.path in guarded)
        literals = seal_file(file, key) if sealed else file.literals
        ledger.add_file(file.path, kept, facts | ({"sealed": True} if sealed else {}), literals)


def _compare_files(known: dict[str, str], now: dict[str, str]) -> None:
    for path in [*known, *now]:
        if path not in known or path not in now or not is_same(known[path], now[path]):
            what = "is gone" if path not in now else "is new" if path not in known else "has changed"
            raise SourceError(
                f"{what} since the load began",
                origin=Origin(path),
                hint="Load what was there before, or convert the new state into a new app.",
            )


def unplanned(plan: Plan, source: Source) -> Iterator[Finding]:
    """Collections that no table is made from."""
    planned = {table.source for table in plan}
    for collection in source.collections:
        if collection.source not in planned:
            message = "is in no table of the plan; nothing of it was loaded"
            yield Finding("warning", message, Origin(collection.source))


def kept_passwords(plan: Plan) -> Iterator[Finding]:
    """Remind that `passwords = "keep"` is for the time of moving only."""
    if plan.passwords == "keep":
        for table in plan:
            for column in table.columns:
                if column.secret == "password":
                    message = f'{table.name}.{column.name} is stored as the files have it, for passwords = "keep"'
                    cure = "set it to hash once the old site is switched off"
                    yield Finding("warning", f"{message}; {cure}")
