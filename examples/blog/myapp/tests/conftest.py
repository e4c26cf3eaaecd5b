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


@pytest.fixture
def app(databases: Files | Server) -> Iterator[Flask]:
    """An application with empty tables, in its context."""
    yield from in_context(new_app(databases.with_tables()))


@pytest.fixture
def app_without_tables(databases: Files | Server) -> Iterator[Flask]:
    """An application whose database is empty, in its context."""
    yield from in_context(new_app(databases.without_tables()))


def in_context(app: Flask) -> Iterator[Flask]:
    """Yield an application in its context, and close its connections afterwards."""
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that brings the token."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client
