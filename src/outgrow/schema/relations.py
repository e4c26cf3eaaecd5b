"""Which columns refer to which table: by what they hold (containment) and by what they are called.

Every column is held against every key. What passes `weigh` is a guess with a confidence; of the guesses for
one column the best is taken, and a guess below `SURE` becomes a comment in the plan instead of a constraint.
Containment alone is no evidence for small integers: they lie within every key that counts from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from outgrow.schema.draft import Draft
from outgrow.schema.keys import birthday, is_named_like_key
from outgrow.schema.likeness import (
    NOTHING,
    PEOPLE,
    ROLE,
    SIMILAR,
    is_people_role,
    is_self_role,
    likeness,
    owns_key,
    shared_prefix,
    take_apart,
)
from outgrow.schema.model import Column
from outgrow.schema.names import singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.words import MEASURES, ONE_TO_ONE, TYPE_ENDINGS, squash

SURE = 0.6
CONTAINED = 0.98
ORPHANS_FROM = 20
TELLING = 5
CHANCE = 0.01
COVERS = 0.5


@dataclass(frozen=True)
class Target:
    """A column that may be referred to: a primary key of one column, or one that is unique."""

    draft: Draft
    column: Column
    profile: FieldProfile
    primary: bool


@dataclass(frozen=True)
class Fit:
    """How well a column's name and values fit a key, and what that amounts to."""

    likeness: float
    share: float
    orphans: int
    confidence: float


@dataclass(frozen=True)
class Guess:
    """A reference that may be meant, with how sure that is and why."""

    table: str
    column: str
    target: str
    key: str
    confidence: float
    share: float
    likeness: float
    one_to_one: bool
    orphans: int
    evidence: str
    rank: tuple[float, ...] = ()


def find_references(drafts: Sequence[Draft]) -> tuple[list[Guess], list[Guess]]:
    """The references to make, at most one for each column, and the ones too weak to make."""
    targets = list(_targets(drafts))
    sure: list[Guess] = []
    weak: list[Guess] = []
    for draft in drafts:
        for column in draft.table.columns:
            guesses = [g for target in targets if (g := weigh(draft, column, target)) is not None]
            best = _choose(guesses)
            if best is not None:
                (sure if best.confidence >= SURE else weak).append(best)
    return _without_circles(sure, drafts), weak


def _targets(drafts: Iterable[Draft]) -> Iterator[Target]:
    for draft in drafts:
        if draft.table.kind == "singleton":
            continue
        keys = draft.table.primary_key
        for column in draft.table.columns:
            profile = draft.profile(column.name)
            if profile is None or column.secret or column.role not in ("field", "key"):
                continue
            primary = keys == (column.name,)
            if primary or (_is_scalar(column) and _could_be_key(draft, column, profile)):
                yield Target(draft, column, profile, primary)


def _could_be_key(draft: Draft, column: Column, profile: FieldProfile) -> bool:
    """Whether a column beside the primary key can be referred to: unique, filled, and no number or long text."""
    if (column.name,) in draft.table.unique:
        return True
    if draft.table.nested or (column.type.name != "string" and not is_named_like_key(column.name)):
        return False
    return profile.filled == draft.table.rows > 1 and profile.longest <= 120 and profile.is_unique()


def _is_scalar(column: Column) -> bool:
    return column.type.name in ("integer", "string")


def weigh(draft: Draft, column: Column, target: Target) -> Guess | None:
    """What speaks for this column referring to that key; None where nothing does or values forbid it."""
    profile = draft.profile(column.name)
    if profile is None or column.secret or column.role not in ("field", "element", "key") or not _is_scalar(column):
        return None
    same = draft.name == target.draft.name
    if same and column.name == target.column.name:
        return None
    if draft.table.primary_key == (column.name,) and not _may_share_key(draft, column, target):
        return None
    if _is_own_name(draft, column) and not owns_key(target.draft.name, target.column.name):
        return None
    name = _name_likeness(draft, column, target, same=same)
    if not profile.filled:
        return _guess_unseen(draft, column, target, name) if draft.table.kind != "singleton" else None
    if target.column.type.name == "integer" and not _all_integers(profile):
        return None
    share, orphans = contained(profile, target.profile)
    if share is None:
        return None
    confidence = _confidence(draft, column, target, name)
    if confidence is None:
        return None
    return _make_guess(draft, column, target, Fit(name, share, orphans, confidence))


def _all_integers(profile: FieldProfile) -> bool:
    return not profile.texts - profile.empty or "integer" in profile.forms


def _is_own_name(draft: Draft, column: Column) -> bool:
    """Whether the column holds what its own rows are called: unique and named after the table."""
    profile = draft.profile(column.name)
    return profile is not None and profile.filled > 1 and owns_key(draft.name, column.name) and profile.is_unique()


def _name_likeness(draft: Draft, column: Column, target: Target, *, same: bool) -> float:
    """How alike the names are, where a row of the same table, or a person, may be meant too."""
    if same:
        if is_self_role(column.name):
            return ROLE
        word = likeness(_bare(draft, column), target.draft.name, _bare(target.draft, target.column))
        return word if ROLE <= word < 1.0 and take_apart(column.name).has_ending else NOTHING
    if _has_type_beside(draft, column):
        return NOTHING
    name = likeness(_bare(draft, column), target.draft.name, _bare(target.draft, target.column))
    if (
        name < PEOPLE
        and target.draft.account
        and is_people_role(column.name)
        and target.primary | (column.type.name == "string")
    ):
        return PEOPLE
    return name


def _bare(draft: Draft, column: Column) -> str:
    """The column's name without what all columns of its table begin with."""
    given = [each.name for each in draft.table.columns if each.role == "field"]
    return column.name.removeprefix(shared_prefix(given))


def _has_type_beside(draft: Draft, column: Column) -> bool:
    """Whether a neighbour says to which table each row refers (`item_type` beside `item_id`)."""
    stem = "_".join(take_apart(column.name).stem)
    return any(f"{stem}_{ending}" in draft.table.by_name for ending in TYPE_ENDINGS)


def _may_share_key(draft: Draft, column: Column, target: Target) -> bool:
    """Whether a primary key may itself refer: only to the key of the table that it is named after."""
    if not target.primary or draft.table.kind == "singleton":
        return False
    if owns_key(draft.name, column.name):
        return False
    if owns_key(target.draft.name, column.name):
        return True
    here = draft.profiles[column.name].distinct.count()
    return column.name == target.column.name and here < target.profile.distinct.count()


def contained(values: FieldProfile, keys: FieldProfile) -> tuple[float | None, int]:
    """The share of different values that are keys, and how many aren't; no share where that is too few.

    A 0 where keys begin at 1 means "none", as PHP writes it.
    """
    if not values.distinct.may_be_in(keys.distinct):
        return None, 0
    share = values.distinct.share_in(keys.distinct)
    if share == 1.0:
        return 1.0, 0
    if share == 0.0:
        return None, 0
    size = values.distinct.count()
    if values.lowest == 0 and keys.lowest == 1 and size > 1:
        size, share = size - 1, share * size / (size - 1)
        if share > 1 - 1e-9:
            return 1.0, 0
    orphans = max(1, round((1 - share) * size))
    if share >= CONTAINED and size >= ORPHANS_FROM:
        return share, orphans
    return None, orphans


def _guess_unseen(draft: Draft, column: Column, target: Target, name: float) -> Guess | None:
    """A column without any value refers by its name alone, if that leaves no doubt."""
    if name < 1.0 or not target.primary or draft.table.primary_key == (column.name,):
        return None
    return Guess(
        draft.name,
        column.name,
        target.draft.name,
        target.column.name,
        confidence=0.7,
        share=1.0,
        likeness=name,
        one_to_one=False,
        orphans=0,
        evidence="no values yet; the name says so",
        rank=(name, 1.0, 0.0, 0.0),
    )


def _confidence(draft: Draft, column: Column, target: Target, name: float) -> float | None:
    """How sure a contained column is a reference, given how its name fits."""
    profile = draft.profiles[column.name]
    different = profile.distinct.count()
    text = column.type.name == "string" and "integer" not in profile.forms
    small = squash(tokens(column.name)[-1:]) in MEASURES or squash(column.name) in MEASURES
    if name >= PEOPLE and not (small and name < ROLE):
        return 0.95 if target.primary or text else 0.8
    if name >= SIMILAR and not small:
        return 0.75 if take_apart(column.name).has_ending or text else 0.5
    if draft.name == target.draft.name:
        return None
    if text and different >= TELLING and not small:
        return 0.7 if target.primary else 0.4
    if text and different > 1 and target.primary and target.column.role == "key":
        return 0.65
    if not text and take_apart(column.name).has_ending and not small and _covers(profile, target.profile):
        return 0.5
    return None


def _covers(values: FieldProfile, keys: FieldProfile) -> bool:
    """Whether the values are spread over the keys rather than sitting in one corner."""
    return values.distinct.count() >= TELLING and values.distinct.count() >= COVERS * keys.distinct.count()


def _make_guess(draft: Draft, column: Column, target: Target, fit: Fit) -> Guess:
    profile, orphans, name = draft.profiles[column.name], fit.orphans, fit.likeness
    where = f"{target.draft.name}.{target.column.name}"
    if orphans:
        held = f"all but {orphans} of {profile.distinct.count()} different values are in {where}"
    else:
        held = f"all {profile.filled} values are in {where}" if profile.filled > 1 else f"its value is in {where}"
    said = "; the name says so" if name >= SIMILAR else ""
    keys = target.profile.distinct.count()
    coverage = fit.share * profile.distinct.count() / max(1, keys)
    owner = owns_key(target.draft.name, target.column.name)
    return Guess(
        draft.name,
        column.name,
        target.draft.name,
        target.column.name,
        fit.confidence - (0.05 if orphans else 0.0),
        fit.share,
        name,
        is_one_to_one(draft, profile, keys),
        orphans,
        held + said,
        rank=(name, float(owner), float(target.primary), fit.share, min(1.0, coverage)),
    )


def is_one_to_one(draft: Draft, profile: FieldProfile, keys: int) -> bool:
    """Whether each key is referred to once at most, and not just because there are few rows yet."""
    if draft.table.nested or not profile.is_unique():
        return False
    if singular(draft.name).rpartition("_")[2] in ONE_TO_ONE:
        return True
    return profile.filled > 1 and birthday(profile.filled, max(keys, 1)) < CHANCE


def _choose(guesses: list[Guess]) -> Guess | None:
    """The guess to keep for one column: where names don't decide, only one that is without a rival."""
    if not guesses:
        return None
    best = max(guesses, key=lambda guess: (guess.confidence >= SURE, guess.rank, guess.confidence))
    rivals = [g for g in guesses if g is not best and g.target != best.target and g.likeness >= best.likeness]
    if (
        rivals
        and best.likeness <= PEOPLE
        and any(g.rank[1:] == best.rank[1:] or best.likeness < SIMILAR for g in rivals)
    ):
        return None
    return best


def _without_circles(guesses: list[Guess], drafts: Sequence[Draft]) -> list[Guess]:
    """Of two tables whose keys refer to each other, only the later one refers to the earlier."""
    order = {draft.name: place for place, draft in enumerate(drafts)}
    keys = {draft.name: draft.table.primary_key for draft in drafts}
    by_pair = {(g.table, g.target): g for g in guesses if keys[g.table] == (g.column,)}
    return [
        guess
        for guess in guesses
        if not (
            keys[guess.table] == (guess.column,)
            and (guess.target, guess.table) in by_pair
            and order[guess.table] < order[guess.target]
        )
    ]
