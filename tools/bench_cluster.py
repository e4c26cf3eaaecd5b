"""What clients of an app on a Galera cluster see while a node dies: `tools/bench_cluster.py [all | PART...]`.

Three nodes behind HAProxy, as docs/scale.md says, all on this machine; eight clients write rows through the app, one
after the other, and send again what is answered with 503, with the same Idempotency-Key. Then the rows are counted on
each node. Of the parts, the first two are what has goals.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "cluster"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "servers"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "render"))

from galera import Cluster, cluster, server_of, set_up_app
from nodes import Node, until
from sample_plans import blog
from torture.apps import App
from writing import Writers

from outgrow.render import render_app

SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
CLIENTS, WORKERS, LONGEST_GAP = 8, 2, 6.0


def kill_another(found: Cluster) -> None:
    """Another node than HAProxy's is killed, and joins again."""
    node = next(node for node in found.nodes if node is not found.active())
    kill_and_start(node)


def kill_active(found: Cluster) -> None:
    """The node that HAProxy sends all to is killed, and joins again."""
    kill_and_start(found.active())


def kill_and_start(node: Node) -> None:
    """Kill a node, and start it again while clients write."""
    time.sleep(SECONDS / 4)
    node.kill()
    time.sleep(SECONDS / 4)
    node.start()


def stop_active(found: Cluster) -> None:
    """The node that HAProxy sends all to is stopped as for maintenance, and joins again."""
    node = found.active()
    time.sleep(SECONDS / 4)
    node.stop()
    time.sleep(SECONDS / 4)
    node.start()


def hang_active(found: Cluster) -> None:
    """The node that HAProxy sends all to answers nothing for a while, as a machine that has run out of memory."""
    node = found.active()
    assert node.process is not None
    time.sleep(SECONDS / 4)
    node.process.send_signal(signal.SIGSTOP)
    time.sleep(SECONDS / 4)
    node.process.send_signal(signal.SIGCONT)


PARTS: dict[str, Callable[[Cluster], None]] = {
    "another": kill_another,
    "active": kill_active,
    "stopped": stop_active,
    "hanging": hang_active,
}
WITH_GOALS = ("another", "active")


def main(words: list[str]) -> int:
    """Print what came of each part; 1 where a goal is missed."""
    names = list(PARTS) if words == ["all"] else words or WITH_GOALS
    if unknown := set(names) - set(PARTS):
        print(f"bench-cluster: no part {', '.join(unknown)}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"{CLIENTS} clients write through an app with {WORKERS} workers, {SECONDS:.0f} s each", flush=True)
    with cluster() as found, tempfile.TemporaryDirectory(prefix="outgrow-bench-") as folder:
        app = make_app(Path(folder) / "blog", found.url())
        missed = [name for name in names if not measure(name, found, app)]
    return int(bool(missed))


def make_app(folder: Path, url: str) -> App:
    """Render the blog of the tests, and make its tables."""
    for path, text in render_app(blog(), "blog").items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return set_up_app(folder, url)


def measure(name: str, found: Cluster, app: App) -> bool:
    """Let clients write while something happens to the cluster; print what they saw, and say whether it is good."""
    found.heal()
    with server_of(app, found.url(), workers=WORKERS) as server:
        body = {"username": name, "email": f"{name}@example.org"}
        author = server.ask("POST", "/api/users", body).json["id"]
        with Writers(server, author, name, CLIENTS) as writers:
            began = time.monotonic()
            PARTS[name](found)
            time.sleep(max(0.0, began + SECONDS - time.monotonic()))
    found.heal()
    query = "SELECT title FROM posts ORDER BY id"
    rows = until(lambda: found.same_on_all(query), "the nodes hold different rows")
    lost, doubled = writers.losses([title for (title,) in rows])
    gap, stored = writers.longest_gap(), len(writers.acknowledged)
    answers = ", ".join(f"{count} x {word}" for word, count in sorted(writers.statuses.items()))
    print(f"{name}: {PARTS[name].__doc__}")
    print(f"    acknowledged {stored:,} ({stored / SECONDS:.0f}/s), lost {lost}, doubled {doubled}")
    print(f"    longest gap {gap:.1f} s, longest wait of a client {writers.longest_wait:.1f} s; {answers}", flush=True)
    for problem in writers.unexpected:
        print(f"    {problem}")
    return not (lost or doubled or writers.unexpected) and gap < LONGEST_GAP


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
