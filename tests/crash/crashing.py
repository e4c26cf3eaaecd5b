"""A site that is converted, by processes that may be killed, and what the database holds of it afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from outgrow.database.url import parse_url

KILLED_AT = Path(__file__).with_name("outgrow_killed_at.py")
SECONDS = 300


def write_data(folder: Path, users: int, posts: int) -> Path:
    """Write a site's files: with keys of its own, lists, and some records that can't be kept as they are."""
    folder.mkdir(parents=True)
    texts = [{"id": n, "username": f"user{n}", "bio": f"{n} " * 20} for n in range(1, users + 1)]
    rows: list[dict[str, Any]] = [
        {"id": n, "user_id": 1 + n % users, "title": f"Post {n}", "tags": [f"t{n % 9}", f"u{n % 7}"]}
        for n in range(1, posts + 1)
    ]
    rows[posts // 3]["user_id"] = 10_000_000  # leads nowhere
    rows[posts // 2]["title"] = None
    rows[posts - 300] = rows[posts - 301]  # an exact copy
    rows[posts - 200] = rows[posts - 201] | {"title": "another one"}  # its key is taken: a reject
    rows[300] = rows[299] | {"title": "another one"}
    (folder / "users.json").write_text(json.dumps(texts, indent=1))
    (folder / "posts.json").write_text(json.dumps(rows, indent=1))
    return folder


@dataclass
class Site:
    """A folder of data, and the app that is made of it on some database."""

    data: Path
    app: Path
    url: str

    def start(self, words: list[str], death: Sequence[str]) -> subprocess.Popen[str]:
        """Start a command in a process group of its own; for `death` see outgrow_killed_at.py."""
        script = [str(KILLED_AT), *death] if death else ["-m", "outgrow.cli"]
        litter = self.app.with_name("litter")  # what a kill leaves of temporary files
        litter.mkdir(exist_ok=True)
        return subprocess.Popen(
            [sys.executable, *script, *words, "--quiet", "--json"],
            env={**os.environ, "DATABASE_URL": self.url, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(litter)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def convert(self, *death: str) -> subprocess.Popen[str]:
        """Start the conversion."""
        return self.start(["convert", str(self.data), str(self.app)], death)

    def load(self, *death: str) -> subprocess.Popen[str]:
        """Start a load that goes on."""
        return self.start(["load", str(self.app)], death)

    def flask(self, *words: str) -> tuple[int, str]:
        """Run one of the app's own commands; returns its status and what it says."""
        run = subprocess.run(
            [sys.executable, "-m", "flask", *words],
            cwd=self.app,
            env={**os.environ, "DATABASE_URL": self.url, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        return run.returncode, run.stdout + run.stderr


def kill(process: subprocess.Popen[str], *, alone: bool = False) -> None:
    """Kill a command with all its processes, or `alone` the first of them."""
    with suppress(ProcessLookupError):
        (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
    process.communicate()


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    """Wait for a command that must come to its end, and return what it prints."""
    said, errors = process.communicate(timeout=SECONDS)
    if process.returncode not in (0, 3):
        raise AssertionError(f"ended with {process.returncode}: {errors[-4000:]}")
    found: dict[str, Any] = json.loads(said)
    return found


def contents(site: Site) -> dict[str, Any]:
    """All that a load makes: rows, and what holds them together; what was set aside."""
    engine = sa.create_engine(parse_url(site.url, Path.cwd()), poolclass=sa.NullPool)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for name in sorted(inspector.get_table_names()):
            if name.startswith(("outgrow_", "app_", "alembic_")):
                continue
            rows = connection.execute(sa.select(sa.text("*")).select_from(sa.table(name))).all()
            keys = [(key["constrained_columns"], key["referred_table"]) for key in inspector.get_foreign_keys(name)]
            indexes = [(index["name"], index["column_names"]) for index in inspector.get_indexes(name)]
            found[name] = sorted(map(repr, rows)), sorted(map(repr, keys)), sorted(map(repr, indexes))
    for file in sorted((site.app / "rejects").glob("*")):
        found[file.name] = sorted(file.read_text().splitlines())
    return found


def tables(site: Site) -> list[str]:
    """The tables that a site's database holds."""
    return sorted(
        sa.inspect(sa.create_engine(parse_url(site.url, Path.cwd()), poolclass=sa.NullPool)).get_table_names()
    )


def differences(site: Site, whole: dict[str, Any]) -> list[str]:
    """In what a site differs from one that was never disturbed."""
    found = contents(site)
    return [
        f"{name} differs: {str(found.get(name))[:200]} instead of {str(whole.get(name))[:200]}"
        for name in sorted(found.keys() | whole.keys())
        if found.get(name) != whole.get(name)
    ]
