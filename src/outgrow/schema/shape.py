"""Records → rows, by the plan: a batch of nested records becomes columns, and these become rows.

A `Shape` is compiled once per collection. It goes by column, not by record, so that the interpreter's
own loops do the work; only what doesn't fit is looked at one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, repeat
from operator import itemgetter
from typing import Any

from outgrow.record import MISSING
from outgrow.schema.coerce import Dump, coerce_column
from outgrow.schema.model import Plan, Table

Row = tuple[Any, ...]
Elements = list[Any] | dict[str, Any]


@dataclass
class Branch:
    """An object's fields: each a column's number, a further object, or the table that its list became."""

    fields: dict[str, int | Branch | Shape] = field(default_factory=dict)


@dataclass
class Shape:
    """How the records (or the elements of a list or map) at one place become rows of `table`.

    `branch` is None where the elements are scalars; `element` is then their column's number. `parents`
    are the columns that repeat the parent row's key, `position` the place in the list, `number` the
    counted key, `key` the column for the record's (or the element's) map key, `files` those that hold the text
    of a file, `paths` what the record's path says.
    """

    table: Table
    branch: Branch | None
    keys: tuple[int, ...]
    parents: tuple[int, ...] = ()
    position: int | None = None
    element: int | None = None
    number: int | None = None
    fill: int | None = None
    key: int | None = None
    files: tuple[int, ...] = ()
    paths: tuple[int, ...] = ()
    dropped: tuple[tuple[str, ...], ...] = ()

    def all_shapes(self) -> list[Shape]:
        """This shape and those of the lists within, parents first."""
        return [self, *chain.from_iterable(child.all_shapes() for _, child in self.lists())]

    def lists(self) -> list[tuple[tuple[str, ...], Shape]]:
        """The lists within these records, with their paths."""
        return _lists(self.branch, ()) if self.branch else []


def _lists(branch: Branch, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Shape]]:
    found: list[tuple[tuple[str, ...], Shape]] = []
    for name, part in branch.fields.items():
        if isinstance(part, Shape):
            found.append(((*path, name), part))
        elif isinstance(part, Branch):
            found += _lists(part, (*path, name))
    return found


def compile_shape(plan: Plan, table: Table) -> Shape:
    """Compile the shape of a table and of all tables made from lists within its records."""
    columns = table.columns
    roles: dict[str, list[int]] = {}
    branch = Branch()
    for number, column in enumerate(columns):
        roles.setdefault(column.role, []).append(number)
        if column.role == "field":
            _place(branch, column.field, number)
    for child in plan.children(table.name):
        _place(branch, child.path, compile_shape(plan, child))
    names = [column.name for column in columns]
    keyed = tuple(names.index(name) for name in table.primary_key)
    element = roles.get("element")
    return Shape(
        table,
        None if element else branch,
        keyed,
        parents=tuple(roles.get("parent", ())),
        position=_first(roles, "position"),
        element=_first(roles, "element"),
        number=_first(roles, "number"),
        fill=next((number for number, column in enumerate(columns) if column.fill), None),
        key=_first(roles, "key"),
        files=tuple(roles.get("file", ())),
        paths=tuple(roles.get("path", ())),
        dropped=table.dropped,
    )


def _first(roles: dict[str, list[int]], role: str) -> int | None:
    return roles[role][0] if role in roles else None


def _place(branch: Branch, path: tuple[str, ...], what: int | Shape) -> None:
    for name in path[:-1]:
        part = branch.fields.setdefault(name, Branch())
        branch = part if isinstance(part, Branch) else Branch()
    branch.fields[path[-1]] = what


@dataclass
class Extras:
    """What rows need beside the records: their map keys, the first counted key, the texts of their files."""

    keys: Sequence[str] | None = None
    first_number: int = 1
    texts: dict[int, list[str | None]] = field(default_factory=dict)

    def select(self, places: Sequence[int]) -> Extras:
        """What belongs to some of the records."""
        keys = [self.keys[place] for place in places] if self.keys is not None else None
        texts = {column: [values[place] for place in places] for column, values in self.texts.items()}
        return Extras(keys, self.first_number, texts)


@dataclass
class Rows:
    """The rows of a batch by table, and the records that don't fit: their place → why.

    `kept` are the places of the records that the rows stand for, where not all of them do.
    """

    rows: dict[str, list[Row]]
    unfit: dict[int, str]
    kept: list[int] | None = None


def shape_batch(
    shape: Shape, records: list[Any], extras: Extras, dump: Dump, excluded: Mapping[int, str] | None = None
) -> Rows:
    """Turn records into rows. Records that don't fit, or are `excluded`, are left out and named."""
    unfit = {place: "is no object" for place, record in enumerate(records) if type(record) is not dict}
    unfit.update(excluded or {})
    kept: list[int] | None = None
    if not unfit:
        rows, unfit = _shape(shape, records, extras, dump)
        if not unfit:
            return Rows(rows, {})
    while True:
        kept = [place for place in range(len(records)) if place not in unfit]
        rows, more = _shape(shape, [records[place] for place in kept], extras.select(kept), dump)
        if not more:
            return Rows(rows, unfit, kept)
        unfit.update({kept[place]: reason for place, reason in more.items()})


@dataclass
class _Filling:
    """Columns of one table while they are being filled, the lists still to be shaped, and what doesn't fit."""

    shape: Shape
    dump: Dump
    columns: list[list[Any]]
    lists: list[tuple[Shape, list[Elements]]] = field(default_factory=list)
    unfit: dict[int, str] = field(default_factory=dict)

    @classmethod
    def start(cls, shape: Shape, dump: Dump) -> _Filling:
        """Empty columns."""
        return cls(shape, dump, [[] for _ in shape.table.columns])

    def fill(self, number: int, values: list[Any]) -> None:
        """Convert a column's values."""
        column = self.shape.table.columns[number]
        if column.fill and not column.nullable:
            column = replace(column, nullable=True)
        self.columns[number], reasons = coerce_column(values, column, self.dump)
        for place, reason in reasons.items():
            name = ".".join(column.field) or column.name
            self.unfit.setdefault(place, f'"{name}" {reason}')

    def fill_branch(self, branch: Branch, objects: list[Any]) -> None:
        """Spread the objects' fields over columns, further objects and lists."""
        for name, part in branch.fields.items():
            values = _values(objects, name)
            if isinstance(part, int):
                self.fill(part, values)
            elif isinstance(part, Branch):
                for place, value in enumerate(values):
                    if type(value) is not dict and value is not None and value is not MISSING and value != []:
                        self.unfit.setdefault(place, f'"{name}" is no object')
                self.fill_branch(part, [value if type(value) is dict else {} for value in values])
            else:
                self.lists.append((part, _parts(part, name, values, self.unfit)))

    def rows(self, size: int) -> list[Row]:
        """Rows of the columns; a column that nothing filled is null."""
        return list(zip(*[column or [None] * size for column in self.columns], strict=True))

    def keys(self, size: int) -> list[Row]:
        """The rows' primary keys."""
        return list(zip(*[self.columns[number] for number in self.shape.keys], strict=True)) if size else []


def _values(objects: list[Any], name: str) -> list[Any]:
    """A field of each object; the interpreter's own loop takes two thirds of the time where none lacks it."""
    try:
        return list(map(itemgetter(name), objects))
    except KeyError:
        return [value.get(name, MISSING) for value in objects]


def _shape(shape: Shape, records: list[Any], extras: Extras, dump: Dump) -> tuple[dict[str, list[Row]], dict[int, str]]:
    filling, size = _Filling.start(shape, dump), len(records)
    if shape.branch is not None:
        filling.fill_branch(shape.branch, records)
    if shape.key is not None and extras.keys is not None:
        filling.fill(shape.key, list(extras.keys))
    for number, texts in extras.texts.items():
        filling.fill(number, texts)
    if shape.number is not None:
        filling.columns[shape.number] = list(range(extras.first_number, extras.first_number + size))
    if shape.fill is not None:
        filling.columns[shape.fill] = _fill_numbers(filling.columns[shape.fill], extras.first_number)
    rows, keys = {shape.table.name: filling.rows(size)}, filling.keys(size)
    for child, values in filling.lists:
        lists = _once_per_key(keys, values) if len(set(keys)) < size else values
        _shape_list(child, keys, lists, rows, filling)
    return rows, filling.unfit


def _once_per_key(keys: list[Row], values: list[Elements]) -> list[Elements]:
    """A copy of a record brings no second list."""
    first = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))
    return [value if first[key] == place else [] for place, (key, value) in enumerate(zip(keys, values, strict=True))]


def _fill_numbers(given: list[Any], first: int) -> list[Any]:
    """Give records without a key the next free numbers, in order."""
    numbers = count(first)
    return [next(numbers) if value is None else value for value in given]


def _parts(shape: Shape, name: str, values: list[Any], unfit: dict[int, str]) -> list[Elements]:
    if shape.key is not None:
        return _as_maps(name, values, unfit)
    if shape.table.split:
        values = [value.split(shape.table.split) if type(value) is str and value else value for value in values]
    return _as_lists(name, values, unfit)


def _as_lists(name: str, values: list[Any], unfit: dict[int, str]) -> list[Elements]:
    """The elements of each list; a map whose keys only count is one, null and missing are empty ones."""
    if set(map(type, values)) == {list}:
        return values
    lists: list[Elements] = []
    for place, value in enumerate(values):
        if type(value) is list:
            lists.append(value)
            continue
        lists.append(list(value.values()) if type(value) is dict else [])
        if type(value) is dict and not all(map(str.isdigit, value)):
            unfit.setdefault(place, f'"{name}" is an object, no list')
        elif type(value) is not dict and value is not None and value is not MISSING and value != "":
            unfit.setdefault(place, f'"{name}" is no list')
    return lists


def _as_maps(name: str, values: list[Any], unfit: dict[int, str]) -> list[Elements]:
    """The members of each map; a list is one whose keys count, null and missing are empty ones."""
    maps: list[Elements] = []
    for place, value in enumerate(values):
        if type(value) is list:
            maps.append({str(number): element for number, element in enumerate(value)})
            continue
        maps.append(value if type(value) is dict else {})
        if type(value) is not dict and value is not None and value is not MISSING and value != "":
            unfit.setdefault(place, f'"{name}" is no object')
    return maps


def _shape_list(
    shape: Shape, keys: list[Row], lists: list[Elements], rows: dict[str, list[Row]], outer: _Filling
) -> None:
    """Rows for the elements of each parent's list; an element that doesn't fit condemns its record."""
    sizes, has_maps = list(map(len, lists)), dict in set(map(type, lists))
    plain = [each.values() if type(each) is dict else each for each in lists] if has_maps else lists
    elements = list(chain.from_iterable(plain))
    filling = _Filling.start(shape, outer.dump)
    for number, part in zip(shape.parents, zip(*keys, strict=True) if keys else (), strict=False):
        filling.columns[number] = list(chain.from_iterable(map(repeat, part, sizes)))
    if shape.position is not None:
        filling.columns[shape.position] = list(chain.from_iterable(map(range, sizes)))
    if shape.key is not None:
        filling.fill(shape.key, list(chain.from_iterable(lists)))
    if shape.element is not None:
        filling.fill(shape.element, elements)
    elif shape.branch is not None:
        if set(map(type, elements)) - {dict}:
            filling.unfit = {n: "is no object" for n, element in enumerate(elements) if type(element) is not dict}
            elements = [element if type(element) is dict else {} for element in elements]
        filling.fill_branch(shape.branch, elements)
    made = filling.rows(len(elements))
    rows.setdefault(shape.table.name, []).extend(_without_repeats(shape, made) if shape.element is not None else made)
    inner_keys = filling.keys(len(elements))
    for child, values in filling.lists:
        _shape_list(child, inner_keys, values, rows, filling)
    owners = list(chain.from_iterable(map(repeat, count(), sizes))) if filling.unfit else []
    for place, reason in filling.unfit.items():
        outer.unfit.setdefault(owners[place], f"an element of {'.'.join(shape.table.path)}: {reason}")


def _without_repeats(shape: Shape, rows: list[Row]) -> list[Row]:
    """An association can't hold a pair twice; the ledger keeps the list as it was."""
    if shape.table.kind != "association":
        return rows
    first: dict[Row, Row] = {}
    for row in rows:
        if shape.element is not None and row[shape.element] is not None:
            first.setdefault(tuple(row[number] for number in shape.keys), row)
    return list(first.values())
