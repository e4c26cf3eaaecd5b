"""Texts that are lists in one cell: of which keys they hold, or what is to be said about them.

Pieces that are keys of another collection make an association, as the elements of a true list would. Others stay in
their cell, for `Doe, John` is no list either.
"""

from __future__ import annotations

from outgrow.schema.cells import SEPARATORS, form_of
from outgrow.schema.maps import Keys
from outgrow.schema.model import ColumnType
from outgrow.schema.names import plural, singular, tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.types import infer_secret
from outgrow.schema.words import KEY_ENDINGS

LEAST_PIECES = 3
REPEATED = 0.7
SHORTEST_STEM = 3


def find_separator(field: FieldProfile) -> str | None:
    """What parts the pieces of texts that are lists, as far as they look so."""
    if field.texts == field.empty + field.nulls or field.integers + field.floats + field.numbers + field.booleans:
        return None
    alive = [each for each in SEPARATORS if form_of(each) in field.forms and each in field.pieces]
    found = [each for each in alive if field.pieces[each].texts > field.texts - field.empty - field.nulls]
    return found[0] if found else None


def keys_in_cells(field: FieldProfile, keys: Keys) -> str | None:
    """What parts the pieces, where one and all are keys of the records that the field is named after."""
    separator = find_separator(field)
    if separator is None or infer_secret(field.name, ColumnType("text"), (), account=False):
        return None
    stem = _stem(field.name)
    pieces = field.pieces[separator]
    for table, held in keys:
        named = len(stem) >= SHORTEST_STEM and singular("_".join(tokens(table))).endswith(stem)
        if named and pieces.distinct.count() > 1 and pieces.distinct.share_in(held) == 1.0:
            return separator
    return None


def _stem(name: str) -> str:
    words = list(tokens(name))
    while len(words) > 1 and singular(words[-1]) in KEY_ENDINGS:
        words.pop()
    return singular("_".join(words))


def looks_like_list(field: FieldProfile, name: str) -> str | None:
    """What parts the pieces, where they come again and again, of a field that is named as a list is."""
    separator = find_separator(field)
    if separator is None:
        return None
    pieces, words = field.pieces[separator], tokens(name)
    many = bool(words) and (plural(words[-1]) == words[-1] != singular(words[-1]) or words[-1] in ("list", "ids"))
    repeats = pieces.distinct.count() <= REPEATED * pieces.texts
    return separator if many and repeats and pieces.distinct.count() >= LEAST_PIECES else None
