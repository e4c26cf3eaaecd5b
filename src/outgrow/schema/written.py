"""Values that aren't written as their type writes them: Unix times, dates of a country, amounts of money.

Each decision gives the column's type and the format that the source has for it. Numbers need a name that says what
they are; texts speak for themselves, unless they can be read in two ways: then they stay texts.
"""

from __future__ import annotations

from outgrow.schema.model import ColumnType
from outgrow.schema.moments import DATE_FORMATS, DATETIME_FORMATS, EARLIEST, LATEST, OTHER_ORDER
from outgrow.schema.money import MOST_MARKS, find_format, places_of, whole_digits
from outgrow.schema.names import singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.words import CREATED, KEY_ENDINGS, MEASURES, MONEY, NO_MONEY, NOT_NUMBERS, TIMES, VERSIONS, squash

DATE = ColumnType("date")
DATETIME = ColumnType("datetime")
MOST_DIGITS = 28  # what Python's decimal arithmetic keeps unless told otherwise
LEAST_DIGITS = 10
CENTS = 2
MOST_PLACES = 4
MANY = 3
SEVERAL = 5
SINCE = 1_000_000_000  # September 2001; below it numbers have a digit less
YEARS = 450_000_000  # fourteen, in seconds
UNITS = (("unix", 1), ("unix-ms", 1000))

Written = tuple[ColumnType, str]


def unix_time(profile: FieldProfile, name: str) -> Written | None:
    """Numbers that are times by their size, all of them but zeros, and by their name, or by lying close together."""
    form = unix_format(profile)
    return (DATETIME, form) if form and (is_time_name(name) or _lie_close(profile, name)) else None


def _lie_close(profile: FieldProfile, name: str) -> bool:
    """Whether several numbers lie within the years of a site, as ids, sizes and telephone numbers hardly do."""
    words = set(tokens(name))
    if words & (KEY_ENDINGS | MEASURES | NOT_NUMBERS) or profile.least is None or profile.texts > profile.empty:
        return False
    unit = dict(UNITS)[unix_format(profile) or "unix"]
    span = (profile.highest or 0) - profile.least
    return profile.least >= SINCE * unit and span <= YEARS * unit and profile.distinct.count() >= SEVERAL


def unix_format(profile: FieldProfile) -> str | None:
    """Whether whole numbers have the size of Unix times, and in which unit."""
    texts = _texts(profile)
    if profile.floats or profile.numbers or profile.booleans or not (profile.integers or texts):
        return None
    for form, unit in UNITS:
        inside = not profile.integers or (profile.lowest or 0) >= 0
        if profile.least is not None:
            inside &= EARLIEST * unit <= profile.least and (profile.highest or 0) <= LATEST * unit
        if inside and (profile.least is not None or texts) and (not texts or form in profile.forms):
            return form
    return None


def moment(profile: FieldProfile, name: str) -> Written | None:
    """Dates and times in another form than the type's own, where only one reading fits them all."""
    if not _is_text(profile) or VERSIONS & set(tokens(name)):
        return None
    for formats, kind in ((DATE_FORMATS, DATE), (DATETIME_FORMATS, DATETIME)):
        form = next((each for each in formats if each in profile.forms), None)
        if form is not None:
            return None if OTHER_ORDER.get(form) in profile.forms else (kind, form)
    return None


def ambiguous_format(profile: FieldProfile) -> str | None:
    """The format of dates that can be read in two ways."""
    if not _is_text(profile):
        return None
    return next((form for form, other in OTHER_ORDER.items() if {form, other} <= profile.forms), None)


def amount(profile: FieldProfile, name: str, *, textual: bool = False, currency: bool = False) -> Written | None:
    """Amounts of money: by their currency or the comma before their cents, or by their name.

    Other decimals with a comma too, where the source is `textual`. `currency` says that a field beside them names one.
    """
    if _is_text(profile):
        return _amount_of_texts(profile, name, textual=textual)
    small = profile.floats > 0 and not _texts(profile) + profile.numbers and profile.float_scale <= CENTS
    beside = currency and profile.float_scale == CENTS and not NO_MONEY & set(tokens(name))
    if not small or not (is_money_name(name) or beside):
        return None
    whole = max(profile.float_whole, len(str(profile.highest or 0)), len(str(profile.lowest or 0)))
    return (roomy_decimal(whole, CENTS), "") if whole + CENTS < MOST_DIGITS else None


def _amount_of_texts(profile: FieldProfile, name: str, *, textual: bool) -> Written | None:
    if squash(name) in NOT_NUMBERS or squash(tokens(name)[-1:]) in NOT_NUMBERS | KEY_ENDINGS:
        return None
    named = is_money_name(name) or ("cents" in profile.forms and not VERSIONS & set(tokens(name)))
    if "amount" in profile.forms and len(profile.marks) <= MOST_MARKS:
        form = find_format(profile.marks)
        plain = not any(each.before or each.after for each in profile.marks)
        places = {each.places for each in profile.marks}
        # In a spreadsheet's file "1,2" is a number, but for what is called a list (`tags`); elsewhere it may be both.
        commas = textual and "," in {each.point for each in profile.marks} and singular(name) == name
        measured = places == {CENTS} or commas
        if form and (named or not plain or measured):
            return roomy_decimal(whole_digits(profile.longest, form), places_of(form)), form
    if named and "decimal" in profile.forms and profile.scale <= MOST_PLACES and "thousands" not in profile.forms:
        return (roomy_decimal(profile.whole_digits, profile.scale), "") if profile.whole_digits < LEAST_DIGITS else None
    return None


def looks_like_money(profile: FieldProfile, name: str) -> bool:
    """Whether floats are money by their name, though they have too many places to be stored as decimals."""
    return is_money_name(name) and profile.floats > 0 and not _texts(profile)


def roomy_decimal(whole: int, places: int) -> ColumnType:
    """A decimal with room for ten times as much, of ten digits at least."""
    return ColumnType("decimal", precision=min(max(LEAST_DIGITS, whole + 1 + places), MOST_DIGITS), scale=places)


def is_time_name(name: str) -> bool:
    """Whether the name says that something happened, or will, at a time."""
    parts = tokens(name)
    if not parts or parts[-1] in KEY_ENDINGS:
        return False
    return squash(name) in CREATED or parts[-1] in TIMES or parts[0] in TIMES


def is_money_name(name: str) -> bool:
    """Whether the name says that it is an amount of money."""
    parts = tokens(name)
    return bool(parts) and (parts[-1] in MONEY or parts[0] in MONEY) and not NO_MONEY & set(parts)


def _texts(profile: FieldProfile) -> int:
    return profile.texts - profile.empty - profile.nulls


def _is_text(profile: FieldProfile) -> bool:
    numbers = profile.integers + profile.floats + profile.numbers + profile.booleans
    return _texts(profile) > 0 and not numbers
