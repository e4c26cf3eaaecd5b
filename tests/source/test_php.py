"""A real PHP judges: what it writes is read as the values that it has, and written again in the same bytes.

PHP works on many values at once, because starting it takes long.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from outgrow.record import Number
from outgrow.source.folder import scan
from outgrow.source.packing import open_packed
from outgrow.source.reading import exact, read_part
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import BY_NAME, php_array
from outgrow.source.syntax.php_array_read import Reader
from outgrow.source.syntax.php_serial_read import Unserializer
from outgrow.source.syntax.php_values import MARK, Kinds

WRITERS = Path(__file__).parent / "writers"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    [
        "it's",
        '"x"',
        "\\",
        "\\'",
        "a\0b",
        "\0",
        'x";i:5;',
        "};",
        "привіт",
        "😀",
        "$x",
        "{$y}",
        "line\nend\r\n",
        "1",
        "007",
    ]
)
KEYS = TEXTS.filter(lambda key: not key.startswith("@")) | st.sampled_from(["id", "name", "0", "1", "-5", "01", "-0"])
NAMES = KEYS.filter(lambda key: "\0" not in key)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([10.0, 0.1, -0.0, 1e25, 1e15, 1e17, 1e-5])
MARKED = st.sampled_from(
    [
        {"@float": "NAN"},
        {"@float": "INF"},
        {"@float": "INF", "@sign": -1},
        {"@int": str(-(2**63))},
        {"@int": str(2**63 - 1)},
        {"@case": "Hearts"},
        {"@case": "Spades"},
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FLOATS | TEXTS | MARKED
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.dictionaries(NAMES, inner, max_size=3).map(lambda members: {"@object": members})
        | st.tuples(inner, inner, inner).map(lambda members: {"@post": list(members)})
    ),
    max_leaves=8,
)
RECORD = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)
CASES = st.lists(
    st.lists(RECORD, min_size=1, max_size=6) | st.dictionaries(KEYS, RECORD, min_size=1, max_size=4) | RECORD,
    min_size=6,
    max_size=6,
)
few = settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to find the smallest case takes PHP minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def expected(spec: Any) -> Any:
    """What a value is as a record."""
    if isinstance(spec, list):
        return [expected(part) for part in spec]
    if not isinstance(spec, dict):
        return spec
    if "@float" in spec:
        return {"NAN": None, "INF": Number("-1e999" if "@sign" in spec else "1e999")}[spec["@float"]]
    if "@int" in spec:
        return int(spec["@int"])
    if "@case" in spec:
        return {MARK: f"Suit::{spec['@case']}"}
    if "@object" in spec:
        return {MARK: "stdClass", **{key: expected(part) for key, part in spec["@object"].items()}}
    if "@post" in spec:
        return {MARK: "Post", **dict(zip(("title", "status", "tags"), map(expected, spec["@post"]), strict=True))}
    keys = list(spec)
    if keys == [str(number) for number in range(len(keys))]:
        return [expected(part) for part in spec.values()]
    return {key: expected(part) for key, part in spec.items()}


def plain(value: Any) -> Any:
    """A value as read, with its classes as they are without namespace and scopes, and floats as JSON has them."""
    if isinstance(value, list):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        marked = {MARK: value[MARK].removeprefix("\\").partition("(")[0]} if MARK in value else {}
        return {key: plain(part) for key, part in value.items()} | marked
    return float(value) if isinstance(value, Number) and "999" not in value else value


def written_again(file: Path, target: Path) -> None:
    """Write a file again from what was read of it; a record that the style doesn't give is written by its text."""
    source = scan(file)
    assert not source.errors, source.errors
    (found,) = source.files.values()
    texts: dict[int, bytes] = {}
    for collection in source.collections:
        for part in collection.parts:
            section, syntax = source.section(part), BY_NAME[found.syntax]
            runs = []
            for read in read_part(source, part):
                batch = exact(source, part, read)
                assert not batch.flaws, (batch.flaws, file.read_bytes())
                keys = batch.keys if section.kind == "map" else None
                written = syntax.encode(batch.records, keys, section, section.style)
                if b"NAN" in batch.raw or batch.doubled:  # no value says that
                    written = batch.raw
                assert written == batch.raw, (file.name, section, batch.raw.decode(), written.decode())
                runs.append(written)
            texts[part.section] = syntax.between(section, section.style).join(runs)
    with open_packed(target, found.wrapper.packed, found.syntax) as stream:
        for number, literal in enumerate(found.literals):
            stream.write(literal + texts.get(number, b""))


@few
@given(cases=CASES)
def test_what_php_writes_is_read_as_it_is_and_written_again_in_the_same_bytes(
    php: str, cases: list[Any], tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(cases))
        (written := Path(folder) / "written").mkdir()
        subprocess.run([php, "-n", str(WRITERS / "write_php.php"), str(values), str(written)], check=True)
        files = sorted(written.iterdir())
        assert len(files) >= 6 * len(cases)
        for file in files:
            target = Path(folder) / "again"
            written_again(file, target)
            assert target.read_bytes() == file.read_bytes(), file.name
            if file.name.endswith("-1.php"):
                check_array(file.read_bytes(), expected(cases[int(file.name.partition(".")[0])]))
            if file.name.endswith("-1.ser") and b"r:" not in file.read_bytes():
                check_serialized(file.read_bytes(), expected(cases[int(file.name.partition(".")[0])]))


def check_array(text: bytes, value: Any) -> None:
    reader = Reader(Kinds(Style()))
    found, end = reader.value(text, len(b"<?php return "), 0, "")
    assert text[end:] == b";\n"
    assert reader.flaw is None
    assert plain(found) == value


def check_serialized(text: bytes, value: Any) -> None:
    reader = Unserializer(Kinds(Style()))
    found, end = reader.value(text, 0, 0, "")
    assert end == len(text)
    assert reader.flaw is None
    assert plain(found) == value


HANDS = [
    Style(indent="    ", colon=" => ", quote="'", options=(("opening", "["), ("trailing", "1"))),
    Style(indent="\t", colon=" => ", quote='"', options=(("opening", "array("), ("words", "NULL TRUE FALSE"))),
    Style(indent=None, colon=" => ", quote="'", outer=", ", within=None, options=(("opening", "["),)),
    Style(
        indent="  ", colon=" => ", quote="'", options=(("below", "1"), ("indexed", "1"), ("opening", "array (")), flat=0
    ),
    Style(
        indent="    ", colon=" => ", quote="'", flat=9999, options=(("aligned", "1"), ("leaves", "1"), ("opening", "["))
    ),
]


@few
@given(cases=CASES)
def test_what_is_written_for_php_is_for_it_what_it_was(php: str, cases: list[Any], tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
        values = Path(folder) / "values.json"
        values.write_text(json.dumps(cases))
        (written := Path(folder) / "written").mkdir()
        (again := Path(folder) / "again").mkdir()
        run = [php, "-n", str(WRITERS / "write_php.php"), str(values)]
        subprocess.run([*run, str(written)], check=True)
        for number in range(len(cases)):
            text = (written / f"{number}.17.php").read_bytes()
            if b"NAN" in text:
                continue
            for hand, style in enumerate(HANDS):
                reader = Reader(Kinds(style), precision=17)
                value, _ = reader.value(text, len(b"<?php return "), 0, "")
                keys = list(value) if isinstance(value, dict) else [str(place) for place in range(len(value))]
                parts = list(value.values()) if isinstance(value, dict) else value
                made = php_array.encode(parts, keys, Section("map", 0, 0), replace(style, level=1))
                (again / f"{number}.{hand}.php").write_bytes(b"<?php return [%b];" % made)
        assert len(list(again.iterdir())) > len(cases)
        found = subprocess.run([*run, str(again), "read"], check=True, capture_output=True, text=True)
        assert found.stdout == ""


LARGE = {
    "var_export": (
        "<?php return array (\n",
        "  {n} => \n  array (\n    'id' => {n},\n    'name' => 'a ) ; b',\n  ),\n",
        ");\n",
    ),
    "short": ("<?php\nreturn [\n", "    ['id' => {n}, 'name' => ']; '],\n", "];\n"),
    "without a break": ("<?php return array(", "array('id'=>{n},'name'=>'x'),", "array('id'=>9,'name'=>'y'));"),
    "an object's state": (
        "<?php return \\S::__set_state(array(\n",
        "  'k{n}' => \n  array (\n    'id' => {n},\n    'name' => '));',\n  ),\n",
        "));\n",
    ),
}


@pytest.mark.parametrize("form", LARGE)
def test_the_end_of_an_array_is_told_without_reading_it_where_it_is_large(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, element, behind = LARGE[form]
    text = before + "".join(element.replace("{n}", str(number)) for number in range(300)) + behind
    file = tmp_path / "users.php"
    file.write_text(text)
    whole = read_records(file)
    assert len(whole) >= 300
    monkeypatch.setattr("outgrow.source.syntax.php_array_outline.SMALL", 1_000)
    assert read_records(file) == whole


def read_records(file: Path) -> list[Any]:
    source = scan(file)
    assert (source.errors, source.findings) == ([], [])
    (collection,) = source.collections
    return [record for part in collection.parts for batch in read_part(source, part) for record in batch.records]


@pytest.mark.parametrize(
    "text", ["<?php\nreturn array (\n  0 => \n  array (\n    0 => NULL,\n  ),\n);\n", "a:1:{i:0;a:1:{i:0;N;}}"]
)
def test_an_element_that_is_a_list_is_one_value_however_often_it_is_read(tmp_path: Path, text: str) -> None:
    (file := tmp_path / "a.php").write_text(text)
    source = scan(file)
    [part] = source.collections[0].parts
    assert [exact(source, part, batch).records for batch in read_part(source, part)] == [[{"value": [None]}]]
