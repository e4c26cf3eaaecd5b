"""Each real data set, converted once per run."""

from __future__ import annotations

import shutil

import pytest
from real_data import SETS, Converted, original, outgrow


@pytest.fixture(scope="session", params=SETS)
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """Each data set in turn."""
    given = original(SETS[request.param])
    place = tmp_path_factory.mktemp(request.param)
    source = place / given.name
    (shutil.copytree if given.is_dir() else shutil.copy)(given, source)
    return Converted(request.param, source, place / "app", outgrow("convert", source, place / "app"))
