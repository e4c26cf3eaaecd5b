"""Which files make up a collection, what it is called, and what the paths of its records are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from outgrow.source.folder import scan
from outgrow.source.inventory import Source
from outgrow.steps import inspect

POST = {"title": "T", "date": "2024-01-01", "body": "words"}


def lay_out(folder: Path, files: Mapping[str, object]) -> Source:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content if isinstance(content, str) else json.dumps(content))
    return scan(folder)


def sources(folder: Path, files: Mapping[str, object]) -> dict[str, int]:
    """The collections, and how many files or sections each is made of."""
    return {each.source: len(each.parts) for each in lay_out(folder, files).collections}


def keys(folder: Path, files: Mapping[str, object]) -> list[str | None]:
    return [part.key for each in lay_out(folder, files).collections for part in each.parts]


def matter(**facts: str) -> str:
    lines = "".join(f"{name}: {value}\n" for name, value in facts.items())
    return f"---\n{lines}---\n\nBody.\n"


def test_files_of_one_folder_are_records_named_by_their_files(tmp_path: Path) -> None:
    assert keys(tmp_path, {"posts/a.json": POST, "posts/b.json": POST}) == ["a", "b"]


def test_years_only_part_a_collection(tmp_path: Path) -> None:
    files = {f"data/{year}/{name}.json": POST for year in (2023, 2024) for name in "ab"}
    assert sources(tmp_path, files) == {"data/**": 4}


def test_folders_within_a_folder_of_records_belong_to_it(tmp_path: Path) -> None:
    files = {"pages/about.json": POST, "pages/about/team.json": POST, "pages/home.json": POST}
    assert keys(tmp_path, files) == ["about", "about/team", "home"]


def test_folders_within_one_that_only_holds_data_are_collections_each(tmp_path: Path) -> None:
    files = {f"content/{folder}/{name}.md": matter(title=name) for folder in ("posts", "projects") for name in "ab"}
    files |= {"content/about.md": matter(title="About"), "content/now.md": matter(title="N")}
    assert sources(tmp_path, files) == {
        "content/posts/*": 2, "content/projects/*": 2, "content/*": 2,
    }  # fmt: skip


def test_files_of_one_name_in_many_folders_are_named_by_these(tmp_path: Path) -> None:
    files = {f"blog/{name}/item.md": matter(title=name) for name in ("hello", "world")}
    found = lay_out(tmp_path, files).collections
    assert [(each.name, each.source) for each in found] == [("blog", "blog/*/item.md")]
    assert [part.key for part in found[0].parts] == ["hello", "world"]


def test_templates_of_one_tree_are_collections_each(tmp_path: Path) -> None:
    files = {
        "pages/01.home/default.md": matter(title="Home"),
        "pages/03.about/default.md": matter(title="About"),
        "pages/02.blog/a/item.md": matter(title="A", date="2024"),
        "pages/02.blog/b/item.md": matter(title="B", date="2024"),
    }
    assert sources(tmp_path, files) == {"pages/*/default.md": 2, "pages/02.blog/*/item.md": 2}


def test_languages_beside_each_other_are_records_of_each_file(tmp_path: Path) -> None:
    files = {
        f"locales/{language}/{name}.json": {f"{name}_{n}": language for n in range(4)}
        for language in ("en", "de") for name in ("common", "errors")
    }  # fmt: skip
    assert sources(tmp_path, files) == {"locales/*/common.json": 2, "locales/*/errors.json": 2}


def test_optional_fields_and_a_few_odd_ones_stay_in_one_table(tmp_path: Path) -> None:
    files: dict[str, object] = {f"films/{n}.json": {"title": "T", "year": n, "by": "x"} for n in range(9)}
    files["films/odd.json"] = {"title": "T", "length": 1, "sound": 2, "colour": 3}
    assert sources(tmp_path, files) == {"films/*": 10}


def test_one_of_another_kind_in_a_folder_is_a_table_of_its_own(tmp_path: Path) -> None:
    files: dict[str, object] = {f"films/{n}.json": {"title": "T", "year": n, "by": "x"} for n in range(9)}
    assert sources(tmp_path, files | {"films/_folder.json": {"icon": "f"}}) == {"films/*": 9, "films/_folder.json": 1}


def test_settings_beside_lists_are_no_record_of_their_folder(tmp_path: Path) -> None:
    files = {"clubs/members.json": [POST, POST], "clubs/trips.json": [POST, POST], "clubs/config.json": {"fee": 45}}
    assert sources(tmp_path, files) == dict.fromkeys(("clubs/config.json", "clubs/members.json", "clubs/trips.json"), 1)


def test_files_that_have_nothing_in_common_are_tables_each(tmp_path: Path) -> None:
    files = {"a.json": {"x": 1}, "b.json": {"y": 2}, "c.json": [{"z": 3}], "d.json": {"k": {"w": 1}, "l": {"w": 2}}}
    assert sources(tmp_path, files) == dict.fromkeys(files, 1)


def test_names_that_only_count_part_one_collection_in_their_order(tmp_path: Path) -> None:
    found = lay_out(tmp_path, {f"users-{n}.json": [{"id": n, "name": "x"}] for n in (10, 9, 1)}).collections
    assert [(each.source, [part.file for part in each.parts]) for each in found] == [
        ("users-*.json", ["users-1.json", "users-9.json", "users-10.json"])
    ]


def test_names_that_count_are_no_collection_where_the_records_differ(tmp_path: Path) -> None:
    files = {"part-1.json": [{"id": 1, "name": "x"}], "part-2.json": [{"sku": 1, "price": 2}]}
    assert sources(tmp_path, files) == {"part-1.json": 1, "part-2.json": 1}


def test_documents_in_one_folder_that_are_alike_are_a_record_each(tmp_path: Path) -> None:
    files = {f"maps/{n}.json": {"type": "F", "features": [{"a": 1}, {"a": 2}]} for n in ("aw", "be", "cl")}
    assert sources(tmp_path, files) == {"maps/*": 3}


def test_records_called_by_a_code_and_a_number_are_no_parts_of_one_collection(tmp_path: Path) -> None:
    document = {"type": "F", "features": [{"a": 1}, {"a": 2}]}
    assert sources(tmp_path / "a", {f"maps/{n}.json": document for n in ("WEB-1", "API-2", "WEB-3")}) == {"maps/*": 3}
    assert sources(tmp_path / "b", {f"maps/{n}.json": document for n in ("x-1", "x-2", "x-3")}) != {"maps/*": 3}


def test_texts_beside_media_are_of_their_own_kind_and_named_as_these(tmp_path: Path) -> None:
    files = {f"gallery/{n}.jpg.txt": "Alt: A\n\n----\n\nPlace: B\n" for n in "ab"}
    files |= {"gallery/gallery.txt": "Title: G\n\n----\n\nText: T\n"}
    found = [each for each in lay_out(tmp_path, files).collections if "*" in each.source]
    assert [(each.source, [part.key for part in each.parts]) for each in found] == [
        ("gallery/*.*.txt", ["a.jpg", "b.jpg"])
    ]


def test_a_plan_says_what_belongs_together(tmp_path: Path) -> None:
    lay_out(tmp_path, {"posts/a.json": POST, "posts/b.json": {"other": 1}})
    found = scan(tmp_path, known=["posts/*"]).collections
    assert [(each.source, len(each.parts)) for each in found] == [("posts/*", 2)]


@pytest.mark.parametrize("content", ["", "{}", "[]", "[[]]", "7", '"x"', "null", "[1, null, {}]", '{"a": []}'])
def test_every_text_file_is_known_whatever_it_holds(content: str, tmp_path: Path) -> None:
    source = lay_out(tmp_path, {"odd.json": content, "users.json": [{"id": 1}]})
    assert set(source.files) == {"odd.json", "users.json"}
    assert not source.errors


SAID = [{"author": "Ann", "text": "Hello", "at": 1600000000}, {"author": "Bob", "text": "Bye", "at": 1600000100}]
ABOUT = ["first-post", "hello-world", "about-us", "a-day-out", "news"]


@pytest.mark.parametrize("broken", ["[", '[{"author": "C', '[{"author": "Cy", "text": "x", "at": 1},'])
def test_a_broken_file_leaves_the_others_of_its_folder_one_table(tmp_path: Path, broken: str) -> None:
    for number in range(1, 7):
        (tmp_path / f"posts-{number}.json").write_text(json.dumps(SAID))
    (tmp_path / "posts-7.json").write_text(broken)
    found = inspect(tmp_path)
    assert [(table.name, table.source, table.rows) for table in found.plan] == [("posts", "posts-*.json", 12)]
    assert [str(each.origin).partition(":")[0] for each in found.findings if each.severity == "error"] == [
        "posts-7.json"
    ]


def test_lists_named_by_what_they_are_about_are_one_table(tmp_path: Path) -> None:
    assert sources(tmp_path, {f"comments/{name}.json": SAID for name in ABOUT}) == {"comments/*.json": 5}


def test_lists_of_one_word_are_one_table_where_they_are_very_many(tmp_path: Path) -> None:
    names = [f"{letter}ville" for letter in "abcdefghijkl"]
    assert sources(tmp_path, {f"places/{name}.json": SAID for name in names}) == {"places/*.json": 12}


@pytest.mark.parametrize(
    ("names", "record"),
    [
        (["authors", "editors", "admins", "guests", "readers"], SAID),
        (["post-tags", "page-tags", "user-roles", "post-types", "page-types"], [{"id": 1, "name": "x"}]),
    ],
)
def test_lists_that_are_alike_by_chance_stay_tables(tmp_path: Path, names: list[str], record: object) -> None:
    assert len(sources(tmp_path, {f"data/{name}.json": record for name in names})) == 5


def test_lists_beside_one_of_another_kind_stay_tables(tmp_path: Path) -> None:
    files: dict[str, object] = {f"data/{name}.json": SAID for name in ABOUT}
    assert len(sources(tmp_path, {**files, "data/site-menu.json": [{"label": "Home", "url": "/", "place": 1}]})) == 6


def test_a_list_that_a_plan_has_a_table_for_stays_one(tmp_path: Path) -> None:
    lay_out(tmp_path, {f"comments/{name}.json": SAID for name in ABOUT})
    known = [f"comments/{name}.json" for name in ABOUT]
    assert sorted(each.source for each in scan(tmp_path, known=known).collections) == sorted(known)
