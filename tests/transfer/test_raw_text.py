"""Where no rule gives a file's text again, the records and the gaps that deviate are kept, and only those."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from site_of_files import Files, Site

from outgrow.source.syntax import json as json_syntax

Law = Callable[[Files], None]

HAND = """[
  {"id": 1, "name": "a"},
  {"id": 2, "name": "b"},


  {"id":3,"name" :"c"}, {"id": 4,
      "name": "d"} ,
  {"id": 5, "name": "e"}
]
"""
IRREGULAR = {
    "blank lines and blanks in a list": ("t.json", HAND),
    "a map": ("t.json", '{"x": {"a": 1 },  "y": { "a":2}\n,\n"z":{"a":3}}'),
    "a record": ("t.json", '{ "title":"x",\n "n" : 1.0 ,"m":{"h": [1,2 ,3]}}'),
    "records and a record in one document": (
        "t.json",
        '{"v": 1, "people": [ {"id":1,"n":"x"},{"id": 2, "n": "y"} ], "cfg": {"a" :1 , "b": [ 1 ]}}',
    ),
    "lines": ("t.ndjson", '{"id":1,"x":"a"}\n\n{"id": 2, "x": "b"}  \r\n  {"id":3,"x":"c"}\n{"id":4,"x":"d"}'),
    "rows": ("t.csv", 'id,name,x\r\n1,"a",\r\n2,b,""\r\n3,"c ",q\r\n4,d ,e\r\n'),
    "rows in an older encoding": (
        "t.csv",
        'id;name\n1;Привет\n2;"Мир"\n3;Хорошо, да, всё так и было\n'.encode("cp1251"),
    ),
    "escapes of two kinds": (
        "t.json",
        '[{"id":1,"u":"a/b"},{"id":2,"u":"a\\/b"},{"id":3,"u":"\\u00fc"},{"id":4,"u":"ü"}]',
    ),
    "keys that come twice": ("t.json", '[{"id": 1, "a": 1, "a": 2}, {"id": 2, "a": 3},{"id": 3, "a": 4}]'),
    "a map that counts": ("t.json", '{"0":{"a": "x"}, "1":{"a":"y"},"2":{"a":"z"}}'),
    "indentations": ("t.json", '[\n  {\n    "id": 1\n  },\n  {\n\t"id": 2\n  },\n {\n     "id": 3\n }\n]'),
}


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files after a few records, as if they were long."""
    monkeypatch.setattr("outgrow.source.syntax.json.BLOCK", 60)
    monkeypatch.setattr("outgrow.source.syntax.ndjson.BLOCK", 40)
    monkeypatch.setattr("outgrow.source.syntax.csv.BLOCK", 24)
    assert json_syntax.BLOCK == 60


@pytest.mark.parametrize(("file", "text"), IRREGULAR.values(), ids=IRREGULAR.keys())
def test_irregular_text_comes_back_byte_for_byte(round_trip: Law, file: str, text: str | bytes) -> None:
    round_trip({file: text})


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(("file", "text"), IRREGULAR.values(), ids=IRREGULAR.keys())
def test_irregular_text_comes_back_from_many_chunks(round_trip: Law, file: str, text: str | bytes) -> None:
    round_trip({file: text})


def kept_texts(site: Site) -> list[str]:
    """The raw texts that the ledger holds."""
    patches = [json.loads(patch) for (patch,) in site.sql("SELECT patch FROM outgrow_deviations ORDER BY id")]
    return [patch["raw"] for patch in patches if "raw" in patch]


def test_only_the_records_that_deviate_are_kept_and_their_share_is_told(site: Site) -> None:
    conversion = site.convert({"t.json": HAND})
    assert kept_texts(site) == ['{"id":3,"name" :"c"}', '{"id": 4,\n      "name": "d"}']
    assert conversion.verification is not None
    assert (conversion.verification.raw_records, conversion.verification.records) == (2, 5)


def test_a_blank_line_alone_keeps_no_record(site: Site) -> None:
    site.convert({"t.json": '[\n  {"id": 1},\n\n  {"id": 2},\n  {"id": 3}\n]'})
    assert kept_texts(site) == []


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ("UPDATE t SET name = 'new' WHERE id = 3", HAND.replace('{"id":3,"name" :"c"}', '{"id": 3, "name": "new"}')),
        ("UPDATE t SET name = 'new' WHERE id = 2", HAND.replace('"b"', '"new"')),
        ("DELETE FROM t WHERE id = 3", HAND.replace('\n\n\n  {"id":3,"name" :"c"}, {', "\n  {")),
        ("DELETE FROM t WHERE id = 1", HAND.replace('  {"id": 1, "name": "a"},\n', "")),
        ("DELETE FROM t WHERE id > 3", HAND[: HAND.index(', {"id": 4')] + "\n]\n"),
        ("INSERT INTO t VALUES (6, 'f')", HAND.replace('"e"}', '"e"},\n  {"id": 6, "name": "f"}')),
    ],
)
def test_what_the_app_changes_stands_in_style_beside_what_is_kept(site: Site, change: str, wanted: str) -> None:
    site.convert({"t.json": HAND})
    site.sql(change)
    assert site.export() == {"t.json": wanted.encode()}


def test_a_changed_record_keeps_what_its_columns_never_said(site: Site) -> None:
    site.convert({"t.json": '[{"id":1,"n":1,"a":"x"},{"id":2 ,"n":2.0,"a":"y"},{"id":3,"n":3,"a":"z"}]'})
    site.sql("UPDATE t SET a = 'new' WHERE id = 2")
    wanted = b'[{"id":1,"n":1,"a":"x"},{"id":2,"n":2.0,"a":"new"},{"id":3,"n":3,"a":"z"}]'
    assert site.export() == {"t.json": wanted}


def test_no_text_with_a_password_is_kept(site: Site) -> None:
    text = '[{"id":1,"username":"a","password" : "s3cret-1"},\n\n{"id":2,"username":"b","password":"s3cret-2"}]'
    site.convert({"users.json": text})
    assert kept_texts(site) == []
    assert "s3cret" not in "\n".join(site.dump())
    assert site.errors() == []
    again = site.export()["users.json"].decode()
    assert "},\n\n{" in again
    assert [(user["id"], user["username"]) for user in json.loads(again)] == [(1, "a"), (2, "b")]


def test_verify_names_a_kept_text_that_was_altered(site: Site) -> None:
    site.convert({"t.json": HAND})
    site.sql("""UPDATE outgrow_deviations SET patch = replace(patch, '\\"c\\"', '\\"x\\"')""")
    assert site.errors() == ["t.json:6: the ledger's notes on row 3 of t were altered"]


def test_verify_names_a_gap_that_was_altered(site: Site) -> None:
    site.convert({"t.json": HAND})
    site.sql("UPDATE outgrow_chunks SET facts = replace(facts, ',\\n\\n\\n  ', ',\\n\\n  ')")
    assert site.errors() == [f"t.json: the ledger's entry for the records in bytes 4 to {len(HAND) - 3} was altered"]


def test_a_text_survives_that_its_reference_leads_nowhere(site: Site) -> None:
    records = [{"id": n, "user_id": n % 5 + 1} for n in range(1, 41)]
    posts = json.dumps([*records, {"id": 41, "user_id": 9}]).replace(": 9", " : 9")
    users = json.dumps([{"id": n, "name": f"n{n}"} for n in range(1, 6)])
    site.convert({"users.json": users, "posts.json": posts})
    assert site.sql("SELECT user_id FROM posts WHERE id = 41") == [(None,)]
    assert site.errors() == []
    assert site.export()["posts.json"].decode() == posts
