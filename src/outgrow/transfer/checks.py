"""A check of each row as it was loaded, four bytes: it tells on which side a record was changed since.

The digest of a chunk proves that none of its rows was changed; checks find the one that was, whoever did it.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import orjson

from outgrow.database.bulk import RowText
from outgrow.schema.shape import Row

Checks = dict[str, bytes]


def check_row(row: Row) -> int:
    """The check of a row; its key is part of it."""
    return zlib.crc32(orjson.dumps(row))


def sum_up(rows: Mapping[str, Sequence[Row]]) -> tuple[dict[str, list[Any]], Checks]:
    """What the ledger keeps of a chunk's rows: per table their number and digest, and their checks."""
    sums: dict[str, list[Any]] = {}
    checks: Checks = {}
    for name, own in rows.items():
        texts = list(map(orjson.dumps, own))
        sums[name] = [len(own), sha256(b"[" + b",".join(texts) + b"]").hexdigest()[:32]]
        checks[name] = pack_checks(map(zlib.crc32, texts))
    return sums, checks


def sum_up_texts(texts: Mapping[str, RowText]) -> tuple[dict[str, list[Any]], Checks]:
    """The same, of rows that are texts."""
    sums = {name: [own.count, sha256(own.text).hexdigest()[:32]] for name, own in texts.items()}
    return sums, {name: pack_checks(own.checksums()) for name, own in texts.items()}


def pack_checks(checks: Iterable[int]) -> bytes:
    """Checks as bytes, the same on all machines."""
    packed = array("I", checks)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def unpack_checks(packed: bytes) -> array[int]:
    """The way back from `pack_checks`."""
    checks = array("I")
    checks.frombytes(packed)
    if sys.byteorder == "big":
        checks.byteswap()
    return checks


def replace_checks(known: Mapping[str, bytes], before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Checks:
    """The checks of a chunk once outgrow itself has changed some of its rows; those the app has changed keep theirs."""
    return {name: _replace(packed, before.get(name, b""), after.get(name, b"")) for name, packed in known.items()}


def _replace(known: bytes, before: bytes, after: bytes) -> bytes:
    kept, old, new = (Counter(unpack_checks(packed)) for packed in (known, before, after))
    gone, come = old - new, new - old
    if gone <= kept:
        return pack_checks((kept - gone + come).elements())
    return pack_checks((kept - gone).elements())
