"""The tests that every app brings, on servers: as its owner runs them, with TEST_DATABASE_URL."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from database_servers import SERVERS, Server
from server_apps import App

WITHOUT_ROWS = ("api_docs", "passwords", "security", "settings")
"""Which of the files have no use for a database."""

BY_PLAN = {
    "odd": ("api_writes", "changes", "import", "migrations", "models"),
    "long": ("api", "migrations", "models"),
    "values": ("api", "migrations", "models"),
}
"""Which of the files are run for further plans: those whose tests are others in each app, as far as time allows."""

Rendered = Callable[[str], Path]


@pytest.fixture(params=SERVERS)
def empty_database(request: pytest.FixtureRequest, server: Callable[[str], Server]) -> str:
    """The URL of an empty database on a server of each kind."""
    return server(request.param).new_database()


def try_app(folder: Path, url: str, *arguments: str) -> tuple[int, str]:
    """Run an app's tests on a database, and return how that ended and what was said."""
    if url.startswith("mysql"):
        url += "&ssl_disabled=true"  # PyMySQL would make ready for TLS at each connection, which takes it 27 ms
    options = ["-q", "-p", "no:cacheprovider", "--tb=short", "--show-capture=no"]
    return App(folder, "sqlite://").end("pytest", *options, *arguments, TEST_DATABASE_URL=url)


def test_the_tests_of_an_app_pass_and_leave_nothing(rendered: Rendered, empty_database: str) -> None:
    ignored = [f"--ignore=tests/test_{name}.py" for name in WITHOUT_ROWS]
    code, said = try_app(rendered("blog"), empty_database, *ignored)
    assert (code, " passed" in said) == (0, True), said[-8000:]
    assert App(rendered("blog"), empty_database).tables() == set()


@pytest.mark.parametrize("plan", BY_PLAN)
def test_the_tests_of_apps_with_odd_tables_pass(rendered: Rendered, empty_database: str, plan: str) -> None:
    code, said = try_app(rendered(plan), empty_database, *(f"tests/test_{name}.py" for name in BY_PLAN[plan]))
    assert (code, " passed" in said) == (0, True), said[-8000:]


def test_a_database_in_which_something_is_stays_as_it_is(rendered: Rendered, empty_database: str) -> None:
    engine = sa.create_engine(empty_database, poolclass=sa.NullPool)
    precious = sa.Table("precious", sa.MetaData(), sa.Column("id", sa.Integer))
    precious.create(engine)
    with engine.begin() as connection:
        connection.execute(precious.insert().values(id=7))
    code, said = try_app(rendered("blog"), empty_database)
    assert (code, "TEST_DATABASE_URL" in said, "precious" in said, "Traceback" in said) == (4, True, True, False), said
    with engine.connect() as connection:
        assert connection.scalars(sa.select(precious.c.id)).all() == [7]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://ann:secret@127.0.0.1:1/nowhere", "refused"),
        ("mysql://ann:secret@127.0.0.1:1/nowhere", "Can't connect"),
        ("sqlite:///somewhere.db", "for servers"),
        ("nonsense", "URL"),
    ],
)
def test_a_database_that_cant_be_used_is_a_plain_message(rendered: Rendered, url: str, why: str) -> None:
    code, said = try_app(rendered("blog"), url, "tests/test_models.py")
    assert (code, "TEST_DATABASE_URL" in said, why in said) == (4, True, True), said
    assert ("Traceback" in said, "secret" in said) == (False, False), said
