"""Finds out what one file holds: its regions become sections with a style, the text between them literals."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from outgrow.errors import SourceError, UnreadableError
from outgrow.record import Finding, Origin
from outgrow.source.found import Found
from outgrow.source.inventory import Source, SourceFile
from outgrow.source.layout import Region, covers_root, lay_out
from outgrow.source.paths import bare_name
from outgrow.source.section import Section
from outgrow.source.syntax import BY_NAME, Syntax
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Outline, Span
from outgrow.source.syntax.values import ENDING, FIELD
from outgrow.source.wrapper import Wrapper, hash_file, locate

FIRST_LOOK = 200
MOST_MEMBERS = 10_000
SPACE = b" \t\r\n"
NULLS = re.compile(rb"(?:null\s*,\s*){1,9}(?=\{)")
MEND = "Mend the file, or take what is whole with --salvage."


@dataclass(frozen=True)
class _File:
    """One file while it is looked through; `place` and `stream` are its unpacked bytes."""

    path: str
    place: Path
    stem: str
    wrapper: Wrapper
    syntax: Syntax
    stream: IO[bytes]
    size: int


@dataclass(frozen=True)
class Manner:
    """How a file is to be read: `copy` is the name of what a packed one was unpacked to; a `whole` one is a record."""

    copy: str | None = None
    salvage: bool = False
    whole: bool = False


def read_contents(source: Source, path: str, wrapper: Wrapper, syntax: Syntax, manner: Manner) -> list[Found]:
    """Enter a file and its sections in the source; raises SourceError where the file can't be read so far."""
    copy, salvage = manner.copy, manner.salvage
    place = source.unpacked / copy if copy is not None and source.unpacked else source.root / path
    with place.open("rb") as stream:
        file = _File(path, place, bare_name(PurePosixPath(path).name), wrapper, syntax, stream, place.stat().st_size)
        try:
            outline, regions = _look_through(source, file, manner)
            sections = [_make_section(file, outline, region) for region in regions]
            if wrapper.is_code:
                _read_sections(file, sections)
            if outline.problem is not None and not any(region.span.broken for region in regions):
                _face_problem(source, file, outline.problem, sections, salvage=salvage)
        except Broken as broken:
            raise UnreadableError(broken.problem, origin=_locate(file, broken.offset), hint=MEND) from broken
        literals = _read_literals(file, sections, outline.masked)
    members = tuple(member.key for member in outline.members) if outline.root.kind == "map" else ()
    if any(region.bare for region in regions):
        syntax = BY_NAME[syntax.name + ENDING]
    found = [
        Found(
            path,
            number,
            _with_fields(file, outline, region),
            file.stem,
            syntax.textual,
            syntax.name,
            members,
        )
        for number, region in enumerate(regions)
    ]
    source.files[path] = SourceFile(
        path, syntax.name, wrapper, file.size, hash_file(source.root / path), tuple(sections), tuple(literals), copy
    )
    return found


def _look_through(source: Source, file: _File, manner: Manner) -> tuple[Outline, list[Region]]:
    """The file's outline and regions. A look at the first members is enough for a map of records."""
    outline = file.syntax.outline(file.stream, file.wrapper.prefix, file.size, FIRST_LOOK)
    regions, notes = lay_out(outline, file.stem, whole=manner.whole)
    if outline.partial and not covers_root(regions, outline.root):
        outline = file.syntax.outline(file.stream, file.wrapper.prefix, file.size, MOST_MEMBERS)
        regions, notes = lay_out(outline, file.stem, whole=manner.whole)
        if outline.partial and not covers_root(regions, outline.root):
            problem = f"holds more than {MOST_MEMBERS:,} members in one object that aren't records alike"
            spot = _locate(file, outline.members[-1].start)
            raise SourceError(problem, origin=spot, hint="Move the file out of the folder, or part it.")
    root = outline.root
    nothing_seen = root.kind == "list" and not (outline.sample or root.broken or manner.salvage)
    if not root.empty and root.kind != "value" and (not regions or nothing_seen):
        _read_through(file, root)
    _check_header(file, _fields(file, outline))
    source.findings += [Finding(severity, message, Origin(file.path)) for severity, message in [*outline.notes, *notes]]
    return outline, regions


def _with_fields(file: _File, outline: Outline, region: Region) -> Region:
    """A region with the fields of its records, by which files that are alike are found."""
    if region.bare:
        return replace(region, fields=(FIELD,))
    return replace(region, fields=_fields(file, outline)) if region.kind == "table" else region


def _read_through(file: _File, root: Span) -> None:
    """Make sure that a file without records is at least what it claims to be; raises Broken."""
    start, end = _trim(file.stream, root.opening + 1, root.closing, SPACE)
    for _ in file.syntax.read(file.stream, Section("map" if root.kind == "map" else "list", start, end)):
        pass


def _read_sections(file: _File, sections: list[Section]) -> None:
    """Make sure that what looks like data in a script is just that; raises Broken."""
    for section in sections:
        for _ in file.syntax.read(file.stream, section):
            pass


def _fields(file: _File, outline: Outline) -> tuple[str, ...]:
    return tuple(outline.sample[0]) if file.syntax.textual and outline.sample else ()


def _check_header(file: _File, fields: tuple[str, ...]) -> None:
    twice = sorted({name for name in fields if fields.count(name) > 1})
    if twice:
        problem = f'names the column "{twice[0]}" twice' if twice[0] else "has more than one column without a name"
        hint = "Give each column a name of its own in the first line."
        raise UnreadableError(problem, origin=Origin(file.path, 1, 1), hint=hint)


def _make_section(file: _File, outline: Outline, region: Region) -> Section:
    style = file.syntax.style_of(file.stream, region.span, region.depth)
    start, end = _trim(file.stream, region.start, region.end, b"\r\n" if region.kind == "table" else SPACE)
    if region.kind == "list" and not region.bare and file.syntax.name == "json":
        start = _behind_nulls(file.stream, start, end)
    fields = _fields(file, outline)
    kind = "map" if region.kind == "list" and style.option("keyed") else region.kind  # its numbers are written too
    return Section(kind, start, end, region.depth, style, fields, region.counted, region.span.broken)


def _behind_nulls(stream: IO[bytes], start: int, end: int) -> int:
    """Where a list's records start: before them may stand nulls, where its first place is never used."""
    stream.seek(start)
    match = NULLS.match(stream.read(min(4_096, end - start)))
    return start + match.end() if match else start


def _trim(stream: IO[bytes], start: int, end: int, space: bytes) -> tuple[int, int]:
    """A run without the white space at its ends, which then belongs to the literals."""
    stream.seek(start)
    head = stream.read(min(4_096, end - start))
    start += len(head) - len(head.lstrip(space))
    begin = max(start, end - 4_096)
    stream.seek(begin)
    tail = stream.read(end - begin)
    return start, max(start, end - (len(tail) - len(tail.rstrip(space))))


def _face_problem(source: Source, file: _File, problem: Broken, sections: list[Section], *, salvage: bool) -> None:
    """Refuse a file that breaks off between its sections, or say what is taken of it."""
    spot = _locate(file, problem.offset)
    if salvage and sections:
        message = f"{problem.problem}; what is whole before it was taken, the rest is no part of any record"
        source.findings.append(Finding("error", message, spot))
        return
    whole = sum(count_whole(file.syntax, file.stream, section) for section in sections)
    raise UnreadableError(f"{problem.problem}; {say_whole(whole)}", origin=spot, hint=MEND)


def _locate(file: _File, offset: int) -> Origin:
    spot = locate(file.place, offset)
    return Origin(file.path, spot.line, spot.column)


def count_whole(syntax: Syntax, stream: IO[bytes], section: Section) -> int:
    """How many records of a section are whole; only asked where a file is broken."""
    whole = 0
    try:
        for batch in syntax.read(stream, section):
            whole += len(batch)
    except Broken:
        pass
    return whole


def say_whole(whole: int) -> str:
    """How many records stand before a break."""
    return f"{whole:,} record{'s' if whole != 1 else ''} before it {'are' if whole != 1 else 'is'} whole"


def _read_literals(file: _File, sections: list[Section], masked: Sequence[tuple[int, int]]) -> list[bytes]:
    """The text before, between and behind the sections; a broken file's brackets are closed for export."""
    literals, position = [], 0
    gone = sorted(masked)
    for section in sections:
        literals.append(_read_between(file.stream, position, section.start, gone))
        position = section.end
    literals.append(_read_between(file.stream, position, file.size, gone))
    if sections and sections[-1].broken:
        literals[-1] = _close(file.syntax, sections[-1])
    return literals


def _close(syntax: Syntax, section: Section) -> bytes:
    """The brackets that a broken section lacks, and those around it."""
    text = b""
    for depth in range(section.depth, 0, -1):
        bracket = b"]" if section.kind == "list" and depth == section.depth else b"}"
        text += syntax.around(replace(section, depth=depth), section.style)[1] + bracket
    return text


def _read_between(stream: IO[bytes], start: int, end: int, masked: Sequence[tuple[int, int]]) -> bytes:
    """A run of the file without what is masked in it; `masked` runs are sorted."""
    text, position = b"", start
    first = bisect_left(masked, (start, start))
    for begin, behind in masked[first : bisect_left(masked, (end, end))]:
        stream.seek(position)
        text += stream.read(begin - position)
        position = behind
    stream.seek(position)
    return text + stream.read(end - position)
