"""What these tests share. They run within the app: in its folder, in its process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from app import db
from app.auth import new_token, token_hash, tokens
from app.database import counters
from app.models import Post, User
from apps import new_app
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade


@pytest.fixture(scope="session")
def app() -> Iterator[Flask]:
    """The app as it is, on the database of DATABASE_URL."""
    app = new_app()
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def posts(app: Flask) -> tuple[int, int]:
    """Fill the tables with a user and two posts, and nothing else; return the keys of the posts."""
    counters.clear()
    with app.app_context():
        with db.engine.begin() as connection:
            for table in reversed(db.metadata.sorted_tables):
                connection.execute(table.delete())
        ann = User(username="ann", email="ann@example.org")
        one, two = (Post(title=title, body="0", author=ann) for title in ("one", "two"))
        db.session.add_all([one, two])
        db.session.commit()
        return one.id, two.id


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that may read and write."""
    token = new_token()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(tokens.insert().values(name="", sha256=token_hash(token), may_write=True))
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return client


@pytest.fixture
def at_once() -> Callable[..., list[Any]]:
    """Call functions in threads, each in an application context, and return what they return."""

    def at_once(app: Flask, *calls: Callable[[], Any]) -> list[Any]:
        def call(function: Callable[[], Any]) -> Any:
            with app.app_context():
                return function()

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(call, calls, timeout=60))

    return at_once
