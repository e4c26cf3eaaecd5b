"""One collection in several files: `users-1.json` and `users-2.json`, `2023.json` and `2024.json`. Pure.

Their names differ only in what counts or parts, and what they hold is written and made alike. Several files of one
name in folders of whatever names, as `posts/hello/comments.json`, are one as well.
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

Form = tuple[str, str, str, str, str]


def group_parted_files(found: list[Found]) -> list[Group]:
    """Group the regions of files whose names only count, and then of those whose folders' names don't."""
    taken: set[tuple[str, int]] = set()
    groups = _group(found, _forms, 2, taken)
    return groups + _group(found, _forms_of_folders, FEWEST_FOLDERS, taken)


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


def _alike(members: list[Found]) -> list[Found]:
    """Those whose records have the fields that most have."""
    if len(members) < 2 or any(not member.region.fields for member in members):
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
