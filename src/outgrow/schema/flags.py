"""Flags: what people and programs write for true and false where they have no such values, as `1/0` and `yes/no`.

A format is both texts, the true one first, as they are written: `Yes/No`. `1/0` are numbers, or their digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outgrow.schema import foreign_words
from outgrow.schema.names import singular, tokens
from outgrow.schema.plain import NULL_WORDS
from outgrow.schema.profile import FieldProfile

NUMBERS = "1/0"
FEWEST = 2
LONGEST = 12

# Whatever the field is called, these two together are a flag. Where only one was seen, the first that has it is meant.
PAIRS = tuple(
    "yes/no on/off true/false y/n ja/nein oui/non si/no sí/no sim/não sim/nao tak/nie ano/ne vrai/faux verdadero/falso"
    " да/нет так/ні".split()
)
# These are one only where the field is called like one.
DOUBTFUL_PAIRS = ("t/f", "j/n", "o/n", "s/n")

# What a field is called that is true or false, by its last word; and by its first.
FLAGS = foreign_words.FLAGS.union(
    "active enabled disabled visible hidden published completed finished done closed locked sticky pinned featured"
    " verified confirmed approved accepted rejected deleted archived paid seen spam public private admin banned blocked"
    " suspended subscribed newsletter anonymous required optional available mandatory exclusive encrypted valid invalid"
    " flagged enrolled cancelled canceled resolved answered returned refundable shipped delivered bounced muted"
    " moderated trusted retired obsolete deprecated recurring flag".split()
)
ASKING = foreign_words.ASKING.union(
    "is has can was allow allows allowed show use uses enable needs accepts wants must".split()
)


def find_flag(profile: FieldProfile, name: str) -> str | None:
    """The format of a field's flags; None where it holds none, as far as its values and its name tell."""
    if profile.common is None or profile.booleans or profile.floats or profile.numbers or profile.objects:
        return None
    values = [value for value in profile.common if value != "" and value not in NULL_WORDS]
    if not values or profile.filled < FEWEST:
        return None
    if {str(value) for value in values} <= {"0", "1"}:
        return NUMBERS if is_flag_name(name) else None
    texts = [value for value in values if isinstance(value, str) and len(value) <= LONGEST]
    return _find_pair(texts, named=is_flag_name(name)) if len(texts) == len(values) else None


def _find_pair(texts: list[str], *, named: bool) -> str | None:
    for pair in (*PAIRS, *DOUBTFUL_PAIRS) if named else PAIRS:
        yes, no = pair.split("/")
        for spell in (str, str.capitalize, str.upper):
            spelled = spell(yes), spell(no)
            if set(texts) == set(spelled) or (named and set(texts) < set(spelled)):
                return "/".join(spelled)
    return None


def is_flag_name(name: str) -> bool:
    """Whether the name says that something is so or isn't."""
    words = tokens(name)
    if not words or (singular(words[-1]) != words[-1] and len(words) == 1):
        return False
    return words[-1] in FLAGS or (len(words) > 1 and words[0] in ASKING)


def is_format(text: str) -> bool:
    """Whether a plan may say so of a flag."""
    yes, slash, no = text.partition("/")
    return bool(slash and yes and no and yes != no and "/" not in no)


def read_flag(value: Any, form: str) -> int | None:
    """1 or 0 for what is written in the format; None for anything else."""
    yes, _, no = form.partition("/")
    written = str(value) if type(value) is int and form == NUMBERS else value
    if type(written) is not str or written not in (yes, no):
        return None
    return int(written == yes)


def writer(form: str, *, as_text: bool) -> Callable[[int], object]:
    """What turns a row's 1 or 0 back into the field's value; numbers may be their digits."""
    yes, _, no = form.partition("/")
    true, false = (1, 0) if form == NUMBERS and not as_text else (yes, no)
    return lambda value: true if value else false
