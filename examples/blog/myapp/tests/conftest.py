"""An application on a database of its own, fresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from app import create_app, db
from app.auth import token_hash, tokens
from app.config import Config

TOKEN = "a token for the tests"


def new_app(path: Path) -> Flask:
    """Return an application on the SQLite database at the path."""
    settings = {
        "SECRET_KEY": "tests",
        "DATABASE_URL": f"sqlite:///{path}",
    }
    app = create_app(Config(settings))
    app.testing = True
    return app


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at little cost, but where that itself is tested."""
    if request.path.name != "test_passwords.py":
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr("app.passwords.ARGON2", quick)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which `flask db upgrade` has run, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    with new_app(path).app_context():
        upgrade()
        token = {"name": "tests", "sha256": token_hash(TOKEN), "may_write": True}
        with db.engine.begin() as connection:
            connection.execute(tokens.insert().values(**token))
        db.engine.dispose()
    return path


@pytest.fixture
def app(empty_database: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application with empty tables, in its context."""
    path = tmp_path / "app.db"
    shutil.copy(empty_database, path)
    app = new_app(path)
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that brings the token."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client
