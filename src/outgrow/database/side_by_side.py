"""Puts up what waited for the data; on PostgreSQL in two sessions at once, a table in each.

PostgreSQL compares all rows by a foreign key on one processor, and the others would have nothing to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from outgrow.database.engine import LOCK, begin, execute, open_engine
from outgrow.database.waiting import Waiting, put_up, put_up_unproved, statements_left, take_down
from outgrow.errors import DatabaseError

SESSIONS = 2
AT_WORK = LOCK + 1
"""The number by which a load knows that sessions of one that was killed are still at work."""


def put_up_and_prove(engine: Engine, waiting: Sequence[Waiting]) -> bool:
    """Put up indexes, and foreign keys where the database compares all rows by them; says whether it has.

    Where it doesn't, or a reference leads nowhere, foreign keys stay down.
    """
    indexes = [each for each in waiting if each.kind == "index"]
    if engine.dialect.name != "postgresql":
        with begin(engine) as connection:
            put_up(connection, indexes)
        return False
    keys = [each for each in waiting if each.kind == "foreign key"]
    with begin(engine) as connection:
        execute(connection, f"SELECT pg_advisory_xact_lock({AT_WORK})")
        put_up_unproved(connection, keys)
        work = statements_left(connection, waiting)
    try:
        _run(engine, work)
    except DatabaseError as error:
        if not isinstance(error.__cause__, IntegrityError):
            raise
        with begin(engine) as connection:
            take_down(connection, keys)
            put_up(connection, indexes)
        return False
    return True


def _run(engine: Engine, work: list[list[str]]) -> None:
    """Run lists of statements, each list in a transaction, some at the same time if the server lets us."""
    others = open_engine(engine.url)
    running: list[Connection] = []
    try:
        if _sessions(others, len(work)) < SESSIONS:
            for statements in work:
                _run_list(engine, statements, running)
            return
        with ThreadPoolExecutor(SESSIONS) as pool:
            try:
                for done in [pool.submit(_run_list, others, statements, running) for statements in work]:
                    done.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                _cancel(running)
                raise
    finally:
        others.dispose()


def _sessions(engine: Engine, wanted: int) -> int:
    """How many sessions can be had, of those that are wanted or of SESSIONS."""
    with ExitStack() as stack:
        for number in range(min(wanted, SESSIONS)):
            try:
                stack.enter_context(engine.connect())
            except DBAPIError:
                return number
    return min(wanted, SESSIONS)


def _run_list(engine: Engine, statements: list[str], running: list[Connection]) -> None:
    with begin(engine) as connection:
        running.append(connection)
        try:
            execute(connection, f"SELECT pg_advisory_xact_lock_shared({AT_WORK})")
            for statement in statements:
                execute(connection, statement)
        finally:
            running.remove(connection)


def _cancel(running: Sequence[Connection]) -> None:
    """Let the server give up what it is at."""
    for connection in list(running):
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.cancel()
