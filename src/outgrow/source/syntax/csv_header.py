"""Guesses whether a table's first row holds names, by comparing it with the rows below. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_OF = 0.8
LONGEST_NAME = 60
WORDY = "true or false"
KINDS = {
    "a number": re.compile(r"[+-]?[$€£]?\s?\d[\d .,'_]*%?|[+-]?\d*\.\d+(?:[eE][+-]?\d+)?"),
    "a date": re.compile(r"\d{4}-\d\d?-\d\d?(?:[T ].*)?|\d\d?[./]\d\d?[./]\d{2,4}(?: .*)?|\d\d?:\d\d(?::\d\d)?"),
    "an address": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://\S+|/\S*"),
    WORDY: re.compile(r"true|false|yes|no|null|\\N", re.IGNORECASE),
}
YEAR = re.compile(r"(?:19|20)\d\d")
NAME = re.compile(r"[^\W\d][\w .\-/()#%:\[\]?]*")


@dataclass(frozen=True)
class Header:
    """Whether there is a line of names, how sure that is, and why."""

    there: bool
    sure: bool
    why: str
    names: tuple[str, ...] = ()


def guess_header(rows: Sequence[Sequence[str]]) -> Header:
    """Guess from the first rows, the first of which may hold names."""
    if not rows:
        return Header(there=True, sure=True, why="there is nothing")
    first, below = rows[0], rows[1:]
    names = tuple(first)
    columns = [[row[number] for row in below if number < len(row) and row[number]] for number in range(len(first))]
    years = [cell for cell in first if YEAR.fullmatch(cell)]
    if len(years) > 1 and years == sorted(set(years)) and not _kind(first[0]):
        return Header(there=True, sure=True, why="it counts years", names=names)
    values = [(cell, kind) for cell, column in zip(first, columns, strict=True) if (kind := _kind_among(cell, column))]
    told = [kind for cell, column in zip(first, columns, strict=True) if (kind := _told_apart(cell, column))]
    if values and len(values) >= len(told):
        cell, kind = values[0]
        sure = not told and len(below) > 0
        return Header(there=False, sure=sure, why=f'"{cell}" in the first line is {kind}', names=names)
    if told:
        return Header(there=True, sure=not values, why=f"{told[0]} stands below a word", names=names)
    again = next((c for c, column in zip(first, columns, strict=True) if c and c in column[:-1] + column[-1:]), None)
    if again is not None:
        return Header(there=False, sure=False, why=f'"{again}" in the first line comes again below', names=names)
    return _by_looks(names)


def _by_looks(names: tuple[str, ...]) -> Header:
    """Whether words look like names, where all values are texts as well."""
    filled = [name for name in names if name.strip()]
    if len(set(filled)) < len(filled) or len(names) - len(filled) > 1:
        return Header(there=True, sure=True, why="nothing speaks against it", names=names)
    odd = next((name for name in filled if len(name) > LONGEST_NAME or not NAME.fullmatch(name)), None)
    if odd is not None and len(names) > 1:
        return Header(there=True, sure=False, why="nothing but texts stands below", names=names)
    plain = all(re.fullmatch(r"[a-z][a-z0-9_ ]*|[a-z]+(?:[A-Z][a-z0-9]*)+|[A-Z0-9_]+", name) for name in filled)
    return Header(there=True, sure=plain, why="its words look like names", names=names)


def _kind(cell: str) -> str | None:
    """What a value is, other than a text."""
    return next((kind for kind, pattern in KINDS.items() if pattern.fullmatch(cell.strip())), None)


def _kind_among(cell: str, column: Sequence[str]) -> str | None:
    """What the first value of a column is, other than a text: `No` above numbers is a name, as short for number."""
    kind = _kind(cell)
    return None if kind == WORDY and column and not any(_kind(value) == kind for value in column) else kind


def _told_apart(cell: str, column: Sequence[str]) -> str | None:
    """The kind of a column's values, where the cell above them is none of it."""
    if not column or not cell.strip() or _kind_among(cell, column):
        return None
    kinds = [_kind(value) for value in column]
    usual = max(KINDS, key=kinds.count)
    return usual if kinds.count(usual) >= MOST_OF * len(kinds) else None
