"""After edits through the app only the edited records change in the files; new ones come last."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from site_of_files import Site, read_tree
from writers import WRITERS, python

from outgrow import steps

PEOPLE = [{"id": n, "name": f"name {n}", "score": n / 2, "tags": [f"t{n}"]} for n in range(1, 7)]
NEW = {"id": 7, "name": "new", "score": 0.5, "tags": []}
Write = Callable[[Any], str]


def edited(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `edit` makes of the records."""
    kept = [{**record, "name": "renamed"} if record["id"] == 2 else record for record in records if record["id"] != 4]
    return [*kept, NEW]


def edit(site: Site, table: str) -> None:
    """Update 2, delete 4, insert 7, as the app would."""
    site.sql(f"UPDATE {table} SET name = 'renamed' WHERE id = 2")
    site.sql("DELETE FROM {} WHERE {} = 4".format(*_list_of(site)))
    site.sql(f"DELETE FROM {table} WHERE id = 4")
    site.sql(f"INSERT INTO {table} (id, name, score) VALUES (7, 'new', 0.5)")
    for action, key in (("update", 2), ("delete", 4), ("insert", 7)):
        site.note_change(action, table, key)


def _list_of(site: Site) -> tuple[str, str]:
    """The table of the tags, and its column for the person."""
    (name,) = site.sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%_tags'")[0]
    column = site.sql("SELECT name FROM pragma_table_info(?) WHERE pk = 1", name)[0][0]
    return name, column


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
def test_only_edited_records_change_in_a_list(site: Site, write: Write) -> None:
    site.convert({"people.json": write(PEOPLE)})
    edit(site, "people")
    site.take_source_away()
    assert site.errors() == []
    written = site.export()["people.json"].decode()
    if write(["x"]) == write({"0": "x"}):  # a list is written as a map that counts
        wanted = {str(record["id"] - 1): record for record in edited(PEOPLE)[:-1]}
        assert written == write({**wanted, "6": {**NEW, "tags": {}}})
    else:
        assert written == write(edited(PEOPLE))


@pytest.mark.parametrize("write", [WRITERS["json_encode"], WRITERS["json_encode PRETTY_PRINT"], python(indent=1)])
def test_only_edited_records_change_in_a_map(site: Site, write: Write) -> None:
    site.convert({"people.json": write({str(record["id"]): record for record in PEOPLE})})
    edit(site, "people")
    assert site.export()["people.json"].decode() == write({str(record["id"]): record for record in edited(PEOPLE)})


def test_only_edited_records_change_in_one_of_several_collections(site: Site) -> None:
    before = {"version": 1, "people": PEOPLE, "tags": {"x": {"n": 1}, "y": {"n": 2}}}
    site.convert({"db.json": json.dumps(before, indent=2)})
    edit(site, "people")
    assert site.export()["db.json"].decode() == json.dumps({**before, "people": edited(PEOPLE)}, indent=2)


def test_only_edited_records_change_in_lines(site: Site) -> None:
    site.convert({"people.ndjson": "".join(json.dumps(record) + "\n" for record in PEOPLE)})
    edit(site, "people")
    assert site.export()["people.ndjson"].decode() == "".join(json.dumps(record) + "\n" for record in edited(PEOPLE))


def test_only_edited_records_change_in_csv(site: Site) -> None:
    rows = [f"{n},name {n},{n}.5" for n in range(1, 7)]
    site.convert({"people.csv": "\r\n".join(["id,name,score", *rows]) + "\r\n"})
    site.sql("UPDATE people SET name = 'a \"b\", c' WHERE id = 2")
    site.sql("DELETE FROM people WHERE id = 4")
    site.sql("INSERT INTO people (id, name, score) SELECT 7, 'new', score FROM people WHERE id = 1")
    rows[1] = '2,"a ""b"", c",2.5'
    wanted = "\r\n".join(["id,name,score", *rows[:3], *rows[4:], "7,new,1.5"]) + "\r\n"
    assert site.export()["people.csv"].decode() == wanted


def test_a_folder_of_records_loses_and_gains_files(site: Site) -> None:
    site.convert({f"people/{record['id']}.json": json.dumps(record) for record in PEOPLE})
    edit(site, "people")
    assert {path: json.loads(text) for path, text in site.export().items()} == {
        f"people/{record['id']}.json": record for record in edited(PEOPLE)
    }


def test_a_file_whose_records_are_all_deleted_is_an_empty_list(site: Site) -> None:
    texts = {"people.json": json.dumps(PEOPLE, indent=4), "notes.json": json.dumps({"a": {"t": 1}, "b": {"t": 2}})}
    site.convert(texts)
    for table in ("people", "notes"):
        site.sql(f"DELETE FROM {table}")
    assert site.export() == {"people.json": b"[]", "notes.json": b"{}"}


def test_the_comma_before_what_php_appended_goes_with_it(site: Site) -> None:
    site.convert({"db.json": json.dumps({"people": PEOPLE[:2], "0": PEOPLE[2]}, indent=4)})
    site.sql("DELETE FROM people WHERE id = 3")
    assert json.loads(site.export()["db.json"]) == {"people": PEOPLE[:2]}


def test_a_record_added_to_a_bare_object_is_appended_as_php_would(site: Site) -> None:
    site.convert({"user.json": '{"id":1,"name":"ann"}'})
    site.sql("INSERT INTO user (id, name) VALUES (2, 'bob')")
    assert site.export()["user.json"] == b'{"id":1,"name":"ann","0":{"id":2,"name":"bob"}}'


def test_what_a_patch_says_of_other_fields_outlives_an_edit(site: Site) -> None:
    text = '[{"id": 1, "n": 1.0, "name": "a"}, {"name": "b", "n": 2, "id": 2, "extra": [1.10, null]}]'
    site.convert({"things.json": text})
    site.sql("UPDATE things SET name = 'edited' WHERE id = 2")
    assert site.export()["things.json"].decode() == text.replace('"b"', '"edited"')


def test_an_edited_field_comes_out_edited_whatever_the_patch_said_of_it(site: Site) -> None:
    text = '[{"id": 1, "n": 1}, {"id": 2, "n": 2.0}, {"id": 3, "n": 3}]'
    site.convert({"things.json": text})
    site.sql("UPDATE things SET n = 5 WHERE id = 2")
    assert json.loads(site.export()["things.json"])[1] == {"id": 2, "n": 5}


APP = """
import json
from app import create_app
app = create_app()
client = app.test_client()
token = {token!r}
headers = {{"Authorization": "Bearer " + token}}
answers = [
    client.patch("/api/people/2", json={{"name": "renamed"}}, headers=headers).status_code,
    client.delete("/api/people/4", headers=headers).status_code,
    client.post("/api/people", json={{"name": "new", "score": 0.5}}, headers=headers).status_code,
]
print(json.dumps(answers))
"""


def test_edits_through_the_real_app_are_counted_and_exported(site: Site) -> None:
    conversion = site.convert({"people.json": json.dumps(PEOPLE, indent=4)})
    done = subprocess.run(
        [sys.executable, "-c", APP.format(token=conversion.token)],
        cwd=site.app,
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "LAST_WRITER_WINS": "yes"},
    )
    assert json.loads(done.stdout) == [200, 204, 201], done.stdout + done.stderr
    assert site.errors() == []
    assert site.verify().changed >= 3
    steps.export(site.app, site.root / "edited")
    assert read_tree(site.root / "edited") == {"people.json": json.dumps(edited(PEOPLE), indent=4).encode()}


def log_line(record: dict[str, Any]) -> str:
    """A line as NeDB writes it."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False) + "\n"


LOG = [
    {"name": "ann", "age": 41, "born": {"$$date": 446905800005}, "_id": "tyQW7JmfrWG6Ysse"},
    {"name": "bob", "age": 17, "born": {"$$date": 0}, "_id": "xATV0bMuTYbTiuNL"},
    {"$$deleted": True, "_id": "n9AfbLDMTv23nARI"},
    {"name": "cy", "age": 3, "born": {"$$date": 5}, "_id": "OeMlv23zK4YGIB3g"},
]


def test_a_log_grows_by_what_was_changed_in_it(site: Site) -> None:
    written = "".join(map(log_line, LOG))
    site.convert({"people.db": written})
    site.sql("UPDATE people SET age = 18 WHERE name = 'bob'")
    site.sql("DELETE FROM people WHERE name = 'cy'")
    site.sql("INSERT INTO people (id, name, age, born) SELECT 'aaaaaaaaaaaaaaaa', 'new', 1, born FROM people LIMIT 1")
    grown = [{**LOG[1], "age": 18}, {"$$deleted": True, "_id": "OeMlv23zK4YGIB3g"}]
    new = {"name": "new", "age": 1, "born": LOG[0]["born"], "_id": "aaaaaaaaaaaaaaaa"}
    assert site.export()["people.db"].decode() == written + "".join(map(log_line, [*grown, new]))


def test_a_log_without_an_end_of_line_grows_by_lines(site: Site) -> None:
    written = "".join(map(log_line, LOG[:2])).rstrip("\n")
    site.convert({"people.db": written})
    site.sql("UPDATE people SET age = 42 WHERE name = 'ann'")
    assert site.export()["people.db"].decode() == written + "\n" + log_line({**LOG[0], "age": 42})


def test_a_log_with_passwords_keeps_none_of_its_lines(site: Site) -> None:
    people = [{"username": f"u{n}", "password": f"s3cret-{n}", "age": n, "_id": f"{n:016}"} for n in range(3)]
    site.convert({"users.db": "".join(map(log_line, people))})
    assert "s3cret" not in "\n".join(site.dump())
    assert site.sql("SELECT count(*) FROM outgrow_chunks WHERE facts LIKE '%\"log\"%'") == [(0,)]
    site.sql("UPDATE users SET age = 50 WHERE age = 1")
    assert [json.loads(line)["age"] for line in site.export()["users.db"].splitlines()] == [0, 50, 2]
