"""Writes over the API: what has changed meanwhile stays, and a list goes in as a whole or not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.api.resource import served
from app.database import Model, columns, db, table_of
from app.types import ExactDecimal
from app.values import is_required
from tests.rows import store
from tests.test_api import ALL, ANY, free_columns, new_body, public, url_of


def counted(model: type[Model]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@ALL
def test_a_write_has_to_say_what_it_builds_upon(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    row = client.post(url_of(model), json=new_body(app, model))
    here, etag = row.headers["Location"], row.headers["ETag"]
    assert client.get(here, headers={"If-None-Match": etag}).status_code == 304
    for method in (client.put, client.patch, client.delete):
        refused = method(here, json={})
        assert (refused.status_code, "If-Match" in refused.get_json()["detail"]) == (428, True)
        assert method(here, json={}, headers={"If-Match": '"another"'}).status_code == 412
    weak = {"If-Match": f"W/{etag}"}  # as proxies that compress answers make of it
    assert client.delete(here, headers=weak).status_code == 204


@ALL
def test_a_write_upon_what_has_changed_is_refused(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    row = client.post(url_of(model), json=new_body(app, model))
    changed = new_body(app, model)
    patch = {name: changed[name] for name in free_columns(model)}
    if all(row.get_json()[name] == value for name, value in patch.items()):
        pytest.skip("nothing can be changed in a row of this table")
    here, seen = row.headers["Location"], {"If-Match": row.headers["ETag"]}
    assert client.patch(here, json=patch, headers=seen).status_code == 200
    assert client.patch(here, json=patch, headers=seen).status_code == 412


@ALL
def test_a_writes_answer_is_what_is_read_then(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    for name, column in free_columns(model).items():
        if isinstance(column.type, ExactDecimal):
            body[name] = "1"  # fewer digits than are stored
        elif isinstance(column.type, sa.Float):
            body[name] = -0.0
    created = client.post(url_of(model), json=body)
    read = client.get(created.headers["Location"])
    assert (read.text, read.headers["ETag"]) == (created.text, created.headers["ETag"])


@ALL
def test_the_last_writer_wins_where_that_is_wanted(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    app.config["LAST_WRITER_WINS"] = True
    row = client.post(url_of(model), json=new_body(app, model))
    assert client.delete(row.headers["Location"]).status_code == 204


@ALL
def test_a_list_of_rows_is_created_or_refused_as_a_whole(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    bodies = [new_body(app, model) for _ in range(3)]
    created = client.post(url_of(model), json=bodies)
    assert created.status_code == 201, created.text
    assert created.get_json()["items"] == [public(model, body) for body in bodies]
    more = [new_body(app, model), bodies[1]]
    db.session.remove()  # a request finds no rows of another in its session
    refused = client.post(url_of(model), json=more)
    assert refused.status_code == 409
    assert all(name.startswith("1.") for name in refused.get_json()["errors"])
    assert counted(model) == 3
    wrong = client.post(url_of(model), json=[new_body(app, model), {"no_such_field": 1}])
    assert wrong.status_code == 422
    assert "1.no_such_field" in wrong.get_json()["errors"]


@ALL
def test_a_list_of_rows_creates_and_replaces(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    old = new_body(app, model)
    client.post(url_of(model), json=old)
    fresh, changed = new_body(app, model), new_body(app, model)
    changed |= {column.name: old[column.name] for column in table_of(model).primary_key}
    answer = client.put(url_of(model), json=[fresh, changed])
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["items"] == [public(model, fresh), public(model, changed)]
    assert counted(model) == 2
    assert client.put(url_of(model), json=[fresh, changed]).status_code == 200
    assert counted(model) == 2


@ALL
def test_the_same_key_twice_in_a_list_is_named(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    refused = client.post(url_of(model), json=[body, body])
    assert refused.status_code == 409
    assert "1." in next(iter(refused.get_json()["errors"]))
    assert counted(model) == 0


@ALL
def test_a_list_can_be_too_long(client: FlaskClient, model: type[Model]) -> None:
    response = client.post(url_of(model), json=[{}] * 1001)
    assert response.status_code == 422


@ALL
def test_a_replacement_takes_back_what_isnt_said(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    here = client.post(url_of(model), json=body).headers["Location"]
    least = {name: body[name] for name, c in columns(model).items() if is_required(c)}
    least |= {column.name: body[column.name] for column in table_of(model).primary_key}
    answer = client.put(here, json=least, headers=ANY)
    assert answer.status_code == 200, answer.text
    for name, column in free_columns(model).items():
        if name not in least and column.nullable and column.default is None:
            assert answer.get_json()[name] is None


def test_a_body_can_be_too_large(app: Flask, client: FlaskClient) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100
    for model in served:
        answer = client.post(url_of(model), data=b"[" + b" " * 200, content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@ALL
def test_related_rows_come_along(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    row = store(model)
    for relationship in sa.inspect(model).relationships:
        query = {"include": relationship.key}
        listed = client.get(url_of(model), query_string=query).get_json()["items"][0]
        for shown in (client.get(url_of(model, row), query_string=query).get_json(), listed):
            related = getattr(db.session.merge(row), relationship.key)
            wanted = [r.to_dict() for r in related] if isinstance(related, list) else None
            if wanted is None:
                wanted = related.to_dict() if related is not None else None
            assert shown[relationship.key] == app.json.loads(app.json.dumps(wanted))
    wrong = client.get(url_of(model), query_string={"include": "no_such"})
    assert (wrong.status_code, "include" in wrong.get_json()["errors"]) == (422, True)
