"""TOML values → `Plan`: the form of a plan, key by key. What doesn't fit becomes a fault with its path.

Reading goes on after a fault, with a value that causes no further ones, so that all faults of a plan
are found at once. What the tables say about one another is for `plan_check`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, cast, get_args

from outgrow.schema.model import (
    Column,
    ColumnType,
    Duplicates,
    Kind,
    OnDelete,
    Orphans,
    Plan,
    Reference,
    Role,
    Secret,
    Table,
    TypeName,
)
from outgrow.schema.paths import PARTS
from outgrow.schema.plan_text import Path, Places, one_line, restore
from outgrow.schema.plan_types import OTHER_NAMES, TYPE, TYPE_FORMS, make_type

PLAN_KEYS = ("version", "passwords", "tables")
TABLE_KEYS = (
    "source", "parent", "path", "split", "kind", "rows", "class", "key", "unique", "duplicates", "columns",
    "references", "drop",
)  # fmt: skip
COLUMN_KEYS = (
    "field", "from", "file", "path", "type", "nullable", "default", "default_json", "secret", "fill", "empty_is_null",
    "format", "none",
)  # fmt: skip
REFERENCE_KEYS = ("columns", "to", "referenced", "back", "unique", "on_delete", "orphans")

FROM = tuple(role for role in get_args(Role) if role not in ("field", "file", "path"))

Choice = TypeVar("Choice", bound=str)


class Faults(list[tuple[Path, str]]):
    """What is wrong with a plan: the path of the key, and the problem with its cure."""

    def add(self, path: Path, problem: str) -> None:
        """Note a fault."""
        self.append((path, problem))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a cure for an unknown name: the known one that it resembles, or all of them."""
    names = list(known)
    close = get_close_matches(name, names, n=1) or get_close_matches(name.lower(), names, n=1)
    if close:
        return f"did you mean {show(close[0])}?"
    return f"there is {', '.join(show(each) for each in names)}" if names else "there is none"


def show(value: object) -> str:
    """Return a value in quotes for a message: one printable line."""
    if isinstance(value, str):
        return f'"{one_line(value)}"'
    text = str(value).lower() if isinstance(value, bool) else one_line(str(value))
    return text if len(text) <= 60 else text[:57] + "..."


@dataclass(frozen=True)
class Section:
    """A TOML table that is being read: takes one key at a time and notes what is wrong with it."""

    values: Mapping[str, Any]
    path: Path
    label: str
    faults: Faults

    def fault(self, name: str | None, problem: str) -> None:
        self.faults.add(self.path if name is None else (*self.path, name), f"{self.label}: {problem}")

    def only(self, known: Sequence[str]) -> None:
        """Note each key that isn't known."""
        for name in self.values:
            if name not in known:
                self.fault(name, f"unknown key {show(name)}, {did_you_mean(name, known)}")

    def need(self, name: str, example: str) -> None:
        if name not in self.values:
            self.fault(None, f"{show(name)} is missing, write something like {name} = {example}")

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        if not isinstance(value, str):
            self.fault(name, f"{name} must be text in quotes, not {show(value)}")
            return default
        return restore(value)

    def choice(self, name: str, choices: Sequence[Choice], default: Choice) -> Choice:
        value = self.text(name, default)
        if value not in choices:
            self.fault(name, f"unknown {name} {show(value)}, {did_you_mean(value, choices)}")
            return default
        return cast("Choice", value)

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.fault(name, f"{name} must be true or false, not {show(value)}")
            return False
        return value

    def count(self, name: str) -> int:
        value = self.values.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.fault(name, f"{name} must be a whole number, not {show(value)}")
            return 0
        return value

    def items(self, name: str, example: str) -> list[Any]:
        value = self.values.get(name, [])
        if not isinstance(value, list):
            self.fault(name, f"{name} must be a list such as {example}, not {show(value)}")
            return []
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Take a list of names."""
        items = self.items(name, '["id"]')
        if not all(isinstance(item, str) for item in items):
            self.fault(name, f'{name} must be a list of names such as ["id"], not {show(items)}')
            return ()
        return tuple(restore(item) for item in items)

    def field_path(self, name: str) -> tuple[str, ...]:
        """Take a path of field names: text with dots, or a list."""
        return self.as_path(name, self.values.get(name, []))

    def as_path(self, name: str, value: object) -> tuple[str, ...]:
        if isinstance(value, str) and value:
            return tuple(restore(value).split("."))
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(restore(item) for item in value)
        self.fault(name, f'{name} must be a path such as "geo.lat" or ["geo", "lat"], not {show(value)}')
        return ()

    def sections(self, name: str, label: str) -> list[tuple[str, Section]]:
        """Take the tables in table `name`; `label` says what each one is, with its name in it."""
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.fault(name, f"{name} must be a table, not {show(value)}")
            return []
        found = []
        for raw, inner in value.items():
            each = restore(raw)
            section = Section(inner, (*self.path, name, raw), label.format(one_line(each)), self.faults)
            if isinstance(inner, dict):
                found.append((each, section))
            else:
                section.fault(None, f"must be a table such as {{ … }}, not {show(inner)}")
        return found


def read_plan(values: Mapping[str, Any], places: Places, faults: Faults) -> Plan | None:
    """Read the whole plan; without a version that is known nothing else is read."""
    section = Section(values, (), "the plan", faults)
    version = values.get("version")
    if version is None:
        faults.add(("version",), 'the plan: "version" is missing, its first line must be version = 1')
    elif isinstance(version, bool) or version != 1:
        faults.add(
            ("version",), f"the plan is of version {show(version)}, this outgrow reads version 1: infer the plan anew"
        )
        return None
    section.only(PLAN_KEYS)
    passwords: Literal["hash", "keep"] = section.choice("passwords", ("hash", "keep"), "hash")
    sources: dict[str, str] = {}
    tables = []
    files: dict[str, str] = {}
    for name, inner in section.sections("tables", "table {}"):
        if inner.values.get("parent") in files:
            continue  # what lists within these would have become
        if "keep" in inner.values:
            files[name] = _read_kept(inner)
            continue
        table = _read_table(name, inner, places, sources)
        sources[name] = table.source
        tables.append(table)
    keys = {table.name: table.primary_key for table in tables}
    aimed = (_aim(_without_files(table, files, faults), keys) for table in tables)
    return Plan(tuple(aimed), passwords, tuple(files.items()))


def _read_kept(section: Section) -> str:
    """The source of what shall stay a file; what else is said of its table is for the day when it becomes one."""
    section.only((*TABLE_KEYS, "keep"))
    section.choice("keep", ("file",), "file")
    if "parent" in section.values:
        section.fault("keep", "a list within records can't be left as a file: drop it, or keep its parent")
        return ""
    section.need("source", '"site.json"')
    return section.text("source")


def _without_files(table: Table, files: Mapping[str, str], faults: Faults) -> Table:
    """The table without references to what stays a file, each of which is a fault."""
    for each in table.references:
        if each.table in files:
            problem = f'{show(each.table)} is left as a file: remove this reference, or its keep = "file"'
            faults.add(("tables", table.name, "references", each.name, "to"), problem)
    return replace(table, references=tuple(each for each in table.references if each.table not in files))


def _aim(table: Table, keys: Mapping[str, tuple[str, ...]]) -> Table:
    """Let references that don't say which columns they refer to refer to the primary key."""
    references = tuple(
        reference if reference.referenced else replace(reference, referenced=keys.get(reference.table, ()))
        for reference in table.references
    )
    return replace(table, references=references)


def _read_table(name: str, section: Section, places: Places, sources: Mapping[str, str]) -> Table:
    section.only(TABLE_KEYS)
    parent = section.text("parent") if "parent" in section.values else None
    source = _read_source(section, parent, sources)
    section.need("class", '"Post"')
    section.need("key", '["id"]')
    kind: Kind = section.choice("kind", get_args(Kind), "entity" if parent is None else "child")
    return Table(
        name=name,
        class_name=section.text("class"),
        source=source,
        kind=kind,
        columns=tuple(_read_column(each, inner, places) for each, inner in section.sections("columns", _in(name))),
        primary_key=section.names("key"),
        unique=_read_unique(section),
        references=tuple(
            _read_reference(each, inner, places) for each, inner in section.sections("references", _in(name))
        ),
        parent=parent,
        path=section.field_path("path"),
        split=section.text("split") if "split" in section.values else "",
        duplicates=section.choice("duplicates", get_args(Duplicates), "keep-first"),
        dropped=tuple(section.as_path("drop", item) for item in section.items("drop", '["legacy"]')),
        rows=section.count("rows"),
        notes=tuple(places.blocks.get(section.path, ())),
        evidence=places.comments.get(section.path, ""),
    )


def _in(table: str) -> str:
    return one_line(table).replace("{", "{{").replace("}", "}}") + ".{}"


def _read_source(section: Section, parent: str | None, sources: Mapping[str, str]) -> str:
    if parent is None:
        section.need("source", '"posts.json"')
        if "path" in section.values:
            section.fault("path", 'a path needs a parent: add parent = "…", the table whose records hold the list')
        return section.text("source")
    section.need("path", '"comments"')
    if "source" in section.values:
        section.fault("source", "a table with a parent is read from its parent's source, remove this line")
    return sources.get(parent, "")


def _read_unique(section: Section) -> tuple[tuple[str, ...], ...]:
    found = []
    for item in section.items("unique", '[["slug"], ["user_id", "tag_id"]]'):
        if isinstance(item, list) and item and all(isinstance(name, str) for name in item):
            found.append(tuple(restore(name) for name in item))
        else:
            section.fault("unique", f'unique is a list of lists of columns: write [["slug"]], not {show(item)}')
    return tuple(found)


def _read_column(name: str, section: Section, places: Places) -> Column:
    section.only(COLUMN_KEYS)
    role, field = _read_place(section)
    if "type" not in section.values:
        section.fault(None, f"a column needs its type, one of {TYPE_FORMS}")
    return Column(
        name=name,
        type=_read_type(section),
        role=role,
        field=field,
        nullable=section.flag("nullable"),
        default=_read_default(section),
        secret=section.choice("secret", get_args(Secret), "password") if "secret" in section.values else None,
        fill=section.flag("fill"),
        empty_is_null=section.flag("empty_is_null"),
        format=section.text("format") if "format" in section.values else "",
        none=section.text("none") if "none" in section.values else "",
        evidence=places.comments.get(section.path, ""),
    )


def _read_place(section: Section) -> tuple[Role, tuple[str, ...]]:
    given = [name for name in ("field", "from", "file", "path") if name in section.values]
    if len(given) != 1:
        said = "has " + " and ".join(given) if given else "doesn't say where its values come from"
        section.fault(None, f'{said}: write exactly one of field = "…", from = "…", file = "…", path = "…"')
        if not given:
            return "number", ()
    if given[0] == "from":
        role: Role = section.choice("from", FROM, "number")
        return role, ()
    if given[0] == "file":
        pattern = section.text("file", "{key}")
        if "{key}" not in pattern:
            section.fault("file", f"file {show(pattern)} must hold {{key}} where the record's key stands")
        return "file", (pattern,)
    if given[0] == "path":
        return "path", (section.choice("path", PARTS, "name"),)
    path = section.field_path("field")
    if not path and section.values["field"] == []:
        section.fault("field", "field is empty: name the field that the column is made from")
    return "field", path


def _read_type(section: Section) -> ColumnType:
    text = section.text("type", "text")
    match = TYPE.fullmatch(text)
    if match is None or match[1] not in get_args(TypeName):
        word = re.split(r"\W", text.strip().lower(), maxsplit=1)[0]
        cure = did_you_mean(word, get_args(TypeName)) if word not in OTHER_NAMES else f'write "{OTHER_NAMES[word]}"'
        section.fault("type", f"unknown type {show(text)}, {cure}")
        return ColumnType("text")
    name = cast("TypeName", match[1])
    numbers = tuple(int(number) for number in match.groups()[1:] if number is not None)
    kind = make_type(name, numbers)
    if kind is None:
        section.fault("type", f"{show(text)} has the wrong numbers, the types are {TYPE_FORMS}")
        return ColumnType("text")
    return kind


def _read_default(section: Section) -> str | None:
    if "default_json" in section.values:
        text = section.text("default_json", "null")
        if "default" in section.values:
            section.fault("default", "has both default and default_json, keep one")
        if not _is_json(text):
            section.fault("default_json", f"default_json {show(text)} isn't JSON: text needs its own quotes")
        return text
    value = section.values.get("default")
    if value is None:
        return None
    if isinstance(value, str):
        return "now" if value == "now" else json.dumps(restore(value), ensure_ascii=False)
    if isinstance(value, bool | int | float) and _is_json(json.dumps(value)):
        return json.dumps(value)
    section.fault("default", f"default must be text, a number, true or false, not {show(value)}: use default_json")
    return None


def _is_json(text: str) -> bool:
    def refuse(_: str) -> None:
        raise ValueError

    try:
        json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _read_reference(name: str, section: Section, places: Places) -> Reference:
    section.only(REFERENCE_KEYS)
    section.need("columns", '["user_id"]')
    section.need("to", '"users"')
    return Reference(
        columns=section.names("columns"),
        table=section.text("to"),
        referenced=section.names("referenced"),
        name=name,
        back=section.text("back"),
        on_delete=section.choice("on_delete", get_args(OnDelete), "restrict"),
        orphans=section.choice("orphans", get_args(Orphans), "null"),
        unique=section.flag("unique"),
        evidence=places.comments.get(section.path, ""),
    )
