"""A load that is killed at any point is completed by the next, and its rows are those of one that wasn't."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from site_of_files import Site

from outgrow import steps

RECORDS = 24_000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site of a few megabytes, converted in one go."""
    site = Site(tmp_path_factory.mktemp("whole"))
    users = [{"id": n, "username": f"user{n}", "bio": f"{n} " * 20} for n in range(1, RECORDS // 4)]
    posts = [
        {"id": n, "user_id": 1 + n % (RECORDS // 4 - 2), "title": f"Post {n}", "tags": [f"t{n % 9}"]}
        for n in range(1, RECORDS)
    ]
    posts[11_000]["user_id"] = 10_000_000
    posts[15_000]["title"] = None
    posts[18_000] = posts[18_001]
    site.convert({"posts.json": json.dumps(posts), "users.json": json.dumps(users)})
    return site


def rows(site: Site) -> list[str]:
    """All rows but those of the ledger."""
    return site.dump(ledger=False)


@pytest.mark.parametrize("chunks", [0, 1, 4, 9])
def test_a_killed_load_is_completed_by_the_next(whole: Site, tmp_path: Path, chunks: int) -> None:
    site = Site(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "outgrow.cli", "convert", str(whole.data), str(site.app), "--quiet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        start_new_session=True,
    )
    try:
        _wait_for_chunks(site, process, chunks)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    done = steps.load(site.app)
    assert done.verified, done.findings
    assert rows(site) == rows(whole)
    assert site.errors() == []


def _wait_for_chunks(site: Site, process: subprocess.Popen[bytes], chunks: int) -> None:
    """Wait until the load has written so many chunks."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        if site.database.exists() and _count(site) >= chunks:
            return
        time.sleep(0.002)


def _count(site: Site) -> int:
    try:
        return int(site.sql("SELECT count(*) FROM outgrow_chunks")[0][0])
    except sqlite3.OperationalError:
        return -1
