"""What could identify a table's rows, and what speaks for each: features from 0 to 1 that `weights` weighs.

A candidate is a column, or several, that never held the same twice. Whether that is meant or mere chance is said by
names, places, types, and by what refers to it or what it refers to.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from outgrow.schema.draft import Draft
from outgrow.schema.likeness import is_doer, own_name
from outgrow.schema.model import Column
from outgrow.schema.names import is_participle, singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.rows import RowSample, minimal_unique
from outgrow.schema.unique import is_named_like_key, is_pointed_code
from outgrow.schema.words import (
    FREE_TEXT,
    KEY_NAMES,
    MEASURES,
    MONEY,
    NAME_PARTS,
    PERIODS,
    SURE_ENDINGS,
    UNIQUE_ANYWHERE,
    squash,
)

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
    anything: 0 where keys stand anywhere. `together` are the columns that refer to
    another table's together, and `wanted` those that another table's refer to together. `loose` refer, but not in
    every row: what leads nowhere is to become null, which nothing in a key of several columns can.
    """

    out: Mapping[str, float]
    into: Mapping[str, float]
    named: Mapping[str, str]
    ordered: float = 1.0
    together: frozenset[str] = frozenset()
    wanted: frozenset[frozenset[str]] = frozenset()
    loose: frozenset[str] = frozenset()

    def refers(self, name: str) -> float:
        """How sure it is that a column refers, be it together with others."""
        return max(self.out.get(name, 0.0), LIKELY_TOGETHER if name in self.together else 0.0)


@dataclass(frozen=True)
class KeyCandidate:
    """Columns that identify their rows, and what speaks for their being meant to."""

    columns: tuple[str, ...]
    features: Mapping[str, float]


def find_key_candidates(draft: Draft, links: Links) -> list[KeyCandidate]:
    """What could be the table's key, with what speaks for each."""
    unique = _unique_alone(draft)
    found = find_key_columns(draft, links)
    return [KeyCandidate(names, _features(draft, names, links, unique)) for names in found]


def find_key_columns(draft: Draft, links: Links) -> list[tuple[str, ...]]:
    """The columns that never held the same twice, alone or together, where that can be meant."""
    unique = _unique_alone(draft)
    single = [(c.name,) for c in draft.table.columns if c.name in unique and _is_meant(draft, c.name, links)]
    together = [names for names in _together(draft, links, unique) if links.loose.isdisjoint(names)]
    several = [names for names in together if _are_meant(draft, names, links, unique)]
    return list(dict.fromkeys([*single, *several]))


def _is_meant(draft: Draft, name: str, links: Links) -> bool:
    """Whether anything but its values says that a column identifies the rows: titles and times differ by chance."""
    if links.into.get(name, 0.0) >= LIKELY or links.refers(name) >= LIKELY or squash(name) in UNIQUE_ANYWHERE:
        return True
    own, first = own_name(draft.name, name), draft.table.columns[0].name == name
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

    A column adds nothing to one that does so by itself, unless it joins two tables; and beside free text (a comment,
    a message) two references that don't repeat may do so with the next record.
    """
    refers = sum(links.refers(name) >= LIKELY for name in names)
    if any(name in unique for name in names) and not refers:
        return False
    rest = [column for column in draft.table.columns if column.name not in names and column.role == "field"]
    told = (
        frozenset(names) in links.wanted
        or (not rest and _all_short(draft, names))
        or all(_tells(draft.table.by_name[name]) for name in names)
    )
    told = told or (len(names) in (2, 3) and _begins_with(draft, names) and _counts_or_codes(names[-1]))
    if not refers and not told:
        return False
    profiles = [draft.profiles[name] for name in names]
    return not any(_is_free_text(draft, column) for column in rest) or _chance(draft, profiles) < UNLIKELY


def _all_short(draft: Draft, names: tuple[str, ...]) -> bool:
    """Whether none of the columns holds sentences, which no key is made of."""
    texts = [draft.profiles[name] for name in names if not draft.profiles[name].is_whole()]
    return sum("slug" not in each.forms and each.longest > SHORT * 2 for each in texts) == 0


def _begins_with(draft: Draft, names: tuple[str, ...]) -> bool:
    fields = [column.name for column in draft.table.columns if column.role == "field"]
    return tuple(fields[: len(names)]) == names


def _is_free_text(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if profile is None or column.type.name not in ("string", "text"):
        return False
    return squash(tokens(column.name)[-1:]) in FREE_TEXT and profile.filled > 0 and "slug" not in profile.forms


def _unique_alone(draft: Draft) -> set[str]:
    may = [column.name for column in draft.table.columns if _may_identify(draft, column)]
    return {name for name in may if _is_complete(draft, name)}


def _may_identify(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if profile is None or column.role != "field" or column.secret or len(column.field) > 1:
        return False
    if column.type.name in ("float", "decimal") and not profile.is_whole():
        return is_pointed_code(draft, column) and own_name(draft.name, column.name) == "whole"
    return column.type.name in (*PLAIN, "float", "decimal") and profile.longest <= LONGEST_KEY


def _is_complete(draft: Draft, name: str) -> bool:
    profile = draft.profile(name)
    return profile is not None and profile.filled == draft.table.rows > 1 and profile.is_unique()


def _together(draft: Draft, links: Links, unique: set[str]) -> list[tuple[str, ...]]:
    """Columns that identify the rows together: as few as do, and all that refer elsewhere."""
    sample = draft.collection.sample
    if draft.table.parent is not None or draft.table.rows < 2:
        return []
    by_field = {column.field[0]: column for column in draft.table.columns if len(column.field) == 1}
    filled = [name for name in sample.columns if name in sample.filled and name in by_field]
    fields = [name for name in filled if _may_identify(draft, by_field[name])]
    fields = [name for name in fields if by_field[name].name in draft.profiles]
    places = {name: place for place, name in enumerate(fields)}
    refers = [name for name in fields if links.refers(by_field[name].name) >= LIKELY]
    rest = [name for name in fields if name not in refers and by_field[name].name not in unique]
    rest.sort(key=lambda name: (not _tells(by_field[name]), places[name]))
    pool = sorted([*(n for n in refers if by_field[n].name not in unique), *rest][:MOST_POOLED], key=places.__getitem__)
    found = list(minimal_unique(sample, pool, most=3))
    strong = [name for name in pool if name in refers or _tells(by_field[name])]
    found += [names for names in minimal_unique(sample, strong, most=MOST_TOGETHER) if len(names) > 3]
    for size in (2, 3, len(refers)):
        found += [names for names in combinations(refers, size) if size > 1 and sample.seems_unique(names)]
    if 2 <= len(refers) < MOST_TOGETHER:
        wider = (tuple(sorted((*refers, name), key=places.__getitem__)) for name in rest if _tells(by_field[name]))
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


def _tells(column: Column) -> bool:
    last = squash(tokens(column.name)[-1:])
    return _counts_or_codes(column.name) or last in PERIODS or column.type.name in MOMENTS


def _counts_or_codes(name: str) -> bool:
    last = squash(tokens(name)[-1:])
    return is_named_like_key(name) or last in COUNTERS or last.endswith(("number", "num"))


def _features(draft: Draft, names: tuple[str, ...], links: Links, unique: set[str]) -> dict[str, float]:
    found = _place(draft, names, links.ordered)
    if len(names) == 1:
        found |= _features_of_one(draft, names[0], links)
    else:
        found |= _features_of_several(draft, names, links, unique)
    kind = "one" if len(names) == 1 else "several"
    return {f"{kind}: {name}": value for name, value in found.items() if value} | {kind: 1.0}


def how_ordered(given: Iterable[Draft]) -> float:
    """How far the places of columns tell anything, by where the keys that are beyond doubt stand: first, or anywhere.

    Who writes a table by hand begins with its key. An export may have put the columns into any order.
    """
    firsts = [
        next((column.name for column in draft.table.columns if column.role == "field"), "") in draft.table.primary_key
        for draft in given
        if len(draft.table.columns) > 1 and draft.table.by_name[draft.table.primary_key[0]].role == "field"
    ]
    return max(0.0, 2 * (sum(firsts) + 1) / (len(firsts) + 1) - 1)


def _place(draft: Draft, names: tuple[str, ...], ordered: float) -> dict[str, float]:
    fields = [column.name for column in draft.table.columns if column.role == "field"]
    places = sorted(fields.index(name) for name in names)
    return {
        "first": ordered * (places[0] == 0),
        "in front": ordered * (places[-1] == len(names) - 1),
        "skips": ordered * min(5, places[-1] - len(names) + 1) / 5,
        "bare": float(len(names) == len(fields)),
        "share": len(names) / max(1, len(fields)),
    }


def _features_of_one(draft: Draft, name: str, links: Links) -> dict[str, float]:
    column = draft.table.by_name[name]
    profile = draft.profiles[name]
    word, last = squash(name), squash(tokens(name)[-1:])
    whole = profile.is_whole()
    found = {
        f"own {own_name(draft.name, name)}": 1.0,
        "sure ending": float(last in SURE_ENDINGS or word.endswith("id")),
        "ending": float(is_named_like_key(name)),
        "natural": float(word in UNIQUE_ANYWHERE or last in UNIQUE_ANYWHERE),
        "name": float((last in ("name", "title") or word in KEY_NAMES) and not _has_natural(draft, name)),
        "number": float(whole),
        "name of people": float(last in ("name", "title", "fullname") and (draft.account or is_doer(draft.name))),
        "part of a name": float(word in NAME_PARTS),
        "moment": float(column.type.name in MOMENTS),
        "blanks": float(not whole and "slug" not in profile.forms and column.type.name not in MOMENTS),
        "long": float(profile.longest > SHORT * 3),
        "measure": float(last in MEASURES or word in MEASURES),
        "period": float(last in PERIODS),
        "refers": links.out.get(name, 0.0),
        "referred to": min(1.0, links.into.get(name, 0.0)),
        "referred to often": min(1.0, links.into.get(name, 0.0) / 3),
        "counts": float(_counts(profile)),
    }
    words = set(tokens(singular(draft.name))) | set(tokens(draft.name))
    targets = [target for column, target in links.named.items() if links.refers(column) >= LIKELY]
    found["named by several"] = float(_is_named_by(words, targets))
    found["few rows"] = 1 / draft.table.rows
    found |= _word_evidence(draft, (name,))
    return found


def _has_natural(draft: Draft, name: str) -> bool:
    """Whether another column identifies the rows by its very nature (`slug`)."""
    return any(
        squash(c.name) in UNIQUE_ANYWHERE and c.name != name and _is_complete(draft, c.name)
        for c in draft.table.columns
    )


def _counts(profile: FieldProfile) -> bool:
    """Whether the values are numbers without a gap."""
    dense = profile.distinct.integers
    if not dense.dense or not dense.count or dense.count != profile.distinct.count():
        return False
    low, high = min(dense), max(dense)
    return high - low + 1 == dense.count


def _features_of_several(draft: Draft, names: tuple[str, ...], links: Links, unique: set[str]) -> dict[str, float]:
    refers = [links.refers(name) for name in names]
    others = [column for column in draft.table.columns if column.name not in names and column.role == "field"]
    lasts = [squash(tokens(name)[-1:]) for name in names]
    profiles = [draft.profiles[name] for name in names]
    types = [draft.table.by_name[name].type.name for name in names]
    left = [column.name for column in others if links.refers(column.name) >= LIKELY]
    left_out = [column.name for column in others if links.refers(column.name) < LIKELY]
    words = set(tokens(singular(draft.name))) | set(tokens(draft.name))
    targets = [links.named.get(name, "") for name in names]
    found = {
        "refers all": float(min(refers) >= LIKELY),
        "refers some": float(max(refers) >= LIKELY),
        "refers share": sum(refers) / len(names),
        "size": (len(names) - 2) / 3,
        "counter": float(any(last in COUNTERS or last.endswith(("number", "num")) for last in lasts)),
        "period": float(any(last in PERIODS for last in lasts) or any(kind in MOMENTS for kind in types)),
        "blanks": sum(not each.is_whole() and "slug" not in each.forms for each in profiles) / len(names),
        "name": float(all(last in ("name", "title") or last in NAME_PARTS for last in lasts)),
        "holds unique": float(any(name in unique for name in names)),
        "leaves out unique key": float(any(name in unique and is_named_like_key(name) for name in left_out)),
        "chance": _chance(draft, profiles),
        "named by both": float(len(names) > 1 and _is_named_by(words, targets)),
        "small rest": float(all(_is_small(draft, column) for column in others)),
        "few others": float(len(others) <= 2),
        "few rows": 1 / draft.table.rows,
        "wanted": float(frozenset(names) in links.wanted),
        "part of wanted": float(any(set(names) < each for each in links.wanted)),
        "parts what refers together": float(bool(links.together & set(names)) and not links.together <= set(names)),
        "refers together": float(bool(links.together) and links.together <= set(names)),
    }
    found |= _word_evidence(draft, names)
    periods = [_is_period(draft.table.by_name[name]) for name in names]
    found["refers, and period"] = float(
        len(names) == 2 and any(periods[here] and refers[1 - here] >= LIKELY > refers[here] for here in (0, 1))
    )
    plain = [not _tells(draft.table.by_name[name]) for name, link in zip(names, refers, strict=True) if link < LIKELY]
    found["plain share"] = sum(plain) / len(names)
    found["amounts"] = sum(_is_amount(draft.table.by_name[name]) for name in names) / len(names)
    counts = [last in COUNTERS or last.endswith(("number", "num")) for last in lasts]
    linked = [each >= LIKELY for each in refers]
    found["refers, and counts"] = float(
        len(names) == 2 and sorted(zip(linked, counts, strict=True)) == [(False, True), (True, False)]
    )
    found["named by both, pair"] = found["named by both"] * (len(names) == 2)
    found["refers all, pair"] = found["refers all"] * (len(names) == 2)
    found["minimal"] = float(not found["holds unique"] and _is_minimal(draft, names))
    found["more than needed, refers all"] = found["refers all"] * (not found["minimal"])
    found["all that refer"] = float(not left and found["refers all"])
    return found


def _word_evidence(draft: Draft, names: Sequence[str]) -> dict[str, float]:
    """How many of the columns share a word with the table's name, and how many of its words are in theirs."""
    table = [singular(word) for word in tokens(draft.name)]
    mine = [{singular(word) for word in tokens(name)} for name in names]
    return {
        "table's words": sum(bool(words & set(table)) for words in mine) / len(names),
        "words of the table": sum(word in set().union(*mine) for word in table) / max(1, len(table)),
    }


def _recurs(column: Column) -> bool:
    """Whether it counts or dates what belongs to one thing, and begins anew with the next."""
    last = squash(tokens(column.name)[-1:])
    return (_is_period(column) or last in COUNTERS | {"rank"}) and not is_named_like_key(column.name)


def _is_period(column: Column) -> bool:
    """Whether it holds days, years or other times that recur for each of several things."""
    return column.type.name in MOMENTS or not PERIODS.isdisjoint(tokens(column.name))


def _is_amount(column: Column) -> bool:
    """Whether it is named after a quantity, or after what was done with one (`invested`), and doesn't count."""
    last = (tokens(column.name) or ("",))[-1]
    quantity = last in MEASURES - COUNTERS - PERIODS or last in MONEY or is_participle(last)
    return quantity and not is_named_like_key(column.name)


def _is_minimal(draft: Draft, names: tuple[str, ...]) -> bool:
    """Whether no part of the columns identifies the rows."""
    fields = [draft.table.by_name[name].field[0] for name in names]
    parts = (tuple(each for each in fields if each != left) for left in fields)
    return len(names) == 2 or not any(draft.collection.sample.seems_unique(part) for part in parts)


def _is_named_by(words: set[str], targets: Sequence[str]) -> bool:
    """Whether the table's name is made of those of at least two tables that it refers to."""
    said = [target for target in set(targets) if target and set(tokens(singular(target))) & words]
    return len(said) > 1


def _is_small(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if column.type.name == "string":
        return profile is not None and profile.longest <= SHORT
    return column.type.name in ("integer", "date", "datetime", "boolean", "decimal", "float")


def _chance(draft: Draft, profiles: Sequence[FieldProfile]) -> float:
    """How likely it is that so many records repeat no combination if the fields are independent of each other."""
    sizes = [max(1, profile.distinct.count()) for profile in profiles]
    expected = draft.table.rows**2 / 2 / math.prod(sizes)
    return math.exp(-min(expected, 30.0))
