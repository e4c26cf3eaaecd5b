"""What could identify a table's rows, and what speaks for each: features from 0 to 1 that `weights` weighs.

A candidate is a column, or several, that never held the same twice. Whether that is meant or mere chance is said by
names, places, types, and by what refers to it or what it refers to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from outgrow.schema.draft import Draft
from outgrow.schema.key_columns import (
    COUNTERS,
    LIKELY,
    MOMENTS,
    SHORT,
    Links,
    chance_of,
    find_key_columns,
    is_complete,
    is_period,
    tells,
    unique_alone,
)
from outgrow.schema.likeness import is_doer, own_name
from outgrow.schema.model import Column
from outgrow.schema.names import is_participle, singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.unique import is_named_like_key
from outgrow.schema.weights import without_names
from outgrow.schema.words import (
    KEY_NAMES,
    MEASURES,
    MONEY,
    NAME_PARTS,
    PERIODS,
    SURE_ENDINGS,
    UNIQUE_ANYWHERE,
    squash,
)


@dataclass(frozen=True)
class KeyCandidate:
    """Columns that identify their rows, and what speaks for their being meant to."""

    columns: tuple[str, ...]
    features: Mapping[str, float]


def find_key_candidates(draft: Draft, links: Links) -> list[KeyCandidate]:
    """What could be the table's key, with what speaks for each."""
    unique = unique_alone(draft)
    found = find_key_columns(draft, links)
    return [KeyCandidate(names, _features(draft, names, links, unique)) for names in found]


def _features(draft: Draft, names: tuple[str, ...], links: Links, unique: set[str]) -> dict[str, float]:
    found = _place(draft, names, links.ordered)
    if len(names) == 1:
        found |= _features_of_one(draft, names[0], links)
    else:
        found |= _features_of_several(draft, names, links, unique)
    kind = "one" if len(names) == 1 else "several"
    features = {f"{kind}: {name}": value for name, value in found.items() if value} | {kind: 1.0}
    return without_names(features) if links.nameless else features


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
        "instant": float(column.type.name == "datetime"),
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
        squash(c.name) in UNIQUE_ANYWHERE and c.name != name and is_complete(draft, c.name) for c in draft.table.columns
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
        "instant": float("datetime" in types),
        "counter": float(any(last in COUNTERS or last.endswith(("number", "num")) for last in lasts)),
        "period": float(any(last in PERIODS for last in lasts) or any(kind in MOMENTS for kind in types)),
        "blanks": sum(not each.is_whole() and "slug" not in each.forms for each in profiles) / len(names),
        "name": float(all(last in ("name", "title") or last in NAME_PARTS for last in lasts)),
        "holds unique": float(any(name in unique for name in names)),
        "leaves out unique key": float(any(name in unique and is_named_like_key(name) for name in left_out)),
        "chance": chance_of(draft, profiles),
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
    periods = [is_period(draft.table.by_name[name]) for name in names]
    found["refers, and period"] = float(
        len(names) == 2 and any(periods[here] and refers[1 - here] >= LIKELY > refers[here] for here in (0, 1))
    )
    plain = [not tells(draft.table.by_name[name]) for name, link in zip(names, refers, strict=True) if link < LIKELY]
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
