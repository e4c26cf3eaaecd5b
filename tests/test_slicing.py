"""The law of slicing: however the files are cut for reading, the plan, the rejects and the rows are the same."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from outgrow import steps
from outgrow.source import reading
from outgrow.source.syntax import csv, json_scan, ndjson
from outgrow.source.syntax import json as json_syntax
from outgrow.transfer import produce, survey, verify

PEOPLE = [
    {
        "id": number,
        "username": f"user{number}",
        "email": f"user{number}@example.com",
        "bio": 'quotes "}, {" and ünïcode / slashes' * (number % 3),
        "address": {"city": ["Kyiv", "Praha"][number % 2], "zip": f"0{number:04}"} if number % 7 else None,
        "tags": [f"tag{number % 5}", f"tag{number % 3}"][: number % 3],
        "score": number / 4,
        "joined": f"2024-01-{1 + number % 28:02} 10:00:00",
    }
    for number in range(1, 1_201)
]
PEOPLE[700] = {**PEOPLE[700], "id": 5}
PEOPLE[900] = 17  # type: ignore[call-overload]


def conversion(data: Path, app: Path) -> tuple[str, list[str], dict[str, list[Any]]]:
    """The plan, the rejects, and all rows that a conversion makes."""
    done = steps.convert(data, app, steps.ConvertOptions())
    assert done.verified, done.findings
    rejects = sorted(f"{reject.origin} {reject.reason}" for reject in done.rejects)
    with sqlite3.connect(app / "instance" / "app.db") as database:
        rows = {name: database.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in done.tables}
    return (app / "outgrow.toml").read_text(), rejects, rows


def cut(monkeypatch: pytest.MonkeyPatch, block: int, *, processes: bool) -> None:
    """Read in blocks of so many bytes, in two processes or in one."""
    for module in (json_scan, json_syntax, ndjson, csv, reading):
        monkeypatch.setattr(module, "BLOCK", block)
    size = 1 if processes else 1 << 40
    monkeypatch.setattr(reading, "WORTH_SPLITTING", size)
    monkeypatch.setattr(produce, "WORTH_A_PROCESS", size)
    monkeypatch.setattr(verify, "WORTH_TWO_PROCESSES", size)
    monkeypatch.setattr(survey, "can_fork", lambda: processes)


@pytest.mark.parametrize("form", ["list", "pretty", "map", "lines"])
def test_any_cut_gives_the_same_plan_rejects_and_rows(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if form == "lines":
        (data / "people.ndjson").write_text("".join(json.dumps(person) + "\n" for person in PEOPLE))
    elif form == "map":
        named = {f"k{number}": person for number, person in enumerate(PEOPLE)}
        (data / "people.json").write_text(json.dumps(named, ensure_ascii=False))
    else:
        (data / "people.json").write_text(json.dumps(PEOPLE, indent=4 if form == "pretty" else None))
    whole = conversion(data, tmp_path / "app")
    assert len(whole[1]) == (1 if form == "map" else 2), "a map's key is the key, so an id may come twice"
    for number, (block, processes) in enumerate([(1_000, False), (7_001, True), (65_536, True)]):
        with monkeypatch.context() as patch:
            cut(patch, block, processes=processes)
            assert conversion(data, tmp_path / f"app{number}" / "app") == whole
