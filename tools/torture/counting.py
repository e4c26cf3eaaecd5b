"""Many clients count one column up, each by reading, adding one and writing with If-Match: no count may be lost."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

from torture.outcome import Outcome
from torture.servers import Answer, Server

ROW, COLUMN = "/api/settings/1", "posts_per_page"
ALLOWED = {200, 412, 503}


def count_up(server: Server, *, clients: int, times: int, seconds: float) -> Outcome:
    """Let each client write `times` times, within so many seconds."""
    start, statuses, broken = server.ask("GET", ROW).json[COLUMN], Counter[str](), list[str]()
    until = time.monotonic() + seconds

    def client() -> None:
        try:
            left = times
            while left and time.monotonic() < until:
                left -= add_one(server, statuses)
        except Exception as error:  # whatever it is, the main thread reports it
            broken.append(repr(error))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written, final = statuses["PATCH 200"], server.ask("GET", ROW).json[COLUMN] - start
    shown = ", ".join(f"{count} x {word}" for word, count in sorted(statuses.items()))
    found = Outcome(f"{clients} clients counted to {final}: {shown}", broken)
    found.expect(final == written, f"{written} writes were answered with 200, but the column grew by {final}")
    found.expect(written == clients * times, f"only {written} of {clients * times} writes within {seconds:.0f} s")
    odd = [word for word in statuses if int(word.split()[1]) not in ALLOWED]
    found.expect(not odd, f"statuses other than 200, 412 and 503: {odd}")
    return found


def add_one(server: Server, statuses: Counter[str]) -> bool:
    """Read, add one, write; say whether it was written."""
    read = server.ask("GET", ROW)
    statuses[f"GET {read.status}"] += 1
    if read.status != 200:
        pause(read)
        return False
    change = {COLUMN: read.json[COLUMN] + 1}
    wrote = server.ask("PATCH", ROW, change, If_Match=read.headers["etag"])
    statuses[f"PATCH {wrote.status}"] += 1
    if wrote.status != 200:
        pause(wrote)
    return wrote.status == 200


def pause(answer: Answer) -> None:
    """Come back when the server says, or after a moment that differs from the others' moments."""
    time.sleep(float(answer.headers.get("retry-after", 0)) + random.uniform(0, 0.05))
