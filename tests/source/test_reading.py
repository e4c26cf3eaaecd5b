"""Laws of the readers: what a file's records are depends on its text alone, not on where blocks end or who reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outgrow.record import Number
from outgrow.source.folder import scan
from outgrow.source.inventory import Source
from outgrow.source.reading import exact, is_written_so, read_part
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import csv as csv_syntax
from outgrow.source.syntax import json as json_syntax
from outgrow.source.syntax import json_exact, json_scan, ndjson

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ['},{"', "],[", '\\"', "\\", "/", "é\u2028", "\u0000", "{", "}", "a.b", "😀"]
)
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.integers(10**20, 10**30)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
RECORDS = st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=5), min_size=1, max_size=12)
KEYS = st.lists(TEXTS, min_size=12, max_size=12, unique=True)
BLOCKS = [1, 2, 7, 64, 300, 262_144]
STYLES: dict[str, dict[str, Any]] = {
    "php": {"separators": (",", ":")},
    "php pretty": {"indent": 4},
    "stringify": {"separators": (",", ":"), "ensure_ascii": False},
    "stringify pretty": {"indent": 2, "ensure_ascii": False},
    "tabs": {"indent": "\t", "ensure_ascii": False},
    "python": {},
    "python unicode": {"ensure_ascii": False},
}
many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@contextmanager
def blocks_of(size: int) -> Iterator[None]:
    """Blocks so small that they end anywhere."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (json_scan, json_syntax, json_exact, ndjson, csv_syntax):
            patch.setattr(module, "BLOCK", size)
        yield


def write(value: Any, style: str) -> str:
    text = json.dumps(value, **STYLES[style])
    return text.replace("/", "\\/") if style.startswith("php") else text


def plain(value: Any) -> Any:
    """A value with its literals as Python's numbers."""
    if isinstance(value, Number):
        return json.loads(value)
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def read(file: Path, block: int) -> tuple[list[Any], list[str]]:
    """All records of a file and their keys, read exactly; holds each batch to what its text says."""
    with blocks_of(block):
        return read_all(scan(file))


def read_all(source: Source) -> tuple[list[Any], list[str]]:
    assert not source.errors, source.errors
    records: list[Any] = []
    keys: list[str] = []
    for collection in source.collections:
        for part in collection.parts:
            for batch in read_part(source, part):
                again = check_batch(source, part, batch)
                records += again.records
                keys += again.keys or []
    return records, keys


def check_batch(source: Source, part: Any, batch: Any) -> Any:
    """What was read fast and can be written so is what the exact reader reads; its places are where records start.

    That one keeps the letters of a number that not every program writes so (`1e-05`).
    """
    same = is_written_so(source, part, batch)
    fast = ([plain(record) for record in batch.records], batch.keys)
    again = exact(source, part, batch)
    if same:
        assert fast == ([plain(record) for record in again.records], again.keys)
    text = source.path(part.file).read_bytes()
    assert text[batch.start : batch.end] == batch.raw
    assert again.offsets is not None
    assert len(again.offsets) == len(again.records)
    return again


@many
@given(records=RECORDS, style=st.sampled_from(list(STYLES)), block=st.sampled_from(BLOCKS))
def test_a_list_is_what_json_says_wherever_blocks_end(
    records: list[Any], style: str, block: int, tmp_path: Path
) -> None:
    file = tmp_path / "records.json"
    file.write_text(write(records, style), "utf-8")
    found, _ = read(file, block)
    assert plain(found) == json.loads(file.read_text("utf-8")) == records


@many
@given(records=RECORDS, keys=KEYS, style=st.sampled_from(list(STYLES)), block=st.sampled_from(BLOCKS))
def test_a_map_is_what_json_says_wherever_blocks_end(
    records: list[Any], keys: list[str], style: str, block: int, tmp_path: Path
) -> None:
    whole = {key: {"always": 1, "here": 2, **record} for key, record in zip(keys, records, strict=False)}
    file = tmp_path / "maps.json"
    file.write_text(write({"maps": whole}, style), "utf-8")
    found, names = read(file, block)
    assert names == list(whole)
    assert plain(found) == list(whole.values())


@pytest.mark.parametrize("block", [64, 4_096])
def test_a_record_may_hold_more_texts_than_are_passed_at_once(block: int, tmp_path: Path) -> None:
    records = [{"country": "X", "cities": [f"city {number}" for number in range(5_000)]}, {"country": "Y"}]
    file = tmp_path / "records.json"
    file.write_text(write(records, "php pretty"), "utf-8")
    assert read(file, block)[0] == records


@many
@given(records=RECORDS, newline=st.sampled_from(["\n", "\r\n"]), block=st.sampled_from(BLOCKS))
def test_lines_are_what_json_says_wherever_blocks_end(
    records: list[Any], newline: str, block: int, tmp_path: Path
) -> None:
    file = tmp_path / "lines.ndjson"
    file.write_bytes("".join(write(record, "php") + newline for record in records).encode())
    found, _ = read(file, block)
    assert plain(found) == records


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=10) | st.sampled_from(
    ['"', '""', ",", "\n", "\r\n", "\r", ' "', "a\nb", "007", ";"]
)


@many
@given(
    rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=12),
    newline=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    block=st.sampled_from(BLOCKS),
)
def test_csv_is_what_was_written_wherever_blocks_end(
    rows: list[list[str]], newline: str, quoting: int, block: int, tmp_path: Path
) -> None:
    section = Section("table", 0, 0, fields=("a", "b", "c"), style=Style(quoting=quoting, newline=newline))
    records = [dict(zip("abc", (cell or None for cell in row), strict=True)) for row in rows]
    file = tmp_path / "rows.csv"
    file.write_bytes(b"a,b,c" + newline.encode() + csv_syntax.encode(records, None, section, section.style) + b"\n")
    found, _ = read(file, block)
    assert found == records


@pytest.mark.parametrize("cut", range(2, 63))
@pytest.mark.parametrize("block", [7, 262_144])
def test_wherever_a_file_breaks_off_all_that_is_whole_is_found(block: int, cut: int, tmp_path: Path) -> None:
    records = [{"id": 1, "n": ["a", "}"]}, {"id": 2, "n": []}, {"id": 3, "n": None}]
    text = json.dumps(records)
    file = tmp_path / "users.json"
    file.write_text(text[:cut])
    ends = [text.index(json.dumps(record)) + len(json.dumps(record)) for record in records]
    with blocks_of(block):
        source = scan(file, salvage=True)
        parts = [part for collection in source.collections for part in collection.parts]
        batches = [batch for part in parts for batch in read_part(source, part, salvage=True)]
    assert [record for batch in batches for record in batch.records] == records[: sum(end <= cut for end in ends)]
    assert sum(len(batch.flaws) for batch in batches) == 1


@pytest.mark.parametrize(
    "literal", ["1.10", "1E5", "-0", "1e400", "0.1000", "1" * 5_000, "-1.0e-7", "12345678901234567890123"]
)
def test_a_number_is_written_as_it_was(literal: str, tmp_path: Path) -> None:
    file = tmp_path / "numbers.json"
    file.write_text(f'[{{"n":{literal}}},{{"n":[{literal}]}}]')
    source = scan(file)
    (part,) = source.collections[0].parts
    (batch,) = read_part(source, part)
    assert is_written_so(source, part, exact(source, part, batch))
