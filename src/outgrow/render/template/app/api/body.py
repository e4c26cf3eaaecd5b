"""The row that a request brings, as JSON or as a form."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import Column
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from app.api.problems import Problem, invalid
from app.api.values import from_json, from_text
from app.auth import password_hasher
from app.database import Model, columns

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def read_row(model: type[Model], *, whole: bool) -> dict[str, Any]:
    """Return the values that the request gives a row; a whole row needs all that has no default."""
    known = columns(model)
    fields, convert = read_body()
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name, value in fields.items():
        if name not in known:
            errors[name] = "There is no such field."
            continue
        try:
            values[name] = convert(known[name], value)
        except ValueError as error:
            errors[name] = str(error)
    if whole:
        for name, column in known.items():
            if name not in fields and is_required(column):
                errors[name] = "Must be given."
    if errors:
        raise invalid(errors)
    for name, value in values.items():
        if known[name].info.get("secret") == "password" and isinstance(value, str):
            values[name] = password_hasher.hash(value)
    return values


def read_body() -> tuple[dict[str, Any], Any]:
    """Return the request's fields and the function that reads their values."""
    if request.is_json:
        try:
            fields = request.get_json()
        except RecursionError:
            raise BadRequest("The JSON is nested too deeply.") from None
        if not isinstance(fields, dict):
            raise Problem(422, "The body must be a JSON object.")
        return fields, from_json
    if request.mimetype in FORMS or not request.content_length:
        return request.form.to_dict(), from_form
    raise UnsupportedMediaType("Send the row as JSON or as a form.")


def from_form(column: Column[Any], text: str) -> Any:
    """Return the value of a form's field; one left empty is null where the column may be."""
    return None if text == "" and column.nullable else from_text(column, text)


def is_required(column: Column[Any]) -> bool:
    """Say whether a new row must give a value for the column."""
    counted = column.table.autoincrement_column is column
    has_default = column.default is not None or column.server_default is not None
    return not (column.nullable or counted or has_default)
