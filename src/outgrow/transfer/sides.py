"""The rows of a collection, record by record: each record's own row, and those of its lists, however deep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from outgrow.schema.shape import Row, Shape
from outgrow.transfer.fetch import key_of

Rows = dict[str, list[Row]]
Side = dict[str, dict[Row, Row]]
"""The rows of one record: by table, by their keys."""


def by_record(shape: Shape, rows: Mapping[str, list[Row]]) -> dict[Row, Side]:
    """The rows of each record, by the record's key."""
    names = [inner.table.name for inner in shape.all_shapes()]
    sides: dict[Row, Side] = {key_of(shape, row): {name: {} for name in names} for row in rows[shape.table.name]}
    owners = {key: key for key in sides}
    for row in rows[shape.table.name]:
        sides[key_of(shape, row)][shape.table.name][key_of(shape, row)] = row
    for _, child in shape.lists():
        _add_list(child, rows, owners, sides)
    return sides


def _add_list(shape: Shape, rows: Mapping[str, list[Row]], owners: Mapping[Row, Row], sides: dict[Row, Side]) -> None:
    own: dict[Row, Row] = {}
    for row in rows.get(shape.table.name, []):
        owner = owners.get(tuple(row[number] for number in shape.parents))
        if owner is not None:
            own[key_of(shape, row)] = owner
            sides[owner][shape.table.name][key_of(shape, row)] = row
    for _, child in shape.lists():
        _add_list(child, rows, own, sides)


def renumber(shape: Shape, rows: Mapping[str, Iterable[Row]], numbers: Mapping[int, int]) -> Rows:
    """The rows with other numbers for keys that were made up, in the records' rows and in those of their lists."""
    changed: Rows = {}
    for inner in shape.all_shapes():
        place = inner.keys[0] if inner is shape else inner.parents[0]
        changed[inner.table.name] = [
            (*row[:place], numbers.get(row[place], row[place]), *row[place + 1 :])
            for row in rows.get(inner.table.name, ())
        ]
    return changed


def rows_of(side: Side) -> Iterator[tuple[str, Row]]:
    """All rows of a record, each with its table."""
    for name, rows in side.items():
        for row in rows.values():
            yield name, row
