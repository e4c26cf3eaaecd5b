"""Work in a second process, which has a copy of all that this one knows. Ground floor; knows no other room.

Only where the system can fork. Messages go through a pipe, so the other process waits when this one is
behind, and memory stays bounded.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

try:
    import fcntl
except ImportError:  # not on Windows, which can't fork either
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")
PIPE_SIZE = 1 << 20


def can_fork() -> bool:
    """Whether a second process can be had, and a second processor for it."""
    return "fork" in multiprocessing.get_all_start_methods() and (os.cpu_count() or 1) > 1


def stream_forked(make: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """Run a generator of messages in a second process; raises here what it raises there."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send_all, args=(make, sender), daemon=True)
    process.start()
    sender.close()
    _widen(receiver)
    try:
        while True:
            try:
                kind = receiver.recv()
            except EOFError:
                raise RuntimeError("the second process died") from None
            if kind == "end":
                break
            if isinstance(kind, BaseException):
                raise kind
            yield receiver.recv_bytes()
    finally:
        receiver.close()
        process.join(timeout=1)
        if process.is_alive():
            process.kill()
            process.join()


def _widen(pipe: Connection) -> None:
    """Let a message of usual size wait in the pipe, so that its sender can go on to the next (Linux)."""
    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE_SIZE)


def _send_all(make: Callable[[], Iterator[bytes]], sender: Connection) -> None:
    try:
        for message in make():
            sender.send("message")
            sender.send_bytes(message)
        sender.send("end")
    except BrokenPipeError:
        pass
    except BaseException as error:
        sender.send(error)


def map_forked(function: Callable[[Any], T], items: Sequence[Any]) -> list[T]:
    """Apply a function to a few items, all but the first each in a process of their own."""
    context = multiprocessing.get_context("fork")
    running = []
    for item in items[1:]:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_send_result, args=(function, item, sender), daemon=True)
        process.start()
        sender.close()
        running.append((process, receiver))
    try:
        results = [function(items[0])]
        for process, receiver in running:
            try:
                error, result = receiver.recv()
            except EOFError:
                raise RuntimeError("a second process died") from None
            if error is not None:
                raise error
            results.append(result)
            process.join()
    finally:
        for process, receiver in running:
            receiver.close()
            if process.is_alive():
                process.kill()
            process.join()
    return results


def _send_result(function: Callable[[Any], T], item: Any, sender: Connection) -> None:
    try:
        sender.send((None, function(item)))
    except BrokenPipeError:
        pass
    except BaseException as error:
        sender.send((error, None))
