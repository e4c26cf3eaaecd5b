"""Records with values inside values → the tables that hold them, and which field becomes which column.

Objects with a stable shape spread over columns of their table; lists become child tables; so do
objects whose names are data (`maps`), with a column for the name. What has no shape of its own (lists of lists,
scalars mixed with objects) is kept whole as JSON.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Literal

from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.distinct import DistinctValues
from outgrow.schema.draft import Draft
from outgrow.schema.listed import keys_in_cells
from outgrow.schema.maps import ALIKE_SPARSE, SPARSE, Keys, is_map, key_column, members, names_are_words, share_there
from outgrow.schema.model import Column, ColumnType, Table
from outgrow.schema.moments import UNIX
from outgrow.schema.names import (
    class_name,
    column_name,
    free_name,
    plural,
    shorten,
    singular,
    snake,
    table_name,
    tokens,
)
from outgrow.schema.profile import FieldProfile
from outgrow.schema.roles import ACCOUNTS
from outgrow.schema.types import JSON, TEXT, describe, holds_secret, infer_secret, infer_type, text_type, whole_type
from outgrow.schema.words import (
    ACCOUNT_FIELDS,
    ID_WORDS,
    IDENTIFYING,
    TYPE_ENDINGS,
    UNIQUE_ANYWHERE,
    UNIQUE_IN_ACCOUNTS,
    squash,
)
from outgrow.schema.written import is_time_name

DEEPEST = 4
MOST_SPREAD = 60
MOST_LISTS = 20
FULL = 80

How = Literal["column", "columns", "table", "map", "cells", "json"]
TABLES = ("table", "map", "cells")
IsKeys = Callable[[Iterable[str]], bool]
KINDS = [(ending,) for ending in TYPE_ENDINGS]


class Nesting:
    """Turns collections into drafts; knows which names are taken and which names are keys of other records."""

    def __init__(self, collections: Iterable[CollectionProfile]) -> None:
        self._tables: set[str] = set()
        self._classes: set[str] = set()
        self._hows: dict[tuple[int, int], How] = {}
        self._keys = [(c.name, c.key.distinct) for c in collections if c.key is not None and c.records > 1]
        self._ids = [(c.name, ids) for c in collections for ids in _ids(c)]

    def drafts(self, collection: CollectionProfile) -> list[Draft]:
        """The collection's own table, then those of the lists within its records, parents first."""
        root = collection.root
        name = self._take_table(table_name(collection.name, self._tables))
        kind: Literal["singleton", "entity"] = "singleton" if _is_settings(collection) else "entity"
        account = _holds_accounts(collection.name, root.fields)
        rows = collection.records - collection.others
        table = Table(name, self._take_class(name), collection.source, kind, (), (), rows=rows)
        table = replace(table, evidence=f"{rows} record{'' if rows == 1 else 's'}")
        draft = Draft(table, {}, collection, account=account)
        if root.many_fields:
            return [_with_any_values(draft, root)]
        return self._spread(draft, root, depth=1)

    def _take_table(self, name: str) -> str:
        self._tables.add(name)
        return name

    def _take_class(self, table: str) -> str:
        name = class_name(table, self._classes)
        self._classes.add(name)
        return name

    def _spread(self, draft: Draft, record: FieldProfile, depth: int) -> list[Draft]:
        """Fill the draft with the record's columns, and add a draft for each list within."""
        columns = {column.name: column for column in draft.table.columns}
        profiles = dict(draft.profiles)
        lists: list[tuple[tuple[str, ...], FieldProfile, How]] = []
        leaves = list(self._leaves(record, (), depth))
        hows = {path: self.how_kept(field, depth) for path, field in leaves}
        tables = sum(how in TABLES for how in hows.values())
        for path, field in _with_few_columns(record, leaves):
            how = hows.get(path, "json")
            if how in TABLES and tables <= MOST_LISTS:
                lists.append((path, field, how))
                continue
            column = _make_column(draft, path, field, columns, _siblings(record, path))
            if column.format in UNIX and not is_time_name(path[-1]) and self._refers(field):
                column = replace(column, type=whole_type(field), format="", nullable=field.filled < draft.table.rows)
            if how in TABLES or path not in hows:
                column = replace(column, evidence="kept whole: there are too many of them")
            columns[column.name] = column
            profiles[column.name] = field
        full = replace(draft.with_columns(tuple(columns.values())), profiles=profiles)
        return [full, *chain.from_iterable(self._child(full, *each, depth + 1) for each in lists)]

    def _leaves(
        self, record: FieldProfile, path: tuple[str, ...], depth: int
    ) -> Iterator[tuple[tuple[str, ...], FieldProfile]]:
        for name, field in record.fields.items():
            if self.how_kept(field, depth) == "columns":
                yield from self._leaves(field, (*path, name), depth + 1)
            else:
                yield (*path, name), field

    def how_kept(self, field: FieldProfile, depth: int) -> How:
        """How the values of a field are best kept."""
        asked = (id(field), depth)
        if asked not in self._hows:
            self._hows[asked] = self._decide(field, depth)
        return self._hows[asked]

    def _decide(self, field: FieldProfile, depth: int) -> How:
        if not field.objects and not field.lists:
            return "cells" if depth < DEEPEST and keys_in_cells(field, self._all_keys()) else "column"
        scalars = field.booleans + field.integers + field.floats + field.numbers + field.texts
        if scalars - field.empty or depth > DEEPEST:
            return "json"
        objects, lists = field.objects - field.empty_objects, field.lists - field.empty_lists
        if not objects and not lists:
            return "json"
        if objects and not lists and not _counts_only(field) and depth < DEEPEST and self._is_map(field, depth):
            return "map"
        if field.many_fields:
            return "json"
        if objects and _counts_only(field):
            return "table" if self._is_row(list_element(field), depth) else "json"
        if objects and lists:
            return "json"
        if lists:
            return "table" if self._is_row(list_element(field), depth) else "json"
        return "columns" if not field.empty and self._is_stable(field) else "json"

    def _is_row(self, element: FieldProfile, depth: int) -> bool:
        """Whether each element of a list makes one row: all objects of one shape, or all scalars."""
        if element.lists or element.null or depth >= DEEPEST:
            return False
        if element.objects:
            return element.objects == element.seen and not element.many_fields and self._is_stable(element)
        return element.seen > element.empty

    def _is_map(self, field: FieldProfile, depth: int) -> bool:
        """Whether each member of an object makes one row, with its name as the key."""
        if field.empty or not is_map(field, self._all_keys()):
            return False
        values = members(field)[1]
        return not values.objects or (depth < DEEPEST and not values.many_fields and self._is_stable(values))

    def _is_stable(self, field: FieldProfile) -> bool:
        """Whether objects have fields rather than keys: named as fields are, and most of them mostly there."""
        names = list(field.fields)
        if not names or field.objects == field.empty_objects or len(names) > MOST_SPREAD:
            return False
        if not names_are_words(names):
            return False
        there, alike = share_there(field), _all_alike(field)
        if (there < SPARSE and (alike or not _has_core(field))) or (there < ALIKE_SPARSE and len(names) > 2 and alike):
            return False
        return not self._are_keys(names)

    def _refers(self, field: FieldProfile) -> bool:
        """Whether the values are ids of other records, made from the time as many are."""
        return any(field.distinct.share_in(held) == 1.0 and held is not field.distinct for _, held in self._ids)

    def _all_keys(self) -> Keys:
        return (*self._keys, *self._ids)

    def _are_keys(self, names: list[str]) -> bool:
        """Whether the names are, one and all, keys that other records have."""
        known = DistinctValues()
        known.add_texts(names)
        return any(known.share_in(keys) == 1.0 for _, keys in self._keys)

    def _child(self, parent: Draft, path: tuple[str, ...], field: FieldProfile, how: How, depth: int) -> list[Draft]:
        """The table for the list at `path` within the parent's records, or for the map that is there."""
        names, element = members(field) if how == "map" else (None, list_element(field))
        split = keys_in_cells(field, self._all_keys()) or "" if how == "cells" else ""
        if split:
            element = field.pieces[split]
        stem = "_".join(_without_repeat(singular(parent.name), plural(snake("_".join(path)))))
        name = self._take_table(free_name(shorten(stem), self._tables))
        account = _holds_accounts(path[-1], element.fields)
        rows = element.seen
        table = Table(name, self._take_class(name), parent.table.source, "child", (), (), rows=rows)
        where = "maps" if how == "map" else f'texts parted by "{split}"' if split else "lists"
        evidence = f"{rows} in {where} of {parent.name}"
        table = replace(table, parent=parent.name, path=path, split=split, evidence=evidence)
        draft = Draft(table, {}, parent.collection, field, account=account)
        if names is not None:
            key = key_column(names, self._all_keys(), list(element.fields))
            draft = replace(draft.with_columns((key,)), profiles={key.name: names})
        if element.objects:
            return self._spread(draft, element, depth)
        said = singular(snake(path[-1]))
        taken = draft.table.by_name
        column = _make_column(draft, ("value" if said in taken else said,), element, taken, ())
        column = replace(column, role="element", field=())
        profiles = {**draft.profiles, column.name: element}
        return [replace(draft.with_columns((*draft.table.columns, column)), profiles=profiles)]


def _ids(collection: CollectionProfile) -> Iterator[DistinctValues]:
    """The values of fields that surely tell a collection's records apart."""
    for name, field in collection.root.fields.items():
        known = squash(name) in ID_WORDS or squash(name) in UNIQUE_ANYWHERE | UNIQUE_IN_ACCOUNTS
        if known and field.filled == collection.records > 1 and field.is_unique():
            yield field.distinct


def _with_few_columns(
    record: FieldProfile, leaves: list[tuple[tuple[str, ...], FieldProfile]]
) -> list[tuple[tuple[str, ...], FieldProfile]]:
    """The leaves, with the widest objects kept whole where a table would have more columns than anyone can read."""
    widths = Counter(path[0] for path, _ in leaves)
    total, whole = len(leaves), set()
    for name, width in widths.most_common():
        if total <= FULL or width == 1:
            break
        whole.add(name)
        total -= width - 1
    found = {(path[:1] if path[0] in whole else path): field for path, field in leaves}
    return [(path, record.fields[path[0]] if path[0] in whole else field) for path, field in found.items()]


def list_element(field: FieldProfile) -> FieldProfile:
    """What the elements of a list were seen to be; for a map whose keys only count, what its values were."""
    if field.element is not None and not field.fields:
        return field.element
    together = copy.deepcopy(field.element) or FieldProfile(field.name)
    for each in field.fields.values():
        together.merge(copy.deepcopy(each))
    together.seen -= together.missing
    together.missing = 0
    return together


def _counts_only(field: FieldProfile) -> bool:
    """Whether the objects are lists in disguise: `{"0": .., "1": ..}`, as PHP writes a list with a gap.

    Most of them begin with the first number then; those of a map by number begin with any.
    """
    if not field.fields or not all(name.isascii() and name.isdigit() for name in field.fields):
        return False
    numbers = sorted(map(int, field.fields))
    first = field.fields.get(str(numbers[0]))
    if first is None or (first.seen - first.missing) * 2 < field.objects - field.empty_objects:
        return False
    return numbers[0] in (0, 1) and numbers[-1] - numbers[0] == len(numbers) - 1


def _all_alike(field: FieldProfile) -> bool:
    """Whether the values under all names are of one kind, as they are in a map."""
    return len({_kind(each) for each in field.fields.values()}) == 1


def _has_core(field: FieldProfile) -> bool:
    """Whether every object has one of the fields: the others may be rare, it is what the objects are about.

    Not if it only says of which kind an object is, and with it which other fields there are.
    """
    filled = field.objects - field.empty_objects
    core = (name for name, each in field.fields.items() if each.seen - each.missing == filled)
    return any(tokens(name)[-1:] not in KINDS for name in core)


def _kind(field: FieldProfile) -> str:
    counts = {
        "text": field.texts,
        "number": field.integers + field.floats + field.numbers,
        "boolean": field.booleans,
        "object": field.objects,
        "list": field.lists,
    }
    return max(counts, key=lambda name: counts[name])


def _is_settings(collection: CollectionProfile) -> bool:
    """Whether a single object is a file of settings rather than the first record of a collection."""
    if not collection.single or collection.records != 1:
        return False
    own = squash(singular(snake(collection.name))) + "id"
    return not any(squash(name) in IDENTIFYING or squash(name) == own for name in collection.root.fields)


def _holds_accounts(name: str, fields: Iterable[str]) -> bool:
    if singular((tokens(name) or ("",))[-1]) in ACCOUNTS:
        return True
    words = {squash(field) for field in fields}
    return len(words & ACCOUNT_FIELDS) > 1


def _without_repeat(parent: str, field: str) -> tuple[str, ...]:
    """`post`, `post_tags` → `post_tags`: a field that already says whose it is needs no prefix."""
    return (field,) if field.startswith(f"{parent}_") else (parent, field)


def _make_column(
    draft: Draft, path: tuple[str, ...], field: FieldProfile, taken: Iterable[str], siblings: Iterable[str]
) -> Column:
    rows = draft.table.rows
    name = column_name(path, taken)
    if field.objects or field.lists:
        return _make_json(name, path, field, rows)
    currency = "currency" in map(squash, siblings)
    guess = infer_type(field, path[-1], textual=draft.collection.textual, currency=currency)
    column_type, form = guess.type, guess.format
    secret = infer_secret(path[-1], column_type, siblings, account=draft.account)
    if secret == "password":
        column_type = ColumnType("string", 255) if field.longest <= 255 else TEXT
    elif secret and column_type.name not in ("string", "text"):
        column_type = text_type(field, path[-1])
    if secret:
        form = form if column_type == guess.type else ""
    absent = rows - (field.seen - field.missing - field.null)
    if column_type.name not in ("string", "text"):
        absent += field.empty + field.nulls
    if form in UNIX:
        absent += field.lowest == 0 or bool(field.texts)
    evidence = describe(field, rows, secret=secret is not None)
    if guess.mixed:
        evidence = ", ".join(filter(None, ("values of several kinds", evidence)))
    nullable = absent > 0 or not rows
    return Column(name, column_type, field=path, nullable=nullable, secret=secret, format=form, evidence=evidence)


def _siblings(record: FieldProfile, path: tuple[str, ...]) -> Iterable[str]:
    """The fields of the object in which a path ends, and what that is called: `smtp.password` is a server's."""
    for name in path[:-1]:
        record = record.fields[name]
    return [*record.fields, *path[:-1]]


def _with_any_values(draft: Draft, record: FieldProfile) -> Draft:
    """A table for records with too many different fields to follow: whatever the known ones hold fits."""
    columns: dict[str, Column] = {}
    for name, field in record.fields.items():
        secret: Literal["token"] | None = "token" if infer_secret(name, TEXT, (), account=True) else None
        column = Column(column_name((name,), columns), JSON, field=(name,), nullable=True, secret=secret)
        columns[column.name] = replace(column, secret=column.secret or ("token" if holds_secret(field) else None))
    return draft.with_columns(tuple(columns.values()))


def _make_json(name: str, path: tuple[str, ...], field: FieldProfile, rows: int) -> Column:
    absent = rows - (field.seen - field.missing - field.null)
    filled = field.objects + field.lists - field.empty_objects - field.empty_lists
    evidence = "no stable shape" if filled else "always empty"
    secret: Literal["token"] | None = "token" if holds_secret(field) else None
    return Column(name, JSON, field=path, nullable=absent > 0 or not rows, secret=secret, evidence=evidence)
