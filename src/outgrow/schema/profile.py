"""What a field was seen to hold: columns of values in, counts out. Decides nothing.

Works by column and batch with the interpreter's own loops (`map`, `set`), because most of a
conversion's time is spent here. Profiles of two runs of records merge into the profile of both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from outgrow.record import MISSING, Missing, Number
from outgrow.schema.cells import SEPARATORS, form_of, split_cells
from outgrow.schema.culprits import CULPRITS, Place, first_gaps, first_repeats
from outgrow.schema.distinct import DistinctValues
from outgrow.schema.forms import FORMS, is_exact_float
from outgrow.schema.money import MOST_MARKS, Marks, marks_of
from outgrow.schema.plain import NULL_WORDS, WHOLE
from outgrow.schema.words import SECRETIVE

MOST_FIELDS = 300
MOST_COMMON = 64
LONG_TEXT = 255


class FieldProfile:
    """All that was seen in one field (or among the elements of one list).

    `seen` counts the objects that could have had the field; missing + null + the counts of kinds add up to it.
    `nulls` are texts that only spell null out, `wholes` floats that have no fraction. `numbers` are literals
    Python can't write again (`1.10`, beyond 64 bits); `float_exact` says that those with an exponent are floats all the
    same. `least` is the lowest integer above zero. `forms` names what every non-empty text looks like, `marks` how
    amounts are written, `pieces` what texts that are lists hold, by what parts them. `common` counts the values while
    there are few different.
    `fields` are those of the objects found here, `element` the elements of the lists. Objects with more names than
    fields could have (`folds` says that they may be maps) are counted as such: `members` are all names as one and all
    values as one, `secretive` the names that may be those of secrets.
    """

    def __init__(self, name: str, *, exact: bool = False, folds: bool = True, parted: bool = False) -> None:
        self.name = name
        self.seen = 0
        self.missing = self.null = self.empty = self.nulls = 0
        self.booleans = self.integers = self.floats = self.numbers = self.texts = 0
        self.objects = self.lists = self.empty_objects = self.empty_lists = 0
        self.lowest: int | None = None
        self.highest: int | None = None
        self.least: int | None = None
        self.whole_digits = self.scale = 0
        self.float_whole = self.float_scale = self.wholes = 0
        self.float_exact = True
        self.longest = 0
        self.text_length = 0
        self.forms: set[str] = set(FORMS).difference(map(form_of, SEPARATORS) if parted else ())
        self.marks: set[Marks] = set()
        self.pieces: dict[str, FieldProfile] = {}
        self.distinct = DistinctValues(exact=exact)
        self.common: Counter[Any] | None = Counter()
        self.fields: dict[str, FieldProfile] = {}
        self.many_fields = False
        self.members: tuple[FieldProfile, FieldProfile] | None = None
        self.secretive: set[str] = set()
        self.element: FieldProfile | None = None
        self.longest_list = 0
        self.gaps: list[Place] = []
        self.repeats: list[Place] = []
        self._exact = exact
        self._folds = folds

    @property
    def filled(self) -> int:
        """How often there was a value: not missing, not null nor a word for it, not an empty text."""
        return self.seen - self.missing - self.null - self.empty - self.nulls

    def is_whole(self) -> bool:
        """Whether every filled value is a whole number, however it is written."""
        texts = self.texts - self.empty - self.nulls
        whole = self.integers + self.wholes + (texts if "whole" in self.forms else 0)
        return whole == self.filled > 0

    def longest_within(self) -> int:
        """How many characters the longest text has, here or in what lies within."""
        inner: list[FieldProfile | None] = [*self.fields.values(), *(self.members or ()), self.element]
        return max([self.longest, *(each.longest_within() for each in inner if each is not None)])

    def is_unique(self) -> bool:
        """Whether every filled value is a scalar of bounded length and none came twice."""
        return self.distinct.total == self.filled > 0 and self.distinct.is_unique()

    def add(self, values: list[Any], place: Place | None = None) -> None:
        """Count one column of values; MISSING stands for a field that a record doesn't have.

        `place` is that of the first value's record, where the values belong to a batch's records.
        """
        self.seen += len(values)
        kinds = set(map(type, values))
        if place and len(self.gaps) < CULPRITS and (Missing in kinds or type(None) in kinds or "" in values):
            self.gaps += first_gaps(values, place, CULPRITS - len(self.gaps))
        if len(kinds) == 1:
            self._add_kind(kinds.pop(), values, place)
            return
        for kind in sorted(kinds, key=lambda kind: kind.__name__):
            self._add_kind(kind, [value for value in values if type(value) is kind], place if kind is str else None)

    def _add_kind(self, kind: type, values: list[Any], place: Place | None) -> None:
        if kind is str:
            self._add_texts(values, place)
        elif kind is int:
            self._add_integers(values, place)
        elif kind is dict:
            self._add_objects(values, place)
        elif kind is list:
            self._add_lists(values)
        elif kind is Missing:
            self.missing += len(values)
        elif kind is type(None):
            self.null += len(values)
        elif kind is bool:
            self.booleans += len(values)
            self._add_common(values)
        elif kind is float:
            self._add_floats(values)
        else:
            self._add_numbers(values)

    def _add_texts(self, values: list[str], place: Place | None) -> None:
        self.texts += len(values)
        filled = values
        if "" in values:
            filled = [value for value in values if value]
            self.empty += len(values) - len(filled)
            self._add_common([""] * (len(values) - len(filled)))
        if not filled:
            return
        longest = max(map(len, filled))
        self.longest = max(self.longest, longest)
        if not NULL_WORDS.isdisjoint(filled):
            words = [value for value in filled if value in NULL_WORDS]
            self.nulls += len(words)
            self._add_common(words)
            filled = [value for value in filled if value not in NULL_WORDS]
            place = None
            if not filled:
                return
        self.text_length += sum(map(len, filled[:100]))
        self._add_forms(filled)
        self._add_common(filled)
        if self.longest <= LONG_TEXT:
            repeated = self.distinct.repeated
            different = self.distinct.add_texts(filled)
            if place and self._exact and (not repeated or len(self.repeats) < CULPRITS):
                self.repeats += first_repeats(values, place, len(different), CULPRITS - len(self.repeats))

    def _add_forms(self, filled: list[str]) -> None:
        """Keep the forms that these texts have too, and what is counted of some of them."""
        self.forms.difference_update([form for form in self.forms if not FORMS[form](filled)])
        if "decimal" in self.forms or "numeric" in self.forms:
            self._add_digits(filled)
        if "amount" in self.forms and len(self.marks) <= MOST_MARKS:
            self.marks.update(filter(None, map(marks_of, filled)))
        for separator in [each for each in SEPARATORS if form_of(each) in self.forms]:
            self.pieces.setdefault(separator, FieldProfile("", parted=True)).add(split_cells(filled, separator))

    def _add_integers(self, values: list[int], place: Place | None) -> None:
        self.integers += len(values)
        low, high = min(values), max(values)
        self.lowest = low if self.lowest is None else min(low, self.lowest)
        self.highest = high if self.highest is None else max(high, self.highest)
        if high > 0:
            least = low if low > 0 else min(value for value in values if value > 0)
            self.least = least if self.least is None else min(least, self.least)
        self._add_common(values)
        if low >= -(1 << 63) and high < 1 << 63:
            different = len(self.distinct.add_integers(values))
        else:
            different = len(self.distinct.add_texts(list(map(str, values))))
        if place and self._exact and len(self.repeats) < CULPRITS:
            self.repeats += first_repeats(values, place, different, CULPRITS - len(self.repeats))

    def _add_floats(self, values: list[float]) -> None:
        self.floats += len(values)
        self._add_common(values)
        texts = [repr(value) for value in set(values)]
        whole = [int(value) for value in values if value.is_integer() and abs(value) < WHOLE]
        if whole:
            self.wholes += len(whole)
            self.lowest = min(whole) if self.lowest is None else min(self.lowest, *whole)
            self.highest = max(whole) if self.highest is None else max(self.highest, *whole)
            self.distinct.add_integers(whole)
        if len(whole) < len(values):
            self.distinct.add_texts([text for text in texts if not text.endswith(".0")])
            self.distinct.repeated = True
        before, places = zip(*[(text.find("."), len(text) - text.find(".") - 1) for text in texts], strict=True)
        self.float_whole = max(self.float_whole, *before)
        self.float_scale = max(self.float_scale, *places)
        if "e" in "".join(texts):
            self.float_scale = 1_000

    def _add_numbers(self, values: list[Number]) -> None:
        self.numbers += len(values)
        self._add_digits(values)
        self.distinct.add_texts([str(value) for value in values])

    def _add_digits(self, values: Sequence[str]) -> None:
        """Digits before and after the point, as a decimal column needs them; an exponent is no decimal.

        A negative zero is none either: a number column holds it as zero.
        """
        for value in values:
            if value in ("-0", "-0.0"):
                continue
            whole, _, fraction = value.lstrip("-").partition(".")
            if not whole.isdigit() or (fraction and not fraction.isdigit()):
                self.whole_digits = 1_000
                if not self.float_exact:
                    return
                self.float_exact = is_exact_float(value)
                continue
            self.whole_digits = max(self.whole_digits, len(whole))
            self.scale = max(self.scale, len(fraction))

    def _add_common(self, values: list[Any]) -> None:
        if self.common is None or not values:
            return
        if len(values) > 2 * MOST_COMMON and len(set(values[: 2 * MOST_COMMON])) > MOST_COMMON:
            self.common = None
            return
        self.common.update(values)
        if len(self.common) > MOST_COMMON:
            self.common = None

    def _add_objects(self, values: list[dict[str, Any]], place: Place | None) -> None:
        before = self.objects
        self.objects += len(values)
        self.empty_objects += values.count({})
        if self.many_fields:
            self._add_members(values)
            return
        names = dict.fromkeys(chain.from_iterable(values))
        for name in names:
            if name not in self.fields:
                if len(self.fields) >= MOST_FIELDS:
                    self.many_fields = True
                    if self._folds:
                        self.fold()
                    self._add_members(values)
                    return
                new = self.fields[name] = FieldProfile(name, exact=self._exact)
                new.seen = new.missing = before
        for name, profile in self.fields.items():
            if name in names:
                profile.add([value.get(name, MISSING) for value in values], place)
            else:
                profile.seen += len(values)
                profile.missing += len(values)

    def fold(self) -> tuple[FieldProfile, FieldProfile]:
        """Count all names as one from here on, and all values: this is a map, if it is anything."""
        if self.members is None:
            names, values = self.members = FieldProfile(""), FieldProfile(self.name)
            for name, field in self.fields.items():
                names.add([name] * (field.seen - field.missing))
                field.seen -= field.missing
                field.missing = 0
                field.gaps, field.repeats = [], []
                values.merge(field)
            self.secretive, self.fields = set(filter(SECRETIVE, self.fields)), {}
        return self.members

    def _add_members(self, objects: list[dict[str, Any]]) -> None:
        if self.members and any(objects):
            names, values = self.members
            names.add(every := list(chain.from_iterable(objects)))
            values.add(list(chain.from_iterable(map(dict.values, objects))))
            if len(self.secretive) < MOST_FIELDS:
                self.secretive.update(filter(SECRETIVE, every))

    def _add_lists(self, values: list[list[Any]]) -> None:
        self.lists += len(values)
        self.empty_lists += values.count([])
        longest = max(map(len, values))
        self.longest_list = max(self.longest_list, longest)
        elements = list(chain.from_iterable(values))
        if elements:
            if self.element is None:
                self.element = FieldProfile(self.name)
            self.element.add(elements)

    def merge(self, other: FieldProfile) -> None:
        """Add all that `other` counted; `other` comes after this one in the file."""
        for name in (
            "missing null empty nulls wholes booleans integers floats numbers texts objects lists empty_objects"
            " empty_lists text_length"
        ).split():
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("whole_digits", "scale", "float_whole", "float_scale", "longest", "longest_list"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        self.lowest = min((v for v in (self.lowest, other.lowest) if v is not None), default=None)
        self.least = min((v for v in (self.least, other.least) if v is not None), default=None)
        self.highest = max((v for v in (self.highest, other.highest) if v is not None), default=None)
        self.float_exact &= other.float_exact
        self.forms &= other.forms
        self.marks |= other.marks
        for separator, theirs in other.pieces.items():
            if separator in self.pieces:
                self.pieces[separator].merge(theirs)
            else:
                self.pieces[separator] = theirs
        self.distinct.merge(other.distinct)
        self.gaps = (self.gaps + other.gaps)[:CULPRITS]
        self.repeats = (self.repeats + other.repeats)[:CULPRITS]
        self._merge_common(other)
        self._merge_fields(other)
        self.seen += other.seen
        if self.element and other.element:
            self.element.merge(other.element)
        self.element = self.element or other.element

    def _merge_common(self, other: FieldProfile) -> None:
        if self.common is None or other.common is None:
            self.common = None
            return
        self.common.update(other.common)
        if len(self.common) > MOST_COMMON:
            self.common = None

    def _merge_fields(self, other: FieldProfile) -> None:
        """Fields that only one side knows were missing in all objects of the other."""
        names = dict.fromkeys([*self.fields, *other.fields])
        self.many_fields |= other.many_fields or len(names) > MOST_FIELDS
        if self.many_fields and self._folds:
            self._merge_folded(other)
            return
        objects_before = self.objects - other.objects
        for name, theirs in other.fields.items():
            mine = self.fields.get(name)
            if mine is None:
                theirs.seen += objects_before
                theirs.missing += objects_before
                self.fields[name] = theirs
            else:
                mine.merge(theirs)
        for name, mine in self.fields.items():
            if name not in other.fields:
                mine.seen += other.objects
                mine.missing += other.objects

    def _merge_folded(self, other: FieldProfile) -> None:
        for mine, theirs in zip(self.fold(), other.fold(), strict=True):
            mine.merge(theirs)
        self.secretive |= other.secretive
