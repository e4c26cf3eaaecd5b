"""Runs the cases: small folders of files, each with what outgrow makes of it. A case needs no Python.

    tests/cases/<name>/
        README.txt    what the case shows, in a sentence or two
        input/        the data
        plan.toml     a plan to go by (if not there, outgrow guesses)
        command.txt   the command and its options, without paths (if not there: convert)
        known-bug.txt why the case fails today; it must be taken away together with the bug
        expected/
            tables.txt    the tables, as `inspect` describes them: * is in the key, ! unique, ? nullable, § secret
            stdout.txt    what `inspect` shows
            stderr.txt    what is said
            exit.txt      the exit code
            rejects/      what is set aside
            back/         what `export` writes where that isn't the input, byte for byte

To make a case: write `input/` and run `OUTGROW_GOLDEN=1 python -m pytest tests/test_cases.py`; it writes
`expected/` of all cases anew. Then read what git says has changed: that is the review.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from outgrow.cli import main

CASES = Path(__file__).parent / "cases"
NAMES = sorted(case.name for case in CASES.iterdir() if (case / "input").is_dir())
GOLDEN = bool(os.environ.get("OUTGROW_GOLDEN"))


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    case = CASES / name
    if (case / "known-bug.txt").exists():
        request.applymarker(pytest.mark.xfail(reason=(case / "known-bug.txt").read_text(), strict=True))
    assert (case / "README.txt").is_file(), "a case says what it shows"
    shutil.copytree(case / "input", tmp_path / "data")
    if (case / "plan.toml").exists():
        shutil.copy(case / "plan.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = perform(case)
    if GOLDEN and not (case / "known-bug.txt").exists():
        write_expected(case / "expected", found)
    expected = read_files(case / "expected")
    assert sorted(found) == sorted(expected)
    for file, text in expected.items():
        assert found[file] == text, file


def perform(case: Path) -> dict[str, bytes]:
    """Run a case in the current folder; returns what belongs into its `expected/`."""
    command, *options = (case / "command.txt").read_text().split() if (case / "command.txt").exists() else ["convert"]
    if (case / "plan.toml").exists():
        options += ["--plan", "plan.toml"]
    found: dict[str, bytes] = {}
    if "--plan" not in options:
        tables = json.loads(run("inspect", "data", "--json").stdout)["tables"]
        found["tables.txt"] = "\n".join(map(describe, tables)).encode()
    done = run(command, "data", *(["app"] if command == "convert" else []), *options)
    if command == "inspect":
        found["stdout.txt"] = done.stdout.encode()
    found["stderr.txt"] = done.stderr.encode()
    found["exit.txt"] = f"{done.exit_code}\n".encode()
    app = Path("app")
    if done.exit_code == 1:
        assert not list(Path.cwd().glob("*app*")) + list(Path.cwd().glob(".*")), "something half-written was left"
    if app.exists():
        if "--plan" in options:
            found["tables.txt"] = b"".join(f"{t} {n}\n".encode() for t, n in counts(app).items())
        found |= {f"rejects/{name}": text for name, text in read_files(app / "rejects").items()}
        assert run("export", app, "back").exit_code == 0
        back = read_files(Path("back"))
        if unpacked(back) != unpacked({name: text for name, text in read_files(Path("data")).items() if name in back}):
            found |= {f"back/{name}": text for name, text in back.items()}
    return found


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def counts(app: Path) -> dict[str, int]:
    """The rows of each table, as `verify` counts them."""
    rows: dict[str, int] = json.loads(run("verify", app, "--json").stdout)["rows"]
    return rows


def unpacked(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files without their gzip, which is never the same twice."""
    return {name: gzip.decompress(text) if name.endswith(".gz") else text for name, text in files.items()}


def describe(table: dict[str, Any]) -> str:
    """One table, so that a person can read it."""
    unique = {columns[0] for columns in table["unique"] if len(columns) == 1}
    lines = [f"{table['name']}  ({table['kind']}, {table['rows']} rows, from {table['source'] or 'a list'})"]
    for column in table["columns"]:
        marks = {
            "*": column["name"] in table["primary_key"],
            "!": column["name"] in unique,
            "?": column["nullable"],
            "§": column["secret"],
        }
        lines.append(f"    {column['name']}{''.join(m for m, holds in marks.items() if holds)}  {column['type']}")
    lines += [f"    unique: {', '.join(columns)}" for columns in table["unique"] if len(columns) > 1]
    for key in table["foreign_keys"]:
        target = key["references"]
        lines.append(f"    {', '.join(key['columns'])} -> {target['table']}.{', '.join(target['columns'])}")
    return "\n".join(lines) + "\n"


def read_files(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their paths; none where there is no folder."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def write_expected(folder: Path, found: dict[str, bytes]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in found.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
