"""Runs commands of an app as its owner does: in a process of its own, by the Python that the app has."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from dotenv import dotenv_values
from sqlalchemy.engine import make_url

from outgrow.errors import AppError

ENVIRONMENTS = (".venv", "venv")
LAST_LINES = 12


def flask(app: Path, database: str, *words: str) -> None:
    """Run a command of flask on a database; raises AppError with what it said."""
    environ = os.environ | {"DATABASE_URL": database, "PYTHONDONTWRITEBYTECODE": "1"}
    if not (os.environ.get("SECRET_KEY") or dotenv_values(app / ".env").get("SECRET_KEY")):
        environ["SECRET_KEY"] = secrets.token_hex()  # no request will come
    command = [find_python(app), "-m", "flask", *words]
    done = subprocess.run(  # noqa: S603 (the app's owner has the app run)
        command, cwd=app, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = _hide(f"{done.stdout}{done.stderr}", database).rstrip().splitlines()[-LAST_LINES:]
        problem = f"`flask {' '.join(words)}` failed on the new database:"
        raise AppError("\n".join([problem, *said]), hint=_advise(said))


def _hide(text: str, database: str) -> str:
    """What a program said, without the password."""
    url = make_url(database)
    text = text.replace(database, url.render_as_string())
    return text.replace(url.password, "***") if url.password else text


def _advise(said: list[str]) -> str:
    text = "\n".join(said)
    if "No module named" in text:
        return "The app lacks a package, maybe the database's driver. Install it where the app runs: see its README."
    return "The app's revisions must run on the new database, too. Nothing was changed."


def find_python(app: Path) -> str:
    """The Python that has what the app needs: the app's own, else ours, else the one on PATH; raises AppError."""
    for candidate in _pythons(app):
        if _can_run_apps(candidate, app):
            return candidate
    raise AppError(
        f"no Python was found that can run {app}",
        hint=f"Make one in the app's folder: cd {app} && python3 -m venv .venv && .venv/bin/pip install -e .",
    )


def _can_run_apps(python: str, app: Path) -> bool:
    if python == sys.executable:
        return find_spec("flask_migrate") is not None  # to start another process takes a second
    found = subprocess.run(  # noqa: S603 (the app's owner has the app run)
        [python, "-c", "import flask_migrate"], cwd=app, capture_output=True, check=False
    )
    return found.returncode == 0


def _pythons(app: Path) -> Iterator[str]:
    for name in ENVIRONMENTS:
        for place in ("bin/python", "Scripts/python.exe"):
            python = (app / name / place).absolute()
            if python.is_file():
                yield str(python)
    yield sys.executable
    yield from filter(None, map(shutil.which, ("python3", "python")))
