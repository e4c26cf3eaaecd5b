"""Probes, the log, and the first page."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from click import ClickException
from flask import Flask

from app import create_app
from app.config import Config
from app.database import Model, all_models, db
from app.operations import JSONLines
from tests.rows import MODELS, store


def test_the_probes_say_that_all_is_well(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/health").get_json() == {"status": "ok"}
    ready = client.get("/ready").get_json()
    assert ready["status"] == "ready"
    assert {"pool", "counters"} <= set(ready)


def test_without_a_database_it_is_alive_but_not_ready(tmp_path: Path) -> None:
    nowhere = tmp_path / "no_such_folder" / "app.db"
    app = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": f"sqlite:///{nowhere}"}))
    client = app.test_client()
    assert client.get("/health").status_code == 200
    answer = client.get("/ready")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "no database")


def test_before_it_stops_it_says_that_it_isnt_ready(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAIN_FILE", str(tmp_path / "draining"))
    client = app.test_client()
    assert client.get("/ready").status_code == 200
    (tmp_path / "draining").touch()
    assert client.get("/ready").status_code == 503
    assert client.get("/health").status_code == 200


def test_every_request_has_a_line_and_a_number(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="app")
    logging.getLogger("app").propagate = True
    answer = app.test_client().get("/health?private=1", headers={"X-Request-ID": "abc-1"})
    assert answer.headers["X-Request-ID"] == "abc-1"
    line = json.loads(JSONLines().format(caplog.records[-1]))
    assert (line["id"], line["status"], line["path"]) == ("abc-1", 200, "/health")
    assert "private" not in json.dumps(line)
    forged = app.test_client().get("/health", headers={"X-Request-ID": 'a"b c'})
    assert forged.headers["X-Request-ID"] not in ("", 'a"b c')


def test_the_first_page_shows_the_tables_and_the_way_in(app: Flask) -> None:
    client = app.test_client()
    for model in MODELS:
        store(model)
    page = client.get("/").text
    assert "flask operator create" in page
    for model in all_models():
        assert f"<td>{model.__tablename__}</td>" in page
    app.test_cli_runner().invoke(args=["operator", "create", "ann", "--password", "correct horse"])
    db.session.rollback()
    assert "flask operator create" not in client.get("/").text


def test_strangers_from_elsewhere_dont_see_the_tables(app: Flask) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    answer = app.test_client().get("/", environ_base=elsewhere)
    assert answer.status_code in (302, 404)
    assert not any(model.__tablename__ in answer.text for model in all_models())
    app.config["PUBLIC_PAGES"] = True
    assert app.test_client().get("/", environ_base=elsewhere).status_code == 200


def test_without_a_secret_key_nothing_starts() -> None:
    with pytest.raises(ClickException, match=r"SECRET_KEY.*\.env\.example"):
        create_app(Config({}))


def test_a_setting_that_cant_be_is_a_line_where_a_command_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///a.db?pool_size=-1")
    with pytest.raises(ClickException, match="pool_size: '-1' is no number from 0 to 10000"):
        create_app()


@pytest.mark.parametrize(
    "words",
    [
        ["token", "create"],
        ["operator", "create", "ann", "--password", "correct horse"],
        ["db", "upgrade"],
        ["token", "list"],
    ],
)
def test_a_command_without_a_database_says_in_a_line_where_it_looked(words: list[str], tmp_path: Path) -> None:
    nowhere = tmp_path / "no_such_folder" / "app.db"
    app = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": f"sqlite:///{nowhere}"}))
    said = app.test_cli_runner().invoke(args=words)
    assert said.exit_code == 1
    [line] = [line for line in said.output.splitlines() if line.startswith("Error: ")]
    assert line.startswith(f"Error: No connection to sqlite:///{nowhere}: unable to open")
    assert "DATABASE_URL" in line


@pytest.mark.parametrize("model", MODELS)
def test_a_dump_holds_every_row_and_no_secret(app: Flask, model: type[Model]) -> None:
    rows = [store(model).to_dict() for _ in range(2)]
    result = app.test_cli_runner().invoke(args=["dump", "--table", model.__tablename__])
    lines = [json.loads(line) for line in result.output.splitlines()]
    assert lines == app.json.loads(app.json.dumps(rows))
    result = app.test_cli_runner().invoke(args=["dump"])
    lines = [json.loads(line) for line in result.output.splitlines()]
    found = [line["row"] for line in lines if line["table"] == model.__tablename__]
    assert found == app.json.loads(app.json.dumps(rows))


def test_operators_are_listed_and_lose_their_access(app: Flask) -> None:
    runner = app.test_cli_runner()
    for password in ("correct horse", "another horse"):
        made = runner.invoke(args=["operator", "create", "ann", "--password", password])
        assert made.exit_code == 0, made.output
    assert runner.invoke(args=["operator", "list"]).output.count("ann") == 1
    short = runner.invoke(args=["operator", "create", "bob", "--password", "short"])
    assert (short.exit_code, "8 characters" in short.output) == (2, True)
    assert runner.invoke(args=["operator", "delete", "ann"]).exit_code == 0
    gone = runner.invoke(args=["operator", "delete", "ann"])
    assert (gone.exit_code, "no operator ann" in gone.output) == (1, True)
    with db.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM app_operators")) == 0
