"""Whatever is altered in the database or its ledger is named, with its place; what the app does isn't."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from site_of_files import Site, told

USERS = [{"id": n, "username": f"user{n}", "token": f"tok-{n}"} for n in range(1, 4)]
POSTS = [
    {
        "id": n,
        "title": f"Post {n}",
        "likes": n,
        "tags": [f"a{n}", f"b{n}"],
        "notes": [{"text": f"note {n}", "stars": n}],
    }
    for n in range(1, 31)
]
PAGES = {f"page-{n}": {"title": f"Page {n}"} for n in range(1, 6)}
NAMELESS = [{"text": f"line {n}"} for n in range(1, 6)]
Alter = Callable[[Site], object]


@pytest.fixture(scope="module", params=["as it was written", "with deviations"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A converted blog, of which every record's text comes from its rows, or some of it from the ledger."""
    posts = list(POSTS)
    if request.param == "with deviations":
        posts[20] = {**posts[20], "likes": 21.0, "more": [1, {"x": None}]}
    site = Site(tmp_path_factory.mktemp("original"))
    site.convert(
        {
            "posts.json": json.dumps(posts, indent=2),
            "users.json": json.dumps(USERS),
            "pages.json": json.dumps(PAGES),
            "lines.ndjson": "".join(json.dumps(record) + "\n" for record in NAMELESS),
        }
    )
    assert site.errors() == []
    return site


@pytest.fixture
def blog(original: Site, site: Site) -> Site:
    """A copy of it, to be altered."""
    return original.copy_to(site)


@pytest.fixture
def people(site: Site) -> Site:
    """People with passwords."""
    people = [{"id": n, "username": f"user{n}", "password": f"Geheim-{n}"} for n in range(1, 4)]
    site.convert({"users.json": json.dumps(people, indent=1)})
    return site


def line_of(site: Site, number: int) -> int:
    """The line on which the post with a number starts."""
    text = (site.data / "posts.json").read_text()
    return text[: text.index(f'  "id": {number},')].count("\n")


def test_an_altered_cell_is_named_with_both_values_and_its_place(blog: Site) -> None:
    blog.sql("UPDATE posts SET title = 'Forged' WHERE id = 7")
    what = "posts.title of row 7 was changed: the file gives 'Post 7', the database 'Forged'"
    assert blog.errors() == [f"posts.json:{line_of(blog, 7)}: {what}"]


def test_an_altered_cell_of_a_map_is_named(blog: Site) -> None:
    blog.sql("UPDATE pages SET title = 'Forged' WHERE title = 'Page 3'")
    assert blog.errors() == [
        "pages.json:1: pages.title of row 'page-3' was changed: the file gives 'Page 3', the database 'Forged'"
    ]


def test_a_deleted_row_is_named(blog: Site) -> None:
    for table in ("post_tags", "post_notes"):
        blog.sql(f"DELETE FROM {table} WHERE post_id = 9")
    blog.sql("DELETE FROM posts WHERE id = 9")
    assert blog.errors() == [f"posts.json:{line_of(blog, 9)}: posts has no row 9: it was deleted"]


def test_a_doubled_row_is_named(blog: Site) -> None:
    blog.sql("INSERT INTO posts (id, title, likes) SELECT 99, title, likes FROM posts WHERE id = 3")
    assert blog.errors() == ["row 99 of posts comes from no file: it was added or doubled"]


def test_a_row_that_takes_the_place_of_another_is_named_as_well_as_the_missing_one(blog: Site) -> None:
    blog.sql("UPDATE lines SET id = 77 WHERE id = 2")
    assert blog.errors() == [
        "lines.ndjson:2: lines has no row 2: it was deleted",
        "row 77 of lines comes from no file: it was added or doubled",
    ]


def test_two_rows_with_swapped_contents_are_named(blog: Site) -> None:
    blog.sql("UPDATE posts SET title = CASE id WHEN 4 THEN 'Post 5' ELSE 'Post 4' END WHERE id IN (4, 5)")
    errors = blog.errors()
    assert [error.split(": the file")[0].split(": ")[1] for error in errors] == [
        "posts.title of row 4 was changed",
        "posts.title of row 5 was changed",
    ]


def test_an_altered_row_of_a_list_is_named(blog: Site) -> None:
    blog.sql("UPDATE post_notes SET stars = 50 WHERE post_id = 6")
    assert blog.errors() == [
        f"posts.json:{line_of(blog, 6)}: post_notes.stars of row 6, 0 was changed: the file gives 6, the database 50"
    ]


def test_a_deleted_row_of_a_list_is_named(blog: Site) -> None:
    blog.sql("DELETE FROM post_tags WHERE post_id = 6 AND position = 1")
    assert blog.errors() == [f"posts.json:{line_of(blog, 6)}: post_tags has no row 6, 1: it was deleted"]


def test_a_row_added_to_a_list_is_named(blog: Site) -> None:
    blog.sql("INSERT INTO post_tags (post_id, position, tag) VALUES (6, 2, 'new')")
    assert blog.errors() == [f"posts.json:{line_of(blog, 6)}: post_tags has a row too many, 6, 2"]


def test_an_altered_entry_of_the_ledger_is_named(blog: Site) -> None:
    mine = "part_id = (SELECT id FROM outgrow_parts WHERE source = 'posts.json')"
    facts = json.loads(blog.sql(f"SELECT facts FROM outgrow_chunks WHERE {mine}")[0][0])
    facts["tables"]["posts"][1] = "0" * 32
    blog.sql(f"UPDATE outgrow_chunks SET facts = ? WHERE {mine}", json.dumps(facts))
    errors = blog.errors()
    assert len(errors) == 1
    assert errors[0].startswith("posts.json: the ledger's entry for the records in bytes ")


def test_an_altered_note_of_the_ledger_is_named(site: Site) -> None:
    records = [{"id": 1, "n": 1}, {"id": 2, "n": 2.0}, {"id": 3, "n": 3}]
    site.convert({"things.json": json.dumps(records, indent=1)})
    site.sql("UPDATE outgrow_deviations SET patch = replace(patch, '2.0', '2.5')")
    assert site.errors() == ["things.json:6: the ledger's notes on row 2 of things were altered"]


def test_the_value_of_a_secret_is_never_shown(blog: Site) -> None:
    blog.sql("UPDATE users SET token = 'forged' WHERE id = 2")
    assert blog.errors() == ["users.json:1: users.token of row 2 was changed"]


def test_an_altered_password_is_named_and_not_shown(people: Site) -> None:
    stored = dict(people.sql("SELECT id, password FROM users"))
    people.sql("UPDATE users SET password = ? WHERE id = 2", stored[3])
    assert people.errors() == ["users.json:7: users.password of row 2 is no hash of what the file holds"]


def test_a_password_that_was_changed_in_the_app_is_no_error(people: Site) -> None:
    people.sql("UPDATE users SET password = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g' WHERE id = 2")
    people.note_change("update", "users", 2)
    assert people.errors() == []
    people.sql("UPDATE users SET username = 'forged' WHERE id = 3")
    assert len(people.errors()) == 1


@pytest.mark.parametrize(
    "alter",
    [
        "UPDATE posts SET title = 'Forged' WHERE id = 7",
        "DELETE FROM post_tags WHERE post_id = 6",
        "UPDATE post_notes SET stars = 0 WHERE post_id = 6",
    ],
)
def test_without_the_source_the_chunk_is_found(blog: Site, alter: str) -> None:
    blog.take_source_away()
    assert blog.errors() == []
    blog.sql(alter)
    errors = blog.errors()
    assert len(errors) == 1
    assert errors[0].startswith("posts.json: rows of posts made from records in bytes ")


def test_a_changed_file_is_named_and_the_ledger_still_compared(blog: Site) -> None:
    (blog.data / "pages.json").write_text("{}")
    blog.sql("UPDATE posts SET title = 'Forged' WHERE id = 7")
    errors = blog.errors()
    assert errors[0].startswith("pages.json: has changed since it was loaded; `outgrow load`")
    assert errors[1].startswith("posts.json: rows of posts made from records")


def test_at_most_twenty_differences_are_listed(blog: Site) -> None:
    blog.sql("UPDATE posts SET title = title || '!'")
    errors = blog.errors()
    assert len(errors) == 21
    assert errors[-1] == "further differences are not listed"


def _update(site: Site) -> None:
    site.sql("UPDATE posts SET title = 'Better' WHERE id = 7")
    site.note_change("update", "posts", 7)


def _insert(site: Site) -> None:
    site.sql("INSERT INTO posts (id, title, likes) VALUES (31, 'New', 0)")
    site.note_change("insert", "posts", 31)


def _delete(site: Site) -> None:
    for table, column in (("post_tags", "post_id"), ("post_notes", "post_id"), ("posts", "id")):
        site.sql(f"DELETE FROM {table} WHERE {column} = 9")
    site.note_change("delete", "posts", 9)


def _update_within_list(site: Site) -> None:
    site.sql("UPDATE post_notes SET stars = 50 WHERE post_id = 6")
    site.note_change("update", "post_notes", 6, 0)


def _delete_within_list(site: Site) -> None:
    site.sql("DELETE FROM post_notes WHERE post_id = 6")
    site.note_change("delete", "post_notes", 6, 0)


def _insert_within_list(site: Site) -> None:
    site.sql("INSERT INTO post_notes (post_id, position, text, stars) VALUES (6, 1, 'more', 1)")
    site.note_change("insert", "post_notes", 6, 1)


CHANGES = [_update, _insert, _delete, _update_within_list, _delete_within_list, _insert_within_list]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
@pytest.mark.parametrize("with_source", [True, False], ids=["with source", "without source"])
def test_what_the_app_changes_is_counted_and_no_error(blog: Site, change: Alter, with_source: bool) -> None:
    if not with_source:
        blog.take_source_away()
    change(blog)
    result = blog.verify()
    assert [told(finding) for finding in result.findings if finding.severity == "error"] == []
    assert result.changed == 1


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_damage_beside_what_the_app_changed_is_named(blog: Site, change: Alter) -> None:
    change(blog)
    blog.sql("UPDATE posts SET likes = 1000 WHERE id = 12")
    blog.sql("DELETE FROM users WHERE id = 3")
    errors = "\n".join(blog.errors())
    assert errors.count("\n") == 1
    assert "posts.likes of row 12 was changed" in errors
    assert "users has no row 3" in errors


def test_a_statement_that_changed_many_rows_excuses_its_table_only(blog: Site) -> None:
    blog.sql("UPDATE posts SET likes = likes + 1")
    blog.sql("INSERT INTO outgrow_changes (table_name, action, changed_at) VALUES ('posts', 'bulk', '2026-01-01')")
    assert blog.errors() == []
    assert blog.verify().changed == 30
    blog.sql("UPDATE lines SET text = 'x' WHERE id = 1")
    assert len(blog.errors()) == 1


def test_rows_that_went_along_with_a_deleted_one_are_no_error(site: Site) -> None:
    users = [{"id": n, "username": f"user{n}"} for n in range(1, 31)]
    posts = [{"id": n, "user_id": 1 + n % 30, "tags": ["a"]} for n in range(1, 91)]

    def cascade(plan: str) -> str:
        return plan.replace('on_delete = "restrict"', 'on_delete = "cascade"')

    site.convert({"users.json": json.dumps(users), "posts.json": json.dumps(posts)}, cascade)
    site.sql("DELETE FROM post_tags WHERE post_id IN (SELECT id FROM posts WHERE user_id = 4)")
    site.sql("DELETE FROM posts WHERE user_id = 4")
    site.sql("DELETE FROM users WHERE id = 4")
    site.note_change("delete", "users", 4)
    assert site.errors() == []
    site.sql("DELETE FROM post_tags WHERE post_id = 1")
    site.sql("DELETE FROM posts WHERE id = 1")
    assert site.errors() == ["posts.json:1: posts has no row 1: it was deleted"]


def test_a_reference_that_is_emptied_is_named_unless_its_target_is_gone(site: Site) -> None:
    users = [{"id": n, "username": f"user{n}"} for n in range(1, 31)]
    posts = [{"id": n, "user_id": 1 + n % 30 if n > 1 else None} for n in range(1, 91)]
    site.convert({"users.json": json.dumps(users), "posts.json": json.dumps(posts)})
    site.sql("UPDATE posts SET user_id = NULL WHERE id = 5")
    assert site.errors() == ["posts.json:1: posts.user_id of row 5 was changed: the file gives 6, the database None"]


def test_records_that_got_their_numbers_here_are_compared_with_these(site: Site) -> None:
    records = [{"name": "first"}, {"id": 7, "name": "given"}, {"name": "second", "n": 1.0}, {"id": 3, "name": "low"}]
    site.convert({"people.json": json.dumps(records, indent=1)})
    assert site.errors() == []
    site.sql("UPDATE people SET name = 'forged' WHERE id = 9")
    assert site.errors() == [
        "people.json:9: people.name of row 9 was changed: the file gives 'second', the database 'forged'"
    ]


def test_an_altered_text_of_a_file_is_named(site: Site) -> None:
    site.convert(
        {
            "pages.json": json.dumps({"about": {"title": "About"}, "home": {"title": "Home"}}),
            "pages/about/index.txt": "Who we are\n",
            "pages/home/index.txt": "Welcome\n",
        }
    )
    column = site.sql("SELECT name FROM pragma_table_info('pages') WHERE name NOT IN ('title', 'key', 'slug')")[-1][0]
    site.sql(f"UPDATE pages SET {column} = 'forged' WHERE title = 'Home'")
    errors = site.errors()
    assert len(errors) == 1
    assert f"pages.{column} of row 'home' was changed" in errors[0]
