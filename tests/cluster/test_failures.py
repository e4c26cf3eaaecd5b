"""The app behind HAProxy while nodes die: no write that was acknowledged is lost, and none is done twice."""

from __future__ import annotations

import time

from galera import Cluster, Serve
from nodes import until
from test_cluster import new_author
from writing import Writers

LONGEST_GAP = 6.0


def test_while_nodes_are_killed_no_write_is_lost_or_doubled(cluster: Cluster, serve: Serve) -> None:
    server = serve(cluster.url(), workers=2)
    author = new_author(server, "writers")
    with Writers(server, author, "killing") as writers:
        time.sleep(1)
        cluster.nodes[2].kill()
        time.sleep(3)
        cluster.nodes[2].start()
        cluster.nodes[2].join(3)
        active = cluster.active()
        active.kill()
        killed = time.monotonic()
        time.sleep(4)
    titles = until(lambda: cluster.same_on_all("SELECT title FROM posts ORDER BY id"), "the nodes differ")
    assert writers.unexpected == []
    assert writers.losses([title for (title,) in titles]) == (0, 0)
    assert len(writers.acknowledged) > 50
    assert max(writers.acknowledged.values()) > killed + 2
    assert writers.longest_gap() < LONGEST_GAP, writers.statuses


def test_a_node_without_the_majority_refuses_until_it_is_told_to_go_on(cluster: Cluster, serve: Serve) -> None:
    first, *others = cluster.nodes
    direct = serve(first.url())
    behind_haproxy = serve(cluster.url())
    author = new_author(direct, "alone")
    for node in others:
        node.kill()
    until(lambda: first.status()["wsrep_cluster_status"] != "Primary", "it goes on alone")
    for server in (direct, behind_haproxy):
        answer = server.ask("GET", "/api/posts")
        assert (answer.status, answer.headers.get("retry-after")) == (503, "1")
        assert answer.headers["content-type"] == "application/problem+json"
    assert "1047" in direct.log()
    first.execute("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'")
    body = {"title": "alone", "body": "", "author_id": author}
    for server in (direct, behind_haproxy):
        until(lambda server=server: server.ask("POST", "/api/posts", body).status == 201, "it never writes again")
