"""Apps to try the module's code in. Each runs in a process of its own, by the Python that it is given."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from module_contents import BLOCKS
from nursery import APP, Ended, Nursery
from surroundings import PATIENCE, kept

from outgrow import steps

PYTHONS = os.environ.get("OUTGROW_APP_PYTHONS", sys.executable).split(os.pathsep)

CONTEXT = """
import json, sys
from app import create_app, db
from app.config import Config
from app.models import *
TOKEN = "a token for the tests"
from app.auth import token_hash, tokens
app = create_app()
import contextvars
from flask.testing import FlaskClient
class Client(FlaskClient):
    def open(self, *words, **more):  # as a request comes to a server: without the context that the script stands in
        return contextvars.Context().run(super().open, *words, **more)
app.test_client_class = Client
client = app.test_client()
client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
app.app_context().push()
with db.engine.begin() as connection:
    known = db.select(tokens.c.id).where(tokens.c.sha256 == token_hash(TOKEN))
    if db.inspect(connection).has_table(tokens.name) and not connection.scalar(known):
        connection.execute(tokens.insert().values(name="tests", sha256=token_hash(TOKEN), may_write=True))
def show(value):
    print(json.dumps(value, default=str))
"""


@dataclass(frozen=True)
class Place:
    """A folder with a program in it, and the Python that runs it."""

    folder: Path
    python: str

    def run(self, *command: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command there, as the program's owner would."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env=self.environ(environ),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def environ(self, more: dict[str, str]) -> dict[str, str]:
        """What the environment of a command says."""
        path = f"{Path(self.python).parent}{os.pathsep}{os.environ['PATH']}"
        return kept() | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | more

    def write(self, **files: str) -> None:
        """Write Python files."""
        for name, text in files.items():
            (self.folder / f"{name}.py").write_text(text, "utf-8")

    def python_says(self, code: str, *words: str, **environ: str) -> Ended:
        """Run some Python there, in a process of its own."""
        return Nursery.of(APP, self.python).run(code, *words, folder=self.folder, environ=self.environ(environ))


@dataclass(frozen=True)
class App(Place):
    """A generated app."""

    def python_shows(self, code: str, **environ: str) -> Any:
        """Run some Python in the app's context, with `db`, the models, `app` and `client`; returns what it shows."""
        done = self.python_says(CONTEXT + code, **environ)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def shell(self, *lines: str) -> subprocess.CompletedProcess[str]:
        """Type lines into `flask shell`, with its warnings shown."""
        done = self.run("flask", "shell", stdin="\n".join(lines) + "\n", PYTHONWARNINGS="default")
        assert done.returncode == 0, done.stderr
        return done

    def script(self, name: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run one of the module's shell commands as it stands there."""
        return self.run("sh", str(BLOCKS / name), **environ)

    @property
    def database(self) -> Path:
        """The app's database."""
        return self.folder / "instance" / "app.db"


def convert(data: Path, folder: Path, plan: Path | None = None) -> steps.Conversion:
    """What `outgrow convert` does."""
    return steps.convert(data, folder, steps.ConvertOptions(plan=plan))


def write_data(folder: Path, **files: Any) -> Path:
    """A folder with JSON files as PHP writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text, "utf-8")
    return folder


def copy(app: Path, folder: Path) -> Path:
    """An app of one's own: what a test does to it, no other one sees."""
    return shutil.copytree(app, folder)
