"""References of several columns together: rows of one table whose values stand side by side in another's key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from outgrow.schema.draft import Draft
from outgrow.schema.key_evidence import Links, find_key_columns
from outgrow.schema.likeness import UNSAYING
from outgrow.schema.unique import is_named_like_key
from outgrow.schema.words import squash

CONTAINED = 0.98
FEWEST = 2


@dataclass(frozen=True)
class JointLink:
    """Columns that hold, side by side, what another table's columns of the same names hold.

    `shared` counts the names that both tables have, but for those that any table may (`number`).
    """

    table: str
    columns: tuple[str, ...]
    target: str
    key: tuple[str, ...]
    share: float
    orphans: int
    different: int
    shared: int


def find_joint_links(drafts: Sequence[Draft], keys: Mapping[str, Iterable[tuple[str, ...]]]) -> list[JointLink]:
    """The links to keys of several columns; `keys` are those that each table has or could have."""
    by_word: dict[str, set[str]] = defaultdict(set)
    names: dict[str, dict[str, str]] = {}
    tables = {draft.name: draft for draft in drafts}
    for draft in drafts:
        names[draft.name] = {squash(column.name): column.name for column in draft.table.columns}
        for word in names[draft.name]:
            by_word[word].add(draft.name)
    found = []
    for target in drafts:
        if not target.collection.sample.complete or target.table.parent is not None:
            continue
        for key in keys.get(target.name, ()):
            words = [squash(name) for name in key]
            if len(key) < FEWEST or set(words) <= UNSAYING:
                continue
            others = set.intersection(*(by_word[word] for word in words)) - {target.name}
            for other in sorted(others, key=list(tables).index):
                columns = tuple(names[other][word] for word in words)
                link = _link(tables[other], columns, target, key)
                if link is not None:
                    found.append(link)
    return found


def is_whole(link: JointLink, target: Draft) -> bool:
    """Whether a link is to all that both tables share, none of which would do alone.

    Times and numbers that both tables have are no link by themselves (`year`, `round`): one is named as keys are.
    """
    if not any(is_named_like_key(name) for name in link.key):
        return False
    alone = any((profile := target.profile(name)) and profile.is_unique() for name in link.key)
    return link.shared == len({squash(name) for name in link.key} - UNSAYING) and not alone


def with_joint_links(links: Mapping[str, Links], drafts: Sequence[Draft]) -> dict[str, Links]:
    """The links of tables without a key, with what refers together to what could be the key of another of them."""
    by_name = {draft.name: draft for draft in drafts}
    could = {name: find_key_columns(by_name[name], each) for name, each in links.items()}
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


def _link(draft: Draft, columns: tuple[str, ...], target: Draft, key: tuple[str, ...]) -> JointLink | None:
    here, there = _fields(draft, columns), _fields(target, key)
    if here is None or there is None or draft.table.parent is not None:
        return None
    values = draft.collection.sample.tuples(here)
    if len(values) < FEWEST:
        return None
    missing = len(values - target.collection.sample.tuples(there))
    if missing > (1 - CONTAINED) * len(values):
        return None
    words = {squash(c.name) for c in draft.table.columns} & {squash(c.name) for c in target.table.columns}
    shared = len(words - UNSAYING)
    share = 1 - missing / len(values)
    return JointLink(draft.name, columns, target.name, key, share, missing, len(values), shared)


def _fields(draft: Draft, columns: Sequence[str]) -> tuple[str, ...] | None:
    found = [draft.table.by_name[name] for name in columns]
    if any(column.role != "field" or len(column.field) != 1 or column.secret for column in found):
        return None
    return tuple(column.field[0] for column in found)
