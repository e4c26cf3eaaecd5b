"""What a syntax says about a file before anyone decides what its records are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from outgrow.record import Severity
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken


@dataclass(frozen=True)
class Span:
    """A container in a file: `opening` and `closing` are the offsets of its brackets.

    `kind` is `list` or `map`, or `value` for a file that is one plain value, `log` for runs of lines, `record`
    for a file that is a record, `kept` for one that is written again as it is. A broken one ends with the file
    instead of a bracket; an empty one holds nothing. `style` is known where it had to be found to see as much.
    """

    kind: str
    opening: int
    closing: int
    broken: bool = False
    empty: bool = False
    style: Style | None = None


@dataclass(frozen=True)
class Member:
    """A member of the root object: its key, the extent of key and value, and a sample of the value.

    `span` is None for a scalar; the sample then holds just that. For a map it holds pairs.
    """

    key: str
    start: int
    end: int
    span: Span | None
    sample: list[Any]


@dataclass(frozen=True)
class Outline:
    """The root container, with its first members where it is an object, else with a sample.

    `problem` says where the members stop being what the syntax allows; `partial`, that there may be more of them.
    `notes` are what is to be said of the file; `masked` runs of what is no record mustn't be kept.
    """

    root: Span
    sample: list[Any] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    problem: Broken | None = None
    partial: bool = False
    notes: list[tuple[Severity, str]] = field(default_factory=list)
    masked: list[tuple[int, int]] = field(default_factory=list)
