"""`flask import` brings the records of a file in, checked, and as often as one likes."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from app.database import Model, columns, db
from app.passwords import adopt, hash_password, is_right
from app.values import is_required
from tests.rows import MODELS, as_json, values_for

ALL = pytest.mark.parametrize("model", MODELS)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli.BASE", tmp_path)


def bring(app: Flask, model: type[Model], file: Path) -> Result:
    return app.test_cli_runner().invoke(args=["import", str(file), "--table", model.__tablename__])


def records(app: Flask, model: type[Model], count: int = 3) -> list[dict[str, Any]]:
    return [as_json(app.json, values_for(model)) for _ in range(count)]


def counted(model: type[Model]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@ALL
def test_records_come_in_once_however_often(app: Flask, tmp_path: Path, model: type[Model]) -> None:
    found, name = records(app, model), model.__tablename__
    for text in (json.dumps(found), json.dumps({name: found})):
        (tmp_path / "records.json").write_text(text)
        result = bring(app, model, tmp_path / "records.json")
        assert (result.exit_code, counted(model)) == (0, 3), result.output
    assert f"{name}: 0 created, 3 replaced" in result.output
    lines = "\n".join(map(json.dumps, records(app, model)))
    (tmp_path / "records.jsonl").write_text(lines)
    assert bring(app, model, tmp_path / "records.jsonl").exit_code == 0
    assert counted(model) == 6


@ALL
def test_a_table_of_texts_comes_in_too(app: Flask, tmp_path: Path, model: type[Model]) -> None:
    found = records(app, model)
    with (tmp_path / "records.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        for record in found:
            texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in record.items()}
            writer.writerow({k: "" if record[k] is None else v for k, v in texts.items()})
    result = bring(app, model, tmp_path / "records.csv")
    assert (result.exit_code, counted(model)) == (0, 3), result.output


@ALL
def test_what_doesnt_fit_is_set_aside_with_the_reason(app: Flask, tmp_path: Path, model: type[Model]) -> None:
    good = records(app, model, 2)
    wrong: list[Any] = [{**good[0], "no_such_field": 1}, "no object", None]
    required = [name for name, column in columns(model).items() if is_required(column)]
    if required:
        wrong.append({k: v for k, v in good[0].items() if k != required[0]})
    (tmp_path / "records.json").write_text(json.dumps([good[0], *wrong, good[1]]))
    result = bring(app, model, tmp_path / "records.json")
    assert (result.exit_code, counted(model)) == (3, 2), result.output
    lines = (tmp_path / "rejects" / "records.json.jsonl").read_text().splitlines()
    assert [json.loads(line)["origin"] for line in lines] == [
        f"records.json#{number}" for number in range(1, len(wrong) + 1)
    ]
    assert "no_such_field: " in json.loads(lines[0])["reason"]


def test_a_file_that_isnt_json_is_one_reject(app: Flask, tmp_path: Path) -> None:
    for model in MODELS[:1]:
        for text in ('{"a": ', "[" * 100_000, "\ufeff"):
            (tmp_path / "records.json").write_text(text, encoding="utf-8")
            result = bring(app, model, tmp_path / "records.json")
            assert (result.exit_code, counted(model)) == (3, 0), result.output
            assert "Traceback" not in result.output


def test_an_unknown_table_is_named(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    result = app.test_cli_runner().invoke(args=["import", str(tmp_path / "a.json"), "--table", "no_such_table"])
    assert (result.exit_code, "There is no table no_such_table" in result.output) == (2, True)


def test_what_another_site_has_hashed_lets_its_owner_in() -> None:
    strong = hash_password("pass word")
    assert adopt(strong) == strong
    for stored in (hashlib.md5(b"pass word").hexdigest(), hashlib.sha1(b"pass word").hexdigest(), "pass word"):
        kept = adopt(stored)
        assert is_right(kept, "pass word")
        assert not is_right(kept, stored) or stored == "pass word"
        assert stored not in kept


def test_a_file_that_isnt_utf8_or_has_other_columns_says_so(app: Flask, tmp_path: Path) -> None:
    for model in MODELS[:1]:
        (tmp_path / "latin.csv").write_bytes(b"a\nM\xfcller\n")
        result = bring(app, model, tmp_path / "latin.csv")
        assert (result.exit_code, "isn't UTF-8" in result.output) == (1, True)
        (tmp_path / "ragged.csv").write_text("a;b\n1;2;3\n1\n")
        result = bring(app, model, tmp_path / "ragged.csv")
        assert (result.exit_code, result.output.count("as the 2 columns")) == (3, 2)


def test_without_tables_a_command_says_what_to_do(app_without_tables: Flask) -> None:
    for words in (["token", "create"], ["token", "list"], ["operator", "list"]):
        result = app_without_tables.test_cli_runner().invoke(args=words)
        assert (result.exit_code, "flask db upgrade" in result.output) == (1, True)
