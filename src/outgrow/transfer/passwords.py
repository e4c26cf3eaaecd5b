"""Hashes the passwords of the site's own people on their way into the database.

Plain text never arrives there; a fast hash is wrapped in argon2, so that it can't be tried in bulk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns, scheme_of, split_hash
from outgrow.schema.shape import Row, Shape

# OWASP's first choice of parameters: 19 MiB, two passes, one lane.
ARGON2 = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


class Hasher:
    """Hashes passwords once each and counts them by scheme."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.schemes: Counter[str] = Counter()

    @property
    def count(self) -> int:
        """How many passwords were hashed or wrapped."""
        return sum(number for scheme, number in self.schemes.items() if scheme != "strong")

    def hash_rows(self, shapes: Sequence[Shape], rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
        """The rows as they are stored."""
        stored = dict(rows)
        for shape in shapes:
            numbers = password_columns(self.plan, shape.table)
            if numbers:
                stored[shape.table.name] = [self._hash_row(row, numbers) for row in rows[shape.table.name]]
        return stored

    def _hash_row(self, row: Row, numbers: tuple[int, ...]) -> Row:
        values = list(row)
        for number in numbers:
            if values[number]:
                values[number] = self.hash_text(str(values[number]))
        return tuple(values)

    def hash_text(self, text: str) -> str:
        """A password as it is stored."""
        scheme = scheme_of(text)
        self.schemes[scheme] += 1
        if scheme == "strong":
            return text
        tag, hidden = split_hash(text) or ("", text)
        return f"{tag}+{ARGON2.hash(hidden)}" if tag else ARGON2.hash(hidden)


def is_hash_of(stored: str, text: str) -> bool:
    """Whether a stored password was made from the source's text."""
    if scheme_of(text) == "strong":
        return stored == text
    tag, hidden = split_hash(text) or ("", text)
    # Split at the last place: a salt may hold anything, argon2's own text holds no plus before its name.
    kept, plus, bare = stored.rpartition("+$argon2id$")
    if kept != tag:
        return False
    try:
        return ARGON2.verify("$argon2id$" + bare if plus else stored, hidden)
    except (Argon2Error, InvalidHashError):
        return False


def was_made(stored: str) -> bool:
    """Whether a stored password is a hash that outgrow made, by its parameters."""
    return "+$argon2" in stored or (stored.startswith("$argon2id") and "m=19456,t=2,p=1" in stored)


def is_stored_as(stored: Any, text: Any) -> bool:
    """Whether a cell holds a password of the source as it is stored; an empty one stays as it is."""
    return bool(stored == text) if not stored or not text else is_hash_of(str(stored), str(text))
