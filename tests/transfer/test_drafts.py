"""Drafts that lie in a folder beside what they are to become are records of the same kind, with a mark."""

from __future__ import annotations

import pytest
from site_of_files import Site

from outgrow import steps


def page(title: str) -> str:
    return f"---\ntitle: {title}\nlayout: post\n---\nText of {title}.\n"


SITE = {
    "_posts/2020-01-01-hello.md": page("Hello"),
    "_posts/2020-02-03-world.md": page("World"),
    "_drafts/idea.md": page("Idea"),
    "_drafts/hello.md": page("Hello again"),
    "about.md": "---\ntitle: About\nlayout: page\n---\nText.\n",
    "_data/menu.json": '[{"name":"Home","url":"/"},{"name":"About","url":"/about"}]',
}


def test_drafts_and_posts_are_one_table(site: Site) -> None:
    assert site.convert(SITE).verified
    assert site.sql("SELECT path, slug, date, draft FROM posts ORDER BY path") == [
        ("_drafts/hello", "hello", None, 1),
        ("_drafts/idea", "idea", None, 1),
        ("_posts/2020-01-01-hello", "hello", "2020-01-01", 0),
        ("_posts/2020-02-03-world", "world", "2020-02-03", 0),
    ]
    assert site.export() == {path: text.encode() for path, text in SITE.items()}


@pytest.mark.parametrize(
    ("key", "path"), [("_drafts/new", "_drafts/new.md"), ("2024-05-06-new", "_posts/2024-05-06-new.md")]
)
def test_a_new_record_gets_its_file_in_the_folder_that_its_key_names(site: Site, key: str, path: str) -> None:
    site.convert(SITE)
    site.sql("INSERT INTO posts (path, title, layout, content) VALUES (?, 'New', 'post', 'Text of New.')", key)
    site.note_change("insert", "posts", key)
    assert site.export() == {name: text.encode() for name, text in SITE.items()} | {path: page("New").encode()}


def test_a_changed_draft_is_loaded_again(site: Site) -> None:
    site.convert(SITE)
    (site.data / "_drafts" / "idea.md").write_text(page("Better idea"))
    assert steps.load(site.app).verified
    assert site.sql("SELECT title FROM posts WHERE slug = 'idea'") == [("Better idea",)]


def test_drafts_of_another_kind_stay_a_table_of_their_own(site: Site) -> None:
    letters = {f"drafts/{n}.json": f'{{"sender":"{n}","weight":{n}}}' for n in range(3)}
    books = {f"books/{n}.json": f'{{"title":"t{n}","pages":{n}}}' for n in range(3)}
    assert set(site.convert({**letters, **books}).tables) == {"drafts", "books"}
