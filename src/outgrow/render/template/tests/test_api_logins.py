"""People whom the data holds log in with the passwords that they have."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.api.logins import names_of, password_of
from app.api.resource import served
from app.database import Model, db, table_of
from app.passwords import hash_password
from tests.rows import store

WITH_PASSWORDS = [model for model in served if password_of(model) and names_of(model)]
pytestmark = pytest.mark.skipif(not WITH_PASSWORDS, reason="nobody has a password")


@pytest.fixture(autouse=True)
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.api.logins.SECONDS_TO_FAIL", 0)


EACH = pytest.mark.parametrize("model", WITH_PASSWORDS)


def person(model: type[Model], stored: str) -> tuple[Any, dict[str, str]]:
    """Return somebody with a stored password, and what a right login sends."""
    row: Any = store(model)
    setattr(row, password_of(model) or "", stored)
    db.session.commit()
    name = names_of(model)[0]
    return row, {name: getattr(row, name), "password": "pass word"}


def stored(row: Any) -> str:
    db.session.expire_all()
    return str(getattr(row, password_of(type(row)) or ""))


@EACH
def test_the_right_password_is_answered_with_the_row(client: FlaskClient, model: type[Model]) -> None:
    row, login = person(model, hash_password("pass word"))
    url = f"/api/{model.__tablename__}/login"
    for how in ({"json": login}, {"data": login}):
        answer = client.post(url, **how)
        assert answer.status_code == 200, answer.text
        assert "$argon2" not in answer.text
        name = names_of(model)[0]
        assert answer.get_json()[name] == login[name]


@EACH
def test_an_old_hash_is_replaced_when_its_owner_comes(client: FlaskClient, model: type[Model]) -> None:
    old = "md5+" + hash_password(hashlib.md5(b"pass word").hexdigest())
    row, login = person(model, old)
    url = f"/api/{model.__tablename__}/login"
    assert client.post(url, json=login | {"password": "wrong"}).status_code == 401
    assert stored(row) == old
    assert client.post(url, json=login).status_code == 200
    new = stored(row)
    assert new.startswith("$argon2id$")
    assert client.post(url, json=login).status_code == 200
    assert stored(row) == new


@EACH
def test_a_wrong_login_doesnt_tell_what_was_wrong(client: FlaskClient, model: type[Model]) -> None:
    _, login = person(model, hash_password("pass word"))
    url, name = f"/api/{model.__tablename__}/login", names_of(model)[0]
    wrong = client.post(url, json=login | {"password": "wrong"})
    nobody = client.post(url, json=login | {name: "nobody"})
    assert wrong.status_code == nobody.status_code == 401
    assert wrong.get_json() == nobody.get_json()
    bodies: list[Any] = [{}, {name: 1, "password": "x"}, [], {name: "x"}]
    for body in bodies:
        assert client.post(url, json=body).status_code == 422
    for broken in (b'{"a": ', b"[" * 100_000):
        answer = client.post(url, data=broken, content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@EACH
def test_who_guesses_passwords_has_to_wait(client: FlaskClient, model: type[Model]) -> None:
    _, login = person(model, hash_password("pass word"))
    url = f"/api/{model.__tablename__}/login"
    tries = [
        client.post(url, json=login | {"password": "x"}, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"}).status_code
        for n in range(11)
    ]
    assert tries == [401] * 10 + [429]
    assert client.post(url, json=login).status_code == 429


@EACH
def test_a_login_needs_the_apis_token_too(app: Flask, model: type[Model]) -> None:
    url = f"/api/{model.__tablename__}/login"
    assert app.test_client().post(url, json={}).status_code == 401


@EACH
def test_an_empty_password_is_nobodys(client: FlaskClient, model: type[Model]) -> None:
    _, login = person(model, "")
    url = f"/api/{model.__tablename__}/login"
    assert client.post(url, json=login | {"password": ""}).status_code == 401


@EACH
def test_a_password_changed_meanwhile_isnt_changed_back(
    client: FlaskClient, model: type[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    row, login = person(model, "md5+" + hash_password(hashlib.md5(b"pass word").hexdigest()))
    other = hash_password("another")

    def slow(password: str) -> str:
        column = password_of(model) or ""
        with db.engine.begin() as connection:
            connection.execute(sa.update(table_of(model)).values({column: other}))
        return hash_password(password)

    monkeypatch.setattr("app.api.logins.hash_password", slow)
    assert client.post(f"/api/{model.__tablename__}/login", json=login).status_code == 200
    assert stored(row) == other
