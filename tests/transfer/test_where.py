"""A row's record is found in its file, and a record's row in its table, with the files and without."""

from __future__ import annotations

import json

import pytest
from site_of_files import Site

from outgrow import steps
from outgrow.errors import AppError

USERS = [{"id": n, "name": f"name {n}", "tags": [f"a{n}", f"b{n}"]} for n in range(1, 400)]
VISITS = [{"user_id": 1 + n % 7, "day": f"2024-01-{1 + n // 7:02}", "pages": n} for n in range(200)]
PAGES = {f"p-{n}": {"title": f"Page {n}"} for n in range(1, 6)}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("original"))
    site.convert(
        {
            "users.json": json.dumps(USERS, indent=2),
            "visits.json": json.dumps(VISITS),
            "pages.json": json.dumps(PAGES),
            **{f"notes/{n}.json": json.dumps({"text": f"t{n}", "stars": n}) for n in range(1, 4)},
        }
    )
    return site


@pytest.fixture
def blog(original: Site, site: Site) -> Site:
    return original.copy_to(site)


def place(site: Site, table: str, key: str) -> str:
    (found,) = steps.where(site.app, table, key)
    return str(found.origin) if found.origin else "entered"


def rows(site: Site, target: str) -> list[tuple[str, tuple[object, ...]]]:
    return [(found.table, found.key) for found in steps.where(site.app, target)]


def line_of(site: Site, number: int) -> int:
    text = (site.data / "users.json").read_text()
    return text[: text.index(f'"id": {number},')].count("\n")


def test_a_row_is_found_at_its_line_and_column(blog: Site) -> None:
    assert place(blog, "users", "317") == f"users.json:{line_of(blog, 317)}:3"


def test_a_line_says_which_row_it_became(blog: Site) -> None:
    assert rows(blog, f"users.json:{line_of(blog, 317)}") == [("users", (317,))]


def test_a_line_within_a_record_is_of_that_record(blog: Site) -> None:
    assert rows(blog, f"users.json:{line_of(blog, 317) + 3}") == [("users", (317,))]


def test_a_line_of_several_records_names_them_and_a_column_the_one(blog: Site) -> None:
    assert [key for _, key in rows(blog, "pages.json:1")] == [(f"p-{n}",) for n in range(1, 6)]
    column = (blog.data / "pages.json").read_text().index('"p-3"') + 1
    assert rows(blog, f"pages.json:1:{column + 4}") == [("pages", ("p-3",))]
    assert place(blog, "pages", "p-3") == f"pages.json:1:{column}"


def test_a_key_of_several_columns_is_given_with_commas(blog: Site) -> None:
    key = VISITS[77]["user_id"], VISITS[77]["day"]
    column = (blog.data / "visits.json").read_text().index(json.dumps(VISITS[77])) + 1
    assert place(blog, "visits", f"{key[0]},{key[1]}") == f"visits.json:1:{column}"
    assert place(blog, "visits", json.dumps(key)) == f"visits.json:1:{column}"


def test_a_row_of_a_list_is_found_at_its_record(blog: Site) -> None:
    assert place(blog, "user_tags", "317,1") == f"users.json:{line_of(blog, 317)}:3"


def test_a_file_that_is_one_record_is_found_by_its_name(blog: Site) -> None:
    assert place(blog, "notes", "2") == "notes/2.json"
    assert rows(blog, "notes/2.json") == [("notes", (2,))]


def test_without_the_files_the_ledger_knows_the_line(blog: Site) -> None:
    line = line_of(blog, 317)
    blog.take_source_away()
    assert place(blog, "users", "317") == f"users.json:{line}"
    assert rows(blog, f"users.json:{line + 2}") == [("users", (317,))]
    assert place(blog, "notes", "2") == "notes/2.json"


def test_a_row_that_the_app_has_entered_comes_from_no_file(blog: Site) -> None:
    blog.sql("INSERT INTO users (id, name) VALUES (1000, 'new')")
    assert place(blog, "users", "1000") == "entered"


def test_a_deleted_row_is_told_as_such(blog: Site) -> None:
    blog.sql("DELETE FROM user_tags WHERE user_id = 5")
    blog.sql("DELETE FROM users WHERE id = 5")
    (found,) = steps.where(blog.app, "users", "5")
    assert (str(found.origin), found.gone) == (f"users.json:{line_of(blog, 5)}:3", True)
    assert [found.gone for found in steps.where(blog.app, f"users.json:{line_of(blog, 5)}")] == [True]


@pytest.mark.parametrize(
    ("target", "key", "problem"),
    [
        ("users", "5000", "users has no row 5000, and no record made one"),
        ("users", "x", "users.id is a whole number, and 'x' is none"),
        ("visits", "7", "the key of visits is user_id, day"),
        ("nothing", "1", "there is no table nothing made from files"),
        ("nothing.json:3", None, "no record was loaded from nothing.json"),
    ],
)
def test_what_is_not_there_is_said(blog: Site, target: str, key: str | None, problem: str) -> None:
    with pytest.raises(AppError) as caught:
        steps.where(blog.app, target, key)
    assert caught.value.problem == problem


def test_a_place_without_a_record_has_no_rows(blog: Site) -> None:
    assert rows(blog, "users.json:99999") == []
    assert rows(blog, "users.json:1") == []


def test_the_lines_of_a_log_are_rows(site: Site) -> None:
    lines = "".join(json.dumps({"id": n, "t": "x" * n}) + "\n" for n in range(1, 40))
    site.convert({"log.ndjson": lines})
    assert place(site, "log", "17") == "log.ndjson:17:1"
    assert rows(site, "log.ndjson:17") == [("log", (17,))]
