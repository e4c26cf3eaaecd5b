"""The old site has gone on writing: `outgrow load` takes that in, and never writes over what the app has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from owner import POSTS, USERS, Site

from outgrow import renewal

DAN = {"id": 4, "username": "dan", "email": "dan@example.com"}


def changed(user: dict[str, Any], **values: Any) -> dict[str, Any]:
    return user | values


def rows(site: Site, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    return site.sql(f"SELECT {columns} FROM {table} ORDER BY 1")


def counts(told: dict[str, Any], table: str) -> tuple[int, ...]:
    """How many records were new, changed, gone, and left."""
    found = told["changes"][table]
    return found["new"], found["changed"], found["gone"], found["left"]


def test_new_changed_and_gone_records_of_an_app_that_changed_nothing(site: Site) -> None:
    site.write(users=[changed(USERS[0], email="new@example.com"), USERS[1], DAN])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (0, True, (1, 1, 1, 0)), told
    assert rows(site, "users", "id, email") == [
        (1, "new@example.com"),
        (2, "bob@example.com"),
        (3, "cy@example.com"),
        (4, "dan@example.com"),
    ]
    [gone] = [each for each in told["findings"] if each["severity"] == "warning"]
    assert (gone["origin"], gone["message"]) == (
        "users.json",
        "has no record of row 3 of users any more; the row stays",
    )
    assert site.export()["users"] == [changed(USERS[0], email="new@example.com"), USERS[1], USERS[2], DAN]


def test_a_second_load_of_the_same_files_changes_nothing(site: Site) -> None:
    site.write(users=[DAN])
    site.load()
    before = site.sql("SELECT * FROM outgrow_chunks")
    code, told = site.load()
    assert (code, told["verified"], told["changes"], told["findings"]) == (0, True, None, [])
    assert site.sql("SELECT * FROM outgrow_chunks") == before


def test_what_the_app_changed_stays_and_what_both_changed_is_set_aside(site: Site) -> None:
    """Ann is changed in the app, Bob in the files, Cy in both, by a real app."""
    site.in_app(
        "db.session.get(User, 1).email = 'ann@app.example'; db.session.get(User, 3).email = 'cy@app.example';"
        "db.session.commit(); show(1)"
    )
    in_files = [changed(USERS[2], username="cyril")]
    site.write(users=[USERS[0], changed(USERS[1], email="bob@files.example"), *in_files])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (3, True, (0, 1, 0, 1)), told
    assert rows(site, "users") == [
        (1, "ann", "ann@app.example"),
        (2, "bob", "bob@files.example"),
        (3, "cy", "cy@app.example"),
    ]
    [reject] = told["rejected"]
    assert reject["origin"].startswith("users.json:1:")
    assert reject["reason"] == "users 3: it was changed here and in the app, whose row stays"
    [line] = (site.app / "rejects" / "users.jsonl").read_text().splitlines()
    assert json.loads(json.loads(line)["record"]) == in_files[0]
    assert site.export()["users"][2] == changed(USERS[2], email="cy@app.example")


def test_a_conflict_is_told_once_and_the_apps_row_stays_for_good(site: Site) -> None:
    site.in_app("db.session.get(User, 3).email = 'cy@app.example'; db.session.commit(); show(1)")
    site.write(users=[*USERS[:2], changed(USERS[2], username="cyril")])
    assert site.load()[0] == 3
    site.write(users=[*USERS[:2], changed(USERS[2], username="cyril"), DAN])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (0, True, (1, 0, 0, 0)), told
    assert rows(site, "users")[2] == (3, "cy", "cy@app.example")


def test_changes_that_nobody_noted_are_not_written_over_either(site: Site) -> None:
    """A data migration, or SQL by hand, leaves no note in outgrow_changes; the checks of the rows know it."""
    site.sql("UPDATE users SET email = upper(email)")
    site.write(users=[changed(USERS[0], username="anna"), *USERS[1:]])
    code, told = site.load()
    assert (code, counts(told, "users")) == (3, (0, 0, 0, 1)), told
    assert rows(site, "users", "username, email") == [
        ("ann", "ANN@EXAMPLE.COM"),
        ("bob", "BOB@EXAMPLE.COM"),
        ("cy", "CY@EXAMPLE.COM"),
    ]


def test_what_the_app_deleted_stays_deleted(site: Site) -> None:
    site.in_app("db.session.delete(db.session.get(Post, 1)); db.session.commit(); show(1)")
    site.in_app("db.session.delete(db.session.get(Post, 2)); db.session.commit(); show(1)")
    site.write(posts=[POSTS[0], changed(POSTS[1], title="Changed"), POSTS[2]])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "posts")) == (3, True, (0, 0, 0, 1)), told
    assert told["rejected"][0]["reason"] == "posts 2: it was changed here, but deleted in the app"
    assert rows(site, "posts", "id") == [(3,)]


def test_a_key_that_both_sides_gave_away_is_the_apps(site: Site) -> None:
    site.in_app("db.session.add(User(username='eve', email='eve@example.com')); db.session.commit(); show(1)")
    site.write(users=[*USERS, DAN])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (3, True, (0, 0, 0, 1)), told
    assert told["rejected"][0]["reason"].startswith("users 4: the app has another row under its key")
    assert rows(site, "users", "username")[-1] == ("eve",)


def test_rows_of_lists_come_and_go_with_their_record(site: Site) -> None:
    site.write(posts=[changed(POSTS[0], tags=["b"]), changed(POSTS[1], tags=["x", "y"]), POSTS[2]])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "posts")) == (0, True, (0, 2, 0, 0)), told
    assert rows(site, "post_tags") == [(1, 0, "b"), (2, 0, "x"), (2, 1, "y"), (3, 0, "b")]


@pytest.mark.parametrize(
    ("in_app", "tags", "expected"),
    [
        ("DELETE FROM post_tags WHERE post_id = 1 AND position = 1", ["a", "b"], ("a",)),
        ("DELETE FROM post_tags WHERE post_id = 1 AND position = 1", ["a", "b", "c"], ("a",)),
        ("SELECT 1", ["a"], ("a",)),
        ("INSERT INTO post_tags VALUES (1, 2, 'mine')", ["a", "b"], ("a", "b", "mine")),
        ("UPDATE post_tags SET tag = 'mine' WHERE post_id = 1 AND position = 0", ["a"], ("mine", "b")),
    ],
)
def test_a_list_that_the_app_changed_stays_whole(
    site: Site, in_app: str, tags: list[str], expected: tuple[str, ...]
) -> None:
    site.sql(in_app)
    site.write(posts=[changed(POSTS[0], tags=tags), *POSTS[1:]], users=[*USERS, DAN])
    site.load()
    assert tuple(tag for post, _, tag in rows(site, "post_tags") if post == 1) == expected


def test_a_record_that_the_database_refuses_is_set_aside_and_the_rest_goes_in(site: Site) -> None:
    site.write(users=[*USERS, changed(DAN, email="ann@example.com"), changed(DAN, id=5)])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (3, True, (1, 0, 0, 0)), told
    assert "UNIQUE" in told["rejected"][0]["reason"]
    assert rows(site, "users", "id") == [(1,), (2,), (3,), (5,)]


def test_a_row_that_is_gone_from_the_files_holds_its_unique_values(site: Site) -> None:
    """The files gave the name of a removed user to another: the kept row has it still, and that is said."""
    site.write(users=[*USERS[:2], changed(DAN, username="cy")])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (3, True, (0, 0, 1, 0)), told
    assert "UNIQUE" in told["rejected"][0]["reason"]
    assert rows(site, "users", "id") == [(1,), (2,), (3,)]


def test_posts_of_a_user_who_is_gone_from_the_files_keep_their_author(site: Site) -> None:
    site.write(users=[USERS[0], USERS[2]], posts=[*POSTS, {"id": 4, "user_id": 2, "title": "Late", "tags": []}])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "posts")) == (0, True, (1, 0, 0, 0)), told
    assert rows(site, "posts", "id, user_id") == [(1, 1), (2, 2), (3, 2), (4, 2)]


def test_a_new_post_of_a_user_whom_the_app_deleted_is_set_aside(site: Site) -> None:
    site.sql("DELETE FROM users WHERE id = 3")
    site.sql("INSERT INTO outgrow_changes VALUES (1, 'users', '[3]', 'delete', '2026-01-01')")
    site.write(posts=[*POSTS, {"id": 4, "user_id": 3, "title": "Late", "tags": ["z"]}])
    code, told = site.load()
    assert (code, told["verified"]) == (3, True), told
    assert '"user_id" refers to no row of users' in told["rejected"][0]["reason"]
    assert rows(site, "posts", "id") == [(1,), (2,), (3,)]
    assert site.sql("PRAGMA foreign_key_check") == []


def test_a_file_that_is_gone_leaves_its_rows_and_comes_back_in_the_export(site: Site) -> None:
    (site.data / "posts.json").unlink()
    site.write(users=[*USERS, DAN])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (3, False, (1, 0, 0, 0)), told
    assert any("posts.json, which isn't there" in each["message"] for each in told["findings"])
    assert rows(site, "posts", "id") == [(1,), (2,), (3,)]
    assert site.export() == {"users": [*USERS, DAN], "posts": POSTS}


def test_a_file_that_is_new_is_no_table_and_that_is_said(site: Site) -> None:
    site.write(pages=[{"id": 1, "text": "x"}])
    code, told = site.load("--fail-on", "warning")
    assert code == 3
    assert any(each["origin"] == "pages.json" and "is in no table" in each["message"] for each in told["findings"])


def test_a_file_that_is_written_otherwise_but_says_the_same_changes_no_row(site: Site) -> None:
    (site.data / "users.json").write_text(json.dumps(USERS, indent=2))
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (0, True, (0, 0, 0, 0)), told
    site.outgrow("export", site.app, site.root / "again")
    assert (site.root / "again" / "users.json").read_text() == json.dumps(USERS, indent=2)


def test_a_broken_file_changes_nothing(site: Site) -> None:
    (site.data / "users.json").write_text('[{"id":1,"username":"ann"')
    before = site.sql("SELECT * FROM outgrow_files")
    result = site.outgrow("load", site.app)
    assert result.exit_code == 1
    assert "users.json" in result.stderr
    assert site.sql("SELECT * FROM outgrow_files") == before


def test_a_kill_leaves_the_tables_as_they_were_and_nothing_beside_them(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_words: object) -> None:
        raise KeyboardInterrupt

    site.write(users=[DAN])
    before = [rows(site, name) for (name,) in site.sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    with monkeypatch.context() as patch:
        patch.setattr("outgrow.transfer.merge.settle_orphans", die)
        assert site.outgrow("load", site.app).exit_code == 1
    assert [rows(site, name) for (name,) in site.sql("SELECT name FROM sqlite_master WHERE type = 'table'")] == before
    assert not (site.app / renewal.SCRATCH).exists()
    assert site.load()[1]["changes"]["users"]["new"] == 1


def make(root: Path, **files: Any) -> Site:
    """Another site."""
    site = Site(root)
    site.write(**files)
    site.convert()
    return site


LINES = [{"text": f"line {number}"} for number in range(1, 8)]


def test_records_without_a_key_are_known_by_what_they_hold(tmp_path: Path) -> None:
    """The old site has trimmed its log, put a line in between, and gone on; the app has edited line 4, added one."""
    site = make(tmp_path, log=LINES)
    site.sql("UPDATE log SET text = 'edited' WHERE id = 4")
    site.sql("INSERT INTO log VALUES (8, 'from the app')")
    for action, key in (("update", 4), ("insert", 8)):
        values = (f"[{key}]", action)
        site.sql("INSERT INTO outgrow_changes VALUES (NULL, 'log', ?, ?, '2026-01-01')", *values)
    site.write(log=[*LINES[2:5], {"text": "between"}, *LINES[5:], {"text": "last"}])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "log")) == (0, True, (2, 0, 2, 0)), told
    assert rows(site, "log") == [
        (1, "line 1"), (2, "line 2"), (3, "line 3"), (4, "edited"), (5, "line 5"), (6, "line 6"), (7, "line 7"),
        (8, "from the app"), (9, "between"), (10, "last"),
    ]  # fmt: skip
    texts = ["line 3", "edited", "line 5", "between", "line 6", "line 7", "last", "line 1", "line 2", "from the app"]
    assert [each["text"] for each in site.export()["log"]] == texts


def test_a_record_without_a_key_that_is_changed_where_it_stands_is_changed(tmp_path: Path) -> None:
    """As many stand between two known ones as before; a table of settings is the plainest case."""
    site = make(tmp_path, log=LINES, settings={"title": "Mine", "per_page": 10})
    site.write(log=[*LINES[:3], {"text": "better"}, *LINES[4:]], settings={"title": "Ours", "per_page": 10})
    code, told = site.load()
    assert (code, told["verified"], counts(told, "log"), counts(told, "settings")) == (
        0,
        True,
        (0, 1, 0, 0),
        (0, 1, 0, 0),
    ), told
    assert site.sql("SELECT id, text FROM log WHERE id IN (3, 4, 5)") == [(3, "line 3"), (4, "better"), (5, "line 5")]
    assert site.sql("SELECT title FROM settings") == [("Ours",)]


def test_what_php_appends_without_a_number_keeps_the_number_it_got(tmp_path: Path) -> None:
    people = [{"id": 1, "name": "ann"}, {"name": "bob"}, {"name": "cy"}]
    site = make(tmp_path, people=people)
    assert rows(site, "people", "id, name") == [(1, "ann"), (2, "bob"), (3, "cy")]
    site.sql("UPDATE people SET name = 'bobby' WHERE id = 2")
    site.write(people=[*people, {"name": "dan"}, {"id": 7, "name": "eve"}])
    code, told = site.load()
    assert (code, counts(told, "people")) == (0 if told["verified"] else 3, (2, 0, 0, 0)), told
    assert rows(site, "people", "id, name") == [(1, "ann"), (2, "bobby"), (3, "cy"), (7, "eve"), (8, "dan")]
    assert site.export()["people"] == [{"id": 1, "name": "ann"}, {"name": "bobby"}, *people[2:], {"name": "dan"},
                                       {"id": 7, "name": "eve"}]  # fmt: skip


def test_a_password_that_is_the_same_is_not_hashed_again(tmp_path: Path) -> None:
    users = [{"id": n, "name": f"n{n}", "password": f"Geheim-{n}!"} for n in (1, 2, 3)]
    site = make(tmp_path, users=users)
    before = rows(site, "users", "id, password")
    site.write(users=[users[0], changed(users[1], password="another"), changed(users[2], name="other")])
    code, told = site.load()
    assert (code, told["verified"], counts(told, "users")) == (0, True, (0, 2, 0, 0)), told
    after = rows(site, "users", "id, password")
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    assert all(text.startswith("$argon2id$") for _, text in after)


def test_one_file_per_record_may_gain_and_lose_files(tmp_path: Path) -> None:
    site = Site(tmp_path)
    folder = site.data / "pages"
    folder.mkdir(parents=True)
    for name in ("home", "about", "old"):
        (folder / f"{name}.json").write_text(json.dumps({"text": f"All of {name}"}))
    site.convert()
    (folder / "old.json").unlink()
    (folder / "new.json").write_text('{"text": "Quite new"}')
    (folder / "home.json").write_text('{"text": "Changed"}')
    code, told = site.load()
    assert (code, told["verified"], counts(told, "pages")) == (0, True, (1, 1, 1, 0)), told
    site.outgrow("export", site.app, site.root / "again")
    written = {file.stem: json.loads(file.read_text())["text"] for file in (site.root / "again" / "pages").iterdir()}
    assert written == {"home": "Changed", "about": "All of about", "old": "All of old", "new": "Quite new"}


def test_texts_in_files_of_their_own_are_taken_in_too(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.write(pages=[{"id": 1, "title": "a"}, {"id": 2, "title": "b"}])
    plan = site.outgrow("inspect", site.data, "--write-plan", tmp_path / "plan.toml")
    assert plan.exit_code == 0
    text = (tmp_path / "plan.toml").read_text()
    line = 'columns.body = { file = "texts/{key}.txt", type = "text", nullable = true }\n'
    (tmp_path / "plan.toml").write_text(text.rstrip() + "\n" + line)
    (site.data / "texts").mkdir()
    (site.data / "texts" / "1.txt").write_text("first")
    result = site.outgrow("convert", site.data, site.app, "--plan", tmp_path / "plan.toml", "--quiet")
    assert result.exit_code == 0, result.stderr
    (site.data / "texts" / "1.txt").write_text("second")
    code, told = site.load()
    assert (code, told["verified"], counts(told, "pages")) == (0, True, (0, 1, 0, 0)), told
    assert rows(site, "pages", "id, body") == [(1, "second"), (2, None)]
