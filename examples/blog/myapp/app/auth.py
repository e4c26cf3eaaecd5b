"""Who may use the API, and how passwords are kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from flask import current_app, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

password_hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return the hash that is kept in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_same(one: str, other: str) -> bool:
    """Compare two hashes in a time that doesn't tell how much of them agrees."""
    return hmac.compare_digest(one.lower().encode(), other.lower().encode())


def require_token() -> None:
    """Refuse a request that doesn't bring the token."""
    given = request.authorization
    token = given.token if given is not None and given.type == "bearer" else None
    wanted = current_app.config["API_TOKEN_SHA256"]
    if not token or not wanted or not is_same(token_hash(token), wanted):
        raise Unauthorized(
            "Send the header `Authorization: Bearer TOKEN`; `flask token create` makes a token.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
