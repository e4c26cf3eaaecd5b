"""Puts the regions of many files together into collections, and names them. Pure.

One file per record is recognised in two shapes: a folder of files that are alike (`users/7.json`), and
files of one name in sibling folders (`plugins/about/db.php`). The path then gives the record's key.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from outgrow.source.inventory import Collection, Part
from outgrow.source.layout import Region

SMALLEST_GROUP = 2
ALIKE = 0.6


@dataclass(frozen=True)
class Found:
    """A region of a file, before collections are named."""

    file: str
    section: int
    region: Region
    stem: str
    textual: bool


@dataclass(frozen=True)
class _Group:
    """Regions that make up one collection. `keyed`: each file is a record, and its path gives the key."""

    source: str
    name: str
    members: list[Found]
    keyed: bool = False


def make_collections(found: list[Found], root_name: str = "") -> list[Collection]:
    """Group regions into named collections, in the order of their files."""
    return _name_collections(_group(found, root_name))


def stem_of(path: str) -> str:
    """The file's name without any suffix."""
    name = PurePosixPath(path).name
    return name.split(".", 1)[0] or name


def _group(found: list[Found], root_name: str) -> list[_Group]:
    """Put regions that belong together into groups: files of one folder, or alike ones of many folders."""
    per_file = Counter(one.file for one in found)
    by_folder: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if one.region.single and not one.region.name and per_file[one.file] == 1:
            by_folder[str(PurePosixPath(one.file).parent)].append(one)
    groups = [
        _Group(f"{folder}/*", _folder_name(folder), members, keyed=True)
        for folder, members in by_folder.items()
        if folder != "." and _is_record_folder(members)
    ]
    root = by_folder.get(".", [])
    if len(root) == len(found) >= SMALLEST_GROUP and _is_record_folder(root):
        groups.append(_Group("*", root_name or "records", root, keyed=True))
    taken = {member.file for group in groups for member in group.members}
    groups += _group_siblings(by_folder, taken)
    taken |= {member.file for group in groups for member in group.members}
    rest: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found:
        if one.file not in taken:
            source = f"{one.file}#/{_escape(one.region.name)}" if one.region.name else one.file
            rest[source, one.region.name or one.stem].append(one)
    return groups + [_Group(source, name, members) for (source, name), members in rest.items()]


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _is_record_folder(members: list[Found]) -> bool:
    """Whether a folder holds one record per file: names that count or look random, or files that are alike."""
    stems = [member.stem for member in members]
    if all(stem.isdigit() for stem in stems):
        return True
    return len(members) >= SMALLEST_GROUP and _share_fields(members)


def _share_fields(members: list[Found]) -> bool:
    first = set(members[0].region.fields)
    return all(
        len(first & set(m.region.fields)) >= ALIKE * max(len(first), len(m.region.fields), 1) for m in members[1:20]
    )


def _group_siblings(by_folder: dict[str, list[Found]], taken: set[str]) -> list[_Group]:
    """Files of one name in the folders of one folder are records keyed by their folder's name."""
    alike: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for folder, members in by_folder.items():
        parent = str(PurePosixPath(folder).parent)
        for member in members:
            if member.file not in taken and parent != ".":
                alike[parent, PurePosixPath(member.file).name].append(member)
    return [
        _Group(f"{parent}/*/{name}", _folder_name(parent), members, keyed=True)
        for (parent, name), members in alike.items()
        if len(members) >= SMALLEST_GROUP
    ]


def _folder_name(folder: str) -> str:
    """The name of the collection a folder holds: the folder's, unless that only says that there is data."""
    parts = [part for part in PurePosixPath(folder).parts if part.lower() not in ("data", "store", "records", "docs")]
    return parts[-1] if parts else PurePosixPath(folder).name


def _name_collections(groups: list[_Group]) -> list[Collection]:
    """Name the collections; those of one name are told apart by what they are in."""
    groups = [_rename_rest(group, groups) for group in groups]
    names = Counter(group.name.lower() for group in groups)
    collections = []
    for group in groups:
        name, first = group.name, group.members[0]
        hashed = group.keyed and all(_hashed_key(m.stem) for m in group.members)
        if names[name.lower()] > 1:
            within = first.stem if first.region.name else PurePosixPath(first.file).parent.name
            name = "_".join(part for part in (within, name) if part)
        parts = tuple(
            Part(m.file, m.section, _path_key(group.source, m.file, hashed=hashed) if group.keyed else None)
            for m in group.members
        )
        single = len(group.members) == 1 and first.region.single and not group.keyed
        collections.append(Collection(name, group.source, parts, single, first.textual))
    return collections


def _rename_rest(group: _Group, groups: list[_Group]) -> _Group:
    """Leave a file's name to the collection in it that has the same; what stands beside it is its information."""
    first = group.members[0]
    for other in groups:
        inner = other.members[0]
        if not first.region.name and inner.region.name == group.name and inner.file == first.file:
            return replace(group, name=f"{group.name}_info")
    return group


def _hashed_key(stem: str) -> str | None:
    """The key in a file's name that holds it together with its own SHA-1; None for any other name."""
    key, _, digest = stem.rpartition("_")
    return key if key and hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest() == digest else None


def _path_key(source: str, file: str, *, hashed: bool = False) -> str:
    """The part of a file's path that stands for the record: `users/7.json` → 7."""
    if hashed and (key := _hashed_key(stem_of(file))):
        return key
    return stem_of(file) if source == "*" or source.endswith("/*") else PurePosixPath(file).parent.name


def text_patterns(paths: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Patterns of text files, and the part of their paths that differs, which may be a record's key.

    Files of one name lie in folders named by the key (`pages/about/index.txt`, at any depth); else those of
    one folder are named by it (`posts/hello.md`).
    """
    by_name: dict[str, list[PurePosixPath]] = defaultdict(list)
    for path in map(PurePosixPath, paths):
        by_name[path.name].append(path)
    patterns: dict[str, list[str]] = defaultdict(list)
    for name, found in by_name.items():
        for path in found:
            if len(found) > 1 and len(path.parts) > 2:
                patterns[f"{path.parts[0]}/{{key}}/{name}"].append("/".join(path.parts[1:-1]))
            elif len(path.parts) > 1:
                patterns[f"{path.parent}/{{key}}{path.suffix}"].append(path.stem)
    return [(pattern, tuple(keys)) for pattern, keys in patterns.items()]
