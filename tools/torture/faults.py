"""What the app says when its database is locked, full or has no connection left, and when a token is revoked."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from torture.apps import App
from torture.outcome import Outcome
from torture.servers import Answer, Server

ROW = "/api/settings/1"
TAG = {"name": "x" * 80, "colour": "#000000"}
MOST_STORED = 2000

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""

FULL_WSGI = '''
"""The app, whose database file may have only as many pages as the file LIMIT says, where there is one."""
from pathlib import Path

from sqlalchemy import Engine, event
from wsgi import app


@event.listens_for(Engine, "begin", insert=True)
def limit(connection):
    file = Path(__file__).with_name("LIMIT")
    pages = int(file.read_text()) if file.exists() else 1_000_000_000
    connection.connection.dbapi_connection.execute(f"PRAGMA max_page_count = {pages}")
'''


@contextmanager
def lock_of_another_process(database: Path) -> Iterator[None]:
    """Hold the lock to write."""
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n", "the other process got no lock"
        try:
            yield
        finally:
            process.communicate()


def write(server: Server, number: int) -> Answer:
    """Change the settings, whatever they are."""
    return server.ask("PATCH", ROW, {"posts_per_page": number}, If_Match="*")


def expect_unavailable(found: Outcome, answer: Answer, when: str) -> None:
    """Note where an answer isn't the 503 that tells one to come back."""
    found.expect(answer.status == 503, f"{when}: {answer.status} {answer.body[:200]!r}, not 503")
    if answer.status == 503:
        found.expect(answer.headers.get("retry-after", "").isdigit(), f"{when}: 503 without Retry-After")
        kind = answer.headers.get("content-type", "")
        found.expect(kind == "application/problem+json", f"{when}: 503 as {kind}, not as a problem")


def locked_at_first(app: App) -> Outcome:
    """Another process holds the lock when the app's first connection is made: it can be read all the same."""
    found = Outcome("read while it was locked, well afterwards")
    with sqlite3.connect(app.database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")  # as a database is that no app has opened yet
    connection.close()
    with Server(app, workers=1) as server:
        with lock_of_another_process(app.database):
            answer = server.ask("GET", ROW)
            found.expect(answer.status == 200, f"a first read: {answer.status} {answer.body[:200]!r}")
        found.expect(write(server, 5).status == 200, "a write after the lock was gone")
        add_log(found, server)
    return found


def locked(server: Server) -> Outcome:
    """Another process holds the lock for longer than a write waits."""
    found = Outcome()
    server.ask("GET", ROW)
    with lock_of_another_process(server.app.database):
        began = time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            writing = pool.submit(write, server, 7)
            time.sleep(1)
            found.expect(server.ask("GET", ROW).status == 200, "a row can't be read while another process writes")
            expect_unavailable(found, writing.result(), "a write to a locked database")
        took = time.monotonic() - began
    well = write(server, 8)
    found.expect(well.status == 200, f"a write after the lock was gone: {well.status} {well.body[:200]!r}")
    found.expect(server.ask("GET", ROW).json["posts_per_page"] == 8, "the write after the lock isn't there")
    add_log(found, server)
    found.said = f"503 after {took:.1f} s, well again afterwards"
    return found


def pool_exhausted(app: App) -> Outcome:
    """The only connection is taken, by a write that waits for another process."""
    found = Outcome()
    url = f"sqlite:///{app.database}?pool_size=1&max_overflow=0&pool_timeout=0.2"
    with Server(app, workers=1, DATABASE_URL=url) as server, ThreadPoolExecutor(1) as pool:
        server.ask("GET", ROW)  # the token is known from here on
        with lock_of_another_process(app.database):
            writing = pool.submit(write, server, 9)
            time.sleep(0.5)
            refused = [server.ask("GET", path) for path in (ROW, "/api/users", ROW)]
            ready = server.ask("GET", "/ready")
        found.expect(writing.result().status == 200, f"the write that waited: {writing.result().body[:200]!r}")
        for answer in refused:
            expect_unavailable(found, answer, "a read without a connection left")
        found.expect(ready.status == 503, f"/ready without a connection left: {ready.status}")
        for path in (ROW, "/ready"):
            found.expect(server.ask("GET", path).status == 200, f"{path} isn't well when the connection is back")
        add_log(found, server)
    found.said = f"{len(refused)} requests refused with 503, well again afterwards"
    return found


def full_by_pages(app: App) -> Outcome:
    """The database may not grow: SQLite says what it says on a full disk."""
    (app.folder / "full_wsgi.py").write_text(FULL_WSGI)
    limit = app.folder / "LIMIT"
    with sqlite3.connect(app.database) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    with Server(app, workers=1, module="full_wsgi:app") as server:
        return fill(server, lambda: limit.write_text(str(pages + 2)), limit.unlink)


def full_disk(app: App) -> Outcome:
    """The file system has no room left; as root, on one in memory."""
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", name]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return Outcome(skipped="needs root, to mount a small file system")
        try:
            shutil.copy(app.database, f"{name}/app.db")
            stuffing = Path(name, "stuffing")
            with Server(app, workers=1, DATABASE_URL=f"sqlite:///{name}/app.db") as server:
                return fill(server, lambda: stuff(stuffing), stuffing.unlink)
        finally:
            subprocess.run(["umount", name], check=True)


def stuff(file: Path) -> None:
    """Fill a file system, to the last page."""
    try:
        with file.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"0" * 4096)
    except OSError:
        pass


def fill(server: Server, begin: Callable[[], object], end: Callable[[], object]) -> Outcome:
    """Write until there is no room, and again when there is."""
    found, stored, refused = Outcome(), 0, None
    while refused is None and stored < MOST_STORED:
        if stored == 5:  # SQLite's files beside the database are there by now
            begin()
        answer = server.ask("POST", "/api/tags", TAG | {"slug": f"full-{stored}"})
        if answer.status == 201:
            stored += 1
        else:
            refused = answer
    found.expect(refused is not None, "the database was never full")
    if refused is not None:
        expect_unavailable(found, refused, "a write to a full database")
    found.expect(count_tags(server) == stored, "while it is full, the rows that were stored can't all be read")
    end()
    well = server.ask("POST", "/api/tags", TAG | {"slug": "full-after"})
    found.expect(well.status == 201, f"a write when there is room again: {well.status} {well.body[:200]!r}")
    found.expect(count_tags(server) == stored + 1, "rows are missing, or doubled")
    add_log(found, server)
    found.said = f"503 after {stored} rows, all intact, well again afterwards"
    return found


def count_tags(server: Server) -> int:
    """Return how many of the rows are there that `fill` writes."""
    answer = server.ask("GET", "/api/tags?slug__startswith=full-&total=true&per_page=1")
    return int(answer.json["total"]) if answer.status == 200 else -1


def revoked(app: App, *, workers: int = 3, seconds: float = 10) -> Outcome:
    """A token that one process revokes is dead in all workers soon after."""
    found = Outcome()
    token = app.flask("token", "create", "--name", "torture").strip()
    number = next(line.split("\t")[0] for line in app.flask("token", "list").splitlines() if "\ttorture\t" in line)
    with Server(App(app.folder, token), workers=workers) as server:
        # Each worker must have taken the token before, or its memory of it isn't tried.
        knowing = until_all(server, workers, {200}, 15)
        found.expect(len(knowing) == workers, f"only {len(knowing)} of {workers} workers answered with 200")
        app.flask("token", "revoke", number)
        began = time.monotonic()
        refusing: set[str] = set()
        while time.monotonic() - began < seconds and len(refusing) < workers:
            refusing |= until_all(server, workers, {401, 429}, 0.2)
        took = time.monotonic() - began
        found.expect(len(refusing) == workers, f"{workers - len(refusing)} workers still take it after {took:.1f} s")
        found.expect(not until_all(server, workers, {200}, 1), "a worker takes it again")
        add_log(found, server)
    found.said = f"dead in {workers} workers after {took:.1f} s"
    return found


def until_all(server: Server, workers: int, statuses: set[int], seconds: float) -> set[str]:
    """Ask until all workers have answered with one of these, or the time is over; return those that did."""
    until = time.monotonic() + seconds
    before = len(server.log_file.read_bytes())
    found: set[str] = set()
    while True:
        threads = [threading.Thread(target=server.ask, args=("GET", ROW)) for _ in range(4 * workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log = server.log_file.read_bytes()[before:].decode("utf-8", "replace")
        lines = re.findall(r"answered pid=\D*(\d+)\D* status=(\d+)", log)
        found = {pid for pid, status in lines if int(status) in statuses}
        if len(found) == workers or time.monotonic() > until:
            return found


def add_log(found: Outcome, server: Server) -> None:
    """Let problems bring the server's log."""
    if found.problems:
        found.problems.append(f"the server's log:\n{server.log()}")
