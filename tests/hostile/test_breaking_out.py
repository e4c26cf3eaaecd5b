"""Keys, file names and values made to break out of Python, TOML, SQL, Mermaid and HTML: nothing becomes code."""

from __future__ import annotations

import ast
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from door import outgrow
from surroundings import PATIENCE

ATTACKS = [
    '"); import os; os.system("touch pwned") #',
    "'''\nimport os\nos.system('touch pwned')\n'''",
    '"""\nraise SystemExit(1)\n"""',
    "{__import__('os').system('touch pwned')}",
    "x\\",
    "\\N{BULLET}\\x00\\",
    'x" = 1\n[tables.evil]\nsource = "y',
    "a'; DROP TABLE users; --",
    'a" ("b"); DROP TABLE users; --',
    "%s %(x)s :x ?",
    "|| ERD\n```\n# Heading\n<script>alert(1)</script>",
    "}\nerDiagram\nevil {",
    "<img src=x onerror=alert(1)>",
    "class",
    "metadata",
    "__class__",
    "None",
    "${HOME} $(touch pwned) `touch pwned`",
    "../../evil",
    "\u202eevil\u2028",
    "\ufeff",
    "é" * 80,
]
HARMLESS = [f"harmless{number}" for number in range(len(ATTACKS))]


def convert(folder: Path, words: list[str]) -> Path:
    """An app in which the words are names of tables, columns and maps, keys, values, defaults and file names."""
    data = folder / "data"
    data.mkdir(parents=True)
    document = {word: [{"id": 1, "x": number}] for number, word in enumerate(words)}
    fields = [{"id": number, **{word: f"text {word}" for word in words}} for number in range(3)]
    keys = {word: {"title": word, "tags": [word, "x"]} for word in words}
    defaults = [{"id": number, **{f"d{place}": word for place, word in enumerate(words)}} for number in range(30)]
    nested = [{"id": number, "inner": {word: {word: number} for word in words}} for number in range(3)]
    for name, value in {"doc": document, "f": fields, "k": keys, "d": defaults, "n": nested}.items():
        (data / f"{name}.json").write_text(json.dumps(value))
    for word in words:
        name = word.replace("/", "").replace("\0", "")[:60].strip(".")
        (data / f"{name}.json").write_text(json.dumps([{"id": 1, "user name": "x"}]))
    outgrow("convert", "data", "app", cwd=folder, code=0)
    return folder / "app"


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert(tmp_path_factory.mktemp("attacked"), ATTACKS)


@pytest.fixture(scope="module")
def peaceful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert(tmp_path_factory.mktemp("peaceful"), HARMLESS)


def python_files(app: Path) -> list[Path]:
    files = sorted(app.rglob("*.py"))
    assert len(files) > 10
    return files


def test_generated_python_is_clean(attacked: Path) -> None:
    for file in python_files(attacked):
        compile(file.read_text(), str(file), "exec")
    check = [sys.executable, "-m", "ruff", "check", "--no-cache", "."]
    done = subprocess.run(check, cwd=attacked, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout


def test_generated_python_calls_and_imports_nothing_else(attacked: Path, peaceful: Path) -> None:
    assert vocabulary(attacked) <= vocabulary(peaceful)


def vocabulary(app: Path) -> set[str]:
    """What a program can do: its imports, the functions it calls, its kinds of statements."""
    words: set[str] = set()
    for file in python_files(app):
        for node in ast.walk(ast.parse(file.read_text())):
            words.add(type(node).__name__)
            if isinstance(node, ast.Import | ast.ImportFrom):
                words |= {f"import {alias.name}" for alias in node.names if not alias.name.startswith("app.models")}
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                words.add(f"call {node.func.id}")
    return {word for word in words if not re.search("[Hh]armless|[Ee]vil", word)}


def test_nothing_was_run(attacked: Path) -> None:
    assert not list(attacked.parent.rglob("pwned*"))
    assert sorted(path.name for path in attacked.parent.iterdir()) == ["app", "data"]


def test_the_app_starts(attacked: Path) -> None:
    command = [sys.executable, "-c", "from app import create_app; create_app(); import app.models"]
    done = subprocess.run(command, cwd=attacked, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr


def test_the_plan_is_read_back_as_it_was_written(attacked: Path) -> None:
    outgrow("convert", "data", "again", "--plan", "app/outgrow.toml", cwd=attacked.parent, code=0)
    assert (attacked / "app/models.py").read_text() == (attacked.parent / "again/app/models.py").read_text()
    for file in sorted((attacked.parent / "again").rglob("*")):
        assert "evil {" not in file.name


def test_the_readme_holds_no_markup_from_the_source(attacked: Path) -> None:
    text = (attacked / "README.md").read_text()
    assert "<script" not in text
    assert "<img" not in text
    assert text.count("```") % 2 == 0
    assert "\n# Heading" not in text
    diagram = text.partition("```mermaid")[2].partition("```")[0]
    lines = [line.strip() for line in diagram.splitlines() if line.strip()]
    assert lines[0] == "erDiagram"
    line = re.compile(r'\w+ \{|\}|\w+ \w+( [PFU]K(, ?[PFU]K)*)?( "[^"]*")?|\w+ [|o}{.-]+ \w+ : "[\w ]*"', re.ASCII)
    assert [text for text in lines[1:] if not line.fullmatch(text)] == []


def test_every_value_is_in_the_database_and_comes_back(attacked: Path) -> None:
    assert "nothing is lost" in outgrow("verify", "app", cwd=attacked.parent, code=0).out
    database = sqlite3.connect(attacked / "instance/app.db")
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    database.close()
    assert all(re.fullmatch("[a-z_][a-z0-9_]*", name) for name in names), names
    outgrow("export", "app", "back", cwd=attacked.parent, code=0)
    data, back = attacked.parent / "data", attacked.parent / "back"
    for file in data.iterdir():
        assert json.loads((back / file.name).read_text()) == json.loads(file.read_text()), file.name


def test_no_file_name_reaches_the_terminal_raw(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "\x1b[31mred\n[bold]x[bold].json").write_text("seven")
    said = outgrow("inspect", "data", cwd=tmp_path, code=3)
    assert "\x1b" not in said.out + said.err
    assert r"\x1b[31mred\n[bold]x[bold].json" in said.err


def test_a_table_may_be_called_as_a_word_of_python(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "class.json").write_text('[{"id":1,"name":"x"}]')
    outgrow("convert", "data", "app", cwd=tmp_path, code=0)
