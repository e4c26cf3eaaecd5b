"""Rows as one JSON text: what a process hands to the next, digests are made of, and a server can read as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Row = tuple[Any, ...]
BORDER = b"],["


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

    def parts(self) -> list[bytes]:
        """The texts of the single rows."""
        parts = self.text[1:-1].replace(BORDER, b"]\n[").split(b"\n")  # JSON holds no line end as such
        return parts if len(parts) == self.count else list(map(orjson.dumps, orjson.loads(self.text)))

    def as_csv(self) -> bytes | None:
        """The rows as CSV with `null` for null, where that is the same text but for brackets; else None."""
        if b"\\" in self.text or self.text.count(BORDER) != self.count - 1:
            return None
        return self.text[2:-2].replace(BORDER, b"\n") + b"\n"
