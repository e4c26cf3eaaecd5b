"""Where the real data sets are, and the commands that a person would type to convert them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from nursery import OUTGROW, RUN_OUTGROW, Nursery
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


def original(name: str) -> Path:
    """A data set by its place in the folder; where it is absent, the test is skipped and says so."""
    place = DATA / name
    if not place.exists():
        # A server for continuous integration has them; there it is a mistake in its set-up.
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"there is no {place}; OUTGROW_DATA says where the real data are")
    return place


def outgrow(*words: object) -> dict[str, Any]:
    """Run a command of outgrow that has to end well, and return what it says."""
    done = Nursery.of(OUTGROW).run(RUN_OUTGROW, *words, "--json", folder=ROOT, environ=kept())
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
