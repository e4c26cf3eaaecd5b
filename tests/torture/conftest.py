"""Real servers for the tests of this folder: `make torture` does the same for longer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from torture import faults
from torture.apps import App, make_blog
from torture.outcome import Outcome
from torture.servers import Server


@pytest.fixture(scope="session")
def made_app(tmp_path_factory: pytest.TempPathFactory) -> App:
    return make_blog(tmp_path_factory.mktemp("torture") / "blog")


@pytest.fixture(scope="session", autouse=True)
def waiting(made_app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """What comes of a locked database and of a revoked token: mostly waiting, so it goes on beside the tests."""

    def locked(app: App) -> Outcome:
        with Server(app) as server:
            return faults.locked(server)

    def revoked(app: App) -> Outcome:
        return faults.revoked(app, workers=2)

    with ThreadPoolExecutor(2) as pool:
        checks = {check.__name__: check for check in (locked, revoked)}
        folder = tmp_path_factory.mktemp("waiting")
        yield {name: pool.submit(check, made_app.copy(folder / name)) for name, check in checks.items()}


@pytest.fixture
def app(made_app: App, tmp_path: Path) -> App:
    """An app of one's own."""
    return made_app.copy(tmp_path / "blog")
