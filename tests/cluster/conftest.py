"""A cluster for the tests of this folder, and an app that runs on it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import galera
from database_servers import NotStartedError
from torture.apps import App
from torture.servers import Server


@pytest.fixture(scope="package")
def running_cluster() -> Iterator[galera.Cluster]:
    """The three nodes and HAProxy, as the tests before have left them."""
    with ExitStack() as stack:
        try:
            found = stack.enter_context(galera.cluster())
        except NotStartedError as error:
            pytest.fail(str(error), pytrace=False)
        yield found


@pytest.fixture
def cluster(running_cluster: galera.Cluster) -> galera.Cluster:
    """The cluster, all of whose nodes are well."""
    running_cluster.heal()
    return running_cluster


@pytest.fixture
def database_url(cluster: galera.Cluster) -> str:
    """The DATABASE_URL of an empty database behind HAProxy."""
    return cluster.new_database()


@pytest.fixture(scope="package")
def app(running_cluster: galera.Cluster, tmp_path_factory: pytest.TempPathFactory) -> App:
    """An app whose tables are on the cluster, and a token for it."""
    return galera.set_up_app(galera.make_folder(tmp_path_factory.mktemp("cluster")), running_cluster.url())


@pytest.fixture
def serve(app: App) -> Iterator[galera.Serve]:
    """Run the app on a DATABASE_URL; it is stopped after the test."""
    with ExitStack() as stack:

        def serve(url: str, *, workers: int = 1) -> Server:
            return stack.enter_context(galera.server_of(app, url, workers=workers))

        yield serve
