"""A folder for the data, and a way to fill it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files into the data folder: write(users.json="[]") or write(**{"a/b.json": b"[]"})."""

    def put(**files: str | bytes) -> Path:
        for name, text in files.items():
            file = tmp_path / "data" / name.replace("__", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "data"

    return put
