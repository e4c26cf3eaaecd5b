"""Apps rendered once per test run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sample_plans

from outgrow.render import render_app


@pytest.fixture(scope="session")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the folder of the app that is rendered from a plan's name."""
    made: dict[str, Path] = {}

    def app(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp(name)
            for path, text in render_app(getattr(sample_plans, name)(), "sample").items():
                file = made[name] / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
        return made[name]

    return app
