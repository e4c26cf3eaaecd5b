"""Who may do what: tokens for the API, operators for the admin pages.

Both are the app's own. People whom the data holds (users, members …) never become operators.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from flask import current_app, has_request_context, request, session
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import Boolean, Column, Integer, String, Table, select
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from app.database import db
from app.passwords import is_right, spend_time
from app.problems import too_soon
from app.types import UTCDateTime, utc_now

tokens = Table(
    "app_tokens",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("may_write", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False, default=utc_now),
)
operators = Table(
    "app_operators",
    db.metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("password", String(255), nullable=False),
    Column("created_at", UTCDateTime, nullable=False, default=utc_now),
)

SECONDS_KNOWN = 5
"""How long a process remembers a token that it has looked up: that long a revoked one still lives."""

TRIES = RateLimitItemPerMinute(10)
"""How often an address may fail with tokens or passwords, and anybody with one account's."""

READING = ("GET", "HEAD", "OPTIONS")


@dataclass
class Guard:
    """What one application remembers of tokens that are good, and counts of tries that weren't."""

    limiter: MovingWindowRateLimiter
    known: dict[str, tuple[float, bool]]


def guard() -> Guard:
    """Return the application's guard."""
    if "guard" not in current_app.extensions:
        storage = storage_from_string(current_app.config["RATE_LIMIT_STORAGE"])
        current_app.extensions["guard"] = Guard(MovingWindowRateLimiter(storage), {})
    return current_app.extensions["guard"]  # type: ignore[no-any-return]


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the hash that is kept in place of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def may_write(token: str) -> bool | None:
    """Say whether a token is for writing too; None if there is no such token."""
    known, digest = guard().known, token_hash(token)
    if digest in known and known[digest][0] > time.monotonic():
        return known[digest][1]
    known.pop(digest, None)
    query = select(tokens.c.may_write).where(tokens.c.sha256 == digest)
    with db.engine.connect() as connection:
        found = connection.scalar(query)
    if found is not None:
        if len(known) > 1000:
            known.clear()
        known[digest] = (time.monotonic() + SECONDS_KNOWN, found)
    return found


def require_token(tables: tuple[str, ...] = (), *, writes: bool | None = None) -> None:
    """Refuse a request that may not be answered: reads of public tables need no token."""
    given = request.authorization
    reading = request.method in READING if writes is None else not writes
    if given is None and reading and tables and is_public(*tables):
        return
    refuse_many_tries("token", request.remote_addr)
    token = given.token if given is not None and given.type == "bearer" else None
    allowed = may_write(token) if token else None
    if allowed is None:
        problem = "Send the header `Authorization: Bearer TOKEN`"
        if token:
            count_try("token", request.remote_addr)
            problem = "This token isn't known, or was revoked"
        raise Unauthorized(
            f"{problem}; `flask token create` makes a token.", www_authenticate=WWWAuthenticate("bearer")
        )
    if not (allowed or reading):
        raise Forbidden("This token is for reading only; `flask token create` makes one to write.")


def is_public(*tables: str) -> bool:
    """Say whether anybody may read all these tables."""
    return set(tables) <= set(current_app.config["PUBLIC_TABLES"])


def refuse_many_tries(*who: Any) -> None:
    """Refuse one who has failed too often; raises a Problem."""
    limiter = guard().limiter
    if not limiter.test(TRIES, *map(str, who)):
        reset = limiter.get_window_stats(TRIES, *map(str, who)).reset_time
        raise too_soon(max(1, int(reset - time.time()) + 1), "failed tries")


def count_try(*who: Any) -> None:
    """Count a failed try."""
    guard().limiter.hit(TRIES, *map(str, who))


@dataclass(frozen=True)
class Operator:
    """Somebody who may use the admin pages; `proof` changes with the password."""

    id: int
    name: str
    proof: str


def find_operator(condition: Any) -> tuple[Operator, str] | None:
    """Return an operator and the hash of the password."""
    with db.engine.connect() as connection:
        row = connection.execute(select(operators).where(condition)).first()
    if row is None:
        return None
    return Operator(row.id, row.name, token_hash(row.password)[:16]), row.password


def log_in(name: str, password: str) -> bool:
    """Begin an operator's session if the password is right; raises a Problem after many tries."""
    who = [("login", request.remote_addr), ("operator", name.lower()[:80])]
    for each in who:
        refuse_many_tries(*each)
    found = find_operator(operators.c.name == name)
    if found is None:
        spend_time(password)
    elif is_right(found[1], password):
        session.clear()
        session["operator"], session["proof"] = found[0].id, found[0].proof
        session.permanent = True
        return True
    for each in who:
        count_try(*each)
    return False


def current_operator() -> Operator | None:
    """Return who is logged in; a changed password or a deleted operator ends all sessions."""
    if not has_request_context() or "operator" not in session:
        return None
    found = find_operator(operators.c.id == session["operator"])
    if found is None or found[0].proof != session.get("proof"):
        session.clear()
        return None
    return found[0]
