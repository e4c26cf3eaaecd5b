"""Amounts as people write them: `$12.50`, `1.299,00 €`, `12,50`.

A format is the amount with zeros for digits: `$0.00`, `0.000,00 €`. It says which mark stands between thousands, which
before the fraction, and what stands around.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_AMOUNT = re.compile(
    r"(?P<minus>-?)(?P<before>[^\d\s.,'-]{0,4}[ \u00a0]?)"
    r"(?P<number>\d{1,3}(?:(?P<group>[., '\u00a0\u202f])\d{3}(?:(?P=group)\d{3})*)(?:[.,]\d{1,4})?|\d+(?:[.,]\d{1,4})?)"
    r"(?P<after>[ \u00a0]?[^\d\s.,'-]{0,5}\.?)"
)
_FORMAT = re.compile(r"(?P<before>[^0]*)0(?:(?P<group>[^0])000)?(?:(?P<point>[.,])(?P<places>0{1,4}))?(?P<after>[^0]*)")
_CURRENCIES = frozenset(
    "USD EUR GBP UAH PLN CHF CZK SEK NOK DKK HUF RON BGN RUB JPY CNY INR AUD CAD NZD BRL MXN TRY ZAR ILS KZT BYN"
    " zł Kč kr kr. Ft lei лв лв. грн грн. руб руб. р. Fr Fr. US$ C$ A$ R$".split()  # noqa: RUF001 (rubles and hryvnias have Cyrillic signs)
)
MOST_MARKS = 12


@dataclass(frozen=True)
class Marks:
    """What stands around and within one amount. `open` is a mark of which one can't tell what it means (`1,200`)."""

    before: str
    after: str
    group: str = ""
    point: str = ""
    places: int = 0
    open: str = ""


def marks_of(text: str) -> Marks | None:
    """How an amount is written; None for a text that is none, or a plain number."""
    match = _AMOUNT.fullmatch(text) if len(text) < 32 else None
    if match is None or not all(map(_is_currency, (match["before"], match["after"]))):
        return None
    before, after, number, group = match["before"], match["after"], match["number"], match["group"] or ""
    point = re.search(r"[.,](\d{1,4})$", number)
    if point and group and point[0][0] == group:
        last = number.count(group) == 1
        return Marks(before, after, "" if last else group, open=group if last and group in ".," else "")
    if point and len(point[1]) == 3 and not group and number[: point.start()].lstrip("0"):
        return Marks(before, after, open=point[0][0])
    return Marks(before, after, group, point[0][0] if point else "", len(point[1]) if point else 0)


def _is_currency(text: str) -> bool:
    word = text.strip(" \u00a0")
    return not word or word in _CURRENCIES or (len(word) == 1 and unicodedata.category(word) == "Sc")


def are_amounts(values: Iterable[str]) -> bool:
    """Whether all texts are amounts with a currency, or with a comma before the fraction."""
    for value in values:
        marks = marks_of(value)
        if marks is None or not (marks.before or marks.after or "," in (marks.point, marks.open)):
            return False
    return True


def find_format(marks: Iterable[Marks]) -> str | None:
    """The one format that all amounts are of; None where there are several, or it can't be told."""
    every = list(marks)
    if len({(each.before, each.after) for each in every}) != 1:
        return None
    points = {each.point for each in every if each.point}
    groups = {each.group for each in every if each.group}
    if len(points) > 1:
        return None
    point = next(iter(points), "")
    groups |= {each.open for each in every if each.open and each.open != point}
    if len(groups) > 1 or point in groups or any(each.open == point for each in every if each.open):
        return None
    if not point and any(each.open for each in every) and not any(each.group for each in every):
        return None
    places = max(each.places for each in every)
    group = f"{next(iter(groups))}000" if groups else ""
    return f"{every[0].before}0{group}{point}{'0' * places}{every[0].after}"


def is_format(text: str) -> bool:
    """Whether a plan may say so of a decimal."""
    return _FORMAT.fullmatch(text) is not None


def places_of(form: str) -> int:
    """How many digits a format has behind the point."""
    match = _FORMAT.fullmatch(form)
    return len(match["places"] or "") if match else 0


def whole_digits(length: int, form: str) -> int:
    """How many digits an amount of so many characters has before the point, at most."""
    match = _FORMAT.fullmatch(form)
    around = len(match["before"] + match["after"] + (match["point"] or "") + (match["places"] or "")) if match else 0
    return max(1, length - around)


def read_amount(text: str, form: str) -> Decimal | None:
    """The number that a text stands for; None where it isn't of the format."""
    match = _FORMAT.fullmatch(form)
    if match is None:
        return None
    sign = -1 if text.startswith("-") else 1
    bare = text[1:] if sign < 0 else text
    if not bare.startswith(match["before"]) or not bare.endswith(match["after"]):
        return None
    digits = bare[len(match["before"]) : len(bare) - len(match["after"])]
    if match["group"]:
        digits = digits.replace(match["group"], "")
    if match["point"] == ",":
        digits = digits.replace(".", "!").replace(",", ".")
    try:
        return sign * Decimal(digits) if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None
    except InvalidOperation:
        return None


def writer(form: str) -> Callable[[str], str]:
    """What turns a row's decimal back into the text."""
    match = _FORMAT.fullmatch(form)
    assert match is not None
    before, after, group, point = match["before"], match["after"], match["group"] or "", match["point"] or "."

    def write(value: str) -> str:
        minus, digits = ("-", value[1:]) if value.startswith("-") else ("", value)
        whole, _, fraction = digits.partition(".")
        if group:
            whole = f"{int(whole):,}".replace(",", group)
        return f"{minus}{before}{whole}{point + fraction if fraction else ''}{after}"

    return write
