"""The API, for every table whatever its columns."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.api.resource import served
from app.database import Model, columns, db, public_columns, table_of
from app.keys import write_key
from app.types import UTCDateTime
from app.values import is_required
from tests.rows import as_json, store, values_for

ALL = pytest.mark.parametrize("model", served)
ANY = {"If-Match": "*"}


def url_of(model: type[Model], row: Model | None = None) -> str:
    return f"/api/{model.__tablename__}" + (f"/{write_key(row)}" if row else "")


def new_body(app: Flask, model: type[Model]) -> dict[str, Any]:
    body: dict[str, Any] = as_json(app.json, values_for(model))
    return body


def public(model: type[Model], body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in public_columns(model)}


def free_columns(model: type[Model]) -> dict[str, sa.Column[Any]]:
    """Return the columns that may take any value, so that tests can change them."""
    bound = {column for key in table_of(model).foreign_key_constraints for column in key.columns}
    return {
        name: column for name, column in public_columns(model).items() if not column.primary_key and column not in bound
    }


@ALL
def test_without_a_token_nothing_is_answered(app: Flask, model: type[Model]) -> None:
    for path in ("/api/", url_of(model), url_of(model) + "/1"):
        response = app.test_client().get(path)
        assert response.status_code == 401
        assert "flask token create" in response.get_json()["detail"]
        assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ü", "Bearer", "Basic eDp5", "x"])
def test_a_wrong_token_is_refused(app: Flask, header: str) -> None:
    response = app.test_client().get("/api/", headers={"Authorization": header})
    assert response.status_code == 401


def test_the_root_lists_what_there_is(client: FlaskClient) -> None:
    resources = client.get("/api/").get_json()["resources"]
    assert [each["name"] for each in resources] == [model.__tablename__ for model in served]


@ALL
def test_a_row_is_created_read_changed_and_deleted(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    created = client.post(url_of(model), json=body)
    assert created.status_code == 201, created.text
    assert created.get_json() == public(model, body)
    location = created.headers["Location"]
    assert client.get(location).get_json() == created.get_json()
    assert client.get(url_of(model)).get_json()["items"] == [created.get_json()]

    changed = new_body(app, model)
    patch = {name: changed[name] for name in free_columns(model)}
    patched = client.patch(location, json=patch, headers={"If-Match": created.headers["ETag"]})
    assert patched.status_code == 200, patched.text
    assert client.get(location).get_json() == created.get_json() | patch

    assert client.put(location, json=body, headers=ANY).get_json() == created.get_json()
    assert client.delete(location, headers=ANY).status_code == 204
    gone = client.get(location)
    assert (gone.status_code, gone.mimetype) == (404, "application/problem+json")


@ALL
def test_a_row_can_come_as_a_form(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    form = {name: form_text(app, value) for name, value in body.items()}
    created = client.post(url_of(model), data=form)
    assert created.status_code == 201, created.text
    assert created.get_json() == public(model, body)


def form_text(app: Flask, value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else app.json.dumps(value)


@ALL
def test_what_has_no_default_must_be_given(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    required = {name for name, column in columns(model).items() if is_required(column)}
    body = {name: value for name, value in new_body(app, model).items() if name in required}
    response = client.post(url_of(model), json={})
    assert response.status_code == (422 if required else 201)
    assert set(response.get_json().get("errors", {})) == required or not required
    accepted = client.post(url_of(model), json=body)
    assert accepted.status_code == 201, accepted.text


@ALL
def test_what_cant_be_stored_is_refused_by_name(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    wrong: dict[str, Any] = {"no_such_field": 1}
    for name, column in columns(model).items():
        if isinstance(column.type, sa.String) and column.type.length:
            wrong[name] = "x" * (column.type.length + 1)
        elif isinstance(column.type, sa.Integer):
            wrong[name] = 2**64
        elif not isinstance(column.type, sa.JSON):
            wrong[name] = {"not": "this"}
    response = client.post(url_of(model), json=body | wrong)
    assert response.status_code == 422
    assert set(response.get_json()["errors"]) == set(wrong)
    nulls = [name for name, column in columns(model).items() if not column.nullable]
    response = client.post(url_of(model), json=body | dict.fromkeys(nulls))
    assert (response.status_code, set(response.get_json()["errors"])) == (422, set(nulls))


@ALL
def test_a_key_that_is_taken_is_a_conflict(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    assert client.post(url_of(model), json=body).status_code == 201
    db.session.remove()  # a request finds no rows of another in its session
    response = client.post(url_of(model), json=body)
    assert response.status_code == 409
    names = {column.name for column in table_of(model).primary_key}
    assert names <= set(response.get_json()["errors"])


@ALL
def test_a_reference_to_nothing_is_refused(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    body = new_body(app, model)
    for constraint in table_of(model).foreign_key_constraints:
        lost = {e.parent.key: lost_value(e.parent) for e in constraint.elements}
        response = client.post(url_of(model), json=body | lost)
        assert response.status_code == 422, response.text
        assert set(lost) <= set(response.get_json()["errors"])


def lost_value(column: sa.Column[Any]) -> Any:
    return "x" if isinstance(column.type, sa.String) else 2_000_000_000


@ALL
def test_a_row_that_others_refer_to_stays(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    row = store(model)
    for constraint in table_of(model).foreign_key_constraints:
        parent_model = next(m for m in served if table_of(m) is constraint.referred_table)
        if constraint.ondelete or any(element.parent.nullable for element in constraint.elements):
            continue
        key = [getattr(row, e.parent.key) for e in constraint.elements]
        there = [e.column == value for e, value in zip(constraint.elements, key, strict=True)]
        parent = db.session.scalars(sa.select(parent_model).where(*there)).one()
        response = client.delete(url_of(parent_model, parent), headers=ANY)
        assert response.status_code == 409, response.text
        assert response.get_json()["references"][model.__tablename__] >= 1


@ALL
def test_broken_bodies_are_refused(client: FlaskClient, model: type[Model]) -> None:
    for data in (b'{"a": ', b"\xff", b"[" * 100_000):
        response = client.post(url_of(model), data=data, content_type="application/json")
        assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert client.post(url_of(model), json=[1]).status_code == 422
    text = client.post(url_of(model), data=b"x", content_type="text/plain")
    assert text.status_code == 415


def test_other_errors_come_as_problems_too(client: FlaskClient) -> None:
    assert client.get("/api/no_such_table").mimetype == "application/problem+json"
    if served:
        assert client.delete(url_of(served[0])).status_code == 405


def test_without_tables_nothing_of_the_inside_is_told(app_without_tables: Flask) -> None:
    app_without_tables.testing = False
    client = app_without_tables.test_client()
    response = client.get("/api/", headers={"Authorization": "Bearer x"})
    assert response.status_code == 503
    assert "Traceback" not in response.text and "SELECT" not in response.text


@ALL
def test_a_number_is_no_date(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    for name, column in public_columns(model).items():
        if isinstance(column.type, sa.Date | sa.Time | UTCDateTime):
            body = new_body(app, model)
            for wrong in (1700000000, "1700000000", "2020", "yesterday", ""):
                answer = client.post(url_of(model), json=body | {name: wrong})
                assert answer.status_code == 422, wrong
            assert "Must be like" in answer.get_json()["errors"][name]
            assert client.get(url_of(model), query_string={f"{name}__lt": "2020"}).status_code == 422
        if isinstance(column.type, UTCDateTime):  # in UTC it is beyond the last year
            answer = client.post(url_of(model), json=new_body(app, model) | {name: "9999-12-31T23:59:59-10:00"})
            assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [name])


@ALL
def test_a_moment_says_that_it_is_utc_and_may_be_given_without(
    app: Flask, client: FlaskClient, model: type[Model]
) -> None:
    for name, column in public_columns(model).items():
        if not isinstance(column.type, UTCDateTime) or column.primary_key or column.foreign_keys:
            continue
        for given in ("2026-01-31T12:30:00", "2026-01-31T12:30:00Z", "2026-01-31 12:30:00", "2026-01-31T13:30+01:00"):
            made = client.post(url_of(model), json=new_body(app, model) | {name: given})
            if made.status_code == 409:  # unique, and given before
                continue
            assert made.get_json()[name] == "2026-01-31T12:30:00Z"
            found = client.get(url_of(model), query_string={f"{name}__eq": given}).get_json()["items"]
            assert made.get_json() in found


@ALL
def test_a_nul_in_a_text_is_kept_or_refused_by_name(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    is_refused = db.engine.dialect.name == "postgresql"
    for name, column in public_columns(model).items():
        if not isinstance(column.type, sa.String) or column.foreign_keys:
            continue
        answer = client.post(url_of(model), json=new_body(app, model) | {name: "a\0"})
        if is_refused:
            assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [name])
        else:
            assert (answer.status_code, answer.get_json()[name]) == (201, "a\0")
            assert client.get(answer.headers["Location"]).get_json() == answer.get_json()
        for word in (f"{name}__eq", f"{name}__in", f"{name}__contains"):
            answer = client.get(url_of(model), query_string={word: "\0"})
            assert (answer.status_code, word in answer.get_json().get("errors", {})) == (
                (422, True) if is_refused else (200, False)
            )
