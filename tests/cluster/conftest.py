"""A cluster for the tests of this folder, and an app that runs on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import galera
from database_servers import NotStartedError
from torture.apps import App
from torture.servers import Server


class Shared:
    """What the tests of this folder share, from the first of them until a test of another folder comes.

    Not for the whole session: while nobody uses it, the nodes' health checks would take a sixth of a processor.
    """

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.running: galera.Cluster | None = None
        self.made: App | None = None

    def cluster(self) -> galera.Cluster:
        """Return the cluster, which is started if it doesn't run."""
        if self.running is None:
            self.running = self.stack.enter_context(galera.cluster())
        return self.running

    def app(self, url: str) -> App:
        """Return an app with tables on the cluster, which is at a URL, and with a token for it."""
        if self.made is None:
            folder = Path(self.stack.enter_context(TemporaryDirectory()))
            self.made = galera.set_up_app(galera.make_folder(folder), url)
        return self.made

    def close(self) -> None:
        """Stop the cluster."""
        self.running = self.made = None
        self.stack.close()


SHARED = Shared()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    if nextitem is None or nextitem.path.parent != item.path.parent:
        SHARED.close()


@pytest.fixture(scope="session", autouse=True)
def _cluster_ends() -> Iterator[None]:
    yield
    SHARED.close()


@pytest.fixture(scope="module")
def running_cluster() -> galera.Cluster:
    """The three nodes and HAProxy, as the tests before have left them."""
    try:
        return SHARED.cluster()
    except NotStartedError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture
def cluster(running_cluster: galera.Cluster) -> galera.Cluster:
    """The cluster, all of whose nodes are well."""
    running_cluster.heal()
    return running_cluster


@pytest.fixture
def database_url(cluster: galera.Cluster) -> str:
    """The DATABASE_URL of an empty database behind HAProxy."""
    return cluster.new_database()


@pytest.fixture(scope="module")
def app(running_cluster: galera.Cluster) -> App:
    """An app whose tables are on the cluster, and a token for it."""
    return SHARED.app(running_cluster.url())


@pytest.fixture
def serve(app: App) -> Iterator[galera.Serve]:
    """Run the app on a DATABASE_URL; it is stopped after the test."""
    with ExitStack() as stack:

        def serve(url: str, *, workers: int = 1) -> Server:
            return stack.enter_context(galera.server_of(app, url, workers=workers))

        yield serve
