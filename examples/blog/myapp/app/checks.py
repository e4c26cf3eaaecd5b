"""What a value from outside must be beyond its type, and how it is stored."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from typing import Any

from pydantic import Base64Encoder, BeforeValidator

from app.database import db


class OnlyBase64(Base64Encoder):
    """Refuses what Python's decoder would pass over."""

    @classmethod
    def decode(cls, data: bytes) -> bytes:
        return base64.b64decode(data, validate=True)


def reading(parse: Callable[[str], Any], sign: str, example: str) -> BeforeValidator:
    """Read texts of one form only: 2020 might be seconds, or twenty past eight."""

    def read_text(value: Any) -> Any:
        try:
            return parse(value if sign in value else "")
        except (TypeError, ValueError):
            raise ValueError(f"Must be like {example}") from None

    return BeforeValidator(read_text)


MOMENT = reading(dt.datetime.fromisoformat, "-", "2026-01-31T12:30:00")
DAY = reading(dt.date.fromisoformat, "-", "2026-01-31")
TIME = reading(dt.time.fromisoformat, ":", "12:30:00")


def as_utc(value: dt.datetime) -> dt.datetime:
    """Return a moment as it is stored: in UTC, without saying so."""
    try:
        return value.astimezone(dt.UTC).replace(tzinfo=None) if value.tzinfo else value
    except OverflowError:
        raise ValueError("Must be within the years 1 to 9999 in UTC") from None


def without_zone(value: dt.time) -> dt.time:
    """Refuse a time of day that is bound to a time zone."""
    if value.tzinfo is not None:
        raise ValueError("Must be a time without a time zone")
    return value


def storable(text: str) -> str:
    """Refuse the one character for which PostgreSQL has no place."""
    if "\0" in text and db.engine.dialect.name == "postgresql":
        raise ValueError("Must not hold the character NUL")
    return text


def unsigned_zero(value: float) -> float:
    """Return zero for the negative zero, of which most databases keep no sign."""
    return value or 0.0


def finite(value: Any) -> Any:
    """Refuse what Python's JSON has and JSON hasn't: NaN and Infinity."""
    json.dumps(value, allow_nan=False)
    return value


def something(value: Any) -> Any:
    """Refuse null, which is JSON too."""
    if value is None:
        raise ValueError("Must not be null")
    return finite(value)
