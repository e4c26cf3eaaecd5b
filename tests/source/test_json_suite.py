"""JSONTestSuite (Nicolas Seriot): valid files are read as Python reads them, invalid ones are refused or set aside."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from outgrow.errors import SourceError
from outgrow.record import Number
from outgrow.source.folder import scan
from outgrow.source.reading import exact, read_part

DATA = Path(os.environ.get("OUTGROW_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")
SUITE = DATA / "json_test_suite" / "test_parsing"
FILES = sorted(SUITE.glob("*.json")) if SUITE.is_dir() else []

# Refused by JSON's grammar, and yet no loss for a reader of records.
READ_ALL_THE_SAME = {
    "n_single_space": "an empty file is what PHP leaves when json_encode fails; that is said",
    "n_structure_no_data": "the same",
    "n_structure_UTF8_BOM_no_data": "the same behind a byte order mark",
}


def test_the_suite_is_there() -> None:
    if not FILES:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"there is no {SUITE}; OUTGROW_DATA says where the real data are")
    assert len(FILES) > 300


def look(file: Path, folder: Path) -> tuple[list[Any], list[str], list[str]]:
    """The records of a file, what is wrong with it, and what is said of it."""
    copy = folder / "case.json"
    copy.write_bytes(file.read_bytes())
    source = scan(copy)
    wrong = [str(error) for error in source.errors]
    records: list[Any] = []
    for collection in source.collections:
        for part in collection.parts:
            try:
                for batch in read_part(source, part):
                    again = exact(source, part, batch)
                    records += again.records
                    wrong += [flaw.reason for flaw in again.flaws]
            except SourceError as error:
                wrong.append(str(error))
    return records, wrong, [finding.message for finding in source.findings]


def plain(value: Any) -> Any:
    if isinstance(value, Number):
        return json.loads(value)
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("file", [file for file in FILES if file.name.startswith("y_")], ids=lambda file: file.stem)
def test_what_is_valid_is_read_as_python_reads_it(file: Path, tmp_path: Path) -> None:
    value = json.loads(file.read_text("utf-8"))
    records, wrong, said = look(file, tmp_path)
    if isinstance(value, list):
        assert plain(records) == value or (not records and said and not any(isinstance(part, dict) for part in value))
    elif isinstance(value, dict):
        assert plain(records) in ([value], list(value.values())) or (not records and said)
    else:
        assert wrong, "a lone value is no collection of records"
        return
    assert not wrong


@pytest.mark.parametrize("file", [file for file in FILES if file.name.startswith("n_")], ids=lambda file: file.stem)
def test_what_is_invalid_is_refused_or_set_aside(file: Path, tmp_path: Path) -> None:
    records, wrong, said = look(file, tmp_path)
    if file.stem in READ_ALL_THE_SAME:
        assert said
        assert not records
    else:
        assert wrong, (records, said)


@pytest.mark.parametrize("file", [file for file in FILES if file.name.startswith("i_")], ids=lambda file: file.stem)
def test_what_is_left_to_the_reader_never_breaks_it(file: Path, tmp_path: Path) -> None:
    records, wrong, said = look(file, tmp_path)
    assert records or wrong or said
