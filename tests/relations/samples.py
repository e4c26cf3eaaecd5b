"""Folders of which the truth is known: the made stores and databases, and those of OUTGROW_DATA/relations as files.

A sample is its files as plain values, and its truth: per table where its records come from, its keys, and how nested
values are best kept. Columns are called by their field (`address.city`), or `<key>` for the key in a map or the
name of a file, `<element>` for what a list of scalars holds, `<number>` for a key that is made up. A table within
another's records is called `orders/items`.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store_files import File, write
from store_words import Words

HERE = Path(__file__).parent
STORES = HERE / "stores"
DATABASES = HERE / "databases"
DATA = Path(os.environ.get("OUTGROW_DATA") or HERE.parents[2] / "shared" / "data") / "relations"
SETS = ("made", "classic", "datatracer", "spiderman_a")
FORMATS = (("comma", "csv"), ("python", "json"), ("python lines", "ndjson"))
INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?")
csv.field_size_limit(10**9)

Truth = dict[str, dict[str, Any]]
Record = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """Files, and what their tables truly are."""

    name: str
    files: list[File]
    tables: Truth

    def write(self, folder: Path) -> None:
        """Make the folder that is to be inferred from."""
        write(self.files, folder)

    @property
    def rows(self) -> int:
        """How many records there are at the top of all files."""
        return sum(len(self.records(table)) for table in self.tables if "/" not in table)

    def holder(self, table: str) -> tuple[File, Any]:
        """The file of a table's records, and the list or map that they are in."""
        source = self.tables[table]["source"]
        name, _, inner = source.partition("#/")
        file = next(each for each in self.files if each.name == name)
        if not inner and isinstance(file.value, dict) and list(file.value) == [table]:
            inner = table
        return file, file.value[inner] if inner else file.value

    def records(self, table: str) -> list[Any]:
        """A table's records, or the elements of the lists or maps it is made of; each may be changed in place."""
        parent, _, path = table.rpartition("/")
        if parent:
            inside = (get(record, path) for record in self.records(parent))
            return [element for elements in inside if elements for element in _elements(elements)]
        if self.tables[table]["source"].endswith("/*"):
            folder = self.tables[table]["source"][:-1]
            return [file.value for file in self.files if file.name.startswith(folder)]
        value = self.holder(table)[1]
        if isinstance(value, dict):
            return list(value.values()) if all(isinstance(each, dict) for each in value.values()) else [value]
        return value

    def keys(self, table: str) -> list[str]:
        """The keys of a table's records in their maps, or the names of their files."""
        parent, _, path = table.rpartition("/")
        if parent:
            inside = (get(record, path) for record in self.records(parent))
            return [name for members in inside if isinstance(members, dict) for name in members]
        source = self.tables[table]["source"]
        if source.endswith("/*"):
            return [Path(file.name).stem for file in self.files if file.name.startswith(source[:-1])]
        value = self.holder(table)[1]
        return list(value) if isinstance(value, dict) else []

    def values(self, table: str, column: str) -> list[Any]:
        """What a column holds, record by record."""
        if column == "<key>":
            return list(self.keys(table))
        if column == "<element>":
            return self.records(table)
        return [get(record, column) for record in self.records(table)]


def _elements(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value


def get(record: Any, path: str) -> Any:
    """The value at a dotted path; none where there is no such field."""
    for name in path.split("."):
        record = record.get(name) if isinstance(record, dict) else None
    return record


def stores() -> Iterator[Sample]:
    """All made stores."""
    for folder in sorted(path.parent for path in STORES.glob("*/truth.json")):
        yield store(folder.name)


def store(name: str) -> Sample:
    """One made store, the same every time."""
    spec = importlib.util.spec_from_file_location(f"store_{name}", STORES / name / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    truth = json.loads((STORES / name / "truth.json").read_text(encoding="utf-8"))
    return Sample(name, module.make(Words(name)), truth["tables"])


def set_folder(name: str) -> Path:
    """Where the databases of a set are."""
    return DATABASES if name == "made" else DATA / name


def databases(set_name: str) -> Iterator[Sample]:
    """The databases of a set, each in one format that depends on its name alone."""
    for folder in sorted(set_folder(set_name).glob("*/truth.json")):
        yield database(folder.parent)


def database(folder: Path, *, nested: bool = False) -> Sample:
    """The tables of a database as files; with `nested` in a format that can hold lists."""
    choice = int(hashlib.sha256(b"format" + folder.name.encode()).hexdigest(), 16)
    formats = FORMATS[1:] if nested else FORMATS
    style, ending = formats[choice % len(formats)]
    files = []
    for path in sorted((folder / "data").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as stream:
            head, *body = csv.reader(stream)
        columns = [[row[place] for row in body] for place in range(len(head))]
        if style != "comma":
            columns = [_typed(column) for column in columns]
        records = [dict(zip(head, row, strict=True)) for row in zip(*columns, strict=True)]
        files.append(File(f"{path.stem}.{ending}", records, style))
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["tables"]
    return Sample(folder.name, files, {name: _as_truth(f"{name}.{ending}", table) for name, table in truth.items()})


def _as_truth(source: str, table: dict[str, Any]) -> dict[str, Any]:
    """The key of a table without rows can't be known."""
    key = table["primary_key"] if table["rows"] else []
    return {"source": source, "primary_key": key, "unique": [], "foreign_keys": table["foreign_keys"]}


def _typed(values: list[str]) -> list[Any]:
    """What a program would have written for a column: integers, floats, else strings; '' is null."""
    full = [value for value in values if value != ""]
    kind: type = str
    if full and all(INTEGER.fullmatch(value) for value in full):
        kind = int
    elif full and all(NUMBER.fullmatch(value) for value in full):
        kind = float
    return [None if value == "" else kind(value) for value in values]
