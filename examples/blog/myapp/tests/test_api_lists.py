"""The API's lists, and what never comes out, for every table whatever its columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.api.resource import served
from app.database import Model, columns, db, public_columns
from tests.rows import as_json, store
from tests.test_api import form_text, new_body, url_of

ALL = pytest.mark.parametrize("model", served)


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@ALL
def test_lists_are_paged_sorted_and_filtered(
    app: Flask, client: FlaskClient, model: type[Model]
) -> None:
    rows = [store(model).to_dict() for _ in range(3)]
    shown = as_json(app.json, {"rows": rows})["rows"]
    answer = client.get(url_of(model), query_string={"per_page": 2, "page": 2}).get_json()
    assert (answer["total"], answer["page"], len(answer["items"])) == (3, 2, 1)
    assert client.get(url_of(model) + "?per_page=1000").get_json()["per_page"] == 100
    for name, column in public_columns(model).items():
        if isinstance(column.type, sa.JSON | sa.LargeBinary) or shown[0][name] is None:
            continue
        text = form_text(app, shown[0][name])
        found = client.get(url_of(model), query_string={f"{name}__eq": text}).get_json()
        assert found["items"] == [row for row in shown if row[name] == shown[0][name]]
        for sign in ("", "-"):
            found = client.get(url_of(model), query_string={"sort": sign + name}).get_json()
            assert sorted(map(str, found["items"])) == sorted(map(str, shown))
    for query in ("sort=no_such_field", "no_such_field=1", "page=0", "page=x"):
        response = client.get(f"{url_of(model)}?{query}")
        assert response.status_code == 422
        assert response.get_json()["errors"]


@ALL
def test_secrets_never_come_out(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    secrets = {name: c for name, c in columns(model).items() if "secret" in c.info}
    created = client.post(url_of(model), json=new_body(app, model))
    assert not set(secrets) & set(created.get_json())
    row = db.session.scalars(sa.select(model)).one()
    for name, column in secrets.items():
        if column.info["secret"] == "password":
            assert getattr(row, name).startswith("$argon2id$")
        assert client.get(f"{url_of(model)}?{name}=x").status_code == 422
        assert client.get(f"{url_of(model)}?sort={name}").status_code == 422


@ALL
def test_the_number_of_statements_doesnt_grow_with_the_rows(
    client: FlaskClient, model: type[Model]
) -> None:
    numbers = set()
    for _ in range(3):
        store(model)
        with counted_statements() as statements:
            assert client.get(url_of(model)).status_code == 200
        numbers.add(len(statements))
    assert numbers == {2 + 1}  # count, page, and BEGIN
