"""What speaks for one column referring to another, as numbers from 0 to 1 that `weights` weighs.

Nothing here decides, but for what can't be: values that aren't in the key, a neighbour that says where each row
leads, a key that would refer to a table that it isn't named after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outgrow.schema.containment import contained, records_within, surprise_of, unreached
from outgrow.schema.likeness import (
    ALONE,
    EXACT,
    HEAD,
    PEOPLE,
    ROLE,
    SAME_KEY,
    SIMILAR,
    own_name,
    owns_key,
    take_apart,
)
from outgrow.schema.names import singular, tokens
from outgrow.schema.naming import DOERS, INITIAL, OTHER_PEOPLE, WITHIN, counts_many, name_likeness
from outgrow.schema.roles import PICKED, PLACES
from outgrow.schema.sites import Site, has_name, identifies
from outgrow.schema.unique import birthday, is_named_like_key
from outgrow.schema.words import KEY_ENDINGS, MEASURES, ONE_TO_ONE, PERIODS, TIMES, UNIQUE_ANYWHERE, squash

TELLING = 5
TINY = 3
ALL_BUT = 0.95


@dataclass(frozen=True)
class Fit:
    """How well a column's name and values fit a key."""

    site: Site
    target: Site
    likeness: float
    share: float
    orphans: int
    features: dict[str, float]


def find_fit(site: Site, target: Site) -> Fit | None:
    """What speaks for one column referring to another; None where the values or the names forbid it."""
    if site is target or not site.profile.filled or (site.whole is False and target.whole and target.different > 0):
        return None
    name = name_likeness(site, target)
    share, orphans = contained(site, target, named=name >= INITIAL)
    if share is None:
        return None
    evidence = _Evidence(site, target, name, _tier(name), share, orphans)
    features = {"bias": 1.0, **dict(_of_names(evidence)), **dict(_of_values(evidence)), **dict(_of_ends(evidence))}
    features = {feature: value for feature, value in features.items() if value}
    return Fit(site, target, name, share, orphans, features)


def _tier(name: float) -> str:
    for tier, least in (
        ("exact", EXACT), ("alone", ALONE), ("same key", SAME_KEY), ("role", ROLE), ("head", HEAD),
        ("people", PEOPLE), ("other people", OTHER_PEOPLE), ("within", WITHIN), ("initial", INITIAL),
        ("doers", DOERS),
        ("similar", SIMILAR),
    ):  # fmt: skip
        if name >= least:
            return tier
    return "none"


@dataclass(frozen=True)
class _Evidence:
    """A pair of columns, and what was asked about it already; `likeness` is that of the names."""

    site: Site
    target: Site
    likeness: float
    tier: str
    share: float
    orphans: int

    @property
    def unnamed(self) -> bool:
        return self.tier == "none"

    @property
    def mapped(self) -> bool:
        """Whether the key is that of a map, or a file's name."""
        return self.target.column.role == "key"


Features = Iterator[tuple[str, float]]


def _of_names(evidence: _Evidence) -> Features:
    """What the column's name says, and what it doesn't."""
    site, target, tier, unnamed = evidence.site, evidence.target, evidence.tier, evidence.unnamed
    ending, measure = take_apart(site.name).has_ending, is_measure(site.name)
    yield f"name {tier}", 1.0
    yield "ending", float(ending)
    yield "unnamed ending", float(ending and unnamed)
    yield "measure, not the table's name", float(measure and tier not in ("exact", "alone", "role", "head"))
    yield "picked", float(unnamed and not measure and not PICKED.isdisjoint(tokens(site.name)))
    yield "directed", float(unnamed and not PLACES.isdisjoint(take_apart(site.bare).stem))
    yield "a number of them", float(counts_many(site))
    yield "same name", float(squash(site.bare) == squash(target.bare))
    yield "same table", float(site.table == target.table)
    yield "detail", float(is_detail(target.table) and not is_detail(site.table))
    yield "source detail", float(is_detail(site.table) and not is_detail(target.table))


def _of_values(evidence: _Evidence) -> Features:
    """How much of the key the column's values fill, and how far chance explains that they lie within it."""
    site, target, share, unnamed = evidence.site, evidence.target, evidence.share, evidence.unnamed
    text = not site.whole
    surprise = surprise_of(site, target)
    coverage = min(1.0, share * site.different / max(1, target.different))
    yield "unnamed surprise", surprise * unnamed
    yield "named surprise", surprise * (not unnamed)
    yield "unnamed coverage", coverage * unnamed
    yield "named coverage", coverage * (not unnamed)
    yield "unnamed text", float(text and unnamed)
    yield "few values", 1.0 / (1 + site.different)
    yield "orphans, weak name", float(evidence.orphans > 0 and evidence.likeness < ROLE)
    yield "orphans", min(1.0, 10 * (1 - records_within(site, target))) if evidence.orphans else 0.0
    telling = text and identifies(target)
    yield "identifying, unnamed surprise", surprise * (telling and unnamed)
    yield "identifying, named surprise", surprise * (telling and not unnamed and not evidence.mapped)
    mapped = any(column.role == "key" for column in site.draft.table.columns)
    listed = site.column.role == "element" and not mapped and bool(site.whole) and site.different >= TELLING
    listed = listed and not is_measure(site.name)
    yield "listed numbers", coverage * (listed and evidence.tier in ("none", "other people"))
    named = evidence.tier in ("exact", "alone", "same key", "role")
    yield "named unreached" if named else "unreached", unreached(site, target)
    yield "own, surprise", surprise * site.own * unnamed


def _of_ends(evidence: _Evidence) -> Features:
    """What either column is to its own table."""
    site, target, tier = evidence.site, evidence.target, evidence.tier
    there, mine = own_name(target.table, target.name), own_name(site.table, site.name)
    if not evidence.mapped:
        yield f"target own {there}", 1.0
    yield "target has a name", float(has_name(target))
    yield "target first or given", float(target.place == 0 or target.alone)
    yield "target named like key", float(is_named_like_key(target.name))
    yield "target tiny", float(target.different <= TINY)
    yield "target is named and own", float(target.own and not evidence.unnamed)
    fact = not evidence.mapped and there == "none" and squash(target.name) not in UNIQUE_ANYWHERE
    attribute = fact and target.place > 0 and not is_named_like_key(target.name) and not identifies(target)
    yield "measure alike", float(tier == "same key" and fact and is_measure(target.name))
    yield "attribute alike", float(tier == "same key" and attribute)
    yield "unnamed attribute", float(evidence.unnamed and attribute)
    yield "unnamed, of a time", float(evidence.unnamed and tells_time(target.name))
    few = tier == "same key" and target.different <= TINY and fact
    yield "few alike", float(few and is_named_like_key(target.name))
    yield "few alike, no key", float(few and not is_named_like_key(target.name))
    yield "source has a name", float(has_name(site))
    yield "source own", float(site.own and mine in ("id", "whole"))
    weakly = tier in ("none", "people", "other people", "within", "initial", "doers", "similar")
    yield "source named own", float(weakly and not site.own and owns_key(site.table, site.name))
    yield "source own, a role", float(site.own and tier in ("people", "other people", "doers"))
    yield "source own part", float(site.own and mine not in ("id", "whole"))
    unique = site.unique and site.column.role != "element"
    yield "source unique", float(unique)
    if unique and site.different > ALL_BUT * target.different:
        yield "source unique, larger", 1 - birthday(site.different, max(1, target.different))
    weak = tier in ("head", "people", "other people", "within", "initial", "doers", "similar")
    yield "source sole key, weak name", float(weak and site.sole and not site.draft.table.primary_key)


def is_measure(name: str) -> bool:
    """Whether the name is that of a quantity, a rank, a state or a time, and of no key."""
    words = tokens(name)
    if "per" in words or squash(name) in MEASURES or squash(words[-1:]) in MEASURES - KEY_ENDINGS:
        return True
    return not take_apart(name).has_ending and any(word in MEASURES for word in words)


def tells_time(name: str) -> bool:
    """Whether the name says when something was: such values are alike by chance."""
    return not take_apart(name).has_ending and bool((PERIODS | TIMES) & set(tokens(name)))


def is_detail(table: str) -> bool:
    """Whether a table's rows say more about one row of another table: `user_info`, `product_details`."""
    words = tokens(singular(table))
    return len(words) > 1 and words[-1] in ONE_TO_ONE
