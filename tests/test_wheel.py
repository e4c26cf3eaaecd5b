"""The wheel alone is enough: installed into an empty environment, it converts the course's exercise."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from surroundings import PATIENCE

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = '{"users": [{"id": 1, "username": "john_doe", "email": "john@example.com"}]}'
UNREACHABLE = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "ProxyError",
    "No matching distribution",
)


def run(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program that finds nothing of this checkout by PYTHONPATH."""
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DATABASE_URL")}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network by what builds it for others too."""
    pytest.importorskip("hatchling", reason="`make dev` installs what builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check")
    done = run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("outgrow-*.whl")
    return file


def test_the_wheel_holds_the_template_and_nothing_that_running_it_left(wheel: Path) -> None:
    listed = run(sys.executable, "-m", "zipfile", "-l", wheel, cwd=wheel.parent).stdout
    for part in ("template/app/__init__.py", "template/.gitignore", "template/.env.example", "outgrow/py.typed"):
        assert part in listed
    for part in ("__pycache__", "template/instance", "template/rejects", "template/.env ", ".pytest_cache"):
        assert part not in listed


def test_an_empty_environment_converts_with_it(wheel: Path, tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    python = tmp_path / "venv" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "-q", "--disable-pip-version-check")
    done = run(*pip, wheel, cwd=tmp_path)
    if any(sign in done.stderr for sign in UNREACHABLE) and os.environ.get("CI") != "true":
        pytest.skip("the package index can't be reached, so outgrow's dependencies can't be installed")
    assert done.returncode == 0, done.stderr

    (tmp_path / "users.json").write_text(EXERCISE, "utf-8")
    outgrow = tmp_path / "venv" / "bin" / "outgrow"
    done = run(outgrow, "convert", "users.json", "myapp", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["tables"], said["rejects"], said["verified"]) == ({"users": 1}, 0, True)
    with closing(sqlite3.connect(tmp_path / "myapp" / "instance" / "app.db")) as database:
        rows = database.execute("SELECT id, username, email FROM users").fetchall()
    assert rows == [(1, "john_doe", "john@example.com")]
    done = run(outgrow, "export", "myapp", "back", cwd=tmp_path)
    assert (tmp_path / "back" / "users.json").read_text("utf-8") == EXERCISE, done.stderr
