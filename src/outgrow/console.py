"""What people see: tables, findings, progress. The only room that knows rich."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid

from outgrow.errors import OutgrowError
from outgrow.record import Finding
from outgrow.schema.model import Plan, Table
from outgrow.steps import Conversion, Inspection
from outgrow.transfer.export import ExportResult
from outgrow.transfer.verify import VerifyResult

MOST_FINDINGS = 20
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
COLOURS = {"info": "blue", "warning": "yellow", "error": "red"}
PHASES = {"read": "Reading", "load": "Loading", "verify": "Verifying", "write": "Writing"}


class Bar:
    """A progress bar per phase, on a terminal only; elsewhere silent."""

    def __init__(self, quiet: bool) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self.bars = Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
        self.tasks: dict[str, Any] = {}

    def __enter__(self) -> Callable[[str, str, int, int], None]:
        self.bars.start()
        return self.advance

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bars.stop()

    def advance(self, phase: str, what: str, done: int, total: int) -> None:
        """Move a phase's bar on."""
        if phase not in self.tasks:
            self.tasks[phase] = self.bars.add_task(PHASES.get(phase, phase), total=total or None)
        self.bars.update(self.tasks[phase], advance=done, description=f"{PHASES.get(phase, phase)} {escape(what)}")


def show_error(error: OutgrowError) -> None:
    """An error on stderr: what, where, what to do."""
    place = f"[bold]{escape(str(error.origin))}[/]: " if error.origin else ""
    err.print(f"[red]Error:[/] {place}{escape(error.problem)}")
    if error.hint:
        err.print(escape(error.hint))


def show_findings(findings: Iterable[Finding], *, least: str = "info") -> None:
    """Findings on stderr, the gravest first."""
    ranks = ("error", "warning", "info")
    chosen = [f for rank in ranks for f in findings if f.severity == rank and ranks.index(rank) <= ranks.index(least)]
    for finding in chosen[:MOST_FINDINGS]:
        place = f"{escape(str(finding.origin))}: " if finding.origin else ""
        err.print(f"[{COLOURS[finding.severity]}]{finding.severity}:[/] {place}{escape(finding.message)}")
    if len(chosen) > MOST_FINDINGS:
        err.print(f"… and {len(chosen) - MOST_FINDINGS} more; --json lists them all")


def show_inspection(inspection: Inspection) -> None:
    """What is there and what it would become, on one screen."""
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    for title in ("table", "from", "rows", "key", "columns", "refers to"):
        grid.add_column(title, justify="right" if title == "rows" else "left", overflow="fold")
    for table in inspection.plan:
        grid.add_row(*map(escape, _table_line(table)))
    out.print(grid)


def _table_line(table: Table) -> Sequence[str]:
    origin = table.source if table.parent is None else f"{table.parent}.{'.'.join(table.path)}"
    targets = ", ".join(dict.fromkeys(reference.table for reference in table.references))
    return table.name, origin, f"{table.rows:,}", ", ".join(table.primary_key), str(len(table.columns)), targets


def show_conversion(result: Conversion) -> None:
    """What a conversion did, and the commands to go on with; they work as printed."""
    grid = Grid(box=None, pad_edge=False, header_style="bold")
    grid.add_column("table")
    grid.add_column("rows", justify="right")
    for name, rows in result.tables.items():
        grid.add_row(escape(name), f"{rows:,}")
    out.print(grid)
    seconds = sum(result.seconds.values())
    proof = "verified: nothing lost" if result.verified else "NOT verified"
    out.print(f"{sum(result.tables.values()):,} rows in {seconds:.1f} s, {result.reject_count:,} set aside, {proof}")
    if result.hashed_passwords:
        out.print(
            f"{result.hashed_passwords:,} passwords were plain text or fast hashes; they are stored as argon2 now"
        )
    if result.reject_count:
        out.print(f"Set aside, with the reasons: {escape(str(result.app / 'rejects'))}")


def show_next_steps(result: Conversion) -> None:
    """Commands that work as printed."""
    app = escape(str(result.app))
    first = next(iter(result.tables), "")
    out.print(f"\nThe app is in [bold]{app}[/]. Run it:\n  cd {app}")
    if importlib.util.find_spec("flask_migrate") is None:
        out.print("  python3 -m venv .venv && . .venv/bin/activate && pip install -e .")
    out.print("  flask run")
    out.print("Ask it, with this token (it is shown only now; `flask token create` makes another):")
    out.print(f"  curl -H 'Authorization: Bearer {result.token}' http://127.0.0.1:5000/api/{escape(first)}")
    out.print("Look around in Python:  flask shell")


def show_verification(result: VerifyResult) -> None:
    """What was compared, and whether it agrees."""
    against = "its files and its ledger" if result.with_source else "its ledger (the files are not there)"
    verdict = "nothing is lost" if result.ok else "there are differences"
    out.print(f"{sum(result.rows.values()):,} rows of {len(result.rows)} tables compared with {against}: {verdict}")
    if result.changed:
        out.print(f"{result.changed:,} records were changed through the app since; they are left alone")
    if result.sampled_passwords:
        out.print(f"{result.sampled_passwords} hashed passwords were checked against the files")
    out.print(f"Text kept beside the columns: {result.raw_share:.2%} of the files")


def show_export(result: ExportResult, folder: Path) -> None:
    """What was written."""
    out.print(f"{result.files:,} files with {result.records:,} records written to {escape(str(folder))}")


@contextmanager
def progress_bar(*, quiet: bool) -> Any:
    """A progress callable for the steps."""
    with Bar(quiet) as advance:
        yield advance


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings for programs."""
    return [
        {"severity": f.severity, "message": f.message, "origin": str(f.origin) if f.origin else None} for f in findings
    ]


def inspection_json(inspection: Inspection) -> dict[str, Any]:
    """The contract of `inspect --json`."""
    errors = [Finding("error", error.problem, error.origin) for error in inspection.errors]
    return {
        "tables": [_table_json(table) for table in inspection.plan],
        "findings": findings_json([*errors, *inspection.findings]),
    }


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "source": table.source,
        "kind": table.kind,
        "rows": table.rows,
        "class": table.class_name,
        "columns": [
            {
                "name": column.name,
                "field": _field(column.role, column.field),
                "type": "integer" if column.type.name == "integer" else str(column.type),
                "nullable": column.nullable,
                "secret": column.secret is not None,
            }
            for column in table.columns
        ],
        "primary_key": list(table.primary_key),
        "unique": [list(columns) for columns in table.unique],
        "foreign_keys": [
            {
                "columns": list(reference.columns),
                "references": {"table": reference.table, "columns": list(reference.referenced)},
                "reason": reference.evidence,
            }
            for reference in table.references
        ],
    }


def _field(role: str, field: tuple[str, ...]) -> str | None:
    if role == "field":
        return ".".join(field)
    return {"key": "<key>", "element": "<element>", "file": field[0] if field else ""}.get(role)


def conversion_json(result: Conversion) -> dict[str, Any]:
    """The contract of `convert --json` and `load --json`."""
    return {
        "app": str(result.app),
        "tables": result.tables,
        "rows": sum(result.tables.values()),
        "rejects": result.reject_count,
        "rejected": [{"origin": str(r.origin), "reason": r.reason} for r in result.rejects],
        "findings": findings_json(result.findings),
        "seconds": result.seconds,
        "verified": result.verified,
        "token": result.token or None,
    }


def verification_json(result: VerifyResult) -> dict[str, Any]:
    """What `verify --json` prints."""
    values = asdict(result)
    values["findings"] = findings_json(result.findings)
    return {**values, "verified": result.ok}


def print_json(value: dict[str, Any]) -> None:
    """One object on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def relations(plan: Plan) -> int:
    """How many foreign keys a plan has."""
    return sum(len(table.references) for table in plan)
