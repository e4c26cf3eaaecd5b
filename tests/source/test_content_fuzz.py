"""Laws of the syntaxes of content files, held to texts that nobody would write."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outgrow.record import Batch
from outgrow.source.layout import lay_out
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import BY_NAME
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.json_text import dump_compact

many = settings(max_examples=150, deadline=None)
WORDS = (
    "a b: - ? # ' \" \\ | > |- >+ & * &a *a ! !!str % @ ` { } [ ] , : :: --- ... +++ ---- <<: yes no ~ null true 010"
    " 1.10 1_000 12:30 2024-05-17 .5 é 😀 <a> </a> <a/> <![CDATA[ ]]> <!-- --> <!--t t--> &amp; &x; = ; [s] a[] a[b]"
    " == title:"
).split()
SPACES = ["\n", "\n", "\n  ", "\n    ", "\n- ", " ", " ", "\t", "\r\n", "\n\n", ""]
SOUP = st.lists(st.sampled_from(WORDS) | st.sampled_from(SPACES), max_size=30).map("".join)
STARTS = [
    "",
    "---\n",
    "+++\n",
    "- ",
    "a: ",
    "a:\n  ",
    "<a>",
    "Title: x\n\n----\n\n",
    "[s]\n",
    "# c\n",
    ".. a: b\n.. c:",
    "t\n===\n\n:a: b\n:c: ",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | SOUP.filter(bool)
PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    PLAIN | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
CONTENT = ["front_matter", "kirby", "lektor", "yaml", "ini", "toml", "xml", "colon"]


def read_all(name: str, raw: bytes) -> list[tuple[Section, list[Batch]]]:
    """The sections of a text and their batches, as they are found in a file of it."""
    syntax, stream = BY_NAME[name], io.BytesIO(raw)
    found = []
    for region in lay_out(syntax.outline(stream, 0, len(raw), 200), "file")[0]:
        style = syntax.style_of(stream, region.span, region.depth)
        text = raw[region.start : region.end]
        start = region.start + len(text) - len(text.lstrip(b" \t\r\n"))
        end = max(start, region.start + len(text.rstrip(b" \t\r\n")))
        section = Section(region.kind, start, end, region.depth, style)
        found.append((section, list(syntax.read(stream, section))))
    return found


@pytest.mark.parametrize("name", CONTENT)
@given(start=st.sampled_from(STARTS), text=SOUP, end=st.sampled_from(["", "\n---\nbody\n", "\n+++\n", "</a>"]))
@many
def test_any_text_is_read_or_refused_with_a_place(name: str, start: str, text: str, end: str) -> None:
    raw = (start + text + end).encode()
    if not BY_NAME[name].detect(raw):
        return
    sections, refused = [], None
    try:
        sections = read_all(name, raw)
    except Broken as broken:
        refused = broken
    assert refused is None or (refused.problem and 0 <= refused.offset <= len(raw))
    for section, batches in sections:
        for batch in batches:
            assert raw[batch.start : batch.end] == batch.raw
            assert len(batch.offsets or []) == len(batch)
            assert_written_values_are_read_again(name, section, batch)


def assert_written_values_are_read_again(name: str, section: Section, batch: Batch) -> None:
    """What the writer makes of records in the file's own style means the same records."""
    keys = batch.keys if section.kind == "map" else None
    text = BY_NAME[name].encode(batch.records, keys, section, section.style)
    if not text or not batch.records:
        return
    again = list(BY_NAME[name].read(io.BytesIO(text), replace(section, start=0, end=len(text))))
    records = [record for one in again for record in one.records]
    assert dump_compact(records) == dump_compact(batch.records), text


@given(record=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), style=st.sampled_from(["", "symfony", "all"]))
@many
def test_yaml_gives_every_value_again(record: dict[str, Any], style: str) -> None:
    options = (("rule", style), ("quote", '"' if style == "all" else "'")) if style else ()
    section = Section("list", 0, 0, 1, Style(indent="  ", options=options))
    for escaped in (False, True):
        written = replace(section, style=replace(section.style, ascii=escaped))
        text = BY_NAME["yaml"].encode([record, record], None, written, written.style)
        again = [each for batch in read_section("yaml", text, written) for each in batch.records]
        assert dump_compact(again) == dump_compact([record, record]), text


def read_section(name: str, text: bytes, section: Section) -> list[Batch]:
    return list(BY_NAME[name].read(io.BytesIO(text), replace(section, start=0, end=len(text))))


@given(facts=st.dictionaries(st.text("abcdef", min_size=1), VALUES, max_size=4), body=TEXTS)
@many
def test_front_matter_gives_facts_and_body_again(facts: dict[str, Any], body: str) -> None:
    body = "x" + body.rstrip(" \t\r\n") + "x"
    record = {**facts, "content": body}
    section = Section("record", 0, 0, 1, Style(indent="  "))
    text = BY_NAME["front_matter"].encode([record], None, section, section.style)
    [batch] = read_section("front_matter", text, section)
    assert dump_compact(batch.records) == dump_compact([record]), text
