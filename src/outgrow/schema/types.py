"""What a field was seen to hold → the type of its column, whether it may be null, and its default.

A type holds all values that were seen, exactly or with the ledger's help. Lengths leave room: a text
gets the first rung of the ladder of which it fills half (more of the longer ones), so that the next record
fits as well; a name that says more (`email`) has a length of its own in `words`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from outgrow.schema.flags import find_flag, read_flag
from outgrow.schema.model import STRING_LADDER, Column, ColumnType, Secret
from outgrow.schema.names import tokens
from outgrow.schema.profile import FieldProfile
from outgrow.schema.words import (
    CREATED,
    FREE_TEXT,
    HASHES,
    KEY_ENDINGS,
    LENGTHS,
    NO_TOKENS,
    NOT_NUMBERS,
    PASSWORDS,
    REQUIRED,
    SALTS,
    SERVICES,
    TOKENS,
    squash,
)
from outgrow.schema.written import DATE, DATETIME, MOST_DIGITS, amount, is_money_name, moment, roomy_decimal, unix_time

MOSTLY = 0.95
ROOM = {80: 0.5, 120: 0.6, 255: 0.8}
LONGEST_STRING = STRING_LADDER[-1]
DEFAULT_SHARE = 0.9
DEFAULT_RECORDS = 20
DEFAULT_LENGTH = 40

INTEGER = ColumnType("integer")
BIG_INTEGER = ColumnType("integer", precision=64)
FLOAT = ColumnType("float")
BOOLEAN = ColumnType("boolean")
TEXT = ColumnType("text")
JSON = ColumnType("json")
FORM_TYPES = (("date", DATE), ("datetime", DATETIME), ("time", ColumnType("time")))


@dataclass(frozen=True)
class Guess:
    """A type, how the source writes it, and whether it is a compromise between values of several kinds."""

    type: ColumnType
    mixed: bool = False
    format: str = ""


def infer_type(profile: FieldProfile, name: str, *, textual: bool, currency: bool = False) -> Guess:
    """Choose the type for scalar values. `textual` says that the source knows nothing but texts (CSV).

    `currency` says that a field beside this one names a currency.
    """
    texts = profile.texts - profile.empty - profile.nulls
    numbers = profile.integers + profile.floats + profile.numbers
    if not texts + numbers + profile.booleans:
        return Guess(_unseen_type(name))
    if profile.booleans and not numbers:
        if not texts or ("boolean" in profile.forms and profile.booleans >= MOSTLY * (profile.booleans + texts)):
            return Guess(BOOLEAN)
    elif numbers and not profile.booleans:
        mostly = numbers >= MOSTLY * (numbers + texts) or is_money_name(name)
        if not texts or ("numeric" in profile.forms and mostly):
            return _written(profile, name, textual=textual, currency=currency) or Guess(
                _number_type(profile, texts) or text_type(profile, name)
            )
    elif texts and not numbers:
        plain = _form_type(profile, name, textual=textual) or text_type(profile, name)
        return _written(profile, name, textual=textual, currency=currency) or Guess(plain)
    return Guess(text_type(profile, name), mixed=True)


def _written(profile: FieldProfile, name: str, *, textual: bool, currency: bool) -> Guess | None:
    flag = find_flag(profile, name)
    if flag:
        return Guess(BOOLEAN, format=flag)
    found = unix_time(profile, name) or moment(profile, name)
    found = found or amount(profile, name, textual=textual, currency=currency)
    return Guess(found[0], format=found[1]) if found else None


def _unseen_type(name: str) -> ColumnType:
    """The type of a field that was never filled: by its name, else the widest string."""
    chosen = text_type(FieldProfile(name), name)
    promised = squash(name) in LENGTHS or squash(tokens(name)[-1:]) in LENGTHS
    return chosen if promised or chosen.name == "text" else ColumnType("string", LONGEST_STRING)


def _number_type(profile: FieldProfile, texts: int) -> ColumnType | None:
    """The number type for JSON's numbers, some of them perhaps written as texts."""
    if profile.numbers and profile.whole_digits >= 1_000:
        return FLOAT if profile.float_exact else None
    if profile.numbers and (profile.scale or not profile.floats):
        return _decimal(profile)
    if profile.floats or profile.numbers or (texts and "integer" not in profile.forms):
        return FLOAT
    digits = profile.whole_digits if texts else 0
    return _integer_type(profile.lowest or 0, profile.highest or 0, digits)


def _integer_type(low: int, high: int, digits: int = 0) -> ColumnType | None:
    if low >= -(1 << 31) and high < 1 << 31 and digits <= 9:
        return INTEGER
    if low >= -(1 << 63) and high < 1 << 63 and digits <= 18:
        return BIG_INTEGER
    precision = max(len(str(abs(low))), len(str(abs(high))), digits)
    return ColumnType("decimal", precision=precision, scale=0) if precision <= MOST_DIGITS else None


def whole_type(profile: FieldProfile) -> ColumnType:
    """The type for whole numbers that are written as others (`7.0`)."""
    return _integer_type(profile.lowest or 0, profile.highest or 0, profile.whole_digits) or BIG_INTEGER


def _decimal(profile: FieldProfile) -> ColumnType | None:
    whole = max(profile.whole_digits, len(str(max(abs(profile.lowest or 0), abs(profile.highest or 0)))))
    scale = profile.scale
    if profile.floats:
        whole, scale = max(whole, profile.float_whole), max(scale, profile.float_scale)
    if whole + scale > MOST_DIGITS:
        return FLOAT if profile.floats and profile.float_exact else None
    return roomy_decimal(whole, scale)


def _form_type(profile: FieldProfile, name: str, *, textual: bool) -> ColumnType | None:
    """The type that all texts have the form of. Numbers count only where a source can't write them as such."""
    forms = profile.forms
    if textual and squash(name) not in NOT_NUMBERS and squash(tokens(name)[-1:]) not in NOT_NUMBERS:
        if "integer" in forms:
            return _integer_type(0, 0, profile.whole_digits)
        is_key = squash(tokens(name)[-1:]) in KEY_ENDINGS  # `accession_no`: 1987.10 is another one than 1987.1
        either = "thousands" in forms and is_money_name(name)  # 1.000 is a thousand to some, and one to others
        if "numeric" in forms and not is_key and not either and profile.whole_digits + profile.scale <= MOST_DIGITS:
            return roomy_decimal(profile.whole_digits, profile.scale)
        if "boolean" in forms:
            return BOOLEAN
    return next((column_type for form, column_type in FORM_TYPES if form in forms), None)


def text_type(profile: FieldProfile, name: str) -> ColumnType:
    """A string of a length from the ladder with room for more, or text."""
    longest = longest_text(profile)
    word = squash(name)
    last = squash(tokens(name)[-1:])
    if word in FREE_TEXT or last in FREE_TEXT or longest > LONGEST_STRING:
        return TEXT
    promised = max(LENGTHS.get(word, 0), LENGTHS.get(last, 0))
    if longest <= promised:
        return ColumnType("string", promised)
    for length in STRING_LADDER:
        if longest <= length * ROOM[length]:
            return ColumnType("string", max(length, promised))
    return ColumnType("string", LONGEST_STRING) if promised else TEXT


def key_text_type(profile: FieldProfile, name: str) -> ColumnType:
    """The string type for a column that must be indexed: never text, which not every database indexes."""
    chosen = text_type(profile, name)
    if chosen.name == "string":
        return chosen
    longest = longest_text(profile)
    return ColumnType("string", next((n for n in STRING_LADDER if longest <= n * ROOM[n]), LONGEST_STRING))


def longest_text(profile: FieldProfile) -> int:
    """How long the longest value is once it is written as text."""
    longest = profile.longest
    if profile.integers:
        longest = max(longest, len(str(profile.lowest)), len(str(profile.highest)))
    if profile.floats:
        longest = max(longest, 24)
    if profile.numbers:
        longest = max(longest, min(profile.whole_digits, 400) + profile.scale + 2)
    return max(longest, 5) if profile.booleans else longest


def is_required(name: str) -> bool:
    """Whether the name says that a record without this field makes no sense."""
    return squash(name) in REQUIRED


def infer_secret(name: str, column_type: ColumnType, siblings: Iterable[str], *, account: bool) -> Secret | None:
    """Tell whether the field is a secret and which. A password is hashed, so only what surely is one counts as one.

    `siblings` are the fields of the same object, `account` says that the table holds accounts.
    """
    word = squash(name)
    if column_type.name in ("boolean", "date", "datetime", "time", "float"):
        return None
    if word in PASSWORDS or (account and word in HASHES):
        return "token" if {squash(each) for each in siblings} & SERVICES else "password"
    if column_type.name in ("integer", "decimal"):
        return None
    if word in SALTS:
        return "salt"
    parts = tokens(name)
    if word in TOKENS or squash(parts[-2:]) in TOKENS:
        return "token"
    secret = ((TOKENS | PASSWORDS) - {"pass", "pw"}) & set(parts)
    return "token" if secret and not NO_TOKENS & set(parts) else None


def holds_secret(profile: FieldProfile) -> bool:
    """Whether an object or a list that is kept whole has a secret somewhere within."""
    inner = [*profile.fields.values(), *(profile.members or ()), *([profile.element] if profile.element else [])]
    names = [*profile.secretive, *(field.name for field in inner)]
    return any(infer_secret(name, TEXT, (), account=False) for name in names) or any(map(holds_secret, inner))


def infer_default(profile: FieldProfile, column: Column, rows: int) -> str | None:
    """The default as a JSON literal: `now` for when a record came to be, or what nearly all records hold."""
    if column.secret or column.type.name in ("json", "text", "float", "decimal", "time"):
        return None
    if column.type.name == "datetime":
        return "now" if squash(column.field) in CREATED or squash(column.field[-1:]) in CREATED else None
    if profile.common is None or rows < DEFAULT_RECORDS or column.type.name == "date":
        return None
    value, count = max(profile.common.items(), key=lambda item: (item[1], repr(item[0])), default=(None, 0))
    if count < DEFAULT_SHARE * rows:
        return None
    return _literal(value, column)


def _literal(value: Any, column: Column) -> str | None:
    if column.type.name == "boolean":
        flag = read_flag(value, column.format) if column.format else None
        return json.dumps(bool(flag)) if flag is not None else json.dumps(value) if isinstance(value, bool) else None
    if column.type.name == "integer":
        number = value if isinstance(value, int) else int(value) if _is_integer_text(value) else None
        return None if number is None else json.dumps(int(number))
    if isinstance(value, str) and len(value) <= DEFAULT_LENGTH and value.isprintable():
        return json.dumps(value, ensure_ascii=False)
    return None


def _is_integer_text(value: object) -> bool:
    return isinstance(value, str) and value.lstrip("-").isdigit() and value.isascii()


def describe(profile: FieldProfile, rows: int, *, secret: bool) -> str:
    """What was seen, in a few words; nothing of a secret but how often it is there."""
    gaps = rows - (profile.seen - profile.missing - profile.null - profile.empty)
    if gaps >= rows:
        return "always empty" if rows else ""
    words = [f"{gaps} of {rows} empty"] if gaps else []
    if not secret and rows > 1 and not profile.objects and not profile.lists:
        if _all_differ(profile):
            words.append(f"all {profile.filled} differ")
        elif profile.common is not None and not profile.floats and profile.filled > 1:
            different = sum(1 for value in profile.common if value != "")
            words.append("always the same value" if different == 1 else f"{different} different values")
    return ", ".join(words)


def _all_differ(profile: FieldProfile) -> bool:
    return profile.filled > 1 and profile.is_unique()
