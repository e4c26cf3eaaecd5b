"""Holds what export would write against a folder, file by file, and writes nothing there."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat, zip_longest
from pathlib import Path

from outgrow.errors import SourceError
from outgrow.record import Finding
from outgrow.source.folder import scan
from outgrow.source.inventory import Source
from outgrow.source.reading import exact, read_part
from outgrow.source.syntax.json_text import dump_compact

BLOCK = 1 << 20
VERDICTS = ("identical", "equal", "different", "missing", "unwritten")
"""What a file is: the same bytes; other bytes but the same records; neither; not in the folder; only there."""


@dataclass
class Held:
    """A verdict for each file, and what export has to say itself."""

    files: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How many files there are of each verdict."""
        return Counter(self.files.values())

    @property
    def is_same(self) -> bool:
        """Whether export would write the folder as it is."""
        return set(self.files.values()) <= {"identical"}


def hold(written: Path, folder: Path, known: Iterable[str]) -> Held:
    """Compare the files written to one folder with those in another; `known` are the paths that the ledger has."""
    paths = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    held = Held({path: _judge(written / path, folder / path) for path in paths})
    held.files |= {path: "unwritten" for path in known if path not in paths and (folder / path).is_file()}
    held.files = dict(sorted(held.files.items()))
    return held


def _judge(ours: Path, theirs: Path) -> str:
    if not theirs.is_file():
        return "missing"
    if _are_same(ours, theirs):
        return "identical"
    return "equal" if _are_equal(ours, theirs) else "different"


def _are_same(ours: Path, theirs: Path) -> bool:
    """Whether two files have the same bytes; packed ones, the same unpacked."""
    return all(one == other for one, other in zip_longest(_blocks(ours), _blocks(theirs)))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as stream:
        try:
            while block := stream.read(BLOCK):
                yield block
        except (OSError, EOFError):  # no whole gzip file
            yield path.read_bytes()


def _are_equal(ours: Path, theirs: Path) -> bool:
    """Whether two files hold the same records, with number literals and the order of keys, and the same around them."""
    try:
        first, second = scan(ours), scan(theirs)
        if first.errors or second.errors or _shape(first) != _shape(second):
            return False
        return all(one == other for one, other in zip_longest(_records(first), _records(second)))
    except SourceError:
        return False


def _shape(source: Source) -> list[tuple[str, list[str], list[bytes]]]:
    """What a file is but for its records: its syntax, its sections, what stands between them without blanks."""
    return [
        (file.syntax, [section.kind for section in file.sections], [b"".join(text.split()) for text in file.literals])
        for file in source.files.values()
    ]


def _records(source: Source) -> Iterator[tuple[str | None, str]]:
    """All records, each as its map key and its text."""
    for collection in source.collections:
        for part in collection.parts:
            for read in read_part(source, part):
                batch = exact(source, part, read)
                keys = batch.keys or repeat(None)
                yield from zip(keys, map(dump_compact, batch.records), strict=False)
