"""How values are written as JSON."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from flask.json.provider import DefaultJSONProvider


def plain(value: Any) -> Any:
    """Return what stands in JSON for a value that JSON doesn't have."""
    match value:
        case dt.datetime(tzinfo=None):
            return value.isoformat() + "Z"  # it is UTC, and clients take one without an offset for their own time
        case dt.date() | dt.time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes():
            return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


def key_as_json(key: Iterable[Any]) -> str:
    """Return a primary key as text that is the same wherever it was read."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"), default=in_full)


def in_full(value: Any) -> str:
    """Return a time with its microseconds, and anything else as it is."""
    return f"{value}.000000" if getattr(value, "microsecond", None) == 0 else str(value)


class JSONProvider(DefaultJSONProvider):
    """Dates as RFC 3339, decimals as text, bytes as base64, fields in the model's order."""

    compact = True
    default = staticmethod(plain)
    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Write without blanks, unless somebody asks for more."""
        return super().dumps(obj, **{"separators": (",", ":")} | kwargs)
