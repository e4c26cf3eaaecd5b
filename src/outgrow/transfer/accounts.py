"""Accounts whose passwords leave as hashes that the old site doesn't know, so that they can't log in there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from outgrow.record import Finding, many
from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Row, Shape
from outgrow.schema.words import UNIQUE_IN_ACCOUNTS, squash
from outgrow.transfer.fetch import key_of
from outgrow.transfer.passwords import was_made

MOST_NAMED = 10


class LockedOut:
    """Counts such accounts, by table, and names the first of them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.counts: Counter[str] = Counter()
        self.named: dict[str, list[str]] = {}

    def take(self, shape: Shape, row: Row) -> None:
        """Take note of a row whose old hashes can't be put back."""
        numbers = password_columns(self.plan, shape.table)
        if not any(row[number] and was_made(str(row[number])) for number in numbers):
            return
        name = shape.table.name
        self.counts[name] += 1
        known = self.named.setdefault(name, [])
        if len(known) < MOST_NAMED:
            known.append(_name_of(shape, row))

    def findings(self) -> Iterator[Finding]:
        """A warning for each table."""
        for name, count in self.counts.items():
            rest = count - len(self.named[name])
            names = ", ".join(self.named[name]) + (f" and {rest:,} more" if rest else "")
            told = f"{name}: {many(count, 'account')} can no longer log in on the old site, unless it knows argon2"
            yield Finding("warning", f"{told}: {names}")


def _name_of(shape: Shape, row: Row) -> str:
    """What a person knows an account by: its name for the login, else its key."""
    for number, column in enumerate(shape.table.columns):
        if squash(column.name) in UNIQUE_IN_ACCOUNTS and not column.secret and row[number]:
            return str(row[number])
    return ", ".join(map(str, key_of(shape, row)))
