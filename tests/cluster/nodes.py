"""MariaDB servers as docs/scale.md configures them, each at a loopback address of its own.

So the ports and all else are as on real machines, only that the addresses are 127.x.y.1 and so on. Nothing is
installed, and nobody need be root; where the tests are root's, the servers run as nobody.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
from database_servers import ROOT, NotStartedError, another_user, link_or_copy, set_up

PAGE = ROOT / "docs" / "scale.md"
SECONDS_TO_START, SECONDS_TO_STOP = 120, 20
PORT = 3306

SMALL = """
skip-name-resolve performance-schema=0 innodb-buffer-pool-size=16M innodb-log-file-size=8M innodb-doublewrite=0
innodb-data-file-path=ibdata1:12M:autoextend innodb-autoextend-increment=1 innodb-flush-log-at-trx-commit=0
innodb-use-native-aio=0 aria-pagecache-buffer-size=1M key-buffer-size=256K local-infile=1
character-set-server=utf8mb4 collation-server=utf8mb4_unicode_ci
"""


def page_block(name: str) -> str:
    """Return the text of the block below `<!-- file: NAME -->` in docs/scale.md."""
    block = re.compile(rf"^<!-- file: {re.escape(name)} -->\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
    found = block.search(PAGE.read_text("utf-8"))
    assert found, f"{PAGE.name} has no block {name}"
    return found[1]


def until(found: Callable[[], Any], otherwise: str, seconds: float = SECONDS_TO_START) -> Any:
    """Return what a function finds, as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if something := found():
            return something
        time.sleep(0.05)
    raise AssertionError(otherwise)


@dataclass
class Node:
    """One server with its data and its log."""

    number: int
    place: Place
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"{self.place.net}.{self.number}"

    @property
    def socket(self) -> Path:
        """Where root is let in."""
        return self.folder / "socket"

    @property
    def log(self) -> str:
        """The end of what the server wrote."""
        file = self.folder / "log"
        return file.read_text("utf-8", "replace")[-3000:] if file.exists() else ""

    def url(self, database: str = "myapp") -> str:
        """Return the DATABASE_URL of a database on it."""
        return f"mysql://myapp:a%20password@{self.address}:{PORT}/{database}"

    def configure(self, text: str) -> None:
        """Write the server's configuration: the page's, where its files are, and what makes it small."""
        base = self.place.programs / "usr"
        places = {"basedir": base, "datadir": self.folder / "data", "socket": self.socket, "tmpdir": self.folder}
        places |= {"pid-file": self.folder / "pid", "plugin-dir": base / "lib/mysql/plugin"}
        lines = [text, *SMALL.split(), *(f"{name}={place}" for name, place in places.items()), ""]
        self.folder.mkdir()
        (self.folder / "my.cnf").write_text("\n".join(lines))
        self.place.give(self.folder)

    def install(self) -> None:
        """Give the server its first files, which are made once for all."""
        fresh = self.place.folder / "fresh"
        if not fresh.exists():
            fresh.mkdir()
            self.place.give(fresh)
            options = [f"--defaults-file={self.folder}/my.cnf", f"--basedir={self.place.programs}/usr"]
            options += [f"--datadir={fresh}", "--auth-root-authentication-method=normal", "--skip-test-db"]
            command = ["mariadb-install-db", *options, "--wsrep-on=OFF", "--skip-log-bin"]
            set_up("MariaDB", command, env=self.place.environ, **another_user())
        shutil.copytree(fresh, self.folder / "data")
        self.place.give(self.folder)

    def command(self, *options: str) -> list[str]:
        """Return what runs the server."""
        return ["mariadbd", f"--defaults-file={self.folder}/my.cnf", *options]

    def start(self, *options: str) -> None:
        """Start the server, whose files must be there already."""
        with (self.folder / "log").open("ab") as log:
            self.process = self.place.run(*self.command(*options), stdout=log, stderr=log)

    def wait(self, is_well: Callable[[], bool] | None = None) -> None:
        """Wait until the server is well, or at least answers; raises NotStartedError."""
        end, why = time.monotonic() + SECONDS_TO_START, "it doesn't listen"
        while time.monotonic() < end:
            if self.process is None or self.process.poll() is not None:
                why = "it has ended"
                break
            try:
                if is_well() if is_well else self.execute("SELECT 1"):
                    return
                why = "it isn't as it should be"
            except pymysql.err.OperationalError as error:
                why = str(error)
            time.sleep(0.05)
        raise NotStartedError(f"Node {self.number} can't be started: {why}\nIts log:\n{self.log}")

    def connect(self, database: str | None = None) -> pymysql.Connection[Any]:
        """Connect as root.

        Not by SQLAlchemy: it rolls its first connection back, which a node without its cluster refuses.
        """
        channel = socket.socket(socket.AF_UNIX)
        try:
            channel.connect(str(self.socket))
        except OSError as error:
            channel.close()  # PyMySQL would leave it open
            raise pymysql.err.OperationalError("it doesn't listen") from error
        connection = pymysql.connect(user="root", database=database, autocommit=True, defer_connect=True)
        connection.connect(channel)
        return connection

    def execute(self, *statements: str, database: str | None = None) -> list[Any]:
        """Run statements as root, and return the rows of the last."""
        rows: list[Any] = []
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                rows = list(cursor.fetchall())
        return rows

    def execute_page(self, name: str) -> None:
        """Run the statements of a block of the page."""
        text = re.sub(r" --.*$", "", self.place.on_net(page_block(name)), flags=re.MULTILINE)
        self.execute(*text.strip().removesuffix(";").split(";\n"))

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
class Place:
    """A folder and the addresses in which servers are made, and the programs that they run."""

    folder: Path
    net: str
    programs: Path
    environ: dict[str, str]
    stack: ExitStack

    def run(self, *command: str, **more: Any) -> subprocess.Popen[bytes]:
        """Start a program, as nobody where this is root's."""
        return subprocess.Popen(command, env=self.environ, start_new_session=True, **another_user(), **more)

    def give(self, folder: Path) -> None:
        """Give a folder to the user that the servers run as."""
        if user := another_user():
            for each in (folder, *folder.rglob("*")):
                os.chown(each, user["user"], user["group"])

    def on_net(self, text: str) -> str:
        """Return configuration of the page with the addresses of this place instead of the page's."""
        return text.replace("10.0.0.", f"{self.net}.").replace("127.0.0.1:3306", f"{self.net}.10:3306")

    def add(self, node: Node) -> None:
        """Stop a node when the place is left, whatever it is doing."""
        self.stack.callback(node.stop, signal.SIGKILL)

    def plain_node(self, number: int, configuration: str) -> Node:
        """Start a server that stands by itself, configured by a block of the page or by a text."""
        text = self.on_net(page_block(configuration)) if configuration.endswith(".cnf") else configuration
        node = Node(number, self, self.folder / f"plain{number}")
        node.configure(text)
        node.install()
        self.add(node)
        node.start()
        node.wait()
        return node


@contextmanager
def a_place() -> Iterator[Place]:
    """Yield a place for servers, and clear it afterwards."""
    unpacked = get_programs()
    with (
        tempfile.TemporaryDirectory(prefix="outgrow-", ignore_cleanup_errors=True) as name,
        ExitStack() as stack,
    ):
        folder, path, environ = Path(name), f"{os.environ['PATH']}:/usr/sbin", {}
        folder.chmod(0o755)
        if unpacked is not None:
            if another_user() and not all(parent.stat().st_mode & 0o001 for parent in unpacked.parents):
                unpacked = link_or_copy(unpacked, folder / "programs")
            path = ":".join(f"{unpacked}/{each}" for each in ("usr/bin", "usr/sbin", "bin", "sbin")) + f":{path}"
            libraries = [*unpacked.glob("usr/lib/*-linux-gnu"), *unpacked.glob("lib/*-linux-gnu")]
            environ["LD_LIBRARY_PATH"] = ":".join(map(str, libraries))
        yield Place(folder, free_net(), unpacked or Path("/"), os.environ | environ | {"PATH": path}, stack)


def get_programs() -> Path | None:
    """Return where the programs were unpacked; None where they are the machine's own."""
    got = subprocess.run(["sh", ROOT / "tools/get_servers.sh", "cluster"], capture_output=True, text=True, check=False)
    if got.returncode:
        raise NotStartedError(got.stderr)
    unpacked = ROOT / ".cache/cluster"
    return unpacked if unpacked.exists() else None


def free_net() -> str:
    """Return the first three numbers of loopback addresses whose ports are free."""
    for _ in range(100):
        net = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}"
        with socket.socket() as probe:
            if probe.connect_ex((f"{net}.1", PORT)):
                return net
    raise NotStartedError("All ports 3306 of the loopback's addresses seem to be taken.")
