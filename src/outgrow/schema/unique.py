"""Which columns never hold a value twice, and whether that is meant or mere chance.

Words promise it from the first record on (`slug`, and `email` among people); statistics only from fifty
different values on, and only for what looks like a key: a title may be unique for years and must not be.
"""

from __future__ import annotations

import math

from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.likeness import is_doer
from outgrow.schema.model import Column, ColumnType
from outgrow.schema.names import tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.words import KEY_ENDINGS, MEASURES, UNIQUE_ANYWHERE, UNIQUE_IN_ACCOUNTS, squash
from outgrow.schema.written import is_money_name

UNIQUE_FROM = 50
ONE_TWICE_FROM = 10
ALMOST = 0.98


def is_named_like_key(name: str) -> bool:
    """Whether the name ends as the names of keys do, be it in one word (`orderkey`)."""
    word = squash(name)
    return (
        squash(tokens(name)[-1:]) in KEY_ENDINGS
        or word.endswith("id")
        or (len(word) > 4 and word.endswith(("key", "nr")))
    )


def is_pointed_code(draft: Draft, column: Column) -> bool:
    """Whether it may hold codes of digits and a point, such as the room 1.12, though it was taken for decimals.

    So it is where a source that knows texts only has them, and the name isn't that of a quantity.
    """
    if column.type.name != "decimal" or column.format or not draft.collection.textual:
        return False
    return MEASURES.isdisjoint(tokens(column.name)) and not is_money_name(column.name)


def is_almost_unique(profile: FieldProfile, *, sure: bool) -> bool:
    """Whether no value comes twice, or for a name that is `sure` to mean a key, hardly any."""
    if profile.is_unique():
        return True
    total = profile.filled
    if not sure or total < ONE_TWICE_FROM or profile.distinct.total != total:
        return False
    return total - profile.distinct.count() <= max(1, (1 - ALMOST) * total)


def find_unique(draft: Draft) -> tuple[tuple[tuple[str, ...], ...], list[PlacedFinding], list[str]]:
    """The unique constraints that words or statistics give, and what nearly is one: as findings and notes."""
    groups: list[tuple[str, ...]] = []
    findings: list[PlacedFinding] = []
    notes: list[str] = []
    for column in draft.table.columns:
        profile = draft.profile(column.name)
        if profile is None or (column.name,) == draft.table.primary_key or not _may_be_unique(draft, column):
            continue
        promised = _promises_unique(draft, column)
        if profile.is_unique() and (promised or _is_key_like(profile, column)):
            groups.append((column.name,))
        elif promised and is_almost_unique(profile, sure=True):
            twice = profile.filled - profile.distinct.count()
            said = f"{draft.table.source}: {column.name} is unique but for {twice} of {profile.filled} values"
            findings.append(PlacedFinding("warning", said, draft.table.source, tuple(profile.repeats)))
            notes.append(f'unique = [["{column.name}"]]: but {twice} of {profile.filled} values come twice')
    return tuple(groups), findings, notes


def _may_be_unique(draft: Draft, column: Column) -> bool:
    profile = draft.profile(column.name)
    if column.secret or column.role != "field" or draft.table.kind == "singleton" or profile is None:
        return False
    return column.type.name == "integer" or (column.type.name in ("string", "text") and profile.longest <= 255)


def _promises_unique(draft: Draft, column: Column) -> bool:
    """Whether the source or the name promises it. Within a list it does so only among the siblings, if at all."""
    word = squash(column.name)
    if draft.table.parent is not None or len(column.field) > 1:
        return False
    if column.field and column.field[0] in draft.collection.declared:
        return True
    return word in UNIQUE_ANYWHERE or ((draft.account or is_doer(draft.name)) and word in UNIQUE_IN_ACCOUNTS)


def _is_key_like(profile: FieldProfile, column: Column) -> bool:
    """Whether a unique field looks like something that must be: a code without blanks, not a title or a quantity."""
    if profile.filled < UNIQUE_FROM:
        return False
    if column.type.name == "integer" or "integer" in profile.forms:
        return is_named_like_key(column.name) and squash(tokens(column.name)[-1:]) not in ("num", "number")
    if column.type == ColumnType("text"):
        return False
    if "email" in profile.forms:
        return False
    return "uuid" in profile.forms or ("slug" in profile.forms and is_named_like_key(column.name))


def duplicate_keys(draft: Draft) -> PlacedFinding | None:
    """What to say about a given key that some records share."""
    if len(draft.table.primary_key) != 1:
        return None
    name = draft.table.primary_key[0]
    profile = draft.profile(name)
    if profile is None or not profile.filled or profile.is_unique():
        return None
    twice = profile.filled - profile.distinct.count()
    said = (
        f"{draft.table.source}: {twice} of {profile.filled} records repeat the {name} of an earlier one, which is kept"
    )
    return PlacedFinding("warning", said, draft.table.source, tuple(profile.repeats))


def birthday(drawn: int, size: int) -> float:
    """How likely it is that so many draws from so many values repeat none."""
    if drawn > size:
        return 0.0
    return math.exp(sum(math.log1p(-i / size) for i in range(min(drawn, 1_000))))
