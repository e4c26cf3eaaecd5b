"""What programs write is written again byte for byte: json_encode, JSON.stringify and json.dump with all their options.

PHP and node write the values themselves, each with all its options at once, because starting them takes long.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outgrow.source.folder import scan
from outgrow.source.reading import exact, is_written_so, read_part

WRITERS = Path(__file__).parent / "writers"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "<b class='x'>\"&amp;</b>",
        "a/b",
        "\\",
        '\\"',
        "\\u00e9",
        "\x7f",
        "\u2028",
        "é\u2029",
        "привіт",
        "😀",
        "+380501234567",
        "01001",
        "1e3",
        "\x00\x1f\b",
    ]
)
NUMBERS = (
    st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False, width=64)
    | st.sampled_from([10.0, 0.1, -0.0, 1e25, 1e-7, 1e22, 123456789.0])
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=10,
)
RECORDS = st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5), min_size=1, max_size=12)
SHAPES = st.sampled_from([lambda records: records, lambda records: {"title": "x", "users": records, "posts": []}])
some = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
few = settings(some, max_examples=12)


def not_written_so(file: Path) -> list[bytes]:
    """The batches of a file that can't be written again from their values."""
    source = scan(file)
    assert not source.errors, source.errors
    found = []
    for collection in source.collections:
        for part in collection.parts:
            for batch in read_part(source, part):
                again = exact(source, part, batch)
                assert not again.flaws
                if not is_written_so(source, part, again):
                    found.append(batch.raw)
    return found


def hold_to_it(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert files
    for file in files:
        assert not_written_so(file) == [], (file.name, file.read_bytes())


@some
@given(
    records=RECORDS,
    shape=SHAPES,
    indent=st.sampled_from([None, 0, 1, 2, 4, "\t", "   "]),
    separators=st.sampled_from([None, (",", ":"), (", ", ": "), (",", ": "), (" , ", " : "), (", ", ":")]),
    ensure_ascii=st.booleans(),
    sort_keys=st.booleans(),
    newline=st.sampled_from(["\n", "\r\n"]),
    end=st.sampled_from(["", "\n", "\n\n"]),
)
def test_what_json_dump_writes_is_written_again(
    records: list[Any], shape: Any, newline: str, end: str, tmp_path: Path, **options: Any
) -> None:
    file = tmp_path / "written.json"
    with file.open("w", encoding="utf-8", newline=newline) as stream:
        stream.write(json.dumps(shape(records), **options) + end)
    assert not_written_so(file) == [], (file.read_bytes(), scan(file).files)


@few
@given(records=RECORDS, shape=SHAPES)
def test_what_json_encode_writes_with_any_flags_is_written_again(
    php: str, records: list[Any], shape: Any, tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(shape(records)))
        (written := Path(folder) / "written").mkdir()
        subprocess.run([php, "-n", str(WRITERS / "write.php"), str(values), str(written)], check=True)
        hold_to_it(written)


@few
@given(records=RECORDS, shape=SHAPES)
def test_what_json_stringify_writes_is_written_again(node: str, records: list[Any], shape: Any, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(shape(records)))
        (written := Path(folder) / "written").mkdir()
        subprocess.run([node, str(WRITERS / "write.js"), str(values), str(written)], check=True)
        hold_to_it(written)


@pytest.mark.parametrize(
    "text",
    [
        '[\n{"a":1,"b":[1,2]},\n{"a":2,"b":[]}\n]',
        '[{"a":1,"b":"x"},\n{"a":2,"b":"y"},\n{"a":3,"b":"z"}]',
        '[\n  { "a": 1, "b": [1, 2] },\n  { "a": 2, "b": [] }\n]\n',
        '[\n    {"a": 1, "b": {"c": 2}},\n    {"a": 2, "b": {"c": 3}}\n]',
        '[{\n  "a": 1,\n  "b": 2\n}, {\n  "a": 3,\n  "b": 4\n}]',
        '{"users": [\n  {"id": 1, "name": "x"},\n  {"id": 2, "name": "y"}\n], "posts": [\n  {"id": 3, "name": "x"}\n]}',
        '{\n  "users": [\n    { "id": 1 },\n    { "id": 2 }\n  ],\n  "posts": [\n    { "id": 1, "user": 2 }\n  ]\n}\n',
        '[\n  {\n    "id": 1,\n    "tags": ["a", "b"]\n  },\n  {\n    "id": 2,\n    "tags": ["c"]\n  }\n]\n',
        '{\n  "de": { "name": "x", "n": 1 },\n  "fr": { "name": "y", "n": 2 }\n}\n',
        '[{ "id": 1, "p": [ 1, 2 ] }, { "id": 2, "p": [ 3 ] }]',
        '[\r\n\t{\r\n\t\t"id": 1,\r\n\t\t"n": "a"\r\n\t}\r\n]',
        '[{"n":"\\u00E9"},{"n":"\\u00EA\\uD83D\\uDE00"}]',
        '[{"n":"\\u003cb\\u003e \\u0026 c"},{"n":"\\u003c"}]',
    ],
)
def test_what_people_and_other_programs_write_regularly_is_written_again(text: str, tmp_path: Path) -> None:
    file = tmp_path / "written.json"
    file.write_bytes(text.encode())
    assert not_written_so(file) == []
