"""Convert, take the source away, export: the same bytes, in whatever style a language wrote them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from site_of_files import Files, Site
from writers import WRITERS

Law = Callable[[Files], None]
styles = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())

USERS = [
    {"id": 1, "username": "ann", "url": "http://a.example/~ann", "bio": "caf\u00e9 \U0001f600", "tags": ["a/b", "c"]},
    {"id": 2, "username": "bob", "url": None, "bio": 'says "no"\\\n\t\x01', "tags": []},
    {"id": 3, "username": "cy", "url": "", "bio": "line\u2028end", "tags": ["d"], "address": {"city": "K\u00f6ln"}},
    {"id": 4, "username": "di", "url": "/", "bio": "", "score": 1.5, "address": {"city": None, "geo": {"lat": 0.1}}},
]


@pytest.fixture
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files after a few records, as if they were long."""
    monkeypatch.setattr("outgrow.source.syntax.json.BLOCK", 5_000)


@styles
def test_records_with_slashes_letters_and_objects_within(round_trip: Law, write: Callable[[Any], str]) -> None:
    round_trip({"users.json": write(USERS), "people.json": write({user["username"]: user for user in USERS})})


@styles
def test_several_collections_in_one_file(round_trip: Law, write: Callable[[Any], str]) -> None:
    posts = {"first": {"title": "1/2", "by": 1}, "second": {"title": "\u00fc", "by": 2}}
    round_trip({"db.json": write({"version": 1, "users": USERS, "posts": posts, "none": []})})


@styles
def test_a_single_record(round_trip: Law, write: Callable[[Any], str]) -> None:
    round_trip({"site.json": write({"title": "A/B \u00fc", "pages": 3, "mail": {"host": "x", "ports": [25, 587]}})})


@styles
@pytest.mark.usefixtures("_small_blocks")
def test_a_file_whose_first_chunk_shows_nothing_of_the_style(round_trip: Law, write: Callable[[Any], str]) -> None:
    plain = [{"id": number, "text": "x" * 500} for number in range(1, 21)]
    late = [{"id": 900, "text": "a/b"}, {"id": 901, "text": "\u00fc"}, {"id": 902, "text": "a/\u00fc"}]
    round_trip({"posts.json": write(plain + late)})


@styles
@pytest.mark.usefixtures("_small_blocks")
def test_a_file_whose_late_chunks_deviate_and_show_the_style(round_trip: Law, write: Callable[[Any], str]) -> None:
    plain = [{"id": number, "text": "x" * 500} for number in range(1, 21)]
    late = [{"id": 900, "text": "a/b", "more": 1}, {"text": "\u00fc", "id": 901}, {"id": 902}]
    round_trip({"posts.json": write(plain + late)})


letters = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x7f"), max_size=12)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    letters,
    st.sampled_from(["", "1", "1.0", "007", "2024-01-02", "2024-02-30", "2024-01-02T03:04:05Z", "true", "null", "[]"]),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner, max_size=3), max_leaves=6
)
names = st.sampled_from("id name title user_id userId tags slug email created_at meta address price active".split())
records = st.lists(st.dictionaries(names, values, min_size=1, max_size=6), min_size=1, max_size=6)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    records=records, style=st.sampled_from(sorted(WRITERS)), layout=st.sampled_from(["list", "map", "several", "lines"])
)
@example(records=[{"id": {",": None, "": None}}], style="JSON.stringify", layout="lines")
def test_any_records_come_back_or_are_set_aside(records: list[Any], style: str, layout: str) -> None:
    write = WRITERS[style]
    if layout == "lines":
        files = {"things.ndjson": "".join(json.dumps(record) + "\n" for record in records)}
    elif layout == "several":
        files = {"db.json": write({"things": records, "others": {f"k{n}": one for n, one in enumerate(records)}})}
    else:
        files = {"things.json": write({f"k{n}": one for n, one in enumerate(records)} if layout == "map" else records)}
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        conversion = site.convert(files)
        assert conversion.verified, conversion.findings
        if not conversion.rejects:
            site.take_source_away()
            assert site.export() == {path: text.encode() for path, text in files.items()}
