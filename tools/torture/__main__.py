"""`make torture`: every part on apps of its own, one after the other, and a table of what came of them.

Arguments (ONLY="counting draining" for make) name the parts to run; nothing is sent but to 127.0.0.1.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from torture import counting, crashing_loads, draining, failing, faults, fuzzing, injecting, reading, spec
from torture.apps import App, make_blog, make_odd
from torture.outcome import Outcome
from torture.servers import Server

MOST_SECONDS = 3600
SECONDS_OF_FUZZING = int(os.environ.get("TORTURE_FUZZ_SECONDS", "600"))  # for each of two apps
MOST_SHOWN = 30

Outcomes = Iterator[tuple[str, Outcome]]


def fuzz_apps(folder: Path) -> Outcomes:
    for name, make in (("blog", make_blog), ("odd", make_odd)):
        app = make(folder / name)
        if name == "odd":
            fuzzing.store_rows(app)
        with Server(app) as server:
            yield f"{name}, own walk", spec.walk(server)
        yield name, fuzzing.fuzz(app, name, seconds=SECONDS_OF_FUZZING)


def inject(folder: Path) -> Outcomes:
    yield from injecting.inject(make_blog(folder / "blog"))


def count_up(folder: Path) -> Outcomes:
    app = make_blog(folder / "blog")
    for kind, workers in (("gthread", 3), ("sync", 4)):
        with Server(app, kind=kind, workers=workers) as server:
            yield f"{workers} {kind} workers", counting.count_up(server, clients=40, times=10, seconds=400)


def lock(folder: Path) -> Outcomes:
    app = make_blog(folder / "blog")
    yield "at first", faults.locked_at_first(app)
    with Server(app) as server:
        yield "for long", faults.locked(server)


def one_by_one(*checks: Callable[[App], Outcome]) -> Callable[[Path], Outcomes]:
    """Return a part that tries some checks on an app of their own."""

    def part(folder: Path) -> Outcomes:
        for check in checks:
            yield check.__name__, check(make_blog(folder / check.__name__))

    return part


def drain(folder: Path) -> Outcomes:
    app = make_blog(folder / "blog")
    yield "after a kill", draining.after_a_kill(app)
    for kind in ("sync", "gthread"):
        yield "behind a balancer", draining.behind_a_balancer(app, kind, clients=12, drain=5)
        yield "without one", draining.without_a_balancer(app, kind, clients=12)
        yield "signal to all", draining.without_a_balancer(app, kind, clients=12, to_all=True)


PARTS: dict[str, Callable[[Path], Outcomes]] = {
    "counting": count_up,
    "locked": lock,
    "full": one_by_one(faults.full_by_pages, faults.full_disk),
    "pool": one_by_one(faults.pool_exhausted),
    "revoked": one_by_one(faults.revoked),
    "draining": drain,
    "crash": crashing_loads.crash,
    "cluster": failing.failing,
    "readers": reading.read,
    "sqlmap": inject,
    "schemathesis": fuzz_apps,
}


def main(words: list[str]) -> int:
    """Run the parts; 1 where one found a problem."""
    if unknown := set(words) - set(PARTS):
        print(f"torture: no part {', '.join(sorted(unknown))}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    began, lines, failed = time.monotonic(), list[str](), False
    for name in words or PARTS:
        for line, outcome in run(name, began):
            lines.append(line)
            failed |= bool(outcome.problems)
    print("\n" + "\n".join(lines))
    return int(failed)


def run(name: str, began: float) -> Iterator[tuple[str, Outcome]]:
    """Yield what came of a part, as lines of the table; problems are printed at once."""
    if time.monotonic() - began > MOST_SECONDS - SECONDS_OF_FUZZING:
        skipped = Outcome(skipped="no time left")
        yield table_line(name, "", skipped, 0), skipped
        return
    at = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        for label, outcome in guarded(PARTS[name](Path(folder))):
            line = table_line(name, label, outcome, time.monotonic() - at)
            print(line, *outcome.problems[:MOST_SHOWN], sep="\n  ", flush=True)
            if len(outcome.problems) > MOST_SHOWN:
                print(f"  and {len(outcome.problems) - MOST_SHOWN} more", flush=True)
            yield line, outcome
            at = time.monotonic()


def guarded(outcomes: Outcomes) -> Outcomes:
    """Let a part that breaks be a problem of its own, and the others go on."""
    try:
        yield from outcomes
    except Exception:
        yield "", Outcome("broke off", [traceback.format_exc()])


def table_line(name: str, label: str, outcome: Outcome, seconds: float) -> str:
    """Return one line of the table."""
    word = "skipped" if outcome.skipped else f"{len(outcome.problems)} WRONG" if outcome.problems else "good"
    return f"{name:13} {label:26} {word:9} {seconds:6.1f} s  {outcome.skipped or outcome.said}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
