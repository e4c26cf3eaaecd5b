"""Objects whose names are data, not fields: `{"alice": 4, "bob": 5}`, `{"2024-01-01": 12}`.

Such an object is a table of its own, a row for each member, with a column for the name. Told by what the names look
like, by what other records are called, and by how the members resemble one another: a name that few
records have, or one of dozens, is no field.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Sequence

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.model import Column
from outgrow.schema.names import column_name, singular
from outgrow.schema.profile import FieldProfile
from outgrow.schema.types import BIG_INTEGER, INTEGER, TEXT, infer_secret, key_text_type

DATA_FORMS = frozenset(("integer", "date", "datetime", "time", "uuid", "email"))
SPARSE = 0.5
ALIKE_SPARSE = 0.75
FEW = 3
SOME = 8
MANY = 20
MOST_LEAVES = 40
LONE = 2
SAME_FIELDS = 0.75
LONGEST_NAME = 120
_WORDLIKE = re.compile(r"[A-Za-z_$][\w$-]*")

Members = tuple[FieldProfile, FieldProfile]
Keys = Sequence[tuple[str, DistinctValues]]
"""What identifies the records of a table: the table's name, and the values."""


def members(field: FieldProfile) -> Members:
    """What the names and the values of objects were seen to be, all as one."""
    if field.members:
        return field.members
    together = FieldProfile(field.name)
    together.objects, together.fields = field.objects, copy.deepcopy(field.fields)
    return together.fold()


def names_are_words(names: Sequence[str]) -> bool:
    """Whether most names look like those of fields."""
    return sum(1 for name in names if _WORDLIKE.fullmatch(name)) * 2 > len(names)


def share_there(field: FieldProfile) -> float:
    """How many of the names an object has, of all that there are."""
    filled = field.objects - field.empty_objects
    return sum(each.seen - each.missing for each in field.fields.values()) / (len(field.fields) * filled)


def is_map(field: FieldProfile, keys: Keys) -> bool:
    """Whether the names of objects are data, and each value can be a row."""
    filled = field.objects - field.empty_objects
    if not filled or field.lists > field.empty_lists or any(map(_is_secret, _names_to_fear(field))):
        return False
    if not field.members and not _may_be_map(field, keys):
        return False
    names, values = members(field)
    if not _is_one_kind(values) or names.empty or names.nulls or names.longest > LONGEST_NAME:
        return False
    if field.members or DATA_FORMS & names.forms or _holder(names, keys):
        return True
    count = len(field.fields)
    there = share_there(field)
    sparse = there < SPARSE or (there < ALIKE_SPARSE and count > 2) or not names_are_words(list(field.fields))
    if sparse and count >= SOME:
        return True
    leaves = _count_leaves(values)
    if values.objects and count >= FEW and leaves > 1 and _are_same(field):
        return filled <= LONE or count * leaves > MOST_LEAVES
    return count > (MANY if filled <= LONE else MOST_LEAVES)


def _may_be_map(field: FieldProfile, keys: Keys) -> bool:
    """A cheap look first: most objects have a handful of named fields."""
    names = list(field.fields)
    if len(names) >= SOME or not names_are_words(names):
        return True
    known = DistinctValues()
    known.add_texts(names)
    if any(known.share_in(held) == 1.0 for _, held in keys):
        return True
    return len(names) >= FEW and all(each.objects or not each.filled for each in field.fields.values())


def _names_to_fear(field: FieldProfile) -> Iterable[str]:
    return field.secretive if field.members else field.fields


def _is_secret(name: str) -> bool:
    return infer_secret(name, TEXT, (), account=False) is not None


def _is_one_kind(values: FieldProfile) -> bool:
    """Whether all values are objects, or all scalars that one column holds."""
    if values.lists > values.empty_lists:
        return False
    if values.objects:
        return values.objects + values.empty_lists == values.seen and values.objects > values.empty_objects
    kinds = (values.texts - values.empty, values.integers + values.floats + values.numbers, values.booleans)
    return sum(map(bool, kinds)) == 1 and not values.empty_lists


def _are_same(field: FieldProfile) -> bool:
    """Whether the objects under all names have the same fields, or nearly."""
    own = [set(each.fields) for each in field.fields.values() if each.fields]
    every = set().union(*own)
    return bool(own) and sum(map(len, own)) >= SAME_FIELDS * len(own) * len(every)


def _count_leaves(field: FieldProfile) -> int:
    return sum(map(_count_leaves, field.fields.values())) if field.fields else 1


def _holder(names: FieldProfile, keys: Keys) -> str | None:
    """The table whose records' keys the names are, one and all; of numbers only where no other has them too."""
    holders = [table for table, held in keys if names.distinct.share_in(held) == 1.0]
    return holders[0] if holders and (len(holders) == 1 or "integer" not in names.forms) else None


def key_column(names: FieldProfile, keys: Keys, taken: Sequence[str]) -> Column:
    """The column for the names: called after the table whose records they are, or by what they look like."""
    whole = "integer" in names.forms
    table = _holder(names, keys)
    name = column_name((singular(table) if table else _name_by_form(names),), taken)
    number = INTEGER if names.whole_digits <= 9 else BIG_INTEGER
    return Column(name, number if whole else key_text_type(names, name), role="key", evidence="the key in the map")


def _name_by_form(names: FieldProfile) -> str:
    for form, name in (("integer", "number"), ("date", "date"), ("email", "email"), ("uuid", "uid")):
        if form in names.forms:
            return name
    return "key"
