"""Units of work, when several run at the same time or the connection goes away."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import sqlalchemy as sa
from app import db
from app.database import counters, unit_of_work
from app.models import Post
from apps import ON_A_SERVER, kill, new_app, servers_only
from flask import Flask
from flask.testing import FlaskClient

AtOnce = Callable[..., list[Any]]
Posts = tuple[int, int]


def bodies(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Post.body).order_by(Post.title)))


class Meeting:
    """Where two transactions wait for each other, the first time that each of them comes here."""

    def __init__(self) -> None:
        self.barrier = threading.Barrier(2, timeout=1)
        self.been = threading.local()

    def wait(self) -> None:
        if not hasattr(self.been, "here"):
            self.been.here = True
            with suppress(threading.BrokenBarrierError):  # on SQLite the other one waits for this one's end
                self.barrier.wait()


def test_two_transactions_that_want_each_others_rows_are_both_done(app: Flask, at_once: AtOnce, posts: Posts) -> None:
    meeting = Meeting()

    @unit_of_work()
    def take(first: int, second: int) -> None:
        one = db.session.get_one(Post, first, with_for_update=True)
        meeting.wait()
        other = db.session.get_one(Post, second, with_for_update=True)
        one.body, other.body = str(int(one.body) + 1), str(int(other.body) + 1)

    one, two = posts
    at_once(app, partial(take, one, two), partial(take, two, one))
    assert bodies(app) == ["2", "2"]
    assert counters["retries"] > 0 or not ON_A_SERVER


@servers_only
def test_a_transaction_that_read_what_another_has_changed_is_run_again(at_once: AtOnce, posts: Posts) -> None:
    app, meeting = new_app(isolation_level="SERIALIZABLE"), Meeting()

    @unit_of_work()
    def write_sum_of(read: int, written: int) -> None:
        total = int(db.session.get_one(Post, read).body) + 1
        meeting.wait()
        db.session.get_one(Post, written).body = str(total)

    one, two = posts
    at_once(app, partial(write_sum_of, one, two), partial(write_sum_of, two, one))
    assert sorted(bodies(app)) == ["1", "2"]  # as if one had run after the other
    assert counters["retries"] > 0
    with app.app_context():
        db.engine.dispose()


def test_no_update_of_a_locked_row_is_lost(app: Flask, at_once: AtOnce, posts: Posts) -> None:
    @unit_of_work()
    def add() -> None:
        post = db.session.get_one(Post, posts[0], with_for_update=True)
        post.body = str(int(post.body) + 1)

    def add_often() -> None:
        for _ in range(10):
            add()

    at_once(app, *[add_often] * 4)
    assert bodies(app) == ["40", "0"]


def test_of_changes_upon_the_same_reading_one_is_made(
    app: Flask, client: FlaskClient, at_once: AtOnce, posts: Posts
) -> None:
    here = f"/api/posts/{posts[0]}"
    for n in range(5):
        seen = {"If-Match": client.get(here).headers["ETag"]}

        def change(text: str, seen: dict[str, str] = seen) -> int:
            return client.patch(here, json={"body": text}, headers=seen).status_code

        answers = at_once(app, *[partial(change, f"{n}.{each}") for each in range(4)])
        assert sorted(answers) == [200, 412, 412, 412]


@contextmanager
def killed_before(app: Flask, beginning: str) -> Iterator[list[str]]:
    """Kill the connection when it is about to send the first statement that begins like this."""
    seen: list[str] = []

    def before(connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        if not seen and statement.startswith(beginning):
            seen.append(statement)
            kill(connection)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", before)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", before)


@servers_only
def test_a_connection_lost_while_reading_is_a_503_and_the_next_request_is_fine(app: Flask, client: FlaskClient) -> None:
    with killed_before(app, "SELECT posts") as seen:
        answer = client.get("/api/posts")
    assert seen
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.mimetype == "application/problem+json"
    assert len(client.get("/api/posts").get_json()["items"]) == 2


@servers_only
def test_a_connection_lost_while_writing_leaves_nothing_half_done_nor_doubled(app: Flask, client: FlaskClient) -> None:
    author = client.get("/api/users").get_json()["items"][0]["id"]
    body = {"title": "zero", "body": "", "author_id": author}
    for there, beginning in enumerate(("INSERT INTO posts", "SAVEPOINT", "RELEASE"), 2):
        with killed_before(app, beginning) as seen:
            answer = client.post("/api/posts", json=body)
        assert seen, beginning
        assert (answer.status_code, len(bodies(app))) == (201, there + 1)  # the unit of work was run again


@servers_only
def test_connections_that_the_server_has_ended_meanwhile_are_replaced(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), db.engine.connect() as one, db.engine.connect() as two:
        kill(one), kill(two)
    assert client.get("/api/posts").status_code == 200
