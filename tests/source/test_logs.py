"""Append logs: whatever was appended, the records are those that the program itself would see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outgrow.record import Batch
from outgrow.source.folder import scan
from outgrow.source.reading import exact, read_part

many = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
IDS = st.sampled_from([f"0123456789abcde{end}" for end in "fghi"])
MOMENTS = st.integers(-62_135_596_800_000, 253_402_300_799_999)
LINES = st.lists(
    st.one_of(
        st.tuples(st.just("put"), IDS, MOMENTS, st.sampled_from(["x", "é/", "a}\n{b"])),
        st.tuples(st.just("delete"), IDS),
        st.tuples(st.just("index"), st.sampled_from(["email", "name"]), st.booleans()),
    ),
    min_size=1,
    max_size=20,
)


def write(line: Any) -> dict[str, Any]:
    match line:
        case ("put", own, moment, name):
            return {"at": {"$$date": moment}, "name": name, "inner": {"at": [{"$$date": 0}]}, "_id": own}
        case ("delete", own):
            return {"$$deleted": True, "_id": own}
        case _:
            return {"$$indexCreated": {"fieldName": line[1], "unique": line[2]}}


def seen(lines: list[Any]) -> list[tuple[str, str]]:
    """What the program holds: by id, the last that was put and not deleted since."""
    documents: dict[str, str] = {}
    for line in lines:
        if line[0] == "put":
            documents[line[1]] = line[3]
        elif line[0] == "delete":
            documents.pop(line[1], None)
    return sorted(documents.items())


@many
@given(lines=LINES)
def test_the_records_are_those_that_the_program_sees(lines: list[Any], tmp_path: Path) -> None:
    lines = [("put", "0123456789abcdeX", 5, "first"), *lines]
    file = tmp_path / "log.db"
    text = "".join(json.dumps(write(line), separators=(",", ":"), ensure_ascii=False) + "\n" for line in lines)
    file.write_text(text, "utf-8")
    source = scan(file)
    assert not source.errors
    records: list[Any] = []
    again = source.files["log.db"].literals[0]
    for number, part in enumerate(source.collections[0].parts):
        section, syntax = source.section(part), source.syntax(part)
        batches: list[Batch] = [exact(source, part, batch) for batch in read_part(source, part)]
        records += [record for batch in batches for record in batch.records]
        assert len(batches) == 1
        again += syntax.encode(batches[0].records, None, section, section.style)
        again += source.files["log.db"].literals[number + 1]
    assert sorted((record["_id"], record["name"]) for record in records) == seen(lines)
    assert all(type(record["at"]) is str and len(record["at"]) == 24 for record in records)
    assert again.decode() == text


def test_a_moment_beyond_the_years_of_dates_and_a_text_that_looks_like_one_stay_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    rows = [
        {"at": {"$$date": 99_999_999_999_999_999}, "seen": "2024-01-01T00:00:00.000Z", "_id": "0123456789abcdef"},
        {"at": {"$$date": 0}, "seen": "2024-01-01T00:00:00.000Z", "_id": "0123456789abcdeg"},
    ]
    file.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))
    source = scan(file)
    (part,) = source.collections[0].parts
    (batch,) = read_part(source, part)
    assert [record["at"] for record in batch.records] == [rows[0]["at"], "1970-01-01T00:00:00.000Z"]
    section = source.section(part)
    assert source.syntax(part).encode(batch.records, None, section, section.style) + b"\n" == file.read_bytes()


def test_a_line_that_is_no_json_stops_nothing_and_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "log.db"
    file.write_bytes(
        b'{"$$indexCreated":{"fieldName":"a"}}\n{"a":1,"_id":"0123456789abcdef"}\n{"a":2,"_id"\n[]\n\n{"a":3,"_id":5}\n'
    )
    source = scan(file)
    parts = source.collections[0].parts
    batches = [exact(source, part, batch) for part in parts for batch in read_part(source, part)]
    assert [record for batch in batches for record in batch.records if isinstance(record, dict)] == [
        {"a": 1, "_id": "0123456789abcdef"},
        {"a": 3, "_id": 5},
    ]
    assert sum(len(batch.flaws) for batch in batches) == 1
