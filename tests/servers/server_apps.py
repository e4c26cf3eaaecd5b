"""Generated apps on servers, each command of which is a process of its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from nursery import APP, FLASK, Nursery
from surroundings import kept

from outgrow.render import render_app
from outgrow.schema.model import Plan

PROGRAMS = {"flask": FLASK, "pytest": "import sys, pytest; sys.exit(pytest.main())"}


@dataclass
class App:
    """A generated app in its folder, and the database that it uses."""

    folder: Path
    database_url: str

    @property
    def settings(self) -> dict[str, str]:
        """What the app's commands see of the environment."""
        return kept() | {"PYTHONDONTWRITEBYTECODE": "1", "SECRET_KEY": "tests", "DATABASE_URL": self.database_url}

    def start(self, *command: str, **environ: str) -> subprocess.Popen[str]:
        """Start `python -m COMMAND` in the app's folder."""
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", *command],
            cwd=self.folder,
            env=self.settings | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def end(self, program: str, *words: str, **environ: str) -> tuple[int, str]:
        """Run flask or pytest, and return how it ended and what it said."""
        nursery = Nursery.of(APP, warnings="error")
        done = nursery.run(PROGRAMS[program], *words, folder=self.folder, environ=self.settings | environ)
        return done.returncode, done.stdout + done.stderr

    def run(self, *command: str, **environ: str) -> str:
        """Run flask or pytest, which must be good, and return what it said."""
        code, said = self.end(*command, **environ)
        assert code == 0, said[-8000:]
        return said

    def tables(self) -> set[str]:
        """Return the names of the tables in the database."""
        engine = sa.create_engine(self.database_url, poolclass=sa.NullPool)
        return set(sa.inspect(engine).get_table_names()) - {"alembic_version"}


def render(plan: Plan, folder: Path) -> Path:
    """Write the app of a plan into a folder, and return that."""
    for path, text in render_app(plan, "sample").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
