"""Which of a column's values aren't in the key that it refers to, as far as they are still known by themselves."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from outgrow.schema.distinct import HASH_BITS, DistinctValues
from outgrow.schema.plain import NULL_WORDS
from outgrow.schema.profile import FieldProfile
from outgrow.schema.standins import stand_in_of

MOST_LISTED = 100_000
NAMED = 3
LONGEST = 40
EVERY = 1 << HASH_BITS  # the threshold of a sample that holds the hash of every value


def find_orphans(values: FieldProfile, keys: FieldProfile) -> Counter[str] | None:
    """The values that aren't among the keys, each with the number of its records; None where they aren't known.

    What stands for none is no orphan. They are known while there are few different ones, or all are whole numbers; of
    these the records aren't counted.
    """
    none = stand_in_of(values.distinct, keys.distinct)
    if values.common is not None:
        found: Counter[str] = Counter()
        for value, count in values.common.items():
            plain = value != "" and value not in NULL_WORDS and str(value) != none and not isinstance(value, bool)
            if plain and not _holds(keys.distinct, value):
                found[str(value)] += count
        return found
    mine, theirs = values.distinct, keys.distinct
    if mine.integers.dense and theirs.integers.dense and mine.count() == mine.integers.count <= MOST_LISTED:
        return Counter(str(number) for number in mine.integers if str(number) != none and not _holds(theirs, number))
    return None


def name_orphans(values: FieldProfile | None, keys: FieldProfile | None) -> str:
    """The most frequent values that aren't among the keys, for a sentence; nothing where they aren't known."""
    found = find_orphans(values, keys) if values is not None and keys is not None else None
    if not found:
        return ""
    named = [_shown(value) + (f" {count} times" if count > 1 else "") for value, count in found.most_common(NAMED)]
    return ", ".join(named) + (", …" if len(found) > NAMED else "")


def _shown(value: str) -> str:
    short = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    return json.dumps(short, ensure_ascii=not short.isprintable())


def _holds(keys: DistinctValues, value: Any) -> bool:
    """Whether a value is among the keys; where these are too many to be known by heart, it is taken for one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return keys.holds(str(value)) or keys.threshold < EVERY
