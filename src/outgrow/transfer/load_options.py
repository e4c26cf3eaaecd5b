"""What a load takes and gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from outgrow.record import Finding, Reject
from outgrow.transfer.passwords import Hasher

Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Comparing:
    """How to load what shall be compared with an earlier load: with keys that are known as made up, by a hasher
    that knows hashes already, of some sources only. References that lead nowhere stay as they are.
    """

    first_number: int
    hasher: Hasher
    sources: frozenset[str]


@dataclass(frozen=True)
class LoadOptions:
    """`salvage` takes what is whole in broken files; `rejects` is the folder for what is set aside;
    `key` seals what only the operator may export.

    `progress` hears of tables and the bytes read for them.
    """

    salvage: bool = False
    rejects: Path | None = None
    key: str | None = None
    progress: Progress = lambda _what, _bytes: None
    comparing: Comparing | None = None


@dataclass
class LoadResult:
    """Rows by table that this load wrote, what it set aside, and what is to be said."""

    rows: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    reject_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    hashed_passwords: int = 0
