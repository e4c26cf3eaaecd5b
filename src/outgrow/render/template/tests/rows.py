"""Rows for the tests, made from what the models say about their columns."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from app import models  # noqa: F401
from app.database import Model, all_models, columns, db, table_of
from app.types import ExactDecimal

MODELS = all_models()

_numbers = itertools.count(1_001)  # of one length, so that texts sort as numbers do


def values_for(model: type[Model], making: tuple[type[Model], ...] = ()) -> dict[str, Any]:
    """Return values for a new row; the rows that it must refer to are stored first."""
    n = next(_numbers)
    known = columns(model)
    names = {column: name for name, column in known.items()}
    values = {name: value_for(column, n) for name, column in known.items()}
    table = table_of(model)
    for constraint in table.foreign_key_constraints:
        referring = [element.parent for element in constraint.elements]
        if any(column.nullable for column in referring):
            values |= {names[column]: None for column in referring if column.nullable}
            continue
        if constraint.referred_table is table or model in making:
            pytest.skip(f"every row of {table.name} must refer to one that is there already")
        parent = store(model_of(constraint.referred_table), (*making, model))
        there = {column: name for name, column in columns(type(parent)).items()}
        for element in constraint.elements:
            values[names[element.parent]] = getattr(parent, there[element.column])
    return values


def store(model: type[Model], making: tuple[type[Model], ...] = ()) -> Model:
    """Store a new row and return it."""
    row = model(**values_for(model, making))
    db.session.add(row)
    db.session.commit()
    return row


def model_of(table: sa.Table) -> type[Model]:
    """Return the model of a table."""
    return next(model for model in MODELS if model.__tablename__ == table.name)


def value_for(column: sa.Column[Any], n: int) -> Any:
    """Return a value that no other row has, where the type leaves room for it."""
    kind = column.type
    match kind:
        case sa.Boolean():
            return n % 2 == 0
        case sa.Integer():
            return n
        case sa.Float():
            return n + 0.5
        case ExactDecimal():
            return Decimal(n % 10 ** min(kind.precision, 6)).scaleb(-kind.scale)
        case sa.String():
            return f"{n} aü/,~"[: kind.length]
        case sa.Date():
            return dt.date(2000, 1, 1) + dt.timedelta(days=n)
        case sa.Time():
            return dt.time(n // 60 % 24, n % 60, 1, 5)
        case sa.LargeBinary():
            return str(n).encode()
        case sa.JSON():
            return {"n": n}
    return dt.datetime(2000, 1, 1, microsecond=n)


def as_json(app_json: Any, values: dict[str, Any]) -> Any:
    """Return values as a client would send them."""
    return app_json.loads(app_json.dumps(values))
