"""Settings of gunicorn: `gunicorn wsgi:app` in this folder finds them."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# Each process has its own pool: workers x (pool_size + max_overflow) must fit the database.
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "4"))
timeout = 30
graceful_timeout = 20
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
if Path("/dev/shm").is_dir():  # a file on a slow disk makes healthy workers look dead
    worker_tmp_dir = "/dev/shm"

drain = Path(tempfile.gettempdir()) / f"draining-{os.getpid()}"
os.environ["DRAIN_FILE"] = str(drain)


def when_ready(server: Any) -> None:
    """On SIGTERM let /ready say no for a while, so that load balancers look elsewhere, then stop."""
    drain.unlink(missing_ok=True)  # one of the same pid, as in a container, may have been killed
    stop = signal.getsignal(signal.SIGTERM)

    def announce(number: int, frame: Any) -> None:
        drain.touch()
        signal.signal(signal.SIGALRM, lambda *_: stop(number, frame))  # type: ignore[operator]
        signal.setitimer(signal.ITIMER_REAL, float(os.environ.get("DRAIN_SECONDS", "5")) or 0.01)

    signal.signal(signal.SIGTERM, announce)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    drain.unlink(missing_ok=True)
