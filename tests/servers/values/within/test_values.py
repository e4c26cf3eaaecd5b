"""A value comes back as it was given, is found by itself, and is refused by name where it doesn't fit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from app.database import db
from flask.testing import FlaskClient

URL = "/api/things"
BIGGEST = 2**63 - 1

EXACT: dict[str, list[Any]] = {
    "word": ["", "a ", " a", "é" * 80, "😀" * 80, "\\ ' \" % _ ; -- %s :b ?", "\x01\x1a\x7f\x80", "\r\n\t"],
    "tale": ["x" * 70_000, "é😀" * 300_000, "\u2028\ufeff\uffff\U0010ffff", "100%"],
    "small": [0, 2**31 - 1, -(2**31)],
    "big": [BIGGEST, -BIGGEST - 1, 2**53 + 1],
    "double": [0.1, 1 / 3, 0.30000000000000004, 1.7976931348623157e308, 2.2250738585072014e-308, 1e22, 3.0, -1e-7],
    "price": ["99999999999999999999.9999999999", "-99999999999999999999.9999999999", "0.0000000001", "1.1000000000"],
    "flag": [True, False],
    "day": ["0001-01-01", "9999-12-31", "2024-02-29"],
    "hour": ["00:00:00", "23:59:59.999999", "12:30:00.000001"],
    "moment": [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "2026-03-29T02:30:00.123456Z",
        "1969-12-31T23:59:59Z",
    ],
    "extra": [{"b": 1, "a": [1.5, None, True]}, [], {}, "text", 0, False, {"": "\u2028"}, 2**53 + 1, "x" * 70_000],
    "raw": ["", "AP8=", "QUJD" * 30_000],
}
WRONG: dict[str, list[Any]] = {
    "word": ["x" * 81, "😀" * 81, 1],
    "small": [2**31, -(2**31) - 1, 1.5, "7", True],
    "big": [BIGGEST + 1, -BIGGEST - 2, 10**30],
    "double": ["1", True],
    "price": ["100000000000000000000", "1.12345678901", "NaN", "Infinity"],
    "day": ["2026-02-30", "0000-00-00", "2026-01-31T00:00:00"],
    "hour": ["24:00:00", "12:30Z"],
    "moment": ["2026-02-30T00:00:00", "2016-12-31T23:59:60", "10000-01-01T00:00:00"],
    "raw": ["A", "ü"],
}


def each(values: dict[str, list[Any]]) -> pytest.MarkDecorator:
    pairs = [(name, value) for name, given in values.items() for value in given]
    return pytest.mark.parametrize(("name", "value"), pairs, ids=[f"{n} {str(v)[:20]!a}" for n, v in pairs])


@each(EXACT)
def test_a_value_comes_back_and_is_found(client: FlaskClient, name: str, value: Any) -> None:
    created = client.post(URL, json={name: value})
    assert created.status_code == 201, created.text
    read = client.get(created.headers["Location"])
    assert (json.dumps(read.get_json()[name]), read.headers["ETag"]) == (json.dumps(value), created.headers["ETag"])
    if name in ("extra", "raw") or len(str(value)) > 1000:
        return
    text = value if isinstance(value, str) else json.dumps(value)
    for operator, count in {"eq": 1, "in": 0 if "," in text else 1, "lte": 1, "gte": 1, "ne": 0, "lt": 0}.items():
        found = client.get(URL, query_string={f"{name}__{operator}": text}).get_json()["items"]
        assert len(found) == count or "," in text, operator


@each(WRONG)
def test_what_doesnt_fit_is_refused_by_name(client: FlaskClient, name: str, value: Any) -> None:
    for answer in (client.post(URL, json={name: value}), client.post(URL, json=[{}, {name: value}])):
        assert answer.status_code == 422, answer.text
        assert [key.removeprefix("1.").split(".")[0] for key in answer.get_json()["errors"]] == [name]


def test_a_moment_of_another_zone_is_kept_in_utc(client: FlaskClient) -> None:
    created = client.post(URL, json={"moment": "2026-01-31T12:30:00.000001+02:00"})
    assert created.get_json()["moment"] == "2026-01-31T10:30:00.000001Z"
    asked = {"moment": "2026-01-31T05:30:00.000001-05:00"}
    assert client.get(URL, query_string=asked).get_json()["items"] == [created.get_json()]


@pytest.mark.parametrize("key", [0, 1, -1, 2**31, -(2**63), BIGGEST])
def test_a_key_has_64_bits(client: FlaskClient, key: int) -> None:
    here = client.post(URL, json={"id": key}).headers["Location"]
    assert here.endswith(f"/{key}")
    assert client.get(here).get_json()["id"] == key


def test_after_the_last_key_there_is_no_other(client: FlaskClient) -> None:
    assert client.post(URL, json={"id": BIGGEST}).status_code == 201
    answer = client.post(URL, json={})
    assert answer.status_code == (201 if db.engine.dialect.name == "sqlite" else 422)  # SQLite finds a free one


def test_zero_has_no_sign(client: FlaskClient) -> None:
    here = client.post(URL, json={"double": -0.0, "price": "-0.0"}).headers["Location"]
    assert '"double":0.0,"price":"0.0000000000"' in client.get(here).text


def test_rows_are_sorted_by_value_and_those_without_come_last(client: FlaskClient) -> None:
    ordered: dict[str, list[Any]] = {
        "price": ["-10.0000000000", "-9.5000000000", "0.0000000000", "9.0000000000", "10.0000000000"],
        "double": [-1e300, -0.1, 1e-300, 2.0, 1e300],
        "word": ["", " ", "A", "Z", "a", "a ", "aa", "z", "Ä", "ß", "ä", "ﬀ", "😀"],
        "flag": [False, True],
    }
    for name, values in ordered.items():
        for value in [*reversed(values), None]:
            assert client.post(URL, json={name: value}).status_code == 201
        asked = {"sort": name, f"{name}__isnull": "false"}
        found = [row[name] for row in client.get(URL, query_string=asked).get_json()["items"]]
        assert found == values
        last = client.get(URL, query_string={"sort": f"-{name},id", "per_page": 1}).get_json()["items"][0]
        assert last[name] == values[-1]
