"""What stands around the data of a file: gzip, a byte order mark, a guard, comments, a line of a script.

Comes in: a path. Goes out: a stream of unpacked bytes that can seek, and how many bytes at its start
are no data. Nothing of it is ever run.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from outgrow.errors import SourceError
from outgrow.record import Origin
from outgrow.source.packing import GZIP, detect_packing, unpack
from outgrow.source.syntax.php_array_outline import is_whole_array

HEAD = 65_536
BOM = b"\xef\xbb\xbf"
GUARD = re.compile(rb"\s*<\?php\b.*?\?>[ \t]*\r?\n?", re.DOTALL)
# JSON within a PHP comment, or behind the end of what PHP reads; it must follow at once, else it is a script.
HIDDEN = re.compile(
    rb"\s*<\?php\b(?:(?!\?>)[^{\[]){0,200}?(?:/\*+|//|#|__halt_compiler\s*\(\s*\)\s*;)\s*"
    rb"(?=\[\s*[\[{\]\"\d\-tfn]|\{\s*[\"}])",
    re.DOTALL,
)
SCRIPT = re.compile(
    rb"\s*(?:['\"]use strict['\"];?\s*)?(?:export\s+)?(?:"
    rb"(?:var|let|const)\s+[\w$]+\s*(?::\s*[\w<>\[\], ]+)?=|"
    rb"(?:module\.)?exports(?:\.[\w$]+)?\s*=|default\b|"
    rb"(?:window|self|globalThis|global|this)(?:\.[\w$]+|\[['\"][^'\"\n]+['\"]\])+\s*=|"
    rb"[\w$]+(?:\.[\w$]+)*\s*=|[\w$]+(?:\.[\w$]+)*\s*\("
    rb")\s*(?=[\[{])"
)
HIJACK = re.compile(rb"\s*(?:\)\]\}',?|while\s*\(1\);|for\s*\(;;\);)\s*(?=[\[{])")
SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".jsonp")
TEXTS = (".md", ".markdown", ".txt", ".html", ".htm")
"""What begins like a comment there is a heading, or facts about the text."""
COMMENT = re.compile(rb"\s*(?://[^\n]*\n|#(?![^\n]*\?>)[^\n]*\n|/\*.*?\*/)", re.DOTALL)


@dataclass(frozen=True)
class Wrapper:
    """`packed` is how the file is packed (see `packing`); `prefix` the number of unpacked bytes before the data;
    `notes` what they are."""

    packed: str
    prefix: int
    notes: tuple[str, ...]

    @property
    def is_code(self) -> bool:
        """Whether the data stand within a script, so that what looks like data may be none."""
        return bool({"script", "PHP comment"} & set(self.notes))


def open_unpacked(path: Path, packed: str, origin: str) -> IO[bytes]:
    """Open a file as its unpacked bytes; raises SourceError where it can't be opened."""
    try:
        if packed not in ("", GZIP):
            return io.BytesIO(unpack(path, packed))
        return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")
    except OSError as error:
        raise SourceError(
            f"can't be read: {error.strerror or error}",
            origin=Origin(origin),
            hint="Check that the file exists and that you may read it.",
        ) from error


def detect_wrapper(path: Path, origin: str) -> tuple[Wrapper, bytes]:
    """Find out what stands around the data; returns it and the first unpacked bytes behind it."""
    with open_unpacked(path, packed="", origin=origin) as stream:
        packed = GZIP if stream.read(2) == b"\x1f\x8b" else ""
    with open_unpacked(path, packed, origin) as stream:
        head = _read_head(stream, origin)
    if not packed:
        packed, unpacked = detect_packing(path, head)
        if packed:
            return Wrapper(packed, 0, ("packed",)), unpacked
    notes, position = ["gzip"] if packed else [], 0
    if head.startswith(BOM):
        position = len(BOM)
        notes.append("byte order mark")
    if is_whole_array(head, position):
        return Wrapper(packed, position, tuple(notes)), head[position:]
    if hidden := HIDDEN.match(head, position):
        position = hidden.end()
        notes.append("PHP comment")
    elif guard := GUARD.match(head, position) or HIJACK.match(head, position):
        position = guard.end()
        notes.append("PHP guard line")
    while path.suffix.lower() not in TEXTS and (comment := COMMENT.match(head, position)):
        position = comment.end()
        if "comment" not in notes:
            notes.append("comment")
    if path.suffix.lower() in SCRIPTS and (script := SCRIPT.match(head, position)):
        position = script.end()
        notes.append("script")
    return Wrapper(packed, position, tuple(notes)), head[position:]


def _read_head(stream: IO[bytes], origin: str) -> bytes:
    """The first bytes, also of a gzip file that is cut off behind them."""
    head = b""
    try:
        while len(head) < HEAD and (data := stream.read(1_024)):
            head += data
    except (OSError, EOFError, zlib.error) as error:
        if not head:
            raise broken_gzip(origin, error) from error
    return head


def broken_gzip(origin: str, error: Exception) -> SourceError:
    """The error for a gzip file that can't be unpacked to its end."""
    problem = "the file breaks off" if isinstance(error, EOFError) else str(error)
    hint = "Pack it again, or take what is whole with --salvage."
    return SourceError(f"is no whole gzip file: {problem}", origin=Origin(origin), hint=hint)


def refuse_foreign(head: bytes) -> str | None:
    """What data is, by its first bytes, where it is surely none of what the file's name promises."""
    if head.startswith(b"\x1f\x8b"):
        return "is packed twice"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or 0 in head[:4]:
        return "is UTF-16 or binary, not UTF-8"
    start = head.lstrip()[:64].lower()
    if start.startswith(b"<?php"):
        return "is a PHP script, not data; it is never run"
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page or XML: perhaps an error page, saved in place of the data"
    return None


def hash_file(path: Path) -> str:
    """The SHA-256 of a file as it lies on disk."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Place:
    """An offset in the unpacked bytes, and its line and column (of characters), both from 1."""

    offset: int = 0
    line: int = 1
    column: int = 1


def locate(path: Path, offset: int, known: Place = Place()) -> Place:
    """Find the line and column of an offset; `known` is a place before it, to start from."""
    line, column = known.line, known.column
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as stream:
        stream.seek(known.offset)
        left = offset - known.offset
        while left > 0 and (block := stream.read(min(left, 1 << 20))):
            left -= len(block)
            if count := block.count(b"\n"):
                line, column = line + count, 1
                decoder.reset()
                block = block[block.rfind(b"\n") + 1 :]
            column += len(decoder.decode(block, final=left == 0))
    return Place(offset, line, column)
