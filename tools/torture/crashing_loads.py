"""Conversions and loads that are killed at random moments, and servers that are killed while they go on.

Whatever was hit, `outgrow load` must complete it, or `outgrow convert` begin anew where nothing was there yet, and
rows, indexes, foreign keys and rejects must be those of a conversion that nobody disturbed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

from torture.apps import ROOT
from torture.outcome import Outcome

sys.path.insert(0, str(ROOT / "tests" / "servers"))  # servers and site belong to the tests
sys.path.insert(0, str(ROOT / "tests" / "crash"))

from crashing import Site, contents, differences, kill, result, write_data
from database_servers import SERVERS
from durable_servers import Durable, durable

KILLS = int(os.environ.get("TORTURE_KILLS", "50"))
SERVER_KILLS = int(os.environ.get("TORTURE_SERVER_KILLS", "10"))
USERS, POSTS = 6_000, 24_000
MOST_DISTURBED = 3
"""How often in a row a conversion and its loads are killed before they may come to an end."""


def crash(folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield what came of it on each kind of database."""
    data = write_data(folder / "data", USERS, POSTS)
    for kind in ("sqlite", *SERVERS):
        with ExitStack() as stack:
            server = stack.enter_context(durable(kind)) if kind != "sqlite" else None
            trial = Trial(data, folder / kind, server)
            yield f"{kind}, loader", trial.kill_loaders(KILLS)
            if server is not None:
                yield f"{kind}, server", trial.kill_servers(SERVER_KILLS)


class Trial:
    """One kind of database, and what an undisturbed conversion makes there."""

    def __init__(self, data: Path, folder: Path, server: Durable | None) -> None:
        self.data, self.folder, self.server, self.numbers = data, folder, server, count(1)
        site, began = self.new_site(), time.monotonic()
        if not result(site.convert())["verified"]:
            raise RuntimeError("the undisturbed conversion isn't verified")
        self.seconds = time.monotonic() - began
        self.whole: dict[str, Any] = contents(site)

    def new_site(self) -> Site:
        """Return a site that is yet to be converted, onto an empty database."""
        folder = self.folder / str(next(self.numbers))
        folder.mkdir(parents=True)
        url = f"sqlite:///{folder / 'site.db'}" if self.server is None else self.server.server.new_database()
        return Site(self.data, folder / "app", url)

    def kill_loaders(self, times: int) -> Outcome:
        """Kill conversions and the loads that go on with them, each at a moment that chance chooses."""
        found, hit, done = Outcome(), Counter[str](), 0
        while done < times:
            site = self.new_site()
            for _ in range(random.randint(1, min(MOST_DISTURBED, times - done))):
                process = site.load() if site.app.exists() else site.convert()
                time.sleep(random.uniform(0.3, self.seconds))
                if process.poll() is None:
                    hit[phase(site)] += 1
                    done += 1
                kill(process, alone=random.random() < 0.5)
            self.complete(found, site)
        found.said = f"{done} kills: " + ", ".join(f"{number} x {word}" for word, number in sorted(hit.items()))
        return found

    def kill_servers(self, times: int) -> Outcome:
        """Kill the server while a conversion goes on, and start it again."""
        found, went_on = Outcome(), Counter[str]()
        for _ in range(times):
            assert self.server is not None
            site = self.new_site()
            process = site.convert()
            time.sleep(random.uniform(0.8, self.seconds))
            self.server.kill()
            time.sleep(random.uniform(0.1, 3))
            self.server.start()
            went_on[how_it_ended(found, process)] += 1
            self.complete(found, site)
        found.said = f"{times} kills: " + ", ".join(f"{number} x {word}" for word, number in sorted(went_on.items()))
        return found

    def complete(self, found: Outcome, site: Site) -> None:
        """Let the next command complete what was disturbed, and compare."""
        before = list(site.app.parent.iterdir())
        try:
            done = result(site.load() if site.app.exists() else site.convert())
        except AssertionError as error:
            found.problems.append(f"{site.url}: {error} (there were {before})")
            return
        found.expect(done["verified"], f"{site.url}: not verified: {done['findings']}")
        found.problems += [f"{site.url}: {difference}" for difference in differences(site, self.whole)]


def phase(site: Site) -> str:
    """Name roughly where a command is."""
    if not site.app.exists():
        return "before the app"
    return "before the tables" if (site.app / "instance" / "unfinished.json").exists() else "within the load"


def how_it_ended(found: Outcome, process: subprocess.Popen[str]) -> str:
    """Say how a command ended whose server was killed; only its own words are fine, no traceback."""
    said, errors = process.communicate(timeout=300)
    found.expect("Traceback" not in errors, f"a traceback: {errors[-3000:]}")
    if process.returncode in (0, 3):
        return "went on" if "went on" in said else "undisturbed"
    return "failed in words"
