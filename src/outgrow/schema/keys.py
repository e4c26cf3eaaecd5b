"""What identifies the rows of a table: its primary key, given, put together or made up.

A primary key is taken, in this order: the field that repeats the record's map key or file name; a field
that is named as the record's id; the map key or file name itself; a unique field that is named and placed like a
key; several fields together; and if there is nothing, a number that outgrow counts (`id`). Natural keys of
people (user names, e-mail addresses) become unique, not primary: they change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from outgrow.schema.draft import Draft
from outgrow.schema.key_names import name_key
from outgrow.schema.likeness import SIMILAR, likeness
from outgrow.schema.model import Column
from outgrow.schema.names import free_name, shorten, singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.types import BIG_INTEGER, INTEGER, key_text_type
from outgrow.schema.unique import ALMOST, ONE_TWICE_FROM, birthday, is_almost_unique, is_named_like_key
from outgrow.schema.words import (
    ACCOUNT_FIELDS,
    ID_WORDS,
    KEY_ENDINGS,
    KEY_NAMES,
    MEASURES,
    ONE_TO_ONE,
    SURE_ENDINGS,
    UNIQUE_ANYWHERE,
    UNIQUE_IN_ACCOUNTS,
    squash,
)

FEWEST_COLLISIONS = 3.0
SMALL_EXTRAS = 2
SHORT = 10
CHANCE = 0.05
TELLING = 3
SURE_KEY_NAMES = 5


def choose_key(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    """The draft with its primary key, and with the column for it where no field holds it."""
    repeated = _repeated_key(draft)
    if repeated:
        return _with_key(draft, repeated, f"repeats each record's {_kind_of_key(draft)}")
    key = draft.collection.key
    own = own_id(draft, strict=key is not None)
    if own and own_is_better(draft, own):
        given = _with_key(draft, own, "")
        return given if key is None or "integer" in key.forms else _with_further_key(given, key, drafts)
    if key is not None and key.is_unique():
        return _with_map_key(draft, key, drafts)
    foreign = _foreign_keys(draft, drafts)
    joined = _joined_key(draft, foreign)
    natural = None if joined else _natural_key(draft, drafts)
    if natural:
        return _with_key(draft, natural, "")
    together = joined or _combined_key(draft)
    if together:
        table = replace(draft.table, primary_key=together)
        return replace(draft, table=table)
    return with_number(draft)


def own_is_better(draft: Draft, own: str) -> bool:
    """Whether a record's own id counts more than its map key: where the map's keys only number the records."""
    key = draft.collection.key
    return key is None or "integer" in key.forms or own_rank(draft, own) == 0


def _kind_of_key(draft: Draft) -> str:
    return "file name" if "*" in draft.collection.source else "key in the map"


def _repeated_key(draft: Draft) -> str | None:
    """The column of a field that holds the record's map key or file name in every record."""
    fields = draft.collection.key_fields or set()
    if draft.table.parent is not None or not draft.collection.records:
        return None
    columns = [c.name for c in draft.table.columns if len(c.field) == 1 and c.field[0] in fields and not c.secret]
    if draft.collection.records < TELLING:
        columns = [name for name in columns if own_rank(draft, name) < 9 or squash(name) in KEY_NAMES[:SURE_KEY_NAMES]]
    return min(columns, key=lambda name: (own_rank(draft, name), key_rank(name), name), default=None)


def key_rank(name: str) -> int:
    """How good a natural key's name is; the lower the better."""
    words = [squash(name), squash(tokens(name)[-1:])]
    return min((KEY_NAMES.index(word) for word in words if word in KEY_NAMES), default=len(KEY_NAMES))


def own_rank(draft: Draft, name: str) -> int:
    """0 for `id`, 1 for the table's name with an ending like `user_id`, 2 for other words for ids, 9 for the rest."""
    word = squash(name)
    if word == "id":
        return 0
    stems = {squash(form(draft.name)) for form in (singular, str)} | {squash(tokens(singular(draft.name))[-1:])}
    if any(word == stem + ending for stem in stems for ending in SURE_ENDINGS):
        return 1
    if word in ID_WORDS:
        return 2
    if any(word == stem + ending for stem in stems for ending in KEY_ENDINGS):
        return 3
    return 9


def own_id(draft: Draft, *, strict: bool = False) -> str | None:
    """The column that is named as the record's id, if its values can be one; `strict` allows no repetition."""
    ranked = sorted((own_rank(draft, c.name), i, c.name) for i, c in enumerate(draft.table.columns))
    for rank, _, name in ranked:
        profile = draft.profile(name)
        if rank > 3 or profile is None:
            return None
        if _may_identify(draft, name) and is_almost_unique(profile, sure=rank < 3 and not strict):
            complete = profile.filled == draft.table.rows
            if complete or (rank < 3 and draft.table.by_name[name].type.name == "integer" and not draft.table.parent):
                return name
        if not draft.table.rows and rank < 3:
            return name
    return None


def _may_identify(draft: Draft, name: str) -> bool:
    column = draft.table.by_name[name]
    return column.role == "field" and not column.secret and column.type.name in ("integer", "string")


def _foreign_keys(draft: Draft, drafts: Sequence[Draft]) -> set[str]:
    """The columns that hold other tables' own ids: what identifies a row of those needn't identify one of this."""
    found = set()
    for column in draft.table.columns:
        profile = draft.profile(column.name)
        if profile is None or not _may_identify(draft, column.name) or own_rank(draft, column.name) < 9:
            continue
        for other in drafts:
            there = other.profile(column.name)
            if other is draft or there is None or not _is_first_or_own(other, column.name):
                continue
            if there.is_unique() and profile.distinct.share_in(there.distinct) >= ALMOST:
                found.add(column.name)
    return found


def _is_first_or_own(draft: Draft, name: str) -> bool:
    return own_rank(draft, name) < 9 or draft.table.columns[0].name == name


def _joined_key(draft: Draft, foreign: set[str]) -> tuple[str, ...] | None:
    """Two other tables' ids in a record that has little else: what a join of two tables looks like."""
    by_name = {column.name: column.field for column in draft.table.columns}
    names = tuple(name for name in by_name if name in foreign)
    if len(names) != 2 or draft.table.rows < 2 or not _is_bare(draft, names, 2):
        return None
    unique = any(profile.is_unique() for name in names if (profile := draft.profile(name)))
    together = tuple(by_name[name][0] for name in names) in draft.collection.combined.unique()
    return names if unique or together else None


def _natural_key(draft: Draft, drafts: Sequence[Draft]) -> str | None:
    """A unique field that is named like a key, best the first; never what people change about themselves.

    Named after the table it may be unique by chance; after anything else only if that can't be.
    """
    found: list[tuple[int, int, str]] = []
    for place, column in enumerate(draft.table.columns):
        profile = draft.profile(column.name)
        if not profile or not _may_identify(draft, column.name) or profile.filled < max(2, draft.table.rows):
            continue
        if not profile.is_unique() or squash(column.name) in UNIQUE_IN_ACCOUNTS | ACCOUNT_FIELDS:
            continue
        if not _is_own(draft, column.name) and _is_chance(draft, column.name, profile, drafts):
            continue
        last = squash(tokens(column.name)[-1:])
        word = squash(column.name)
        if last in SURE_ENDINGS or (place == 0 and word.endswith("id")):
            found.append((0 if place == 0 else 2, place, column.name))
        elif word in UNIQUE_ANYWHERE or last in KEY_ENDINGS or (place == 0 and is_named_like_key(column.name)):
            found.append((1 if place == 0 else 3, place, column.name))
        elif place == 0 and draft.collection.textual and column.type.name == "integer" and word not in MEASURES:
            found.append((4, place, column.name))
    return min(found, default=(0, 0, None))[2]


def _is_own(draft: Draft, name: str) -> bool:
    """Whether the name is that of the table, perhaps shortened (`stu_id` of students), or of no table at all."""
    return squash(name) in UNIQUE_ANYWHERE or likeness(name, draft.name, "") >= SIMILAR


def _is_chance(draft: Draft, name: str, profile: FieldProfile, drafts: Sequence[Draft]) -> bool:
    """Whether the values might well repeat one day: there are few, of many that another table has."""
    if singular(draft.name).rpartition("_")[2] in ONE_TO_ONE:
        return False
    others = [other for other in drafts if other is not draft and likeness(name, other.name, "") >= SIMILAR]
    keys = [seen.distinct.count() for other in others for seen in other.profiles.values() if seen.is_unique()]
    if keys:
        return birthday(profile.filled, max(*keys, profile.filled)) > CHANCE
    return profile.filled < ONE_TWICE_FROM and draft.table.columns[0].name != name


def _combined_key(draft: Draft) -> tuple[str, ...] | None:
    """Fields that are unique together and can't be so by chance, or are all that a record consists of."""
    by_field = {column.field: column.name for column in draft.table.columns}
    found: list[tuple[int, int, tuple[int, ...], tuple[str, ...]]] = []
    places = {column.name: place for place, column in enumerate(draft.table.columns)}
    for fields in draft.collection.combined.unique():
        names = tuple(by_field.get((field,), "") for field in fields)
        if draft.table.rows < 2 or not all(name and _may_identify(draft, name) for name in names):
            continue
        named = sum(1 for name in names if is_named_like_key(name))
        if named < len(names) - 1 or not (_is_bare(draft, names, named) or _is_no_accident(draft, names)):
            continue
        found.append((len(names), -named, tuple(places[name] for name in names), names))
    return min(found, default=(0, 0, (), None))[3]


def _is_bare(draft: Draft, names: tuple[str, ...], named: int) -> bool:
    """Whether a record has little beside the key: what a join of two tables looks like."""
    others = [column for column in draft.table.columns if column.name not in names]
    small = all(_is_small(draft, column) for column in others)
    return named == len(names) and len(others) <= SMALL_EXTRAS and small


def _is_small(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if column.type.name == "string":
        return profile is not None and profile.longest <= SHORT
    return column.type.name in ("integer", "date", "datetime", "boolean", "decimal", "float")


def _is_no_accident(draft: Draft, names: tuple[str, ...]) -> bool:
    """Whether so many records would repeat some combination if the fields were independent of each other."""
    sizes = [profile.distinct.count() for name in names if (profile := draft.profile(name))]
    return draft.table.rows**2 / 2 / max(1, math.prod(sizes)) >= FEWEST_COLLISIONS


def _with_key(draft: Draft, name: str, evidence: str) -> Draft:
    column = draft.table.by_name[name]
    profile = draft.profile(name)
    if profile is not None and column.type.name in ("string", "text"):
        column = replace(column, type=key_text_type(profile, name))
    fill = bool(draft.table.rows) and profile is not None and profile.filled < draft.table.rows
    column = replace(column, nullable=False, fill=fill, evidence=evidence or column.evidence)
    changed = draft.with_column(name, column)
    return replace(changed, table=replace(changed.table, primary_key=(name,)))


def _with_map_key(draft: Draft, key: FieldProfile, drafts: Sequence[Draft]) -> Draft:
    """The draft with a column for its records' map keys or file names."""
    whole = "integer" in key.forms
    name = free_name("id" if whole else _name_map_key(draft, key, drafts), draft.table.by_name)
    number = INTEGER if key.whole_digits <= 9 else BIG_INTEGER
    column = Column(
        name, number if whole else key_text_type(key, name), role="key", evidence=f"the {_kind_of_key(draft)}"
    )
    changed = replace(draft.with_columns((column, *draft.table.columns)), profiles={**draft.profiles, name: key})
    return replace(changed, table=replace(changed.table, primary_key=(name,)))


def _with_further_key(draft: Draft, key: FieldProfile, drafts: Sequence[Draft]) -> Draft:
    """The draft, whose records have an id of their own, with a unique column for their map keys."""
    both = _with_map_key(draft, key, drafts)
    unique = (*draft.table.unique, both.table.primary_key)
    return replace(both, table=replace(both.table, primary_key=draft.table.primary_key, unique=unique))


def _name_map_key(draft: Draft, key: FieldProfile, drafts: Iterable[Draft]) -> str:
    """By what other records call it when they refer to it, else by what the table holds."""
    own = set(tokens(singular(draft.name)))
    for other in drafts:
        for column in other.table.columns:
            profile = other.profile(column.name)
            word = squash(column.name)
            if (
                other is draft
                or profile is None
                or word not in KEY_NAMES
                or word in ("key", "name", "code")
                or word in own
            ):
                continue
            if profile.texts and profile.distinct.share_in(key.distinct) == 1.0:
                return column.name
    return name_key(key, draft.table.by_name, account=draft.account)


def with_number(draft: Draft) -> Draft:
    """The draft with a key that outgrow counts."""
    name = next((name for name in ("id", "row_id") if name not in draft.table.by_name), None)
    name = name or free_name("row_id", draft.table.by_name)
    column = Column(name, INTEGER, role="number", evidence="counted: no field identifies a record")
    changed = draft.with_columns((column, *draft.table.columns))
    return replace(changed, table=replace(changed.table, primary_key=(name,)))


def choose_child_key(draft: Draft, parent: Draft) -> Draft:
    """A child's key: the elements' own id where there is one, else the parent's key and the position.

    The columns for the parent's key come first; one that already names its table keeps its name.
    """
    mine = [_parent_column(parent, name, draft) for name in parent.table.primary_key]
    position = Column(free_name("position", draft.table.by_name), INTEGER, role="position")
    named = draft.with_columns((*mine, position, *draft.table.columns))
    own = own_id(draft) if draft.table.rows > 1 else None
    if own is not None:
        table = replace(named.table, primary_key=(own,))
        columns = [replace(c, nullable=False) if c.name == own else c for c in table.columns]
        first = [c for c in columns if c.name == own]
        return replace(named, table=replace(table, columns=(*first, *(c for c in columns if c.name != own))))
    key = (*(column.name for column in mine), position.name)
    return replace(named, table=replace(named.table, primary_key=key))


def _parent_column(parent: Draft, key: str, draft: Draft) -> Column:
    owner = singular(parent.name)
    column = parent.table.by_name[key]
    said = column.role == "parent" or key.startswith((f"{owner}_", f"{owner.rpartition('_')[2]}_"))
    name = key if said else shorten(f"{owner}_{key}")
    return Column(free_name(name, draft.table.by_name), column.type, role="parent")
