"""Ground floor: the nouns that every room shares. Knows no other room.

A record is a plain `dict` (or, in a list of scalars, a scalar); what flows between rooms is a
`Batch` of them, because an object per record costs more than parsing it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["info", "warning", "error"]


class Number(str):
    """A number literal that Python's own numbers can't write again: `1.10`, `1E5`, `-0`, `1e400`."""

    __slots__ = ()


class Missing:
    """The type of `MISSING`: a field that a record doesn't have (as opposed to one that is null)."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


def many(count: int, one: str, several: str = "") -> str:
    """A count and its noun: `1 record`, `2,000 records`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def say_size(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1_000:
        return f"{size} bytes"
    return f"{size / 1_000:,.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where something stands in the source: a file below the data folder and a place in it."""

    file: str
    line: int | None = None
    column: int | None = None
    pointer: str | None = None

    def __str__(self) -> str:
        place = self.file if self.file.isprintable() else ascii(self.file)[1:-1]
        if self.line is not None:
            place += f":{self.line}"
            if self.column is not None:
                place += f":{self.column}"
        return place + (f" {self.pointer}" if self.pointer else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the user should know about their data or about what became of it."""

    severity: Severity
    message: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Reject:
    """A record set aside: where it stood, why, and its text (secrets masked by whoever writes it)."""

    origin: Origin
    reason: str
    text: str
    collection: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Bytes within a section that are no record: where they start, what they are, and why not."""

    offset: int
    raw: bytes
    reason: str


@dataclass(slots=True)
class Batch:
    """A run of records of one collection, in file order.

    `keys` holds the map key or file name of each record where the layout has them, else it is None.
    `raw` is the exact text from `start`, the first byte of the first record, to `end`, behind the last.
    A `plain` batch was read by the fast parser: its values are exact only if writing them again in the
    file's style gives `raw`. Others know each record's start (`offsets`), the records that hold a key
    twice (`doubled`: place in the batch → those keys) and what between them is no record (`flaws`).
    A syntax in which more than a separator and blanks may stand between two records, as comments, says also where
    each ends (`ends`). `rest` is what stands behind the last batch of a section that breaks off.
    """

    records: list[Any]
    raw: bytes
    start: int
    end: int
    keys: list[str] | None = None
    plain: bool = False
    offsets: list[int] | None = None
    doubled: dict[int, list[str]] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    ends: list[int] | None = None
    rest: bytes = b""

    def __len__(self) -> int:
        return len(self.records)
