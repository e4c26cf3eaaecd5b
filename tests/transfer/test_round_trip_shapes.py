"""Convert, take the source away, export: the same bytes, whatever shape the records stood in."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable

import pytest
from site_of_files import Files, Site

Law = Callable[[Files], None]

ANN = {"id": 1, "username": "ann", "email": "ann@example.com"}
BOB = {"id": 2, "username": "bob", "email": "bob@example.com"}
CY = {"id": 5, "username": "cy", "email": "cy@example.com"}
PEOPLE = [ANN, BOB, CY]


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def without_id(record: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in record.items() if name != "id"}


SHAPES: dict[str, Files] = {
    "a list": {"users.json": compact(PEOPLE)},
    "a list that ends with a line break": {"users.json": compact(PEOPLE) + "\n"},
    "a list with air around": {"users.json": "\n\n  [ " + ",".join(map(compact, PEOPLE)) + " ] \n"},
    "an empty list beside another file": {"users.json": compact(PEOPLE), "posts.json": "[]\n"},
    "one record in a list": {"users.json": compact([ANN])},
    "a map by name": {"users.json": compact({p["username"]: without_id(p) for p in PEOPLE})},
    "a map whose keys repeat a field": {"users.json": compact({p["username"]: p for p in PEOPLE})},
    "a map with integer keys": {"users.json": compact({str(p["id"]): without_id(p) for p in PEOPLE})},
    "a map whose integer keys repeat the id": {"users.json": compact({str(p["id"]): p for p in PEOPLE})},
    "a map that counts from 0": {"users.json": compact({str(n): p for n, p in enumerate(PEOPLE)})},
    "a map that counts from 1, without ids": {
        "users.json": compact({str(n): without_id(p) for n, p in enumerate(PEOPLE, 1)})
    },
    "a map whose numbers don't rise": {
        "users.json": compact({"7": without_id(ANN), "3": without_id(BOB), "5": without_id(CY)})
    },
    "a map with hostile keys": {
        "users.json": compact({"a/b": without_id(ANN), 'q"\\': without_id(BOB), "": without_id(CY)})
    },
    "several lists in one file": {
        "db.json": compact({"users": PEOPLE, "tags": [{"id": 1, "name": "x"}, {"id": 2, "name": "y"}]})
    },
    "several maps in one file": {
        "db.json": compact(
            {"users": {"a": without_id(ANN), "b": without_id(BOB)}, "tags": {"x": {"n": 1}, "y": {"n": 2}}}
        )
    },
    "lists, maps and plain values in one file": {
        "db.json": compact(
            {"version": 3, "users": PEOPLE, "empty": [], "tags": {"x": {"n": 1}, "y": {"n": 2}}, "title": "My site"}
        )
    },
    "TinyDB": {"db.json": json.dumps({"_default": {"1": without_id(ANN), "2": without_id(BOB), "7": without_id(CY)}})},
    "TinyDB with two tables": {
        "db.json": json.dumps(
            {"users": {"1": without_id(ANN), "3": without_id(BOB)}, "posts": {"1": {"title": "a"}, "2": {"title": "b"}}}
        )
    },
    "a folder with a file per record": {f"users/{p['id']}.json": compact(p) for p in PEOPLE},
    "a folder with a file per record, keyed by its name": {
        f"users/{p['username']}.json": compact(without_id(p)) for p in PEOPLE
    },
    "sibling folders": {f"plugins/{p['username']}/db.php": compact(without_id(p)) for p in PEOPLE},
    "sibling folders behind a guard": {
        f"plugins/{p['username']}/db.php": "<?php defined('X') or die('no'); ?>\n" + compact(without_id(p))
        for p in PEOPLE
    },
    "NDJSON": {"users.ndjson": "".join(compact(p) + "\n" for p in PEOPLE)},
    "NDJSON without a last line break": {"users.jsonl": "\n".join(map(compact, PEOPLE))},
    "NDJSON with CRLF": {"users.ndjson": "".join(compact(p) + "\r\n" for p in PEOPLE)},
    "NDJSON as Python writes it": {"users.jsonl": "".join(json.dumps(p) + "\n" for p in PEOPLE)},
    "behind a PHP guard line": {"users.php": "<?php exit; ?>\n" + compact(PEOPLE)},
    "behind a PHP guard line and a BOM": {"users.php": "\ufeff<?php die(); ?>" + compact(PEOPLE)},
    "behind a BOM": {"users.json": "\ufeff" + compact(PEOPLE)},
    "behind comments": {"users.json": "// people\n/* of the\nsite */\n# really\n" + compact(PEOPLE)},
    "a bare object": {"user.json": compact(ANN)},
    "a bare object without a key": {"settings.json": compact({"title": "My site", "theme": "dark", "posts": 10})},
    "settings with objects and lists within": {
        "config.json": compact({"title": "t", "mail": {"host": "h", "port": 25}, "langs": ["en", "de"], "off": None})
    },
    "a list and what PHP appended beside it": {"db.json": compact({"users": [ANN, BOB], "0": CY})},
    "a bare object and what PHP appended to it": {"user.json": compact({**ANN, "0": BOB, "1": CY})},
    "CSV": {"users.csv": "id,username,email\n1,ann,ann@example.com\n2,bob,bob@example.com\n"},
    "CSV with CRLF": {"users.csv": "id,username,email\r\n1,ann,ann@example.com\r\n2,bob,bob@example.com\r\n"},
    "CSV without a last line break": {"users.csv": "id,username\n1,ann\n2,bob"},
    "CSV quoted": {"users.csv": '"id","username"\n"1","ann"\n"2","bob ""the"" b, really"\n'},
    "CSV with line breaks in quotes": {"users.csv": 'id,bio\n1,"two\nlines"\n2,"one, only"\n3,\n'},
    "CSV with semicolons": {"users.csv": "id;username;joined\n1;ann;2024-01-02\n2;bob;2024-02-03\n"},
    "CSV with tabs": {"users.tsv": "id\tusername\n1\tann\n2\tbob\n"},
    "CSV with numbers of all kinds": {
        "prices.csv": "id,price,rate,zip\n1,1.50,1.5,01234\n2,2.25,2,99999\n3,,1e3,00001\n"
    },
    "CSV behind a BOM": {"users.csv": "\ufeffid,username\n1,ann\n2,bob\n"},
    "the texts of records in files of their own": {
        "pages.json": compact({"about": {"title": "About"}, "home": {"title": "Home"}}),
        "pages/about/index.txt": "Who we are\n",
        "pages/home/index.txt": "Welcome — \u00fc\r\n",
    },
}


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_comes_back_byte_for_byte(round_trip: Law, files: Files) -> None:
    round_trip(files)


def test_a_packed_file_comes_back_with_the_same_bytes_within(site: Site) -> None:
    text = compact(PEOPLE).encode()
    site.convert({"users.json.gz": gzip.compress(text)})
    site.take_source_away()
    assert gzip.decompress(site.export()["users.json.gz"]) == text


def test_many_records_come_back_from_several_chunks(round_trip: Law) -> None:
    records = [{"id": n, "name": f"name {n}", "bio": "x" * 200, "tags": [str(n % 7)]} for n in range(1, 4_001)]
    round_trip({"users.json": compact(records), "log.ndjson": "".join(compact(r) + "\n" for r in records)})
