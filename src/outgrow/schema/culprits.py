"""Which records to name where something is said about some of them: their places, never what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outgrow.record import MISSING

CULPRITS = 5

Place = tuple[int, int, int, int]
"""Where a record stands: section, start and end of its batch in the file, number within the batch."""


def first_gaps(values: Sequence[Any], first: Place, most: int) -> list[Place]:
    """The first records that have no value; `first` is the place of the first of all."""
    section, start, end, number = first
    empty = (place for place, value in enumerate(values) if value is MISSING or value is None or value == "")
    return [(section, start, end, number + place) for place, _ in zip(empty, range(most), strict=False)]


def first_repeats(values: Sequence[str | int], first: Place, different: int, most: int) -> list[Place]:
    """The first records that repeat a value of an earlier one of these, where not all are `different`."""
    if different == len(values):
        return []
    found: list[Place] = []
    known: set[str | int] = set()
    section, start, end, number = first
    for place, value in enumerate(values):
        if value != "" and value in known and len(found) < most:
            found.append((section, start, end, number + place))
        known.add(value)
    return found
