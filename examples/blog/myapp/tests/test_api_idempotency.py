"""A write with an `Idempotency-Key` is done once, however often it is sent."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app import database, idempotency
from app.api.resource import served
from app.auth import new_token, token_hash, tokens
from app.database import Model, OutcomeUnknown, db
from app.idempotency import requests
from app.types import utc_now
from tests.test_api import ALL, ANY, new_body, url_of
from tests.test_api_writes import counted
from tests.test_secrets import SECRET, WITH_SECRETS, secrets_of

KEY = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
pytestmark = pytest.mark.skipif(not served, reason="there are no tables")


@pytest.fixture(autouse=True)
def idempotent(app: Flask) -> None:
    """Let the writes of all tables take keys."""
    app.config["IDEMPOTENT_TABLES"] = [model.__tablename__ for model in served]


@pytest.fixture
def answer_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the database be lost while it stores the next transaction, which it does."""
    commit = database.commit

    def instead(session: Any) -> None:
        monkeypatch.setattr(database, "commit", commit)
        commit(session)
        raise OutcomeUnknown

    monkeypatch.setattr(database, "commit", instead)


def kept() -> list[Any]:
    with db.engine.connect() as connection:
        return list(connection.execute(sa.select(requests)))


@ALL
def test_a_write_that_is_sent_again_is_answered_as_before(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    first, again = (client.post(url_of(model), json=body, headers=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.get_json() == first.get_json()
    for name in ("Content-Type", "ETag", "Location"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert counted(model) == 1
    here = first.headers["Location"]
    for key, method, status in (("put", client.put, 200), ("patch", client.patch, 200), ("delete", client.delete, 204)):
        sent: Any = {"json": body} if key == "put" else {"json": {}} if key == "patch" else {}
        headers = {"Idempotency-Key": f'"{key}"', "If-Match": first.headers["ETag"] if key != "delete" else "*"}
        answers = [method(here, headers=headers, **sent) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [status, status], answers[0].text
    assert counted(model) == 0


@ALL
def test_a_list_that_is_sent_again_is_answered_as_before(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    bodies = [new_body(app, model) for _ in range(3)]
    first, again = (client.post(url_of(model), json=bodies, headers=KEY) for _ in range(2))
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert counted(model) == 3


@ALL
def test_a_key_is_for_one_request(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body, other = new_body(app, model), new_body(app, model)
    here = client.post(url_of(model), json=body, headers=KEY).headers["Location"]
    assert client.post(url_of(model), json=other, headers=KEY).status_code == 422
    assert client.put(url_of(model), json=[body], headers=KEY).status_code == 422
    assert client.delete(here, headers=KEY | ANY).status_code == 422
    assert counted(model) == 1


def test_others_may_have_the_same_key(app: Flask, client: FlaskClient) -> None:
    model, token = served[0], new_token()
    with db.engine.begin() as connection:
        connection.execute(tokens.insert().values(name="", sha256=token_hash(token), may_write=True))
    stranger = app.test_client()
    stranger.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    for each in (client, stranger):
        assert each.post(url_of(model), json=new_body(app, model), headers=KEY).status_code == 201
    assert counted(model) == 2
    assert app.test_client().post(url_of(model), json={}, headers=KEY).status_code == 401


def test_a_write_that_was_refused_leaves_the_key(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    refused = client.post(url_of(model), json={"no_such_field": 1}, headers=KEY)
    assert (refused.status_code, kept()) == (422, [])
    assert client.post(url_of(model), json=new_body(app, model), headers=KEY).status_code == 201


def test_a_form_is_the_same_whatever_divides_its_fields(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    form = {name: str(value) for name, value in new_body(app, model).items() if isinstance(value, str | int)}
    answers = [
        client.post(url_of(model), data=form, content_type=f"multipart/form-data; boundary={n}", headers=KEY)
        for n in ("one", "two")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].get_json() == answers[1].get_json()


@pytest.mark.parametrize("key", ["", '""', "x" * 256, "ü", "a\tb"])
def test_a_key_that_is_none_is_refused(app: Flask, client: FlaskClient, key: str) -> None:
    model = served[0]
    refused = client.post(url_of(model), json=new_body(app, model), headers={"Idempotency-Key": key})
    assert (refused.status_code, "Idempotency-Key" in refused.get_json()["detail"]) == (400, True)
    assert counted(model) == 0


def test_a_table_that_isnt_named_takes_no_key(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    app.config["IDEMPOTENT_TABLES"] = []
    refused = client.post(url_of(model), json=new_body(app, model), headers=KEY)
    assert (refused.status_code, "IDEMPOTENT_TABLES" in refused.get_json()["detail"]) == (400, True)
    assert client.get(url_of(model), headers=KEY).status_code == 200
    assert counted(model) == 0


def test_of_the_same_that_come_at_once_one_is_done(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    body, authorization = new_body(app, model), client.environ_base["HTTP_AUTHORIZATION"]

    def send(_: int) -> tuple[int, Any]:
        answer = app.test_client().post(url_of(model), json=body, headers=KEY | {"Authorization": authorization})
        return answer.status_code, answer.get_json()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, range(8)))
    assert answers == [answers[0]] * 8
    assert (answers[0][0], counted(model)) == (201, 1)


@pytest.mark.usefixtures("answer_is_lost")
def test_without_a_key_a_client_is_told_that_nobody_knows(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    answer = client.post(url_of(model), json=new_body(app, model))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["outcome"] == "unknown"
    assert "Idempotency-Key" in answer.get_json()["detail"]
    assert counted(model) == 1


@pytest.mark.usefixtures("answer_is_lost")
def test_with_a_key_a_lost_answer_is_found_again(app: Flask, client: FlaskClient) -> None:
    model = served[0]
    answer = client.post(url_of(model), json=new_body(app, model), headers=KEY)
    assert (answer.status_code, answer.headers.get("Idempotent-Replayed")) == (201, "true")
    assert counted(model) == 1


def test_keys_are_forgotten_after_a_day(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    model = served[0]
    client.post(url_of(model), json=new_body(app, model), headers=KEY)
    with db.engine.begin() as connection:
        connection.execute(requests.update().values(created_at=utc_now() - dt.timedelta(hours=25)))
    monkeypatch.setattr(idempotency, "CHANCE_TO_FORGET", 1)
    for key in ("another", "one more"):
        sent = client.post(url_of(model), json=new_body(app, model), headers={"Idempotency-Key": key})
        assert sent.status_code == 201
    assert len(kept()) == 2


@pytest.mark.parametrize("model", [model for model in WITH_SECRETS if model in served])
def test_what_is_kept_holds_no_secret(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model) | secrets_of(model)
    sent = client.post(url_of(model), json=body, headers=KEY)
    assert sent.status_code == 201, sent.text
    [row] = kept()
    answer = zlib.decompress(row.answer).decode()
    assert json.loads(json.loads(answer)[1]) == sent.get_json()
    assert SECRET not in answer + str(row)
    assert hashlib.sha256(json.dumps(body).encode()).hexdigest() not in str(row)


def test_the_description_says_which_writes_take_a_key(app: Flask, client: FlaskClient) -> None:
    app.config["IDEMPOTENT_TABLES"] = [served[0].__tablename__]
    paths = client.get("/api/openapi.json").get_json()["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            if method != "parameters":
                names = [each["name"] for each in operation.get("parameters", [])]
                is_taken = method != "get" and path.split("/")[2] == served[0].__tablename__
                assert ("Idempotency-Key" in names) == is_taken, (method, path)
                assert "503" in operation["responses"]
