"""Finds, stores and deletes rows, one or many at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import inspect, select, tuple_
from sqlalchemy.exc import IntegrityError

from app.database import Model, columns, db
from app.problems import Problem
from app.refusals import count_references, explain, explain_many


def store(row: Model, values: Mapping[str, Any]) -> None:
    """Write values into a row; raises the Problem that says why the database refuses it."""
    old = current(row) if inspect(row).persistent else {}
    new = current(row) | dict(values)
    try:
        with db.session.begin_nested():
            write(row, values)
    except IntegrityError as error:
        raise explain(type(row), new, old) from error


def store_many(model: type[Model], given: Sequence[dict[str, Any]], *, replace: bool) -> list[Model]:
    """Store rows at once; with `replace`, those whose key is there already are replaced."""
    found = find_many(model, given) if replace else {}
    rows = [found.get(key_of(model, values)) or model() for values in given]
    olds = [current(row) if inspect(row).persistent else {} for row in rows]
    changes = [blank(model) | values if old else values for values, old in zip(given, olds, strict=True)]
    news = [current(row) | values for row, values in zip(rows, changes, strict=True)]
    try:
        with db.session.begin_nested():
            for row, values in zip(rows, changes, strict=True):
                write(row, values)
    except IntegrityError as error:
        raise explain_many(model, news, olds) from error
    return rows


def write(row: Model, values: Mapping[str, Any]) -> None:
    """Give a row values, and make it one of the session's."""
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)


def key_of(model: type[Model], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the primary key that values give, with None where they don't."""
    return tuple(values.get(name) for name, column in columns(model).items() if column.primary_key)


def find_many(model: type[Model], given: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Model]:
    """Return by their keys the rows that are there already, in one query."""
    keys = [column for column in columns(model).values() if column.primary_key]
    wanted = [key for key in (key_of(model, values) for values in given) if None not in key]
    if not wanted:
        return {}
    same = tuple_(*keys).in_(wanted) if len(keys) > 1 else keys[0].in_([key[0] for key in wanted])
    rows = db.session.scalars(select(model).where(same).with_for_update())
    return {key_of(model, current(row)): row for row in rows}


def delete(row: Model) -> None:
    """Delete a row; raises the Problem that counts the rows which refer to it."""
    if counts := count_references(row):
        errors = {
            table: "1 row refers to it." if count == 1 else f"{count} rows refer to it."
            for table, count in counts.items()
        }
        raise Problem(409, "Other rows refer to this one.", errors, references=counts)
    try:
        with db.session.begin_nested():
            db.session.delete(row)
    except IntegrityError:
        raise Problem(409, "Other rows refer to what would go with this one.") from None


def blank(model: type[Model]) -> dict[str, Any]:
    """Return what a row holds where a replacement says nothing."""
    values: dict[str, Any] = {}
    for name, column in columns(model).items():
        if column.primary_key or "secret" in column.info:
            continue
        if column.default is None and column.nullable:
            values[name] = None
        elif column.default is not None and column.default.is_scalar:
            values[name] = column.default.arg  # type: ignore[attr-defined]
    return values


def current(row: Model) -> dict[str, Any]:
    """Return all that a row holds."""
    return {name: getattr(row, name) for name in columns(type(row))}


def version_of(row: Model) -> str:
    """Return what changes whenever the row, as it is shown, does."""
    return etag_of(current_app.json.dumps(row.to_dict()))


def etag_of(text: str) -> str:
    """Return what changes whenever a text does."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
