"""Content files at the reader's and writer's seam: what their values are, what is refused and where, how edits look."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from outgrow.record import Number
from outgrow.source.folder import scan
from outgrow.source.inventory import Source
from outgrow.source.reading import read_part
from outgrow.source.syntax import BY_NAME

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def look(folder: Path, name: str, text: str | bytes) -> Source:
    """A folder with one file, looked through."""
    place = folder / "data" / name
    place.parent.mkdir(parents=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return scan(folder / "data")


def records_of(source: Source) -> list[Any]:
    parts = [part for collection in source.collections for part in collection.parts]
    return [record for part in parts for batch in read_part(source, part) for record in batch.records]


def edited(source: Source, **changes: Any) -> str:
    """The only record's text in its own style, with some fields changed; None takes a field away."""
    [part] = [part for collection in source.collections for part in collection.parts]
    section, [record] = source.section(part), records_of(source)
    record = {name: value for name, value in (record | changes).items() if value is not None}
    return source.syntax(part).encode([record], None, section, section.style).decode()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("010", "010"),
        ("0x1F", "0x1F"),
        ("2024-05-17", "2024-05-17"),
        (".5", ".5"),
        ("+1", "+1"),
        ("1.10", Number("1.10")),
        ("17", 17),
        ("-2.5", -2.5),
        ("True", True),
        ("~", None),
        ("", None),
        ("'null'", "null"),
        ('"caf\\u00e9\\n"', "café\n"),
        ("'it''s'", "it's"),
        ("[a, 'b', 3]", ["a", "b", 3]),
        ("{x: 1, y: {}}", {"x": 1, "y": {}}),
        ("@later", "@later"),
        ("Foo: bar", "Foo: bar"),
        ("|\n  one\n   two", "one\n two\n"),
        ("one\n  two", "one two"),
    ],
)
def test_a_yaml_value_is_what_yaml_1_2_says_or_the_text_as_it_stands(text: str, value: Any, tmp_path: Path) -> None:
    source = look(tmp_path, "x.yaml", f"id: 1\nvalue: {text}\nlast: x\n")
    [record] = records_of(source)
    assert record["value"] == value
    assert type(record["value"]) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "place", "reason"),
    [
        ("x.yaml", "id: 1\nb: !!python/object:os.system {}\n", "2:4", "nothing is built by tags"),
        ("x.yaml", f"{BOMB}", "6:8", "aliases unfold to more than 100,000 values"),
        ("x.yaml", "id: " + "[" * 5_000, "1:1004", "nested too deeply"),
        ("x.yaml", "id: 1\n\tb: 2\n", "2:1", "a tab indents here"),
        ("x.yaml", b"id: 1\nb: \xff\xfe\n", "2:4", "is not UTF-8"),
        ("x.yaml", "id: *none\n", "1:5", "an alias has no anchor"),
        ("x.yaml", 'id: "open\n', "2:1", "a text in quotes doesn't end"),
        ("x.yaml", "id: 1\n  b: 2\n", "2:4", "a colon and a blank"),
        ("x.xml", '<!DOCTYPE a [<!ENTITY e "x">]><a><b>&e;</b></a>', "1:13", "document type"),
        ("x.xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "1:40", "document type"),
        ("x.xml", "<a><b></a>", "1:9", "mismatched tag"),
        ("x.xml", "<a>" * 500, "1:301", "nested too deeply"),
        ("x.toml", "a = 1\nb = \n", "2:4", "is no TOML"),
        ("x.ini", "[a]\nb = 1\n(c)\n", "3:1", "a line has no key and no value"),
    ],
)
def test_what_can_not_be_read_is_kept_and_said_with_its_place(
    name: str, text: str | bytes, place: str, reason: str, tmp_path: Path
) -> None:
    source = look(tmp_path, name, text)
    assert source.collections == []
    assert not source.errors
    [finding] = source.findings
    assert str(finding.origin) == f"{name}:{place}"
    assert reason in finding.message
    assert finding.severity == "error"
    assert b"".join(source.files[name].literals) == (tmp_path / "data" / name).read_bytes()


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("---\ntitle: A\n---\nText\n", {"title": "A", "content": "Text"}),
        ("---\r\ntitle: A\r\n---\r\n\r\nOne\r\nTwo", {"title": "A", "content": "One\r\nTwo"}),
        ("---\ntitle: A\n---\n", {"title": "A"}),
        ("---\n---\nText", {"content": "Text"}),
        ("---\ntitle: A\ncontent: B\n---\nText", {"title": "A", "content": "B", "body": "Text"}),
        ("---\ntitle: A\n---\n    code\n", {"title": "A", "content": "    code"}),
        ("---\ntitle: [open\n---\nText", {"title": "[open", "content": "Text"}),
        ("---\ntitle: A\n...\nText", {"title": "A", "content": "Text"}),
        ('+++\ntitle = "A"\nn = 1\n+++\nText', {"title": "A", "n": 1, "content": "Text"}),
        ("/*\nTitle: A\n*/\nText", {"Title": "A", "content": "Text"}),
        ("<!--t A t-->\n<!--tag B,C tag-->\n\nText", {"t": "A", "tag": "B,C", "content": "Text"}),
        ("title: A\ndate: B\n---\nText", {"title": "A", "date": "B", "content": "Text"}),
        ("Title: A\nDate: B\n\nText", {"Title": "A", "Date": "B", "content": "Text"}),
        (".. title: A: b\n.. tags: \n.. type:\n\nText", {"title": "A: b", "tags": "", "type": "", "content": "Text"}),
        ("<!--\n.. title: A\n.. slug: b\n-->\n\nText", {"title": "A", "slug": "b", "content": "Text"}),
        (":title: A\r\n:date: B\r\n\r\nText", {"title": "A", "date": "B", "content": "Text"}),
        ("A b\n###\n\n:date: B\n:tags: c, d\n\nText", {"title": "A b", "date": "B", "tags": "c, d", "content": "Text"}),
    ],
)
def test_facts_at_the_top_and_the_body_are_one_record(text: str, fields: dict[str, Any], tmp_path: Path) -> None:
    source = look(tmp_path, "x.md", text)
    [record] = records_of(source)
    assert record == fields
    assert list(record) == list(fields)
    assert edited(source) == text.rstrip()


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=====\n\nText\n",
        ".. image:: a.png\n.. class:: b\n\nText\n",
        "# Title\n\nText\n",
        "---\nA line.\n\n---\n\nText\n",
        "Note: one\n\nText\n",
        "---\n- a\n---\nText\n",
    ],
)
def test_a_text_without_facts_is_no_record_of_its_own(text: str, tmp_path: Path) -> None:
    syntax = BY_NAME["front_matter"]
    source = look(tmp_path, "x.md", text)
    assert all(file.syntax != syntax.name or not file.sections for file in source.files.values())


def test_a_heading_before_fields_is_the_title_and_its_line_as_long(tmp_path: Path) -> None:
    source = look(tmp_path, "x.rst", "A b\n###\n\n:date: B\n:tags: c\n\nText\n")
    assert edited(source, title="Longer", date="C") == "Longer\n######\n\n:date: C\n:tags: c\n\nText"


def test_a_colon_that_strict_readers_refuse_is_taken_and_leaves_in_quotes(tmp_path: Path) -> None:
    source = look(tmp_path, "x.md", "---\ntitle: A: B\nlist:\n  - c\n---\nText\n")
    assert records_of(source) == [{"title": "A: B", "list": ["c"], "content": "Text"}]
    assert edited(source) == "---\ntitle: 'A: B'\nlist:\n  - c\n---\nText"


def test_an_edit_leaves_comments_quotes_and_order_alone(tmp_path: Path) -> None:
    text = "---\n# The start.\ntitle: \"A\"\nsub:\n    list: [1, 2] # two\n\ndate:  2024-01-02\nold: 'x'\n---\n\nBody\n"
    source = look(tmp_path, "x.md", text)
    changed = edited(source, title="B: c", date="2025-01-02", old="y")
    assert changed == text.rstrip().replace('"A"', '"B: c"').replace("2024", "2025").replace("'x'", "'y'")
    assert edited(source, sub=None, content="New") == (
        "---\n# The start.\ntitle: \"A\"\ndate:  2024-01-02\nold: 'x'\n---\n\nNew"
    ).replace('"A"\n', '"A" # two\n\n')


def test_a_comment_that_may_hold_a_secret_is_no_part_of_the_style(tmp_path: Path) -> None:
    source = look(tmp_path, "x.yaml", "id: 1\n# old password: hunter2\nname: x\n")
    assert "hunter2" not in str(source.files["x.yaml"].sections)
    source = look(tmp_path / "ini", "x.ini", "id = 1\n; password = hunter2\nname = x\n")
    assert "hunter2" not in str(source.files["x.ini"].sections)


SYMFONY = """-
    id: 1
    title: 'Two words'
    tags:
        - a
        - 'b: c'
    meta: {  }
    note: "line\\nnext"
-
    id: 2
    title: One
    tags: []
    meta:
        deep:
            er: true
    note: null
"""
PYYAML = """- id: 1
  title: Two words
  tags:
  - a
  - 'b: c'
  meta: {}
- id: 2
  title: 'no'
  tags: []
  meta:
    deep:
      er: true
"""
JS_YAML = """- id: 1
  title: Two words
  tags:
    - a
    - 'b: c'
  text: |-
    one
    two
- id: 2
  title: 'yes'
  tags: []
  text: |
    one
"""


@pytest.mark.parametrize("text", [SYMFONY, PYYAML, JS_YAML], ids=["symfony", "pyyaml", "js-yaml"])
def test_the_habits_of_programs_are_found_and_kept_to(text: str, tmp_path: Path) -> None:
    for ended in (text, text.replace("\n", "\r\n")):
        source = look(tmp_path / str(len(ended)), "x.yaml", ended)
        [part] = source.collections[0].parts
        [batch] = read_part(source, part)
        section = source.section(part)
        assert len(batch.records) == 2
        assert BY_NAME["yaml"].encode(batch.records, None, section, section.style) == ended.strip().encode()


def test_records_in_yaml_know_where_they_begin_and_end(tmp_path: Path) -> None:
    text = "# é\nusers:\n  - name: a  # first\n\n  # next\n  - name: b\nkeys:\n  - {id: 1}\n  -\n    id: 2\n"
    source = look(tmp_path, "x.yaml", text)
    found = []
    for collection in source.collections:
        for part in collection.parts:
            for batch in read_part(source, part):
                pairs = zip(batch.offsets or [], batch.ends or [], strict=True)
                found += [text.encode()[start:end].decode() for start, end in pairs]
                assert batch.raw == text.encode()[batch.start : batch.end]
    assert found == ["- name: a", "- name: b", "- {id: 1}", "-\n    id: 2"]


def test_anchors_and_merges_are_resolved_and_bounded(tmp_path: Path) -> None:
    text = "- &one\n  id: 1\n  kind: a\n- <<: *one\n  id: 2\n- [*one]\n"
    assert records_of(look(tmp_path, "x.yaml", text)) == [
        {"id": 1, "kind": "a"},
        {"id": 2, "kind": "a"},
        [{"id": 1, "kind": "a"}],
    ] or records_of(scan(tmp_path / "data"))[:2] == [{"id": 1, "kind": "a"}, {"kind": "a", "id": 2}]


def test_kirbys_blocks_keep_their_dashes(tmp_path: Path) -> None:
    text = (
        "Title: A: b\n\n----\n\nText:\n\nOne\n\n\\---- two\n\n----\n\nTags: x, y\n\n----\n\nNone: \n\n----\n\nUuid: 1"
    )
    source = look(tmp_path, "page.txt", text)
    [record] = records_of(source)
    assert record == {"Title": "A: b", "Text": "One\n\n---- two", "Tags": "x, y", "None": "", "Uuid": "1"}
    assert edited(source) == text
    assert edited(source, Text="short", Tags="x\n---- y") == (
        "Title: A: b\n\n----\n\nText: short\n\n----\n\nTags:\n\nx\n\\---- y\n\n----\n\nNone: \n\n----\n\nUuid: 1"
    )


def test_lektors_fields_stand_between_dashes(tmp_path: Path) -> None:
    text = "title: A: b\n---\nbody:\n\nOne\n\n----\ntwo\n---\ntags:x\n---\nnone:\n---\npub_date: 2024-05-01"
    source = look(tmp_path, "contents.lr", text + "\n")
    [record] = records_of(source)
    assert record == {"title": "A: b", "body": "One\n\n---\ntwo", "tags": "x", "none": "", "pub_date": "2024-05-01"}
    assert edited(source) == text
    assert edited(source, body="short", none="x\n---\ny") == (
        "title: A: b\n---\nbody: short\n---\ntags:x\n---\nnone:\n\nx\n----\ny\n---\npub_date: 2024-05-01"
    )


def test_ini_sections_lists_and_keys_of_lists_are_nested_values(tmp_path: Path) -> None:
    text = "a = 1\nlist[] = x\nlist[] = \"y;z\"\nmap[k] = v\n\n[s]\n; why\nb='q'\nlong = one\n  two\n"
    source = look(tmp_path, "x.ini", text)
    [record] = records_of(source)
    assert record == {"a": "1", "list": ["x", "y;z"], "map": {"k": "v"}, "s": {"b": "q", "long": "one\ntwo"}}


def test_xml_elements_are_records_with_attributes_lists_and_texts(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?>\n<rss><channel><title>T</title>\n'
        '<item id="1"><a>x &amp; y</a><b><![CDATA[<i>]]></b><c/></item>\n'
        '<item id="2"><a>z</a><b><![CDATA[]]></b><c/><tag>p</tag><tag>q</tag></item>\n</channel></rss>\n'
    )
    source = look(tmp_path, "x.xml", text)
    assert records_of(source) == [
        {"@id": "1", "a": "x & y", "b": "<i>", "c": ""},
        {"@id": "2", "a": "z", "b": "", "c": "", "tag": ["p", "q"]},
    ]
    [part] = source.collections[0].parts
    section = source.section(part)
    start, end = section.start, section.end
    assert BY_NAME["xml"].encode(records_of(source), None, section, section.style) == text.encode()[start:end]


def test_lines_between_colons_take_a_backslash_before_what_would_part_them(tmp_path: Path) -> None:
    text = "# users.auth.php\n# <?php exit()?>\n\nida:x1:Ida\\: of \\\\:i@example.com:a,b\nbo:x2:Bo:b@example.com:\n"
    source = look(tmp_path, "users.auth.php", text)
    assert [record["name"] for record in records_of(source)] == ["Ida: of \\", "Bo"]
    assert records_of(source)[0]["groups"] == "a,b"


def test_what_a_reader_reads_again_is_what_it_read(tmp_path: Path) -> None:
    source = look(tmp_path, "x.yaml", "users:\n  - name: a\n    n: 010\n  # c\n  - name: b\n    n: 1.10\n")
    [part] = source.collections[0].parts
    [batch] = read_part(source, part)
    syntax, section = source.syntax(part), source.section(part)
    again = syntax.reread(replace(batch, records=[], plain=True), replace(section, start=0, end=0))
    assert (again.records, again.offsets, again.ends) == (batch.records, batch.offsets, batch.ends)
    [same] = syntax.read(io.BytesIO((tmp_path / "data/x.yaml").read_bytes()), section)
    assert same.raw == batch.raw
