"""What identifies the rows of a table: its primary key, given, put together or made up.

A primary key is given by the field that repeats the record's map key or file name, by a field that is named as
the record's id, or by the map key or file name itself, in this order. Otherwise the fields that are unique, alone or
together, are weighed (`key_evidence`, `weights`), knowing what refers where; and if none is likely, it is a number
that outgrow counts (`id`). Natural keys of people (user names, e-mail addresses) become unique, not primary: they
change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from outgrow.schema.draft import Draft
from outgrow.schema.key_columns import Links
from outgrow.schema.key_evidence import find_key_candidates
from outgrow.schema.key_names import name_key
from outgrow.schema.model import Column, ColumnType
from outgrow.schema.names import free_name, says_owner, shorten, singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.types import BIG_INTEGER, INTEGER, key_text_type, whole_type
from outgrow.schema.unique import is_almost_unique, is_pointed_code
from outgrow.schema.weights import chances, key_score
from outgrow.schema.words import (
    ACCOUNT_FIELDS,
    ID_WORDS,
    KEY_ENDINGS,
    KEY_NAMES,
    SURE_ENDINGS,
    UNIQUE_IN_ACCOUNTS,
    squash,
)

TELLING = 3
SURE_KEY_NAMES = 5
DOUBTED = 0.6
WORTH_SAYING = 0.1


def give_key(draft: Draft, drafts: Sequence[Draft]) -> Draft | None:
    """The draft with the key that its records have beyond doubt: their map key, file name or own id; else None."""
    repeated = _repeated_key(draft)
    if repeated:
        return _with_key(draft, repeated, f"repeats each record's {_kind_of_key(draft)}")
    key = draft.collection.key
    own = own_id(draft, drafts, strict=key is not None)
    if own and own_is_better(draft, own):
        given = _with_key(draft, own, "")
        return given if key is None or "integer" in key.forms else _with_further_key(given, key, drafts)
    if key is not None and key.is_unique():
        return _with_map_key(draft, key, drafts)
    return None


def choose_key(draft: Draft, links: Links) -> Draft:
    """The draft with the likeliest of the keys that it could have, or with a number where none is likely."""
    candidates = [each for each in find_key_candidates(draft, links) if not is_of_people(each.columns)]
    scores = [key_score(each.features) for each in candidates]
    parts = chances(scores)
    ranked = sorted(zip(parts, range(len(parts)), candidates, strict=True), key=lambda each: (-each[0], each[1]))
    if not ranked or ranked[0][0] < 1 - sum(parts):
        return with_number(_with_repeated_map_key(draft))
    chance, _, best = ranked[0]
    if chance < DOUBTED:
        others = [", ".join(each.columns) for part, _, each in ranked[1:2] if part >= WORTH_SAYING]
        draft = draft.with_note(
            f"primary_key = [{', '.join(best.columns)}]: {chance:.0%} sure" + "".join(f"; or [{o}]" for o in others)
        )
    if len(best.columns) == 1:
        return _with_key(draft, best.columns[0], "")
    return replace(draft, table=replace(draft.table, primary_key=best.columns))


def is_of_people(names: tuple[str, ...]) -> bool:
    """Whether it holds what people change about themselves: their user name, their e-mail address."""
    return any(squash(name) in UNIQUE_IN_ACCOUNTS | ACCOUNT_FIELDS for name in names)


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
    columns = [name for name in columns if _is_never_empty(draft, name)]
    if draft.collection.records < TELLING:
        columns = [name for name in columns if own_rank(draft, name) < 9 or squash(name) in KEY_NAMES[:SURE_KEY_NAMES]]
    return min(columns, key=lambda name: (own_rank(draft, name), key_rank(name), name), default=None)


def _is_never_empty(draft: Draft, name: str) -> bool:
    """Whether each record has a value for a column, as the key needs it; a map's key may be an empty text."""
    profile = draft.profile(name)
    return profile is not None and profile.filled == draft.table.rows


def key_rank(name: str) -> int:
    """How good a natural key's name is; the lower the better."""
    words = [squash(name), squash(tokens(name)[-1:])]
    return min((KEY_NAMES.index(word) for word in words if word in KEY_NAMES), default=len(KEY_NAMES))


def own_rank(draft: Draft, name: str, drafts: Sequence[Draft] = ()) -> int:
    """0 for `id`, 1 for the table's name with an ending like `user_id`, 2 for other words for ids, 9 for the rest."""
    word = squash(name)
    if word == "id":
        return 0
    stems = {squash(form(draft.name)) for form in (singular, str)}
    last = squash(tokens(singular(draft.name))[-1:])
    if not any(squash(singular(other.name)) == last for other in drafts if other is not draft):
        stems.add(last)
    if any(word == stem + ending for stem in stems for ending in SURE_ENDINGS):
        return 1
    if word in ID_WORDS:
        return 2
    if any(word == stem + ending for stem in stems for ending in KEY_ENDINGS):
        return 3
    return 9


def own_id(draft: Draft, drafts: Sequence[Draft] = (), *, strict: bool = False) -> str | None:
    """The column that is named as the record's id, if its values can be one; `strict` allows no repetition."""
    ranked = sorted((own_rank(draft, c.name, drafts), i, c.name) for i, c in enumerate(draft.table.columns))
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
    column, profile = draft.table.by_name[name], draft.profile(name)
    whole = column.type.name in ("float", "decimal") and profile is not None and profile.is_whole()
    return column.role == "field" and not column.secret and (whole or column.type.name in ("integer", "string"))


def _with_key(draft: Draft, name: str, evidence: str) -> Draft:
    column = draft.table.by_name[name]
    profile = draft.profile(name)
    if profile is not None:
        column = replace(column, type=key_type(draft, column, profile))
    fill = bool(draft.table.rows) and profile is not None and profile.filled < draft.table.rows
    column = replace(column, nullable=False, fill=fill, evidence=evidence or column.evidence)
    changed = draft.with_column(name, column)
    return replace(changed, table=replace(changed.table, primary_key=(name,)))


def key_type(draft: Draft, column: Column, profile: FieldProfile) -> ColumnType:
    """The type of a column that rows are told apart by: texts that can be indexed, whole numbers as such."""
    if column.type.name in ("float", "decimal") and profile.is_whole():
        return whole_type(profile)
    if column.type.name in ("string", "text") or is_pointed_code(draft, column):
        return key_text_type(profile, column.name)
    return column.type


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


def _with_repeated_map_key(draft: Draft) -> Draft:
    """The draft with a column for its records' map keys where these repeat, as those of several files may."""
    key = draft.collection.key
    if key is None or key.is_unique() or "integer" in key.forms or "*" not in draft.collection.source:
        return draft
    return _with_map_key(draft, key, ())


def _with_further_key(draft: Draft, key: FieldProfile, drafts: Sequence[Draft]) -> Draft:
    """The draft, whose records have an id of their own, with a column for their map keys, unique if these are."""
    both = _with_map_key(draft, key, drafts)
    unique = (*draft.table.unique, both.table.primary_key) if key.is_unique() else draft.table.unique
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

    In a map it is the parent's key and the member's; the position may be null there, for new ones come last.
    The columns for the parent's key come first; one that already names its table keeps its name.
    """
    mine = [_parent_column(parent, name, draft) for name in parent.table.primary_key]
    keyed = tuple(column.name for column in draft.table.columns if column.role == "key")
    position = Column(free_name("position", draft.table.by_name), INTEGER, role="position", nullable=bool(keyed))
    if keyed:
        named = draft.with_columns((*mine, *draft.table.columns, position))
        return replace(named, table=replace(named.table, primary_key=(*(column.name for column in mine), *keyed)))
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
    said = column.role == "parent" or says_owner(key, owner) or says_owner(key, owner.rpartition("_")[2])
    name = key if said else shorten(f"{owner}_{key}")
    return Column(free_name(name, draft.table.by_name), column.type, role="parent")
