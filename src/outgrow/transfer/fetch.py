"""Reads a chunk's rows back from the database, in the order of its records."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter, sub
from typing import Any

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import pack_numbers
from outgrow.schema.model import Table
from outgrow.schema.shape import Row, Shape

Facts = dict[str, Any]


def key_facts(shape: Shape, keys: list[Row], after: Any, *, ordered: bool) -> Facts:
    """How the ledger says which rows a chunk has: a range of rising numbers and its gaps, or all keys.

    `after` is the highest key so far; a range must lie behind it.
    """
    values = [key[0] for key in keys]
    if ordered and len(shape.keys) == 1 and set(map(type, values)) == {int}:
        rising = all(map(int.__lt__, values, values[1:]))
        if rising and (after is None or values[0] > after):
            facts: Facts = {"first": values[0], "last": values[-1]}
            if values[-1] - values[0] >= len(values):
                facts["runs"] = pack_numbers(values[0], map(sub, values[1:], values))
            return facts
    return {"keys": [list(key) for key in keys]}


def fetch_rows(bulk: Bulk, shape: Shape, facts: Facts, strange: frozenset[Any] = frozenset()) -> dict[str, list[Row]]:
    """The rows of a chunk and of its lists. `strange` keys lie in its range but belong to others."""
    table = shape.table
    columns = [column.name for column in table.columns]
    if "first" in facts:
        key = table.primary_key[0]
        rows = bulk.select_range(table.name, columns, key, facts["first"], facts["last"], [key])
        if strange:
            rows = [row for row in rows if row[shape.keys[0]] not in strange]
        within: Facts | None = None if strange else facts
    else:
        wanted = [tuple(key) for key in facts["keys"]]
        found = {
            key_of(shape, row): row for row in bulk.select_keys(table.name, columns, table.primary_key, wanted, [])
        }
        rows = [found[key] for key in wanted if key in found]
        within = None
    fetched = {table.name: rows}
    for _, child in shape.lists():
        _fetch_list(bulk, shape, child, rows, within, fetched)
    return fetched


def key_of(shape: Shape, row: Row) -> Row:
    """A row's primary key."""
    return tuple(row[number] for number in shape.keys)


def keys_of(shape: Shape, rows: list[Row]) -> list[Row]:
    """The primary keys of many rows."""
    return list(zip(*[map(itemgetter(number), rows) for number in shape.keys], strict=True))


def _fetch_list(
    bulk: Bulk, parent: Shape, shape: Shape, parents: list[Row], within: Facts | None, fetched: dict[str, list[Row]]
) -> None:
    """The rows of one list: parents in their order, elements in theirs, those without a position last."""
    table = shape.table
    columns = [column.name for column in table.columns]
    owner = [columns[number] for number in shape.parents]
    keys = list(dict.fromkeys(key_of(parent, row) for row in parents))
    if within is not None:
        rows = bulk.select_range(
            table.name, columns, owner[0], within["first"], within["last"], _order(table, columns, shape)
        )
    else:
        rows = bulk.select_keys(table.name, columns, owner, keys, _order(table, columns, shape)) if keys else []
    if shape.position is not None:
        late = [row for row in rows if row[shape.position] is None]
        rows = [row for row in rows if row[shape.position] is not None] + late if late else rows
    if within is None or shape.position is None:
        rows = _by_parent(shape, keys, rows)
    fetched[table.name] = rows
    for _, child in shape.lists():
        _fetch_list(bulk, shape, child, rows, None, fetched)


def _order(table: Table, columns: Sequence[str], shape: Shape) -> list[str]:
    order = [columns[number] for number in shape.parents]
    return [*order, columns[shape.position]] if shape.position is not None else [*order, *table.primary_key]


def _by_parent(shape: Shape, keys: list[Row], rows: list[Row]) -> list[Row]:
    by_parent: dict[Row, list[Row]] = {key: [] for key in keys}
    for row in rows:
        owner = tuple(row[number] for number in shape.parents)
        if owner in by_parent:
            by_parent[owner].append(row)
    return [row for owned in by_parent.values() for row in owned]
