"""Minutes of changed stores for the readers: atheris looks for new ways through them, and chance changes what is whole.

Each process that reads has a limit of memory, and each store one of time; what breaks a limit or a reader is kept.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from types import FrameType

from torture.outcome import Outcome
from torture.stores import ROOT, mutate, read_all, seeds

SECONDS = int(os.environ.get("TORTURE_READ_SECONDS", "900"))  # for each of the two ways
SECONDS_PER_STORE = 5
"""Of the processor, so that what else the machine does counts for nothing."""
MEGABYTES = 500
MOST_BROKEN = 20
KEPT = ROOT / ".cache" / "broken_readers"


def read(folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Yield what came of both ways."""
    yield "by chance", _run(folder, "chance", SECONDS)
    if find_spec("atheris") is None:
        yield "by coverage", Outcome(skipped="atheris is not installed")
    else:
        yield "by coverage", _run(folder, "coverage", SECONDS)


def _run(folder: Path, way: str, seconds: int) -> Outcome:
    """Run a way in a process of its own, and report what it prints."""
    words = [sys.executable, "-m", "torture.reading", way, str(seconds), str(folder)]
    environ = os.environ | {"PYTHONPATH": f"{ROOT / 'tools'}{os.pathsep}{ROOT / 'src'}"}
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False, timeout=seconds + 120)
    lines = done.stdout.splitlines()
    outcome = Outcome(next((line for line in reversed(lines) if line.startswith("read ")), ""))
    outcome.problems = [line.removeprefix("BROKEN ") for line in lines if line.startswith("BROKEN ")]
    outcome.expect(
        done.returncode == 0 or outcome.problems, f"{way} ended with {done.returncode}: {done.stderr[-2000:]}"
    )
    return outcome


class TooSlowError(BaseException):
    """A store takes more time than any may."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def by_chance(seconds: int, folder: Path) -> None:
    """Change stores by chance, and read them, until the time is over."""
    chance, stores = random.Random(), seeds()
    texts = [data for _, data in stores]
    signal.signal(signal.SIGPROF, _stop)
    end, count, broken = time.monotonic() + seconds, 0, set[str]()
    while time.monotonic() < end and len(broken) < MOST_BROKEN:
        name, data = chance.choice(stores)
        changed = mutate(data, chance, texts)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            problem = _try(Path(place), name, changed, salvage=count % 2 == 1)
        count += 1
        if problem is not None and problem not in broken:
            broken.add(problem)
            _keep(name, changed, problem)
    most = getrusage(RUSAGE_SELF).ru_maxrss >> 10
    if most > MEGABYTES:
        print(f"BROKEN {most} MB of memory, more than {MEGABYTES}")
    print(f"read {count:,} stores, most memory {most} MB")


def _try(folder: Path, name: str, data: bytes, *, salvage: bool) -> str | None:
    """Read a store; returns where a reader broke, if one did."""
    file = folder / "data" / name
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    signal.setitimer(signal.ITIMER_PROF, SECONDS_PER_STORE)
    try:
        read_all(folder / "data", salvage=salvage)
    except TooSlowError as error:
        return f"more than {SECONDS_PER_STORE} s, at {_last_line(error)}"
    except Exception as error:
        return f"{type(error).__name__}: {error} at {_last_line(error)}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def _last_line(error: BaseException) -> str:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "outgrow" in frame.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


def _keep(name: str, data: bytes, problem: str) -> None:
    """Keep a store that broke a reader, and say so."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{len(list(KEPT.iterdir()))}-{Path(name).name}"
    file.write_bytes(data)
    print(f"BROKEN {problem}: {file.relative_to(ROOT)}", flush=True)


def by_coverage(seconds: int, folder: Path) -> None:
    """Let atheris change stores; the first byte of an input says which name it has."""
    import atheris  # noqa: PLC0415 (not for every Python)

    names = sorted({name for name, _ in seeds()})[:256]
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, (name, data) in enumerate(seeds()):
        if name in names:
            (corpus / str(number)).write_bytes(bytes([names.index(name)]) + data)
    atheris.instrument_all()
    count, broken = 0, set[str]()

    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        name = names[data[0] % len(names)] if data else names[0]
        with tempfile.TemporaryDirectory(dir=folder) as place:
            problem = _try(Path(place), name, data[1:], salvage=count % 2 == 1)
        if problem is not None and problem not in broken:
            broken.add(problem)
            _keep(name, data[1:], problem)

    signal.signal(signal.SIGPROF, _stop)
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={2 * MEGABYTES}", "-max_len=4096", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, "-atheris_runs=0", str(corpus)], one, enable_python_coverage=True)
    try:
        atheris.Fuzz()
    finally:
        print(f"read {count:,} stores by coverage")
        sys.stdout.flush()


if __name__ == "__main__":
    {"chance": by_chance, "coverage": by_coverage}[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
