"""A collection in several files: what parts them is a column, by which new rows find their file."""

from __future__ import annotations

import json
from typing import Any

from site_of_files import Site

FOLDERS = ["alpha", "beta", "gamma"]


def note(name: str) -> str:
    return f"---\nheading: Note {name[:2]}\n---\nText of {name}.\n"


def comments(*texts: str) -> str:
    return json.dumps([{"by": "ann", "text": text} for text in texts])


SITE = {
    **{f"notes/{name}/note.md": note(name) for name in FOLDERS},
    **{f"notes/{name}/comments.json": comments(f"one of {name}", f"two of {name}") for name in FOLDERS},
}


def add(site: Site, table: str, **values: Any) -> None:
    names, marks = ", ".join(f'"{name}"' for name in values), ", ".join("?" * len(values))
    site.sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())
    site.note_change("insert", table, values["id"])


def test_files_in_the_folders_of_records_refer_to_these(site: Site) -> None:
    assert site.convert(SITE).verified
    assert site.sql("SELECT note_slug, text FROM comments WHERE id IN (1, 4)") == [
        ("alpha", "one of alpha"),
        ("beta", "two of beta"),
    ]
    assert {row[2] for row in site.sql("PRAGMA foreign_key_list(comments)")} == {"notes"}
    assert site.export() == {path: text.encode() for path, text in SITE.items()}


def test_new_rows_go_to_the_file_that_they_name_and_others_to_the_last(site: Site) -> None:
    site.convert(SITE)
    add(site, "comments", id=70, note_slug="beta", by="bob", text="new")
    add(site, "comments", id=71, note_slug=None, by="bob", text="of none")
    back = site.export()
    assert json.loads(back["notes/beta/comments.json"])[2:] == [{"by": "bob", "text": "new"}]
    assert json.loads(back["notes/gamma/comments.json"])[2:] == [{"by": "bob", "text": "of none"}]
    assert back["notes/alpha/comments.json"] == SITE["notes/alpha/comments.json"].encode()


def test_new_rows_go_to_the_file_of_their_year(site: Site) -> None:
    years = {f"log-{year}.json": json.dumps([{"id": 10 * year + n, "n": n} for n in range(3)]) for year in (2023, 2024)}
    site.convert(years)
    add(site, "log", id=99_001, file_part="2023", n=7)
    add(site, "log", id=99_002, file_part="2024", n=8)
    back = {path: json.loads(text) for path, text in site.export().items()}
    assert back["log-2023.json"][3:] == [{"id": 99_001, "n": 7}]
    assert back["log-2024.json"][3:] == [{"id": 99_002, "n": 8}]


def test_keys_that_are_paths_keep_their_references_between_two_collections(site: Site) -> None:
    names = ["2014-01-30-12-56-40_php,web_one", "2014-01-31-12-56-41_php_two", "2014-02-01-12-56-42_js_three"]
    folders = "ann/blog/general/post", "bob/blog/general/post"
    done = site.convert({f"{folder}/{name}.md": note(name) for folder in folders for name in names})
    assert done.verified, done.findings
    assert done.reject_count == 0
    assert sum(done.tables.values()) == 2 * len(names)
