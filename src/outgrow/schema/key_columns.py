"""Which columns never held the same twice, alone or together, where that can be meant: what may identify rows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from outgrow.schema.draft import Draft
from outgrow.schema.likeness import own_name
from outgrow.schema.model import Column
from outgrow.schema.names import tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.rows import RowSample, minimal_unique
from outgrow.schema.unique import is_named_like_key, is_pointed_code
from outgrow.schema.words import FREE_TEXT, MEASURES, PERIODS, UNIQUE_ANYWHERE, squash

LONGEST_KEY = 120
SHORT = 10
MOST_POOLED = 10
UNLIKELY = 0.05
TELLING_ROWS = 10
MOST_TOGETHER = 5
LIKELY = 0.5
LIKELY_TOGETHER = 0.8
MOMENTS = ("date", "datetime", "time")
PLAIN = ("integer", "string", *MOMENTS)
COUNTERS = frozenset("number no num nr line seq sequence index position order version part level step".split())


@dataclass(frozen=True)
class Links:
    """How sure it is that columns refer: `out` of each column to another table, `into` each column from others.

    `named` are the tables that each column most likely refers to. `ordered` says how far the places of columns tell
    anything: 0 where keys stand anywhere. `together` are the columns that refer to another table's together, and
    `wanted` those that another table's refer to together. `loose` refer, but not in every row: what leads nowhere is to
    become null, which nothing in a key of several columns can.
    `nameless` says that names tell nothing at all.
    """

    out: Mapping[str, float]
    into: Mapping[str, float]
    named: Mapping[str, str]
    ordered: float = 1.0
    together: frozenset[str] = frozenset()
    wanted: frozenset[frozenset[str]] = frozenset()
    loose: frozenset[str] = frozenset()
    nameless: bool = False

    def refers(self, name: str) -> float:
        """How sure it is that a column refers, be it together with others."""
        return max(self.out.get(name, 0.0), LIKELY_TOGETHER if name in self.together else 0.0)


def find_key_columns(draft: Draft, links: Links) -> list[tuple[str, ...]]:
    """The columns that never held the same twice, alone or together, where that can be meant."""
    unique = unique_alone(draft)
    single = [(c.name,) for c in draft.table.columns if c.name in unique and _is_meant(draft, c.name, links)]
    together = [names for names in _together(draft, links, unique) if links.loose.isdisjoint(names)]
    several = [names for names in together if _are_meant(draft, names, links, unique)]
    wanted = [names for names in links.wanted if links.loose.isdisjoint(names)]
    several += sorted(tuple(c.name for c in draft.table.columns if c.name in names) for names in wanted)
    return list(dict.fromkeys([*single, *several]))


def _is_meant(draft: Draft, name: str, links: Links) -> bool:
    """Whether anything but its values says that a column identifies the rows: titles and times differ by chance."""
    refers = links.refers(name) >= LIKELY and (links.nameless or is_named_like_key(name))
    if links.into.get(name, 0.0) >= LIKELY or refers or squash(name) in UNIQUE_ANYWHERE:
        return True
    own, first = own_name(draft.name, name), draft.table.columns[0].name == name
    if links.nameless and first:
        return True
    if own == "whole" and not is_named_like_key(name):
        code = "slug" in draft.profiles[name].forms or is_pointed_code(draft, draft.table.by_name[name])
        return code and squash(name) not in MEASURES
    if own in ("none", "initial") and not first and draft.table.rows < TELLING_ROWS:
        return False
    number = first and draft.profiles[name].is_whole()
    period = number and squash(tokens(name)[-1:]) in PERIODS
    if number and draft.collection.textual and squash(name) not in MEASURES:
        return True
    return own != "none" or period or is_named_like_key(name)


def _are_meant(draft: Draft, names: tuple[str, ...], links: Links, unique: set[str]) -> bool:
    """Whether anything but their values says that columns identify the rows together.

    A column adds nothing to one that does so by itself, unless it joins two tables by their keys: a captain is a role,
    and who leads two teams next year is no reason to refuse a team. And beside free text (a comment, a message) two
    references that don't repeat may do so with the next record.
    """
    refers = sum(links.refers(name) >= LIKELY for name in names)
    keyed = links.nameless or any(is_named_like_key(name) for name in names if links.refers(name) >= LIKELY)
    rest = [column for column in draft.table.columns if column.name not in names and column.role == "field"]
    joins = not rest and refers == len(names)
    if any(name in unique for name in names) and not (refers and (keyed or joins)):
        return False
    told = (
        frozenset(names) in links.wanted
        or (not rest and _all_short(draft, names))
        or all(tells(draft.table.by_name[name]) for name in names)
    )
    told = told or (len(names) in (2, 3) and _begins_with(draft, names) and counts_or_codes(names[-1]))
    if not refers and not told:
        return False
    profiles = [draft.profiles[name] for name in names]
    return not any(_is_free_text(draft, column) for column in rest) or chance_of(draft, profiles) < UNLIKELY


def _all_short(draft: Draft, names: tuple[str, ...]) -> bool:
    """Whether none of the columns holds sentences, which no key is made of."""
    texts = [draft.profiles[name] for name in names if not draft.profiles[name].is_whole()]
    return all("slug" in each.forms or each.longest <= SHORT * 2 for each in texts)


def _begins_with(draft: Draft, names: tuple[str, ...]) -> bool:
    fields = [column.name for column in draft.table.columns if column.role == "field"]
    return tuple(fields[: len(names)]) == names


def _is_free_text(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if profile is None or column.type.name not in ("string", "text"):
        return False
    return squash(tokens(column.name)[-1:]) in FREE_TEXT and profile.filled > 0 and "slug" not in profile.forms


def unique_alone(draft: Draft) -> set[str]:
    """The columns that identify the rows alone, as far as has been seen."""
    may = [column.name for column in draft.table.columns if may_identify(draft, column)]
    return {name for name in may if is_complete(draft, name)}


def may_identify(draft: Draft, column: Column) -> bool:
    """Whether a key may hold the column: short plain values, and nothing secret."""
    profile = draft.profile(column.name)
    if profile is None or column.role != "field" or column.secret or len(column.field) > 1:
        return False
    if column.type.name in ("float", "decimal") and not profile.is_whole():
        return is_pointed_code(draft, column) and own_name(draft.name, column.name) == "whole"
    return column.type.name in (*PLAIN, "float", "decimal") and profile.longest <= LONGEST_KEY


def is_complete(draft: Draft, name: str) -> bool:
    """Whether every row has a value of its own in a column."""
    profile = draft.profile(name)
    return profile is not None and profile.filled == draft.table.rows > 1 and profile.is_unique()


def _together(draft: Draft, links: Links, unique: set[str]) -> list[tuple[str, ...]]:
    """Columns that identify the rows together: as few as do, and all that refer elsewhere."""
    sample = draft.collection.sample
    if draft.table.parent is not None or draft.table.rows < 2:
        return []
    by_field = {column.field[0]: column for column in draft.table.columns if len(column.field) == 1}
    filled = [name for name in sample.columns if name in sample.filled and name in by_field]
    fields = [name for name in filled if may_identify(draft, by_field[name])]
    fields = [name for name in fields if by_field[name].name in draft.profiles]
    places = {name: place for place, name in enumerate(fields)}
    refers = [name for name in fields if links.refers(by_field[name].name) >= LIKELY]
    rest = [name for name in fields if name not in refers and by_field[name].name not in unique]
    rest.sort(key=lambda name: (not tells(by_field[name]), places[name]))
    pool = sorted([*(n for n in refers if by_field[n].name not in unique), *rest][:MOST_POOLED], key=places.__getitem__)
    found = list(minimal_unique(sample, pool, most=3))
    strong = [name for name in pool if name in refers or tells(by_field[name])]
    found += [names for names in minimal_unique(sample, strong, most=MOST_TOGETHER) if len(names) > 3]
    for size in (2, 3, len(refers)):
        found += [names for names in combinations(refers, size) if size > 1 and sample.seems_unique(names)]
    if 2 <= len(refers) < MOST_TOGETHER:
        wider = (tuple(sorted((*refers, name), key=places.__getitem__)) for name in rest if tells(by_field[name]))
        found += [names for names in wider if sample.seems_unique(names)]
    # A year or a rank that didn't repeat yet will do so with the next thing that is referred to.
    alone = [name for name in fields if by_field[name].name in unique and _recurs(by_field[name])]
    found += [tuple(sorted(pair, key=places.__getitem__)) for pair in product(refers, alone) if pair[0] != pair[1]]
    found += _prefixes(sample, fields)
    return [tuple(by_field[name].name for name in names) for names in found]


def _prefixes(sample: RowSample, fields: Sequence[str]) -> list[tuple[str, ...]]:
    """The first fields that identify the rows: as few as do, and further ones, which people add to be sure."""
    sizes = range(2, min(MOST_TOGETHER, len(fields)) + 1)
    return [tuple(fields[:size]) for size in sizes if sample.seems_unique(tuple(fields[:size]))]


def tells(column: Column) -> bool:
    """Whether the name or the type says that a column may be part of what identifies rows."""
    last = squash(tokens(column.name)[-1:])
    return counts_or_codes(column.name) or last in PERIODS or column.type.name in MOMENTS


def counts_or_codes(name: str) -> bool:
    """Whether the name is that of a key, or of a number that counts within something."""
    last = squash(tokens(name)[-1:])
    return is_named_like_key(name) or last in COUNTERS or last.endswith(("number", "num"))


def _recurs(column: Column) -> bool:
    """Whether it counts or dates what belongs to one thing, and begins anew with the next."""
    last = squash(tokens(column.name)[-1:])
    return (is_period(column) or last in COUNTERS | {"rank"}) and not is_named_like_key(column.name)


def is_period(column: Column) -> bool:
    """Whether it holds days, years or other times that recur for each of several things."""
    return column.type.name in MOMENTS or not PERIODS.isdisjoint(tokens(column.name))


def chance_of(draft: Draft, profiles: Sequence[FieldProfile]) -> float:
    """How likely it is that so many records repeat no combination if the fields are independent of each other."""
    sizes = [max(1, profile.distinct.count()) for profile in profiles]
    expected = draft.table.rows**2 / 2 / math.prod(sizes)
    return math.exp(-min(expected, 30.0))
