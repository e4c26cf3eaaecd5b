"""Which columns refer to which table: by what they hold (containment) and by what they are called.

Every column is held against every key. What passes `weigh` is a guess with a confidence; of the guesses for
one column the best is taken, and a guess below `SURE` becomes a comment in the plan instead of a constraint.
Containment alone is no evidence for small integers: they lie within every key that counts from 1.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outgrow.schema.draft import Draft
from outgrow.schema.likeness import (
    EXACT,
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
from outgrow.schema.unique import birthday, is_named_like_key
from outgrow.schema.words import MEASURES, ONE_TO_ONE, TYPE_ENDINGS, squash

SURE = 0.6
CONTAINED = 0.98
ORPHANS_FROM = 20
TELLING = 5
LONGEST_KEY = 120
CHANCE = 0.01
COVERS = 0.5


@dataclass(frozen=True)
class Site:
    """A column with what is asked about it again and again, on either side of a reference.

    `bare` is its name without what all columns of its table begin with. `own` says that it is unique and named
    after its own table, `alone` that it is the whole primary key.
    """

    draft: Draft
    column: Column
    profile: FieldProfile
    bare: str
    own: bool
    alone: bool

    @property
    def table(self) -> str:
        """The table's name."""
        return self.draft.name

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


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
    sites = [site for draft in drafts for site in _sites(draft)]
    keys = [site for site in sites if _is_key(site)]
    alike: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        if not _is_key(site) and _could_be_key(site):
            alike[_last_word(site)].append(site)
    sure: list[Guess] = []
    weak: list[Guess] = []
    for site in sites:
        targets = [*keys, *alike[_last_word(site)]]
        best = _choose([guess for target in targets if (guess := weigh(site, target)) is not None])
        if best is not None:
            (sure if best.confidence >= SURE else weak).append(best)
    return _without_circles(sure, drafts), weak


def _sites(draft: Draft) -> Iterator[Site]:
    prefix = shared_prefix([column.name for column in draft.table.columns if column.role == "field"])
    for column in draft.table.columns:
        profile = draft.profile(column.name)
        if profile is None or column.secret or column.type.name not in ("integer", "string"):
            continue
        if column.role in ("field", "element", "key"):
            own = column.role == "field" and not draft.table.nested and owns_key(draft.name, column.name)
            own = own and profile.filled > 1 and profile.is_unique()
            alone = draft.table.primary_key == (column.name,)
            yield Site(draft, column, profile, column.name.removeprefix(prefix), own, alone)


def _last_word(site: Site) -> str:
    return tokens(site.name)[-1] if tokens(site.name) else ""


def _is_key(site: Site) -> bool:
    """Whether the column identifies its rows: these are held against every column."""
    if site.draft.table.kind == "singleton" or site.column.role == "element":
        return False
    return site.alone or (site.name,) in site.draft.table.unique


def _could_be_key(site: Site) -> bool:
    """Whether the column is filled and unique, and no number or long text: held against columns of the same word."""
    draft, column, profile = site.draft, site.column, site.profile
    if draft.table.kind == "singleton" or column.role == "element" or draft.table.nested:
        return False
    if column.type.name != "string" and not is_named_like_key(column.name):
        return False
    return profile.filled == draft.table.rows > 1 and profile.longest <= LONGEST_KEY and profile.is_unique()


def weigh(site: Site, target: Site) -> Guess | None:
    """What speaks for one column referring to another; None where nothing does or the values forbid it."""
    if site is target or not site.profile.distinct.may_be_in(target.profile.distinct):
        return None
    if (site.alone and not _may_share_key(site, target)) or (site.own and not owns_key(target.table, target.name)):
        return None
    name = _name_likeness(site, target)
    if not site.profile.filled:
        return _guess_unseen(site, target, name)
    if target.column.type.name == "integer" and not _all_integers(site.profile):
        return None
    confidence = _confidence(site, target, name)
    named = name >= ROLE
    share, orphans = contained(site.profile, target.profile, named=named) if confidence is not None else (None, 0)
    if confidence is None or share is None:
        return None
    return _make_guess(site, target, Fit(name, share, orphans, confidence))


def _all_integers(profile: FieldProfile) -> bool:
    return not profile.texts - profile.empty or "integer" in profile.forms


def _name_likeness(site: Site, target: Site) -> float:
    """How alike the names are, where a row of the same table, or a person, may be meant too."""
    if site.table == target.table:
        if is_self_role(site.name):
            return ROLE
        word = likeness(site.bare, target.table, target.bare)
        return word if ROLE <= word < 1.0 and take_apart(site.name).has_ending else NOTHING
    if _has_type_beside(site):
        return NOTHING
    name = likeness(site.bare, target.table, target.bare)
    person = target.draft.account and (target.alone or site.column.type.name == "string")
    return PEOPLE if name < PEOPLE and person and is_people_role(site.name) else name


def _has_type_beside(site: Site) -> bool:
    """Whether a neighbour says to which table each row refers (`item_type` beside `item_id`)."""
    stem = "_".join(take_apart(site.name).stem)
    return any(f"{stem}_{ending}" in site.draft.table.by_name for ending in TYPE_ENDINGS)


def _may_share_key(site: Site, target: Site) -> bool:
    """Whether a primary key may itself refer: only to the key of the table that it is named after."""
    if not target.alone or site.draft.table.kind == "singleton" or owns_key(site.table, site.name):
        return False
    if owns_key(target.table, site.name):
        return True
    return site.name == target.name and site.profile.distinct.count() < target.profile.distinct.count()


def contained(values: FieldProfile, keys: FieldProfile, *, named: bool = False) -> tuple[float | None, int]:
    """The share of different values that are keys, and how many aren't; no share where that is too few.

    A 0 where keys begin at 1 means "none", as PHP writes it. Among few values a single stray one is allowed
    where the name says that they refer.
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
    if (share >= CONTAINED and size >= ORPHANS_FROM) or (named and size >= TELLING and orphans == 1):
        return share, orphans
    return None, orphans


def _guess_unseen(site: Site, target: Site, name: float) -> Guess | None:
    """A column without any value refers by its name alone, if that leaves no doubt."""
    if name < EXACT or not target.alone or site.alone or site.draft.table.kind == "singleton":
        return None
    return Guess(
        site.table,
        site.name,
        target.table,
        target.name,
        confidence=0.7,
        share=1.0,
        likeness=name,
        one_to_one=False,
        orphans=0,
        evidence="no values yet; the name says so",
        rank=(name, 1.0, 0.0, 0.0),
    )


def _confidence(site: Site, target: Site, name: float) -> float | None:
    """How sure a contained column is a reference, given how its name fits."""
    profile = site.profile
    text = site.column.type.name == "string" and "integer" not in profile.forms
    ending = take_apart(site.name).has_ending
    small = squash(tokens(site.name)[-1:]) in MEASURES or squash(site.name) in MEASURES
    if name >= PEOPLE and not (small and name < ROLE):
        return 0.95 if target.alone or text else 0.8
    if small:
        return None
    if name >= SIMILAR:
        return 0.75 if ending or text else 0.5
    if site.table == target.table:
        return None
    different = profile.distinct.count()
    if text and different >= TELLING:
        return 0.7 if target.alone else None
    if text and different > 1 and target.alone and target.column.role == "key":
        return 0.65
    return 0.5 if not text and ending and _covers(profile, target.profile) else None


def _covers(values: FieldProfile, keys: FieldProfile) -> bool:
    """Whether the values are spread over the keys rather than sitting in one corner."""
    return values.distinct.count() >= TELLING and values.distinct.count() >= COVERS * keys.distinct.count()


def _make_guess(site: Site, target: Site, fit: Fit) -> Guess:
    profile, where = site.profile, f"{target.table}.{target.name}"
    if fit.orphans:
        held = f"all but {fit.orphans} of {profile.distinct.count()} different values are in {where}"
    else:
        held = f"all {profile.filled} values are in {where}" if profile.filled > 1 else f"its value is in {where}"
    keys = target.profile.distinct.count()
    coverage = min(1.0, fit.share * profile.distinct.count() / max(1, keys))
    owner = owns_key(target.table, target.name)
    return Guess(
        site.table,
        site.name,
        target.table,
        target.name,
        confidence=fit.confidence - (0.05 if fit.orphans else 0.0),
        share=fit.share,
        likeness=fit.likeness,
        one_to_one=is_one_to_one(site.draft, profile, keys),
        orphans=fit.orphans,
        evidence=held + ("; the name says so" if fit.likeness >= SIMILAR else ""),
        rank=(fit.likeness, float(owner), float(target.alone), fit.share, coverage),
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
