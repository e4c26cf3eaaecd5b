"""The first token of an app's API, which the app keeps as a hash in its own table."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Boolean, Connection, DateTime, String, column, insert, table

TOKENS = table(
    "app_tokens",
    column("name", String),
    column("sha256", String),
    column("may_write", Boolean),
    column("created_at", DateTime),
)


def add_token(connection: Connection) -> str:
    """Make a token that may read and write, as `flask token create` does; returns it."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(TOKENS).values(
            name="made by the conversion",
            sha256=hashlib.sha256(token.encode()).hexdigest(),
            may_write=True,
            created_at=dt.datetime.now(dt.UTC).replace(tzinfo=None),
        )
    )
    return token
