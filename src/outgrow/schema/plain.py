"""What a plain value is, however it is written: `7`, `"7"` and `7.0` are one, and `"NULL"` is nothing.

Two files that speak of one thing seldom come from one hand: a data frame writes whole numbers with `.0` as soon as
one is missing, and dumps of databases spell null out.
"""

from __future__ import annotations

# How programs spell null where they write texts only. Not `NA`, `-` or `0`: those are also values.
NULL_WORDS = frozenset({"NULL", "null", "\\N", "N/A", "n/a", "NaN", "nan"})
LONGEST = 255
WHOLE = 1 << 53  # up to here each float has its own integer
NOTHING = 0


def whole_number(text: str) -> int | None:
    """The integer that a text is the canonical form of, be it with `.0` behind it; None for any other text."""
    digits = text[1:] if text[:1] == "-" else text
    if digits[-2:] == ".0":
        digits, text = digits[:-2], text[:-2]
    if not digits.isdecimal() or not digits.isascii() or len(digits) > 18:
        return None
    if digits[0] == "0" and text != "0":
        return None
    return int(text)


def plain_hash(value: object) -> int:
    """The same number for the same plain value; NOTHING for null, an empty text, and what isn't plain."""
    if isinstance(value, str):
        if not value or value in NULL_WORDS or len(value) > LONGEST:
            return NOTHING
        number = whole_number(value)
        return hash((value if number is None else number,))
    if isinstance(value, float):
        return hash((int(value) if value.is_integer() and abs(value) < WHOLE else repr(value),))
    return hash((int(value),)) if isinstance(value, int) else NOTHING
