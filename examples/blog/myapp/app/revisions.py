"""Revisions on MariaDB and MySQL, which commit each change of a table by itself: one that is cut off goes on later.

What a revision has done is noted in the table `revision_steps`, until all of it is done. Run again, it passes over
those statements. What a program was killed within may be done or not: that "it exists already" is good news then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import update_wrapper
from hashlib import sha256
from typing import Any

from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import Boolean, Column, Connection, Integer, MetaData, String, Table, event, inspect, select

STEPS = Table(
    "revision_steps",
    MetaData(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("revision", String(255), nullable=False),
    Column("statement", String(64), nullable=False),
    Column("is_done", Boolean, nullable=False),
)
BLANKS = r"(?:\s|--[^\n]*\n|#[^\n]*\n|/\*.*?\*/)*"
ASKS = "select|show|set|with|describe|desc|explain|use|do|savepoint|release|rollback|lock|unlock"
ASKING = re.compile(rf"{BLANKS}({ASKS})\b", re.IGNORECASE | re.DOTALL)
CHANGING_ROWS = re.compile(rf"{BLANKS}(insert|update|delete|replace)\b", re.IGNORECASE | re.DOTALL)
GONE = (1054, 1146)
"""There is no such column, no such table."""

DONE = (*GONE, 1005, 1022, 1050, 1051, 1060, 1061, 1068, 1091, 1304, 1305, 1359, 1360, 1826, 3822)
"""What a server says to a change of tables that is done already: it exists, or there is nothing to drop."""

Steps = Callable[[Any, MigrationContext], Iterable[Any]]


def resumable(steps: Steps) -> Steps:
    """Let each revision among an Alembic command's steps go on where it was cut off."""

    def run(heads: Any, context: MigrationContext) -> Iterator[Any]:
        for step in steps(heads, context):
            if isinstance(step, RevisionStep) and context.connection is not None:
                revision = f"{'upgrade' if step.is_upgrade else 'downgrade'} of {step.revision.revision}"
                step.migration_fn = Resumable(context.connection, revision, step.migration_fn)
            yield step

    return run


def forget_steps(ctx: MigrationContext, **_: object) -> None:
    """Forget what the revision has done, in the transaction that notes that all of it is."""
    if ctx.connection is not None and inspect(ctx.connection).has_table(STEPS.name):
        ctx.connection.execute(STEPS.delete())


def drop_empty_steps(connection: Connection) -> None:
    """Drop the table of notes when there is none."""
    if inspect(connection).has_table(STEPS.name) and connection.execute(select(STEPS)).first() is None:
        STEPS.drop(connection)


class Resumable:
    """One way of a revision: runs its statements, but for those that are done."""

    def __init__(self, connection: Connection, revision: str, function: Callable[..., None]) -> None:
        update_wrapper(self, function)  # Alembic says its name
        self.connection, self.revision, self.function = connection, revision, function
        self.number, self.is_noting = 0, False
        self.has_table = inspect(connection).has_table(STEPS.name)
        self.known = connection.execute(select(STEPS).order_by(STEPS.c.number)).all() if self.has_table else []

    def __call__(self, **arguments: Any) -> None:
        """Run the function; raises RuntimeError, which `flask db` shows as it is, where it fails half-way."""
        if self.known and self.known[0].revision != self.revision:
            raise RuntimeError(
                f"The {self.known[0].revision} was cut off. Go on with it first, by the same command. To give it up "
                f"instead, undo by hand what it has done, and drop the table {STEPS.name}."
            )
        try:
            with self.listening():
                self.function(**arguments)
        except Exception as error:
            if not self.number:
                raise
            raise RuntimeError(
                f"The {self.revision} has failed: {getattr(error, 'orig', None) or error}\n"
                "What it did before that stays, and is remembered. Mend the rows, or what the revision still has to "
                "do, and run the same command again: it goes on from there."
            ) from error

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Have a say in what the connection executes."""
        listeners: dict[str, Callable[..., bool]] = {
            "do_execute": lambda cursor, statement, given, _: self.run(statement, cursor.execute, statement, given),
            "do_executemany": lambda cursor, statement, given, _: self.run(
                statement, cursor.executemany, statement, given
            ),
            "do_execute_no_params": lambda cursor, statement, _: self.run(statement, cursor.execute, statement),
        }
        for name, listener in listeners.items():
            event.listen(self.connection.engine, name, listener)
        try:
            yield
        finally:
            for name, listener in listeners.items():
                event.remove(self.connection.engine, name, listener)

    def run(self, statement: str, execute: Callable[..., Any], *arguments: Any) -> bool:
        """Execute a statement unless that was done; returns False for those that are none of the revision's."""
        if self.is_noting:
            return False
        if ASKING.match(statement):
            self.ask(execute, *arguments)
            return True
        digest = sha256(statement.encode()).hexdigest()
        before = self.known[self.number] if self.number < len(self.known) else None
        if before is not None and before.statement != digest:
            raise RuntimeError(f"Statement {self.number + 1} is another one than when it was run. Let it be as it was.")
        if before is None or not before.is_done:
            self.make_table()  # now, as that commits what was changed before
            if CHANGING_ROWS.match(statement):
                execute(*arguments)
                self.note(STEPS.insert().values(number=self.number, **self.values(digest, is_done=True)))
            else:
                self.change_tables(digest, before is not None, execute, *arguments)
        self.number += 1
        return True

    def ask(self, execute: Callable[..., Any], *arguments: Any) -> None:
        """Ask the database; of what was dropped later on there is nothing to tell."""
        try:
            execute(*arguments)
        except Exception as error:
            if self.number >= len(self.known) or not error.args or error.args[0] not in GONE:
                raise
            execute("SELECT NULL FROM DUAL WHERE FALSE")

    def change_tables(self, digest: str, was_begun: bool, execute: Callable[..., Any], *arguments: Any) -> None:
        """Execute what can't be undone: noted before, so that a kill within is known of, and after."""
        this = STEPS.c.number == self.number
        if not was_begun:
            self.note(STEPS.insert().values(number=self.number, **self.values(digest, is_done=False)), commit=True)
        try:
            execute(*arguments)
        except Exception as error:
            if not was_begun or not error.args or error.args[0] not in DONE:
                with suppress(Exception):  # where the connection is lost, nobody knows whether it's done
                    self.note(STEPS.delete().where(this), commit=True)
                raise
        self.note(STEPS.update().where(this).values(is_done=True), commit=True)

    def values(self, digest: str, *, is_done: bool) -> dict[str, Any]:
        """What is noted of a statement."""
        return {"revision": self.revision, "statement": digest, "is_done": is_done}

    def note(self, change: Any, *, commit: bool = False) -> None:
        """Change the notes; what changes rows is committed together with them, at the next change of tables."""
        with self.noting():
            self.connection.execute(change)
            if commit:
                self.connection.connection.commit()  # SQLAlchemy's own transaction goes on

    def make_table(self) -> None:
        """Make the table of notes where it is missing."""
        if not self.has_table:
            with self.noting():
                STEPS.create(self.connection)
            self.has_table = True

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Take what is executed for none of the revision's."""
        self.is_noting = True
        try:
            yield
        finally:
            self.is_noting = False
