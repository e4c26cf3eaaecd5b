"""Records with values inside values → the tables that hold them, and which field becomes which column.

Objects with a stable shape spread over columns of their table; lists become child tables; what has no
shape of its own (maps with ever new keys, lists of lists, scalars mixed with objects) is kept whole as JSON.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.draft import Draft
from outgrow.schema.model import Column, ColumnType, Table
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
from outgrow.schema.profile import CollectionProfile, FieldProfile
from outgrow.schema.types import JSON, TEXT, describe, holds_secret, infer_secret, infer_type, text_type
from outgrow.schema.words import ACCOUNT_FIELDS, ACCOUNTS, IDENTIFYING, squash

STABLE = 0.5
ALIKE_STABLE = 0.75
DEEPEST = 4
MOST_SPREAD = 60
_WORDLIKE = re.compile(r"[A-Za-z_$][\w$-]*")

How = Literal["column", "columns", "table", "json"]
IsKeys = Callable[[Iterable[str]], bool]


class Nesting:
    """Turns collections into drafts; knows which names are taken and which names are keys of other records."""

    def __init__(self, collections: Iterable[CollectionProfile]) -> None:
        self._tables: set[str] = set()
        self._classes: set[str] = set()
        self._keys = [c.key.distinct for c in collections if c.key is not None and c.records > 1]

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
        columns: dict[str, Column] = {}
        profiles: dict[str, FieldProfile] = {}
        lists: list[tuple[tuple[str, ...], FieldProfile]] = []
        for path, field in self._leaves(record, (), depth):
            if self.how_kept(field, depth) == "table":
                lists.append((path, field))
                continue
            column = _make_column(draft, path, field, columns, _siblings(record, path))
            columns[column.name] = column
            profiles[column.name] = field
        full = replace(draft.with_columns(tuple(columns.values())), profiles=profiles)
        children = [child for path, field in lists for child in self._child(full, path, field, depth + 1)]
        return [full, *children]

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
        if not field.objects and not field.lists:
            return "column"
        scalars = field.booleans + field.integers + field.floats + field.numbers + field.texts
        if scalars - field.empty or depth > DEEPEST:
            return "json"
        objects, lists = field.objects - field.empty_objects, field.lists - field.empty_lists
        if (not objects and not lists) or field.many_fields:
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

    def _is_stable(self, field: FieldProfile) -> bool:
        """Whether objects have fields rather than keys: named as fields are, and most of them mostly there."""
        names = list(field.fields)
        filled = field.objects - field.empty_objects
        if not names or not filled or len(names) > MOST_SPREAD:
            return False
        if sum(1 for name in names if _WORDLIKE.fullmatch(name)) * 2 <= len(names):
            return False
        there = sum(each.seen - each.missing for each in field.fields.values()) / (len(names) * filled)
        if there < STABLE or (there < ALIKE_STABLE and len(names) > 2 and _all_alike(field)):
            return False
        return not self._are_keys(names)

    def _are_keys(self, names: list[str]) -> bool:
        """Whether the names are, one and all, keys that other records have."""
        known = DistinctValues()
        known.add_texts(names)
        return any(known.share_in(keys) == 1.0 for keys in self._keys)

    def _child(self, parent: Draft, path: tuple[str, ...], field: FieldProfile, depth: int) -> list[Draft]:
        """The table for the list at `path` within the parent's records."""
        element = list_element(field)
        stem = "_".join(_without_repeat(singular(parent.name), plural(snake("_".join(path)))))
        name = self._take_table(free_name(shorten(stem), self._tables))
        account = _holds_accounts(path[-1], element.fields)
        rows = element.seen
        table = Table(name, self._take_class(name), parent.table.source, "child", (), (), rows=rows)
        table = replace(table, parent=parent.name, path=path, evidence=f"{rows} in lists of {parent.name}")
        draft = Draft(table, {}, parent.collection, field, account=account)
        if element.objects:
            return self._spread(draft, element, depth)
        column = replace(_make_column(draft, (singular(snake(path[-1])),), element, (), ()), role="element", field=())
        return [replace(draft.with_columns((column,)), profiles={column.name: element})]


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
    """Whether the objects are lists in disguise: `{"0": .., "1": ..}`, as PHP writes a list with a gap."""
    if not all(name.isascii() and name.isdigit() for name in field.fields):
        return False
    numbers = sorted(map(int, field.fields))
    return numbers[0] in (0, 1) and numbers[-1] - numbers[0] == len(numbers) - 1


def _all_alike(field: FieldProfile) -> bool:
    """Whether the values under all names are of one kind, as they are in a map."""
    return len({_kind(each) for each in field.fields.values()}) == 1


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
    guess = infer_type(field, path[-1], textual=draft.collection.textual)
    column_type = guess.type
    secret = infer_secret(path[-1], column_type, siblings, account=draft.account)
    if secret == "password":
        column_type = ColumnType("string", 255) if field.longest <= 255 else TEXT
    elif secret and column_type.name not in ("string", "text"):
        column_type = text_type(field, path[-1])
    absent = rows - (field.seen - field.missing - field.null)
    if column_type.name not in ("string", "text"):
        absent += field.empty + field.nulls
    evidence = describe(field, rows, secret=secret is not None)
    if guess.mixed:
        evidence = ", ".join(filter(None, ("values of several kinds", evidence)))
    return Column(name, column_type, field=path, nullable=absent > 0 or not rows, secret=secret, evidence=evidence)


def _siblings(record: FieldProfile, path: tuple[str, ...]) -> Iterable[str]:
    """The fields of the object in which a path ends."""
    for name in path[:-1]:
        record = record.fields[name]
    return record.fields


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
