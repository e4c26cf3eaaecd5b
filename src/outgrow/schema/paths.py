"""What files' names and map keys say beside the record: date, order, tags, slug, draft, folder, parent.

Each becomes a column that is filled from the path and never written back: a record's file stays where it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.model import Column, ColumnType, Reference
from outgrow.schema.names import free_name, singular
from outgrow.schema.types import TEXT

DATE = re.compile(
    r"(\d{4})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_T ]([01]\d|2[0-3])[-_:]?([0-5]\d)[-_:]?([0-5]\d)?)?"
)
AFTER = re.compile(r"[-_. ]+")
ORDER = re.compile(r"(\d{1,6})[._-]+(?=[^\W\d_])")
TAGS = re.compile(r"([^_/]+(?:,[^_/]+)*)_(?=.)")
DRAFTS = frozenset(("_drafts", "drafts", "_draft", "draft"))
PARTS = ("date", "moment", "order", "tags", "slug", "draft", "folder", "parent", "name")
MOST = 0.6
LONGEST = 255


@dataclass(frozen=True)
class PathNames:
    """The paths of a collection's records: what its pattern leaves of them, or the keys of its map.

    `parts` says that they aren't keys, but what parts files of many records.
    """

    source: str
    names: tuple[str, ...]
    parts: bool = False


@dataclass(frozen=True)
class _Name:
    """The last part of a path, taken apart."""

    date: str | None = None
    moment: str | None = None
    order: int | None = None
    tags: str | None = None
    slug: str = ""


def part_of(path: str, what: str) -> str | int | bool | None:
    """One part of what a path says; None where it doesn't say it."""
    folder, _, last = path.rpartition("/")
    if what in ("folder", "parent"):
        return folder or None
    if what == "draft":
        return any(part.lower() in DRAFTS for part in path.split("/")[:-1])
    if what == "name":
        return path
    name = _take_apart(last)
    if what == "slug":
        return name.slug or None
    found: str | int | None = {"date": name.date, "moment": name.moment, "order": name.order, "tags": name.tags}.get(
        what
    )
    return found


def _take_apart(last: str) -> _Name:
    match = DATE.match(last)
    (date, moment), rest, tags, order = _date(match), last, None, None
    if match and date and (match.end() == len(last) or AFTER.match(last, match.end())):
        rest = AFTER.sub("", last[match.end() :], count=1)
        if match[5] and (tagged := TAGS.match(rest)):
            tags, rest = tagged[1], rest[tagged.end() :]
    else:
        date = moment = None
        if numbered := ORDER.match(last):
            order, rest = int(numbered[1]), last[numbered.end() :]
    return _Name(date, moment, order, tags, rest.lstrip("_") or rest)


def _date(match: re.Match[str] | None) -> tuple[str | None, str | None]:
    """The day, and with the time where the name says one; nothing where there is no such day."""
    if match is None:
        return None, None
    day = f"{match[1]}-{match[3]}-{match[4]}"
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        return None, None
    return day, f"{day} {match[5]}:{match[6]}:{match[7] or '00'}" if match[5] else None


def add_path_columns(drafts: Sequence[Draft], groups: Sequence[PathNames]) -> tuple[list[Draft], list[PlacedFinding]]:
    """Give the tables columns for what their records' paths say."""
    by_source = {group.source: group for group in groups}
    result, findings = [], []
    for draft in _with_whole_paths(drafts, by_source):
        group = by_source.get(draft.table.source)
        made = _with_parts(draft, group) if group is not None and draft.table.parent is None else draft
        if group is not None and group.parts and made is not draft:
            made = _with_owner(made, group, drafts, by_source)
        result.append(made)
        added = [column.name for column in made.table.columns if column not in draft.table.columns]
        if added and group is not None:
            what = "names of files" if "*" in group.source else "keys"
            said = f"{what} say more than which record it is: columns {', '.join(added)} hold it"
            findings.append(PlacedFinding("info", said, group.source))
    return result, findings


def _with_whole_paths(drafts: Sequence[Draft], groups: Mapping[str, PathNames]) -> list[Draft]:
    """The drafts with keys called `path` that hold more than a slug, wherever others refer to them."""
    renamed = {}
    for draft in drafts:
        group, slug = groups.get(draft.table.source), draft.table.by_name.get("slug")
        if group is None or group.parts or slug is None or slug.role != "key" or "path" in draft.table.by_name:
            continue
        if draft.table.parent is None and "slug" in _said(group.names):
            renamed[draft.name] = "path"
    return [_renamed(draft, renamed) for draft in drafts]


def _renamed(draft: Draft, renamed: Mapping[str, str]) -> Draft:
    own = draft.name in renamed
    if own:
        draft = draft.with_column("slug", replace(draft.table.by_name["slug"], name="path"))
    references = tuple(
        replace(
            each,
            columns=_with_path(each.columns) if own else each.columns,
            referenced=_with_path(each.referenced) if each.table in renamed else each.referenced,
        )
        for each in draft.table.references
    )
    return replace(draft, table=replace(draft.table, references=references))


def _with_path(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("path" if name == "slug" else name for name in names)


def _with_parts(draft: Draft, group: PathNames) -> Draft:
    if group.parts:
        return _with_name(draft, group)
    taken = dict(draft.table.by_name)
    columns = []
    for what in _said(group.names):
        if what == "parent":
            continue
        values = [part_of(name, what) for name in group.names]
        plain = "date" if what == "moment" else what
        name = free_name(plain if plain not in taken else f"file_{plain}", taken)
        filled = sum(value is not None for value in values)
        evidence = f"in the {'name' if '*' in group.source else 'key'} of {filled} of {len(values)}"
        columns.append(Column(name, _type_of(what, values), "path", (what,), nullable=True, evidence=evidence))
        taken[name] = columns[-1]
    made = _insert(draft, columns)
    return _with_parent(made, group.names)


def _with_name(draft: Draft, group: PathNames) -> Draft:
    """The draft of a collection in several files with what parts them, unless records that come twice must be told."""
    keys = [draft.profile(name) for name in draft.table.primary_key]
    if not all(key is None or key.is_unique() for key in keys) or len(set(group.names)) < 2:
        return draft
    name = free_name("file_part", draft.table.by_name)
    column = Column(name, _text(group.names), "path", ("name",), nullable=True, evidence="of the file's name")
    return _insert(draft, [column])


def _with_owner(draft: Draft, group: PathNames, drafts: Sequence[Draft], groups: Mapping[str, PathNames]) -> Draft:
    """The draft with a reference to the records in whose folders its files lie: `notes/*/note.md` has their keys."""
    start, part = group.source.partition("*")[0], _part_column(draft)
    for other in drafts:
        known = groups.get(other.table.source)
        key = _key_column(other)
        if part is None or key is None or known is None or known.parts or other.table.parent is not None:
            continue
        if known.source.partition("*")[0] == start and set(group.names) <= set(known.names):
            role = free_name(singular(other.name), draft.table.by_name)
            name = free_name(f"{role}_{key.name}", draft.table.by_name)
            evidence = "the folder that the file lies in is the record's"
            owned = draft.with_column(part.name, replace(part, name=name, type=key.type))
            reference = Reference((name,), other.name, (key.name,), role, "", "restrict", "null", evidence=evidence)
            return replace(owned, table=replace(owned.table, references=(*owned.table.references, reference)))
    return draft


def _part_column(draft: Draft) -> Column | None:
    """The column for what parts a collection's files."""
    return next((column for column in draft.table.columns if column.field == ("name",) and column.role == "path"), None)


def _said(names: Sequence[str]) -> list[str]:
    """What is said by most of the names."""
    found = [_take_apart(name.rpartition("/")[2]) for name in names]
    published = [one for one, name in zip(found, names, strict=True) if not part_of(name, "draft")]  # have dates
    said: list[str] = []
    tests: dict[str, tuple[Callable[[_Name], bool], float]] = {
        "date": (lambda name: name.date is not None, MOST),
        "order": (lambda name: name.order is not None, MOST),
        "tags": (lambda name: name.tags is not None, MOST),
    }
    for what, (holds, least) in tests.items():
        if published and sum(map(holds, published)) >= least * len(published):
            said.append(what)
    if "date" in said and all(one.moment for one in found if one.date):
        said[said.index("date")] = "moment"
    if any(part_of(name, "draft") for name in names):
        said.append("draft")
    nested = any("/" in name for name in names)
    if (said or nested) and any(one.slug and one.slug != name for one, name in zip(found, names, strict=True)):
        said.append("slug")
    folders = {folder for name in names if (folder := name.rpartition("/")[0])}
    others = {folder for folder in folders if folder.lower() not in DRAFTS}
    says_more = len(others) > (len(folders) > len(others) and all("/" in name for name in names))
    return [*said, "folder"] if says_more and not _is_tree(names) else said


def _is_tree(names: Sequence[str]) -> bool:
    """Whether each path lies below one that is a record itself."""
    known = set(names)
    return all(name.rpartition("/")[0] in known for name in names if "/" in name)


def _with_parent(draft: Draft, names: Sequence[str]) -> Draft:
    """The draft with a reference to the record above in the tree that paths make."""
    key = _key_column(draft)
    if key is None or not any("/" in name for name in names) or not _is_tree(names):
        return draft
    name = free_name(f"parent_{key.name}", draft.table.by_name)
    evidence = "what stands before the last slash of the key"
    column = Column(name, key.type, "path", ("parent",), nullable=True, evidence=evidence)
    role = free_name("parent", {*draft.table.by_name, *(each.name for each in draft.table.references)})
    reference = Reference((name,), draft.name, (key.name,), role, "", "set null", "null", evidence="paths make a tree")
    made = _insert(draft, [column])
    return replace(made, table=replace(made.table, references=(*made.table.references, reference)))


def _key_column(draft: Draft) -> Column | None:
    """The column that holds the records' paths, where it can be referred to."""
    unique = {draft.table.primary_key, *draft.table.unique}
    fields = draft.collection.key_fields or set()
    for column in draft.table.columns:
        holds = column.role == "key" or (
            len(column.field) == 1 and column.role == "field" and column.field[0] in fields
        )
        if holds and (column.name,) in unique and column.type.name == "string":
            return column
    return None


def _insert(draft: Draft, columns: Sequence[Column]) -> Draft:
    """The draft with further columns behind those of its key."""
    own = draft.table.columns
    behind = 1 + max((place for place, each in enumerate(own) if each.name in draft.table.primary_key), default=-1)
    return draft.with_columns((*own[:behind], *columns, *own[behind:]))


def _type_of(what: str, values: Sequence[str | int | bool | None]) -> ColumnType:
    if what in ("date", "moment"):
        return ColumnType("date" if what == "date" else "datetime")
    if what in ("order", "draft"):
        return ColumnType("integer" if what == "order" else "boolean")
    return _text([str(value) for value in values if value is not None])


def _text(values: Sequence[str]) -> ColumnType:
    longest = max(map(len, values), default=0)
    return ColumnType("string", LONGEST if longest > 80 else 120) if longest <= LONGEST else TEXT
