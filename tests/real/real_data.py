"""Where the real data sets are, and the commands that a person would type to convert them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from surroundings import kept

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("OUTGROW_DATA") or ROOT.parent / "shared" / "data")
SETS = {
    "jsonplaceholder": "real/jsonplaceholder.json",
    "chinook": "real/chinook.json",
    "bludit": "formats/bludit",
    "bludit_fresh": "formats/bludit_fresh",
    "wondercms": "formats/wondercms",
    "sleekdb": "formats/sleekdb",
    "tinydb": "formats/tinydb",
}


def run(*command: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program apart from this one and from what this shell has set."""
    words = [str(word) for word in command]
    environ = kept() | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(words, cwd=cwd, env=environ, capture_output=True, text=True, timeout=300, check=False)


def outgrow(*words: object) -> dict[str, Any]:
    """Run a command of outgrow that has to end well, and return what it says."""
    done = run(sys.executable, "-m", "outgrow", *words, "--json")
    assert done.returncode == 0, done.stderr + done.stdout
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@dataclass(frozen=True)
class Converted:
    """A data set, its app, and what `convert` said. The copy that it was made from is `source`."""

    name: str
    source: Path
    app: Path
    said: dict[str, Any]

    @cached_property
    def tables(self) -> list[dict[str, Any]]:
        """What `inspect` says about it."""
        tables: list[dict[str, Any]] = outgrow("inspect", self.source)["tables"]
        return tables
