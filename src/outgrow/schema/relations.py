"""Which columns refer to which table: candidates are weighed, then chosen together.

Every column is held against the keys that its name or its values lead to (`sites`). What speaks for each pair
(`evidence`) is weighed (`weights`) into a chance; the chances of one column's candidates and of its referring to
nothing add up to one. Then one target at most is taken for each column. A guess below `SURE` becomes a comment
in the plan instead of a constraint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from outgrow.schema.draft import Draft
from outgrow.schema.evidence import TELLING, Fit, find_fit
from outgrow.schema.joint import JointLink, find_joint_links, is_whole
from outgrow.schema.key_columns import Links
from outgrow.schema.likeness import ALONE, EXACT, SIMILAR, is_counted, take_apart
from outgrow.schema.names import singular
from outgrow.schema.naming import WITHIN, name_likeness
from outgrow.schema.neighbours import Neighbours
from outgrow.schema.profile import FieldProfile
from outgrow.schema.sites import Directory, Site, find_sites, find_targets
from outgrow.schema.standins import stand_in_of
from outgrow.schema.unique import birthday, is_named_like_key
from outgrow.schema.weights import chances, reference_score, without_names
from outgrow.schema.words import ONE_TO_ONE

SURE = 0.5
COUNTED = 0.8
VERY_SURE = 0.95
DOUBTFUL = 0.25
MENTIONED = 0.03
COVERS = 0.5
WORTH_SAYING = 0.1
BEYOND_DOUBT = 0.9
CHANCE = 0.01
UNSEEN = 0.7


@dataclass(frozen=True)
class Weighed:
    """A column's candidates, the likeliest first, each with its chance."""

    site: Site
    fits: tuple[Fit, ...]
    chances: tuple[float, ...]


@dataclass(frozen=True)
class Guess:
    """A reference that may be meant, with how sure that is and why.

    `other` is what it would refer to otherwise, where that is worth saying.
    """

    table: str
    columns: tuple[str, ...]
    target: str
    keys: tuple[str, ...]
    confidence: float
    likeness: float
    one_to_one: bool
    orphans: int
    evidence: str
    other: str = ""

    @property
    def column(self) -> str:
        """The first column."""
        return self.columns[0]

    @property
    def key(self) -> str:
        """The first column of what is referred to."""
        return self.keys[0]


class Relations:
    """All that speaks for references between tables, weighed once, before keys are chosen."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.sites = [site for draft in drafts for site in find_sites(draft)]
        self.directory = Directory(find_targets(self.sites), self.sites)
        self.nameless = say_nothing(self.sites)
        self.weighed = _weigh_all(self.sites, self.directory, nameless=self.nameless)

    def links(self, drafts: Sequence[Draft]) -> dict[str, Links]:
        """For each table how sure it is that its columns refer and are referred to, as the choice of keys needs it."""
        out: dict[str, dict[str, float]] = defaultdict(dict)
        into: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        named: dict[str, dict[str, str]] = defaultdict(dict)
        loose: dict[str, set[str]] = defaultdict(set)
        for each in self.weighed:
            table, column = each.site.table, each.site.name
            out[table][column] = sum(each.chances)
            named[table][column] = each.fits[0].target.table
            if each.fits[0].orphans and each.chances[0] >= VERY_SURE:
                loose[table].add(column)
            for fit, chance in zip(each.fits, each.chances, strict=True):
                into[fit.target.table][fit.target.name] += chance
        return {
            draft.name: Links(
                out[draft.name],
                dict(into[draft.name]),
                named[draft.name],
                loose=frozenset(loose[draft.name]),
                nameless=self.nameless,
            )
            for draft in drafts
        }


def _weigh_all(sites: Sequence[Site], directory: Directory, *, nameless: bool) -> list[Weighed]:
    """Weigh each column's candidates; then again, knowing which of them refer to which."""
    groups = []
    for site in sites:
        fits = [fit for target in directory.candidates(site) if (fit := find_fit(site, target)) is not None]
        if fits:
            groups.append(with_rivals(fits))
    told: Callable[[Sequence[Fit]], Sequence[Fit]] = _without_names if nameless else list
    first: dict[Site, dict[Site, float]] = {}
    for fits in groups:
        parts = chances([reference_score(fit.features) for fit in told(fits)])
        first[fits[0].site] = {fit.target: part for fit, part in zip(fits, parts, strict=True)}
    known = Neighbours(first)
    return [_rank(told(with_neighbours(fits, known))) for fits in groups]


def say_nothing(sites: Sequence[Site]) -> bool:
    """Whether the names of a whole database only count its columns (`c1`, `column_2`), so that values have to tell."""
    counted = sum(is_counted(site.name) for site in sites)
    return counted >= max(1, COUNTED * len(sites))


def _without_names(fits: Sequence[Fit]) -> list[Fit]:
    """The candidates of a column in a database whose names tell nothing: all else has weights of its own there."""
    return [replace(fit, features=without_names(fit.features)) for fit in fits]


def with_rivals(fits: Sequence[Fit]) -> list[Fit]:
    """The candidates of one column, each knowing whether its name is the best of all."""
    found = []
    for fit in fits:
        # A table's own key has no rival in another unique column there, for what a name tells of is the table.
        own = fit.target.table if fit.features.get("target own id") else None
        others = [other.likeness for other in fits if other is not fit and other.target.table != own]
        better = fit.likeness > max(others, default=0.0)
        more = {
            "outnamed": float(max(others, default=0.0) > fit.likeness),
            "best named": float(better),
            "best named, weakly": float(better and fit.likeness <= WITHIN),
        }
        found.append(replace(fit, features={**fit.features, **more}))
    return found


def with_neighbours(fits: Sequence[Fit], known: Neighbours) -> list[Fit]:
    """The candidates of one column, each knowing what the others and its neighbours most likely refer to."""
    found = []
    for fit in fits:
        others = [other.target for other in fits if other is not fit]
        more = {
            "rooted": max((known.chance(fit.target, other) for other in others), default=0.0),
            "root": max((known.chance(other, fit.target) for other in others), default=0.0),
            "copied": known.copied(fit),
            "picked among": known.picked_among(fit),
            "leads back": known.leads_back(fit) if fit.features.get("name none") else 0.0,
        }
        found.append(replace(fit, features={**fit.features, **more}))
    return found


def _rank(fits: Sequence[Fit]) -> Weighed:
    parts = chances([reference_score(fit.features) for fit in fits])
    ranked = sorted(zip(parts, fits, strict=True), key=lambda pair: -pair[0])
    return Weighed(fits[0].site, tuple(fit for _, fit in ranked), tuple(part for part, _ in ranked))


def find_references(relations: Relations, drafts: Sequence[Draft]) -> tuple[list[Guess], list[Guess]]:
    """The references to make, at most one for each column, and the ones too weak to make."""
    by_name = {draft.name: draft for draft in drafts}
    sure: list[Guess] = []
    weak: list[Guess] = []
    for each in relations.weighed:
        if each.site.table in by_name and each.fits[0].target.table in by_name:
            guess = _make_guess(each, by_name[each.site.table])
            if guess.confidence >= SURE:
                sure.append(guess)
            elif _is_worth_a_look(each):
                weak.append(guess)
    known = {(guess.table, guess.column) for guess in (*sure, *weak)}
    sure += [guess for guess in _unseen(relations, by_name) if (guess.table, guess.column) not in known]
    joint = _joint(drafts)
    alone = {(guess.table, guess.column) for guess in sure}
    joint = [guess for guess in joint if _says_more(guess, alone, by_name[guess.target])]
    sure = _without_circles(_without_parts(sure, joint), drafts)
    dear = [guess for guess in sure if _costs_records(guess, by_name[guess.table])]
    made = [guess for guess in sure if guess not in dear]
    return [*made, *joint], [*dear, *(guess for guess in weak if not _covered(guess, joint))]


def _costs_records(guess: Guess, draft: Draft) -> bool:
    """Whether records would be set aside for a mere guess: a key can't be emptied where it leads nowhere."""
    return guess.orphans > 0 and not set(guess.columns).isdisjoint(draft.table.primary_key)


def _is_worth_a_look(each: Weighed) -> bool:
    """Whether a guess is likely enough to be told, sooner of a column that is named as one that refers."""
    fit, site = each.fits[0], each.site
    ending = take_apart(site.name).has_ending
    if each.chances[0] >= DOUBTFUL:
        return ending or fit.likeness >= ALONE
    spread = site.different >= TELLING and site.different >= COVERS * fit.target.different
    return ending and spread and not site.unique and each.chances[0] >= MENTIONED


def _make_guess(each: Weighed, draft: Draft) -> Guess:
    fit, site = each.fits[0], each.site
    profile, where = site.profile, f"{fit.target.table}.{fit.target.name}"
    if fit.orphans:
        held = f"all but {fit.orphans} of {site.different} different values are in {where}"
    else:
        held = f"all {profile.filled} values are in {where}" if profile.filled > 1 else f"its value is in {where}"
        none = stand_in_of(profile.distinct, fit.target.profile.distinct)
        held = f"all values but {none}, which means none, are in {where}" if none is not None else held
    other = ""
    if len(each.fits) > 1 and each.chances[1] >= WORTH_SAYING:
        rival = each.fits[1].target
        other = f"{rival.table}.{rival.name}"
    return Guess(
        site.table,
        (site.name,),
        fit.target.table,
        (fit.target.name,),
        confidence=each.chances[0],
        likeness=fit.likeness,
        one_to_one=is_one_to_one(draft, profile, fit.target.different),
        orphans=fit.orphans + bool(profile.nulls),
        evidence=held + ("; the name says so" if fit.likeness >= SIMILAR else "") + _doubt(each.chances[0], other),
        other=other,
    )


def _doubt(chance: float, other: str) -> str:
    """How sure the guess is, and what else is likely, where it isn't beyond doubt."""
    if chance >= BEYOND_DOUBT:
        return ""
    return f"; {chance:.0%} sure" + (f", else {other}" if other else "")


def is_one_to_one(draft: Draft, profile: FieldProfile, keys: int) -> bool:
    """Whether each key is referred to once at most, and not just because there are few rows yet."""
    if draft.table.nested or not profile.is_unique():
        return False
    if singular(draft.name).rpartition("_")[2] in ONE_TO_ONE:
        return True
    return profile.filled > 1 and birthday(profile.filled, max(keys, 1)) < CHANCE


def _unseen(relations: Relations, drafts: Mapping[str, Draft]) -> list[Guess]:
    """Columns without any value refer by their name alone, if that leaves no doubt."""
    found = []
    for site in relations.sites:
        draft = drafts.get(site.table)
        if site.profile.filled or draft is None or draft.table.kind == "singleton":
            continue
        if draft.table.primary_key == (site.name,):
            continue
        for target in relations.directory.candidates(site):
            there = drafts.get(target.table)
            if there is None or there.table.primary_key != (target.name,) or name_likeness(site, target) < EXACT:
                continue
            evidence = "no values yet; the name says so"
            ends = (site.table, (site.name,), target.table, (target.name,))
            found.append(Guess(*ends, UNSEEN, EXACT, one_to_one=False, orphans=0, evidence=evidence))
            break
    return found


def _joint(drafts: Sequence[Draft]) -> list[Guess]:
    """References of several columns to the whole key of another table, of each columns the widest."""
    keys = {draft.name: [draft.table.primary_key] for draft in drafts if len(draft.table.primary_key) > 1}
    by_name = {draft.name: draft for draft in drafts}
    links = [link for link in find_joint_links(drafts, keys) if is_whole(link, by_name[link.target])]
    links.sort(key=lambda link: -len(link.columns))
    found: list[Guess] = []
    for link in links:
        if any(guess.table == link.table and set(link.columns) <= set(guess.columns) for guess in found):
            continue
        found.append(_joint_guess(link, by_name[link.table]))
    return found


def _says_more(guess: Guess, alone: Set[tuple[str, str]], target: Draft) -> bool:
    """Whether a reference of several columns says more than each of them says alone.

    Where each refers by itself, what they lead to together has to be named as keys are, or to be a thing of its own and
    no mere list of pairs.
    """
    fields = {column.name for column in target.table.columns if column.role == "field"}
    whole = any(map(is_named_like_key, guess.keys)) or bool(fields - set(guess.keys))
    return whole or not all((guess.table, column) in alone for column in guess.columns)


def _joint_guess(link: JointLink, draft: Draft) -> Guess:
    where = f"{link.target}.({', '.join(link.key)})"
    held = f"all but {link.orphans} of {link.different}" if link.orphans else f"all {link.different}"
    evidence = f"{held} combinations are in {where}; the names say so"
    one = draft.table.primary_key == link.columns
    ends = (link.table, link.columns, link.target, link.key)
    return Guess(*ends, 0.9, EXACT, one_to_one=one, orphans=link.orphans, evidence=evidence)


def _covered(guess: Guess, joint: Sequence[Guess]) -> Guess | None:
    """The reference of several columns that a column takes part in."""
    return next((each for each in joint if each.table == guess.table and guess.column in each.columns), None)


def _without_parts(sure: Sequence[Guess], joint: Sequence[Guess]) -> list[Guess]:
    """A column that refers together with others leads on from there to where it would lead alone."""
    refers = {(guess.table, guess.column): guess.target for guess in sure}
    found = []
    for guess in sure:
        wide = _covered(guess, joint)
        if wide is not None:
            there = wide.keys[wide.columns.index(guess.column)]
            if guess.target == wide.target or refers.get((wide.target, there)) == guess.target:
                continue
        found.append(guess)
    return found


def _without_circles(guesses: list[Guess], drafts: Sequence[Draft]) -> list[Guess]:
    """Of two keys that refer to each other, only the likelier one does."""
    order = {draft.name: place for place, draft in enumerate(drafts)}
    by_ends = {(g.table, g.column): g for g in guesses}
    found = []
    for guess in guesses:
        back = by_ends.get((guess.target, guess.key))
        if back is not None and (back.target, back.key) == (guess.table, guess.column) and guess is not back:
            mine, theirs = (guess.confidence, order[guess.table]), (back.confidence, order[back.table])
            if mine < theirs:
                continue
        found.append(guess)
    return found
