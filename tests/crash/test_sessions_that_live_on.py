"""The session of a program that was killed may live on at the server for a moment: the next load waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from crashing import Site, differences
from database_servers import SERVERS

from outgrow import steps
from outgrow.database.engine import LOCK

LOCKS = {
    "postgresql": f"SELECT pg_advisory_lock({LOCK})",
    "mariadb": f"SELECT GET_LOCK(LEFT(CONCAT('{LOCK} ', DATABASE()), 64), 10)",
}
SECONDS = 2.0


@pytest.mark.parametrize("kind", SERVERS)
def test_a_load_waits_for_the_session_of_one_that_was_killed(
    kind: str, site: Site, whole: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url)
    site.convert("batch", "2").communicate(timeout=60)
    engine = sa.create_engine(site.url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(LOCKS[kind])
        began, timer = time.monotonic(), threading.Timer(SECONDS, connection.invalidate)
        timer.start()
        done = steps.load(site.app)
        timer.join()
    assert time.monotonic() - began > SECONDS
    assert done.verified, done.findings
    assert differences(site, whole(kind)) == []
