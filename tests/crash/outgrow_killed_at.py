"""Runs outgrow until it comes to a point, and kills it there with all its processes: POINT COUNT ARGUMENTS...

COUNT says which time that the run comes to the point is its last. `pause` lets others do something instead.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from outgrow import app_folder, building, cli, steps
from outgrow.database import patience, side_by_side, waiting
from outgrow.database.ledger import Ledger
from outgrow.transfer import load_table


class Death:
    """Comes at the given one of several occasions."""

    def __init__(self, occasion: int) -> None:
        self.occasion, self.occasions = occasion, count(1)

    def may_come(self) -> None:
        if next(self.occasions) == self.occasion:
            os.killpg(0, signal.SIGKILL)


def after(call: Callable[..., Any], death: Death, *words: str) -> Callable[..., Any]:
    """Let death come once a call is done; with words, one of whose arguments begins with one of them."""

    def called(*arguments: Any, **named: Any) -> Any:
        done = call(*arguments, **named)
        if not words or any(isinstance(each, str) and each.startswith(words) for each in arguments):
            death.may_come()
        return done

    return called


def rename(death: Death) -> None:
    """The app stands, its tables don't."""
    app_folder.move_into_place = after(app_folder.move_into_place, death)


def upgrade(death: Death) -> None:
    """So many of the revision's tables are made."""

    make = building.upgrade

    def making(engine: Engine, app: Path) -> None:
        @event.listens_for(engine, "after_cursor_execute")
        def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.lstrip().startswith("CREATE TABLE"):
                death.may_come()

        make(engine, app)

    building.upgrade = making


def batch(death: Death) -> None:
    """A chunk's rows and its entry are written, their transaction isn't at its end."""
    load_table.RECORDS_PER_TRANSACTION = 1
    Ledger.add_chunks = after(Ledger.add_chunks, death)  # type: ignore[method-assign]


def index(death: Death) -> None:
    """So many of the indexes and foreign keys are there again."""
    waiting.execute = side_by_side.execute = after(waiting.execute, death, "CREATE", "ALTER")


def prove(death: Death) -> None:
    """So many of what is done in further sessions is done, whatever these go on with."""
    side_by_side._run_list = after(side_by_side._run_list, death)


def verify(death: Death) -> None:
    """All is loaded, and some of it compared."""
    compare = steps.compare

    def comparing(plan: Any, engine: Any, source: Any, _progress: Any) -> Any:
        return compare(plan, engine, source, lambda *_: death.may_come())

    steps.compare = comparing


class Pause(Death):
    """Comes instead of death, so that somebody else can do something."""

    def may_come(self) -> None:
        if next(self.occasions) == self.occasion:
            time.sleep(2)


def pause(death: Death) -> None:
    """A chunk's rows and its entry are written, and some were before."""
    batch(Pause(death.occasion))


def pause_and_despair(death: Death) -> None:
    """The same, but a database that is lost then is waited for no longer."""
    patience.SECONDS_TO_WAIT = ()
    pause(death)


def pause_in_verify(death: Death) -> None:
    """All is loaded, and some of it compared."""
    verify(Pause(death.occasion))


PAUSES = (pause, pause_and_despair, pause_in_verify)
POINTS = {point.__name__: point for point in (rename, upgrade, batch, index, prove, verify, *PAUSES)}

if __name__ == "__main__":
    sys.argv[1:3], (name, number) = [], sys.argv[1:3]
    POINTS[name](Death(int(number)))
    cli.main()
