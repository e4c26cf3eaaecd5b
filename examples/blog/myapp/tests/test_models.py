"""What every model can do, whatever its table."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.database import Model, db, public_columns, table_of, unit_of_work
from tests.databases import about_sqlite
from tests.rows import MODELS, store, values_for


@pytest.mark.parametrize("model", MODELS)
def test_a_stored_row_comes_back_as_it_was(app: Flask, model: type[Model]) -> None:
    values = values_for(model)
    row = model(**values)
    with unit_of_work():
        db.session.add(row)
    key = sa.inspect(row).identity
    db.session.expunge_all()
    again = db.session.get(model, key)
    assert again is not None
    assert {name: getattr(again, name) for name in values} == values
    assert repr(again).startswith(f"<{model.__name__} ")


@pytest.mark.parametrize("model", MODELS)
def test_a_row_as_a_dictionary_holds_all_but_secrets(app: Flask, model: type[Model]) -> None:
    shown = store(model).to_dict()
    assert list(shown) == list(public_columns(model))
    assert not any("secret" in sa.inspect(model).columns[name].info for name in shown)
    app.json.dumps(shown)


@pytest.mark.parametrize("model", MODELS)
def test_a_deleted_row_is_gone(app: Flask, model: type[Model]) -> None:
    row = store(model)
    with unit_of_work():
        db.session.delete(row)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("model", MODELS)
def test_a_failing_unit_of_work_leaves_nothing(app: Flask, model: type[Model]) -> None:
    values = values_for(model)
    with pytest.raises(ZeroDivisionError), unit_of_work():
        db.session.add(model(**values))
        db.session.flush()
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("model", MODELS)
def test_the_short_spellings_still_answer(app: Flask, model: type[Model]) -> None:
    row = store(model)
    assert model.query.all() == [row]
    key = {column.name: getattr(row, column.name) for column in table_of(model).primary_key}
    assert model.query.filter_by(**key).first() is row


def test_relationships_fit_together(app: Flask) -> None:
    sa.orm.configure_mappers()


@about_sqlite
def test_sqlite_keeps_foreign_keys(app: Flask) -> None:
    assert db.session.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1
