"""Folders as sites really leave them, all at once: they come back byte for byte, and each row's record is found."""

from __future__ import annotations

import json
from typing import Any

import pytest
from site_of_files import Site

from outgrow import app_folder, steps

SLUGS = ["alpha", "beta", "gamma-1", "привіт-світе", "404"]
NAMES = [
    *("o'neil", 'say "hi"', "a b", "-dash", "100%", "{key}", "star*", "hash#x", "til~de", "na\u00efve", "nai\u0308ve"),
    *("dot.dot", "Ann", "ann", "007", "1e3", "null", "x" * 120, "$var", "<b>", "a,b", "semi;colon", "new|line", "[x]"),
    *("日本語", "😀", "con"),
]
FOLDERS = ["alpha", "beta", "a~b", "c d"]
KEYS = [*NAMES, "", "a/b", "a/b/c", "../x", "/abs", "a\\b", "#/x", "~1", "~0"]


def text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def page(body: str = "Text.\n", **fields: Any) -> str:
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in fields.items()) + f"---\n{body}"


def site_of_pages() -> dict[str, str | bytes]:
    """Dates, orders, drafts and hierarchies in names; a map and a folder of the same slugs; reverse lists."""
    dated = ["2020-01-01-hello", "2020-02-29-leap", "2021-12-31-last-day", "2022-05-05-with.dots", "2023-01-01-hello"]
    tree = ["01.home", "02.about", "02.about/01.team", "02.about/02.history", "02.about/01.team/01.ann", "03.contact"]
    fence = "Body\n\n---\nno fence\n"
    articles = {
        slug: {
            "title": slug.upper(),
            "author": ["ann", "bob"][number % 2],
            "tags": [] if number % 2 else {"php": "PHP", "js": "JS"},
            "parent": "" if number % 2 else None,
            "related": SLUGS[:number],
        }
        for number, slug in enumerate(SLUGS)
    }
    users = {
        "ann": {"role": "admin", "posts": ["alpha", "gamma-1", "404"]},
        "bob": {"role": "author", "posts": ["beta", "привіт-світе"]},
    }
    return {
        **{
            f"_posts/{name}.md": page(fence, title=f'"{n}"', author=["ann", "bob"][n % 2])
            for n, name in enumerate(dated)
        },
        **{f"_drafts/{name}.md": page(title=name, author="ann") for name in ("idea", "hello")},
        **{f"pages/{path}/item.md": page(title=path.rpartition("/")[2]) for path in tree},
        "articles.json": text(articles),
        **{f"articles/{slug}/index.txt": f"Text of {slug}\r\nwith lines\n" for slug in SLUGS},
        "users.json": text(users),
        "tags.json": text({"php": {"name": "PHP", "list": ["alpha", "gone"]}, "js": {"name": "JS", "list": ["alpha"]}}),
        **{f"log/{year}/visits.json": text([{"page": slug, "n": year} for slug in SLUGS]) for year in (2022, 2023)},
        **{f"dict/{letter}.json": text([{"word": letter * n} for n in range(1, 5)]) for letter in "abc"},
    }


def site_of_flips() -> dict[str, str | bytes]:
    """What PHP makes of lists and maps, and all that may mean nothing."""
    rows = [
        {"id": 1, "opts": ["a", "b"], "set": []},
        {"id": 2, "opts": {"0": "a", "2": "c"}, "set": {"x": 1}},
        {"id": 3, "opts": [], "set": []},
        {"id": 4, "opts": {"1": "z"}, "set": {"x": 2, "y": None}},
    ]
    nothing = [
        {"id": 1, "name": "NULL", "mail": "n/a", "age": None, "city": ""},
        {"id": 2, "name": None, "mail": "", "age": "n/a", "city": "null"},
        {"id": 3, "mail": "a@b.de", "age": "", "city": None},
        {"id": 4, "name": "", "mail": None, "age": "7", "city": "N/A"},
        {"id": 5, "name": "x", "age": 7, "city": "-"},
    ]
    return {
        "flips.json": json.dumps({"rows": rows}),
        "gap.json": '{"0":{"id":1,"n":"a"},"2":{"id":3,"n":"c"},"3":{"id":4,"n":"d"}}',
        "nothing.json": text(nothing),
        "bom.json": b"\xef\xbb\xbf" + json.dumps([{"id": 1, "select": "x", "Order": 2, "order": 3}]).encode(),
        "returning.json": '[{"id":1,"nothing":"x"},{"id":2,"nothing":"y"}]',
        "lines.ndjson": b'{"id":1,"a":"x"}\r\n{"id":2,"a":"y"}\r\n',
        "guard.php": '<?php exit; ?>\n{"1":{"t":"a"},"2":{"t":"b"},"5":{"t":"c"}}',
        "data.csv": 'id;name;when\n1;"a;b";01.02.2024\n2;;\n3;"x ""q""";31.12.2023\n',
        "deep.json": text({"a": {"b": {"c": [{"id": 1, "d": [{"f": [1, 2]}, {"f": []}]}, {"id": 2, "d": []}]}}}),
        "mixed.json": text({"v": 2, "users": [{"id": 1}], "set": {"a": 1}, "tags": ["x"], "none": None, "empty": []}),
    }


def site_of_names() -> dict[str, str | bytes]:
    """Names of files and keys that mean something elsewhere."""
    return {
        **{f"people/{name}.json": text({"name": name, "n": n, "friend": NAMES[n - 1]}) for n, name in enumerate(NAMES)},
        "keys.json": text({key: {"v": n, "label": key} for n, key in enumerate(KEYS)}),
        **{f"notes/{name}/note.md": page(title=name) for name in ("alpha", "beta", "a~b", "c d")},
        **{
            f"notes/{name}/comments.json": text([{"by": "x", "text": name}]) for name in ("alpha", "beta", "a~b", "c d")
        },
    }


SITES = {"pages": site_of_pages, "flips": site_of_flips, "names": site_of_names}


@pytest.mark.parametrize("name", SITES)
def test_a_hostile_folder_comes_back_and_its_records_are_found_both_ways(site: Site, name: str) -> None:
    files = SITES[name]()
    done = site.convert(files)
    assert done.verified, done.findings
    assert done.reject_count == 0
    assert site.export() == {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    for table in app_folder.open_app(site.app).plan:
        columns = ", ".join(f'"{column}"' for column in table.primary_key)
        for key in site.sql(f'SELECT {columns} FROM "{table.name}"') if not table.nested else ():
            (found,) = steps.where(site.app, table.name, json.dumps(key) if len(key) > 1 else str(key[0]))
            assert found.origin is not None
            place = ":".join(map(str, filter(None, (found.origin.file, found.origin.line, found.origin.column))))
            back = [(each.table, tuple(map(str, each.key))) for each in steps.where(site.app, place)]
            assert (table.name, tuple(map(str, key))) in back, place


def test_lists_in_folders_of_any_names_are_one_table(site: Site) -> None:
    site.convert(site_of_names())
    assert site.sql("SELECT count(*), count(DISTINCT text) FROM comments") == [(len(FOLDERS), len(FOLDERS))]
