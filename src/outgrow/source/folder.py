"""Walks the data folder and finds out what each file holds: a path comes in, a `Source` goes out.

Never leaves the folder: links that point out of it are refused. One bad file stops no other.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from outgrow.errors import SourceError
from outgrow.record import Finding, Origin
from outgrow.source.grouping import Found, make_collections, stem_of
from outgrow.source.inventory import Source, SourceFile
from outgrow.source.layout import Region, lay_out
from outgrow.source.section import Section
from outgrow.source.syntax import SYNTAXES, Syntax
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.wrapper import Wrapper, detect_wrapper, hash_file, locate, open_unpacked

TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
IGNORED_FOLDERS = ("cache", "tmp", "temp", "node_modules")
LARGEST_UNPACKED = 64 << 30
LARGEST_RATIO = 200


def scan(root: Path, *, salvage: bool = False) -> Source:
    """Look through a folder or a single file; bad files land in `errors`, the others are read on."""
    if not root.exists():
        raise SourceError("there is no such file or folder", origin=Origin(str(root)), hint="Check the path.")
    base, paths = (root.parent, [root.name]) if root.is_file() else (root, [])
    source = Source(base.resolve())
    if not paths:
        paths = _walk(source)
    found: list[Found] = []
    for path in paths:
        try:
            found += _scan_file(source, path, salvage=salvage)
        except SourceError as error:
            source.errors.append(error)
        except Broken as error:
            source.errors.append(SourceError(error.problem, origin=Origin(path)))
    source.collections = make_collections(found)
    return source


def _walk(source: Source) -> list[str]:
    """The files below the root, sorted, without hidden and derived ones."""
    paths: list[str] = []
    for folder, names, files in os.walk(source.root, onerror=lambda error: _note_unreadable(source, error)):
        relative = Path(folder).relative_to(source.root)
        for name in sorted(names):
            where = (relative / name).as_posix()
            if name.startswith("."):
                names.remove(name)
            elif name.lower() in IGNORED_FOLDERS:
                names.remove(name)
                source.findings.append(
                    Finding("info", "is left out: by its name it holds nothing original", Origin(where))
                )
            elif (Path(folder) / name).is_symlink():
                names.remove(name)
                source.findings.append(Finding("warning", "is left out: a link to a folder", Origin(where)))
        names.sort()
        paths += [(relative / name).as_posix() for name in sorted(files) if not name.startswith(".")]
    return [path for path in paths if _is_inside(source, path)]


def _note_unreadable(source: Source, error: OSError) -> None:
    name = os.path.relpath(error.filename or "?", source.root)
    source.errors.append(
        SourceError(f"can't be read: {error.strerror}", origin=Origin(name), hint="Check that you may read it.")
    )


def _is_inside(source: Source, path: str) -> bool:
    """Whether the file, links followed, lies below the root."""
    if (source.root / path).resolve().is_relative_to(source.root):
        return True
    source.errors.append(
        SourceError(
            "is a link out of the data folder and was not followed",
            origin=Origin(path),
            hint="Copy the file into the folder, or remove the link.",
        )
    )
    return False


def _scan_file(source: Source, path: str, *, salvage: bool) -> list[Found]:
    place = source.root / path
    wrapper, head = detect_wrapper(place, path)
    suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes]
    if not head.strip():
        if any(suffix in syntax.suffixes for syntax in SYNTAXES for suffix in suffixes):
            message = (
                "is empty: no records. PHP's json_encode leaves such a file when it fails, for example on invalid UTF-8"
            )
            source.findings.append(Finding("warning", message, Origin(path)))
            _keep_whole(source, path, wrapper)
        return []
    syntax = _guess_syntax(suffixes, head)
    if syntax is None:
        _note_other(source, path, suffixes)
        return []
    for note in wrapper.notes:
        if note == "comment":
            source.findings.append(
                Finding("info", "has a comment before its data; it is kept for export", Origin(path))
            )
    return _lay_out_file(source, path, wrapper, syntax, salvage=salvage)


def _guess_syntax(suffixes: list[str], head: bytes) -> Syntax | None:
    for syntax in SYNTAXES:
        if (set(suffixes) & set(syntax.suffixes)) and syntax.detect(head):
            if suffixes[-1] in TEXT_SUFFIXES and syntax.name == "json" and not head.lstrip().startswith((b"{", b"[{")):
                continue
            return syntax
    return None


def _note_other(source: Source, path: str, suffixes: list[str]) -> None:
    if suffixes and suffixes[-1] in TEXT_SUFFIXES:
        source.texts.append(path)
    elif suffixes and suffixes[-1] in (".json", ".ndjson", ".jsonl"):
        raise SourceError(
            "is no JSON: it starts with neither [ nor {",
            origin=Origin(path, 1, 1),
            hint="Mend the file, or move it out of the folder.",
        )
    else:
        source.findings.append(
            Finding("info", "holds no records that outgrow can read; it is left where it is", Origin(path))
        )


def _keep_whole(source: Source, path: str, wrapper: Wrapper) -> None:
    """Take over a file without records as it is, so that export writes it again."""
    with open_unpacked(source.root / path, wrapper.packed, path) as stream:
        data = stream.read(1 << 20)
    source.files[path] = SourceFile(path, "json", wrapper, len(data), hash_file(source.root / path), (), (data,))


def _unpack(source: Source, path: str) -> Path:
    """Unpack a gzip file beside the others, within bounds; raises SourceError for a bomb."""
    if source.unpacked is None:
        source.unpacked = tempfile.TemporaryDirectory(prefix="outgrow-")
    target = Path(source.unpacked.name) / str(len(source.files))
    limit = min(LARGEST_UNPACKED, max(1 << 30, LARGEST_RATIO * (source.root / path).stat().st_size))
    try:
        with open_unpacked(source.root / path, True, path) as stream, target.open("wb") as copy:
            while block := stream.read(1 << 20):
                copy.write(block)
                if copy.tell() > limit:
                    raise SourceError(
                        f"unpacks to more than {limit >> 20} MB, far more than its size promises",
                        origin=Origin(path),
                        hint="Unpack it yourself if you trust it.",
                    )
    except (OSError, EOFError) as error:
        raise SourceError(f"is no whole gzip file: {error}", origin=Origin(path), hint="Pack it again.") from error
    return target


def _lay_out_file(source: Source, path: str, wrapper: Wrapper, syntax: Syntax, *, salvage: bool) -> list[Found]:
    place = _unpack(source, path) if wrapper.packed else source.root / path
    size, stem = place.stat().st_size, stem_of(path)
    with place.open("rb") as stream:
        outline = syntax.outline(stream, wrapper.prefix, size)
        regions, notes = lay_out(outline, stem)
        if outline.problem is not None and not (salvage and regions) and not any(r.span.broken for r in regions):
            raise SourceError(
                outline.problem.problem,
                origin=locate(place, packed=False, origin=path, offset=outline.problem.offset),
                hint="Mend the file, or take what is whole with --salvage.",
            )
        fields = tuple(outline.sample[0]) if syntax.textual and outline.sample else ()
        sections, literals, position = [], [], 0
        for region in regions:
            section = _make_section(stream, syntax, region, fields)
            start, end = _trim(stream, section)
            sections.append(replace(section, start=start, end=end))
            literals.append(_read_between(stream, position, start))
            position = end
        literals.append(_read_between(stream, position, size))
    _check_header(path, fields)
    for note in notes:
        source.findings.append(Finding("info", note, Origin(path)))
    source.files[path] = SourceFile(
        path, syntax.name, wrapper, size, hash_file(source.root / path), tuple(sections), tuple(literals)
    )
    return [Found(path, number, region, stem, syntax.textual) for number, region in enumerate(regions)]


def _check_header(path: str, fields: tuple[str, ...]) -> None:
    twice = sorted({name for name in fields if fields.count(name) > 1})
    if twice:
        raise SourceError(
            f'names the column "{twice[0]}" twice',
            origin=Origin(path, 1, 1),
            hint="Rename one of them in the first line.",
        )


def _make_section(stream: IO[bytes], syntax: Syntax, region: Region, fields: tuple[str, ...]) -> Section:
    style = syntax.style_of(stream, region.span, region.depth)
    return Section(
        region.kind, region.start, region.end, region.depth, style, fields, region.counted, region.span.broken
    )


def _trim(stream: IO[bytes], section: Section) -> tuple[int, int]:
    """The section without the white space at its ends, which then belongs to the literals."""
    start, end = section.start, section.end
    stream.seek(start)
    head = stream.read(min(4_096, end - start))
    start += len(head) - len(head.lstrip(b" \t\r\n"))
    begin = max(start, end - 4_096)
    stream.seek(begin)
    tail = stream.read(end - begin)
    return start, max(start, end - (len(tail) - len(tail.rstrip(b" \t\r\n"))))


def _read_between(stream: IO[bytes], start: int, end: int) -> bytes:
    stream.seek(start)
    return stream.read(end - start)
