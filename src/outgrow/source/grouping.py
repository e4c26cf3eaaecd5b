"""Puts the regions of many files together into collections, and names them. Pure.

Files that are a record each belong together where they lie in one folder or bear one name in many, and are alike
(`record_files`); files that hold records belong together where their names only count (`parted_files`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from outgrow.source.found import Found, Group
from outgrow.source.inventory import Collection, Part
from outgrow.source.parted_files import group_parted_files
from outgrow.source.paths import bare_name, clean, hashed_key, matches, parent_of, path_key
from outgrow.source.record_files import group_record_files
from outgrow.source.text_files import text_patterns

__all__ = ["make_collections", "stem_of", "text_patterns"]


def make_collections(found: list[Found], root_name: str = "", known: Sequence[str] = ()) -> list[Collection]:
    """Group regions into named collections, in the order of their files.

    `known` are the sources of a plan: what they match is theirs, whatever else would be decided.
    """
    return _name_collections(_group(found, root_name, known))


def stem_of(path: str) -> str:
    """The file's name without any suffix that only says how it is written."""
    return bare_name(PurePosixPath(path).name)


def _group(found: list[Found], root_name: str, known: Sequence[str]) -> list[Group]:
    """Put regions that belong together into groups, the others each into one of its own."""
    per_file = Counter(one.file for one in found)
    whole = [one for one in found if one.region.single and not one.region.name and per_file[one.file] == 1]
    planned = _group_as_planned(found, whole, known)
    taken = {(member.file, member.section) for group in planned for member in group.members}
    free = [one for one in whole if (one.file, one.section) not in taken]
    lists = {one.file for one in found} - {one.file for one in whole}
    groups = planned + group_record_files(free, root_name, lists)
    taken |= {(member.file, member.section) for group in groups for member in group.members}
    alone = {(one.file, one.section) for one in found if _source_of(one) in known}  # a plan gives it its own table
    groups += group_parted_files([one for one in found if (one.file, one.section) not in taken | alone])
    taken |= {(member.file, member.section) for group in groups for member in group.members}
    rest: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        if (one.file, one.section) not in taken:
            rest.setdefault((_source_of(one), one.region.name or one.stem), []).append(one)
    return groups + [Group(source, name, members) for (source, name), members in rest.items()]


def _source_of(one: Found) -> str:
    """What a plan calls a region that is a collection by itself."""
    return f"{one.file}#/{_escape(one.region.name)}" if one.region.name else one.file


def _group_as_planned(found: list[Found], whole: list[Found], known: Sequence[str]) -> list[Group]:
    """Give files to the collections of a plan that their paths belong to; of several, the one that says most."""
    groups: dict[str, Group] = {}
    keyed = {one.file for one in whole}
    patterns = sorted((source for source in known if "*" in source), key=lambda source: (-len(source), source))
    for one in found:
        named = f"#/{_escape(one.region.name)}" if one.region.name else ""
        for source in patterns:
            if matches(source, one.file) and source.partition("#/")[2] == named.removeprefix("#/"):
                group = groups.setdefault(source, Group(source, "records", [], keyed=one.file in keyed))
                group.members.append(one)
                break
    return list(groups.values())


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _name_collections(groups: list[Group]) -> list[Collection]:
    """Name the collections; those of one name are told apart by what they are in."""
    groups = [_rename_rest(group, groups) for group in groups]
    largest: dict[str, Group] = {}
    for group in sorted(groups, key=lambda group: group.keyed * len(group.members), reverse=True):
        largest.setdefault(group.name.lower(), group)
    names = Counter(group.name.lower() for group in groups)
    collections = []
    for group in groups:
        name, first = group.name, group.members[0]
        hashed = group.keyed and all(hashed_key(member.stem) for member in group.members)
        if names[name.lower()] > 1 and not (group.keyed and largest[name.lower()] is group):
            name = "_".join(part for part in (_told_apart(group), name) if part)
        parts = tuple(
            Part(m.file, m.section, path_key(group.source, m.file, hashed=hashed) if group.keyed else None)
            for m in group.members
        )
        single = len(group.members) == 1 and first.region.single and not group.keyed
        collections.append(Collection(name, group.source, parts, single, first.textual))
    return collections


def _told_apart(group: Group) -> str:
    """What a collection lies in, for its name."""
    first = group.members[0]
    if first.region.name:
        return first.stem
    folder = parent_of(group.source.partition("*")[0] + "x") if group.keyed else parent_of(first.file)
    name = PurePosixPath(folder).name
    if group.keyed and clean(name) == group.name:
        name = PurePosixPath(folder).parent.name
    return clean(name)


def _rename_rest(group: Group, groups: list[Group]) -> Group:
    """Leave a file's name to the collection in it that has the same; what stands beside it is its information."""
    first = group.members[0]
    for other in groups:
        inner = other.members[0]
        if not first.region.name and inner.region.name == group.name and inner.file == first.file:
            return replace(group, name=f"{group.name}_info")
    return group
