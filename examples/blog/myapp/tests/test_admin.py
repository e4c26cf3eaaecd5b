"""The pages for operators."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.auth import operators
from app.database import Model, columns, db, public_columns
from app.fields import as_text
from app.keys import write_key
from app.passwords import hash_password
from tests.rows import MODELS, store, values_for

ALL = pytest.mark.parametrize("model", MODELS)
PASSWORD = "correct horse"
HASH = hash_password(PASSWORD)


@pytest.fixture
def operator(app: Flask) -> FlaskClient:
    """A browser in which an operator has logged in."""
    with db.engine.begin() as connection:
        connection.execute(operators.insert().values(name="ann", password=HASH))
    client = app.test_client()
    answer = client.post("/admin/login", data={"name": "ann", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def url_of(model: type[Model], row: Model | None = None) -> str:
    place = f"rows/{write_key(row)}" if row else ""
    return f"/admin/{model.__tablename__}/{place}"


def form_of(page: str) -> dict[str, str]:
    """Return what a browser would send if nothing were changed."""
    found = dict(re.findall(r'<input[^>]* name="([^"]*)"[^>]* value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.S))
    for name, options in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected>', options)
        found[name] = chosen[1] if chosen else ""
    return {name: html.unescape(value) for name, value in found.items()}


def test_strangers_are_sent_to_the_login(app: Flask) -> None:
    client = app.test_client()
    for path in ["/admin/", *map(url_of, MODELS), "/admin/x/lookup"]:
        answer = client.get(path)
        assert (answer.status_code, answer.location.startswith("/admin/login")) == (302, True)
    for model in MODELS:
        answer = client.post(url_of(model) + "new", data=texts_for(model))
        assert (answer.status_code, answer.location.startswith("/admin/login")) == (302, True)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_a_wrong_password_lets_nobody_in(app: Flask, operator: FlaskClient) -> None:
    client = app.test_client()
    for login in ({"name": "ann", "password": "x"}, {"name": "x", "password": PASSWORD}, {}):
        answer = client.post("/admin/login", data=login)
        assert "is wrong" in answer.text
    tries = [client.post("/admin/login", data={"name": "ann"}).status_code for _ in range(9)]
    assert tries[-1] == 429


def test_a_login_leads_where_one_wanted_to_go_but_nowhere_else(app: Flask, operator: FlaskClient) -> None:
    login = {"name": "ann", "password": PASSWORD}
    for to, target in [("/admin/x/?y=1", "/admin/x/?y=1"), ("//evil.example", "/admin/")]:
        answer = app.test_client().post("/admin/login", query_string={"to": to}, data=login)
        assert answer.location == target


def test_after_a_logout_nothing_is_shown(operator: FlaskClient) -> None:
    assert operator.get("/admin/").status_code == 200
    operator.post("/admin/logout")
    assert operator.get("/admin/").status_code == 302


def test_a_new_password_ends_the_session(app: Flask, operator: FlaskClient) -> None:
    args = ["operator", "create", "ann", "--password", "another horse"]
    assert app.test_cli_runner().invoke(args=args).exit_code == 0
    assert operator.get("/admin/").status_code == 302


def test_another_sites_page_cant_use_the_session(operator: FlaskClient) -> None:
    for model in MODELS[:1]:
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert operator.post(url_of(model) + "new", headers=headers).status_code == 403


@ALL
def test_rows_are_browsed_searched_and_filtered(operator: FlaskClient, model: type[Model]) -> None:
    rows = [store(model) for _ in range(3)]
    page = operator.get(url_of(model))
    assert (page.status_code, "3 rows" in page.text) == (200, True)
    for row in rows:
        assert html.escape(url_of(model, row).split("/rows/")[0]) in page.text
    name = next(n for n, c in columns(model).items() if c.primary_key)
    for query in (f"?sort=-{name}", "?page=2", "?q=no+such+text", f"?{name}__isnull=true"):
        assert operator.get(url_of(model) + query).status_code == 200
    value = as_text(getattr(rows[0], name))
    chosen = {"field": name, "operator": "eq", "value": value, "q": ""}
    found = operator.get(url_of(model), query_string=chosen, follow_redirects=True)
    assert f"{name} eq" in found.text
    wrong = operator.get(url_of(model) + "?no_such_field__eq=1")
    assert "There is no such field" in wrong.text
    assert operator.get("/admin/no_such_table/").status_code == 404


@ALL
def test_saving_an_unchanged_form_changes_nothing(app: Flask, operator: FlaskClient, model: type[Model]) -> None:
    row = store(model)
    for name, column in columns(model).items():
        if isinstance(column.type, sa.Text):
            setattr(row, name, "two\nlines")
    db.session.commit()
    before = {name: getattr(row, name) for name in columns(model)}
    page = operator.get(url_of(model, row))
    assert page.status_code == 200
    form = {k: v.replace("\n", "\r\n") for k, v in form_of(page.text).items()}
    answer = operator.post(url_of(model, row), data=form)
    assert answer.status_code == 302, answer.text
    db.session.expire_all()
    assert {name: getattr(row, name) for name in columns(model)} == before


def texts_for(model: type[Model]) -> dict[str, str]:
    return {name: as_text(value) for name, value in values_for(model).items()}


@ALL
def test_a_row_is_created_changed_and_deleted(app: Flask, operator: FlaskClient, model: type[Model]) -> None:
    if any(isinstance(c.type, sa.LargeBinary) and not c.nullable for c in columns(model).values()):
        pytest.skip("a form can't give bytes")
    assert operator.get(url_of(model) + "new").status_code == 200
    created = operator.post(url_of(model) + "new", data=texts_for(model))
    assert created.status_code == 302, created.text
    here = created.location
    form, other = form_of(operator.get(here).text), texts_for(model)
    free = {
        name: other[name]
        for name, column in public_columns(model).items()
        if not column.primary_key and not column.foreign_keys and name in form
    }
    changed = operator.post(here, data=form | free)
    assert changed.status_code == 302, changed.text
    page = form_of(operator.get(here).text)
    assert {name: page[name] for name in free} == free
    stale = operator.post(here, data=form | free)
    assert "Somebody else" in stale.text or form["version"] == page["version"]
    deleted = operator.post(here, data=page | {"action": "delete"})
    assert deleted.location == url_of(model)
    assert operator.get(here).status_code == 404


@ALL
def test_what_cant_be_stored_is_said_beside_its_field(operator: FlaskClient, model: type[Model]) -> None:
    wrong: dict[str, Any] = {}
    for name, column in columns(model).items():
        if isinstance(column.type, sa.Integer):
            wrong[name] = "many"
        elif isinstance(column.type, sa.String) and column.type.length:
            wrong[name] = name + "x" * column.type.length
    if not wrong:
        pytest.skip("any text fits every field of this table")
    answer = operator.post(url_of(model) + "new", data=texts_for(model) | wrong)
    assert answer.status_code == 200
    assert answer.text.count('class="problem" id=') == len(wrong)
    for name, text in wrong.items():
        assert ("secret" in columns(model)[name].info) != (html.escape(text) in answer.text)


@ALL
def test_a_reference_is_looked_up_and_not_listed(operator: FlaskClient, model: type[Model]) -> None:
    rows = [store(model) for _ in range(3)]
    found = operator.get(url_of(model) + "lookup").get_json()["items"]
    assert [each["key"] for each in found] == [write_key(row) for row in rows]
    assert "<option" not in re.sub(
        r"<select.*?</select>", "", operator.get(url_of(model) + "new").text, flags=re.DOTALL
    )
