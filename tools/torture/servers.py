"""A real gunicorn on a free port of this machine, and a plain way to ask it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torture.apps import App, plain_environment

SECONDS_TO_START, SECONDS_TO_STOP = 30, 40
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body's value."""
        return json.loads(self.body)


class Server:
    """gunicorn for an app, with the app's own configuration; ends with its block, whatever happens in it."""

    def __init__(
        self,
        app: App,
        *,
        kind: str = "gthread",
        workers: int = 2,
        threads: int = 4,
        module: str = "wsgi:app",
        access_log: bool = True,
        **environ: str,
    ) -> None:
        self.app, self.port = app, free_port()
        self.log_file = Path(tempfile.mkstemp(prefix="torture-", suffix=".log")[1])
        # With more than one thread gunicorn takes gthread even where sync is asked for.
        threads = 1 if kind == "sync" else threads
        self.command = [sys.executable, "-m", "gunicorn", "--worker-class", kind, module]
        self.command += ["--bind", f"{HOST}:{self.port}"]
        if access_log:  # the pid in each line tells which worker answered
            self.command += ["--access-logfile", "-"]
            self.command += ["--access-logformat", "answered pid=%(p)s status=%(s)s %(m)s %(U)s"]
        self.environ = plain_environment() | {"HOST": HOST, "PORT": str(self.port), "DRAIN_SECONDS": "0"}
        self.environ |= {"WEB_CONCURRENCY": str(workers), "THREADS": str(threads)} | environ

    def __enter__(self) -> Server:
        log = self.log_file.open("wb")
        self.process = subprocess.Popen(
            self.command, cwd=self.app.folder, env=self.environ, stdout=log, stderr=log, start_new_session=True
        )
        log.close()
        try:
            self.wait_until_it_answers()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                print(f"gunicorn didn't stop on SIGTERM within {SECONDS_TO_STOP} s", file=sys.stderr)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log_file.unlink(missing_ok=True)

    def wait_until_it_answers(self) -> None:
        """Wait for the first answer; raises with the server's log if there is none."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.ask("GET", "/health").status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"gunicorn didn't start:\n{self.log()}")

    def log(self) -> str:
        """Return the end of what the server wrote."""
        return self.log_file.read_text("utf-8", "replace")[-3_000:]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send one request with the app's token on a connection of its own, and return the answer.

        Names of headers are written with underscores; `Authorization=""` leaves the token out.
        """
        sent = {"Authorization": f"Bearer {self.app.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        content = json.dumps(body).encode() if body is not None and not isinstance(body, bytes) else body
        if body is not None and not isinstance(body, bytes):
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        try:
            connection.request(method, path, content, {name: value for name, value in sent.items() if value})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
