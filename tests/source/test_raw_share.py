"""How many records keep their own text: at most one of a hundred of what PHP, node and Python write themselves."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from outgrow import steps
from outgrow.results import ConvertOptions

WRITERS = Path(__file__).parent / "writers"
MOST = 0.01
RECORDS = 400
WORDS = [
    *("straße", "O'Neil", 'say "no"', "a/b", "<b>bold</b>", "\\back", "привіт", "😀", "tom & jerry", "line\nbreak"),
    *("x", "", "\u2028", "007", "+380501234567", "1e3", "NULL", "true", "null", "  "),
]


def make_records() -> list[dict[str, Any]]:
    """Records as sites have them: optional fields, empty lists, whole and broken prices, odd texts."""
    chance = random.Random(7)
    return [make_record(number, chance) for number in range(1, RECORDS + 1)]


def make_record(number: int, chance: random.Random) -> dict[str, Any]:
    text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, 9)))
    record: dict[str, Any] = {
        "id": number,
        "title": f"Post {number} {chance.choice(WORDS)}",
        "body": text,
        "price": chance.choice([10.0, 0.1, 12.5, 99, 1e25, -3.75, 0]),
        "created": f"2024-{chance.randint(1, 12):02}-{chance.randint(1, 28):02} 10:00:{number % 60:02}",
        "code": f"{chance.randint(0, 9999):05}",
        "note": chance.choice([None, "", "x", "n/a"]),
        "active": chance.random() < 0.5,
        "tags": chance.sample(["php", "sql", "старе", "c/c++"], chance.randint(0, 3)),
        "meta": chance.choice([{}, {"views": number, "ratio": 0.5}, {"views": 1, "by": {"name": text[:9]}}]),
    }
    for name in ("code", "active", "meta"):
        if chance.random() < 0.1:
            del record[name]
    return record


def raw_share(data: Path, tmp_path: Path) -> float:
    """The share of records of which the ledger keeps the text, and proof that all come back."""
    done = steps.convert(data, tmp_path / "app", ConvertOptions())
    assert done.verification is not None
    assert done.verified, done.findings
    assert done.verification.records >= RECORDS
    steps.export(tmp_path / "app", tmp_path / "back")
    for file in filter(Path.is_file, data.rglob("*")):
        assert (tmp_path / "back" / file.relative_to(data)).read_bytes() == file.read_bytes(), file
    return done.verification.raw_records / done.verification.records


@pytest.fixture
def values(tmp_path: Path) -> Path:
    file = tmp_path / "values.json"
    file.write_text(json.dumps(make_records()))
    (tmp_path / "written").mkdir()
    return file


@pytest.mark.parametrize("function", ["json_encode", "var_export", "serialize", "fputcsv"])
def test_what_php_writes_keeps_hardly_any_text(php: str, function: str, values: Path, tmp_path: Path) -> None:
    subprocess.run([php, "-n", str(WRITERS / "write_site.php"), str(values), str(tmp_path / "written")], check=True)
    assert raw_share(tmp_path / "written" / function, tmp_path) <= MOST


def test_what_json_stringify_writes_keeps_hardly_any_text(node: str, values: Path, tmp_path: Path) -> None:
    subprocess.run([node, str(WRITERS / "write_site.js"), str(values), str(tmp_path / "written")], check=True)
    assert raw_share(tmp_path / "written", tmp_path) <= MOST


def test_what_json_dump_writes_keeps_hardly_any_text(values: Path, tmp_path: Path) -> None:
    records, folder = json.loads(values.read_text()), tmp_path / "written"
    ways: dict[str, dict[str, Any]] = {
        "plain": {},
        "indented": {"indent": 4, "ensure_ascii": False},
        "tabs": {"indent": "\t", "sort_keys": True},
        "dense": {"separators": (",", ":")},
    }
    for name, options in ways.items():
        (folder / f"{name}_posts.json").write_text(json.dumps(records, **options), "utf-8")
        (folder / f"{name}_data.json").write_text(json.dumps({"articles": records, "n": 1}, **options) + "\n", "utf-8")
    (folder / "lines_posts.ndjson").write_text("".join(json.dumps(record) + "\n" for record in records))
    assert raw_share(folder, tmp_path) <= MOST
