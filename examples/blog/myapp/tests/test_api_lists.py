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
from app.query import comparable
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
def test_lists_are_paged_sorted_and_filtered(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    rows = [store(model).to_dict() for _ in range(3)]
    shown = as_json(app.json, {"rows": rows})["rows"]
    answer = client.get(url_of(model), query_string={"per_page": 2, "page": 2, "total": 1}).get_json()
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
def test_the_number_of_statements_doesnt_grow_with_the_rows(client: FlaskClient, model: type[Model]) -> None:
    related = [r.key for r in sa.inspect(model).relationships if r.mapper.class_ in served]
    row, every = url_of(model, store(model)), url_of(model)
    client.get(row)  # from now on the token is known
    asked = [every, f"{every}?total=true", f"{every}?sort=-{key_of(model)}", row]
    asked += [f"{each}?include={name}" for each in (every, row) for name in related]
    numbers: dict[str, set[int]] = {}
    for _ in range(3):
        for url in asked:
            db.session.rollback()
            with counted_statements() as statements:
                assert client.get(url).status_code == 200
            numbers.setdefault(url, set()).add(len(statements))
        store(model)
    for url, counts in numbers.items():
        assert len(counts - {2}) <= 1, url  # nothing is asked about relatives where there are none
        at_most = 2 + 2 * ("total" in url) + ("include" in url)  # BEGIN, the rows, what is asked for
        assert max(counts) <= at_most, url


@ALL
def test_a_list_of_writes_takes_one_statement_for_all_rows_of_a_table(
    app: Flask, client: FlaskClient, model: type[Model]
) -> None:
    def statements(bodies: list[dict[str, Any]]) -> int:
        with counted_statements() as found:
            assert client.put(url_of(model), json=bodies).status_code == 200
        return len(found)

    client.get(url_of(model))
    bodies = [new_body(app, model) for _ in range(12)]
    few, many = statements(bodies[:2]), statements(bodies[2:])
    assert many <= few + 1


def key_of(model: type[Model]) -> str:
    return next(name for name, column in columns(model).items() if column.primary_key)


@ALL
def test_pages_by_key_lead_through_all_rows(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    rows = as_json(app.json, {"rows": [store(model).to_dict() for _ in range(5)]})["rows"]
    sorts = ["", "-" + key_of(model)]
    sorts += [sign + name for name in comparable(model) for sign in ("", "-")]
    for sort in sorts:
        wanted = client.get(url_of(model), query_string={"sort": sort}).get_json()["items"]
        found: list[Any] = []
        query = {"sort": sort, "per_page": 2}
        answer = client.get(url_of(model), query_string=query).get_json()
        while True:
            found += answer["items"]
            if answer["next"] is None:
                break
            after = query | {"after": answer["next"]}
            answer = client.get(url_of(model), query_string=after).get_json()
        assert found == wanted
        assert len(found) == len(rows)
    for wrong in ("x", "W10", "bnVsbA", "WyJ4Il0x"):
        answer = client.get(url_of(model), query_string={"after": wrong, "sort": "-" + key_of(model)})
        assert (answer.status_code, "after" in answer.get_json()["errors"]) == (422, True)


@ALL
def test_rows_are_found_by_every_comparison(app: Flask, client: FlaskClient, model: type[Model]) -> None:
    shown = as_json(app.json, {"rows": [store(model).to_dict() for _ in range(3)]})["rows"]

    def found(word: str, value: Any) -> list[Any]:
        answer = client.get(url_of(model), query_string={word: form_text(app, value)})
        assert answer.status_code == 200, answer.text
        return list(answer.get_json()["items"])

    for name, attribute in comparable(model).items():
        column, values = columns(model)[name], [row[name] for row in shown]
        empty = [row for row in shown if row[name] is None]
        assert found(f"{name}__isnull", True) == empty
        assert found(f"{name}__isnull", False) == [row for row in shown if row not in empty]
        if empty:
            continue
        middle = values[1]
        same = [row for row in shown if row[name] == middle]
        assert found(f"{name}__ne", middle) == [row for row in shown if row not in same]
        below, above = found(f"{name}__lt", middle), found(f"{name}__gt", middle)
        assert [row for row in shown if row in below or row in above or row in same] == shown
        assert not [row for row in below if row in above or row in same]
        assert len(found(f"{name}__lte", middle)) == len(below) + len(same)
        assert len(found(f"{name}__gte", middle)) == len(above) + len(same)
        if "," not in form_text(app, middle):
            assert found(f"{name}__in", f"{form_text(app, middle)}") == same
        if isinstance(column.type, sa.String):
            for operator, part in (("startswith", middle[:3]), ("endswith", middle[-3:])):
                assert same[0] in found(f"{name}__{operator}", part), attribute
            assert found(f"{name}__contains", "%") == []
            for operator in ("contains", "startswith", "endswith"):
                assert "a" not in middle or found(f"{name}__{operator}", middle.replace("a", "A")) == []
