"""One small site, converted once per run and copied for each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "module"))

from owner import POSTS, USERS, Site


@pytest.fixture(scope="session", autouse=True)
def _no_database_from_outside() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Users and their posts, with tags."""
    site = Site(tmp_path_factory.mktemp("years"))
    site.write(users=USERS, posts=POSTS)
    site.convert()
    return site


@pytest.fixture
def site(converted: Site, tmp_path: Path) -> Site:
    """The site as it was converted."""
    return converted.copy_to(tmp_path)
