"""Where outgrow's ledger stands, rows say what they were made from."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import origins
from app.database import Model, db, table_of
from app.encoding import key_as_json
from tests.rows import MODELS, store

pytestmark = [
    pytest.mark.skipif(not MODELS, reason="there are no tables"),
    pytest.mark.usefixtures("app"),
]

TABLES = (origins.META, origins.FILES, origins.PARTS, origins.CHUNKS, origins.CHANGES)


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Whether there is a ledger is found once."""
    return own_app


def remember(row: Model, facts: dict[str, Any]) -> str:
    """Make a ledger that knows one record; returns the key of its row."""
    name = row.__tablename__
    names = [column.name for column in table_of(type(row)).primary_key]
    key = key_as_json(sa.inspect(row).identity or ())
    known = {name: {"source": "data.json", "root": name, "key": names}}
    written = json.dumps({"rows": {"keys": [json.loads(key)]}, **facts}, ensure_ascii=False, separators=(",", ":"))
    values: tuple[dict[str, Any], ...] = (
        {"name": "tables", "value": json.dumps(known)},
        {"id": 1, "path": "data.json"},
        {"id": 1, "source": "data.json", "file_id": 1},
        {"id": 1, "part_id": 1, "facts": written},
    )
    connection = db.session.connection()
    for table in TABLES:
        kinds = [sa.Column(c.name, sa.Integer if "id" in c.name else sa.Text) for c in table.columns]
        sa.Table(table.name, sa.MetaData(), *kinds).create(connection)
    for table, value in zip(TABLES[:-1], values, strict=True):
        connection.execute(table.insert().values(**value))
    return key


@pytest.mark.parametrize("model", MODELS)
def test_a_row_says_where_its_record_stands(model: type[Model]) -> None:
    row = store(model)
    remember(row, {"lines": [12]})
    assert origins.origin_of(row) == "data.json:12"
    assert origins.origin_of(model()) is None


def test_a_pointer_is_added_where_records_share_a_line() -> None:
    row = store(MODELS[0])
    remember(row, {"lines": [1, 0, -4], "pointer": "/all", "numbers": [7, 1, -4], "places": [4]})
    assert origins.origin_of(row) == "data.json:1 /all/11"


def test_a_row_that_was_made_in_the_app_has_no_origin() -> None:
    row = store(MODELS[0])
    key = remember(row, {"lines": [1]})
    made = {"table_name": row.__tablename__, "row_key": key, "action": "insert"}
    db.session.connection().execute(origins.CHANGES.insert().values(**made))
    assert origins.origin_of(row) is None


def test_without_a_ledger_there_are_no_origins(app: Flask) -> None:
    assert not sa.inspect(db.engine).has_table(origins.META.name)
    assert origins.origin_of(store(MODELS[0])) is None
