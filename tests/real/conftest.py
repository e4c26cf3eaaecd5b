"""Each real data set, converted once per run."""

from __future__ import annotations

import os
import shutil

import pytest
from real_data import DATA, SETS, Converted, outgrow


@pytest.fixture(scope="session", params=SETS)
def converted(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Converted:
    """Each data set in turn."""
    original = DATA / SETS[request.param]
    if not original.exists():
        # A server for continuous integration has them; there it is a mistake in its set-up.
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"there is no {original}; OUTGROW_DATA says where the real data are")
    place = tmp_path_factory.mktemp(request.param)
    source = place / original.name
    (shutil.copytree if original.is_dir() else shutil.copy)(original, source)
    return Converted(request.param, source, place / "app", outgrow("convert", source, place / "app"))
