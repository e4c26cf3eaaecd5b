"""JSONTestSuite (Nicolas Seriot): valid files are read as Python reads them, invalid ones are refused or set aside."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from outgrow.errors import SourceError
from outgrow.record import Number, Origin
from outgrow.source.folder import scan
from outgrow.source.reading import exact, read_part, rejects_of
from outgrow.source.section import Section
from outgrow.source.syntax import json as json_syntax
from outgrow.source.syntax.values import ENDING, FIELD

DATA = Path(os.environ.get("OUTGROW_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
SUITE = DATA / "json_test_suite" / "test_parsing"
FILES = sorted(SUITE.glob("*.json")) if SUITE.is_dir() else []

NO_RECORDS = "an empty file is what PHP leaves when json_encode fails: it holds no records, and that is said"
READ_ALL_THE_SAME = {
    "n_single_space": NO_RECORDS,
    "n_structure_no_data": NO_RECORDS,
    "n_structure_UTF8_BOM_no_data": NO_RECORDS,
}
"""Refused by JSON's grammar, and yet no loss for a reader of records."""

KEPT = "accepted; its literal is kept as it is, whatever its size"
HALF = "holds half of a surrogate pair, which is no character"
NOT_UTF8 = "is not UTF-8"
OTHER = "is UTF-16 or binary, not UTF-8"
LEFT_TO_THE_READER = {
    "i_number_double_huge_neg_exp": KEPT,
    "i_number_huge_exp": KEPT,
    "i_number_neg_int_huge_exp": KEPT,
    "i_number_pos_double_huge_exp": KEPT,
    "i_number_real_neg_overflow": KEPT,
    "i_number_real_pos_overflow": KEPT,
    "i_number_real_underflow": KEPT,
    "i_number_too_big_neg_int": KEPT,
    "i_number_too_big_pos_int": KEPT,
    "i_number_very_big_negative_int": KEPT,
    "i_object_key_lone_2nd_surrogate": HALF,
    "i_string_1st_surrogate_but_2nd_missing": HALF,
    "i_string_1st_valid_surrogate_2nd_invalid": HALF,
    "i_string_UTF-16LE_with_BOM": OTHER,
    "i_string_UTF-8_invalid_sequence": NOT_UTF8,
    "i_string_UTF8_surrogate_U+D800": NOT_UTF8,
    "i_string_incomplete_surrogate_and_escape_valid": HALF,
    "i_string_incomplete_surrogate_pair": HALF,
    "i_string_incomplete_surrogates_escape_valid": HALF,
    "i_string_invalid_lonely_surrogate": HALF,
    "i_string_invalid_surrogate": HALF,
    "i_string_invalid_utf-8": NOT_UTF8,
    "i_string_inverted_surrogates_U+1D11E": HALF,
    "i_string_iso_latin_1": NOT_UTF8,
    "i_string_lone_second_surrogate": HALF,
    "i_string_lone_utf8_continuation_byte": NOT_UTF8,
    "i_string_not_in_unicode_range": NOT_UTF8,
    "i_string_overlong_sequence_2_bytes": NOT_UTF8,
    "i_string_overlong_sequence_6_bytes": NOT_UTF8,
    "i_string_overlong_sequence_6_bytes_null": NOT_UTF8,
    "i_string_truncated-utf-8": NOT_UTF8,
    "i_string_utf16BE_no_BOM": OTHER,
    "i_string_utf16LE_no_BOM": OTHER,
    "i_structure_500_nested_arrays": "is nested too deeply: more than 253 levels",
    "i_structure_UTF-8_BOM_empty_object": "accepted; the mark is kept for export",
}
"""What JSON leaves to the reader, and what becomes of it: accepted, or set aside for the reason."""


@dataclass
class Look:
    """What became of a file: its records, what is wrong and where, and what is said of it."""

    records: list[Any] = field(default_factory=list)
    wrong: list[tuple[Origin | None, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def look(file: Path, folder: Path) -> Look:
    copy = folder / "case.json"
    copy.write_bytes(file.read_bytes())
    source = scan(copy)
    found = Look(said=[finding.message for finding in source.findings])
    found.wrong += [(error.origin, error.problem) for error in source.errors]
    for collection in source.collections:
        for part in collection.parts:
            try:
                for batch in read_part(source, part):
                    again = exact(source, part, batch)
                    bare = source.syntax(part).name.endswith(ENDING)
                    found.records += [record[FIELD] for record in again.records] if bare else again.records
                    found.wrong += [(one.origin, one.reason) for one in rejects_of(source, collection, part, again)]
            except SourceError as error:
                found.wrong.append((error.origin, error.problem))
    return found


def read_value(file: Path) -> Any:
    """A file's whole value, by way of the syntax alone: what its outermost container holds, or the plain value."""
    with file.open("rb") as stream:
        root = json_syntax.outline(stream, 0, file.stat().st_size, 1_000).root
        if root.kind == "value":
            return plain(json_syntax.outline(stream, 0, file.stat().st_size, 1_000).sample[0])
        start, end = root.opening + 1, root.closing
        section = Section("map" if root.kind == "map" else "list", start, end)
        batches = list(json_syntax.read(stream, section)) if not root.empty else []
    records, keys = [], []
    for batch in batches:
        again = json_syntax.reread(batch, section) if batch.plain else batch
        assert not again.flaws
        records += again.records
        keys += again.keys or []
    return plain(records if root.kind == "list" else dict(zip(keys, records, strict=True)))


def plain(value: Any) -> Any:
    if isinstance(value, Number):
        return json.loads(value)
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


def files(kind: str) -> Any:
    chosen = [file for file in FILES if file.name.startswith(kind)]
    return pytest.mark.parametrize("file", chosen, ids=lambda file: file.stem)


def test_the_suite_is_there() -> None:
    if not FILES:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"there is no {SUITE}; OUTGROW_DATA says where the real data are")
    assert len(FILES) == 318
    assert {file.stem for file in FILES if file.name.startswith("i_")} == set(LEFT_TO_THE_READER)


@files("y_")
def test_what_is_valid_is_accepted_with_the_value_that_python_reads(file: Path, tmp_path: Path) -> None:
    value = json.loads(file.read_text("utf-8"))
    again = read_value(file)
    assert (repr(again), type(again)) == (repr(value), type(value))
    found = look(file, tmp_path)
    assert not found.wrong
    if found.records:
        assert plain(found.records) in (value, [value], list(value.values()) if isinstance(value, dict) else None)
    else:
        assert found.said, "what makes no record is said"


@files("n_")
def test_what_is_invalid_is_refused_or_set_aside_with_its_place(file: Path, tmp_path: Path) -> None:
    found = look(file, tmp_path)
    if file.stem in READ_ALL_THE_SAME:
        assert found.said
        assert not found.records
        return
    assert found.wrong, found
    for origin, problem in found.wrong:
        assert origin is not None, problem
        assert origin.line, problem
        assert origin.column, problem


@files("i_")
def test_of_what_is_left_to_the_reader_the_table_says_what_becomes(file: Path, tmp_path: Path) -> None:
    found, expected = look(file, tmp_path), LEFT_TO_THE_READER[file.stem]
    if expected.startswith("accepted"):
        assert not found.wrong
        if expected == KEPT:
            assert repr(read_value(file)) == repr(json.loads(file.read_text("utf-8")))
    else:
        assert [problem for _, problem in found.wrong] == [expected]
        assert not found.records
