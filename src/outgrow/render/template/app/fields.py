"""A row as the fields of a form, and what somebody wrote into them as values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, LargeBinary, String, Time

from app.database import Model, all_models, columns
from app.encoding import plain
from app.types import UTCDateTime
from app.values import Invalid, from_text, is_required, ready

INPUTS = {Date: "date", UTCDateTime: "datetime-local", DateTime: "datetime-local", Time: "time"}


@dataclass(frozen=True)
class Field:
    """One column of a form: what it is called, what stands in it, and how it is asked for."""

    name: str
    column: Column[Any]
    text: str
    problem: str = ""

    @property
    def is_secret(self) -> bool:
        """Whether what is stored is never shown; an empty field leaves it as it is."""
        return "secret" in self.column.info

    @property
    def is_required(self) -> bool:
        """Whether a new row can't do without."""
        return is_required(self.column)

    @property
    def input(self) -> str:
        """The element of HTML: `choice`, `long`, or the type of an input."""
        kind = self.column.type
        if self.is_secret:
            return "password"
        if isinstance(kind, Boolean):
            return "choice"
        if isinstance(kind, JSON) or (isinstance(kind, String) and (kind.length or 999) > 255):
            return "long"
        if "." in self.text:  # browsers know no microseconds
            return "text"
        return next((word for each, word in INPUTS.items() if isinstance(kind, each)), "text")

    @property
    def target(self) -> type[Model] | None:
        """The model to whose key the column refers, if it does so alone."""
        for foreign_key in self.column.foreign_keys:
            constraint, there = foreign_key.constraint, foreign_key.column
            if constraint is not None and len(constraint.elements) == 1:
                if list(there.table.primary_key) == [there]:
                    return next(m for m in all_models() if m.__tablename__ == there.table.name)
        return None


def as_text(value: Any) -> str:
    """Return a value as it stands in a field."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool | dict | list | int | float):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dt.datetime):
        return value.isoformat()  # browsers have no field for a moment with its offset
    return str(plain(value))


def fields_of(
    model: type[Model], row: Model | None, given: Mapping[str, str], problems: Mapping[str, str]
) -> list[Field]:
    """Return the fields of a form; what was given but not accepted stays in them."""
    found = []
    for name, column in columns(model).items():
        if isinstance(column.type, LargeBinary):
            continue
        text = "" if "secret" in column.info or row is None else as_text(getattr(row, name))
        if row is None and column.default is not None and column.default.is_scalar:
            text = as_text(column.default.arg)  # type: ignore[attr-defined]
        if name in given and "secret" not in column.info:
            text = given[name]
        found.append(Field(name, column, text, problems.get(name, "")))
    return found


def read_form(model: type[Model], row: Model | None, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of the fields that were changed; raises Invalid.

    Browsers end lines with CR LF; a text keeps the line ends that it had.
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields_of(model, row, {}, {}):
        name, column = field.name, field.column
        text, old = given.get(name, ""), field.text
        if "\r\n" not in old:
            text = text.replace("\r\n", "\n")
        if row is not None and text == old:
            continue
        if row is None and text == "" and not is_required(column):
            continue
        try:
            values[name] = None if text == "" and column.nullable else from_text(column, text)
        except Invalid as error:
            errors[name] = error.errors[""]
    if errors:
        raise Invalid(errors)
    return ready(model, values)
