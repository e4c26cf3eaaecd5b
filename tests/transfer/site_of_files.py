"""A site whose data are written in the test itself: converted, looked at, changed, exported."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from outgrow import steps
from outgrow.record import Finding
from outgrow.transfer.verify import VerifyResult

Files = Mapping[str, str | bytes]


def build_tree(folder: Path, files: Files) -> Path:
    """Write files below a folder, by their paths; returns the folder."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return folder


def read_tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by their paths."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Site:
    """A folder of data, the app made from it, and what is asked of both."""

    root: Path
    exports: int = 0

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def database(self) -> Path:
        return self.app / "instance" / "app.db"

    def convert(self, files: Files, edit: Callable[[str], str] | None = None, **options: Any) -> steps.Conversion:
        """Write the files and convert them; `edit` is what a person does to the plan's text."""
        build_tree(self.data, files)
        chosen = steps.ConvertOptions(**options)
        if edit is not None:
            before = steps.inspect(self.data).plan_text
            plan = self.root / "plan.toml"
            plan.write_text(edit(before))
            assert plan.read_text() != before, "the edit didn't change the plan:\n" + before
            chosen = replace(chosen, plan=plan)
        return steps.convert(self.data, self.app, chosen)

    def copy_to(self, other: Site) -> Site:
        """A copy of the data and the app at another place."""
        shutil.copytree(self.data, other.data)
        shutil.copytree(self.app, other.app)
        other.sql("UPDATE outgrow_meta SET value = ? WHERE name = 'source'", str(other.data))
        return other

    def take_source_away(self) -> None:
        shutil.rmtree(self.data)

    def export(self) -> dict[str, bytes]:
        """The files that export writes."""
        self.exports += 1
        target = self.root / f"back{self.exports}"
        steps.export(self.app, target)
        return read_tree(target)

    def verify(self) -> VerifyResult:
        return steps.verify(self.app)

    def errors(self) -> list[str]:
        """What verify finds wrong, a line each, with its place."""
        return [told(finding) for finding in self.verify().findings if finding.severity == "error"]

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement in the app's database."""
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def dump(self, *, ledger: bool = True) -> list[str]:
        """The database as SQL, without the app's tokens, which differ from app to app."""
        left_out = ('INSERT INTO "app_tokens', *(() if ledger else ('INSERT INTO "outgrow_',)))
        with closing(sqlite3.connect(self.database)) as connection:
            return [line for line in connection.iterdump() if not line.startswith(left_out)]

    def note_change(self, action: str, table: str, *key: Any) -> None:
        """Note a change as the generated app does."""
        self.sql(
            "INSERT INTO outgrow_changes (table_name, row_key, action, changed_at) VALUES (?, ?, ?, '2026-01-01')",
            table,
            json.dumps(list(key), ensure_ascii=False, separators=(",", ":")),
            action,
        )

    def rejects(self, table: str) -> list[dict[str, str]]:
        """What was set aside of a table."""
        file = self.app / "rejects" / f"{table}.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def told(finding: Finding) -> str:
    """A finding as one line."""
    return f"{finding.origin}: {finding.message}" if finding.origin else finding.message
