"""What the rows of records will be once references that lead nowhere are settled by the plan's rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from outgrow.database.bulk import Bulk
from outgrow.schema.model import Reference, Table
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.sides import Side

Lost = dict[tuple[str, str], set[Row]]
"""What references lead to and isn't there, by table and the reference's name."""


def find_lost(shape: Shape, sides: Iterable[Side], bulks: Sequence[Bulk]) -> Lost:
    """What the references of some records lead to that none of the databases has."""
    lost: Lost = {}
    known = list(sides)
    for inner in shape.all_shapes():
        table = inner.table
        for reference in table.references:
            rows = (row for side in known for row in side[table.name].values())
            wanted = {found for row in rows if None not in (found := _target(table, reference, row))}
            for bulk in bulks:
                key = reference.referenced
                wanted -= set(bulk.select_keys(reference.table, key, key, list(wanted), [])) if wanted else set()
            lost[table.name, reference.name] = wanted
    return lost


def settle(shape: Shape, side: Side, lost: Lost) -> Side:
    """A record's rows as they will be: without those that are set aside, with those left empty."""
    settled: Side = {}
    for inner in shape.all_shapes():
        rows = {key: _settle_row(inner.table, row, lost) for key, row in side[inner.table.name].items()}
        settled[inner.table.name] = {key: row for key, row in rows.items() if row is not None}
    return settled


def restore(here: Side, there: Side, settled: Side) -> Side:
    """The app's rows with what the files say in the places that were left empty, for the ledger to take note of."""
    restored = {name: dict(rows) for name, rows in here.items()}
    for name, rows in restored.items():
        for key, row in rows.items():
            raw, left = there[name].get(key, row), settled[name].get(key, row)
            if raw != left:
                cells = zip(row, raw, left, strict=True)
                rows[key] = tuple(text if own is empty is None else own for own, text, empty in cells)
    return restored


def _target(table: Table, reference: Reference, row: Row) -> Row:
    names = [column.name for column in table.columns]
    return tuple(row[names.index(name)] for name in reference.columns)


def _settle_row(table: Table, row: Row, lost: Lost) -> Row | None:
    """The row, its lost references emptied; None where the rule sets it aside."""
    values: Mapping[str, object] = dict(zip((column.name for column in table.columns), row, strict=True))
    for reference in table.references:
        if _target(table, reference, row) in lost[table.name, reference.name]:
            columns = [table.by_name[name] for name in reference.columns]
            if reference.orphans == "reject" or not all(
                column.nullable and column.name not in table.primary_key for column in columns
            ):
                return None
            values = {**values, **dict.fromkeys(reference.columns)}
    return tuple(values.values())
