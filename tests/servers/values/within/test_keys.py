"""Keys of text are compared letter by letter; a text that is unique may be as wide as an index has room for."""

from __future__ import annotations

import random
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from app.database import db
from app.models import Door, Key
from flask.testing import FlaskClient

KEYS = [
    "a",
    "A",
    "á",
    "a\u0301",
    "Á",
    "a ",
    " a",
    "😀",
    "😁",
    "ß",
    "ss",
    "\u017f",
    "s",
    "i",
    "I",
    "İ",
    "\u0131",
    "Å",
    "\u212b",
]
KEYS += [".", "..", "%2F", "~", "\t", "0", "00", "\ufeff", "\u200b", "ﬀ", "ff"]


@pytest.fixture
def filled(client: FlaskClient) -> FlaskClient:
    """A client, after all of the keys were created, with a door for each."""
    for key in KEYS:
        created = client.post("/api/keys", json={"name": key, "note": str(KEYS.index(key))})
        assert created.status_code == 201, (key, created.text)
        assert client.post("/api/doors", json={"key_name": key}).status_code == 201
    return client


def test_keys_that_look_alike_stay_different(filled: FlaskClient) -> None:
    for number, key in enumerate(KEYS):
        for query in ({"name": key}, {"name__in": key}):
            found = filled.get("/api/keys", query_string=query).get_json()["items"]
            assert found == [{"name": key, "note": str(number)}]
        if key not in (".", ".."):  # clients take these for folders
            assert filled.get(f"/api/keys/{quote(key, safe='')}").get_json()["note"] == str(number)
        assert filled.post("/api/keys", json={"name": key}).status_code == 409


def test_rows_refer_to_the_very_key(filled: FlaskClient) -> None:
    rows = filled.get("/api/doors?include=key&per_page=100").get_json()["items"]
    assert [(row["key_name"], row["key"]["name"]) for row in rows] == [(key, key) for key in KEYS]
    pairs = db.session.execute(sa.select(Door.key_name, Key.name).join(Door.key)).all()
    assert sorted(pairs) == sorted((key, key) for key in KEYS)
    for unknown in ("b", "á ", "SS", "😂"):
        refused = filled.post("/api/doors", json={"key_name": unknown})
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["key_name"])


def test_rows_are_replaced_by_the_very_key(filled: FlaskClient) -> None:
    changed = [{"name": key, "note": f"{number} again"} for number, key in enumerate(KEYS)]
    assert filled.put("/api/keys", json=changed).get_json()["items"] == changed
    assert sorted(row["note"] for row in filled.get("/api/keys?per_page=100").get_json()["items"]) == sorted(
        row["note"] for row in changed
    )


def test_a_key_is_changed_into_one_that_looks_alike(client: FlaskClient) -> None:
    here = client.post("/api/keys", json={"name": "b"}).headers["Location"]
    for name in ("B", "b ", "b"):
        changed = client.patch(here, json={"name": name}, headers={"If-Match": "*"})
        assert (changed.status_code, changed.get_json()["name"]) == (200, name)
        here = f"/api/keys/{quote(name)}"
        assert [row["name"] for row in client.get("/api/keys").get_json()["items"]] == [name]


def test_a_list_of_keys_that_look_alike_goes_in(client: FlaskClient) -> None:
    alike = [{"name": key, "note": None} for key in ("q", "Q", "q ")]
    assert client.post("/api/keys", json=alike).get_json()["items"] == alike
    refused = client.post("/api/keys", json=[{"name": "r"}, {"name": "r "}, {"name": "r"}])
    assert (refused.status_code, list(refused.get_json()["errors"])) == (409, ["2.name"])


def test_a_unique_text_is_told_apart_to_its_last_letter(client: FlaskClient) -> None:
    widest = "é" * 767
    for last in ("a", "A", "é", " ", ""):
        assert client.post("/api/wide", json={"name": widest + last}).status_code == 201
    assert client.post("/api/wide", json={"name": widest + "A"}).status_code == 409
    assert client.post("/api/wide", json={"name": widest + "ab"}).status_code == 422


def test_a_text_that_is_too_long_for_the_index_is_refused(client: FlaskClient) -> None:
    choice = random.Random(1)
    text = "".join(chr(choice.randint(0x10000, 0x10FFFF)) for _ in range(768))
    for body in ({"name": text}, [{"name": "short"}, {"name": text}]):
        answer = client.post("/api/wide", json=body)
        # PostgreSQL keeps 2704 bytes of it in an index, once it has packed them
        assert answer.status_code == (422 if db.engine.dialect.name == "postgresql" else 201)
        client.delete(answer.headers.get("Location", ""), headers={"If-Match": "*"})
