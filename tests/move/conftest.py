"""An app that has lived for a while, made once and copied for each test, and servers to move it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from database_servers import SERVERS, Server
from living_app import Living, convert, live


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
