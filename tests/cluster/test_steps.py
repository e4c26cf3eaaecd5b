"""The other steps of docs/scale.md: a replica that takes over, and a table that lies on several servers."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pymysql
import pytest
from galera import make_folder, server_of, set_up_app
from nodes import Node, Place, a_place, until
from test_cluster import new_author
from writing import Writers

SHARD_DOWN = 1429


def status_of(node: Node, name: str) -> str:
    """Return one of the things that a server says of itself."""
    [(_, value)] = node.execute(f"SHOW STATUS LIKE '{name}'")
    return str(value)


@pytest.fixture
def place() -> Iterator[Place]:
    """A place for servers."""
    with a_place() as place:
        yield place


def test_a_replica_takes_over_all_that_was_acknowledged(place: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    first, second = place.plain_node(1, "primary.cnf"), place.plain_node(2, "replica.cnf")
    first.execute_page("primary.sql")
    second.execute_page("replica.sql")
    until(lambda: status_of(second, "Slave_running") == "ON", "it doesn't replicate")
    first.execute_page("together.sql")
    until(lambda: status_of(first, "Rpl_semi_sync_master_clients") == "1", "nobody waits for the replica")
    app = set_up_app(make_folder(tmp_path_factory.mktemp("replica")), first.url())
    with server_of(app, first.url()) as server, server_of(app, second.url()) as another:
        with Writers(server, new_author(server, "replica"), "replica", clients=4) as writers:
            time.sleep(1)
            first.kill()
            second.execute_page("promote.sql")
            writers.server = another
            os.killpg(server.process.pid, signal.SIGKILL)  # its clients turn to the other, with what has no answer
            moved = time.monotonic()
            time.sleep(2)
        rows = second.execute("SELECT title FROM posts", database="myapp")
    assert writers.unexpected == []
    assert writers.losses([title for (title,) in rows]) == (0, 0)
    assert min(writers.acknowledged.values()) < moved < max(writers.acknowledged.values())


def test_a_table_on_shards_is_one_table_and_a_lost_shard_takes_only_its_rows(place: Place) -> None:
    head, *shards = [
        place.plain_node(number, f"[mariadbd]\nbind-address = {place.net}.{number}") for number in (1, 2, 3)
    ]
    for shard in shards:
        shard.execute_page("shard.sql")
    head.execute_page("head.sql")
    values = ", ".join(f"({number}, 'kind {number % 7}', 'body')" for number in range(1000))
    head.execute(f"INSERT INTO events VALUES {values}", database="myapp")
    count = "SELECT count(*), count(DISTINCT id % 2) FROM events"
    assert [shard.execute(count, database="myapp") for shard in shards] == [[(500, 1)]] * 2
    assert head.execute("SELECT count(*), sum(id) FROM events", database="myapp") == [(1000, sum(range(1000)))]
    with pytest.raises(pymysql.err.IntegrityError):
        head.execute("INSERT INTO events VALUES (7, '', '')", database="myapp")
    shards[1].kill()
    assert head.execute("SELECT id FROM events WHERE id = 8", database="myapp") == [(8,)]
    with pytest.raises(pymysql.err.Error) as failed:
        head.execute("SELECT id FROM events WHERE id = 7", database="myapp")
    assert failed.value.args[0] == SHARD_DOWN
