"""The fast way through PHP's arrays reads what the careful one reads, with the same places and the same errors."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from outgrow.record import Number
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import php_array, php_lines, php_serialize, php_shapes
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_values import MARK

TEXTS = st.text(st.sampled_from("ab\"'\\;:{}(),\n\0é$ "), max_size=6) | st.sampled_from(['";', '";}', "',", "\\'"])
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([1e15, 1e25, 0.00001, -0.0, 5.0])
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | FLOATS | TEXTS | st.just(Number("1.50"))
TAGS = st.lists(TEXTS | st.integers(0, 9), max_size=3)
DEEP = st.lists(st.dictionaries(st.sampled_from("ab"), TAGS | TEXTS, min_size=1), max_size=2)
POSTS = st.fixed_dictionaries(
    {"id": st.integers(0, 99), "title": TEXTS, "on": st.booleans(), "price": FLOATS},
    optional={"note": st.none() | TEXTS, "tags": TAGS, "meta": st.fixed_dictionaries({"x": LEAVES, "y": TEXTS})},
)
ANYTHING = st.fixed_dictionaries({"id": LEAVES, "x": LEAVES}, optional={"deep": DEEP, "tags": TAGS})
OBJECTS = POSTS.map(lambda record: {MARK: "Post", **record})
RECORDS = st.lists(POSTS, min_size=4, max_size=12) | st.lists(ANYTHING | OBJECTS, min_size=4, max_size=12)
KEYS = TEXTS | st.sampled_from(["7", "-0", "01", "slug"])
STYLES = st.sampled_from([(), (("class of ", "Post"),), (("class of x", "enum Suit"), ("precision", "17"))])
CODE = Style(indent="  ", within="  ", colon=" => ", quote="'")
EXPORT = replace(CODE, options=(("below", "1"), ("indexed", "1"), ("opening", "array ("), ("trailing", "1")))
CASES = {
    "serialize": (php_serialize, Style()),
    "lines": (php_lines, Style()),
    "var_export": (php_array, EXPORT),
    "short arrays": (php_array, Style(colon=" => ", quote="'", options=(("opening", "["),))),
}


def read(syntax: Any, data: bytes, section: Section, learn_from: int) -> tuple[Any, ...]:
    """All that a section's reader says, whatever the sizes of its batches."""
    records: list[Any] = []
    keys: list[str] = []
    places: list[tuple[int, int]] = []
    flaws: list[Any] = []
    problem = None
    looks = 1_000 if learn_from else 0
    with patch.object(php_shapes, "LEARN_FROM", learn_from), patch.object(php_shapes, "MOST_LOOKS", looks):
        try:
            for batch in syntax.read(io.BytesIO(data), section):
                records += batch.records
                keys += batch.keys or []
                places += zip(batch.offsets or [], batch.ends or [], strict=True)
                flaws += batch.flaws
                assert batch.raw == data[batch.start : batch.end]
        except Broken as broken:
            problem = (broken.problem, broken.offset)
    return repr(records), keys, places, flaws, problem


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_fast_way_reads_what_the_careful_one_reads(name: str, data: st.DataObject) -> None:
    syntax, style = CASES[name]
    style = replace(style, options=tuple(sorted({**dict(style.options), **dict(data.draw(STYLES))}.items())))
    records = data.draw(RECORDS)
    is_map = name != "lines" and data.draw(st.booleans())
    kind: Any = "map" if is_map else "lines" if name == "lines" else "list"
    keys = data.draw(st.lists(KEYS, min_size=len(records), max_size=len(records))) if is_map else None
    text = syntax.encode(records, keys or [str(n) for n in range(len(records))], Section(kind, 0, 0, 1), style).lstrip()
    assume(text)
    if data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(text) - 1))
        with_flaw = data.draw(st.sampled_from([b'"', b"'", b"\xff", b"9", b";", b"}", b",", b"\\", b" ", b"/**/", b""]))
        text = text[:place] + with_flaw + text[place + data.draw(st.integers(0, 1)) :]
    section = Section(kind, 0, len(text), style=style)
    assert read(syntax, text, section, 2) == read(syntax, text, section, 0)


def serialized(number: int, title: str) -> str:
    return f'i:{number};a:2:{{s:2:"id";i:{number};s:5:"title";{title}}}'


@pytest.mark.parametrize(
    "hostile",
    [
        serialized(30, 's:2:"abc";'),
        serialized(30, 's:4:"abc";'),
        serialized(30, 's:3:"\udcff\udcfea";'),
        serialized(30, 's:20:"a";}i:31;a:2:{s:2:"id";'),
        serialized(30, 's:3:"a";";'),
        'i:30;a:2:{s:2:"id";i:30;s:5:"title";s:43:"x";}i:31;a:2:{s:2:"id";i:31;s:5:"title";s:1:"y";}',
        serialized(30, 'O:1:"X":0:{}'),
        serialized(30, "R:1;"),
        serialized(30, 'a:2:{i:0;s:9:"a";i:1;s:1:"b";}'),
        's:9:"thirty";a:2:{s:2:"id";i:30;s:5:"title";s:1:"y";}',
        'i:30;a:3:{s:2:"id";i:30;s:5:"title";s:1:"y";}',
        'i:30;a:2:{s:2:"id";i:007;s:5:"title";s:1:"y";}',
    ],
)
@pytest.mark.parametrize("kind", ["list", "map"])
def test_what_only_looks_like_the_records_around_it_is_told_from_them(hostile: str, kind: Any) -> None:
    plain = [serialized(number, f's:{len(str(number))}:"{number}";') for number in range(60)]
    text = "".join([*plain[:30], hostile, *plain[31:]]).encode("utf-8", "surrogateescape")
    section = Section(kind, 0, len(text))
    assert read(php_serialize, text, section, 2) == read(php_serialize, text, section, 0)


@pytest.mark.parametrize("name", CASES)
def test_most_records_of_one_shape_go_the_fast_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    syntax, style = CASES[name]
    records = [
        {"id": n, "title": f'it\'s \\ "{n}"', "on": n % 2 == 0, "price": n / 4, "tags": ["a", "b"][: n % 3]}
        for n in range(500)
    ]
    for record in records[::3]:
        record["note"] = None
    kind: Any = {"lines": "lines", "var_export": "map"}.get(name, "list")
    text = syntax.encode(records, [str(n) for n in range(500)], Section(kind, 0, 0, 1), style).lstrip()
    taken = 0
    take: Callable[..., int] = php_shapes.Shapes.take

    def count(self: Any, data: bytes, position: int, batch: Any) -> int:
        nonlocal taken
        before = len(batch.records)
        after = take(self, data, position, batch)
        taken += len(batch.records) - before
        return after

    monkeypatch.setattr(php_shapes.Shapes, "take", count)
    read_records = [
        record
        for batch in syntax.read(io.BytesIO(text), Section(kind, 0, len(text), style=style))
        for record in batch.records
    ]
    assert read_records == records
    assert taken > 400
