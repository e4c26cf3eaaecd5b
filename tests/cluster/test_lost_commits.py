"""A connection that ends at COMMIT leaves nobody knowing what was stored, on each kind of server."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import run

import pytest
from database_servers import postgresql
from galera import SETTINGS, Cluster
from torture.apps import App, plain_environment

SCRIPT = Path(__file__).with_name("lose_commits.py").read_text("utf-8")


@pytest.fixture(params=["galera", "postgresql"])
def lossy_url(request: pytest.FixtureRequest, app: App, cluster: Cluster) -> Iterator[str]:
    """The DATABASE_URL of the app's tables."""
    if request.param == "galera":
        yield cluster.url()
        return
    with postgresql() as server:
        url = server.new_database()
        app.flask("db", "upgrade", DATABASE_URL=url, **SETTINGS)
        yield url


def test_a_commit_that_gets_no_answer_is_done_again_only_where_that_is_allowed(app: App, lossy_url: str) -> None:
    environ = plain_environment() | SETTINGS | {"DATABASE_URL": lossy_url}
    done = run([sys.executable, "-c", SCRIPT], cwd=app.folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["unknown: OperationalError", "again"]
