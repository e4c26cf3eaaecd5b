"""What a text looks like: the forms that a column of strings may have as a whole.

A form counts only if every non-empty value of the field has it, so each check may stop at the first
that doesn't. Dates in other forms than ISO 8601 have a form for each reading: `03/04/2020` has two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal

from outgrow.schema.cells import SEPARATORS, are_lists, form_of
from outgrow.schema.moments import DATE_FORMATS, DATETIME_FORMATS, UNIX_TEXT, reads
from outgrow.schema.money import are_amounts

INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
NUMERIC = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.0)?")
DATE = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]")
TIME = re.compile(r"[0-2][0-9]:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?")
DATETIME = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-5][0-9]"
    r"(?::[0-5][0-9](?:\.(?:[0-9]{3}|[0-9]{6}))?)?(?:Z|[+-][01][0-9]:[0-5][0-9])?"
)
UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-f]{32}|[0-9A-F]{32}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
SLUG = re.compile(r"[^\W_]+(?:[-_/][^\W_]+)*")
HEX = re.compile(r"[0-9a-f]{12,64}")
CENTS = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]{2}")
THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
CODE = re.compile(r"[A-Z0-9]+(?:[-_./][A-Z0-9]+)*")
BOOLEANS = {"true": True, "false": False, "True": True, "False": False}

Check = Callable[[Iterable[str]], bool]


def _all_match(pattern: re.Pattern[str]) -> Check:
    fullmatch = pattern.fullmatch

    def check(values: Iterable[str]) -> bool:
        return all(map(fullmatch, values))

    return check


def _all_parse(pattern: re.Pattern[str], parse: Callable[[str], object]) -> Check:
    """A check for values that look right and also exist: there is no 30 February."""
    looks_right = _all_match(pattern)

    def check(values: Iterable[str]) -> bool:
        values = list(values)
        if not looks_right(values):
            return False
        try:
            for value in values:
                parse(value)
        except ValueError:
            return False
        return True

    return check


FORMS: dict[str, Check] = {
    "integer": _all_match(INTEGER),
    "decimal": _all_match(DECIMAL),
    "whole": _all_match(WHOLE),
    "numeric": _all_match(NUMERIC),
    "date": _all_parse(DATE, date.fromisoformat),
    "datetime": _all_parse(DATETIME, datetime.fromisoformat),
    "time": _all_parse(TIME, time.fromisoformat),
    "uuid": _all_match(UUID),
    "email": _all_match(EMAIL),
    "slug": _all_match(SLUG),
    "boolean": lambda values: all(value in BOOLEANS for value in values),
    "hex": _all_match(HEX),
    "code": _all_match(CODE),
    "capital": lambda values: all(value[0].isupper() for value in values),
    "amount": are_amounts,
    "cents": _all_match(CENTS),
    "thousands": _all_match(THOUSANDS),
    **{form: _all_match(pattern) for form, pattern in UNIX_TEXT.items()},
    **{form_of(separator): are_lists(separator) for separator in SEPARATORS},
    **{form: reads(form) for form in (*DATE_FORMATS, *DATETIME_FORMATS)},
}


def is_exact_float(literal: str) -> bool:
    """Whether a float holds just the value that was written: `1.0e+25` but not `1e400`."""
    number = float(literal)
    return abs(number) != float("inf") and Decimal(literal) == Decimal(repr(number))
