"""Names: what a person would call the table, class, column or relationship that a source's name stands for.

The rules, settled here because everything later builds on them:
tables keep the collection's own number in snake_case (`users`, `invoice_line`), classes are singular
CamelCase (`User`, `InvoiceLine`), columns are the field's path in snake_case (`address_geo_lat`). Names are
ASCII, `[a-z][a-z0-9_]*`, at most 63 bytes, never a Python keyword or what a model already uses; a name
that is taken gets `_2`, `_3`. All of it depends on nothing but the names, so it is stable when data grow.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache

from outgrow.schema import foreign_words

LONGEST = 63
NAMES_KEPT = 65_536
# German words that end so have one plural only: zahlung, zahlungen.
UNG = ("ung", "heit", "keit", "schaft")
UNGEN = tuple(f"{ending}en" for ending in UNG)
SHORTEST_UNG = 5
_WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z0-9]+|[0-9]+[a-z]*")

# What a model or its base class already uses as an attribute.
_ATTRIBUTES = frozenset({"metadata", "registry", "query", "query_class", "to_dict"})
# What a module of models imports or builds upon: a class of this name would make both hard to read.
_IN_MODELS = frozenset(
    "Any Base Boolean Column Date DateTime Decimal Double Enum Float ForeignKey ForeignKeyConstraint Index Integer"
    " JSON LargeBinary Mapped Model Numeric Optional Sequence String Table Text Time UniqueConstraint UTC".split()
)
# Tables that no plan may have: the app's own (who may use it), Alembic's and outgrow's; SQLite refuses its prefix.
OWN_TABLES = frozenset({"app_operators", "app_requests", "app_tokens", "alembic_version", "revision_steps"})
OWN_PREFIXES = ("outgrow_", "sqlite_")
# Words of SQLite's that it doesn't take for names without quotes, and that SQLAlchemy doesn't quote (tried with 2.1.9).
UNQUOTED = frozenset({"nothing", "returning"})
# Names that a plan may give to a table, but that are no good guess.
_NOT_TABLES = OWN_TABLES | UNQUOTED | {"information_schema"}
_NOT_TABLE_PREFIXES = (*OWN_PREFIXES, "pg_", "mysql_")

# Letters that Unicode doesn't take apart. Cyrillic by the sound most of its languages share.
_SOUNDS = {
    "абвгґдежзийіклмнопрстуфхцчшщъыьэюяёєїўѓќљњћђџјѕ": "a b v h g d e zh z y i i k l m n o p r s t u f kh ts ch sh shch"
    " _ y _ e iu ia io ie i u g k l n c d dz j z",
    "αβγδεζηθικλμνξοπρσςτυφχψω": "a v g d e z i th i k l m n x o p r s s t y f ch ps o",
    "ßæœøðþłđıħ": "ss ae oe o d th l d i h",
}
_LETTERS = {
    letter: sound.strip("_")
    for letters, sounds in _SOUNDS.items()
    for letter, sound in zip(letters, sounds.split(), strict=True)
}

# Words whose plural no rule gives. Of two words with one plural, the later is its singular.
_IRREGULAR = dict(
    pair.split()
    for pair in (
        "person people, man men, woman women, child children, foot feet, tooth teeth, goose geese, mouse mice, ox oxen,"
        "index indexes, matrix matrices, vertex vertices, appendix appendices, vortex vortices, codex codices,"
        "criterion criteria, phenomenon phenomena, curriculum curricula, corpus corpora, alumnus alumni, cactus cacti,"
        "fungus fungi, syllabus syllabi, nucleus nuclei, stimulus stimuli, bacterium bacteria,"
        "analysis analyses, axis axes, basis bases, base bases, crisis crises, diagnosis diagnoses,"
        "hypothesis hypotheses, oasis oases, parenthesis parentheses, prognosis prognoses, synthesis syntheses,"
        "thesis theses, lens lenses, iris irises, gas gases, alias aliases, atlas atlases, bias biases,"
        "canvas canvases, yes yeses, leaf leaves, life lives, wolf wolves, shelf shelves, half halves, knife knives,"
        "wife wives, thief thieves, calf calves, loaf loaves, scarf scarves, elf elves, hoof hooves,"
        "hero heroes, potato potatoes, tomato tomatoes, echo echoes, veto vetoes, torpedo torpedoes, quiz quizzes,"
        "cargo cargoes, embargo embargoes, mosquito mosquitoes, volcano volcanoes, tornado tornadoes, genus genera"
    ).split(",")
)
# Singulars that end in what a plural's end looks like: a mere `s` is added, or `es` where they end in one.
_IRREGULAR |= {
    word: f"{word}es" if word.endswith("s") else f"{word}s"
    for word in (
        "menu guru movie cookie tie pie lie die zombie selfie hoodie rookie smoothie brownie veggie calorie genie"
        " newbie foodie birdie cache ache headache niche quiche cliche moustache avalanche axe shoe canoe toe taxi bus"
        " minibus status virus bonus campus census focus radius genius circus chorus surplus apparatus nexus octopus"
        " lotus prospectus consensus platypus tech epoch stomach monarch".split()
    )
}
_SINGULAR = {plural: singular for singular, plural in _IRREGULAR.items()}
_SINGULAR |= {"indices": "index", "foci": "focus", "radii": "radius", "axes": "axis"}
_SINGULAR = foreign_words.SINGULARS | _SINGULAR
_PLURAL_ABROAD = {one: many for many, one in foreign_words.SINGULARS.items() if one not in foreign_words.BOTH}
# The last part of many words: salesman, grandchild, salesperson.
_IRREGULAR_ENDS = (("person", "people"), ("child", "children"), ("woman", "women"), ("man", "men"))
_SHORTEST_BEFORE = 4
_REGULAR_IN_MAN = frozenset("human german roman norman ottoman shaman talisman caiman specimen regimen abdomen".split())
_SAME = frozenset(
    "series species news data information equipment sheep fish deer aircraft spacecraft offspring staff feedback"
    " software hardware metadata media music weather traffic history sales goods headquarters means mathematics physics"
    " politics statistics economics analytics money police luggage furniture advice homework research knowledge"
    " progress attendance following featuring pricing shipping clothing clothes jeans pants trousers scissors thanks"
    " kudos chassis".split()
)
# Behind these nothing more is said of a thing, so there is no plural: `shared_with`, `part_of`.
_PREPOSITIONS = frozenset("with of by to from in for at on into".split())
# End like participles, and are nouns.
_NOUNS_IN_ED = frozenset("hundred moped biped sacred".split())


@lru_cache(NAMES_KEPT)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name, in ASCII and lower case: `userId`, `user-id` and `User ID` are `user`, `id`."""
    return tuple(word.lower() for word in _WORD.findall(_to_ascii(name)))


def _to_ascii(name: str) -> str:
    """Latin letters without their marks, Greek and Cyrillic by sound, other letters by their code point."""
    if name.isascii():
        return name
    return "".join(_letter(character) for character in unicodedata.normalize("NFKC", name))


def _letter(character: str) -> str:
    if character.isascii():
        return character
    lower = character.lower()
    for form in (lower, unicodedata.normalize("NFD", lower)[0]):
        if form in _LETTERS:
            sound = _LETTERS[form]
            return sound.capitalize() if character.isupper() else sound
        if form.isascii():
            return form.upper() if character.isupper() else form
    if unicodedata.category(character)[0] in "LN":
        return f" u{ord(character):x} "
    return "" if unicodedata.category(character)[0] == "M" else " "


def snake(name: str, *, otherwise: str = "field") -> str:
    """The name as an identifier; what has no letter at all, or begins with a digit, begins with `otherwise`."""
    text = "_".join(tokens(name))
    if not text:
        text = otherwise
    elif not text[0].isalpha():
        text = f"{otherwise}_{text}"
    return shorten(text)


def shorten(text: str) -> str:
    """The text itself, or its beginning and a checksum where it is longer than databases allow."""
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 9].rstrip('_')}_{zlib.crc32(text.encode()):08x}"


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, or the name with the first number from 2 on that isn't taken."""
    taken = set(taken)
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name[: LONGEST - 1 - len(str(number))]}_{number}"
    return candidate


def column_name(path: Iterable[str], taken: Iterable[str] = ()) -> str:
    """The column for a field's path."""
    return free_name(attribute_name(snake("_".join(path))), taken)


def attribute_name(name: str) -> str:
    """The name with an underscore behind it (PEP 8) where Python, SQLAlchemy or SQLite already use it."""
    if keyword.iskeyword(name) or name in _ATTRIBUTES or name in UNQUOTED:
        return f"{name}_"
    return name


def says_owner(key: str, owner: str) -> bool:
    """Whether a key's name says already whose it is: `username` of a `user`, `country_code` of a `country`."""
    return key.startswith(owner) and len(key) > len(owner) > 1


def table_name(name: str, taken: Iterable[str] = ()) -> str:
    """The table for a collection's name, which keeps its grammatical number."""
    text = snake(name, otherwise="table")
    if keyword.iskeyword(text) or text in _NOT_TABLES or text.startswith(_NOT_TABLE_PREFIXES):
        text = shorten(f"site_{text}")
    return free_name(text, taken)


def class_name(table: str, taken: Iterable[str] = ()) -> str:
    """The class for a table: singular, CamelCase."""
    text = "".join(word[:1].upper() + word[1:] for word in singular(table).split("_"))
    if keyword.iskeyword(text) or text in _IN_MODELS:
        text += "Record"
    taken = {name.casefold() for name in taken}
    candidate, number = text, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{text}{number}"
    return candidate


@lru_cache(NAMES_KEPT)
def singular(name: str) -> str:
    """The name with its last word in the singular: `people` is `person`, `post_tags` is `post_tag`."""
    head, _, word = name.rpartition("_")
    return f"{head}_{_singular_word(word)}" if head else _singular_word(word)


def plural(name: str) -> str:
    """The name with its last word in the plural, whichever it stands in."""
    head, _, word = name.rpartition("_")
    if word in foreign_words.SINGULARS:
        return name
    word = _plural_word(_singular_word(word))
    return f"{head}_{word}" if head else word


def _singular_word(word: str) -> str:
    if word in _SAME or word in _IRREGULAR:
        return word
    if word in _SINGULAR:
        return _SINGULAR[word]
    for one, many in _IRREGULAR_ENDS:
        if word.endswith(many) and len(word) - len(many) >= _SHORTEST_BEFORE and word not in _REGULAR_IN_MAN:
            return word[: -len(many)] + one
    if word.endswith(UNGEN):
        return word[:-2]
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_participle(word: str) -> bool:
    """Whether the word says what was done (`related`, `blocked`), not what there is (`seed`, `bed`)."""
    return len(word) > 4 and word.endswith("ed") and not word.endswith("eed") and word not in _NOUNS_IN_ED


def _plural_word(word: str) -> str:
    if word in _SAME or word in _PREPOSITIONS or is_participle(word):
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _PLURAL_ABROAD or (word.endswith(UNG) and len(word) > SHORTEST_UNG):
        return _PLURAL_ABROAD.get(word, f"{word}en")
    for one, many in _IRREGULAR_ENDS:
        if word.endswith(one) and len(word) - len(one) >= _SHORTEST_BEFORE and word not in _REGULAR_IN_MAN:
            return word[: -len(one)] + many
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou") and len(word) > 1:
        return word[:-1] + "ies"
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    return word + "s" if word else word
