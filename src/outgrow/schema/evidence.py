"""What speaks for one column referring to another, as numbers from 0 to 1 that `weights` weighs.

Nothing here decides, but for what can't be: values that aren't in the key, a neighbour that says where each row
leads, a key that would refer to a table that it isn't named after.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from outgrow.schema.likeness import (
    ALONE,
    EXACT,
    HEAD,
    NOTHING,
    PEOPLE,
    ROLE,
    SAME_KEY,
    SIMILAR,
    is_abbreviation,
    is_derived,
    is_initial,
    is_people_role,
    is_self_role,
    likeness,
    own_name,
    table_words,
    take_apart,
)
from outgrow.schema.names import singular, tokens
from outgrow.schema.orphans import find_orphans
from outgrow.schema.profile import FieldProfile
from outgrow.schema.sites import Site, holds_people, number_bounds
from outgrow.schema.standins import stand_in_of
from outgrow.schema.unique import birthday, is_named_like_key
from outgrow.schema.words import (
    ANYBODY,
    ID_WORDS,
    KEY_ENDINGS,
    MEASURES,
    ONE_TO_ONE,
    PICKED,
    SURE_ENDINGS,
    TYPE_ENDINGS,
    UNIQUE_ANYWHERE,
    UNIQUE_IN_ACCOUNTS,
    squash,
)

CONTAINED = 0.98
NAMED_CONTAINED = 0.95
ORPHANS_FROM = 20
TELLING = 5
BOTTOM = 2
TINY = 3
MOST_SURPRISE = 12.0
TEXT_DENSITY = 0.05
SPARSE = 0.8
INITIAL = 0.72
OTHER_PEOPLE = 0.73
NAMED_PEOPLE = 0.74
NAMES = (("name",), ("title",), ("label",), ("description",), ("surname",), ("lastname",), ("fullname",))


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
    return Fit(site, target, name, share, orphans, _features(site, target, name, share, orphans))


def name_likeness(site: Site, target: Site) -> float:
    """How alike the names are, where a row of the same table, or a person, may be meant too."""
    if "per" in tokens(site.name):
        return NOTHING
    if site.column.role == "element" and site.draft.table.parent == target.table and is_self_role(site.name):
        return ROLE
    if site.table == target.table:
        if is_self_role(site.name) or is_derived(site.name, site.table):
            return ROLE
        if tokens(site.name)[-1:] == ("by",) and target.draft.account:
            return PEOPLE
        word = _likeness(site, target)
        return word if ROLE <= word < 1.0 and take_apart(site.name).has_ending else NOTHING
    if has_type_beside(site) and not is_kind_only(site, target):
        return NOTHING
    if squash(site.name) == squash(target.name) == "id" and not site.unique and surprise_of(site, target) > SPARSE:
        return SAME_KEY
    name = _likeness(site, target)
    if name < PEOPLE and is_people_role(site.name) and _names_person(site, target):
        if table_words(target.table)[-1] in ANYBODY:
            return PEOPLE
        return NAMED_PEOPLE if target.draft.account else OTHER_PEOPLE
    short = is_initial(site.bare, target.table) or is_abbreviation(site.bare, target.table)
    return INITIAL if name < SIMILAR and short else name


def _names_person(site: Site, target: Site) -> bool:
    """Whether the key is one by which people are told apart, so that a role may be filled from it."""
    if not holds_people(target.draft):
        return False
    return target.alone or target.own or target.sole or site.column.type.name == "string"


def _likeness(site: Site, target: Site) -> float:
    """How alike the names are, with or without the word that all columns of a table begin with."""
    plain = likeness(site.bare, target.table, target.bare)
    return max(plain, likeness(site.name, target.table, target.name)) if site.bare != site.name else plain


def has_type_beside(site: Site) -> bool:
    """Whether a neighbour says to which table each row refers (`item_type` beside `item_id`)."""
    return type_beside(site) is not None


def type_beside(site: Site) -> str | None:
    """The neighbour that says to which table each row refers."""
    stem = "_".join(take_apart(site.name).stem)
    names = (f"{stem}_{ending}" for ending in TYPE_ENDINGS)
    return next((name for name in names if name in site.draft.table.by_name), None)


def is_kind_only(site: Site, target: Site) -> bool:
    """Whether the neighbour only says of which kind one table's rows are (`address_type`: billing, home)."""
    beside = type_beside(site)
    profile = site.draft.profile(beside) if beside is not None else None
    if profile is None or likeness(site.bare, target.table, target.bare) < EXACT:
        return False
    return profile.distinct.count() > 1


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


def _tier(name: float) -> str:
    for tier, least in (
        ("exact", EXACT), ("alone", ALONE), ("same key", SAME_KEY), ("role", ROLE), ("head", HEAD),
        ("people", PEOPLE), ("other people", OTHER_PEOPLE), ("initial", INITIAL), ("similar", SIMILAR),
    ):  # fmt: skip
        if name >= least:
            return tier
    return "none"


def _features(site: Site, target: Site, name: float, share: float, orphans: int) -> dict[str, float]:
    text = not site.whole
    tier = _tier(name)
    found = {"bias": 1.0, f"name {tier}": 1.0}
    ending = take_apart(site.name).has_ending
    measure = is_measure(site.name)
    surprise = surprise_of(site, target)
    coverage = min(1.0, share * site.different / max(1, target.different))
    unnamed = tier == "none"
    found["unnamed surprise"] = surprise * unnamed
    found["named surprise"] = surprise * (not unnamed)
    found["unnamed coverage"] = coverage * unnamed
    found["named coverage"] = coverage * (not unnamed)
    found["unnamed text"] = float(text and unnamed)
    found["unnamed ending"] = float(ending and unnamed)
    found["ending"] = float(ending)
    found["measure, not the table's name"] = float(measure and tier not in ("exact", "alone", "role", "head"))
    found["target has a name"] = float(has_name(target))
    found["source has a name"] = float(has_name(site))
    found["same table"] = float(site.table == target.table)
    found["few values"] = 1.0 / (1 + site.different)
    found["orphans, weak name"] = float(orphans > 0 and name < ROLE)
    found["orphans"] = min(1.0, 10 * (1 - records_within(site, target))) if orphans else 0.0
    mapped, ends = target.column.role == "key", (target.table, target.name)
    if not mapped:
        found[f"target own {own_name(*ends)}"] = 1.0
    found["target first or given"] = float(target.place == 0 or target.alone)
    found["target named like key"] = float(is_named_like_key(target.name))
    found["target tiny"] = float(target.different <= TINY)
    fact = not mapped and own_name(*ends) == "none" and squash(target.name) not in UNIQUE_ANYWHERE
    found["few alike"] = float(tier == "same key" and target.different <= TINY and fact)
    found["target is named and own"] = float(target.own and not unnamed)
    mine = own_name(site.table, site.name)
    found["source own"] = float(site.own and mine in ("id", "whole"))
    found["source own part"] = float(site.own and mine not in ("id", "whole"))
    unique = site.unique and site.column.role != "element"
    found["source unique"] = float(unique)
    meant = 1 - birthday(site.different, max(1, target.different)) if unique else 0.0
    weak = tier in ("head", "people", "other people", "initial", "similar")
    found["source sole key, weak name"] = float(weak and site.sole and not site.draft.table.primary_key)
    found["source unique, larger"] = meant * (site.different > 0.95 * target.different)
    telling = text and identifies(target)
    found["identifying, unnamed surprise"] = surprise * (telling and unnamed)
    found["identifying, named surprise"] = surprise * (telling and not unnamed and not mapped)
    listed = site.column.role == "element" and bool(site.whole) and site.different >= TELLING and not measure
    found["listed numbers"] = coverage * (listed and tier in ("none", "other people"))
    found["unreached"] = unreached(site, target)
    found["picked"] = float(unnamed and not measure and not PICKED.isdisjoint(tokens(site.name)))
    found["same name"] = float(squash(site.bare) == squash(target.bare))
    found["own, surprise"] = surprise * site.own * unnamed
    found["detail"] = float(is_detail(target.table) and not is_detail(site.table))
    found["source detail"] = float(is_detail(site.table) and not is_detail(target.table))
    return {name: value for name, value in found.items() if value}


def is_measure(name: str) -> bool:
    """Whether the name is that of a quantity, a rank, a state or a time, and of no key."""
    words = tokens(name)
    if "per" in words or squash(name) in MEASURES or squash(words[-1:]) in MEASURES - KEY_ENDINGS:
        return True
    return not take_apart(name).has_ending and any(word in MEASURES for word in words)


def identifies(target: Site) -> bool:
    """Whether the key's texts were made to tell rows apart, so that nothing else has them but what refers."""
    word = squash(target.name)
    if target.column.role == "key" or word in ID_WORDS | UNIQUE_ANYWHERE:
        return True
    if target.own and tokens(target.name)[-1] in SURE_ENDINGS:
        return True
    return word in UNIQUE_IN_ACCOUNTS and holds_people(target.draft)


def unreached(site: Site, target: Site) -> float:
    """How surprising it is that numbers from the bottom of a key's range go no further: 0 is not at all, 1 very.

    Quantities, ranks and flags begin at 0 or 1, and so do keys that count; but these go on.
    """
    here, there = site.bounds, target.bounds
    if not here or not there or here[0] > BOTTOM or there[0] > BOTTOM:
        return 0.0
    reached = min(1.0, (max(here[1], there[0]) - there[0] + 1) / (there[1] - there[0] + 1))
    return (1 - reached) * min(1.0, -math.log(reached) * site.different / MOST_SURPRISE)


def has_name(site: Site) -> bool:
    """Whether the table's rows have a name or title, as things have that others refer to."""
    return any(tokens(column.name)[-1:] in NAMES for column in site.draft.table.columns if column.name != site.name)


def is_detail(table: str) -> bool:
    """Whether a table's rows say more about one row of another table: `user_info`, `product_details`."""
    words = tokens(singular(table))
    return len(words) > 1 and words[-1] in ONE_TO_ONE


def surprise_of(site: Site, target: Site) -> float:
    """How surprising it is that all the values are keys, were they drawn from their range: 0 is not at all, 1 very."""
    here, there = site.bounds, target.bounds
    density = TEXT_DENSITY
    if here and there:
        width = there[1] - there[0] + 1
        density = min(1.0, target.different / max(1, width))
    bits = -math.log(max(density, 1e-6)) * min(site.different, 50)
    return min(bits, MOST_SURPRISE) / MOST_SURPRISE


def holds_zero_for_none(values: FieldProfile, keys: FieldProfile) -> bool:
    """Whether a 0 among the values stands for "none", as the keys begin at 1."""
    here, there = number_bounds(values), number_bounds(keys)
    return here is not None and there is not None and here[0] == 0 and there[0] > 0
