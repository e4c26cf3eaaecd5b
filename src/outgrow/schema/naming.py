"""How much a column's name says that it refers to a key, knowing what stands around either of them."""

from __future__ import annotations

from outgrow.schema.containment import surprise_of
from outgrow.schema.likeness import (
    EXACT,
    NOTHING,
    PEOPLE,
    ROLE,
    SAME_KEY,
    SIMILAR,
    is_abbreviation,
    is_derived,
    is_doer,
    is_done_by,
    is_initial,
    is_people_role,
    is_self_role,
    likeness,
    table_words,
    take_apart,
)
from outgrow.schema.names import tokens
from outgrow.schema.sites import Site, has_name, holds_people
from outgrow.schema.words import ANYBODY, ONLY_OF_PEOPLE, TYPE_ENDINGS, squash

SPARSE = 0.8
INITIAL = 0.72
OTHER_PEOPLE = 0.73
NAMED_PEOPLE = 0.74


def name_likeness(site: Site, target: Site) -> float:
    """How alike the names are, where a row of the same table, or a person, may be meant too."""
    if "per" in tokens(site.name):
        return NOTHING
    if site.column.role == "element" and site.draft.table.parent == target.table and is_self_role(site.name):
        return ROLE
    if site.table == target.table:
        if _plays_self_role(site) or is_derived(site.name, site.table):
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


def _plays_self_role(site: Site) -> bool:
    """Whether a row of the same table may be meant: a manager is, among employees, and not among offices."""
    if not is_self_role(site.name):
        return False
    return ONLY_OF_PEOPLE.isdisjoint(tokens(site.name)) or holds_people(site.draft) or is_doer(site.table)


def _names_person(site: Site, target: Site) -> bool:
    """Whether the key is one by which people are told apart, so that a role may be filled from it."""
    by_doer = is_done_by(tokens(site.name)) and is_doer(target.table) and has_name(target)
    if not by_doer and not holds_people(target.draft):
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
