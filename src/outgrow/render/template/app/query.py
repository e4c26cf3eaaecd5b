"""The page, filters and order that a request asks of a list."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request
from sqlalchemy import JSON, Column, ColumnElement, Integer, LargeBinary, String, and_, false, literal, or_
from werkzeug.datastructures import MultiDict

from app.database import Model, columns, public_columns
from app.problems import invalid
from app.values import Invalid, from_text

WORDS = ("page", "per_page", "sort", "after", "total", "include", "q")
PER_PAGE, MOST_PER_PAGE = 20, 100

Condition = Callable[[Any, Any], ColumnElement[bool]]

COMPARE: dict[str, Condition] = {
    "eq": lambda attribute, value: attribute == value,
    "ne": lambda attribute, value: or_(attribute != value, attribute.is_(None)),
    "lt": lambda attribute, value: attribute < value,
    "lte": lambda attribute, value: attribute <= value,
    "gt": lambda attribute, value: attribute > value,
    "gte": lambda attribute, value: attribute >= value,
}
SEARCH: dict[str, Condition] = {
    "contains": lambda attribute, text: attribute.contains(text, autoescape=True),
    "startswith": lambda attribute, text: attribute.startswith(text, autoescape=True),
    "endswith": lambda attribute, text: attribute.endswith(text, autoescape=True),
}
OPERATORS = (*COMPARE, *SEARCH, "in", "isnull")
ANY_TEXT = Column("any", String)
ANSWERS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Key:
    """Something that a list is sorted by; rows without a value come last."""

    name: str
    attribute: Any
    descending: bool = False

    @property
    def nullable(self) -> bool:
        """Whether there may be rows without a value."""
        return bool(self.attribute.property.columns[0].nullable)

    def order(self) -> list[Any]:
        """Return what stands in ORDER BY."""
        by = self.attribute.desc() if self.descending else self.attribute.asc()
        return [self.attribute.is_(None), by] if self.nullable else [by]

    def is_same(self, value: Any) -> Any:
        """Say which rows have this value."""
        return self.attribute.is_(None) if value is None else self.attribute == value

    def is_beyond(self, value: Any) -> ColumnElement[bool]:
        """Say which rows come later than those with this value."""
        if value is None:
            return false()
        bound = comparand(value)
        beyond = self.attribute < bound if self.descending else self.attribute > bound
        return or_(beyond, self.attribute.is_(None)) if self.nullable else beyond


def comparand(value: Any) -> Any:
    """Return a value that SQLAlchemy compares by: it refuses to order by a bare true or false."""
    return literal(value) if isinstance(value, bool) else value


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
            raise invalid({name: "Must be a number from 1 on"})
        numbers[name] = int(given)
    return numbers["page"], min(numbers["per_page"], MOST_PER_PAGE)


def is_asked(name: str) -> bool:
    """Say whether the request has `name=true`."""
    given = request.args.get(name, "false").lower()
    if given not in ANSWERS:
        raise invalid({name: "Must be true or false"})
    return ANSWERS[given]


def filters(model: type[Model], given: MultiDict[str, str]) -> list[ColumnElement[bool]]:
    """Return the conditions; `?name=x`, or `?name__OPERATOR=x` with one of `OPERATORS`."""
    attributes = comparable(model)
    conditions, errors = [], {}
    for word, text in given.items(multi=True):
        if word in WORDS:
            continue
        name, _, operator = word.rpartition("__")
        if operator not in OPERATORS or name not in attributes:
            name, operator = word, "eq"
        try:
            if name not in attributes:
                raise Invalid({"": "There is no such field to filter by"})
            conditions.append(condition(model, attributes[name], operator, text))
        except Invalid as error:
            errors[word] = error.errors[""]
    if errors:
        raise invalid(errors)
    return conditions


def condition(model: type[Model], attribute: Any, operator: str, text: str) -> Any:
    """Return one condition; raises Invalid."""
    column = columns(model)[attribute.key]
    if operator == "isnull":
        if text.lower() not in ANSWERS:
            raise Invalid({"": "Must be true or false"})
        return attribute.is_(None) if ANSWERS[text.lower()] else attribute.is_not(None)
    if operator == "in":
        return attribute.in_([from_text(column, each) for each in text.split(",")[:1000]])
    if operator in SEARCH:
        if not isinstance(column.type, String):
            raise Invalid({"": "Only text can be searched"})
        return SEARCH[operator](attribute, from_text(ANY_TEXT, text))
    if text == "" and not isinstance(column.type, String) and column.nullable:
        return attribute.is_(None)
    return COMPARE[operator](attribute, comparand(from_text(column, text)))


def search(model: type[Model], text: str) -> list[Any]:
    """Return the condition that a text, or a number, stands somewhere in a row."""
    found: list[Any] = []
    text = from_text(ANY_TEXT, text)
    for name, column in public_columns(model).items() if text else ():
        if isinstance(column.type, String):
            found.append(getattr(model, name).icontains(text, autoescape=True))
        elif isinstance(column.type, Integer) and text.isdecimal() and len(text) < 10:
            found.append(getattr(model, name) == int(text))
    return [or_(*found)] if found else []


def order(model: type[Model]) -> list[Key]:
    """Return what to sort by: `?sort=-created_at,name`, then the key."""
    attributes = comparable(model)
    keys: list[Key] = []
    for word in filter(None, request.args.get("sort", "").split(",")):
        name = word.removeprefix("-")
        if name not in attributes:
            raise invalid({"sort": f"There is no field {name!r} to sort by"})
        keys.append(Key(name, attributes[name], word.startswith("-")))
    primary = [name for name, column in columns(model).items() if column.primary_key]
    return keys + [Key(name, getattr(model, name)) for name in primary]


def cursor(keys: Sequence[Key], row: dict[str, Any]) -> str:
    """Return the text that stands for a row's place in the order."""
    values = current_app.json.dumps([row[key.name] for key in keys])
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def beyond(model: type[Model], keys: Sequence[Key], text: str) -> ColumnElement[bool]:
    """Return which rows come after the place that a cursor stands for."""
    try:
        given = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        texts = [value if isinstance(value, str) else json.dumps(value) for value in given]
        values = [
            None if value is None else from_text(columns(model)[key.name], shown)
            for key, value, shown in zip(keys, given, texts, strict=True)
        ]
    except (ValueError, TypeError, RecursionError):
        raise invalid({"after": "Must be the `next` of an answer with the same `sort`"}) from None
    steps = [
        and_(*(key.is_same(value) for key, value in zip(keys[:n], values, strict=False)), further)
        for n, further in enumerate(key.is_beyond(value) for key, value in zip(keys, values, strict=True))
    ]
    return or_(*steps)
