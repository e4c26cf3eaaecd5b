"""Regions of files on their way into collections."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.source.layout import Region


@dataclass(frozen=True)
class Found:
    """A region of a file, before collections are named; `members` are the keys of the object that the file is."""

    file: str
    section: int
    region: Region
    stem: str
    textual: bool
    syntax: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Regions that make up one collection. `keyed`: each file is a record, and its path gives the key."""

    source: str
    name: str
    members: list[Found]
    keyed: bool = False
