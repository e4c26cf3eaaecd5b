"""What a program that a test starts sees of this machine: of the environment, only what it can't do without.

pytest removes the temporary folders of earlier sessions before it says how this one went, and those of a session of
these tests are large. So a pytest that a test starts has its folders elsewhere: PYTEST_DEBUG_TEMPROOT says where.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

# Seconds after which what a test waits for is taken to hang. No test measures time by it, so it can be ten times as
# long as a loaded machine needs.
PATIENCE = 180
TEMPORARY_FOLDERS = "PYTEST_DEBUG_TEMPROOT"
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", TEMPORARY_FOLDERS)
# An app's tests need no plugins, and those that these tests need take a second to import.
ADDED = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}

MEMORY = Path("/dev/shm")


def has_room_in_memory(size: int) -> bool:
    """Say whether so many bytes of files may be kept in memory, programs among them."""
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False
    return shutil.disk_usage(MEMORY).free >= size


def kept() -> dict[str, str]:
    """The environment of a program, to which a test adds what the program is about."""
    return {name: value for name, value in os.environ.items() if name in KEPT} | ADDED


@contextmanager
def temporary_folders_of_inner_tests(folder: Path) -> Iterator[None]:
    """Say where a pytest that a test starts makes its temporary folders."""
    with patch.dict(os.environ, {TEMPORARY_FOLDERS: str(folder)}):
        yield
