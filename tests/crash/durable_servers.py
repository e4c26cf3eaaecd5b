"""Servers that keep what they have acknowledged, and can be killed and started again on the same data."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import database_servers
from database_servers import SERVERS, Server

POSTGRESQL = database_servers.POSTGRESQL | dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), "on")
MARIADB = database_servers.MARIADB.replace("commit=0", "commit=1").replace("doublewrite=0", "doublewrite=1")


@dataclass
class Durable:
    """A server, and how it is started."""

    server: Server
    command: list[str]
    listening: Path
    more: dict[str, Any]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        log = self.listening.with_name("log")
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command, stdout=output, stderr=output, start_new_session=True, **self.more
            )
        database_servers.wait_for(self.server, self.process, self.listening, log)

    def kill(self) -> None:
        """Kill the server's process, then those that it has started: PostgreSQL's are groups of their own."""
        others = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.process.kill()
        for other in others:
            with suppress(ProcessLookupError):
                os.kill(int(other), signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop the server, whoever is connected."""
        self.process.send_signal(signal.SIGINT if self.server.name == "PostgreSQL" else signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def durable(kind: str) -> Iterator[Durable]:
    """Run a server of a kind that writes to the disk before it acknowledges."""

    @contextmanager
    def running(server: Server, command: list[str], listening: Path, **more: Any) -> Iterator[Durable]:
        found = Durable(server, command, listening, more)
        found.start()
        try:
            yield found
        finally:
            found.stop()

    patched = {"running": running, "POSTGRESQL": POSTGRESQL, "MARIADB": MARIADB}
    with mock.patch.multiple(database_servers, **patched), SERVERS[kind]() as found:
        yield found
