"""Lists in one cell: `red,green,blue`, `3;17;4`, as forms and spreadsheets leave them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

SEPARATORS = (", ", ",", "; ", ";", "|")
LONGEST_PIECE = 40
MOST_WORDS = 3
ENOUGH = 10
SELDOM = 0.05


def are_lists(separator: str) -> Callable[[Iterable[str]], bool]:
    """A check whether texts are lists of short pieces, some of them of more than one."""

    def check(values: Iterable[str]) -> bool:
        values = list(values)
        several = 0
        for value in values:
            pieces = value.split(separator)
            several += len(pieces) > 1
            if not all(map(_is_piece, pieces)):
                return False
        return len(values) < ENOUGH or several >= SELDOM * len(values)

    return check


def _is_piece(text: str) -> bool:
    short = 0 < len(text) <= LONGEST_PIECE and text == text.strip() and text.count(" ") < MOST_WORDS
    return short and not any(mark in text for mark in ",;|")


def split_cells(values: Sequence[str], separator: str) -> list[str]:
    """The pieces of all cells, one behind the other."""
    return [piece for value in values for piece in value.split(separator)]


def form_of(separator: str) -> str:
    """The form of texts that are such lists."""
    return f"list by {separator}"
