"""outgrow fills a cluster as it fills a server, and goes on when the node that it writes to is lost."""

from __future__ import annotations

import threading
from pathlib import Path

import galera
import pytest
import sqlalchemy as sa
from loading import convert, rows_of
from nodes import until

from outgrow.transfer import load_table

POSTS = [{"id": n, "title": f"Post {n}", "text": f"{n} " * 300, "tags": [f"t{n % 7}"]} for n in range(1, 6_001)]


def test_what_is_loaded_onto_a_cluster_is_on_each_node(
    cluster: galera.Cluster, database_url: str, tmp_path: Path
) -> None:
    done = convert(tmp_path, {"posts.json": POSTS[:500]}, database_url)
    assert done.verified, done.findings
    for node in cluster.nodes:
        assert count_of(node, database_url) == 500


def test_a_load_goes_on_when_its_node_is_killed(
    cluster: galera.Cluster, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_table, "RECORDS_PER_TRANSACTION", 1_000)  # so that it is cut off between two
    writer, *others = cluster.nodes

    def kill() -> None:
        until(lambda: count_of(others[0], database_url) > 0, "nothing is loaded")
        writer.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    done = convert(tmp_path, {"posts.json": POSTS}, database_url)
    killer.join()
    assert done.verified, done.findings
    assert [finding.message for finding in done.findings if "went on" in finding.message]
    rows = rows_of(tmp_path / "app")
    assert (len(rows["posts"]), len(rows["post_tags"])) == (6_000, 6_000)


def count_of(node: galera.GaleraNode, url: str) -> int:
    """How many posts a node has; none while there is no such table."""
    database = sa.make_url(url).database
    if not node.execute(f"SHOW TABLES FROM {database} LIKE 'posts'"):
        return 0
    return int(node.execute(f"SELECT count(*) FROM {database}.posts")[0][0])
