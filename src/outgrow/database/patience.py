"""Waits for a database that is lost, and goes on once it answers again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from outgrow.errors import DatabaseError
from outgrow.record import Finding

T = TypeVar("T")
SECONDS_TO_WAIT = (1, 2, 4, 8, 15, 15, 15)
"""Before each further try; as long as a server takes to start again."""


def patiently(work: Callable[[], T], what: str, findings: list[Finding], done: Callable[[], int] = lambda: 0) -> T:
    """Do something, and again where the database is lost on the way, said as `what`. `done` grows as it comes on."""
    tries = before = 0
    while True:
        try:
            return work()
        except DatabaseError as error:
            tries, before = 0 if done() > before else tries, done()
            if not error.is_passing or tries == len(SECONDS_TO_WAIT):
                raise
            findings.append(Finding("warning", f"{what}: {error.problem}"))
            time.sleep(SECONDS_TO_WAIT[tries])
            tries += 1
