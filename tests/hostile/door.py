"""The command as a stranger runs it: in a process of its own, with a limit of time and memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surroundings import kept

SECONDS = 20
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
    *words: object, cwd: Path, before: Callable[[], None] | None = None, code: int | None = None, **environ: str
) -> Outcome:
    """Run a command; whatever it is given, it ends in time, within memory, with one of four codes and no traceback."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
        if before is not None:
            before()

    command = [sys.executable, "-m", "outgrow", *map(os.fspath, map(_word, words))]
    environment = kept() | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "default"} | environ
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdout=pipe,
        stderr=pipe,
        preexec_fn=limit,  # noqa: PLW1509 (the tests have one thread)
    ) as process:
        try:
            out, err = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    said = err.decode("utf-8", "surrogateescape")
    assert "Traceback" not in said, said
    assert process.returncode in (0, 1, 2, 3), said
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    outcome = Outcome(process.returncode, out.decode(), said, most)
    assert code is None or outcome.code == code, (outcome.code, said)
    return outcome


def _word(word: object) -> str | bytes:
    return word if isinstance(word, bytes) else str(word)


def left_behind(folder: Path) -> list[str]:
    """What a failed command left beside the data."""
    return sorted(path.name for path in folder.iterdir() if path.name not in ("data", "plan.toml"))


def rejects(app: Path) -> list[dict[str, str]]:
    """What was set aside: origin, reason, record."""
    lines = [line for file in sorted((app / "rejects").glob("*.jsonl")) for line in file.read_text().splitlines()]
    return [json.loads(line) for line in lines]
