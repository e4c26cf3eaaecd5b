"""Rows by their keys in a URL: `/api/users/7`, `/api/post_tags/7,3`.

The values of a key are joined by commas. Within a value `~0` stands for a tilde, `~1` for a comma,
`~2` for a slash, and `~3` is an empty text.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import inspect

from app.database import Model, table_of
from app.encoding import plain
from app.values import Invalid, from_text

ESCAPES = {"~": "~0", ",": "~1", "/": "~2"}
UNESCAPES = {"~0": "~", "~1": ",", "~2": "/", "~3": ""}


def write_key(row: Model) -> str:
    """Return a row's key as it stands in its URL."""
    return ",".join(map(write_part, inspect(type(row)).primary_key_from_instance(row)))


def write_part(value: Any) -> str:
    """Return one value of a key, escaped."""
    if isinstance(value, bool):
        return str(value).lower()
    text = value if isinstance(value, str) else str(value) if is_number(value) else plain(value)
    return re.sub("[~,/]", lambda found: ESCAPES[found[0]], text) or "~3"


def is_number(value: Any) -> bool:
    """Say whether a value is a number that Python writes as JSON does."""
    return isinstance(value, int | float)


def read_key(model: type[Model], text: str) -> tuple[Any, ...] | None:
    """Return the key that stands in a URL, or None if the model can't have such a key."""
    columns = list(table_of(model).primary_key)
    parts = text.split(",") if len(columns) > 1 else [text]
    if len(parts) != len(columns):
        return None
    try:
        return tuple(
            from_text(column, re.sub("~[0-3]", lambda found: UNESCAPES[found[0]], part))
            for column, part in zip(columns, parts, strict=True)
        )
    except Invalid:
        return None
