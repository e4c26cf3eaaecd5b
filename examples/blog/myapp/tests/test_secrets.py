"""No secret comes out: not in an answer, a page, a dump, the log, a repr or a file set aside."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.auth import operators
from app.database import Model, all_models, columns, db
from app.keys import write_key
from app.passwords import hash_password
from tests.rows import MODELS, as_json, store, values_for

SECRET = "hidden-value"
WITH_SECRETS = [m for m in MODELS if any("secret" in c.info for c in columns(m).values())]
EACH = pytest.mark.parametrize("model", WITH_SECRETS)
pytestmark = pytest.mark.skipif(not WITH_SECRETS, reason="no column is a secret")


def secrets_of(model: type[Model]) -> dict[str, Any]:
    """Return the columns that are secret, with a value by which each would be found."""
    found = {}
    for name, column in columns(model).items():
        if "secret" in column.info:
            found[name] = [SECRET] if isinstance(column.type, sa.JSON) else SECRET
    return found


def urls(app: Flask, rows: dict[str, Model]) -> Iterator[str]:
    """Yield every address that can be asked for with GET, for every table and row."""
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static"):
            for table, row in rows.items():
                known = {"table": table, "key": write_key(row)}
                if rule.arguments <= set(known):
                    values = {name: known[name] for name in rule.arguments}
                    yield adapter.build(rule.endpoint, values, force_external=False)


@pytest.fixture
def insider(app: Flask, client: FlaskClient) -> FlaskClient:
    """Somebody who may see all: with a token, and logged in."""
    password = hash_password("correct horse")
    with db.engine.begin() as connection:
        connection.execute(operators.insert().values(name="ann", password=password))
    if "admin.login" in app.view_functions:
        client.post("/admin/login", data={"name": "ann", "password": "correct horse"})
    return client


@EACH
def test_no_address_answers_with_a_secret(
    app: Flask, insider: FlaskClient, model: type[Model], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    rows = {each.__tablename__: store(each) for each in all_models()}
    row = rows[model.__tablename__]
    for name, value in secrets_of(model).items():
        setattr(row, name, value)
    db.session.commit()
    assert SECRET not in repr(row) + repr(row.to_dict())
    seen = set(urls(app, rows))
    related = ",".join(each.key for each in sa.inspect(model).relationships)
    for url in sorted(seen):
        answer = insider.get(url, query_string={"include": related} if "/api/" in url else {})
        assert SECRET not in answer.text, url
    for url in sorted(seen):
        for name in secrets_of(model):
            for query in ({f"{name}__startswith": "h"}, {"sort": name}, {"q": SECRET[:6]}):
                answer = insider.get(url, query_string=query)
                assert answer.status_code < 500
                assert SECRET not in answer.text, url
    assert SECRET not in caplog.text


@EACH
def test_neither_a_dump_nor_what_an_import_sets_aside_holds_a_secret(
    app: Flask, tmp_path: Path, model: type[Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.BASE", tmp_path)
    row = store(model)
    for name, value in secrets_of(model).items():
        setattr(row, name, value)
    db.session.commit()
    runner = app.test_cli_runner()
    assert SECRET not in runner.invoke(args=["dump"]).output
    record = as_json(app.json, values_for(model)) | secrets_of(model) | {"no_such_field": 1}
    (tmp_path / "records.json").write_text(json.dumps([record]))
    path, table = str(tmp_path / "records.json"), model.__tablename__
    result = runner.invoke(args=["import", path, "--table", table])
    assert result.exit_code == 3
    assert SECRET not in result.output
    assert SECRET not in (tmp_path / "rejects" / "records.json.jsonl").read_text()


@EACH
def test_a_refusal_doesnt_repeat_a_secret(
    app: Flask, insider: FlaskClient, model: type[Model], caplog: pytest.LogCaptureFixture
) -> None:
    table = model.__tablename__
    for value in (SECRET * 100, [SECRET], {"a": SECRET}):
        body = as_json(app.json, values_for(model)) | dict.fromkeys(secrets_of(model), value)
        answer = insider.post(f"/api/{table}", json=body | {"no_such_field": SECRET})
        assert SECRET not in answer.text
    for url in (f"/admin/{table}/new", f"/api/{table}"):
        form = dict.fromkeys(secrets_of(model), SECRET) | {"action": "save"}
        assert SECRET not in insider.post(url, data=form).text
    assert SECRET not in caplog.text
