"""Collections that a plan leaves as files: their sections become text that is written again as it is."""

from __future__ import annotations

from collections.abc import Collection as Sized
from dataclasses import replace

from outgrow.errors import SourceError
from outgrow.record import Finding, Origin
from outgrow.source.inventory import Collection, Source
from outgrow.source.kept import LARGEST_KEPT


def leave_files(source: Source, names: Sized[str]) -> None:
    """Make no records of some collections; raises SourceError where the ledger has no room for their text."""
    for name in names:
        collection = source.collection(name)
        if collection is None:
            continue
        for part in sorted(collection.parts, key=lambda part: part.section, reverse=True):
            _leave(source, part.file, part.section)
        source.collections = [each for each in source.collections if each.source != name]
        message = "is left as a file, as the plan says; it is kept as it is, for export"
        source.findings.append(Finding("info", message, Origin(name)))


def _leave(source: Source, path: str, number: int) -> None:
    """Let a section of a file be text."""
    file = source.files[path]
    section = file.sections[number]
    if section.end - section.start > LARGEST_KEPT:
        problem = f"can't be left as a file: it is larger than {LARGEST_KEPT >> 20} MB, more than the ledger keeps"
        raise SourceError(problem, origin=Origin(path), hint='Remove keep = "file" from the plan.')
    with source.path(path).open("rb") as stream:
        stream.seek(section.start)
        text = stream.read(section.end - section.start)
    literals = file.literals
    joined = literals[number] + text + literals[number + 1]
    source.files[path] = replace(
        file,
        sections=(*file.sections[:number], *file.sections[number + 1 :]),
        literals=(*literals[:number], joined, *literals[number + 2 :]),
        kept=True,
    )
    source.collections = [_without(each, path, number) for each in source.collections]


def _without(collection: Collection, path: str, number: int) -> Collection:
    """A collection whose parts know their places in a file that has a section less."""
    parts = (
        replace(part, section=part.section - 1) if part.file == path and part.section > number else part
        for part in collection.parts
    )
    return replace(collection, parts=tuple(parts))
