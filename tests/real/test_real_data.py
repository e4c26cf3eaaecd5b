"""What real programs wrote: every record gets there, is proved, served, and comes back."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from interpreters import run_own_tests, run_python
from real_data import Converted, outgrow

EXPECTED = Path(__file__).parent / "expected"
RECORDS = {  # counted by hand, or by jq
    "jsonplaceholder": 5910,
    "chinook": 15607,
    "bludit": 24,
    "bludit_fresh": 17,
    "wondercms": 7,
    "sleekdb": 2,
    "tinydb": 3,
}
# Of these the app's own tests run always; of the others, those that are others in each app, and only where CI=true.
OWN_TESTS = ("chinook", "bludit")
ABOUT_TABLES = ("api", "api_writes", "changes", "import", "migrations", "models", "secrets")
ASK = """
import sys
from app import create_app

app = create_app()
client = app.test_client()
for name in sys.argv[2:]:
    answer = client.get(f"/api/{name}?per_page=1&total=true", headers={"Authorization": f"Bearer {sys.argv[1]}"})
    print(name, answer.status_code, answer.json.get("total"))
"""


def test_every_record_becomes_rows_or_is_set_aside(converted: Converted) -> None:
    rows = sum(table["rows"] for table in converted.tables if table["name"] not in nested(converted.tables))
    assert rows + converted.said["rejects"] == RECORDS[converted.name]
    assert {table["name"]: table["rows"] for table in converted.tables} == converted.said["tables"]


def nested(tables: list[dict[str, Any]]) -> set[str]:
    """The tables made of lists within records."""
    sources = [table["source"] for table in tables if table["kind"] in ("entity", "singleton")]
    return {
        table["name"]
        for table in tables
        if table["kind"] == "child" or (table["kind"] == "association" and table["source"] in sources)
    }


def test_the_database_agrees_with_itself_and_with_the_files(converted: Converted) -> None:
    with closing(sqlite3.connect(converted.app / "instance" / "app.db")) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert converted.said["verified"]
    assert outgrow("verify", converted.app)["verified"]


def test_the_app_answers_for_every_table(converted: Converted) -> None:
    tables = converted.said["tables"]
    done = run_python(sys.executable, ASK, converted.said["token"], *tables, folder=converted.app)
    assert done.stdout.splitlines() == [f"{name} 200 {rows}" for name, rows in tables.items()], done.stderr


def test_the_apps_own_tests_pass(converted: Converted) -> None:
    if converted.name not in OWN_TESTS and os.environ.get("CI") != "true":
        pytest.skip(f"quick without CI=true: only {' and '.join(OWN_TESTS)}")
    whole = converted.name in OWN_TESTS
    words = ["--ignore=tests/test_passwords.py"] if whole else [f"tests/test_{name}.py" for name in ABOUT_TABLES]
    done = run_own_tests(sys.executable, *words, folder=converted.app)
    assert done.returncode == 0, done.stdout


def test_few_fields_of_plain_records_stay_json(converted: Converted) -> None:
    if not converted.source.is_file():
        pytest.skip("a flat-file CMS keeps empty lists and maps of which nobody can tell what they would hold")
    types = [column["type"] for table in converted.tables for column in table["columns"] if column["field"] is not None]
    assert types.count("json") <= len(types) * 0.05


def test_the_files_come_back_without_their_source(converted: Converted, tmp_path: Path) -> None:
    source, away = converted.source, converted.source.with_name("taken away")
    source.rename(away)
    try:
        outgrow("export", converted.app, tmp_path / "back")
    finally:
        away.rename(source)
    left = [finding["message"] + str(finding["origin"]) for finding in converted.said["findings"]]
    for file in sorted(path for path in source.parent.rglob("*") if path.is_file() and path.is_relative_to(source)):
        name = file.name if file == source else file.relative_to(source).as_posix()
        back = tmp_path / "back" / name
        if back.exists():
            assert not differing(file, back), name
        else:
            assert any(name in said or name.rpartition("/")[0] in said for said in left), f"nothing is said of {name}"


def differing(old: Path, new: Path) -> list[str]:
    """Where two files differ, passwords aside: fast hashes leave as slow ones. Nothing else may change."""
    if old.read_bytes() == new.read_bytes():
        return []
    return [place for place in differences(values(old), values(new), "") if not place.endswith("/password")]


def values(file: Path) -> Any:
    text = file.read_text("utf-8")
    return json.loads(text.partition("\n")[2] if text.startswith("<?php") else text, parse_float=str)


def differences(old: Any, new: Any, place: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for key in old:
            yield from differences(old[key], new[key], f"{place}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, f"{place}/{number}")
    elif type(old) is not type(new) or old != new:
        yield place


def test_the_tables_are_what_a_person_found_good(converted: Converted) -> None:
    """A line for each table. To change the expectation: OUTGROW_GOLDEN=1, then read what git says changed."""
    file = EXPECTED / f"{converted.name}.txt"
    lines = "".join(line_of(table) for table in converted.tables)
    if os.environ.get("OUTGROW_GOLDEN"):
        file.write_text(lines, "utf-8")
    assert lines == file.read_text("utf-8")


def line_of(table: dict[str, Any]) -> str:
    """`name kind rows (columns) refers`: `?` is nullable, `*` in the key, `!` unique, `§` secret."""
    unique = [columns[0] for columns in table["unique"] if len(columns) == 1]
    columns = []
    for column in table["columns"]:
        name = column["name"]
        marks = {"*": name in table["primary_key"], "!": name in unique, "§": column["secret"], "?": column["nullable"]}
        columns.append(f"{name}{''.join(mark for mark, holds in marks.items() if holds)} {column['type']}")
    refers = [
        f"{'+'.join(key['columns'])} -> {key['references']['table']}.{'+'.join(key['references']['columns'])}"
        for key in table["foreign_keys"]
    ]
    together = [f"unique {'+'.join(columns)}" for columns in table["unique"] if len(columns) > 1]
    said = "; ".join([", ".join(columns), *refers, *together])
    return f"{table['name']} [{table['kind']}, {table['rows']}]: {said}\n"
