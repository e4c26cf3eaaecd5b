"""Rows as one JSON text: what a process hands to the next, digests are made of, and a server can read as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any
from zlib import crc32

import orjson

Row = tuple[Any, ...]
BORDER = b"],["
OPENED = crc32(b"[")


@dataclass(frozen=True)
class RowText:
    """Rows, how many, as the JSON text of a list of lists."""

    count: int
    text: bytes

    @classmethod
    def of(cls, rows: Sequence[Row]) -> RowText:
        """Write rows as text."""
        return cls(len(rows), orjson.dumps(rows))

    def rows(self) -> list[Row]:
        """The rows again."""
        return list(map(tuple, orjson.loads(self.text)))

    @cached_property
    def _bare(self) -> list[bytes] | None:
        """The texts of the single rows without brackets; None where a value looks like what parts rows."""
        # To split and join takes a third of the time of `replace`.
        bare = self.text[2:-2].split(BORDER) if self.count else []
        return bare if len(bare) == self.count else None

    def checksums(self) -> Iterable[int]:
        """The CRC-32 of each row's own text."""
        if self._bare is None:
            return map(crc32, map(orjson.dumps, orjson.loads(self.text)))
        # The brackets are counted in, so that no text has to be made.
        return map(crc32, repeat(b"]"), map(crc32, self._bare, repeat(OPENED)))

    def as_csv(self) -> bytes | None:
        """The rows as CSV with `null` for null, where that is the same text but for brackets; else None."""
        if b"\\" in self.text or self._bare is None:
            return None
        return b"\n".join([*self._bare, b""])
