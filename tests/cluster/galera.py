"""A Galera cluster of three nodes behind HAProxy, configured as docs/scale.md says."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pymysql
from nodes import PORT, SECONDS_TO_START, Node, Place, a_place, page_block, until
from sample_plans import blog
from torture.apps import App, plain_environment
from torture.servers import Server

from outgrow.render import render_app

Serve = Callable[..., Server]
NUMBERS = (1, 2, 3)
QUICK = "gcache.size=16M;evs.join_retrans_period=PT0.2S;pc.announce_timeout=PT0.5S;pc.recovery=false"
"""What only tests need: little memory and disk, no waiting for other nodes that might start."""

SETTINGS = {"SECRET_KEY": "tests", "IDEMPOTENT_TABLES": "posts", "LOG_LEVEL": "WARNING"}

SET_UP = """
from app import create_app
from flask_migrate import upgrade
app = create_app()
with app.app_context():
    upgrade()
print(app.test_cli_runner().invoke(args=["token", "create"]).stdout)
"""
"""What `flask db upgrade` and `flask token create` do, in one process."""


class GaleraNode(Node):
    """One node of a cluster."""

    def start(self, *options: str) -> None:
        """Start the server, where it left off if it was killed."""
        super().start(*self.position(), *options)

    def start_beside(self, others: list[GaleraNode]) -> None:
        """Start the server, and wait until the others know; two that come in the same moment hinder each other."""
        self.start()
        others[0].join(len(others) + 1, states=("2", "4"))

    def position(self) -> list[str]:
        """Return the option that says up to where the data of a killed node go, as systemd's service does."""
        state = self.folder / "data" / "grastate.dat"
        if not state.exists() or not re.search(r"^seqno:\s*-1$", state.read_text(), re.MULTILINE):
            return []
        command = self.command("--disable-log-error", "--wsrep-recover")
        recovery = self.place.run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        told, _ = recovery.communicate(timeout=SECONDS_TO_START)
        found = re.findall(r"WSREP: Recovered position: (\S+)", told.decode("utf-8", "replace"))
        return [f"--wsrep-start-position={found[-1]}"] if found else []

    def join(self, size: int | None = None, states: Sequence[str] = ("4",)) -> None:
        """Wait until the node is in one of the states (2: it serves another, 4: synced) and in a cluster so large."""

        def is_in() -> bool:
            status = self.status()
            is_good = status["wsrep_ready"] == "ON" and status["wsrep_local_state"] in states
            return is_good and size in (None, int(status["wsrep_cluster_size"]))

        self.wait(is_in)

    def status(self) -> dict[str, str]:
        """Return what the node says of itself and the cluster."""
        return dict(self.execute("SHOW STATUS LIKE 'wsrep%'"))


@dataclass
class Cluster:
    """The nodes, and where HAProxy listens."""

    nodes: list[GaleraNode]
    address: str
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def url(self, database: str = "myapp") -> str:
        """Return the DATABASE_URL of a database behind HAProxy."""
        return f"mysql://myapp:a%20password@{self.address}:{PORT}/{database}"

    def new_database(self) -> str:
        """Make an empty database, and return its DATABASE_URL behind HAProxy."""
        name = f"myapp_{next(self.numbers)}"
        node = next(node for node in self.nodes if node.process is not None)
        node.execute(f"CREATE DATABASE {name}", f"GRANT ALL ON {name}.* TO myapp")
        return self.url(name)

    def active(self) -> GaleraNode:
        """Return the node that HAProxy sends new connections to."""
        options: dict[str, Any] = {"host": self.address, "user": "myapp", "password": "a password"}
        with pymysql.connect(**options, connect_timeout=2) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT @@bind_address")
            [[address]] = cursor.fetchall()
        return next(node for node in self.nodes if node.address == address)

    def is_sent_to(self, node: Node) -> bool:
        """Say whether HAProxy sends new connections to a node."""
        with contextlib.suppress(pymysql.err.OperationalError):
            return self.active() is node
        return False

    def heal(self) -> None:
        """Start the nodes that were killed, and wait until all are one cluster, to whose first node HAProxy sends."""
        alive = [node for node in self.nodes if node.process is not None]
        for node in self.nodes:
            if node not in alive:
                node.start_beside(alive)
                alive.append(node)
        for node in self.nodes:
            node.join(len(self.nodes))
        until(lambda: self.is_sent_to(self.nodes[0]), "HAProxy doesn't send to the first node")

    def same_on_all(self, query: str) -> list[Any] | None:
        """Return what all nodes that run answer, if it is the same."""
        alive = [node for node in self.nodes if node.process is not None]
        first, *others = (node.execute(query, database="myapp") for node in alive)
        return first if all(each == first for each in others) else None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a cluster of three nodes behind HAProxy; a few seconds pass until it is up."""
    with a_place() as place:
        nodes = [make_node(number, place) for number in NUMBERS]
        seed(nodes)
        for node in nodes:
            run_health(node)
        nodes[0].start("--wsrep-new-cluster")
        nodes[0].join()
        run_haproxy(place)
        found = Cluster(nodes, f"{place.net}.10")
        found.heal()
        yield found


def make_node(number: int, place: Place) -> GaleraNode:
    """Write a node's configuration, its own address where the page has the first node's."""
    node = GaleraNode(number, place, place.folder / f"node{number}")
    text = page_block("galera.cnf").replace("/usr/lib/galera", f"{place.programs}/usr/lib/galera")
    text = re.sub(r"^(bind-address|wsrep-node-address) = .*$", rf"\1 = {node.address}", text, flags=re.MULTILINE)
    text = text.replace("listen_addr=tcp://10.0.0.1:", f"listen_addr=tcp://{node.address}:")
    text = re.sub(r'(wsrep-provider-options = ".*)"', rf'\1;ist.recv_addr={node.address};{QUICK}"', text)
    node.configure(place.on_net(text))
    place.add(node)
    return node


def seed(nodes: list[GaleraNode]) -> None:
    """Make the data of one node, and give the others a copy, all at the same point of the cluster's history.

    A node that has data of the cluster joins by what it lacks, not by copying all.
    """
    first, *others = nodes
    first.install()
    first.start("--wsrep-new-cluster")
    first.join()
    first.execute_page("users.sql")
    first.stop()
    for node in others:
        own = shutil.ignore_patterns("galera.cache", "gvwstate.dat")
        shutil.copytree(first.folder / "data", node.folder / "data", ignore=own)
        node.place.give(node.folder)


def run_health(node: Node) -> None:
    """Run the page's little server that says whether a node may be written to."""
    file = node.folder / "health.py"
    file.write_text(page_block("health.py"), "utf-8")
    process = subprocess.Popen([sys.executable, str(file), node.address, str(node.socket)])
    node.place.stack.callback(end, process)


def run_haproxy(place: Place) -> None:
    """Run HAProxy with the page's configuration."""
    file = place.folder / "haproxy.cfg"
    file.write_text(place.on_net(page_block("haproxy.cfg")))
    with (place.folder / "haproxy.log").open("wb") as log:
        place.stack.callback(end, place.run("haproxy", "-db", "-f", str(file), stdout=log, stderr=log))


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that has nothing to put away."""
    process.kill()
    process.wait()


def make_folder(folder: Path) -> Path:
    """Write the app of a blog into a folder."""
    for path, text in render_app(blog(), "blog").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


def set_up_app(folder: Path, url: str) -> App:
    """Make the tables of an app that stands in a folder, and a token for it."""
    environ = plain_environment() | SETTINGS | {"DATABASE_URL": url}
    command = [sys.executable, "-c", SET_UP]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return App(folder, done.stdout.strip())


def server_of(app: App, url: str, *, workers: int = 1, **settings: str) -> Server:
    """Return gunicorn for an app on a database."""
    return Server(app, workers=workers, access_log=False, DATABASE_URL=url, **SETTINGS | settings)
