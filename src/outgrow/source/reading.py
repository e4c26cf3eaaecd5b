"""Reads collections as batches, turns offsets into places, and writes batches back as text.

The only room that knows how source, syntax and section fit together; others ask here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from outgrow.errors import SourceError
from outgrow.record import Batch, Flaw, Origin, Reject
from outgrow.source.contents import MEND, count_whole, say_whole
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.section import Section
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken
from outgrow.source.wrapper import hash_file

WORTH_SPLITTING = 8 << 20


def read_part(source: Source, part: Part, *, salvage: bool = False) -> Iterator[Batch]:
    """Read one part of a collection; raises SourceError where it breaks off, unless it is to be salvaged."""
    section, syntax = source.section(part), source.syntax(part)
    whole = 0
    with source.path(part.file).open("rb") as stream:
        batches = syntax.read(stream, section)
        last_end = section.start
        while True:
            try:
                batch = next(batches, None)
            except Broken as broken:
                whole_batch, problem = _read_rest(source, part, last_end, broken)
                whole += len(whole_batch)
                if not salvage:
                    raise _explain(source, part, problem, whole) from broken
                yield _with_key(whole_batch, part)
                return
            if batch is None:
                return
            whole += len(batch)
            last_end = batch.end
            yield _with_key(batch, part)


def _with_key(batch: Batch, part: Part) -> Batch:
    if part.key is not None:
        batch.keys = [part.key] * len(batch.records)
    return batch


def _read_rest(source: Source, part: Part, start: int, broken: Broken) -> tuple[Batch, Broken]:
    """Read the whole records between the last good batch and the break, one by one; the tail is a flaw."""
    section, syntax = source.section(part), source.syntax(part)
    with source.path(part.file).open("rb") as stream:
        stream.seek(start)
        raw = stream.read(min(section.end - start, LARGEST_RECORD))
    batch, problem = syntax.read_whole(raw, start, section, broken)
    if start + len(raw) == section.end and section.kind in ("lines", "table"):
        # Within brackets a broken end would make all of the file unreadable: export leaves it out.
        batch.rest = raw[max(0, batch.end - start) :]
    return batch, problem


def _explain(source: Source, part: Part, broken: Broken, whole: int) -> SourceError:
    """The error for a broken part; counts also the records in the file's parts before it."""
    syntax = source.syntax(part)
    with source.path(part.file).open("rb") as stream:
        before = source.files[part.file].sections[: part.section]
        whole += sum(count_whole(syntax, stream, section) for section in before)
    origin = source.origin(part.file, broken.offset)
    return SourceError(f"{broken.problem}; {say_whole(whole)}", origin=origin, hint=MEND)


def read_collection(source: Source, collection: Collection, *, salvage: bool = False) -> Iterator[tuple[int, Batch]]:
    """Read all parts in order; yields each batch with the number of its part."""
    for number, part in enumerate(collection.parts):
        for batch in read_part(source, part, salvage=salvage):
            yield number, batch


def exact(source: Source, part: Part, batch: Batch) -> Batch:
    """The batch with exact values, and places of its records."""
    if not batch.plain:
        return batch
    section, syntax = source.section(part), source.syntax(part)
    keys = batch.keys
    again = syntax.reread(batch, section)
    if again.keys is None and keys is not None:
        again.keys = keys[: len(again.records)]
    return again


def is_written_so(source: Source, part: Part, batch: Batch) -> bool:
    """Whether writing the batch's values in the file's style gives its very text, so that they are exact."""
    section, syntax = source.section(part), source.syntax(part)
    keys = batch.keys if section.kind == "map" else None
    return syntax.encode(batch.records, keys, section, section.style) == batch.raw


def place_of(source: Source, part: Part, batch: Batch, number: int) -> Origin:
    """The place of the batch's record `number`."""
    offsets = exact(source, part, batch).offsets or []
    return source.origin(part.file, offsets[number] if number < len(offsets) else batch.start)


def place_between(source: Source, part: Part, start: int, end: int, number: int) -> Origin:
    """The place of record `number` in the batch that stands between two offsets."""
    with source.path(part.file).open("rb") as stream:
        stream.seek(start)
        raw = stream.read(min(end - start, 2 * LARGEST_RECORD))
    return place_of(source, part, Batch([], raw, start, end, plain=True), number)


def rejects_of(source: Source, collection: Collection, part: Part, batch: Batch) -> list[Reject]:
    """The batch's flaws as rejects."""
    return [_reject(source, collection, part, flaw) for flaw in batch.flaws]


def _reject(source: Source, collection: Collection, part: Part, flaw: Flaw) -> Reject:
    text = flaw.raw.decode("utf-8", "backslashreplace")
    return Reject(source.origin(part.file, flaw.offset), flaw.reason, text, collection.source)


def changed_files(source: Source) -> list[str]:
    """The files that are no longer what they were when the folder was looked through."""
    return [file.path for file in source.files.values() if _hash(source.root / file.path) != file.sha256]


def _hash(path: Path) -> str:
    try:
        return hash_file(path)
    except OSError:
        return ""


def split_section(source: Source, part: Part, pieces: int) -> list[Section]:
    """Cut a long section into pieces at what look like borders between records.

    A wrong cut shows: then neither piece can be read to its end, and the section must be read as a whole.
    """
    section, syntax = source.section(part), source.syntax(part)
    size = section.end - section.start
    if part.key is not None or section.broken or size < WORTH_SPLITTING or syntax.border(section) is None:
        return [section]
    cuts: list[tuple[int, int]] = []
    with source.path(part.file).open("rb") as stream:
        for piece in range(1, pieces):
            nominal = section.start + size * piece // pieces
            stream.seek(nominal)
            border = syntax.border(section)
            match = border.search(stream.read(BLOCK)) if border else None
            if match:
                cuts.append((nominal + match.start(1), nominal + match.end()))
    starts = [section.start, *(behind for _, behind in cuts)]
    ends = [*(before for before, _ in cuts), section.end]
    return [replace(section, start=start, end=end) for start, end in zip(starts, ends, strict=True)]
