"""The revisions, within the app."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import check, downgrade


def test_the_revisions_lead_to_the_models(app: Flask) -> None:
    with app.app_context():
        check()


def test_filled_tables_are_not_dropped_unasked(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with app.app_context(), pytest.raises(SystemExit):
        downgrade(revision="base")
    assert "users, posts" in capsys.readouterr().err
    with app.app_context():
        check()
