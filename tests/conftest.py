"""What all tests share: their order, the examples of hypothesis, the Pythons that programs are forked from."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from nursery import Nursery
from surroundings import temporary_folders_of_inner_tests

# Folders whose tests take long, or share what is expensive to start. At the beginning they stay in one process, as only
# what is far from its turn is given to another one; and what is left for the end is short.
FIRST = ("guide", "torture", "browser", "cluster", "servers", "render", "real", "hostile")

# In continuous integration the same examples are tried each time; new ones are for people to look at.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders that take long in front; within them and behind them, all stays as it is."""
    places = {folder: place for place, folder in enumerate(FIRST)}
    items.sort(key=lambda item: places.get(item.path.parent.name, len(places)))


@pytest.fixture(scope="session", autouse=True)
def _inner_tests_keep_to_themselves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with temporary_folders_of_inner_tests(tmp_path_factory.mktemp("inner")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _nurseries_end() -> Iterator[None]:
    yield
    Nursery.close()
