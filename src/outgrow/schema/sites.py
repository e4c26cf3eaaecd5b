"""The columns that may refer, those that may be referred to, and which of either are worth holding together.

Not every pair is looked at: a column meets the keys whose names have a word in common with its own, those
whose texts begin with its own, and of the numbers that would hold it the few that it fills best. So the work grows
with the columns, not with their square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.draft import Draft
from outgrow.schema.likeness import UNSAYING, owns_key, shared_prefix, table_words, take_apart
from outgrow.schema.model import Column
from outgrow.schema.names import singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.unique import is_named_like_key, is_pointed_code
from outgrow.schema.words import (
    BIRTHDAYS,
    ID_WORDS,
    NAME_PARTS,
    SURE_ENDINGS,
    UNIQUE_ANYWHERE,
    UNIQUE_IN_ACCOUNTS,
    squash,
)

LONGEST_KEY = 120
MOST_TARGETS = 8
NEAREST = 8
MOST_SHARING = 40
UNLIKE = 2
SHORTEST_STEM = 3
NAMES = (("name",), ("nm",), ("title",), ("label",), ("description",), ("surname",), ("lastname",), ("fullname",))
ROLES = ("field", "element", "key")


@dataclass(frozen=True, eq=False)
class Site:
    """A column with what is asked about it again and again, on either side of a reference.

    `bare` is its name without what all columns of its table begin with. `own` says that it is unique and named
    after its own table, `alone` that it is the whole primary key, `sole` that no other unique column of the table is
    named as keys are, `place` where it stands among the fields.
    """

    draft: Draft
    column: Column
    profile: FieldProfile
    bare: str
    place: int
    own: bool
    alone: bool
    sole: bool
    unique: bool
    whole: bool
    different: int

    @property
    def table(self) -> str:
        """The table's name."""
        return self.draft.name

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @cached_property
    def bounds(self) -> tuple[int, int] | None:
        """The lowest and the highest value of numbers."""
        return number_bounds(self.profile) if self.whole else None


def holds_people(draft: Draft) -> bool:
    """Whether the rows are people: as the table's name says, or as they have what only people have.

    That is an address or a user name of their own, a first and a last name, or a birthday.
    """
    words = {squash(name) for name in draft.profiles}
    if draft.account or len(words & NAME_PARTS) > 1 or words & BIRTHDAYS:
        return True
    return any(
        squash(name) in UNIQUE_IN_ACCOUNTS and profile.filled > 1 and profile.is_unique()
        for name, profile in draft.profiles.items()
    )


def identifies(target: Site) -> bool:
    """Whether the key's texts were made to tell rows apart, so that nothing else has them but what refers."""
    word = squash(target.name)
    if target.column.role == "key" or word in ID_WORDS | UNIQUE_ANYWHERE:
        return True
    if target.own and tokens(target.name)[-1] in SURE_ENDINGS:
        return True
    return word in UNIQUE_IN_ACCOUNTS and holds_people(target.draft)


def has_name(site: Site) -> bool:
    """Whether the table's rows have a name or title, as things have that others refer to."""
    return any(_is_name(column.name) for column in site.draft.table.columns if column.name != site.name)


def _is_name(column: str) -> bool:
    words = tokens(column)
    return words[-1:] in NAMES or (len(words) == 1 and words[0].endswith(("name", "title")))


def number_bounds(profile: FieldProfile) -> tuple[int, int] | None:
    """The lowest and highest whole number that was seen; None where that isn't known."""
    dense = profile.distinct.integers
    if dense.dense and dense.count:
        blocks = [block for block, bits in dense.blocks.items() if bits]
        low, high = min(blocks), max(blocks)
        lowest, highest = dense.blocks[low], dense.blocks[high]
        return (low << 16) + (lowest & -lowest).bit_length() - 1, (high << 16) + highest.bit_length() - 1
    if profile.lowest is None or profile.highest is None:
        return None
    return profile.lowest, profile.highest


def find_sites(draft: Draft) -> Iterator[Site]:
    """The columns of a table that may refer or be referred to."""
    prefix = shared_prefix([column.name for column in draft.table.columns if column.role == "field"])
    keys = [name for name, profile in draft.profiles.items() if is_named_like_key(name) and is_key(profile, draft)]
    for place, column in enumerate(draft.table.columns):
        profile = draft.profile(column.name)
        if profile is None or column.secret or column.role not in ROLES:
            continue
        whole = profile.is_whole()
        number = whole and column.type.name in ("float", "decimal")
        if column.type.name not in ("integer", "string") and not number and not is_pointed_code(draft, column):
            continue
        unique = profile.filled > 0 and profile.is_unique()
        own = column.role == "field" and owns_key(draft.name, column.name)
        own = own and profile.filled > 1 and unique
        alone = draft.table.primary_key == (column.name,)
        bare = column.name.removeprefix(prefix)
        different = profile.distinct.count() if profile.filled else 0
        yield Site(draft, column, profile, bare, place, own, alone, keys == [column.name], unique, whole, different)


def is_key(profile: FieldProfile, draft: Draft) -> bool:
    """Whether every row has a value of its own there."""
    return profile.filled == draft.table.rows > 1 and profile.is_unique()


def find_targets(sites: Sequence[Site]) -> list[Site]:
    """The columns that identify their rows, or could: of each table at most some, the likeliest first."""
    by_table: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        if may_be_referred_to(site):
            by_table[site.table].append(site)
    found = []
    for those in by_table.values():
        found += sorted(those, key=_unlikeliness)[:MOST_TARGETS]
    return found


def _unlikeliness(site: Site) -> tuple[bool, bool, bool, int]:
    given = site.alone or (site.name,) in site.draft.table.unique
    return not given, not site.own, not is_named_like_key(site.name), site.place


def may_be_referred_to(site: Site) -> bool:
    """Whether the column identifies its rows, by constraint or as far as its values show."""
    table = site.draft.table
    if table.kind == "singleton" or site.column.role == "element":
        return False
    if site.alone or (site.name,) in table.unique:
        return True
    if not site.unique or not site.profile.filled == table.rows > 1 or (table.nested and not site.own):
        return False
    return site.profile.longest <= LONGEST_KEY


class Directory:
    """Finds the keys that a column may refer to."""

    def __init__(self, targets: Iterable[Site], sites: Iterable[Site] = ()) -> None:
        self._by_name: dict[str, list[Site]] = defaultdict(list)
        self._by_word: dict[str, list[Site]] = defaultdict(list)
        self._texts: list[Site] = []
        self._numbers: list[tuple[int, int, Site]] = []
        self._people: list[Site] = []
        self._order: dict[Site, int] = {}
        for number, target in enumerate(targets):
            self._order[target] = number
            names = set(_names_of_target(target))
            for name in names:
                self._by_name[name].append(target)
            for word in set(_words_of_target(target)) - names:
                self._by_word[word].append(target)
            if holds_people(target.draft):
                self._people.append(target)
            bounds = target.bounds
            if bounds:
                self._numbers.append((bounds[1], number, target))
            elif target.profile.filled:
                self._texts.append(target)
        self._numbers.sort(key=lambda each: each[:2])
        self._highest = [high for high, _, _ in self._numbers]
        self._by_hash = _index_texts(self._texts, sites)
        self._unclear = [target for target in self._texts if not target.profile.distinct.integers.dense]

    def candidates(self, site: Site) -> list[Site]:
        """The keys to hold the column against, in the order of their tables."""
        found: set[Site] = set()
        for word in set(_words_of_site(site)):
            found.update(self._by_name.get(word, ()))
            shared = self._by_word.get(word, ())
            if len(shared) <= MOST_SHARING:
                found.update(shared)
        found.update(target for target in self._order_of(site.table) if target is not site)
        found.update(self._people)
        bounds = site.bounds
        if bounds:
            start = bisect_left(self._highest, bounds[1])
            found.update(target for _, _, target in self._numbers[start : start + NEAREST])
        elif site.profile.filled:
            found.update(self._that_may_hold(site.profile.distinct))
        found.discard(site)
        return sorted(found, key=self._order.__getitem__)

    def _that_may_hold(self, seen: DistinctValues) -> Iterator[Site]:
        """The keys that are texts and have nearly all of the first few values of a column."""
        first = seen.first_hashes()
        if first is None:
            yield from (target for target in self._texts if seen.may_be_in(target.profile.distinct))
            return
        hits = Counter(target for each in first for target in self._by_hash.get(each, ()))
        yield from self._unclear
        yield from (target for target, count in hits.items() if count >= len(first) - UNLIKE)

    def _order_of(self, table: str) -> Iterator[Site]:
        return iter(self._by_name.get(f"\0{table}", ()))


def _index_texts(targets: Iterable[Site], sites: Iterable[Site]) -> dict[int, list[Site]]:
    """The keys by those of their values that are among the first few of any column: of all values it would be large."""
    asked = {each for site in sites for each in site.profile.distinct.first_hashes() or ()}
    found: dict[int, list[Site]] = defaultdict(list)
    for target in targets:
        for each in asked & target.profile.distinct.sample:
            found[each].append(target)
    return found


def _names_of_target(target: Site) -> Iterator[str]:
    """What a column that refers to the key may be called as a whole."""
    owner, key = table_words(target.table), take_apart(target.bare)
    yield f"\0{target.table}"
    yield squash(owner)
    if squash(key.words) not in UNSAYING:
        yield squash(key.words)
        yield squash(key.stem)


def _words_of_target(target: Site) -> Iterator[str]:
    """Words that its name may share with those of many other keys."""
    owner, key = table_words(target.table), take_apart(target.bare)
    yield from owner
    yield owner[0][:SHORTEST_STEM]
    yield squash(owner)[:SHORTEST_STEM]
    yield f"\1{squash(owner)[:1]}"
    if squash(key.words) not in UNSAYING:
        yield from key.stem


def _words_of_site(site: Site) -> Iterator[str]:
    name = take_apart(site.bare)
    yield squash(name.words)
    yield squash(name.stem)
    yield squash(tokens(singular("_".join(name.stem))))
    for word in (*name.words, *name.stem):
        yield word
        yield singular(word)
        yield word[:SHORTEST_STEM]
        yield word[-SHORTEST_STEM:]
    if len(squash(name.stem)) == 1:
        yield f"\1{squash(name.stem)}"
    whole = squash(name.words)
    yield from (whole[start:] for start in range(1, max(1, len(whole) - SHORTEST_STEM)))
