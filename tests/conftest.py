"""How tests are run: beside each other, and in continuous integration with the same examples each time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
# What these folders start or convert for all their tests is made once: all of them run in one process.
TOGETHER = ("browser", "guide", "module", "servers", "torture", "years")

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of some folders together, where pytest-xdist runs several processes."""
    for item in items:
        folder = item.path.relative_to(HERE).parts[0]
        if folder in TOGETHER:
            item.add_marker(pytest.mark.xdist_group(folder))
