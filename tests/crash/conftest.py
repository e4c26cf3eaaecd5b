"""A server of each kind, an undisturbed conversion on each, and sites that are yet to be converted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crashing import Site, contents, result, write_data
from database_servers import Server


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("crash") / "data", 1_000, 4_000)


@pytest.fixture
def site(kind: str, data: Path, server: Callable[[str], Server], tmp_path: Path) -> Site:
    """A site that is yet to be converted, onto an empty database."""
    url = f"sqlite:///{tmp_path / 'site.db'}" if kind == "sqlite" else server(kind).new_database()
    return Site(data, tmp_path / "app", url)


@pytest.fixture(scope="session")
def whole(
    data: Path, server: Callable[[str], Server], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Any]]:
    """Return what an undisturbed conversion makes on a kind of database."""
    known: dict[str, dict[str, Any]] = {}

    def whole(kind: str) -> dict[str, Any]:
        if kind not in known:
            folder = tmp_path_factory.mktemp("whole")
            url = f"sqlite:///{folder / 'site.db'}" if kind == "sqlite" else server(kind).new_database()
            site = Site(data, folder / "app", url)
            assert result(site.convert())["verified"]
            known[kind] = contents(site)
        return known[kind]

    return whole
