"""What all tests share: database servers, their order, the examples of hypothesis, Pythons to fork programs from."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from database_servers import SERVERS, NotStartedError, Server
from hypothesis import settings
from nursery import Nursery
from surroundings import MEMORY, TEMPORARY_FOLDERS, has_room_in_memory, temporary_folders_of_inner_tests

# Folders whose tests take long, or share what is expensive to start. At the beginning they stay in one process, as only
# what is far from its turn is given to another one; and what is left for the end is short.
FIRST = ("guide", "torture", "browser", "cluster", "crash", "move", "servers", "render", "real", "hostile")

# In continuous integration the same examples are tried each time; new ones are for people to look at.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


BYTES_OF_FOLDERS = 4 << 30


def pytest_configure(config: pytest.Config) -> None:
    """Keep the tests' folders in memory if there is room, as SQLite waits for the disk at each commit."""
    given = os.environ.get(TEMPORARY_FOLDERS) or config.getoption("basetemp")
    if not given and has_room_in_memory(BYTES_OF_FOLDERS):
        os.environ[TEMPORARY_FOLDERS] = str(MEMORY)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders that take long in front; within them and behind them, all stays as it is."""
    places = {folder: place for place, folder in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))


@pytest.fixture(scope="session", autouse=True)
def _inner_tests_keep_to_themselves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with temporary_folders_of_inner_tests(tmp_path_factory.mktemp("inner")):
        yield


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


@pytest.fixture(scope="session", autouse=True)
def _nurseries_end() -> Iterator[None]:
    yield
    Nursery.close()
