"""How a file's text is packed, and back: gzip, deflated within a PHP comment, or with cases of enums by their numbers.

A packed file is read from an unpacked copy, and export packs what it writes in the same way. What a packing is
says a text: its name, for a comment with what stands around and how it was deflated, as JSON.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_serial_read import REFERENCE
from outgrow.source.syntax.php_serial_walk import join_cases, replace_runs, separate_cases, wrong_counts
from outgrow.source.syntax.php_serialize import START as SERIALIZED
from outgrow.source.syntax.php_session import START as SESSION

GZIP = "gzip"
CASES = "cases"
LINES = "cases in lines"
COMMENT = "comment"
DEFLATED = re.compile(rb"(\s*<\?php\s*/\*\s*)([A-Za-z0-9+/]{8,}={0,2})(\s*\*/(?:\s*\?>)?\s*)\Z")
DEFLATED_START = re.compile(rb"\s*<\?php\s*/\*\s*([A-Za-z0-9+/]{8,})")
LEVELS = ((-1, 9), (-1, 8), (9, 9), (9, 8), (1, 9), (1, 8))
"""Levels and memory of zlib: PHP takes the default level, and all memory."""
LARGEST = 64 << 20
COUNTED = ("php_serialize", "php_session", "php_lines")


def detect_packing(path: Path, head: bytes) -> tuple[str, bytes]:
    """How a file that isn't gzip is packed, and its first unpacked bytes; empty where it isn't."""
    start = DEFLATED_START.match(head)
    if start is not None and SERIALIZED.match(_inflate_start(start[1])):
        return _detect_comment(path)
    if SERIALIZED.match(head) or SESSION.match(head):
        return _detect_cases(path, head)
    return "", b""


def _inflate_start(text: bytes) -> bytes:
    try:
        raw = base64.b64decode(text[: len(text) // 4 * 4])
        return zlib.decompressobj(-15).decompress(raw, 1_000)
    except (binascii.Error, zlib.error):
        return b""


def _detect_comment(path: Path) -> tuple[str, bytes]:
    if path.stat().st_size > LARGEST:
        return "", b""
    text = path.read_bytes()
    match = DEFLATED.match(text)
    data = inflate(match[2]) if match else None
    if match is None or data is None:
        return "", b""
    level = next((number for number, _ in enumerate(LEVELS) if _deflate(data, number) == match[2]), 0)
    return json.dumps([COMMENT, match[1].decode("latin-1"), match[3].decode("latin-1"), level]), data[:65_536]


def inflate(text: bytes) -> bytes | None:
    """What base64 of deflated text holds; None where it isn't that, or more than there is room for."""
    inflater = zlib.decompressobj(-15)
    try:
        data = inflater.decompress(base64.b64decode(text, validate=True), LARGEST)
    except (binascii.Error, zlib.error):
        return None
    return data if inflater.eof else None


def _deflate(data: bytes, level: int) -> bytes:
    deflater = zlib.compressobj(LEVELS[level][0], zlib.DEFLATED, -15, LEVELS[level][1])
    return base64.b64encode(deflater.compress(data) + deflater.flush())


def _detect_cases(path: Path, head: bytes) -> tuple[str, bytes]:
    """Whether serialized values refer to cases of enums, as PHP does from the second time on, and to nothing else."""
    if path.stat().st_size > LARGEST:
        return "", b""
    text = path.read_bytes()
    if REFERENCE.search(text) is None:
        return "", b""
    for kind in (LINES, CASES) if SERIALIZED.match(head) else (CASES,):
        try:
            runs = separate_cases(text, each=kind == LINES)
        except Broken:
            return "", b""
        if runs and _joins(text, runs, kind):
            return kind, b"".join(replace_runs(text, runs))[:65_536]
    return "", b""


def _joins(text: bytes, runs: list[tuple[int, int, bytes]], kind: str) -> bool:
    """Whether the same text comes back."""
    data = b"".join(replace_runs(text, runs))
    return len(data) < LARGEST and b"".join(replace_runs(data, join_cases(data, each=kind == LINES))) == text


def unpack(path: Path, packing: str) -> bytes:
    """The unpacked text of a file whose packing was detected, but for gzip."""
    text = path.read_bytes()
    if packing in (CASES, LINES):
        return b"".join(replace_runs(text, separate_cases(text, each=packing == LINES) or []))
    match = DEFLATED.match(text)
    return (inflate(match[2]) if match else None) or b""


@contextmanager
def open_packed(path: Path, packing: str | bool, syntax: str) -> Iterator[IO[bytes]]:
    """A stream that writes a file; what it gets is packed, and counts in it are put right."""
    if packing in (GZIP, True):
        with path.open("wb") as plain, gzip.GzipFile(filename="", fileobj=plain, mode="wb", mtime=0) as packed:
            yield cast("IO[bytes]", packed)
        return
    with path.open("wb") as stream:
        yield stream
    if syntax.removesuffix(" values") in COUNTED:
        _rewrite(path, lambda data: [(start, end, b"%d" % count) for start, end, count in wrong_counts(data)])
    if packing in (CASES, LINES):
        _rewrite(path, lambda data: join_cases(data, each=packing == LINES))
    elif packing:
        _, before, after, level = json.loads(str(packing))
        deflated = _deflate(path.read_bytes(), level)
        path.write_bytes(before.encode("latin-1") + deflated + after.encode("latin-1"))


def _rewrite(path: Path, find: Any) -> None:
    """Replace runs of a file."""
    if path.stat().st_size == 0:
        return
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            runs = find(data)
        except Broken:
            return  # what was kept of a broken file is left as it is
        if not runs:
            return
        other = path.with_name(f"{path.name}.packing")
        with other.open("wb") as copy:
            for text in replace_runs(data, runs):
                copy.write(text)
    other.replace(path)
