"""A Galera cluster of three nodes behind HAProxy, configured as docs/scale.md says; it lives in a temporary folder.

Each node has an address of its own on the loopback (127.x.y.1 and so on), so that the ports and all else are as on
real machines. Nothing is installed, and nobody need be root; where the tests are root's, the servers run as nobody.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pymysql
from database_servers import ROOT, NotStartedError, another_user, listens, set_up
from torture.apps import App
from torture.servers import Server

PAGE = ROOT / "docs" / "scale.md"
NUMBERS = (1, 2, 3)
SECONDS_TO_START, SECONDS_TO_STOP = 40, 20
PORTS = {"mariadb": 3306, "galera": 4567, "ist": 4568, "sst": 4444, "health": 9200}

SMALL = """
skip-name-resolve performance-schema=0 innodb-buffer-pool-size=16M innodb-log-file-size=8M innodb-doublewrite=0
innodb-data-file-path=ibdata1:12M:autoextend innodb-autoextend-increment=1 innodb-flush-log-at-trx-commit=0
innodb-use-native-aio=0 aria-pagecache-buffer-size=1M key-buffer-size=256K local-infile=1
character-set-server=utf8mb4 collation-server=utf8mb4_unicode_ci
"""
QUICK = "gcache.size=16M;evs.join_retrans_period=PT0.2S;pc.announce_timeout=PT0.5S;pc.recovery=false"
"""What only tests need: little memory and disk, no waiting for other nodes that might start."""


def page_block(name: str) -> str:
    """Return the text of the block below `<!-- file: NAME -->` in docs/scale.md."""
    found = re.search(
        rf"^<!-- file: {re.escape(name)} -->\n```\w*\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found, f"{PAGE.name} has no block {name}"
    return found[1]


@dataclass(frozen=True)
class Programs:
    """Where the unpacked programs are, and the environment that they run in."""

    folder: Path
    environ: dict[str, str]

    def run(self, *command: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a program, as nobody where this is root's."""
        return subprocess.Popen(command, env=self.environ, start_new_session=True, **another_user(), **more)


@dataclass
class Node:
    """One node: a server with its data and its log, and the process that says whether it is well."""

    number: int
    address: str
    programs: Programs
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> Path:
        """Where the server's own files are."""
        return self.programs.folder / "usr"

    @property
    def socket(self) -> Path:
        """The place where root is let in."""
        return self.folder / "socket"

    @property
    def log(self) -> str:
        """The end of what the server wrote."""
        file = self.folder / "log"
        return file.read_text("utf-8", "replace")[-3000:] if file.exists() else ""

    def command(self, *options: str) -> list[str]:
        """Return what runs the server."""
        return ["mariadbd", f"--defaults-file={self.folder}/my.cnf", *options]

    def start(self, *options: str) -> None:
        """Start the server, where it left off if it was killed; its files must be there already."""
        with (self.folder / "log").open("ab") as log:
            self.process = self.programs.run(*self.command(*self.position(), *options), stdout=log, stderr=log)

    def position(self) -> list[str]:
        """Return the option that says up to where the data of a killed node go, as systemd's service does."""
        state = self.folder / "data" / "grastate.dat"
        if not state.exists() or not re.search(r"^seqno:\s*-1$", state.read_text(), re.MULTILINE):
            return []
        command = self.command("--disable-log-error", "--wsrep-recover")
        recovery = self.programs.run(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        told, _ = recovery.communicate(timeout=SECONDS_TO_START)
        found = re.findall(r"WSREP: Recovered position: (\S+)", told.decode("utf-8", "replace"))
        return [f"--wsrep-start-position={found[-1]}"] if found else []

    def wait(self, size: int | None = None, states: Sequence[str] = ("4",)) -> None:
        """Wait until the node takes writes; raises NotStartedError."""
        until, why = time.monotonic() + SECONDS_TO_START, "it doesn't listen"
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                why = "it has ended"
                break
            try:
                if self.is_in(size, states):
                    return
                why = "it isn't synced"
            except pymysql.err.OperationalError as error:
                why = str(error)
            time.sleep(0.05)
        raise NotStartedError(f"Node {self.number} can't be started: {why}\nIts log:\n{self.log}")

    def is_in(self, size: int | None, states: Sequence[str]) -> bool:
        """Say whether the node is in one of the states (2: it serves another, 4: synced) and in a cluster so large."""
        status = self.status()
        is_good = status["wsrep_ready"] == "ON" and status["wsrep_local_state"] in states
        return is_good and size in (None, int(status["wsrep_cluster_size"]))

    def status(self) -> dict[str, str]:
        """Return what the node says of itself and the cluster."""
        return dict(self.execute("SHOW STATUS LIKE 'wsrep%'"))

    def connect(self, database: str | None = None) -> pymysql.Connection[Any]:
        """Connect as root.

        Not by SQLAlchemy: it rolls its first connection back, which a node without its cluster refuses.
        """
        if not listens(self.socket):  # PyMySQL would leave a socket open that can't be connected
            raise pymysql.err.OperationalError("it doesn't listen")
        return pymysql.connect(user="root", unix_socket=str(self.socket), database=database, autocommit=True)

    def execute(self, *statements: str, database: str | None = None) -> list[Any]:
        """Run statements as root, and return the rows of the last."""
        rows: list[Any] = []
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                rows = list(cursor.fetchall())
        return rows

    def kill(self) -> None:
        """Kill the server without any warning."""
        self.stop(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End the server by a signal."""
        if self.process is None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        self.socket.unlink(missing_ok=True)


@dataclass
class Cluster:
    """The nodes, and where HAProxy listens."""

    nodes: list[Node]
    address: str
    database: str = "myapp"
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def url(self, node: Node | None = None, **options: str) -> str:
        """Return the DATABASE_URL of HAProxy, or of one node."""
        address = self.address if node is None else node.address
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"mysql://myapp:a%20password@{address}:{PORTS['mariadb']}/{self.database}{'?' if query else ''}{query}"

    def new_database(self) -> str:
        """Make an empty database the cluster's current one, and return its DATABASE_URL behind HAProxy."""
        self.database = f"myapp_{next(self.numbers)}"
        self.alive[0].execute(f"CREATE DATABASE {self.database}", f"GRANT ALL ON {self.database}.* TO myapp")
        return self.url()

    @property
    def alive(self) -> list[Node]:
        """The nodes that run."""
        return [node for node in self.nodes if node.process is not None]

    def active(self) -> Node:
        """Return the node that HAProxy sends new connections to."""
        options: dict[str, Any] = {"host": self.address, "user": "myapp", "password": "a password"}
        with pymysql.connect(**options, connect_timeout=2) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT @@bind_address")
            [[address]] = cursor.fetchall()
        return next(node for node in self.nodes if node.address == address)

    def heal(self) -> None:
        """Start the nodes that were killed, and wait until all are one cluster."""
        for node in self.nodes:
            if node.process is None:
                node.start()
        for node in self.nodes:
            node.wait(len(self.nodes))

    def wait_for_active(self, node: Node | None = None) -> Node:
        """Wait until HAProxy sends connections to a node, or to any."""
        return until(lambda: self._active(node), "HAProxy sends to no node that takes them")

    def _active(self, wanted: Node | None) -> Node | None:
        with contextlib.suppress(pymysql.err.OperationalError):
            found = self.active()
            return found if wanted in (None, found) else None
        return None


def until(found: Callable[[], Any], otherwise: str, seconds: float = SECONDS_TO_START) -> Any:
    """Return what a function finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if something := found():
            return something
        time.sleep(0.05)
    raise AssertionError(otherwise)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a cluster of three nodes behind HAProxy; a few seconds pass until it is up."""
    programs = get_programs()
    net = free_net()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True)))
        programs = readable(programs, folder)
        give(folder)
        nodes = [make_node(number, net, programs, folder) for number in NUMBERS]
        for node in nodes:
            stack.callback(node.stop, signal.SIGKILL)
        seed(nodes)
        for node in nodes:
            stack.enter_context(health(node))
        nodes[0].start("--wsrep-new-cluster")
        nodes[0].wait()
        for size, node in enumerate(nodes[1:], 2):  # two that come in the same moment hinder each other
            node.start()
            nodes[0].wait(size, states=("2", "4"))
        with haproxy(net, programs, folder):
            found = Cluster(nodes, f"{net}.10")
            found.heal()
            found.wait_for_active()
            yield found


def get_programs() -> Path | None:
    """Return where the programs were unpacked; None where they are the machine's own."""
    got = subprocess.run(["sh", ROOT / "tools/get_servers.sh", "cluster"], capture_output=True, text=True, check=False)
    if got.returncode:
        raise NotStartedError(got.stderr)
    unpacked = ROOT / ".cache/cluster"
    return unpacked if unpacked.exists() else None


def readable(unpacked: Path | None, folder: Path) -> Programs:
    """Return the programs from where the servers' user may read them."""
    path, environ = f"{os.environ['PATH']}:/usr/sbin", {}
    if unpacked is not None:
        if another_user() and not all(parent.stat().st_mode & 0o001 for parent in unpacked.parents):
            unpacked = Path(shutil.copytree(unpacked, folder / "programs", symlinks=True))
        path = f"{unpacked}/usr/bin:{unpacked}/usr/sbin:{path}"
        environ["LD_LIBRARY_PATH"] = ":".join(map(str, unpacked.glob("usr/lib/*-linux-gnu")))
    return Programs(unpacked or Path("/"), os.environ | environ | {"PATH": path})


def give(*places: Path) -> None:
    """Give files to the user that the servers run as."""
    if user := another_user():
        for place in places:
            for each in (place, *(place.rglob("*") if place.is_dir() and not (place / "programs").exists() else ())):
                os.chown(each, user["user"], user["group"])


def free_net() -> str:
    """Return the first three numbers of loopback addresses whose ports are free."""
    for _ in range(100):
        net = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}"
        with socket.socket() as probe:
            if probe.connect_ex((f"{net}.1", PORTS["mariadb"])):
                return net
    raise NotStartedError("All ports 3306 of the loopback's addresses seem to be taken.")


def on_net(text: str, net: str) -> str:
    """Return configuration of the page with the addresses of this machine in place of the page's."""
    return text.replace("10.0.0.", f"{net}.").replace("127.0.0.1:3306", f"{net}.10:3306")


def make_node(number: int, net: str, programs: Programs, folder: Path) -> Node:
    """Write a node's configuration: the page's, and what makes it small."""
    node = Node(number, f"{net}.{number}", programs, folder / f"node{number}")
    node.folder.mkdir()
    text = on_net(page_block("galera.cnf"), net)
    mine = re.sub(r"^(bind-address|wsrep-node-address) = .*$", rf"\1 = {node.address}", text, flags=re.MULTILINE)
    mine = mine.replace(f"listen_addr=tcp://{net}.1:", f"listen_addr=tcp://{node.address}:")
    mine = re.sub(r'(wsrep-provider-options = ".*)"', rf'\1;ist.recv_addr={node.address};{QUICK}"', mine)
    places = {"basedir": node.base, "datadir": node.folder / "data", "socket": node.socket}
    places |= {"pid-file": node.folder / "pid", "plugin-dir": node.base / "lib/mysql/plugin"}
    mine = mine.replace("/usr/lib/galera", f"{node.base}/lib/galera")
    lines = [*SMALL.split(), *(f"{name}={place}" for name, place in places.items())]
    (node.folder / "my.cnf").write_text("\n".join([mine, *lines, ""]))
    give(node.folder)
    return node


def seed(nodes: list[Node]) -> None:
    """Make the data of one node, and give the others a copy, all at the same point of the cluster's history.

    A node that has data of the cluster joins by what it lacks, not by copying all.
    """
    first = nodes[0]
    options = [f"--defaults-file={first.folder}/my.cnf", "--auth-root-authentication-method=normal"]
    more = {"env": first.programs.environ, **another_user()}
    set_up(
        "MariaDB",
        ["mariadb-install-db", *options, "--skip-test-db", "--wsrep-on=OFF", f"--basedir={first.base}"],
        **more,
    )
    first.start("--wsrep-new-cluster")
    first.wait()
    first.execute(*page_block("users.sql").strip().removesuffix(";").split(";\n"))
    first.stop()
    for node in nodes[1:]:
        shutil.copytree(
            first.folder / "data", node.folder / "data", ignore=shutil.ignore_patterns("galera.cache", "gvwstate.dat")
        )
    for node in nodes:
        give(node.folder)


@contextmanager
def health(node: Node) -> Iterator[None]:
    """Run the page's little server that says whether a node may be written to."""
    file = node.folder / "health.py"
    file.write_text(page_block("health.py"), "utf-8")
    process = subprocess.Popen([sys.executable, str(file), node.address, str(node.socket)])
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def haproxy(net: str, programs: Programs, folder: Path) -> Iterator[None]:
    """Run HAProxy with the page's configuration."""
    file = folder / "haproxy.cfg"
    file.write_text(on_net(page_block("haproxy.cfg"), net))
    with (folder / "haproxy.log").open("wb") as log:
        process = programs.run("haproxy", "-db", "-f", str(file), stdout=log, stderr=log)
    try:
        yield
    finally:
        process.kill()
        process.wait()


SETTINGS = {"SECRET_KEY": "tests", "IDEMPOTENT_TABLES": "posts", "LOG_LEVEL": "WARNING"}


def set_up_app(folder: Path, url: str) -> App:
    """Make the tables of an app that stands in a folder, and a token for it."""
    app = App(folder, "")
    app.flask("db", "upgrade", DATABASE_URL=url, **SETTINGS)
    return App(folder, app.flask("token", "create", DATABASE_URL=url, **SETTINGS).strip())


def server_of(app: App, url: str, **settings: str) -> Server:
    """Return gunicorn for an app on a database."""
    workers = int(settings.pop("workers", "1"))
    return Server(app, workers=workers, access_log=False, DATABASE_URL=url, **SETTINGS | settings)
