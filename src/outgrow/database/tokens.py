"""Who may use an app: the first token of its API, and what an app that is made anew takes over from the old one."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import Boolean, Connection, DateTime, String, column, insert, select, table

TOKENS = table(
    "app_tokens",
    column("name", String),
    column("sha256", String),
    column("may_write", Boolean),
    column("created_at", DateTime),
)

OPERATORS = table(
    "app_operators",
    column("name", String),
    column("password", String),
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


def has_token(connection: Connection) -> bool:
    """Say whether an app has a token already."""
    return connection.execute(select(TOKENS.c.name).limit(1)).first() is not None


def copy_access(old: Connection, new: Connection) -> None:
    """Let the operators and the tokens of one app be good for another."""
    for access in (OPERATORS, TOKENS):
        rows = [dict(row) for row in old.execute(select(access)).mappings()]
        if rows:
            new.execute(insert(access), rows)
