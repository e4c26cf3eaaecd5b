"""What the steps take and what they give: options, results, and how they tell of their progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from outgrow.errors import SourceError
from outgrow.record import Finding, Reject
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source
from outgrow.transfer.differences import VerifyResult
from outgrow.transfer.merge import MergeResult

Progress = Callable[[str, str, int, int], None]
"""Hears of the phase, what is worked on, bytes done just now, and all bytes of the phase."""


def no_progress(_phase: str, _what: str, _done: int, _all: int) -> None:
    """The silent default."""


@dataclass(frozen=True)
class Inspection:
    """What a folder holds, and what it would become. `flawed` is what a conversion would set aside."""

    source: Source
    plan: Plan
    findings: tuple[Finding, ...]
    errors: tuple[SourceError, ...]
    plan_text: str
    flawed: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ConvertOptions:
    """How to convert. `plan` and `database` overrule what would be inferred or made."""

    plan: Path | None = None
    database: str | None = None
    salvage: bool = False
    dry_run: bool = False
    again: bool = False


@dataclass
class Conversion:
    """What a conversion or a load did; `merged` tells what a load of changed files found changed."""

    app: Path
    tables: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    reject_count: int = 0
    findings: list[Finding] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    verified: bool = False
    verification: VerifyResult | None = None
    hashed_passwords: int = 0
    token: str = ""
    plan: Plan | None = None
    merged: MergeResult | None = None


class Clock:
    """Notes how many seconds each phase took."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds
        self.started = time.perf_counter()

    def stop(self, phase: str) -> None:
        """End a phase and start the next."""
        now = time.perf_counter()
        self.seconds[phase] = round(now - self.started, 3)
        self.started = now
