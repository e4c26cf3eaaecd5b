"""The examples: their apps are what outgrow generates, their plans say what a person changed, and the demo runs."""

from __future__ import annotations

import difflib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from subprocess import PIPE, STDOUT

import pytest
from surroundings import PATIENCE

from outgrow import steps

ROOT = Path(__file__).resolve().parent.parent
BLOG = ROOT / "examples" / "blog"
LEFT_OUT = {".env", "instance", "rejects", "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".venv"}


def generated(plan: Path) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("examples_tool", ROOT / "tools" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    files: dict[str, str] = tool.generate(plan)
    return files


@pytest.mark.parametrize("plan", sorted((ROOT / "examples").glob("*/plan.toml")), ids=lambda plan: plan.parent.name)
def test_an_examples_app_is_what_outgrow_generates(plan: Path) -> None:
    app = plan.parent / "myapp"
    there = {
        file.relative_to(app).as_posix(): file.read_bytes()
        for file in app.rglob("*")
        if file.is_file() and not LEFT_OUT & set(file.relative_to(app).parts)
    }
    wanted = {path: text.encode() for path, text in generated(plan).items()}
    differing = sorted(path for path in there.keys() | wanted if there.get(path) != wanted.get(path))
    assert not differing, "`make examples` writes the apps anew; look at what git says changed"


def test_the_blogs_plan_is_outgrows_own_but_for_one_edit_by_hand() -> None:
    own = without_comments(steps.inspect(BLOG / "data").plan_text)
    edited = without_comments((BLOG / "plan.toml").read_text("utf-8"))
    changed = [line for line in difflib.ndiff(own, edited) if line[0] in "+-"]
    author = '{ columns = ["user_id"], to = "users", back = "posts", on_delete = "restrict" }'
    assert changed == [
        f"- references.user = {author}",
        f"+ references.author = {author}",
    ]


def without_comments(plan: str) -> list[str]:
    return [line for line in (re.sub(r"\s*# .*", "", line) for line in plan.splitlines()) if line]


def test_the_blog_comes_back_as_it_was_but_for_the_password_in_plain_text(tmp_path: Path) -> None:
    data = shutil.copytree(BLOG / "data", tmp_path / "data")
    done = steps.convert(data, tmp_path / "app", steps.ConvertOptions(plan=BLOG / "plan.toml"))
    shutil.rmtree(data)
    steps.export(tmp_path / "app", tmp_path / "back")
    assert done.verified
    assert (done.hashed_passwords, done.reject_count) == (1, 0)
    assert [f for f in done.findings if "parent_id" in f.message and "1" in f.message], "the comment without a parent"
    assert [f for f in done.findings if "1 exact copy" in f.message], "the comment that was sent twice"
    changed = []
    for file in sorted((BLOG / "data").iterdir()):
        then, now = (path.read_text("utf-8").splitlines() for path in (file, tmp_path / "back" / file.name))
        changed += [(old.strip(), new.strip()) for old, new in zip(then, now, strict=True) if old != new]
    assert [old for old, _ in changed] == ['"password": "bakfiets7",']
    assert changed[0][1].startswith('"password": "$argon2id$')


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the demo needs of a checkout, so that it leaves the folder demo/ of this one alone."""
    place = tmp_path / "a checkout"
    for folder in ("tools", "examples"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("myapp", "__pycache__"))
    return place


def demo(checkout: Path, *, serve: str) -> subprocess.Popen[str]:
    command = [sys.executable, "tools/demo.py"]
    environ = os.environ | {"DEMO_SERVE": serve, "DATABASE_URL": "sqlite:////nonexistent/other.db"}
    return subprocess.Popen(command, cwd=checkout, env=environ, text=True, stdout=PIPE, stderr=STDOUT)


def test_the_demo_asks_one_question_and_stops_and_does_so_again(checkout: Path) -> None:
    for _ in range(2):
        run = demo(checkout, serve="0")
        said, _ = run.communicate(timeout=PATIENCE)
        assert run.returncode == 0, said
        assert '"title": "Thirty-two spokes"' in said


def test_the_demos_commands_work_as_printed(checkout: Path) -> None:
    run = demo(checkout, serve="1")
    assert run.stdout is not None
    said = ""
    for line in run.stdout:
        said += line
        if "Running on http" in line:
            break
    try:
        *curls, shell, export = re.findall(r"^  ((?:curl|cd) .*)", said, re.MULTILINE)
        if shutil.which("curl"):
            newest, comments, changed = [json.loads(execute(command)) for command in curls]
            assert [post["id"] for post in newest["items"]] == [12, 11]
            assert len(comments["items"]) == 4
            assert changed["title"] == "Thirty-six spokes"
        assert "Lin Wei" in execute(shell)
    finally:
        run.send_signal(signal.SIGINT)
        rest, _ = run.communicate(timeout=PATIENCE)
    assert run.returncode == 0, said + rest
    assert "bakfiets7" in execute(export, fails=True)


def execute(command: str, *, fails: bool = False) -> str:
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout
