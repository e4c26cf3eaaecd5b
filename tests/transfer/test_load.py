"""Loading: parents before children, twice without harm, and what doesn't fit is set aside with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from site_of_files import Site, told

from outgrow import steps
from outgrow.errors import SourceError

USERS = [{"id": number, "username": f"user{number}"} for number in range(1, 61)]
POSTS = [{"id": number, "user_id": 1 + number % 60, "title": f"Post {number}"} for number in range(1, 101)]


def lists(**collections: object) -> dict[str, str]:
    return {f"{name}.json": json.dumps(records) for name, records in collections.items()}


def test_children_that_come_first_by_name_find_their_parents(site: Site) -> None:
    assert site.convert(lists(a_posts=POSTS, users=USERS)).verified
    assert site.sql("SELECT username FROM users JOIN a_posts ON users.id = user_id WHERE a_posts.id = 3") == [
        ("user4",)
    ]
    assert site.sql("PRAGMA foreign_key_check") == []


def test_tables_that_refer_to_each_other_are_loaded(site: Site) -> None:
    users = [{**user, "best_post_id": user["id"]} for user in USERS]
    assert site.convert(lists(users=users, posts=POSTS)).verified
    references = site.sql('SELECT count(*) FROM pragma_foreign_key_list("users"), pragma_foreign_key_list("posts")')
    assert references == [(1,)]
    assert site.sql("PRAGMA foreign_key_check") == []


def test_a_record_may_refer_to_a_later_one_of_its_own_collection(site: Site) -> None:
    comments = [{"id": n, "parent_id": n + 1 if n < 80 else None, "text": f"c{n}"} for n in range(1, 81)]
    conversion = site.convert(lists(comments=comments))
    assert conversion.verified
    assert site.sql("SELECT \"table\" FROM pragma_foreign_key_list('comments')") == [("comments",)]
    assert site.sql("SELECT parent_id FROM comments WHERE id = 1") == [(2,)]


def test_a_second_load_changes_nothing(site: Site) -> None:
    posts = [{**post, "tags": ["a", "b"]} for post in POSTS]
    site.convert({**lists(users=USERS, posts=[*posts, POSTS[0]]), "log.ndjson": '{"at":1}\n{"at":2}\n{"at":3}\n'})
    before = site.dump()
    again = steps.load(site.app)
    assert again.verified
    assert site.dump() == before


def test_records_without_a_number_get_the_next_free_ones_in_order(site: Site) -> None:
    records = [{"name": "first"}, {"id": 7, "name": "given"}, {"name": "second"}, {"id": 3, "name": "low"}]
    conversion = site.convert({"people.json": json.dumps(records)})
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT name, id FROM people ORDER BY id") == [
        ("low", 3),
        ("given", 7),
        ("first", 8),
        ("second", 9),
    ]
    assert site.export() == {"people.json": json.dumps(records).encode()}


def test_what_php_appended_to_a_bare_object_gets_the_next_numbers(site: Site) -> None:
    text = '{"id":1,"name":"ann","0":{"name":"bob"},"1":{"name":"cy"}}'
    assert site.convert({"user.json": text}).verified
    assert site.sql("SELECT id, name FROM user ORDER BY id") == [(1, "ann"), (2, "bob"), (3, "cy")]


def test_a_source_that_has_changed_is_refused_while_the_load_is_unfinished(site: Site) -> None:
    site.convert(lists(users=USERS))
    site.sql("DELETE FROM outgrow_meta WHERE name = 'loaded'")
    (site.data / "users.json").write_text(json.dumps(USERS[:-1]))
    with pytest.raises(SourceError, match="has changed since the load began"):
        steps.load(site.app)
    (site.data / "users.json").unlink()
    (site.data / "others.json").write_text("[]")
    with pytest.raises(SourceError, match="is gone since the load began"):
        steps.load(site.app)


def test_a_source_that_changes_while_it_is_read_is_refused_and_nothing_is_left(site: Site) -> None:
    changed = False

    def write_once(phase: str, _what: str, _done: int, _all: int) -> None:
        nonlocal changed
        if phase == "load" and not changed:
            changed = True
            (site.data / "users.json").write_text(json.dumps(USERS[:-1]))

    site.data.mkdir()
    (site.data / "users.json").write_text(json.dumps(USERS))
    with pytest.raises(SourceError, match="changed while it was being read"):
        steps.convert(site.data, site.app, steps.ConvertOptions(), write_once)
    assert [path.name for path in site.root.iterdir()] == ["data"]


def test_a_record_that_breaks_a_constraint_of_the_edited_plan_is_set_aside(site: Site) -> None:
    people = [{"id": n, "name": f"name {n}", "code": f"c{n % 4}", "tags": ["x"]} for n in range(1, 6)]
    conversion = site.convert(
        lists(people=people), lambda plan: plan.replace('key = ["id"]', 'key = ["id"]\nunique = [["code"]]', 1)
    )
    assert conversion.verified, conversion.findings
    assert [(str(reject.origin), "UNIQUE" in reject.reason) for reject in conversion.rejects] == [
        (f"people.json:1:{json.dumps(people).index(json.dumps(people[4])) + 1}", True)
    ]
    assert site.sql("SELECT count(*) FROM people") == [(4,)]
    assert site.sql("SELECT count(*) FROM person_tags") == [(4,)]


def test_records_that_do_not_fit_an_edited_plan_are_set_aside_with_origin_and_reason(site: Site) -> None:
    people = [
        {"id": 1, "name": "ann", "age": 40},
        {"id": 2, "name": "x" * 300, "age": 41},
        {"id": 3, "name": "cy", "age": "old"},
        {"id": 4, "age": 42},
        {"id": 5, "name": {"first": "di"}, "age": 43},
        17,
        None,
        [1],
        {"id": 6, "name": "ed", "age": 44},
    ]
    text = "[\n" + ",\n".join(map(json.dumps, people)) + "\n]"
    plan = """version = 1
[tables.people]
source = "people.json"
class = "Person"
key = ["id"]
columns.id = { field = "id", type = "integer" }
columns.name = { field = "name", type = "string(80)" }
columns.age = { field = "age", type = "integer" }
"""
    conversion = site.convert({"people.json": text}, lambda _: plan)
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT id, name FROM people") == [(1, "ann"), (6, "ed")]
    found = {reject["origin"]: reject for reject in site.rejects("people")}
    assert {origin: reject["reason"] for origin, reject in found.items()} == {
        "people.json:3:1": '"name" is 300 characters long, more than 80',
        "people.json:4:1": '"age" is a text, no whole number',
        "people.json:5:1": '"name" is missing',
        "people.json:6:1": '"name" is an object, no text',
        "people.json:7:1": "is no object",
        "people.json:8:1": "is no object",
        "people.json:9:1": "is no object",
    }
    assert json.loads(found["people.json:4:1"]["record"]) == people[2]
    assert conversion.reject_count == 7
    exported = steps.export(site.app, site.root / "back")
    assert (site.root / "back" / "people.json").read_text() == text
    assert exported.set_aside == 7
    assert [told(finding) for finding in exported.findings] == [
        "7 records of people set aside: written as in the files"
    ]


def test_the_secrets_of_rejects_are_masked(site: Site) -> None:
    people = [{"id": n, "name": f"n{n}", "password": f"Geheim-{n}!", "token": f"tok-{n}-secret"} for n in range(1, 5)]
    people[2]["name"] = {"not": "a text"}

    def narrow(plan: str) -> str:
        lines = [
            'columns.name = { field = "name", type = "string(80)" }' if line.startswith("columns.name") else line
            for line in plan.splitlines()
        ]
        return "\n".join(lines) + "\n"

    conversion = site.convert({"people.json": json.dumps(people)}, narrow)
    assert conversion.reject_count == 1
    written = (site.app / "rejects" / "people.jsonl").read_text()
    assert "Geheim" not in written
    assert "tok-3" not in written
    assert "Geheim" not in "\n".join(site.dump())


def test_any_cut_of_the_input_gives_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks make many chunks; the rows are those of one."""
    posts = [{**post, "tags": [str(n) for n in range(post["id"] % 4)], "more": {"n": post["id"]}} for post in POSTS]
    files = lists(users=USERS, posts=[*posts[:50], {"id": 3, "title": "taken"}, 12, *posts[50:], posts[7]])
    one, many = Site(tmp_path / "one"), Site(tmp_path / "many")
    one.convert(files)
    monkeypatch.setattr("outgrow.source.syntax.json.BLOCK", 300)
    many.convert(files)
    assert len(many.sql("SELECT 1 FROM outgrow_chunks")) > 20
    assert many.dump(ledger=False) == one.dump(ledger=False)
    assert many.rejects("posts") == one.rejects("posts")
    assert many.export() == one.export()
