"""The command as a stranger runs it: in a process of its own, with a limit of time and memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nursery import OUTGROW, RUN_OUTGROW, Ended, Nursery
from surroundings import kept

SECONDS = 60
MEGABYTES = 1_500
"""Of address space, not of memory: threads of libraries reserve much that they never touch."""


@dataclass(frozen=True)
class Outcome:
    """How a command ended, what it printed, and the most memory it held at once."""

    code: int
    out: str
    err: str
    megabytes: int

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def outgrow(
    *words: object,
    cwd: Path,
    before: Callable[[], None] | None = None,
    code: int | None = None,
    setting: str = "",
    **environ: str,
) -> Outcome:
    """Run a command; whatever it is given, it ends in time, within memory, with one of four codes and no traceback.

    `before` is what it gives up before it begins; `setting` is Python that changes a constant of outgrow's.
    """
    environment = kept() | {"PYTHONDONTWRITEBYTECODE": "1"} | environ
    if before is None:
        done = Nursery.of(OUTGROW, warnings="default").run(
            f"{setting}\n{RUN_OUTGROW}",
            *words,
            folder=cwd,
            environ=environment,
            seconds=SECONDS,
            address_space=MEGABYTES << 20,
        )
    else:
        done = start(words, cwd, before, environment | {"PYTHONWARNINGS": "default"})
    said = done.stderr
    assert "Traceback" not in said, said
    assert done.returncode in (0, 1, 2, 3), said
    outcome = Outcome(done.returncode, done.stdout, said, done.kilobytes >> 10)
    assert code is None or outcome.code == code, (outcome.code, said)
    return outcome


def start(words: tuple[object, ...], cwd: Path, before: Callable[[], None], environ: dict[str, str]) -> Ended:
    """Run a command in a Python of its own, which first gives up something."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
        before()

    command = [sys.executable, "-m", "outgrow", *map(str, words)]
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,  # noqa: PLW1509 (the tests have one thread)
    ) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Ended(process.returncode, out, err, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def left_behind(folder: Path) -> list[str]:
    """What a failed command left beside the data."""
    return sorted(path.name for path in folder.iterdir() if path.name not in ("data", "plan.toml"))


def rejects(app: Path) -> list[dict[str, str]]:
    """What was set aside: origin, reason, record."""
    lines = [line for file in sorted((app / "rejects").glob("*.jsonl")) for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines]
