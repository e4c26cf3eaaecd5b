"""The API describes itself, and shows that without asking another host."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from app.api.resource import served
from app.database import columns, public_columns


def test_every_table_and_column_is_described(client: FlaskClient) -> None:
    spec = client.get("/api/openapi.json").get_json()
    assert spec["openapi"].startswith("3.1")
    for model in served:
        name, title = model.__tablename__, model.__name__
        assert set(spec["paths"][f"/api/{name}"]) == {"get", "post", "put"}
        one = spec["paths"][f"/api/{name}/{{key}}"]
        assert set(one) - {"parameters"} == {"get", "put", "patch", "delete"}
        schemas = spec["components"]["schemas"]
        assert list(schemas[title]["properties"]) == list(public_columns(model))
        assert list(schemas[f"{title}.new"]["properties"]) == list(columns(model))


def test_every_reference_within_leads_somewhere(client: FlaskClient) -> None:
    text = client.get("/api/openapi.json").text
    schemas = client.get("/api/openapi.json").get_json()["components"]["schemas"]
    for name in re.findall(r'"\$ref":\s*"([^"]*)"', text):
        assert name.removeprefix("#/components/schemas/") in schemas


def test_the_docs_need_no_other_host(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/docs/")
    assert page.status_code == 200
    for address in re.findall(r'(?:src|href)="([^"]*)"', page.text):
        assert address.startswith(("/docs/static/", "data:"))
        if address.startswith("/"):
            with client.get(address) as file:
                assert file.status_code == 200


def test_strangers_from_elsewhere_see_no_docs(app: Flask) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    for path in ("/docs/", "/api/openapi.json"):
        assert app.test_client().get(path, environ_base=elsewhere).status_code == 401
        through_proxy = {"X-Forwarded-For": "192.0.2.7"}
        assert app.test_client().get(path, headers=through_proxy).status_code == 401
    app.config["PUBLIC_PAGES"] = True
    assert app.test_client().get("/docs/", environ_base=elsewhere).status_code == 200
