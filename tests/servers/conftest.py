"""Fresh databases of each kind, and an app to run on those."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import sample_plans
from database_servers import KINDS, Server
from server_apps import App, render
from value_plan import values

PLANS = {"blog": sample_plans.blog, "odd": sample_plans.odd, "long": sample_plans.long, "values": values}


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, server: Callable[[str], Server], tmp_path: Path) -> str:
    """The DATABASE_URL of an empty database, on each kind in turn."""
    return f"sqlite:///{tmp_path / 'app.db'}" if request.param == "sqlite" else server(request.param).new_database()


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of the app that is rendered from a plan's name, once."""

    @cache
    def rendered(name: str) -> Path:
        return render(PLANS[name](), tmp_path_factory.mktemp(name))

    return rendered


@pytest.fixture
def app(rendered: Callable[[str], Path], database_url: str) -> App:
    """The app of the plan of a blog, on an empty database."""
    return App(rendered("blog"), database_url)
