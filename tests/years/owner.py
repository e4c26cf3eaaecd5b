"""An app in the hands of its owner, who edits its models, runs `flask db`, and goes on using outgrow beside it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from module_apps import PYTHONS, App
from nursery import FLASK, PYTEST, Ended

from outgrow.cli import main

USERS = [
    {"id": 1, "username": "ann", "email": "ann@example.com"},
    {"id": 2, "username": "bob", "email": "bob@example.com"},
    {"id": 3, "username": "cy", "email": "cy@example.com"},
]
POSTS = [
    {"id": 1, "user_id": 1, "title": "Hello", "tags": ["a", "b"]},
    {"id": 2, "user_id": 2, "title": "Again", "tags": []},
    {"id": 3, "user_id": 2, "title": "Hi", "tags": ["b"]},
]


@dataclass(frozen=True)
class Site:
    """A folder of data, and the app that was made from it."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def owner(self) -> App:
        """The app, to be run in processes of its own."""
        return App(self.app, PYTHONS[0])

    def write(self, **files: Any) -> None:
        """Write JSON files as the old site does."""
        self.data.mkdir(exist_ok=True)
        for name, value in files.items():
            (self.data / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")), "utf-8")

    def read(self, name: str) -> Any:
        """What a JSON file of the data holds."""
        return json.loads((self.data / f"{name}.json").read_text("utf-8"))

    def outgrow(self, *words: object) -> Result:
        """Run a command of outgrow as from a shell, but in this process."""
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def convert(self) -> None:
        """Make the app."""
        result = self.outgrow("convert", self.data, self.app, "--quiet")
        assert result.exit_code == 0, result.stderr

    def copy_to(self, root: Path) -> Site:
        """A site of one's own: what is done to it, no other test sees."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        other = Site(root)
        other.sql("UPDATE outgrow_meta SET value = ? WHERE name = 'source'", str(other.data))
        return other

    def load(self, *words: object) -> tuple[int, dict[str, Any]]:
        """Load what the data hold now; returns the exit code and what is told."""
        result = self.outgrow("load", self.app, "--json", *words)
        return result.exit_code, json.loads(result.stdout or "{}")

    def verify(self) -> tuple[int, dict[str, Any]]:
        """Verify; returns the exit code and what is told."""
        result = self.outgrow("verify", self.app, "--json")
        return result.exit_code, json.loads(result.stdout or "{}")

    def export(self) -> dict[str, Any]:
        """What the files hold that export writes, by their names without `.json`."""
        target = self.root / "back"
        shutil.rmtree(target, ignore_errors=True)
        result = self.outgrow("export", self.app, target, "--quiet")
        assert result.exit_code == 0, result.stderr
        return {file.stem: json.loads(file.read_text("utf-8")) for file in target.iterdir()}

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement in the app's database, past the app."""
        with closing(sqlite3.connect(self.app / "instance" / "app.db")) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def flask(self, *words: str, **environ: str) -> Ended:
        """Run a command of flask in a process of its own, in the app's folder."""
        return self.owner.python_says(FLASK, *words, **environ)

    def run_own_tests(self) -> Ended:
        """Run the app's own tests, but for those of old passwords, which take as long as all others."""
        return self.owner.python_says(PYTEST, "-q", "-x", "-p", "no:cacheprovider", "--ignore=tests/test_passwords.py")

    def migrate(self, message: str) -> Path:
        """`flask db migrate`; returns the revision's file."""
        versions = self.app / "migrations" / "versions"
        before = set(versions.glob("*.py"))
        done = self.flask("db", "migrate", "-m", message)
        assert done.returncode == 0, done.stderr
        [revision] = set(versions.glob("*.py")) - before
        return revision

    def upgrade(self) -> None:
        """`flask db upgrade`."""
        done = self.flask("db", "upgrade")
        assert done.returncode == 0, done.stderr

    def edit(self, path: str, *changes: tuple[str, str]) -> None:
        """Replace text in one of the app's files."""
        file = self.app / path
        text = file.read_text("utf-8")
        for old, new in changes:
            assert old in text, f"{path} has no {old!r}:\n{text}"
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    def in_app(self, code: str) -> Any:
        """Run some Python in the app's context; returns what it shows."""
        return self.owner.python_shows(code)
