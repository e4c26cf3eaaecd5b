"""Which files hold records of one kind, judged by the fields that they have. Pure.

Lenient where files lie together, for content has optional fields, and a few odd ones are no tables of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

FEW = 4
ALIKE_IF_FEW = 0.5
MOSTLY = 0.5
FEWEST_ALIKE = 0.5
MOST_ALONE = 3
MOST_COMPARED = 300

Fields = Collection[str]


@dataclass(frozen=True)
class Sorted:
    """Places of what is of one kind, and of what isn't of that kind."""

    together: list[int]
    alone: list[int]


def core_of(records: Sequence[Fields]) -> set[str]:
    """The fields that half of the records have."""
    counts = Counter(name for fields in records[:MOST_COMPARED] for name in set(fields))
    least = min(len(records), MOST_COMPARED) * MOSTLY
    return {name for name, count in counts.items() if count >= least}


def share(one: Fields, other: Fields) -> float:
    """The share of fields that two have in common, of the one's that has more."""
    first, second = set(one), set(other)
    return len(first & second) / max(len(first), len(second), 1)


def are_alike(one: Sequence[Fields], other: Sequence[Fields], *, texts: bool = False) -> bool:
    """Whether two groups of records are of one kind; texts for people are if they have any field in common."""
    if texts:
        return bool(core_of(one) & core_of(other)) or not (core_of(one) and core_of(other))
    return share(core_of(one), core_of(other)) >= ALIKE_IF_FEW


def sort_out(records: Sequence[Fields], *, texts: bool = False) -> Sorted:
    """Part the records of one folder into those of one kind and those of others."""
    everything = list(range(len(records)))
    if texts or len(records) < 2:
        return Sorted(everything, [])
    if len(records) < FEW:
        alike = all(share(records[0], fields) >= ALIKE_IF_FEW for fields in records[1:])
        return Sorted(everything, []) if alike else Sorted(*_best_pair(records))
    core = core_of(records)
    near = {place for place, fields in enumerate(records) if core and len(core & set(fields)) >= MOSTLY * len(core)}
    if len(near) < FEWEST_ALIKE * len(records):
        return Sorted(*_largest_kind(records))
    strange = [place for place in everything if place not in near and not core & set(records[place])]
    if len(strange) > MOST_ALONE:
        strange = []
    return Sorted([place for place in everything if place not in strange], strange)


def _best_pair(records: Sequence[Fields]) -> tuple[list[int], list[int]]:
    """Of three, two that are alike; else none."""
    for one in range(len(records)):
        for other in range(one + 1, len(records)):
            if len(records) > 2 and share(records[one], records[other]) >= ALIKE_IF_FEW:
                together = [one, other]
                return together, [place for place in range(len(records)) if place not in together]
    return [], list(range(len(records)))


def _largest_kind(records: Sequence[Fields]) -> tuple[list[int], list[int]]:
    """The largest group of records that are like its first one, where that is no chance."""
    best: list[int] = []
    left = list(range(min(len(records), MOST_COMPARED)))
    while left:
        first = records[left[0]]
        kind = [place for place in left if share(first, records[place]) >= ALIKE_IF_FEW]
        best = max(best, kind, key=len)
        left = [place for place in left if place not in kind]
    if len(best) < max(2, len(records) // 4):
        best = []
    return best, [place for place in range(len(records)) if place not in best]
