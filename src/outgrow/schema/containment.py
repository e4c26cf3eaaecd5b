"""How far a column's values are those of a key, and how surprising that is."""

from __future__ import annotations

import math

from outgrow.schema.orphans import find_orphans
from outgrow.schema.sites import Site, identifies
from outgrow.schema.standins import stand_in_of

CONTAINED = 0.98
NAMED_CONTAINED = 0.95
ORPHANS_FROM = 20
TELLING = 5
BOTTOM = 2
MOST_SURPRISE = 12.0
TEXT_DENSITY = 0.05


def contained(site: Site, target: Site, *, named: bool = False) -> tuple[float | None, int]:
    """The share of different values that are keys, and how many aren't; no share where that is too few.

    A 0 where keys begin at 1 means "none", as PHP writes it; so does that very word. Among few values a single stray
    one is allowed where the name says that they refer.
    """
    values, keys = site.profile, target.profile
    here, there = site.bounds, target.bounds
    if here and there and not named and ((here[0] < there[0] and here[0] != 0) or here[1] > there[1]):
        return None, 0
    if not values.distinct.may_be_in(keys.distinct):
        return None, 0
    share = values.distinct.share_in(keys.distinct)
    if share == 1.0:
        return 1.0, 0
    if share == 0.0:
        return None, 0
    size = site.different
    if size > 1 and stand_in_of(values.distinct, keys.distinct):
        size, share = size - 1, share * size / (size - 1)
        if share > 1 - 1e-9:
            return 1.0, 0
    orphans = max(1, round((1 - share) * size))
    if (share >= CONTAINED and size >= ORPHANS_FROM) or (named and size >= TELLING and orphans == 1):
        return share, orphans
    records = records_within(site, target)
    told = named or (not site.whole and identifies(target))
    if records >= (NAMED_CONTAINED if told else CONTAINED) and values.filled >= ORPHANS_FROM:
        return share, orphans
    return None, orphans


def records_within(site: Site, target: Site) -> float:
    """The share of records whose value is a key; of different values, where records can't be counted any more."""
    found = find_orphans(site.profile, target.profile) if site.profile.common is not None else None
    if found is None:
        return site.profile.distinct.share_in(target.profile.distinct)
    return 1 - sum(found.values()) / site.profile.filled


def surprise_of(site: Site, target: Site) -> float:
    """How surprising it is that all the values are keys, were they drawn from their range: 0 is not at all, 1 very."""
    here, there = site.bounds, target.bounds
    density = TEXT_DENSITY
    if here and there:
        width = there[1] - there[0] + 1
        density = min(1.0, target.different / max(1, width))
    bits = -math.log(max(density, 1e-6)) * min(site.different, 50)
    return min(bits, MOST_SURPRISE) / MOST_SURPRISE


def unreached(site: Site, target: Site) -> float:
    """How surprising it is that numbers from the bottom of a key's range go no further: 0 is not at all, 1 very.

    Quantities, ranks and flags begin at 0 or 1, and so do keys that count; but these go on.
    """
    here, there = site.bounds, target.bounds
    if not here or not there or here[0] > BOTTOM or there[0] > BOTTOM:
        return 0.0
    reached = min(1.0, (max(here[1], there[0]) - there[0] + 1) / (there[1] - there[0] + 1))
    return (1 - reached) * min(1.0, -math.log(reached) * site.different / MOST_SURPRISE)
