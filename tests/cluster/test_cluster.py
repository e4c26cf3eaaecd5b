"""The app on three nodes: what is written on one is on all, conflicts are settled, and reads can wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from galera import Cluster, server_of
from nodes import Node, until
from torture.apps import App
from torture.servers import Server


@pytest.fixture(scope="module")
def servers(running_cluster: Cluster, app: App) -> Iterator[list[Server]]:
    """The app on each node; on the third, reads wait for what was written on others."""
    running_cluster.heal()
    with ExitStack() as stack, ThreadPoolExecutor(3) as threads:
        starting = [
            server_of(app, node.url(), GALERA_SYNC_WAIT="yes" if node.number == 3 else "no")
            for node in running_cluster.nodes
        ]
        for server in starting:
            stack.push(server)
        yield list(threads.map(Server.__enter__, starting))


def new_author(server: Server, name: str) -> int:
    answer = server.ask("POST", "/api/users", {"username": name, "email": f"{name}@example.org"})
    assert answer.status == 201, answer.body
    return int(answer.json["id"])


def new_post(server: Server, author: int, title: str, body: str = "") -> str:
    answer = server.ask("POST", "/api/posts", {"title": title, "body": body, "author_id": author})
    assert answer.status == 201, answer.body
    return f"/api/posts/{answer.json['id']}"


def test_what_is_written_through_any_node_is_on_all(cluster: Cluster, servers: list[Server]) -> None:
    author = new_author(servers[0], "everywhere")
    for number, server in enumerate(servers * 3):
        until(lambda server=server: server.ask("GET", f"/api/users/{author}").status == 200, "not there")
        new_post(server, author, f"everywhere {number}")
    query = "SELECT count(*) FROM posts WHERE title LIKE 'everywhere %'"
    until(lambda: cluster.same_on_all(query) == [(9,)], "a row isn't on all nodes")


def test_a_write_that_is_sent_to_all_nodes_at_once_is_done_once(cluster: Cluster, servers: list[Server]) -> None:
    author = new_author(servers[0], "once")
    for server in servers:
        until(lambda server=server: server.ask("GET", f"/api/users/{author}").status == 200, "not there")
    with ThreadPoolExecutor(6) as threads:
        for number in range(10):
            body = {"title": f"once {number}", "body": "", "author_id": author}
            sent = [
                threads.submit(each.ask, "POST", "/api/posts", body, Idempotency_Key=f"{number}")
                for each in servers * 2
            ]
            answers = [each.result() for each in sent]
            assert [(answer.status, answer.json) for answer in answers] == [(201, answers[0].json)] * 6
            assert sum("idempotent-replayed" in answer.headers for answer in answers) == 5
    query = "SELECT count(*), count(DISTINCT title) FROM posts WHERE title LIKE 'once %'"
    until(lambda: cluster.same_on_all(query) == [(10, 10)], "a write was done twice")


def test_of_writes_on_different_nodes_that_meet_none_is_lost(cluster: Cluster, servers: list[Server]) -> None:
    author = new_author(servers[0], "counting")
    here, clients, times = new_post(servers[0], author, "counting", "0"), servers * 2, 12

    def count_up(server: Server) -> None:
        until(lambda: server.ask("GET", here).status == 200, "the row isn't on all nodes")
        written = 0
        while written < times:
            read = server.ask("GET", here)
            change = {"body": str(int(read.json["body"]) + 1)}
            answer = server.ask("PATCH", here, change, If_Match=read.headers["etag"])
            assert answer.status in (200, 412), answer.body
            written += answer.status == 200

    with ThreadPoolExecutor(len(clients)) as threads:
        list(threads.map(count_up, clients))
    final = until(lambda: cluster.same_on_all("SELECT body FROM posts WHERE title = 'counting'"), "nodes differ")
    assert final == [(str(times * len(clients)),)]
    assert sum(server.ask("GET", "/ready").json["counters"].get("retries", 0) for server in servers) > 0


@contextmanager
def behind(node: Node) -> Iterator[threading.Event]:
    """Keep a node from taking over what the others write, until the event is set."""
    locked, release = threading.Event(), threading.Event()

    def hold() -> None:
        with node.connect() as connection, connection.cursor() as cursor:
            cursor.execute("FLUSH TABLES WITH READ LOCK")
            locked.set()
            release.wait(20)

    with ThreadPoolExecutor(1) as threads:
        held = threads.submit(hold)
        assert locked.wait(10)
        try:
            yield release
        finally:
            release.set()
            held.result()


def test_a_read_on_another_node_may_be_old_unless_it_waits(cluster: Cluster, servers: list[Server]) -> None:
    author = new_author(servers[0], "reading")
    one, two, three = servers
    with behind(cluster.nodes[1]):
        here = new_post(one, author, "reading")
        assert two.ask("GET", here).status == 404
    until(lambda: two.ask("GET", here).status == 200, "the row never came")
    with behind(cluster.nodes[2]) as release:
        here = new_post(one, author, "reading")
        threading.Timer(0.5, release.set).start()
        began = time.monotonic()
        assert three.ask("GET", here).status == 200
        assert time.monotonic() - began > 0.3
