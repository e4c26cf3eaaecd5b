"""How a plan fits data that it wasn't made from: what of it they lack is said, and nothing is refused for it."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.record import Finding, Origin
from outgrow.schema.model import Plan, Table
from outgrow.source.inventory import Collection, Source
from outgrow.source.reading import read_part
from outgrow.transfer.recall import roots

MOST_PARTS = 50


def find_misfits(plan: Plan, source: Source) -> Iterator[Finding]:
    """What columns of a plan find no field; the load says which tables find no records."""
    for table in roots(plan):
        collection = source.collection(table.source)
        if collection is not None:
            yield from _missing_fields(plan, table, source, collection)


def _missing_fields(plan: Plan, table: Table, source: Source, collection: Collection) -> Iterator[Finding]:
    """The fields that no record of a collection has, told by its first records."""
    seen, whole, known = set[str](), len(collection.parts) <= MOST_PARTS, 0
    for part in collection.parts[:MOST_PARTS]:
        section = source.section(part)
        for batch in read_part(source, part, salvage=True):
            known += len(batch)
            seen |= {name for record in batch.records if type(record) is dict for name in record}
            whole &= batch.end >= section.end
            break
    if not known:
        return
    wanted = _outermost(plan, table)
    missing = [name for name in wanted if name not in seen]
    if missing:
        names = ", ".join(f'"{name}"' for name in missing)
        which = "no record has" if whole else f"none of the first {known:,} records has"
        yield Finding("info", f"{which} {names}, of which the plan makes columns of {table.name}", Origin(table.source))


def _outermost(plan: Plan, table: Table) -> list[str]:
    """The fields of a record that a plan makes something of, lists included; each once."""
    own = [column.field[0] for column in table.columns if column.role == "field" and column.field]
    lists = [inner.path[0] for inner in plan if inner.parent == table.name and inner.path]
    return list(dict.fromkeys([*own, *lists]))
