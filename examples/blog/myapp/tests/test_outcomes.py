"""What becomes of a unit of work when the database ends its transaction, or is lost; none is done by half."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app, database
from app.auth import operators
from app.config import Config
from app.database import OutcomeUnknown, counters, db, unit_of_work
from tests.rows import MODELS

Lose = Callable[..., list[int]]


def add(name: str) -> None:
    db.session.execute(sa.insert(operators).values(name=name, password="x"))


def names() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.scalars(sa.select(operators.c.name).order_by(operators.c.name)))


def error_of_driver(number: int) -> Exception:
    """Return an error as MariaDB's driver raises it."""
    error: Exception = db.engine.dialect.dbapi.OperationalError(number, "as MariaDB says it")  # type: ignore[union-attr]
    return error


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """These tests let the engine fail."""
    return own_app


@pytest.fixture
def fail(app: Flask, request: pytest.FixtureRequest) -> Lose:
    """Let some statements fail by an error's number; the list that is returned tells how often they did."""

    def fail(number: int, beginning: str, times: int = 1) -> list[int]:
        seen: list[int] = []

        def instead(_cursor: Any, statement: str, *_: object) -> None:
            if statement.startswith(beginning) and len(seen) < times:
                seen.append(number)
                raise error_of_driver(number)

        sa.event.listen(db.engine, "do_execute", instead)
        sa.event.listen(db.engine, "do_execute_no_params", instead)
        return seen

    return fail


@pytest.fixture
def lose_commits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Lose:
    """Let commits fail, stored or not, by the number of an error."""

    def lose_commits(number: int, *, stored: bool, times: int = 1) -> list[int]:
        dialect, seen = db.engine.dialect, list[int]()
        commit, roll_back = dialect.do_commit, dialect.do_rollback

        def instead(connection: Any) -> None:
            if len(seen) == times:
                commit(connection)
                return
            seen.append(number)
            commit(connection) if stored else roll_back(connection)
            raise error_of_driver(number)

        monkeypatch.setattr(dialect, "do_commit", instead)
        return seen

    return lose_commits


@pytest.mark.parametrize("number", [1047, 1053, 1180, 1213, 1290])
def test_a_transaction_that_the_database_has_ended_is_run_again_as_a_whole(fail: Lose, number: int) -> None:
    @unit_of_work()
    def work() -> None:
        add("ann")
        with db.session.begin_nested():
            add("bob")

    seen, before = fail(number, "SAVEPOINT"), counters["retries"]
    work()
    assert (seen, counters["retries"] - before, names()) == ([number], 1, ["ann", "bob"])


def test_nothing_more_is_done_in_a_transaction_that_has_ended(fail: Lose) -> None:
    fail(1213, "INSERT")
    with pytest.raises(sa.exc.PendingRollbackError), unit_of_work():
        with pytest.raises(sa.exc.OperationalError):
            add("ann")
        add("bob")
    with pytest.raises(sa.exc.PendingRollbackError), unit_of_work():
        fail(1213, "INSERT")
        with pytest.raises(sa.exc.OperationalError):
            add("ann")
    assert names() == []


@pytest.mark.parametrize("number", [1047, 1213])
def test_a_commit_that_was_surely_refused_is_run_again(lose_commits: Lose, number: int) -> None:
    seen = lose_commits(number, stored=False)
    unit_of_work()(lambda: add("ann"))()
    assert (seen, names()) == ([number], ["ann"])


@pytest.mark.parametrize("stored", [True, False])
def test_a_commit_of_which_nobody_knows_is_not_run_again_unasked(lose_commits: Lose, stored: bool) -> None:
    lose_commits(1180, stored=stored)
    with pytest.raises(OutcomeUnknown):
        unit_of_work()(lambda: add("ann"))()
    assert names() == (["ann"] if stored else [])


@pytest.mark.parametrize("stored", [True, False])
def test_what_may_be_repeated_is_run_again(lose_commits: Lose, stored: bool) -> None:
    @unit_of_work(repeatable=True)
    def work() -> None:
        if not db.session.scalar(sa.select(operators.c.id).where(operators.c.name == "ann")):
            add("ann")

    seen = lose_commits(1180, stored=stored)
    work()
    assert (seen, names()) == ([1180], ["ann"])


def test_a_block_says_too_that_nobody_knows(lose_commits: Lose) -> None:
    lose_commits(1180, stored=True)
    with pytest.raises(OutcomeUnknown), unit_of_work():
        add("ann")


@pytest.mark.skipif(not MODELS, reason="there are no tables")
def test_a_command_says_it_in_words(app: Flask, lose_commits: Lose, tmp_path: Path) -> None:
    (tmp_path / "records.json").write_text("[{}]")
    lose_commits(1180, stored=False)
    table = MODELS[0].__tablename__
    result = app.test_cli_runner().invoke(args=["import", str(tmp_path / "records.json"), "--table", table])
    assert (result.exit_code, "may be done, or not" in result.output) == (1, True), result.output


def test_what_never_passes_is_given_up(fail: Lose, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SECONDS_TO_TRY", 0.2)
    seen = fail(1047, "INSERT", times=1000)
    with pytest.raises(sa.exc.OperationalError, match="1047"):
        unit_of_work()(lambda: add("ann"))()
    assert 1 < len(seen) < 1000


def test_reads_that_wait_for_other_nodes_do_no_harm_where_there_are_none(app: Flask) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    waiting = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": url, "GALERA_SYNC_WAIT": "yes"}))
    with waiting.app_context():
        with unit_of_work():
            add("ann")
        assert names() == ["ann"]
        db.engine.dispose()


@pytest.mark.parametrize("number", [2003, 2006, 2013])
def test_a_server_that_cant_be_reached_may_be_back_soon(number: int) -> None:
    cause = Exception(number, "Lost connection")
    assert database.may_pass(sa.exc.OperationalError("", {}, cause))


def test_a_wrong_value_never_passes() -> None:
    cause = Exception("a text can't hold NUL")
    cause.sqlstate = None  # type: ignore[attr-defined]
    assert database.may_pass(sa.exc.OperationalError("", {}, cause))
    assert not database.may_pass(sa.exc.DataError("", {}, cause))
