"""The revisions lead to the models, and back without losing rows unasked."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import check, downgrade, upgrade

from app.database import db
from tests.rows import MODELS, store


def test_the_revisions_lead_to_the_models(app: Flask) -> None:
    check()


def test_the_way_down_and_up_again(app_without_tables: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert set(sa.inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    check()


@pytest.mark.skipif(not MODELS, reason="there are no tables")
def test_filled_tables_are_not_dropped_unasked(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    model = MODELS[0]
    store(model)
    db.session.remove()
    with pytest.raises(SystemExit):
        downgrade(revision="base")
    assert model.__tablename__ in capsys.readouterr().err
    assert sa.inspect(db.engine).has_table(model.__tablename__)
    monkeypatch.setenv("DROP_FILLED_TABLES", "1")
    downgrade(revision="base")
    assert not sa.inspect(db.engine).has_table(model.__tablename__)
