"""The page, filters and order that a request asks of a list."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy import JSON, ColumnElement, LargeBinary, inspect

from app.api.problems import invalid
from app.api.values import from_text
from app.database import Model, public_columns

WORDS = ("page", "per_page", "sort")
PER_PAGE, MOST_PER_PAGE = 20, 100


def comparable(model: type[Model]) -> dict[str, Any]:
    """Return the model's attributes that can be compared and sorted by."""
    return {
        name: getattr(model, name)
        for name, column in public_columns(model).items()
        if not isinstance(column.type, JSON | LargeBinary)
    }


def page_and_size() -> tuple[int, int]:
    """Return which page is wanted, from 1, and how many rows one has."""
    numbers = {"page": 1, "per_page": PER_PAGE}
    for name in numbers.keys() & request.args.keys():
        given = request.args[name]
        if not (given.isascii() and given.isdigit() and 1 <= len(given) <= 9 and int(given) > 0):
            raise invalid({name: "Must be a number from 1 on."})
        numbers[name] = int(given)
    return numbers["page"], min(numbers["per_page"], MOST_PER_PAGE)


def filters(model: type[Model]) -> list[ColumnElement[bool]]:
    """Return the conditions; `?name=x`, or `?name__eq=x` where `name` is one of `WORDS`."""
    attributes = comparable(model)
    conditions, errors = [], {}
    for name, given in request.args.items(multi=True):
        if name in WORDS:
            continue
        attribute = attributes.get(name.removesuffix("__eq"))
        if attribute is None:
            errors[name] = "There is no such field to filter by."
            continue
        try:
            value = from_text(public_columns(model)[attribute.key], given)
            conditions.append(attribute.is_(None) if value is None else attribute == value)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise invalid(errors)
    return conditions


def order(model: type[Model]) -> list[Any]:
    """Return what to sort by: `?sort=-created_at,name`, then the key."""
    attributes = comparable(model)
    wanted: list[Any] = []
    for word in filter(None, request.args.get("sort", "").split(",")):
        name = word.removeprefix("-")
        if name not in attributes:
            raise invalid({"sort": f"There is no field {name!r} to sort by."})
        wanted.append(attributes[name].desc() if word.startswith("-") else attributes[name].asc())
    return wanted + list(inspect(model).primary_key)
