"""Edits are noted where outgrow's table stands."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check

from app.changes import outgrow_changes
from app.database import Model, db, unit_of_work
from app.encoding import key_as_json
from tests.rows import MODELS, store, values_for

pytestmark = pytest.mark.skipif(not MODELS, reason="there are no tables")


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Whether there is a table for notes is found once."""
    return own_app


@pytest.fixture
def noting(app: Flask) -> Flask:
    outgrow_changes.create(db.engine)
    return app


def notes(model: type[Model]) -> list[tuple[str | None, str]]:
    """Return what was noted about a model's rows since the last time, and forget it."""
    found = db.session.connection().execute(
        sa.select(outgrow_changes.c.row_key, outgrow_changes.c.action)
        .where(outgrow_changes.c.table_name == model.__tablename__)
        .order_by(outgrow_changes.c.id)
    )
    result = [(key, action) for key, action in found]
    db.session.connection().execute(outgrow_changes.delete())
    db.session.commit()
    return result


@pytest.mark.parametrize("model", MODELS)
def test_each_row_written_is_noted(noting: Flask, model: type[Model]) -> None:
    row = store(model)
    identity = list(sa.inspect(row).identity or ())
    key = key_as_json(identity)
    assert notes(model)[-1:] == [(key, "insert")]
    db.session.delete(row)
    db.session.commit()
    assert notes(model) == [(key, "delete")]


@pytest.mark.parametrize("model", MODELS)
def test_what_is_rolled_back_is_not_noted(noting: Flask, model: type[Model]) -> None:
    values = values_for(model)
    notes(model)
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.add(model(**values))
        db.session.flush()
        raise ZeroDivisionError
    assert notes(model) == []


@pytest.mark.parametrize("model", MODELS)
def test_a_statement_for_many_rows_is_noted_as_such(noting: Flask, model: type[Model]) -> None:
    store(model)
    notes(model)
    db.session.execute(sa.delete(model))
    db.session.commit()
    assert notes(model) == [(None, "bulk")]


def test_without_the_table_nothing_is_noted(app: Flask) -> None:
    store(MODELS[0])
    assert not sa.inspect(db.engine).has_table(outgrow_changes.name)


def test_outgrows_own_tables_are_left_alone_by_revisions(noting: Flask) -> None:
    check()
