"""An application on a database of its own, fresh for each test; `databases.py` says where that is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app import db
from tests.databases import TOKEN, Files, Server, find_databases, new_app


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at little cost, but where that itself is tested."""
    if request.path.name != "test_passwords.py":
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr("app.passwords.ARGON2", quick)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files | Server]:
    """Where the tests keep their rows."""
    databases = find_databases(tmp_path_factory.mktemp("databases"))
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def the_app(databases: Files | Server) -> Flask:
    """The application of all tests, as it takes longer to make than most tests do."""
    return new_app(databases.url)


@pytest.fixture
def app(the_app: Flask, databases: Files | Server) -> Iterator[Flask]:
    """An application with empty tables, in its context."""
    databases.make_tables()
    yield from as_new(the_app)


@pytest.fixture
def own_app(databases: Files | Server) -> Iterator[Flask]:
    """An application that a test may add to: routes, listeners, what is known of its database."""
    databases.make_tables()
    yield from as_new(new_app(databases.url))


@pytest.fixture
def app_without_tables(the_app: Flask, databases: Files | Server) -> Iterator[Flask]:
    """An application whose database is empty, in its context."""
    databases.drop_tables()
    yield from as_new(the_app)


def as_new(app: Flask) -> Iterator[Flask]:
    """Yield an application in its context; close its connections then, and let it forget what it was told and found."""
    config, extensions = dict(app.config), dict(app.extensions)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.config.update(config)
    app.extensions.clear()
    app.extensions.update(extensions)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that brings the token."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client
