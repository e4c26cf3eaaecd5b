"""What other people's tools need: an environment of their own, so that they don't choose the versions of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from torture.apps import ROOT

CACHE = ROOT / ".cache" / "torture"


def tool(package: str, requirement: str) -> Path:
    """Return a package's command of the same name, installed once; raises RuntimeError where that can't be done."""
    command = CACHE / "bin" / package
    if not command.exists():
        print(f"installing {requirement} into {CACHE.relative_to(ROOT)} (once) ...", file=sys.stderr, flush=True)
        run([sys.executable, "-m", "venv", str(CACHE)])
        run([str(CACHE / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", requirement])
    return command


def run(words: list[str]) -> None:
    """Run a command, or raise with what it said."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-2000:]}")
