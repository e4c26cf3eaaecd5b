"""Values that come from outside, checked against the column that shall hold them.

Each function returns the Python value or raises a `ValueError` that tells a person what is wrong.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Time,
)

from app.types import ExactDecimal, UTCDateTime

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


def from_json(column: Column[Any], value: Any) -> Any:
    """Return the value for a column that a JSON value stands for."""
    if value is None:
        if not column.nullable:
            raise ValueError("Must not be null.")
        return None
    for kind, check in CHECKS:
        if isinstance(column.type, kind):
            return check(column.type, value)
    return value


def from_text(column: Column[Any], text: str) -> Any:
    """Return the value for a column that a text (of a form, a filter, a key) stands for."""
    value: Any = text
    kind = column.type
    if isinstance(kind, String):
        pass
    elif text == "":
        value = None
    elif isinstance(kind, Boolean):
        value = True if text.lower() in TRUE else False if text.lower() in FALSE else text
    elif isinstance(kind, Integer) and re.fullmatch(r"[+-]?[0-9]{1,20}", text):
        value = int(text)
    elif isinstance(kind, Float):
        value = read(float, text, "Must be a number.")
    elif isinstance(kind, JSON):
        value = read(json.loads, text, "Must be JSON.")
    return from_json(column, value)


def read(convert: Callable[[Any], Any], value: Any, problem: str) -> Any:
    """Convert a value, or say what is wrong with it."""
    try:
        return convert(value)
    except (ValueError, TypeError, OverflowError, InvalidOperation, RecursionError):
        raise ValueError(problem) from None


def integer(kind: Any, value: Any) -> int:
    bits = 63 if isinstance(kind, BigInteger) else 31
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Must be an integer.")
    if not -(2**bits) <= value < 2**bits:
        raise ValueError(f"Must be an integer from {-(2**bits)} to {2**bits - 1}.")
    return value


def number(_kind: Any, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Must be a number.")
    result: float = read(float, value, "Must be a smaller number.")
    if not math.isfinite(result):
        raise ValueError("Must be a finite number.")
    return result


def decimal(kind: Any, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("Must be a decimal number, best written as text.")
    result: Decimal = read(Decimal, str(value), "Must be a decimal number.")
    before_point = kind.precision - kind.scale
    if not result.is_finite() or (result and result.adjusted() >= before_point):
        raise ValueError(f"Must have at most {before_point} digits before the point.")
    if kind.round(result) != result:
        raise ValueError(f"Must have at most {kind.scale} digits after the point.")
    rounded: Decimal = kind.round(result)
    return rounded


def boolean(_kind: Any, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be true or false.")
    return value


def text(kind: Any, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Must be text.")
    read(str.encode, value, "Must be valid Unicode.")
    if kind.length is not None and len(value) > kind.length:
        raise ValueError(f"Must have at most {kind.length} characters.")
    return value


def date(_kind: Any, value: Any) -> dt.date:
    result: dt.date = read(dt.date.fromisoformat, value, "Must be a date such as 2026-01-31.")
    return result


def moment(_kind: Any, value: Any) -> dt.datetime:
    problem = "Must be a date and time such as 2026-01-31T12:30:00."
    result: dt.datetime = read(dt.datetime.fromisoformat, value, problem)
    if result.tzinfo is not None:
        result = read(lambda _: result.astimezone(dt.UTC).replace(tzinfo=None), value, problem)
    return result


def time(_kind: Any, value: Any) -> dt.time:
    result: dt.time = read(dt.time.fromisoformat, value, "Must be a time such as 12:30:00.")
    if result.tzinfo is not None:
        raise ValueError("Must be a time without a time zone.")
    return result


def binary(_kind: Any, value: Any) -> bytes:
    result: bytes = read(lambda v: base64.b64decode(v, validate=True), value, "Must be base64.")
    return result


def any_json(_kind: Any, value: Any) -> Any:
    read(lambda v: json.dumps(v, allow_nan=False), value, "Must not hold NaN or Infinity.")
    return value


CHECKS: list[tuple[type[Any], Callable[[Any, Any], Any]]] = [
    (Boolean, boolean),
    (Integer, integer),
    (ExactDecimal, decimal),
    (Float, number),
    (String, text),
    (Date, date),
    (UTCDateTime, moment),
    (Time, time),
    (LargeBinary, binary),
    (JSON, any_json),
]
