"""The programs that write what the readers are held to."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def php() -> str:
    """A real PHP: OUTGROW_PHP, the one that tests/module/get_php.sh has fetched, or the one on the PATH."""
    fetched = ROOT / ".cache" / "php" / "usr" / "bin" / "php8.2"
    found = os.environ.get("OUTGROW_PHP") or (str(fetched) if fetched.exists() else shutil.which("php"))
    if found is None:
        pytest.skip("there is no php; tests/module/get_php.sh fetches one on Debian, without installing it")
    return str(found)


@pytest.fixture(scope="session")
def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("there is no node on the PATH")
    return found
