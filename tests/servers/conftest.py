"""A server of each kind for the whole test session, fresh databases on them, and an app to run on those."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from database_servers import SERVERS, NotStartedError, Server
from sample_plans import blog

from outgrow.render import render_app

KINDS = ("sqlite", *SERVERS)


@pytest.fixture(scope="session")
def server() -> Iterator[Callable[[str], Server]]:
    """Return the server of a kind; it is started when somebody asks for it first."""
    started: dict[str, Server | NotStartedError] = {}
    with ExitStack() as stack:

        def server(kind: str) -> Server:
            if kind not in started:
                try:
                    started[kind] = stack.enter_context(SERVERS[kind]())
                except NotStartedError as error:
                    started[kind] = error
            found = started[kind]
            if isinstance(found, NotStartedError):
                pytest.fail(str(found), pytrace=False)
            return found

        yield server


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, server: Callable[[str], Server], tmp_path: Path) -> str:
    """The DATABASE_URL of an empty database, on each kind in turn."""
    return f"sqlite:///{tmp_path / 'app.db'}" if request.param == "sqlite" else server(request.param).new_database()


@dataclass
class App:
    """A generated app, each command of which is a process of its own."""

    folder: Path
    database_url: str

    def start(self, *command: str, **environ: str) -> subprocess.Popen[str]:
        """Start `python -m COMMAND` in the app's folder."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "LANG")}
        kept |= {"PYTHONDONTWRITEBYTECODE": "1", "SECRET_KEY": "tests", "DATABASE_URL": self.database_url}
        return subprocess.Popen(
            [sys.executable, "-W", "error", "-m", *command],
            cwd=self.folder,
            env=kept | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command: str, **environ: str) -> str:
        """Run `python -m COMMAND`, which must be good, and return what it said."""
        process = self.start(*command, **environ)
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said[-8000:]
        return said


@pytest.fixture(scope="session")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an app that is rendered from the plan of a blog."""
    folder = tmp_path_factory.mktemp("blog")
    for path, text in render_app(blog(), "blog").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def app(app_folder: Path, database_url: str) -> App:
    """The app on an empty database."""
    return App(app_folder, database_url)
