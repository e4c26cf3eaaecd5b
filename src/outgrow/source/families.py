"""Files that look like several collections each, and are one record each, for those beside them are made alike. Pure.

One file `{"type": .., "features": [..]}` is a collection of features; fifty of them in a folder are fifty records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from outgrow.source.alike import core_of, share
from outgrow.source.found import Found
from outgrow.source.parted_files import COUNTS
from outgrow.source.paths import bare_name, ending, parent_of

FEWEST = 3
FEWEST_IN_ROOT = 5
ALIKE = 0.5
LARGEST = 4 << 20
"""Of a file that is taken for one record, in bytes."""


def find_families(found: list[Found]) -> list[str]:
    """The files that are a record each, although nothing in them says so."""
    by_file: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if one.members:
            by_file[one.file].append(one)
    chosen: set[str] = set()
    for folder, files in _families(by_file):
        alike = _alike(by_file, files)
        plain = all(one.region.kind == "record" or len(one.members) == 1 for file in alike for one in by_file[file])
        fewest = FEWEST_IN_ROOT if folder == "." else 2 if plain else FEWEST
        if len(alike) >= fewest and not _are_parts(alike):
            chosen |= {file for file in alike if not _is_record(by_file[file])}
    return sorted(chosen)


def _families(files: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Files of one folder whose names end alike, and files of one name in the folders of one folder."""
    families: dict[tuple[str, str], list[str]] = defaultdict(list)
    for file in files:
        folder, name = parent_of(file), PurePosixPath(file).name
        families[folder, _long_ending(name)].append(file)
        if folder != ".":
            families[parent_of(folder), f"*/{name}"].append(file)
    return [(folder, members) for (folder, _), members in families.items() if len(members) > 1]


def _long_ending(name: str) -> str:
    return PurePosixPath(bare_name(name)).suffix + ending(name)


def _alike(by_file: dict[str, list[Found]], files: list[str]) -> list[str]:
    """Those of some files whose members are mostly those that most have."""
    members = {file: by_file[file][0].members for file in files}
    core = core_of(list(members.values()))
    return [file for file in files if core and share(core, members[file]) >= ALIKE and _is_small(by_file[file])]


def _is_small(regions: list[Found]) -> bool:
    return max(one.region.end for one in regions) <= LARGEST


def _is_record(regions: list[Found]) -> bool:
    return len(regions) == 1 and regions[0].region.single and not regions[0].region.name


def _are_parts(files: list[str]) -> bool:
    """Whether the files are called as those of one collection in several files: alike but for a number.

    `WEB-12` beside `API-3` are what records are called by, each kind with its own count.
    """
    stems = {COUNTS.sub("", bare_name(PurePosixPath(file).name)) for file in files}
    return all(map(_counts, files)) and len(stems) == 1


def _counts(file: str) -> bool:
    """Whether a file's name only counts, as those of a collection in several files do."""
    bare = bare_name(PurePosixPath(file).name)
    return COUNTS.search(bare) is not None and any(map(str.isalpha, bare))  # 2023-001 is a record's own number
