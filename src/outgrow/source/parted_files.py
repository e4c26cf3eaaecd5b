"""One collection in several files: `users-1.json` and `users-2.json`, `2023.json` and `2024.json`. Pure.

Their names differ only in what counts or parts, and what they hold is written and made alike. Several files of one
name in folders of whatever names, as `posts/hello/comments.json`, are one as well; and so are all lists of a folder
that are named by what they are about, as `comments/hello-world.json`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import PurePosixPath

from outgrow.source.alike import core_of, share
from outgrow.source.found import Found, Group
from outgrow.source.paths import PARTS_ONLY, bare_name, clean, ending, parent_of

COUNTS = re.compile(r"(?:(?<=[._ -])|\A)(?:part[._-]?)?(?:\d+(?:[._-]\d+)*|[A-Za-z])\Z|\d+\Z", re.IGNORECASE)
"""The end of a name that parts what the files hold: a number, a date, a letter."""
ALIKE = 0.7
FEWEST_FOLDERS = 3
FEWEST_NAMED = 5
FEWEST_OF_ONE_WORD = 12
"""Of files whose names may as well be those of tables: `tags.json` beside `authors.json`."""
FEWEST_FIELDS = 3
"""Lists of names alone, such as `id` and `name`, are made alike by chance."""

Form = tuple[str, str, str, str, str]


def group_parted_files(found: list[Found]) -> list[Group]:
    """Group the regions of files whose names only count, then those whose folders' names don't, then lists by name."""
    taken: set[tuple[str, int]] = set()
    groups = _group(found, _forms, 2, taken)
    groups += _group(found, _forms_of_folders, FEWEST_FOLDERS, taken)
    return groups + _group(_named_lists(found, taken), _forms_of_names, FEWEST_NAMED, taken)


def _group(
    found: list[Found], forms_of: Callable[[Found], list[Form]], fewest: int, taken: set[tuple[str, int]]
) -> list[Group]:
    """Group regions by the forms of their paths, where these have that many files; notes what is `taken`."""
    forms: dict[Form, list[Found]] = defaultdict(list)
    for one in found:
        for form in forms_of(one):
            forms[form].append(one)
    groups: list[Group] = []
    for (before, behind, name, _, _), members in sorted(forms.items()):
        alike = [one for one in _alike(members) if (one.file, one.section) not in taken]
        if len({one.file for one in alike}) < fewest:
            continue
        taken |= {(one.file, one.section) for one in alike}
        source = f"{before}*{behind}" + (f"#/{name.replace('~', '~0').replace('/', '~1')}" if name else "")
        groups.append(Group(source, name or _name(before, behind), sorted(alike, key=_natural)))
    return groups


def _forms(one: Found) -> list[Form]:
    """What a file's path is but for a part that counts: what stands before and behind it, and how it is written."""
    if one.region.kind == "record":
        return []
    folder, name = parent_of(one.file), PurePosixPath(one.file).name
    start = "" if folder == "." else f"{folder}/"
    bare, tail = bare_name(name), ending(name)
    kind = one.region.kind, one.syntax
    found: list[Form] = []
    if match := COUNTS.search(bare):
        found.append((start + bare[: match.start()], tail, one.region.name, *kind))
    if folder != "." and PARTS_ONLY.fullmatch(PurePosixPath(folder).name):
        above = parent_of(folder)
        found.append(("" if above == "." else f"{above}/", f"/{name}", one.region.name, *kind))
    return found


def _forms_of_folders(one: Found) -> list[Form]:
    """What a file's path is but for the name of its folder, unless that lies in the root."""
    folder = parent_of(one.file)
    above = parent_of(folder)
    if one.region.kind == "record" or above == ".":
        return []
    return [(f"{above}/", f"/{PurePosixPath(one.file).name}", one.region.name, one.region.kind, one.syntax)]


def _forms_of_names(one: Found) -> list[Form]:
    """What a file's path is but for its name."""
    return [(f"{parent_of(one.file)}/", ending(PurePosixPath(one.file).name), "", one.region.kind, one.syntax)]


def _named_lists(found: list[Found], taken: set[tuple[str, int]]) -> list[Found]:
    """The files of folders that hold nothing but lists of one kind, whose names are of several words or very many."""
    folders: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        folders[parent_of(one.file)].append(one)
    chosen: list[Found] = []
    for folder, members in folders.items():
        lists = [one for one in members if one.region.fields]
        if folder == "." or any((one.file, one.section) in taken or not _is_list(one) for one in lists):
            continue
        worded = sum("-" in bare_name(PurePosixPath(one.file).name) for one in lists)
        is_named = 2 * worded >= len(lists) or len(lists) >= FEWEST_OF_ONE_WORD
        core = core_of([one.region.fields for one in lists])
        if is_named and len(core) >= FEWEST_FIELDS and len(_alike(lists)) == len(lists):
            chosen += lists
    return chosen


def _is_list(one: Found) -> bool:
    return one.region.kind != "record" and not one.region.name and not one.region.single


def _alike(members: list[Found]) -> list[Found]:
    """Those whose records have the fields that most have; not what is broken or empty, and says nothing."""
    members = [member for member in members if member.region.fields]
    if len(members) < 2:
        return []
    core = core_of([member.region.fields for member in members])
    return [member for member in members if share(core, member.region.fields) >= ALIKE]


def _natural(one: Found) -> list[tuple[int, int, str]]:
    """Numbers in names count as such, so that the tenth file is behind the ninth."""
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in re.split(r"(\d+)", one.file)]


def _name(before: str, behind: str) -> str:
    """What is left of the name, else the folder's."""
    stem = before.rpartition("/")[2].rstrip("._- ")
    if behind.startswith("/"):
        return bare_name(behind[1:])
    return stem or clean(PurePosixPath(before).name) or "records"
