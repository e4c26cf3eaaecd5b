"""Tokens: what each may do, how one ends, and what anybody may do."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import auth
from app.api.resource import served
from app.database import db
from tests.rows import store
from tests.test_api import new_body, url_of

pytestmark = pytest.mark.skipif(not served, reason="there are no tables")


def made(app: Flask, *options: str) -> dict[str, str]:
    result = app.test_cli_runner().invoke(args=["token", "create", *options])
    assert result.exit_code == 0, result.output
    return {"Authorization": f"Bearer {result.stdout.strip()}"}


def test_only_the_hash_of_a_token_is_kept(app: Flask) -> None:
    token = made(app)["Authorization"].removeprefix("Bearer ")
    with db.engine.connect() as connection:
        kept = connection.scalars(sa.select(auth.tokens.c.sha256)).all()
    assert auth.token_hash(token) in kept
    assert token not in kept


def test_a_token_may_be_for_reading_only(app: Flask) -> None:
    model, token = served[0], made(app, "--read-only")
    body = new_body(app, model)
    client = app.test_client()
    assert client.get(url_of(model), headers=token).status_code == 200
    refused = client.post(url_of(model), json=body, headers=token)
    assert (refused.status_code, "flask token create" in refused.get_json()["detail"]) == (
        403,
        True,
    )


def test_a_revoked_token_is_dead_within_seconds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    token, runner = made(app, "--name", "phone"), app.test_cli_runner()
    client, url = app.test_client(), url_of(served[0])
    assert client.get(url, headers=token).status_code == 200
    number = next(
        line.split("\t")[0] for line in runner.invoke(args=["token", "list"]).output.splitlines() if "\tphone\t" in line
    )
    assert runner.invoke(args=["token", "revoke", number]).exit_code == 0
    now = time.monotonic()
    monkeypatch.setattr("app.auth.time.monotonic", lambda: now + auth.SECONDS_KNOWN + 0.1)
    assert auth.SECONDS_KNOWN < 10
    assert client.get(url, headers=token).status_code == 401
    again = runner.invoke(args=["token", "revoke", number])
    assert (again.exit_code, "flask token list" in again.output) == (1, True)


def test_who_guesses_tokens_has_to_wait(app: Flask, client: FlaskClient) -> None:
    guesser = app.test_client()
    answers = [guesser.get("/api/", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(12)]
    assert answers == [401] * 10 + [429] * 2
    refused = guesser.get("/api/", headers={"Authorization": "Bearer x"})
    assert int(refused.headers["Retry-After"]) >= 1
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/api/", environ_base=elsewhere).status_code == 200


def test_reads_of_a_table_can_be_opened_to_anybody(app: Flask) -> None:
    model, client = served[0], app.test_client()
    row = store(model)
    app.config["PUBLIC_TABLES"] = [model.__tablename__]
    assert client.get(url_of(model)).status_code == 200
    assert client.get(url_of(model, row)).status_code == 200
    assert client.post(url_of(model), json={}).status_code == 401
    assert client.delete(url_of(model, row)).status_code == 401
    for other in served[1:]:
        assert client.get(url_of(other)).status_code == 401
    for relationship in sa.inspect(model).relationships:
        if relationship.mapper.class_ is not model:
            query = {"include": relationship.key}
            assert client.get(url_of(model), query_string=query).status_code == 401


def test_an_operators_session_is_no_token(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as session:
        session["operator"] = 1
    assert client.get("/api/").status_code == 401
