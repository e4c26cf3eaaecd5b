"""What a column's neighbours say of it, once it is known what each of them most likely refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import permutations

from outgrow.schema.draft import Draft
from outgrow.schema.evidence import Fit, tells_time
from outgrow.schema.likeness import ALONE
from outgrow.schema.names import tokens
from outgrow.schema.plain import NOTHING
from outgrow.schema.sites import Site

LIKELY = 0.5
FEWEST = 3
FEWEST_PICKED = 5
MOST_BESIDE = 12
Place = tuple[str, tuple[str, ...]]


class Neighbours:
    """The chances of all columns to refer to their candidates, found by table and by object."""

    def __init__(self, first: Mapping[Site, Mapping[Site, float]]) -> None:
        self._first = first
        self._keyed: dict[tuple[Place, str], list[tuple[Site, float]]] = defaultdict(list)
        self._backs: dict[tuple[str, str, str], list[Site]] = defaultdict(list)
        self._threes = _find_threes(first)
        for site, targets in first.items():
            if site.column.role != "field":
                continue
            for target, chance in targets.items():
                if target.alone:
                    self._keyed[_place(site), target.table].append((site, chance))
                if chance >= LIKELY:
                    self._backs[site.table, target.table, target.name].append(site)

    def chance(self, site: Site, target: Site) -> float:
        """How likely a column refers to another."""
        return self._first.get(site, {}).get(target, 0.0)

    def copied(self, fit: Fit) -> float:
        """How likely the column is a fact copied from the row that a neighbour's key refers to.

        It is called after what it holds (`customer_email`, `sku`) or after the row (`dish` beside `dish_id`).
        """
        words = tokens(fit.target.name)
        if fit.target.alone or (fit.likeness < ALONE and tokens(fit.site.name)[-len(words) :] != words):
            return 0.0
        beside = self._keyed.get((_place(fit.site), fit.target.table), ())
        return max((chance for site, chance in beside if site is not fit.site), default=0.0)

    def picked_among(self, fit: Fit) -> float:
        """How likely a neighbour refers to the same key that holds, in each row, what one of two columns holds.

        So the winner of a game is one of its two players, which says of all three that they are players.
        """
        place = _place(fit.site)
        found = 0.0
        for one, other, third in self._threes.get(place, ()):
            if fit.site in (one, other, third):
                rest = [site for site in (one, other, third) if site is not fit.site]
                found = max([found, *(self.chance(site, fit.target) for site in rest)])
        return found

    def leads_back(self, fit: Fit) -> float:
        """How many of the rows that the column would refer to refer to the very row that it stands in, 1 being all.

        That speaks for itself: an album's cover is a photo of that album.
        """
        site, here, there = fit.site, fit.site.draft, fit.target.draft
        if tells_time(site.name) or tells_time(fit.target.name):
            return 0.0
        if here.name == there.name or len(here.table.primary_key) != 1 or site.own or site.alone:
            return 0.0
        key = here.table.by_name[here.table.primary_key[0]]
        backs = [back for back in self._backs.get((there.name, here.name, key.name), ()) if back is not fit.target]
        mine = _pairs(here, key.field, site.column.field) if backs else set()
        if len(mine) < FEWEST:
            return 0.0
        theirs = (_pairs(there, back.column.field, fit.target.column.field) for back in backs)
        return max(len(mine & pairs) for pairs in theirs) / len(mine)


def _find_threes(first: Mapping[Site, Mapping[Site, float]]) -> dict[Place, list[tuple[Site, Site, Site]]]:
    """The columns of each table that hold, row by row, one of two others that never hold the same; these first."""
    by_place: dict[Place, list[Site]] = defaultdict(list)
    for site in first:
        if site.column.role == "field" and len(site.column.field) == 1 and not site.unique:
            by_place[_place(site)].append(site)
    found: dict[Place, list[tuple[Site, Site, Site]]] = defaultdict(list)
    for place, sites in by_place.items():
        if len(sites) <= MOST_BESIDE:
            found[place] += [three for three in permutations(sites, 3) if _is_picked(*three)]
    return found


def _is_picked(one: Site, other: Site, third: Site) -> bool:
    columns = one.draft.collection.sample.columns
    names = [site.column.field[0] for site in (one, other, third)]
    if one.place > other.place or any(name not in columns for name in names):
        return False
    rows = 0
    for left, right, middle in zip(*(columns[name] for name in names), strict=True):
        if left == right or middle not in (left, right, NOTHING):
            return False
        rows += middle != NOTHING
    return rows >= FEWEST_PICKED


def _place(site: Site) -> Place:
    """The table, and the object within its records, that the column is of."""
    return site.table, site.column.field[:-1]


def _pairs(draft: Draft, *fields: tuple[str, ...]) -> set[tuple[int, ...]]:
    if any(len(field) != 1 for field in fields):
        return set()
    return draft.collection.sample.tuples(tuple(field[0] for field in fields))
