"""References of several columns together: rows of one table whose values stand side by side in another's key.

Their names are those of the key's columns, or these with one word in front, the role (`from_building`, `from_room`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from outgrow.schema.draft import Draft
from outgrow.schema.key_columns import Links, find_key_columns, may_identify
from outgrow.schema.likeness import UNSAYING, take_apart
from outgrow.schema.names import tokens
from outgrow.schema.unique import is_named_like_key
from outgrow.schema.words import KEY_ENDINGS, MEASURES, PERIODS, TIMES, squash

CONTAINED = 0.98
FEWEST = 2
UNLIKELY = 0.1
MOST_COUNTED = 50
MOST_SHARED = 5
Words = tuple[str, ...]


@dataclass(frozen=True)
class JointLink:
    """Columns that hold, side by side, what another table's columns of the same names hold.

    `shared` counts the names that both tables have, but for those that any table may (`number`). `keys` counts what
    may be referred to, `different` what is. `fronted` counts the names with a word in front, `single` says that
    one of the columns never holds the same twice, as the key of its own table does. `chance` says how
    likely it is that so many combinations of the key's parts are keys by mere chance.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    key: tuple[str, ...]
    share: float
    orphans: int
    different: int
    keys: int
    shared: int
    fronted: int
    single: bool
    chance: float


def find_joint_links(drafts: Sequence[Draft], keys: Mapping[str, Iterable[tuple[str, ...]]]) -> list[JointLink]:
    """The links to keys of several columns; `keys` are those that each table has or could have."""
    names = {draft.name: {tokens(column.name): column.name for column in draft.table.columns} for draft in drafts}
    by_end: dict[str, set[str]] = defaultdict(set)
    for table, columns in names.items():
        for words in columns:
            by_end[words[-1] if words else ""].add(table)
    found = []
    for target in drafts:
        if not target.collection.sample.complete or target.table.parent is not None:
            continue
        for key in keys.get(target.name, ()):
            if len(key) < FEWEST or {squash(name) for name in key} <= UNSAYING:
                continue
            may = set.intersection(*(_tables_with(by_end, name) for name in key)) - {target.name}
            for other in (draft for draft in drafts if draft.name in may):
                for chosen, fronted in _named_alike(names[other.name], key):
                    link = _link(other, chosen, target, key, fronted)
                    if link is not None:
                        found.append(link)
    return found


def _tables_with(by_end: Mapping[str, set[str]], name: str) -> set[str]:
    """The tables that have a column whose name ends like that of a key's column, with or without its ending."""
    ends = {words[-1] for words in (tokens(name), take_apart(name).stem, tokens(name)[:-1]) if words}
    return set().union(*(by_end.get(end, ()) for end in ends))


def _named_alike(columns: Mapping[Words, str], key: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    """The columns that are named as those of a key are: all alike, or some with the same word in front.

    With them comes the number of those that have it.
    """
    plain = [columns.get(tokens(name)) for name in key]
    if all(plain):
        yield tuple(name for name in plain if name), 0
    for role in sorted({words[0] for words in columns if len(words) > 1}):
        fronted = [_find_fronted(columns, role, name) for name in key]
        chosen = [one or other for one, other in zip(fronted, plain, strict=True)]
        if any(fronted) and all(chosen) and len(set(chosen)) == len(key) and chosen != plain:
            yield tuple(name for name in chosen if name), sum(map(bool, fronted))


def _find_fronted(columns: Mapping[Words, str], role: str, name: str) -> str | None:
    words = tokens(name)
    shorter = words[:-1] if words[-1:] == ("name",) else take_apart(name).stem
    last = words[-1:] if words[-1:] and words[-1] not in KEY_ENDINGS else ()
    told = (columns.get((role, *each)) for each in (words, shorter, last) if each)
    return next((column for column in told if column), None)


def is_whole(link: JointLink, target: Draft) -> bool:
    """Whether a link is to all that both tables share, none of which would do alone.

    Times and numbers that both tables have are no link by themselves (`year`, `round`): one is named as keys are, or
    the key has more than is referred to, so that the tables don't merely speak of the same things.
    """
    if any((profile := target.profile(name)) and profile.is_unique() for name in link.key):
        return False
    if link.fronted:
        return not link.single and (link.fronted > 1 or link.chance < UNLIKELY)
    facts = all(squash(tokens(name)[-1:]) in MEASURES | PERIODS | TIMES for name in link.key)
    if not any(is_named_like_key(name) for name in link.key) and (facts or link.different >= link.keys):
        return False
    return link.shared == len({squash(name) for name in link.key} - UNSAYING)


def with_joint_links(links: Mapping[str, Links], drafts: Sequence[Draft]) -> dict[str, Links]:
    """The links of tables without a key, with what refers together to what could be the key of another of them."""
    by_name = {draft.name: draft for draft in drafts}
    could = {
        name: [*find_key_columns(by_name[name], each), *_shared(by_name[name], drafts)] for name, each in links.items()
    }
    together: dict[str, set[str]] = defaultdict(set)
    wanted: dict[str, set[frozenset[str]]] = defaultdict(set)
    for link in find_joint_links(drafts, could):
        if is_whole(link, by_name[link.target]):
            together[link.table].update(link.columns)
            wanted[link.target].add(frozenset(link.key))
    return {
        name: replace(each, together=frozenset(together[name]), wanted=frozenset(wanted[name]))
        for name, each in links.items()
    }


def _shared(draft: Draft, drafts: Sequence[Draft]) -> list[tuple[str, ...]]:
    """The columns that identify a table's rows together and that another table has as well, however many there are."""
    mine = {squash(column.name): column for column in draft.table.columns if may_identify(draft, column)}
    words = set(mine) - UNSAYING
    found = set()
    for other in drafts:
        theirs = {squash(column.name) for column in other.table.columns}
        common = tuple(column.name for word, column in mine.items() if word in words & theirs)
        if other is not draft and FEWEST <= len(common) <= MOST_SHARED and len(common) < len(words):
            found.add(common)
    fields = {names: tuple(draft.table.by_name[name].field[0] for name in names) for names in found}
    return sorted(names for names in found if draft.collection.sample.seems_unique(fields[names]))


def _link(
    draft: Draft, columns: tuple[str, ...], target: Draft, key: tuple[str, ...], fronted: int
) -> JointLink | None:
    here, there = _fields(draft, columns), _fields(target, key)
    if here is None or there is None or draft.table.parent is not None:
        return None
    values = draft.collection.sample.tuples(here)
    if len(values) < FEWEST:
        return None
    keys = target.collection.sample.tuples(there)
    missing = len(values - keys)
    if missing > (1 - CONTAINED) * len(values):
        return None
    words = {squash(c.name) for c in draft.table.columns} & {squash(c.name) for c in target.table.columns}
    shared = len(words - UNSAYING)
    share = 1 - missing / len(values)
    possible = math.prod(len({values[place] for values in keys}) for place in range(len(key)))
    chance = (len(keys) / max(1, possible)) ** min(len(values), MOST_COUNTED)
    single = any((profile := draft.profile(name)) and profile.is_unique() for name in columns)
    ends = (draft.name, columns, target.name, key)
    return JointLink(*ends, share, missing, len(values), len(keys), shared, fronted, single, chance)


def _fields(draft: Draft, columns: Sequence[str]) -> tuple[str, ...] | None:
    found = [draft.table.by_name[name] for name in columns]
    if any(column.role != "field" or len(column.field) != 1 or column.secret for column in found):
        return None
    return tuple(column.field[0] for column in found)
