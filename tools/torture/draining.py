"""SIGTERM under load: `/ready` says no first, and nobody whose request was taken gets an error."""

from __future__ import annotations

import http.client
import os
import signal
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count

from torture.apps import App
from torture.faults import add_log, lock_of_another_process, write
from torture.outcome import Outcome
from torture.servers import Answer, Server

SEEN_WSGI = '''
"""The app; the log names each request as soon as the app has it."""
import os

from wsgi import app as inner


def app(environ, start_response):
    os.write(2, f"taken {environ.get('HTTP_X_REQUEST_ID', '')} \\n".encode())
    return inner(environ, start_response)
'''


class Load:
    """Clients that ask one after the other until they are stopped, or find nobody listening."""

    def __init__(self, server: Server, clients: int) -> None:
        self.server, self.statuses = server, Counter[int]()
        self.lost: list[str] = []
        self.numbers, self.may_send = count(1), threading.Event()
        self.may_send.set()
        self.threads = [threading.Thread(target=self.client) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def client(self) -> None:
        """Ask, again and again."""
        while self.may_send.is_set():
            number = f"load-{next(self.numbers)}"
            try:
                answer = self.server.ask("GET", "/api/posts?per_page=5", X_Request_ID=number)
                self.statuses[answer.status] += 1
            except ConnectionRefusedError:
                return
            except (OSError, http.client.HTTPException):
                self.lost.append(number)

    def stop(self) -> None:
        """End when the answers that are under way have come."""
        self.may_send.clear()
        self.join()

    def join(self) -> None:
        """Wait until nobody is listening any more."""
        for thread in self.threads:
            thread.join()


def behind_a_balancer(app: App, kind: str, *, clients: int = 6, drain: float = 1.5) -> Outcome:
    """Nothing at all may fail for clients that stay away once `/ready` says no, as behind a load balancer."""
    found = Outcome()
    with Server(app, kind=kind, workers=3, DRAIN_SECONDS=str(drain)) as server, ThreadPoolExecutor(1) as pool:
        load = Load(server, clients)
        time.sleep(0.5)
        with lock_of_another_process(app.database):
            slow = pool.submit(write, server, 11)
            time.sleep(0.2)
            began = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            said_no = wait_for_no(server)
            time.sleep(0.2)  # the balancer looks now and then only: what comes until then must be answered
            load.stop()
            time.sleep(drain + 1.5)  # the workers have been told to stop by now, and the slow request is still there
        status = server.process.wait(40)
        took = time.monotonic() - began
        expect_drained(found, load, slow, status)
        found.expect(said_no == "stopping", f"/ready didn't say that it is stopping, but {said_no!r}")
        found.expect(not load.lost, f"{len(load.lost)} requests got no answer")
        add_log(found, server)
    found.said = f"{kind}: {sum(load.statuses.values())} answers and a slow one, none failed; ended after {took:.1f} s"
    return found


def after_a_kill(app: App) -> Outcome:
    """A server that was killed while it drained may leave its mark; the next of the same pid must not believe it.

    In a container the pid is the same each time.
    """
    found = Outcome("ready, whatever one before it has left")
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        server = Server(app, workers=1, TMPDIR=folder)
        leave_mark = 'touch "$TMPDIR/draining-$$" && exec "$@"'  # exec keeps the pid
        server.command = ["sh", "-c", leave_mark, "sh", *server.command]
        with server:
            answer = server.ask("GET", "/ready")
            found.expect(answer.status == 200, f"/ready of a new server: {answer.status} {answer.body[:200]!r}")
            add_log(found, server)
    return found


def without_a_balancer(app: App, kind: str, *, clients: int = 6, to_all: bool = False) -> Outcome:
    """Clients go on to the very end; a request that the app has seen must be answered.

    With `to_all` each process gets the signal at once, as `systemctl stop` sends it by default.
    """
    found = Outcome()
    (app.folder / "seen_wsgi.py").write_text(SEEN_WSGI)
    server = Server(app, kind=kind, workers=3, module="seen_wsgi:app", DRAIN_SECONDS="1")
    with server, ThreadPoolExecutor(1) as pool:
        load = Load(server, clients)
        time.sleep(0.5)
        with lock_of_another_process(app.database):
            slow = pool.submit(write, server, 12)
            time.sleep(0.2)
            if to_all:
                os.killpg(server.process.pid, signal.SIGTERM)
            else:
                server.process.send_signal(signal.SIGTERM)
            time.sleep(1.5)  # the workers have been told to stop by now, and the slow request is still there
        status = server.process.wait(40)
        load.join()
        expect_drained(found, load, slow, status)
        log = server.log_file.read_text("utf-8", "replace")
        dropped = [number for number in load.lost if f"taken {number} " in log]
        found.expect(not dropped, f"{len(dropped)} requests were taken and not answered")
        add_log(found, server)
    found.said = f"{kind}: {sum(load.statuses.values())} answers and a slow one, none of those taken failed"
    found.said += f"; {len(load.lost)} more were still in the kernel's queue"
    return found


def expect_drained(found: Outcome, load: Load, slow: Future[Answer], status: int) -> None:
    """Note what wasn't as it should be."""
    found.expect(set(load.statuses) == {200}, f"statuses under load: {dict(load.statuses)}")
    error = slow.exception()
    ended = repr(error) if error else f"{slow.result().status} {slow.result().body[:200]!r}"
    found.expect(error is None and slow.result().status == 200, f"the slow request: {ended}")
    found.expect(status == 0, f"gunicorn ended with {status}")


def wait_for_no(server: Server) -> str:
    """Ask `/ready` until it says no, and return its word; or what kept it from saying so."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            answer = server.ask("GET", "/ready")
        except OSError as error:
            return repr(error)
        if answer.status == 503:
            return str(answer.json["status"])
        time.sleep(0.02)
    return "ready"
