"""What rendered apps are tried with: plans, and the Pythons whose environments hold the app's libraries."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from nursery import APP, FLASK, PYTEST, Ended, Nursery
from surroundings import kept

PLANS = ("blog", "odd", "long", "empty")
PYTHONS = os.environ.get("OUTGROW_APP_PYTHONS", sys.executable).split(os.pathsep)


def run_python(python: str, code: str, *words: str, folder: Path, warnings: str = "", **environ: str) -> Ended:
    """Run some Python in an app's folder, as its owner would, in a process of its own."""
    given = kept() | {"SECRET_KEY": "tests"} | environ
    return Nursery.of(APP, python, warnings).run(code, *words, folder=folder, environ=given)


def run_flask(python: str, *words: str, folder: Path, **environ: str) -> Ended:
    """Run a command of flask."""
    return run_python(python, FLASK, *words, folder=folder, **environ)


def run_own_tests(python: str, *words: str, folder: Path, warnings: str = "") -> Ended:
    """Run an app's own tests."""
    return run_python(python, PYTEST, "-q", "-p", "no:cacheprovider", *words, folder=folder, warnings=warnings)
