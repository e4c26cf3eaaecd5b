"""Harder versions of a sample, each with a truth that follows from the sample's own.

`shuffled` has the fields of its records in another order, `dark` has no names, `small` at most twenty records of a
kind, `dirty` orphans and numbers that are written as text now and then, `nested` children within their parents.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from samples import Sample, get
from store_files import File

SMALL = 20
ORPHANS = 0.02
AS_TEXT = 0.1


def shuffled(sample: Sample) -> Sample:
    """The same fields in another order, which is one for all records of a kind."""
    files = [replace(file, value=_reorder(file.value, sample.name)) for file in sample.files]
    return Sample(sample.name, files, sample.tables)


def _reorder(value: Any, seed: str) -> Any:
    if isinstance(value, list):
        return [_reorder(each, seed) for each in value]
    if not isinstance(value, dict):
        return value
    # The fields of all records stand in the order of a hash of their names; so do the keys of a map, harmlessly.
    names = sorted(value, key=lambda name: hashlib.sha256(f"{seed} {name}".encode()).digest())
    return {name: _reorder(value[name], seed) for name in names}


def small(sample: Sample) -> Sample:
    """At most twenty records of a kind, and no reference to one that isn't among them."""
    result = _copy(sample)
    for table in [name for name in result.tables if "/" not in name]:
        _keep(result, table, set(range(SMALL)))
    for _ in range(len(result.tables)):
        dropped = [_drop_dangling(result, table) for table in result.tables]
        if not any(dropped):
            break
    tables = {}
    for name, table in result.tables.items():
        held = [
            key
            for key in table["foreign_keys"]
            if any(v not in (None, "", 0) for v in result.values(name, key["columns"][0]))
        ]
        key = table.get("primary_key") if result.records(name) else []
        tables[name] = {**table, "foreign_keys": held, "primary_key": key}
    return Sample(sample.name, result.files, tables)


def _keep(sample: Sample, table: str, places: set[int]) -> None:
    """Drop a table's other records, in their files or within the lists they are in."""
    parent, _, path = table.rpartition("/")
    source = sample.tables[table].get("source", "")
    if parent:
        start = 0
        for record in sample.records(parent):
            elements = get(record, path)
            if elements:
                lost = [place for place in range(len(elements)) if start + place not in places]
                start += len(elements)
                for each in [list(elements)[place] if isinstance(elements, dict) else place for place in lost[::-1]]:
                    del elements[each]
    elif source.endswith("/*"):
        files = [file for file in sample.files if file.name.startswith(source[:-1])]
        for file in [file for place, file in enumerate(files) if place not in places]:
            sample.files.remove(file)
    else:
        _keep_of(sample.holder(table)[1], places)


def _keep_of(value: Any, places: set[int]) -> None:
    if isinstance(value, list):
        value[:] = [each for place, each in enumerate(value) if place in places]
    elif all(isinstance(each, dict) for each in value.values()):
        for name in [name for place, name in enumerate(value) if place not in places]:
            del value[name]


def _drop_dangling(sample: Sample, table: str) -> bool:
    dangling: set[int] = set()
    for key in sample.tables[table]["foreign_keys"]:
        here = list(zip(*(sample.values(table, name) for name in key["columns"]), strict=True))
        there = [sample.values(key["table"], name) for name in key["references"]]
        known = {tuple(map(str, row)) for row in zip(*there, strict=True)}
        for place, row in enumerate(here):
            if not any(value in (None, "", 0) for value in row) and tuple(map(str, row)) not in known:
                dangling.add(place)
    if dangling:
        _keep(sample, table, set(range(len(sample.records(table)))) - dangling)
    return bool(dangling)


def dirty(sample: Sample) -> Sample:
    """A fiftieth of all references lead nowhere, and some numbers stand there as text."""
    result = _copy(sample)
    chance = Random(f"dirty {sample.name}")
    for name, table in result.tables.items():
        for key in table["foreign_keys"]:
            if len(key["columns"]) == 1 and key["columns"][0] != "<key>":
                known = result.values(key["table"], key["references"][0])
                _soil(result, name, key["columns"][0], _stranger(known), chance)
    return result


def _soil(sample: Sample, table: str, column: str, stranger: Any, chance: Random) -> None:
    filled = [value for value in sample.values(table, column) if value not in (None, "", 0)]
    orphans = set(chance.sample(range(len(filled)), round(len(filled) * ORPHANS)))
    textual = _textual(sample, table)
    place = iter(range(len(filled)))

    def soiled(value: Any) -> Any:
        if value in (None, "", 0):
            return value
        if next(place) in orphans:
            return stranger
        if isinstance(value, int) and not textual and chance.random() < AS_TEXT:
            return str(value)
        return value

    if column == "<element>":
        parent, _, path = table.rpartition("/")
        for record in sample.records(parent):
            elements = get(record, path)
            if isinstance(elements, list):
                elements[:] = map(soiled, elements)
        return
    *outer, last = column.split(".")
    for record in sample.records(table):
        inside = get(record, ".".join(outer)) if outer else record
        if isinstance(inside, dict) and last in inside:
            inside[last] = soiled(inside[last])


def _textual(sample: Sample, table: str) -> bool:
    source = sample.tables[table.partition("/")[0]]["source"]
    return not source.endswith("/*") and sample.holder(table.partition("/")[0])[0].style in ("comma", "semicolon")


def _stranger(known: Iterable[Any]) -> Any:
    """A value of the kind that a key has, but none of it."""
    known = [value for value in known if value is not None]
    if known and all(isinstance(value, int) for value in known):
        return max(known) + 1000
    text = str(known[0]) if known else "nobody"
    candidate = text[::-1]
    return candidate if candidate not in map(str, known) and not text.isdigit() else f"{text}9"


def dark(sample: Sample) -> Sample:
    """All names are gone: fields are c1, c2, …, collections taa, tab, … (files whose names count would be one)."""
    return _Darkness(sample).sample()


def _letters(number: int) -> str:
    first, second = divmod(number, 26)
    return f"t{chr(97 + first)}{chr(97 + second)}"


class _Darkness:
    """New names for a sample's collections and fields, and the sample under them."""

    def __init__(self, sample: Sample) -> None:
        self.bright = sample
        self.collections = {t: _letters(n) for n, t in enumerate(t for t in sample.tables if "/" not in t)}
        self.fields: dict[str, dict[str, str]] = {table: {} for table in sample.tables}
        for table in sample.tables:
            for record in sample.records(table):
                self._collect(table, record, ())

    def _collect(self, table: str, record: Any, path: tuple[str, ...]) -> None:
        known = self.fields[table]
        for name, value in record.items() if isinstance(record, dict) else ():
            full = ".".join((*path, name))
            if full not in known:
                siblings = sum(1 for each in known if each.split(".")[:-1] == list(path))
                above = f"{known['.'.join(path)]}." if path else ""
                known[full] = f"{above}c{siblings + 1}"
            if self._spreads(table, full):
                self._collect(table, value, (*path, name))

    def _spreads(self, table: str, path: str) -> bool:
        return self.bright.tables[table].get("shapes", {}).get(path) == "columns"

    def sample(self) -> Sample:
        files = [file for each in self.bright.files for file in self._file(each)]
        return Sample(
            self.bright.name, files, {self._table(n): self._truth(n, t) for n, t in self.bright.tables.items()}
        )

    def _table(self, name: str) -> str:
        parent, _, path = name.rpartition("/")
        return f"{self._table(parent)}/{self.fields[parent][path]}" if parent else self.collections[name]

    def _truth(self, name: str, table: dict[str, Any]) -> dict[str, Any]:
        def columns(of: str, names: Iterable[str]) -> list[str]:
            return [self.fields[of].get(each, each) for each in names]

        links = [
            {
                **key,
                "columns": columns(name, key["columns"]),
                "table": self._table(key["table"]),
                "references": columns(key["table"], key["references"]),
            }
            for key in table["foreign_keys"]
        ]
        return {
            **({"source": self._source(name)} if "/" not in name else {}),
            "primary_key": columns(name, table.get("primary_key", ())),
            "also_primary_key": [columns(name, key) for key in table.get("also_primary_key", ())],
            "foreign_keys": links,
            "shapes": {self.fields[name].get(path, path): shape for path, shape in table.get("shapes", {}).items()},
        }

    def _source(self, name: str) -> str:
        source, dark_name = self.bright.tables[name]["source"], self.collections[name]
        if source.endswith("/*"):
            return f"{dark_name}/*"
        file, _, inner = source.partition("#/")
        return f"data{Path(file).suffix}#/{dark_name}" if inner else f"{dark_name}{Path(file).suffix}"

    def _file(self, file: File) -> list[File]:
        folder = f"{Path(file.name).parent}/*"
        for name, dark_name in self.collections.items():
            source = self.bright.tables[name]["source"]
            if source == folder:
                return [replace(file, name=f"{dark_name}/{Path(file.name).name}", value=self._record(name, file.value))]
            if source == file.name:
                wrapped = self.bright.holder(name)[1] is not file.value
                value = self._collection(name, self.bright.holder(name)[1])
                return [replace(file, name=self._source(name), value={dark_name: value} if wrapped else value)]
        inner = {
            t["source"].partition("#/")[2]: n for n, t in self.bright.tables.items() if "#/" in t.get("source", "")
        }
        value = {
            self.collections[inner[key]]: self._collection(inner[key], each)
            for key, each in file.value.items()
            if key in inner  # a counter beside the records is no table
        }
        return [replace(file, name=f"data{Path(file.name).suffix}", value=value)]

    def _collection(self, table: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._record(table, each) for each in value]
        if all(isinstance(each, dict) for each in value.values()):
            return {key: self._record(table, each) for key, each in value.items()}
        return self._record(table, value)

    def _record(self, table: str, record: Any, path: tuple[str, ...] = ()) -> Any:
        if not isinstance(record, dict):
            return record
        result = {}
        for name, value in record.items():
            full = ".".join((*path, name))
            made = value
            if self._spreads(table, full):
                made = self._record(table, value, (*path, name))
            elif f"{table}/{full}" in self.fields and isinstance(value, list):
                made = [self._record(f"{table}/{full}", each) for each in value]
            result[self.fields[table][full].rpartition(".")[2]] = made
        return result


def nested(sample: Sample) -> Sample:
    """Tables that only one other owns become lists in its records, and pairs of keys lists of numbers.

    For samples whose tables are flat and whose format can hold lists.
    """
    result = _copy(sample)
    for name in list(result.tables):
        owner = _owner(result, name)
        if owner is not None:
            _fold(result, name, owner)
    return result


def _owner(sample: Sample, name: str) -> dict[str, Any] | None:
    """The foreign key by which a table's rows may be put into the records of another, if one can have several."""
    referred = {key["table"] for table in sample.tables.values() for key in table["foreign_keys"]}
    if name in referred or any(each.startswith(f"{name}/") for each in sample.tables):
        return None
    for key in sample.tables[name]["foreign_keys"]:
        parent = sample.tables[key["table"]]
        if "source" not in parent or parent["primary_key"] != key["references"] or len(key["columns"]) != 1:
            continue
        values = sample.values(name, key["columns"][0])
        if set(values) <= set(sample.values(key["table"], key["references"][0])) and len(set(values)) < len(values):
            return dict(key)
    return None


def _fold(sample: Sample, name: str, owner: dict[str, Any]) -> None:
    table = sample.tables.pop(name)
    sample.tables[name] = table
    column, parent = owner["columns"][0], owner["table"]
    rest = [key for key in table["foreign_keys"] if column not in key["columns"]]
    fields = [each for each in next(iter(sample.records(name))) if each != column]
    pair = len(fields) == 1 and len(rest) == 1
    path = rest[0]["table"] if pair else name
    if any(path in record for record in sample.records(parent)):
        path = f"{path}_list"
    children: dict[Any, list[Any]] = {}
    for record in sample.records(name):
        inner = record[fields[0]] if pair else {field: record[field] for field in fields}
        children.setdefault(record[column], []).append(inner)
    for record in sample.records(parent):
        record[path] = children.get(record[owner["references"][0]], [])
    sample.files.remove(sample.holder(name)[0])
    del sample.tables[name]
    links = [{**key, "columns": ["<element>"]} for key in rest] if pair else rest
    sample.tables[f"{parent}/{path}"] = {"foreign_keys": links}
    sample.tables[parent].setdefault("shapes", {})[path] = "association" if pair else "table"


def _copy(sample: Sample) -> Sample:
    files = [replace(file, value=copy.deepcopy(file.value)) for file in sample.files]
    return Sample(sample.name, files, copy.deepcopy(sample.tables))


DERIVED: dict[str, Callable[[Sample], Sample]] = {
    "shuffled": shuffled,
    "small": small,
    "dirty": dirty,
    "dark": dark,
    "nested": nested,
}
