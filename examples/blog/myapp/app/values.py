"""Values that come from outside, checked against the columns that shall hold them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, NotRequired

import sqlalchemy as sa
from pydantic import (
    AfterValidator,
    ConfigDict,
    EncodedBytes,
    Field,
    FiniteFloat,
    JsonValue,
    TypeAdapter,
    ValidationError,
)
from typing_extensions import TypedDict

from app.checks import (
    DAY,
    MOMENT,
    TIME,
    OnlyBase64,
    as_utc,
    finite,
    something,
    storable,
    unsigned_zero,
    without_zone,
)
from app.database import Model, columns
from app.passwords import hash_password
from app.types import ExactDecimal, UTCDateTime

MOST_AT_ONCE = 1000
"""How many rows a list may have."""


Hash = Callable[[str], str]
NO_FIELD, MISSING = "There is no such field", "Must be given"
WORDS = {"extra_forbidden": NO_FIELD, "missing": MISSING, "bool_parsing": "Must be true or false"}
"""What is plainer than pydantic's own words."""


class Invalid(ValueError):
    """Values that can't be stored; `errors` says per field why."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {error}" for name, error in errors.items()))
        self.errors = errors


class Malformed(ValueError):
    """A text that isn't the JSON it should be."""


def annotation(column: sa.Column[Any]) -> Any:
    """Return the type of a column's values, with its bounds, as pydantic reads it."""
    kind: Any = column.type
    match kind:
        case sa.Boolean():
            return bool
        case sa.Integer():
            # What a database counts by itself may grow beyond the type that is declared: SQLite has but one.
            counted = column.table is not None and column.table.autoincrement_column is column
            bits = 63 if counted or isinstance(kind, sa.BigInteger) else 31
            return Annotated[int, Field(ge=-(2**bits), lt=2**bits)]
        case sa.Float():
            return Annotated[FiniteFloat, AfterValidator(unsigned_zero)]
        case ExactDecimal():  # as it will be read, so that an answer's ETag is that of the row
            bounds = Field(max_digits=kind.precision, decimal_places=kind.scale)
            return Annotated[Decimal, bounds, AfterValidator(kind.round)]
        case sa.Numeric():
            return Annotated[Decimal, Field(max_digits=kind.precision, decimal_places=kind.scale)]
        case sa.Enum():
            return Literal[tuple(kind.enums)]
        case sa.String():
            return Annotated[str, Field(max_length=kind.length), AfterValidator(storable)]
        case UTCDateTime() | sa.DateTime():
            return Annotated[dt.datetime, MOMENT, AfterValidator(as_utc)]
        case sa.Date():
            return Annotated[dt.date, DAY]
        case sa.Time():
            return Annotated[dt.time, TIME, AfterValidator(without_zone)]
        case sa.LargeBinary():
            return Annotated[bytes, EncodedBytes(encoder=OnlyBase64)]
        case sa.JSON():
            check = finite if column.nullable else something
            return Annotated[JsonValue, AfterValidator(check)]
    return kind.python_type


def is_required(column: sa.Column[Any]) -> bool:
    """Say whether a new row must give a value for the column."""
    counted = column.table.autoincrement_column is column
    has_default = column.default is not None or column.server_default is not None
    return not (column.nullable or counted or has_default)


@cache
def body_type(model: type[Model], *, whole: bool, many: bool = False) -> TypeAdapter[Any]:
    """Return the type of what is sent: a row, or a list of rows.

    A whole row needs all that has no default, the changes of a row need nothing.
    """
    fields: dict[str, Any] = {}
    for name, column in columns(model).items():
        kind = annotation(column) | None if column.nullable else annotation(column)
        if "secret" in column.info:
            kind = Annotated[kind, Field(json_schema_extra={"writeOnly": True})]
        fields[name] = kind if whole and is_required(column) else NotRequired[kind]
    make: Any = TypedDict
    row: Any = make(model.__name__, fields)
    row.__pydantic_config__ = ConfigDict(extra="forbid", strict=True)
    rows: Any = Annotated[list[row], Field(max_length=MOST_AT_ONCE)]
    return TypeAdapter(rows if many else row)


@cache
def text_type(column: sa.Column[Any]) -> TypeAdapter[Any]:
    """Return the type of a column's values where they come as text."""
    return TypeAdapter(annotation(column))


def from_json(model: type[Model], text: bytes, *, whole: bool, keep: Hash = hash_password) -> dict[str, Any]:
    """Return the row that a JSON object stands for, ready to be stored; `keep` hashes passwords."""
    return ready(model, read(body_type(model, whole=whole).validate_json, text), keep)


def from_value(model: type[Model], value: Any, *, keep: Hash) -> dict[str, Any]:
    """Return the whole row that a value read from JSON stands for, ready to be stored."""
    text = json.dumps(value).encode("utf-8", "surrogatepass")
    return from_json(model, text, whole=True, keep=keep)


def many_from_json(model: type[Model], text: bytes) -> list[dict[str, Any]]:
    """Return the rows that a JSON list stands for, ready to be stored."""
    rows = read(body_type(model, whole=True, many=True).validate_json, text)
    return [ready(model, row) for row in rows]


def from_texts(
    model: type[Model], texts: Mapping[str, str], *, whole: bool, keep: Hash = hash_password
) -> dict[str, Any]:
    """Return the row that a form or a CSV record stands for; an empty field is null if it may be."""
    known = columns(model)
    values: dict[str, Any] = {}
    errors = {name: NO_FIELD for name in texts if name not in known}
    for name, column in known.items():
        try:
            if name in texts:
                empty = texts[name] == "" and column.nullable
                values[name] = None if empty else from_text(column, texts[name])
            elif whole and is_required(column):
                errors[name] = MISSING
        except Invalid as error:
            errors[name] = error.errors[""]
    if errors:
        raise Invalid(errors)
    return ready(model, values, keep)


def from_text(column: sa.Column[Any], text: str) -> Any:
    """Return the value that a text (of a form, a filter, a key) stands for; raises Invalid."""
    kind = text_type(column)
    if isinstance(column.type, sa.JSON):
        try:
            return read(kind.validate_json, text)
        except Malformed as error:
            raise Invalid({"": str(error)}) from None
    return read(kind.validate_strings, text)


def read(validate: Any, text: Any) -> Any:
    """Validate, or say by field what is wrong."""
    try:
        return validate(text)
    except ValidationError as error:
        raise problem_of(error.errors(include_url=False, include_input=False)) from None


def problem_of(errors: Iterable[Any]) -> ValueError:
    """Return what pydantic found as one error, without the input, which may be a secret."""
    found: dict[str, str] = {}
    for error in errors:
        if error["type"] == "json_invalid":
            return Malformed(error["msg"])
        place = [str(step) for step in error["loc"] if step != "[key]"]
        text = WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
        found.setdefault(".".join(place), text)
    return Invalid(found)


def ready(model: type[Model], values: dict[str, Any], keep: Hash = hash_password) -> dict[str, Any]:
    """Return values as they are stored: passwords hashed."""
    for name, column in columns(model).items():
        if column.info.get("secret") == "password" and isinstance(values.get(name), str):
            try:
                values[name] = keep(values[name])
            except ValueError as error:
                raise Invalid({name: str(error)}) from None
    return values
