"""What stands around the data of a file: gzip, a byte order mark, a PHP guard line, comments.

Comes in: a path. Goes out: a stream of unpacked bytes that can seek, and how many bytes at its start
are no data. Nothing of it is ever run.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from outgrow.errors import SourceError
from outgrow.record import Origin

HEAD = 65_536
BOM = b"\xef\xbb\xbf"
GUARD = re.compile(rb"\s*<\?php\b.*?\?>[ \t]*\r?\n?", re.DOTALL)
COMMENT = re.compile(rb"\s*(?://[^\n]*\n|#(?![^\n]*\?>)[^\n]*\n|/\*.*?\*/)", re.DOTALL)


@dataclass(frozen=True)
class Wrapper:
    """`packed` is gzip; `prefix` the number of unpacked bytes before the data; `notes` what they are."""

    packed: bool
    prefix: int
    notes: tuple[str, ...]


def open_unpacked(path: Path, packed: bool, origin: str) -> IO[bytes]:
    """Open a file as its unpacked bytes; raises SourceError where it can't be opened."""
    try:
        return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise SourceError(
            f"can't be read: {error.strerror or error}",
            origin=Origin(origin),
            hint="Check that the file exists and that you may read it.",
        ) from error


def detect_wrapper(path: Path, origin: str) -> tuple[Wrapper, bytes]:
    """Find out what stands around the data; returns it and the first unpacked bytes behind it."""
    with open_unpacked(path, packed=False, origin=origin) as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    with open_unpacked(path, packed, origin) as stream:
        try:
            head = stream.read(HEAD)
        except (OSError, EOFError) as error:
            raise SourceError(
                f"is no whole gzip file: {error}", origin=Origin(origin), hint="Pack it again, or unpack what is left."
            ) from error
    notes, position = ["gzip"] if packed else [], 0
    if head.startswith(BOM):
        position = len(BOM)
        notes.append("byte order mark")
    if guard := GUARD.match(head, position):
        position = guard.end()
        notes.append("PHP guard line")
    while comment := COMMENT.match(head, position):
        position = comment.end()
        if "comment" not in notes:
            notes.append("comment")
    return Wrapper(packed, position, tuple(notes)), head[position:]


def hash_file(path: Path) -> str:
    """The SHA-256 of a file as it lies on disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def locate(path: Path, packed: bool, origin: str, offset: int) -> Origin:
    """Turn an offset in the unpacked bytes into a line and a column (of characters), both from 1."""
    line, last = 1, b""
    with open_unpacked(path, packed, origin) as stream:
        left = offset
        while left > 0:
            block = stream.read(min(left, 1 << 20))
            if not block:
                break
            left -= len(block)
            count = block.count(b"\n")
            line += count
            last = block[block.rfind(b"\n") + 1 :] if count else last + block
            last = last[-(1 << 20) :]
    return Origin(origin, line, len(last.decode("utf-8", "replace")) + 1)
