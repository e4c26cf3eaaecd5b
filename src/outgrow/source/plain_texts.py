"""Texts without facts as records: those that lie among texts with facts, and those that belong to no record."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from outgrow.errors import SourceError
from outgrow.source.contents import Manner, read_contents
from outgrow.source.found import Found
from outgrow.source.grouping import make_collections
from outgrow.source.inventory import Collection, Source
from outgrow.source.paths import bare_name, matches, parent_of
from outgrow.source.syntax import text
from outgrow.source.wrapper import BOM, Wrapper

RECORDS = (".md", ".markdown", ".mdown", ".mkd", ".txt", ".text", ".rst")
GZIP = b"\x1f\x8b"
LARGEST = 4 << 20
FEWEST = 2
ABOUT_FILES = re.compile(
    r"read[-_]?me|licen[cs]e|copying|notice|change[-_]?s?(?:log)?|history|contributing|code[-_]of[-_]conduct"
    r"|security|authors|contributors|todo|robots|humans|requirements|install|upgrad(?:e|ing)",
    re.IGNORECASE,
)
"""Names of texts that speak of the files beside them."""


def join_texts(source: Source, found: Sequence[Found]) -> list[Found]:
    """The texts that lie among texts with facts, as records like these."""
    places = {_place(one.file) for one in found if one.syntax == "front_matter" and one.region.single}
    return _read(source, [path for path in source.texts if _place(path) in places])


def take_texts(source: Source, paths: Iterable[str]) -> list[Collection]:
    """Enter collections of texts that belong to no record, where several lie together; returns the new ones."""
    chosen = [path for path in paths if PurePosixPath(path).suffix.lower() in RECORDS]
    before = source.collections
    names = {collection.name.lower() for collection in before}
    found = _read(source, [path for path in chosen if not ABOUT_FILES.fullmatch(_stem(path))])
    grouped = [each for each in make_collections(found, source.root.name) if len(each.parts) >= FEWEST]
    made = [each for each in grouped if each.name.lower() not in names or each.source not in {b.source for b in before}]
    kept = {part.file for each in made for part in each.parts}
    for one in found:
        if one.file not in kept:
            del source.files[one.file]
            source.texts.append(one.file)
    source.collections = [*before, *made]
    return made


def take_planned_texts(source: Source, sources: Iterable[str]) -> None:
    """Enter the texts that a plan makes records of."""
    for pattern in sources:
        known = source.collection(pattern)
        paths = [path for path in source.texts if matches(pattern, path)] if known is None else []
        found = _read(source, [path for path in paths if PurePosixPath(path).suffix.lower() in RECORDS])
        source.collections = [*source.collections, *make_collections(found, source.root.name, [pattern])]


def _place(path: str) -> tuple[str, str]:
    return parent_of(path), PurePosixPath(path).suffix.lower()


def _stem(path: str) -> str:
    return bare_name(PurePosixPath(path).name)


def _read(source: Source, paths: Sequence[str]) -> list[Found]:
    """Read files as texts; what is none stays what it was."""
    found: list[Found] = []
    for path in paths:
        place = source.root / path
        try:
            if place.stat().st_size > LARGEST:
                continue
            found += _read_one(source, path)
        except (OSError, SourceError):
            continue
    taken = {one.file for one in found}
    source.texts = [path for path in source.texts if path not in taken]
    return found


def _read_one(source: Source, path: str) -> list[Found]:
    with (source.root / path).open("rb") as stream:
        start = stream.read(len(BOM))
    if start.startswith(GZIP):
        return []
    wrapper = Wrapper(packed="", prefix=len(BOM) if start == BOM else 0, notes=())
    findings = list(source.findings)
    made = read_contents(source, path, wrapper, text.SYNTAX, Manner())
    source.findings = findings
    if not made:
        source.files.pop(path, None)
    return made
