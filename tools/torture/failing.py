"""Clients write through an app on a cluster while one node after the other is killed, stopped or hangs, by chance."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from outgrow.render import render_app
from torture.apps import ROOT
from torture.outcome import Outcome

sys.path.insert(0, str(ROOT / "tests" / "cluster"))  # the cluster and the app belong to the tests
sys.path.insert(0, str(ROOT / "tests" / "servers"))
sys.path.insert(0, str(ROOT / "tests" / "render"))

from galera import Cluster, cluster, server_of, set_up_app
from sample_plans import blog
from writing import Writers

SECONDS = float(os.environ.get("TORTURE_CLUSTER_SECONDS", "180"))
CLIENTS, WORKERS, LONGEST_GAP = 8, 2, 6.0


def failing(folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield what came of it."""
    for path, text in render_app(blog(), "blog").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    with cluster() as found:
        app = set_up_app(folder, found.url())
        with server_of(app, found.url(), workers=WORKERS) as server:
            author = server.ask("POST", "/api/users", {"username": "ann", "email": "ann@example.org"}).json["id"]
            with Writers(server, author, "torture", CLIENTS) as writers:
                done = break_nodes(found)
        found.heal()
        yield "one node after the other", judge(found, writers, done)


def break_nodes(found: Cluster) -> Counter[str]:
    """Let something happen to one node after the other; each time, wait until it is back."""
    done, until = Counter[str](), time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(random.uniform(0.5, 3))
        node, what = random.choice(found.nodes), random.choice(["killed", "stopped", "hanging"])
        done[what] += 1
        if what == "hanging":
            node.process.send_signal(signal.SIGSTOP)
            time.sleep(random.uniform(0.5, 6))
            node.process.send_signal(signal.SIGCONT)
        else:
            node.stop(signal.SIGKILL if what == "killed" else signal.SIGTERM)
            time.sleep(random.uniform(0, 3))
        found.heal()
    return done


def judge(found: Cluster, writers: Writers, done: Counter[str]) -> Outcome:
    """Hold what was acknowledged against what all nodes have."""
    rows = found.same_on_all("SELECT title FROM posts ORDER BY id")
    lost, doubled = writers.losses([title for (title,) in rows or []])
    gap, shown = writers.longest_gap(), ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    answers = ", ".join(f"{count} x {word}" for word, count in sorted(writers.statuses.items()))
    outcome = Outcome(f"{shown}; {answers}; longest gap {gap:.1f} s", list(writers.unexpected))
    outcome.expect(rows is not None, "the nodes hold different rows")
    outcome.expect(not lost, f"{lost} acknowledged writes are lost")
    outcome.expect(not doubled, f"{doubled} writes were done twice")
    outcome.expect(gap < LONGEST_GAP, f"nobody was answered for {gap:.1f} s")
    return outcome
