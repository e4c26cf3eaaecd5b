"""The apps that are tortured, each in a folder of its own with a token that may write."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from outgrow import steps
from outgrow.render import render_app
from outgrow.results import ConvertOptions

ROOT = Path(__file__).resolve().parents[2]
BLOG = ROOT / "examples" / "blog"


@dataclass(frozen=True)
class App:
    """A generated app that stands in a folder, and a token for it."""

    folder: Path
    token: str

    @property
    def database(self) -> Path:
        """The file of its database."""
        return self.folder / "instance" / "app.db"

    def copy(self, folder: Path) -> App:
        """Return a copy, for which the token is good too."""
        shutil.copytree(self.folder, folder)
        environment = folder / ".env"
        environment.write_text(environment.read_text("utf-8").replace(str(self.folder), str(folder)), "utf-8")
        return App(folder, self.token)

    def flask(self, *words: str, **environ: str) -> str:
        """Run one of the app's commands, as its owner would, and return what it prints."""
        command = [sys.executable, "-m", "flask", *words]
        run = subprocess.run(
            command, cwd=self.folder, env=plain_environment() | environ, capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise RuntimeError(f"flask {' '.join(words)} failed in {self.folder}:\n{run.stderr}")
        return run.stdout


def plain_environment() -> dict[str, str]:
    """Return what an app's process needs; what this shell has set for another app must not reach it."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "LANG")}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def make_blog(folder: Path) -> App:
    """Convert the example."""
    done = steps.convert(BLOG / "data", folder, ConvertOptions(plan=BLOG / "plan.toml"))
    return App(folder, done.token)


def make_odd(folder: Path) -> App:
    """Render the plan whose names and types are made to break things, and create its tables, which are empty."""
    sys.path.insert(0, str(ROOT / "tests" / "render"))  # the plan belongs to the tests
    plan = importlib.import_module("sample_plans").odd()
    for path, text in render_app(plan, "odd").items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    (folder / ".env").write_text("SECRET_KEY=torture\n")
    app = App(folder, "")
    app.flask("db", "upgrade")
    return App(folder, app.flask("token", "create").strip())
