"""Clients that write rows through an app, each until it is told that its row is stored."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from torture.servers import Server

SECONDS_TO_END = 60


@dataclass
class Writers:
    """Clients that write posts, all with other titles; what is refused with 503 is sent again with the same key."""

    server: Server
    author: int
    name: str
    clients: int = 8
    statuses: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, float] = field(default_factory=dict)
    longest_wait: float = 0.0
    unexpected: list[str] = field(default_factory=list)

    def __enter__(self) -> Writers:
        self.going = threading.Event()
        self.going.set()
        self.began = time.monotonic()
        self.threads = [threading.Thread(target=self.client, args=(number,)) for number in range(self.clients)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.going.clear()
        for thread in self.threads:
            thread.join(SECONDS_TO_END)
        self.ended = time.monotonic()

    def client(self, number: int) -> None:
        """Write one row after the other."""
        count = 0
        while self.going.is_set() and not self.unexpected:
            count += 1
            self.write(f"{self.name} {number}.{count}")

    def write(self, title: str) -> None:
        """Write a row, as often as it takes."""
        began, key = time.monotonic(), str(uuid.uuid4())
        body = {"title": title, "body": "", "author_id": self.author}
        while time.monotonic() - began < SECONDS_TO_END:
            try:
                answer = self.server.ask("POST", "/api/posts", body, Idempotency_Key=key)
            except OSError as error:
                self.statuses[type(error).__name__] += 1
                continue
            replayed = " again" if "idempotent-replayed" in answer.headers else ""
            word = str(answer.json.get("outcome", answer.status)) + replayed
            self.statuses[word] += 1
            if answer.status == 201:
                self.acknowledged[title] = time.monotonic()
                self.longest_wait = max(self.longest_wait, time.monotonic() - began)
                return
            if answer.status != 503:
                self.unexpected.append(f"{answer.status} {answer.body[:300]!r}")
                return
            time.sleep(float(answer.headers.get("retry-after", 0)) * random.uniform(0.5, 1))
        self.unexpected.append(f"{title!r} wasn't stored within {SECONDS_TO_END} s")

    def longest_gap(self, since: float = 0.0) -> float:
        """Return for how long nobody was told that a row is stored."""
        times = sorted(moment for moment in self.acknowledged.values() if moment >= since)
        moments = [max(since, self.began), *times, self.ended]
        return max(later - earlier for earlier, later in pairwise(moments))

    def losses(self, titles: list[str]) -> tuple[int, int]:
        """Return how many rows were acknowledged and aren't there, and how many are there twice."""
        there = Counter(title for title in titles if title.startswith(f"{self.name} "))
        lost = sum(title not in there for title in self.acknowledged)
        return lost, sum(count - 1 for count in there.values())
