"""The tree of errors. Each says what is wrong, where, and what to do about it.

    OutgrowError
    ├── SourceError      a file can't be read as what it claims to be (UnreadableError: so that it may be kept as it is)
    ├── PlanError        the plan says something that can't be meant
    ├── AppError         the app's folder isn't what the command needs
    └── DatabaseError    the database refuses, is locked, full or not empty

Bad *data* is no error: it becomes a `Reject` or a `Finding`. A traceback means a bug in outgrow.
"""

from __future__ import annotations

from typing import Any

from outgrow.record import Origin


class OutgrowError(Exception):
    """The one root that the door catches."""

    def __init__(self, problem: str, *, origin: Origin | None = None, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.origin = origin
        self.hint = hint

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.problem, self.origin, self.hint), self.__dict__

    def __str__(self) -> str:
        text = f"{self.origin}: {self.problem}" if self.origin else self.problem
        return f"{text}\n{self.hint}" if self.hint else text


def _rebuild(kind: type[OutgrowError], problem: str, origin: Origin | None, hint: str | None) -> OutgrowError:
    """Make an error again that comes from another process."""
    return kind(problem, origin=origin, hint=hint)


class SourceError(OutgrowError):
    """Raised when a file of the source can't be read."""


class UnreadableError(SourceError):
    """Raised when a file can't be read to its end, or at all; beside others it is kept as it is."""


class PlanError(OutgrowError):
    """Raised when a plan can't be read back; the text names each line that is wrong."""


class AppError(OutgrowError):
    """Raised when an app's folder is missing, in the way, or not what outgrow wrote."""


class DatabaseError(OutgrowError):
    """Raised when the database can't do what is asked; `is_passing` where it may a little later."""

    is_passing = False
