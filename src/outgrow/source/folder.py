"""Walks the data folder and finds out what each file holds: a path comes in, a `Source` goes out.

Never leaves the folder: links that point out of it are refused. One bad file stops no other.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
import weakref
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath

from outgrow.errors import SourceError, UnreadableError
from outgrow.record import Finding, Origin
from outgrow.source.contents import Manner, read_contents
from outgrow.source.families import find_families
from outgrow.source.found import Found
from outgrow.source.grouping import make_collections
from outgrow.source.inventory import Source, SourceFile
from outgrow.source.kept import (
    KEPT_SUFFIXES,
    is_keepable,
    is_relaxed_json,
    keep,
    keep_quietly,
    plain_file,
    say_kept,
    say_left,
)
from outgrow.source.paths import matches
from outgrow.source.plain_texts import join_texts
from outgrow.source.syntax import SYNTAXES, Syntax, json
from outgrow.source.syntax.php_array_outline import NeedsPhp
from outgrow.source.wrapper import Wrapper, broken_gzip, detect_wrapper, hash_file, open_unpacked, refuse_foreign

TEXT_SUFFIXES = (".txt", ".md", ".markdown", ".html", ".htm")
JSON_SUFFIXES = (".json", ".ndjson", ".jsonl")
DATA_SUFFIXES = (*JSON_SUFFIXES, ".csv", ".tsv")
IGNORED_FOLDERS = ("cache", "tmp", "temp", "node_modules")
UNSEEN_FOLDERS = re.compile(r"\.(?:git|svn|hg|bzr|venv|tox|nox|idea|trash|.*cache.*)", re.IGNORECASE)
"""Hidden folders that hold no file of anyone's making."""
PLAIN_FAMILY = ("json", "ndjson", "csv", "log")
"""The syntaxes whose files are data for sure, so that a broken one is an error and not perhaps something else."""
COUNTER = re.compile(r"\.sdb$|cnt|count|hits|(?:last|next|auto)[-_]?(?:id|inc)|sequence", re.IGNORECASE)
LARGEST_UNPACKED = 64 << 30
LARGEST_RATIO = 200


def scan(root: Path, *, salvage: bool = False, known: Sequence[str] = ()) -> Source:
    """Look through a folder or a single file; bad files land in `errors`, the others are read on.

    `known` are the sources of a plan, whose files are theirs.
    """
    if not root.is_dir() and not root.is_file():
        there = root.exists()
        problem = "is neither a file nor a folder" if there else "there is no such file or folder"
        raise SourceError(problem, origin=Origin(str(root)), hint="Check the path.")
    if not _is_text(str(root.absolute())):
        raise SourceError("has a path that is not UTF-8", origin=Origin(str(root)), hint="Rename it, or move the data.")
    source = Source((root if root.is_dir() else root.parent).resolve())
    found: list[Found] = []
    parked: list[SourceError] = []
    for path in _walk(source) if root.is_dir() else [root.name]:
        try:
            found += _scan_file(source, path, salvage=salvage)
        except SourceError as error:
            if root.is_dir() and _is_settings(source, path):
                continue
            planned = any(path == each.partition("#/")[0] or matches(each, path) for each in known)
            is_parked = root.is_dir() and isinstance(error, UnreadableError) and not planned
            (parked if is_parked else source.errors).append(error)
        except OSError as error:
            source.errors.append(_unreadable(path, error))
    _face_parked(source, parked, alone=not found)
    for path in find_families(found):
        again = _read_whole(source, path, salvage=salvage)
        found = [one for one in found if one.file != path or not again] + again
    found += join_texts(source, found)
    found.sort(key=lambda one: (one.file, one.section))
    source.collections = make_collections(found, source.root.name, known)
    say_kept(source, source.kept, "without records")
    say_left(source)
    return source


def _face_parked(source: Source, parked: list[SourceError], *, alone: bool) -> None:
    """Keep files of which nothing can be read beside those that can be, and say so; by themselves they are errors."""
    for error in parked:
        path = error.origin.file if error.origin else ""
        message = f"can't be read, and makes no table: {error.problem}"
        if alone or not keep(source, path, message, "error", error.origin):
            source.errors.append(error)


def keep_broken(source: Source, errors: Sequence[SourceError]) -> list[SourceError]:
    """Keep files that broke off while their records were read beside others; returns the errors that are left."""
    broken = {error.origin.file for error in errors if error.origin is not None}
    files = {part.file for collection in source.collections for part in collection.parts}
    left: list[SourceError] = []
    for error in errors:
        path = error.origin.file if error.origin else ""
        message = f"can't be read, and makes no table: {error.problem}"
        if path not in files or files <= broken or not is_keepable(source.root / path):
            left.append(error)
        elif source.files[path].sections:
            source.findings = [one for one in source.findings if one.origin is None or one.origin.file != path]
            keep(source, path, message, "error", error.origin)
    kept = broken - {error.origin.file for error in left if error.origin is not None}
    parts = [tuple(part for part in each.parts if part.file not in kept) for each in source.collections]
    pairs = zip(source.collections, parts, strict=True)
    source.collections = [replace(collection, parts=some) for collection, some in pairs if some]
    return left


def _read_whole(source: Source, path: str, *, salvage: bool) -> list[Found]:
    """Look through a file again, which is one record; says nothing where it can't be."""
    before, said = source.files[path], source.findings
    source.findings = [finding for finding in said if finding.origin is None or finding.origin.file != path]
    try:
        return _scan_file(source, path, salvage=salvage, whole=True)
    except SourceError:
        source.files[path], source.findings = before, said
        return []


def _walk(source: Source) -> list[str]:
    """The files below the root, sorted, without hidden and derived ones."""
    paths: list[str] = []
    for folder, names, files in os.walk(source.root, onerror=lambda error: _note_unreadable(source, error)):
        relative = Path(folder).relative_to(source.root)
        names[:] = [name for name in sorted(names) if _goes_into(source, (relative / name).as_posix(), name)]
        paths += [(relative / name).as_posix() for name in sorted(files) if _is_seen(name)]
    return [path for path in paths if _is_readable(source, path)]


def _goes_into(source: Source, path: str, name: str) -> bool:
    """Whether a folder may hold data; what is left out is said, but for hidden ones."""
    if UNSEEN_FOLDERS.fullmatch(name):
        return False
    if name.lower() in IGNORED_FOLDERS:
        message = "is left out: by its name it holds nothing original"
        source.findings.append(Finding("info", message, Origin(path)))
        return False
    if (source.root / path).is_symlink():
        source.findings.append(Finding("warning", "is left out: a link to a folder", Origin(path)))
        return False
    return True


def _is_settings(source: Source, path: str) -> bool:
    """Whether a file among others that is no JSON would be some without comments and the like; it is kept then."""
    is_json = PurePosixPath(path).suffix.lower() in JSON_SUFFIXES
    message = "is JSON with comments or trailing commas, as programs' settings are: it makes no table"
    return is_json and is_relaxed_json(source.root / path) and keep(source, path, message)


def _is_seen(name: str) -> bool:
    """Whether a file may be data; of hidden ones, those that a suffix says so of."""
    return not name.startswith(".") or PurePosixPath(name).suffix.lower() in KEPT_SUFFIXES


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(path).parts)


def _unreadable(path: str, error: OSError) -> SourceError:
    hint = "Check that it exists and that you may read it."
    return SourceError(f"can't be read: {error.strerror or error}", origin=Origin(path), hint=hint)


def _note_unreadable(source: Source, error: OSError) -> None:
    source.errors.append(_unreadable(os.path.relpath(error.filename or "?", source.root), error))


def _is_readable(source: Source, path: str) -> bool:
    """Whether a path is a plain file below the root, links followed; what isn't is noted."""
    problem, hint = None, "Move it out of the folder."
    place = source.root / path
    if not _is_text(path):
        problem, hint = "has a name that is not UTF-8", "Rename the file."
    elif not _is_inside(source.root, place):
        problem = "is a link out of the data folder and was not followed"
        hint = "Copy the file into the folder, or remove the link."
    else:
        try:
            if not stat.S_ISREG(place.stat().st_mode):
                problem = "is no plain file"
        except OSError as error:
            problem, hint = f"can't be read: {error.strerror or error}", "Mend or remove the link."
    if problem is not None:
        shown = os.fsencode(path).decode("utf-8", "backslashreplace")
        source.errors.append(SourceError(problem, origin=Origin(shown), hint=hint))
    return problem is None


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_inside(root: Path, place: Path) -> bool:
    try:
        return place.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # links in a circle lead nowhere, so not out; reading says what they are
        return True


def _scan_file(source: Source, path: str, *, salvage: bool, whole: bool = False) -> list[Found]:
    if _is_hidden(path):
        keep_quietly(source, path)
        return []
    wrapper, head = detect_wrapper(source.root / path, path)
    suffixes = [suffix.lower() for suffix in PurePosixPath(path).suffixes if suffix.lower() != ".gz"]
    if not head.strip():
        is_text = "comment" in wrapper.notes and not set(suffixes) & set(DATA_SUFFIXES)  # a heading in Markdown
        note = _note_other if is_text else partial(_note_empty, wrapper=wrapper)
        note(source, path, suffixes=suffixes)
        return []
    if set(suffixes) & set(DATA_SUFFIXES) and (problem := refuse_foreign(head)):
        hint = "Save it as UTF-8 text, or move it out of the folder."
        if "UTF-16" in problem:
            hint = "Save it as UTF-8 (iconv -f UTF-16 -t UTF-8 OLD > NEW), or move it out of the folder."
        raise UnreadableError(problem, origin=Origin(path, 1, 1), hint=hint)
    syntax = _guess_syntax(suffixes, head)
    if syntax is None:
        _note_other(source, path, suffixes)
        return []
    if "comment" in wrapper.notes:
        message = "has a comment before its data; it is kept for export"
        source.findings.append(Finding("info", message, Origin(path)))
    copy = _unpack(source, path, wrapper.packed, salvage=salvage) if wrapper.packed else None
    try:
        return read_contents(source, path, wrapper, syntax, Manner(copy, salvage, whole))
    except SourceError as error:
        _face(source, path, wrapper, syntax, error)
        return []


def _face(source: Source, path: str, wrapper: Wrapper, syntax: Syntax, error: SourceError) -> None:
    """Keep a file that can't be read, where it may be something else than data; else raise the error again."""
    if isinstance(error.__cause__, NeedsPhp):
        keep(source, path, f"is no data that can be read: it {error.problem}", "warning", error.origin)
    elif wrapper.is_code:
        message = f"is a script, and what it holds is no JSON: {error.problem}"
        keep(source, path, message, "warning", error.origin)
    elif syntax.name not in PLAIN_FAMILY:
        message = f"can't be read as {syntax.name}, and makes no table: {error.problem}"
        keep(source, path, message, "error", error.origin)
    else:
        raise error


def _guess_syntax(suffixes: list[str], head: bytes) -> Syntax | None:
    """The first syntax that goes with the name and the first bytes."""
    start, last = head.lstrip(), suffixes[-1] if suffixes else ""
    for syntax in SYNTAXES:
        records = last not in TEXT_SUFFIXES or syntax.name != "json" or start.startswith((b"{", b"[{"))
        if records and set(suffixes or [""]) & set(syntax.suffixes) and syntax.detect(head):
            return syntax
    by_name = {syntax.name: syntax for syntax in SYNTAXES}
    if last in (".ndjson", ".jsonl"):
        return by_name["ndjson"]
    return by_name["json"] if last == ".json" and start.startswith(json.STARTS) else None


def _note_empty(source: Source, path: str, suffixes: list[str], wrapper: Wrapper) -> None:
    """An empty data file is said, and taken over as it is, so that export writes it again."""
    if not any(suffix in syntax.suffixes for syntax in SYNTAXES for suffix in suffixes):
        return
    message = "is empty: no records" + (", comments alone" if "comment" in wrapper.notes else "")
    if suffixes[-1] in (*JSON_SUFFIXES, *json.suffixes) and "comment" not in wrapper.notes:
        message += ". PHP's json_encode leaves such a file when it fails, for example on invalid UTF-8"
    source.findings.append(Finding("warning", message, Origin(path)))
    with open_unpacked(source.root / path, wrapper.packed, path) as stream:
        data = stream.read(1 << 20)
    source.files[path] = SourceFile(path, "json", wrapper, len(data), hash_file(source.root / path), (), (data,))


def _note_other(source: Source, path: str, suffixes: list[str]) -> None:
    """A file without records: a text that may belong to one, or one that is only taken along."""
    last = suffixes[-1] if suffixes else ""
    if COUNTER.search(PurePosixPath(path).name) and (data := _read_number(source.root / path)):
        message = "is a counter of the program, no data; export writes it as it is: raise it if you go back with more"
        source.findings.append(Finding("info", message, Origin(path)))
        source.files[path] = plain_file(source.root, path, data)
    elif last in TEXT_SUFFIXES:
        source.texts.append(path)
    elif last in JSON_SUFFIXES:
        raise UnreadableError(
            "is no JSON: no value starts so",
            origin=Origin(path, 1, 1),
            hint="Mend the file, or move it out of the folder.",
        )
    elif not keep_quietly(source, path):
        source.media[path] = (source.root / path).stat().st_size


def _read_number(path: Path) -> bytes:
    """The content of a file that is one whole number; empty for any other."""
    with path.open("rb") as stream:
        data = stream.read(64)
    return data if re.fullmatch(rb"\s*\d{1,18}\s*", data) else b""


def _unpack(source: Source, path: str, packed: str, *, salvage: bool) -> str:
    """Unpack a file beside the others, within bounds; raises SourceError for a bomb."""
    if source.unpacked is None:
        source.unpacked = Path(tempfile.mkdtemp(prefix="outgrow-"))
        weakref.finalize(source, shutil.rmtree, source.unpacked, ignore_errors=True)
    name = str(len(source.files))
    limit = min(LARGEST_UNPACKED, max(1 << 30, LARGEST_RATIO * (source.root / path).stat().st_size))
    target = source.unpacked / name
    with open_unpacked(source.root / path, packed, origin=path) as stream, target.open("wb") as copy:
        try:
            while block := stream.read(1 << 16):
                copy.write(block)
                if copy.tell() > limit:
                    raise SourceError(
                        f"unpacks to more than {limit >> 20} MB, far more than its size promises",
                        origin=Origin(path),
                        hint="Unpack it yourself if you trust it.",
                    )
        except (EOFError, zlib.error) as error:
            if not salvage:
                raise broken_gzip(path, error) from error
            source.findings.append(Finding("error", "is no whole gzip file; what is whole was taken", Origin(path)))
    return name
