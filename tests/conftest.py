"""In continuous integration hypothesis tries the same examples each time; new ones are for people to look at."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from nursery import Nursery
from surroundings import temporary_folders_of_inner_tests

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session", autouse=True)
def _inner_tests_keep_to_themselves(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with temporary_folders_of_inner_tests(tmp_path_factory.mktemp("inner")):
        yield


@pytest.fixture(scope="session", autouse=True)
def _nurseries_end() -> Iterator[None]:
    yield
    Nursery.close()
