"""How much a column's name says that it refers to a table: names only, values are weighed in `relations`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from outgrow.schema.names import NAMES_KEPT, is_participle, singular, tokens
from outgrow.schema.roles import ACCOUNTS, BY, PEOPLE_ROLES, PROFESSIONS, SELF_ROLES, THINGS_IN_ER
from outgrow.schema.words import ID_WORDS, KEY_ENDINGS, MEASURES, SURE_ENDINGS, squash

EXACT = 1.0
ALONE = 0.95
SAME_KEY = 0.9
ROLE = 0.85
HEAD = 0.8
PEOPLE = 0.75
SIMILAR = 0.7
NOTHING = 0.0
LIKE_ENOUGH = 0.82
SHORTEST_STEM = 3
FEWEST_PREFIXED = 3
SHORTEST_KEY = 4
SHORTEST_DOER = 5
NUMBERED = re.compile(r"(?:c|col|column|f|fld|field|x|v|var|attr|val|value|k|key|t|p)\d+")
TABLE_PREFIXES = ("tbl", "tb")
UNITS = frozenset("mm cm km kg mg ml cl dl hl kmh mph hrs sq ft lb lbs kw kwh mb gb kb pct hz mhz px pt".split())
NUMBER_OF = frozenset("max min num number count total avg average mean sum maximum minimum".split())
SINGULAR = ("ids", "has", "is", "was")
LETTERS = frozenset("abxy")
PLURAL_ENDINGS = ("e", "en", "er", "n", "nen", "se")
DOERS = ("er", "or", "ist", "ian", "ant")
VOWELS = frozenset("aeiou")


ENDINGS = sorted(SURE_ENDINGS, key=lambda ending: (-len(ending), ending))
UNSAYING = ID_WORDS | {"name", "title", "code", "key", "number", "no"}


@dataclass(frozen=True)
class Name:
    """A column's or table's name, taken apart: its words, and those left without the ending of a key."""

    words: tuple[str, ...]
    stem: tuple[str, ...]
    has_ending: bool


@lru_cache(NAMES_KEPT)
def take_apart(name: str) -> Name:
    """Split a column's name into words and its stem: `billing_address_id` is `billing`, `address`, and an id."""
    words = tokens(name)
    stem = words
    while len(stem) > 1 and stem[-1] in KEY_ENDINGS:
        stem = stem[:-1]
    if len(words) == 1 and len(words[0]) >= SHORTEST_KEY:
        ending = next((ending for ending in ENDINGS if words[0].endswith(ending)), None)
        if ending:
            return Name(words, (words[0][: -len(ending)],), has_ending=True)
    return Name(words, stem, has_ending=stem != words or is_done_by(words))


def shared_prefix(columns: Sequence[str]) -> str:
    """The word with which all columns of a table begin (`l_orderkey`, `l_partkey`): it says nothing."""
    first = {tokens(name)[:1] for name in columns}
    if len(columns) < FEWEST_PREFIXED or len(first) != 1 or any(len(tokens(name)) < 2 for name in columns):
        return ""
    return f"{next(iter(first))[0]}_"


@lru_cache(NAMES_KEPT)
def table_words(name: str) -> tuple[str, ...]:
    """A table's words with the last one in the singular, without one that only says that it is a table."""
    words = tokens(singular(name))
    return words[1:] if len(words) > 1 and words[0] in TABLE_PREFIXES else words


def likeness(column: str, table: str, key: str) -> float:
    """How much the column's name says "the `key` of `table`", from 0 to 1."""
    name, owner, key_name = take_apart(column), table_words(table), take_apart(key)
    whole, target = squash(name.words), squash(owner)
    if not whole or not target or whole in ID_WORDS:
        return NOTHING
    owned = owns_key(table, key)
    return (
        _is_whole_name(name, target, key_name, owned=owned)
        or _is_one_of_several(name, owner, key_name, owned=owned)
        or (HEAD if _is_done_by(name, target) else NOTHING)
        or _ends_with(name, owner, key_name, owned=owned)
        or _resembles(name, owner)
    )


def _is_whole_name(name: Name, target: str, key: Name, *, owned: bool) -> float:
    """The table's name, with the key's or an ending behind it, or the key's name alone."""
    stem, whole, key_whole = squash(name.stem), squash(name.words), squash(key.words)
    if whole == target + key_whole or (whole == key_whole and owned):
        return EXACT
    if stem == target or squash(singular("_".join(name.stem))) == target:
        return EXACT if name.has_ending else ALONE
    if whole == key_whole and _says_something(key):
        return SAME_KEY
    if len(whole) >= SHORTEST_KEY and key_whole in (f"{whole}name", f"{whole}code"):
        return SAME_KEY
    if len(stem) >= SHORTEST_KEY and target in _plurals_abroad(stem):
        return EXACT if name.has_ending else ALONE
    return NOTHING


def _is_one_of_several(name: Name, owner: tuple[str, ...], key: Name, *, owned: bool) -> float:
    """One of two or more of the same name: `team2`, `kit_a`, or a word in front that isn't parted (`homecardid`)."""
    stem = squash(name.stem)
    if stem[-1:].isdigit() and stem.rstrip("0123456789") == squash(owner):
        return ROLE
    if len(name.words) > 1 and name.words[-1] in LETTERS and name.words[:-1] in (owner, key.words):
        return ROLE
    full = squash(key.words)
    if len(name.words) == 1 and _says_something(key) and owned and len(full) > SHORTEST_KEY:
        return ROLE if squash(name.words).endswith(full) else NOTHING
    return NOTHING


def _plurals_abroad(stem: str) -> set[str]:
    """What a German, Dutch or Italian word may be in the plural: `halle` and hallen, `utente` and utenti."""
    return {stem + ending for ending in PLURAL_ENDINGS} | {
        stem[:-1] + ending for ending in ("i", "e") if stem[-1:] in VOWELS
    }


@lru_cache(NAMES_KEPT)
def owns_key(table: str, key: str) -> bool:
    """Whether a key is named after its table: `customer_id` in `customers`, and not in `orders`."""
    key_name, owner = take_apart(key), table_words(table)
    return squash(key_name.stem) in (squash(owner), squash(owner[-1:])) or squash(key_name.words) in ID_WORDS


def is_done_by(words: Sequence[str]) -> bool:
    """Whether the words say by whom something was done: `served_by`, `erstellt_von`."""
    return len(words) > 1 and words[-1] in BY


def is_doer(table: str) -> bool:
    """Whether the table is named after those who do something: waiters, inspectors, pianists."""
    return _names_doer(table_words(table)[-1])


def is_doers_role(column: str) -> bool:
    """Whether the name ends in what somebody does: `star_baker`, `inspector_id`."""
    return _names_doer(singular(take_apart(column).stem[-1])) if tokens(column) else False


def _names_doer(word: str) -> bool:
    if word.endswith(("man", "woman")):
        return len(word) > SHORTEST_DOER
    if word in PROFESSIONS:
        return True
    return len(word) >= SHORTEST_DOER and word.endswith(DOERS) and word not in THINGS_IN_ER


def _is_done_by(name: Name, target: str) -> bool:
    """Whether the table holds those who do what the name says is done: `published_by` and publishers."""
    if not is_done_by(name.words):
        return False
    verb = name.words[-2]
    root = next((verb.removesuffix(ending) for ending in ("ed", "en", "d") if verb.endswith(ending)), verb)
    rest = target.removeprefix(root)
    return (
        len(root) >= SHORTEST_STEM and rest != target and len(rest) <= SHORTEST_KEY and rest.endswith(("er", "or", "r"))
    )


def _says_something(key: Name) -> bool:
    whole = squash(key.words)
    return whole not in UNSAYING and not is_counted(whole)


def is_counted(name: str) -> bool:
    """Whether the name only counts columns: `c1`, `field_12`, `column_2`."""
    return NUMBERED.fullmatch(squash(name)) is not None


def _ends_with(name: Name, owner: tuple[str, ...], key: Name, *, owned: bool) -> float:
    """A role before the table's name (`home_team_id`), the key's whole name (`to_airport_code`) or the table's head."""
    stem = (*name.stem[:-1], singular(name.stem[-1]))
    if len(stem) > len(owner) and stem[-len(owner) :] == owner:
        return ROLE
    if len(name.words) > len(key.words) and name.words[-len(key.words) :] == key.words and key.has_ending:
        return ROLE if owned else HEAD
    if len(stem) > 1 and len(owner) == 1 and stem[0] == owner[0] and name.has_ending:
        return HEAD
    if owner[-len(stem) :] == stem or (len(owner) > 1 and stem[-1] == owner[-1] and name.has_ending):
        return HEAD
    return NOTHING


def _resembles(name: Name, owner: tuple[str, ...]) -> float:
    """Abbreviations and spellings: `dept_id` and departments, `adviser` and advisors."""
    stem, target = squash(name.stem), squash(owner)
    if is_participle(name.words[-1]):
        return NOTHING
    if len(name.words) == 1 and len(target) >= SHORTEST_KEY and stem.endswith(target):
        return HEAD
    if len(stem) >= SHORTEST_STEM and name.has_ending:
        if target.startswith(stem) or (stem.startswith(target) and len(target) > SHORTEST_STEM):
            return SIMILAR
        if squash(name.stem[-1:]) == squash(owner[:1]):
            return SIMILAR
    if (
        len(stem) > SHORTEST_STEM
        and stem[0] == target[0]
        and SequenceMatcher(None, stem, target).ratio() >= LIKE_ENOUGH
    ):
        return SIMILAR
    return NOTHING


def is_number_of(column: str) -> bool:
    """Whether the name is that of a number of things: `max_students`, `num_of_rooms`, `price_per_day`."""
    words = tokens(column)
    return "per" in words or (len(words) > 1 and words[0] in NUMBER_OF)


def is_plural(column: str) -> bool:
    """Whether the name is a plural, which a single number is called after if it counts them: `students`."""
    last = (tokens(column) or ("",))[-1]
    return singular(last) != last and last not in SINGULAR


def is_self_role(column: str) -> bool:
    """Whether the name is a role that records of one table play for each other: `parent_id`, `ReportsTo`."""
    name = take_apart(column)
    return squash(name.stem) in SELF_ROLES or squash(name.words) in SELF_ROLES


def is_derived(column: str, table: str) -> bool:
    """Whether the name says what is made of another row of the table: `remake_of`, `merged_into`."""
    words = tokens(column)
    if len(words) != 2 or words[1] not in ("of", "into", "from", "to"):
        return False
    if words[1] == "of":
        return words[0] not in ACCOUNTS | PEOPLE_ROLES | MEASURES
    return words[0].endswith(table_words(table)[-1]) or (is_participle(words[0]) and words[1] == "into")


def is_people_role(column: str) -> bool:
    """Whether the name is a role that a person plays: `author_id`, `created_by`, `SupportRepId`."""
    name = take_apart(column)
    if name.words in (("from",), ("to",)):
        return True
    if name.stem[-1:] and name.stem[-1] in MEASURES:
        return False
    return is_done_by(name.stem) or any(word in PEOPLE_ROLES or singular(word) in PEOPLE_ROLES for word in name.stem)


def is_abbreviation(column: str, table: str) -> bool:
    """Whether the name ends in consonants of the table's name, in their order: `from_wh` and warehouses."""
    word, owner = take_apart(column).stem[-1], squash(table_words(table))
    if (
        word in UNITS
        or not 2 <= len(word) < SHORTEST_KEY + 1
        or not word.isalpha()
        or set(word) & VOWELS
        or word[0] != owner[:1]
    ):
        return False
    letters = iter(owner)
    return all(letter in letters for letter in word)


def is_initial(column: str, table: str) -> bool:
    """Whether the name is the table's first letter and an ending: `s_id` in a join of students and courses."""
    name = take_apart(column)
    stem = squash(name.stem)
    return name.has_ending and len(stem) == 1 and squash(table_words(table)).startswith(stem)


@lru_cache(NAMES_KEPT)
def own_name(table: str, column: str) -> str:
    """How far a column's name is that of its own table's key.

    `id`; `whole` for the table's name and an ending (`user_id`) or nothing; `name` for `user_name`; `part` where it is
    like the table's name in some way, `initial` where it begins with the same letter, else `none`.
    """
    word, owner = squash(column), "_".join(table_words(table))
    if word == "id":
        return "id"
    for stem in (squash(owner), squash(table)):
        if any(word == stem + ending for ending in (*KEY_ENDINGS, "")):
            return "whole"
        if word in (f"{stem}name", f"{stem}title"):
            return "name"
    if word in (f"{table_words(table)[-1]}name", f"{table_words(table)[-1]}title"):
        return "name"
    stem = squash(take_apart(column).stem)
    if len(word) >= SHORTEST_STEM and squash(owner).startswith(word):
        return "part"
    if len(stem) > 1 and likeness(column, table, "") >= (SIMILAR if take_apart(column).has_ending else HEAD):
        return "part"
    return "initial" if stem and len(stem) == 1 and squash(owner).startswith(stem) else "none"
