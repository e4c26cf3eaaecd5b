"""Puts the regions of many files together into collections, and names them. Pure.

One file per record is recognised in two shapes: a folder of files that are alike (`users/7.json`), and
files of one name in sibling folders (`plugins/about/db.php`). The path then gives the record's key.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
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


def make_collections(found: list[Found]) -> list[Collection]:
    """Group regions into named collections, in the order of their files."""
    return _name_collections(_group(found))


def stem_of(path: str) -> str:
    """The file's name without any suffix."""
    name = PurePosixPath(path).name
    return name.split(".", 1)[0] or name


def _group(found: list[Found]) -> dict[tuple[str, str], list[Found]]:
    """Put regions that belong together under one source: files of one folder, or alike ones of many folders.

    Keys are the collection's source and its name.
    """
    singles = [one for one in found if one.region.kind == "record" and one.region.single and not one.region.name]
    whole = {one.file for one in found}
    per_file = {file: sum(1 for one in found if one.file == file) for file in whole}
    singles = [one for one in singles if per_file[one.file] == 1]
    by_folder: dict[str, list[Found]] = defaultdict(list)
    for one in singles:
        by_folder[str(PurePosixPath(one.file).parent)].append(one)
    groups: dict[tuple[str, str], list[Found]] = {}
    taken: set[str] = set()
    for folder, members in by_folder.items():
        if folder != "." and _is_record_folder(folder, members):
            groups[f"{folder}/*", _folder_name(folder)] = members
            taken |= {member.file for member in members}
    _group_siblings(by_folder, groups, taken)
    for one in found:
        if one.file not in taken:
            named = bool(one.region.name)
            source = f"{one.file}#/{_escape(one.region.name)}" if named else one.file
            groups.setdefault((source, one.region.name or one.stem), []).append(one)
    return groups


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _is_record_folder(folder: str, members: list[Found]) -> bool:
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


def _group_siblings(
    by_folder: dict[str, list[Found]], groups: dict[tuple[str, str], list[Found]], taken: set[str]
) -> None:
    """Files of one name in the folders of one folder are records keyed by their folder's name."""
    alike: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for folder, members in by_folder.items():
        for member in members:
            path = PurePosixPath(folder)
            if member.file not in taken and str(path.parent) not in ("", "."):
                alike[str(path.parent), PurePosixPath(member.file).name].append(member)
    for (parent, name), members in alike.items():
        if len(members) >= SMALLEST_GROUP:
            groups[f"{parent}/*/{name}", _folder_name(parent)] = members
            taken |= {member.file for member in members}


def _folder_name(folder: str) -> str:
    """The name of the collection a folder holds: the folder's, unless that only says that there is data."""
    parts = [part for part in PurePosixPath(folder).parts if part.lower() not in ("data", "store", "records", "docs")]
    return parts[-1] if parts else PurePosixPath(folder).name


def _name_collections(groups: dict[tuple[str, str], list[Found]]) -> list[Collection]:
    names: dict[str, int] = defaultdict(int)
    for _, name in groups:
        names[name.lower()] += 1
    collections = []
    for (source, name), members in groups.items():
        if names[name.lower()] > 1:
            parent = PurePosixPath(source.partition("#")[0]).parent.name
            stem = stem_of(source.partition("#")[0])
            name = "_".join(part for part in (stem if "#" in source else parent, name) if part)  # noqa: PLW2901
        keyed = "*" in source
        parts = tuple(Part(m.file, m.section, _path_key(source, m.file) if keyed else None) for m in members)
        single = len(members) == 1 and members[0].region.single and not keyed
        collections.append(Collection(name, source, parts, single, members[0].textual))
    return collections


def _path_key(source: str, file: str) -> str:
    """The part of a file's path that stands for the record: `users/7.json` → 7."""
    path = PurePosixPath(file)
    return path.parent.name if not source.endswith("/*") else stem_of(file)


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
