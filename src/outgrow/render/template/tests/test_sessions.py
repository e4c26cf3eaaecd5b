"""A unit of work commits once, leaves nothing when it fails, and is run again where that helps."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from app import database
from app.auth import operators
from app.database import counters, db, unit_of_work
from tests.databases import about_sqlite


def add(name: str) -> None:
    db.session.execute(sa.insert(operators).values(name=name, password="x"))


def names() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.scalars(sa.select(operators.c.name).order_by(operators.c.name)))


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests listen to the engine."""
    return own_app


@contextmanager
def locked() -> Iterator[sqlite3.Connection]:
    """Hold SQLite's one lock for writing, as another process would."""
    other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        if other.in_transaction:
            other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SECONDS_TO_TRY", 0.5)

    @sa.event.listens_for(db.engine, "checkout")
    def hurry(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 10")


def test_the_end_of_the_block_commits(app: Flask) -> None:
    with unit_of_work():
        add("ann")
    assert names() == ["ann"]


def test_an_error_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        add("ann")
        raise ZeroDivisionError
    assert names() == []


def test_a_unit_within_a_unit_is_committed_with_it_or_not_at_all(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work():
        with unit_of_work():
            add("ann")
        assert names() == []
        raise ZeroDivisionError
    assert names() == []
    with unit_of_work():
        with unit_of_work():
            add("ann")
        add("bob")
    assert names() == ["ann", "bob"]


def test_what_failed_within_cant_be_committed_outside(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="nothing was committed"), unit_of_work():
        with pytest.raises(ZeroDivisionError), unit_of_work():
            add("ann")
            raise ZeroDivisionError
        add("bob")
    assert names() == []
    with unit_of_work():
        add("eve")
    assert names() == ["eve"]


@about_sqlite
def test_a_unit_that_cant_have_the_lock_is_given_up(app: Flask, impatient: None) -> None:
    @unit_of_work()
    def work() -> None:
        add("ann")

    before = counters["retries"]
    with locked():
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            work()
    assert counters["retries"] > before + 1
    work()
    assert names() == ["ann"]


@about_sqlite
def test_a_unit_is_run_again_until_the_lock_is_free(app: Flask, impatient: None) -> None:
    tries = []

    @unit_of_work()
    def work() -> None:
        tries.append(1)
        add("ann")

    @sa.event.listens_for(db.engine, "handle_error")
    def free(context: sa.engine.ExceptionContext) -> None:
        other.execute("ROLLBACK")

    with locked() as other:
        before = counters["retries"]
        work()
    assert (counters["retries"], len(tries), names()) == (before + 1, 1, ["ann"])


def test_no_update_is_lost_between_many_writers(app: Flask) -> None:
    with unit_of_work():
        add("0")

    @unit_of_work()
    def count_up() -> None:
        number = int(db.session.scalar(sa.select(operators.c.name).with_for_update()) or 0)
        db.session.execute(sa.update(operators).values(name=str(number + 1)))

    def writer() -> None:
        for _ in range(10):
            with app.app_context():
                count_up()

    threads = [threading.Thread(target=writer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names() == ["40"]


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_deadlocks_of_postgresql_may_pass(code: str) -> None:
    cause = Exception("deadlock detected")
    cause.sqlstate = code  # type: ignore[attr-defined]
    assert database.may_pass(sa.exc.OperationalError("UPDATE", {}, cause))


@pytest.mark.parametrize("number", [1213, 1205, 1020])
def test_deadlocks_of_mariadb_may_pass(number: int) -> None:
    cause = Exception(number, "Deadlock found")
    assert database.may_pass(sa.exc.OperationalError("UPDATE", {}, cause))
    assert not database.may_pass(sa.exc.OperationalError("", {}, Exception(1064, "syntax")))
