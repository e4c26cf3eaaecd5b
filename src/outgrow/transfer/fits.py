"""How a plan fits data that it wasn't made from: what of it they lack is said, and slips of the pen are refused.

Another site of the same system may lack a file or a field, and that is no mistake. A file that is there under nearly
the name, or a field without which no record makes a row, is one: the app would stand, and be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from outgrow.errors import PlanError
from outgrow.record import Batch, Finding, Origin
from outgrow.schema.model import Plan, Table
from outgrow.source.inventory import Collection, Source
from outgrow.source.reading import read_part
from outgrow.transfer.recall import roots

MOST_PARTS = 50
MOST_NAMED = 10
NEARLY = 0.8
"""How much of a source's name must be the same, for it to be taken for a slip of the pen."""


def find_misfits(plan: Plan, source: Source) -> list[Finding]:
    """What columns of a plan find no field; the load says which tables find no records.

    Raises PlanError where that can't be meant.
    """
    findings: list[Finding] = []
    faults = list(_slips_of_sources(plan, source))
    for table in roots(plan):
        collection = source.collection(table.source)
        if collection is not None:
            fault, found = _missing_fields(plan, table, source, collection)
            faults += fault
            findings += found
    if faults:
        hint = "Correct the plan; nothing was written."
        raise PlanError("\n".join(["the plan doesn't fit the data:", *faults]), hint=hint)
    return findings


def _slips_of_sources(plan: Plan, source: Source) -> Iterator[str]:
    """The tables without records whose source is nearly that of a collection that no table is made from."""
    planned = {table.source for table in roots(plan)}
    others = [each.source for each in source.collections if each.source not in planned]
    for table in roots(plan):
        if source.collection(table.source) is None and table.source not in source.files:
            moved = [other for other in others if _ends_with(other, table.source) or _ends_with(table.source, other)]
            meant = get_close_matches(table.source, others, 1, NEARLY) or moved[:1]
            if meant:
                yield f'table {table.name}: there is no "{table.source}" in the data; did you mean "{meant[0]}"?'


def _ends_with(longer: str, name: str) -> bool:
    """Whether a source is another one but for the folders that it lies in."""
    return longer.endswith("/" + name) and not name.startswith("*")


def _missing_fields(
    plan: Plan, table: Table, source: Source, collection: Collection
) -> tuple[list[str], list[Finding]]:
    """What is wrong with a plan for fields that no record of a collection has, and what is to be said of such.

    What may be lacking is told by the first records, what may not by all.
    """
    seen, whole, known = set[str](), len(collection.parts) <= MOST_PARTS, 0
    for part in collection.parts[:MOST_PARTS]:
        section = source.section(part)
        for batch in read_part(source, part, salvage=True):
            known += len(batch)
            seen |= _names(batch)
            whole &= batch.end >= section.end
            break
    wanted = _outermost(plan, table)
    if not seen or not set(wanted) - seen:
        return [], []
    needed = {name for name in _needed(table) if name not in seen}
    if needed and not whole:
        needed = _search(source, collection, needed)
    unused = sorted(seen - set(wanted))
    faults = [
        f'table {table.name}: no record of {table.source} has "{name}"; {_cure(name, unused or sorted(seen))}'
        for name in wanted
        if name in needed
    ]
    missing = [name for name in wanted if name not in seen and name not in needed]
    if not missing:
        return faults, []
    names = ", ".join(f'"{name}"' for name in missing)
    which = "no record has" if whole else f"none of the first {known:,} records has"
    message = f"{which} {names}, of which the plan makes columns of {table.name}"
    near = [close[0] for name in missing if (close := get_close_matches(name, unused, 1))]
    if near:
        message += "; did you mean " + ", ".join(f'"{name}"' for name in near) + "?"
    return faults, [Finding("warning" if near else "info", message, Origin(table.source))]


def _names(batch: Batch) -> set[str]:
    """The fields that a batch's records have."""
    return {name for record in batch.records if type(record) is dict for name in record}


def _search(source: Source, collection: Collection, names: Iterable[str]) -> set[str]:
    """Which of some fields no record has."""
    left = set(names)
    for part in collection.parts:
        for batch in read_part(source, part, salvage=True):
            left -= _names(batch)
            if not left:
                return left
    return left


def _cure(name: str, known: list[str]) -> str:
    """The field that a name may stand for, or what there is."""
    close = get_close_matches(name, known, 1)
    if close:
        return f'did you mean "{close[0]}"?'
    more = ", …" if len(known) > MOST_NAMED else ""
    return "it has " + ", ".join(f'"{each}"' for each in known[:MOST_NAMED]) + more


def _needed(table: Table) -> list[str]:
    """The fields without which a record makes no row."""
    return [
        column.field[0]
        for column in table.columns
        if column.role == "field" and column.field and not (column.nullable or column.default or column.fill)
    ]


def _outermost(plan: Plan, table: Table) -> list[str]:
    """The fields of a record that a plan makes something of, lists included; each once."""
    own = [column.field[0] for column in table.columns if column.role == "field" and column.field]
    lists = [inner.path[0] for inner in plan if inner.parent == table.name and inner.path]
    return list(dict.fromkeys([*own, *lists]))
