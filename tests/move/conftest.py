"""An app that has lived for a while, made once and copied for each test, and servers to move it to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from database_servers import SERVERS, Server
from living_app import Living, convert, live
from nursery import APP, FLASK, Ended, Nursery

from outgrow import app_process


@pytest.fixture(scope="session", autouse=True)
def _no_database_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        patch.delenv("NEW_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def new_database(server: Callable[[str], Server]) -> Callable[[str], str]:
    """Make an empty database on the server of a kind, and return its URL."""
    return lambda kind: server(kind).new_database()


@pytest.fixture(params=SERVERS)
def database(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The URL of an empty database, on each kind of server in turn."""
    return new_database(request.param)


@pytest.fixture(scope="session")
def _converted(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return convert(tmp_path_factory.mktemp("converted"))


@pytest.fixture(scope="session")
def _lived(_converted: Living, tmp_path_factory: pytest.TempPathFactory) -> Living:
    return live(_converted.copy_to(tmp_path_factory.mktemp("lived")))


@pytest.fixture
def fresh(_converted: Living, tmp_path: Path) -> Living:
    """The app of the sample blog, as it was converted."""
    return _converted.copy_to(tmp_path)


@pytest.fixture
def lived(_lived: Living, tmp_path: Path) -> Living:
    """The same after some changes through it, and with tables and columns of its owner's."""
    return _lived.copy_to(tmp_path)


@pytest.fixture(autouse=True)
def _flask_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the revisions of an app that is moved run in a process that is forked, which is quicker than a new one."""

    def run(command: list[str], *, cwd: Path, env: dict[str, str], **_: object) -> Ended:
        assert command[:3] == [sys.executable, "-m", "flask"]
        return Nursery.of(APP).run(FLASK, *command[3:], folder=cwd, environ=env)

    monkeypatch.setattr(app_process, "subprocess", SimpleNamespace(run=run, DEVNULL=subprocess.DEVNULL))
