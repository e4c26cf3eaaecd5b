"""How much a column's name says that it refers to a key, knowing what stands around either of them."""

from __future__ import annotations

from outgrow.schema.containment import surprise_of
from outgrow.schema.likeness import (
    EXACT,
    HEAD,
    NOTHING,
    PEOPLE,
    ROLE,
    SAME_KEY,
    is_abbreviation,
    is_derived,
    is_doer,
    is_doers_role,
    is_done_by,
    is_initial,
    is_number_of,
    is_people_role,
    is_plural,
    is_self_role,
    likeness,
    table_words,
    take_apart,
)
from outgrow.schema.names import tokens
from outgrow.schema.roles import ANYBODY, ONLY_OF_PEOPLE, ORGANISATION_ROLES, ORGANISATIONS
from outgrow.schema.sites import Site, has_name, holds_people
from outgrow.schema.words import TYPE_ENDINGS, squash

SPARSE = 0.8
INITIAL = 0.72
WITHIN = 0.725
DOERS = 0.71
OTHER_PEOPLE = 0.73
NAMED_PEOPLE = 0.74


def name_likeness(site: Site, target: Site) -> float:
    """How alike the names are, where a row of the same table, or a person, may be meant too."""
    if (site.whole and is_number_of(site.bare)) or (counts_many(site) and len(tokens(site.bare)) > 1):
        return NOTHING
    if site.table == target.table:
        return _within_table(site, target)
    if site.column.role == "element" and site.draft.table.parent == target.table and is_self_role(site.bare):
        return ROLE
    if has_type_beside(site) and not is_kind_only(site, target):
        return NOTHING
    if squash(site.name) == squash(target.name) == "id" and not site.unique and surprise_of(site, target) > SPARSE:
        return SAME_KEY
    name = _likeness(site, target)
    if name >= PEOPLE:
        return name
    return max(name, _as_role(site, target))


def counts_many(site: Site) -> bool:
    """Whether a single number is called after many things: of `students` it is how many there are."""
    return site.column.role == "field" and bool(site.whole) and is_plural(site.bare)


def _within_table(site: Site, target: Site) -> float:
    """How much the name says that another row of the same table is meant."""
    if _plays_self_role(site) or is_derived(site.bare, site.table):
        return ROLE
    named = target.draft.account or is_doer(target.table)
    if named and not site.own and _holds_doers(target) and (is_people_role(site.bare) or is_doers_role(site.bare)):
        return WITHIN
    word = _likeness(site, target)
    ends = tokens(target.bare)
    if word == HEAD and len(ends) > 1 and tokens(site.bare)[-len(ends) :] == ends:
        return ROLE
    return word if ROLE <= word < EXACT and take_apart(site.name).has_ending else NOTHING


def _as_role(site: Site, target: Site) -> float:
    """How much the name says which role the other row plays, whatever it is called itself."""
    role, head = is_people_role(site.bare) and not counts_many(site), table_words(target.table)[-1]
    if (role or (head in ANYBODY and is_doers_role(site.bare))) and _names_person(site, target):
        if head in ANYBODY:
            return PEOPLE
        return NAMED_PEOPLE if target.draft.account else OTHER_PEOPLE
    if head in ORGANISATIONS and not ORGANISATION_ROLES.isdisjoint(take_apart(site.bare).stem):
        return NAMED_PEOPLE
    if is_initial(site.bare, target.table) or is_abbreviation(site.bare, target.table):
        return INITIAL
    return DOERS if (role or is_doers_role(site.bare)) and _holds_doers(target) else NOTHING


def _plays_self_role(site: Site) -> bool:
    """Whether a row of the same table may be meant: a manager is, among employees, and not among offices."""
    if not is_self_role(site.bare):
        return False
    return ONLY_OF_PEOPLE.isdisjoint(tokens(site.bare)) or holds_people(site.draft) or is_doer(site.table)


def _names_person(site: Site, target: Site) -> bool:
    """Whether the key is one by which people are told apart, so that a role may be filled from it."""
    by_doer = is_done_by(tokens(site.bare)) and _holds_doers(target)
    if not by_doer and not holds_people(target.draft):
        return False
    return target.alone or target.own or target.sole or site.column.type.name == "string"


def _holds_doers(target: Site) -> bool:
    """Whether the rows are people as far as can be told: also those who are named after what they do."""
    named = is_doer(target.table) and has_name(target) and table_words(target.table)[-1] not in ORGANISATIONS
    return (named or holds_people(target.draft)) and (target.alone or target.own or target.sole)


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
