"""What people see: tables, findings, progress. The only room that knows rich."""

from __future__ import annotations

import importlib.util
import io
import json
import shlex
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from outgrow.detachment import Detachment
from outgrow.errors import OutgrowError
from outgrow.moving import Move
from outgrow.record import Finding
from outgrow.results import Conversion, Inspection
from outgrow.schema.model import Table
from outgrow.transfer.differences import VerifyResult
from outgrow.transfer.export import ExportResult
from outgrow.transfer.held import VERDICTS, Held
from outgrow.transfer.merge import MergeResult
from outgrow.transfer.whereabouts import Whereabouts

MOST_FINDINGS = 20
MOST_REJECTS = 5
LONGEST_MESSAGE = 600
NARROWEST = 8
GAP = "  "
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
COLOURS = {"info": "blue", "warning": "yellow", "error": "red"}
PHASES = {
    "read": "Reading",
    "load": "Loading",
    "verify": "Verifying",
    "write": "Writing",
    "copy": "Copying",
    "compare": "Comparing",
}


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


def spell_out(text: str) -> str:
    """The text with what can't be printed (escapes for the terminal, half characters) spelled out, ready for rich."""
    if not text.isprintable():
        codes = (c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
        text = "".join(codes)
    if len(text) > LONGEST_MESSAGE:
        text = f"{text[: LONGEST_MESSAGE - 100]}…{text[-100:]}"
    return escape(text)


def count(number: int, what: str) -> str:
    """A number of things: `1 file`, `1,200 files`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def show_error(error: OutgrowError) -> None:
    """An error on stderr: what, where, what to do."""
    place = f"[bold]{spell_out(str(error.origin))}[/]: " if error.origin else ""
    problem = "\n".join(map(spell_out, error.problem.split("\n")))
    err.print(f"[red]Error:[/] {place}{problem}")
    if error.hint:
        err.print("\n".join(map(spell_out, error.hint.split("\n"))))


def show_findings(findings: Iterable[Finding], *, least: str = "info") -> None:
    """Findings on stderr, the gravest first."""
    ranks = ("error", "warning", "info")
    ranked = [[f for f in findings if f.severity == rank] for rank in ranks[: ranks.index(least) + 1]]
    chosen = [finding for group in ranked for finding in group]
    for finding in chosen[:MOST_FINDINGS]:
        place = f"{spell_out(str(finding.origin))}: " if finding.origin else ""
        err.print(f"[{COLOURS[finding.severity]}]{finding.severity}:[/] {place}{spell_out(finding.message)}")
    if len(chosen) > MOST_FINDINGS:
        err.print(f"… and {len(chosen) - MOST_FINDINGS} more; --json lists them all")


def show_inspection(inspection: Inspection) -> None:
    """What is there and what it would become, on one screen."""
    tables = list(inspection.plan)
    if not tables:
        out.print("No records were found.")
        return
    _show_grid(("table", "rows", "columns", "key", "refers to", "from"), [_table_line(table) for table in tables])
    references = sum(len(table.references) for table in tables)
    rows = sum(table.rows for table in tables)
    out.print(f"{count(len(tables), 'table')}, {count(rows, 'row')}, {count(references, 'reference')}")


def _table_line(table: Table) -> Sequence[str]:
    origin = table.source if table.parent is None else f"{table.parent}.{'.'.join(table.path)}"
    targets = ", ".join(dict.fromkeys(reference.table for reference in table.references))
    return table.name, f"{table.rows:,}", str(len(table.columns)), ", ".join(table.primary_key), targets, origin


def _show_grid(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Rows in columns. On a terminal the widest give way until all fit; in a pipe nothing is cut."""
    lines = lay_out_rows(titles, rows, out.width if out.is_terminal else None)
    out.print(f"[bold]{lines[0]}[/]")
    for line in lines[1:]:
        out.print(escape(line))


def lay_out_rows(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int | None) -> list[str]:
    """The titles and the rows as lines no wider than `width`; numbers stand right, the last column keeps its end."""
    cells = [list(titles), *([_cell(text) for text in row] for row in rows)]
    widths = [max(cell_len(row[number]) for row in cells) for number in range(len(titles))]
    room = None if width is None else width - len(GAP) * (len(widths) - 1)
    while room is not None and sum(widths) > room and max(widths) > NARROWEST:
        widths[widths.index(max(widths))] -= 1
    numeric = [all(row[n].replace(",", "").isdigit() for row in cells[1:]) for n in range(len(titles))]
    ends = len(titles) - 1
    return [
        GAP.join(_fit(cell, widths[n], numeric=numeric[n], end=n == ends) for n, cell in enumerate(row)).rstrip()
        for row in cells
    ]


def _cell(text: str) -> str:
    return text if text.isprintable() else ascii(text)[1:-1]


def _fit(cell: str, width: int, *, numeric: bool, end: bool) -> str:
    if cell_len(cell) > width:
        if end:
            return "…" + set_cell_size(cell[::-1], width - 1)[::-1]
        return set_cell_size(cell, width - 1) + "…"
    blanks = " " * (width - cell_len(cell))
    return blanks + cell if numeric else cell + blanks


def show_conversion(result: Conversion) -> None:
    """What a conversion did, and the commands to go on with; they work as printed."""
    _show_grid(("table", "rows"), [(name, f"{rows:,}") for name, rows in result.tables.items()])
    seconds = sum(result.seconds.values())
    rest = "the rest is verified" if result.reject_count else "verified: nothing lost"
    proof = rest if result.verified else "NOT verified"
    rows = count(sum(result.tables.values()), "row")
    out.print(f"{rows} in {seconds:.1f} s, {result.reject_count:,} set aside, {proof}")
    if result.merged is not None:
        _show_changes(result.merged)
    if result.verification is not None:
        _show_raw(result.verification.raw_records, result.verification.records)
    if result.hashed_passwords:
        out.print(f"{count(result.hashed_passwords, 'password')} in plain text or as a fast hash: stored as argon2 now")
    for reject in result.rejects[:MOST_REJECTS]:
        err.print(f"set aside: {spell_out(str(reject.origin))}: {spell_out(reject.reason)}")
    if result.reject_count > MOST_REJECTS:
        err.print(f"… and {result.reject_count - MOST_REJECTS:,} more")
    if result.reject_count and result.token:
        out.print(f"Set aside, with the reasons: {spell_out(str(result.app / 'rejects'))}")


def _show_raw(kept: int, records: int) -> None:
    """Of how many records the text is kept, because no rule gives it again."""
    if kept:
        out.print(f"raw text kept for {kept:,} of {count(records, 'record')}")


def _show_changes(merged: MergeResult) -> None:
    """What a load of changed files found changed in them."""
    for table in merged.new:
        found = (
            (merged.new[table], "new"),
            (merged.changed[table], "changed"),
            (merged.gone[table], "gone from the files and kept"),
            (merged.left[table], "left as the app has it"),
        )
        if told := ", ".join(f"{number:,} {what}" for number, what in found if number):
            out.print(f"{spell_out(table)}: {told}")


def show_next_steps(result: Conversion) -> None:
    """Commands that work as printed."""
    app = spell_out(shlex.quote(str(result.app)))
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
    against = "its files and its ledger" if result.with_source else "its ledger (the files are gone or others)"
    aside = f"; {count(result.rejects, 'record')} set aside before" if result.rejects else ""
    verdict = f"nothing else is lost{aside}" if aside else "nothing is lost"
    verdict = verdict if result.ok else "there are differences"
    compared = f"{count(sum(result.rows.values()), 'row')} of {count(len(result.rows), 'table')}"
    out.print(f"{compared} compared with {against}: {verdict}")
    if result.changed:
        out.print(f"{count(result.changed, 'record')} changed through the app since, and left alone")
    if result.kept:
        out.print(f"{count(result.kept, 'record')} kept by a load against what the files say")
    if result.sampled_passwords:
        out.print(f"{count(result.sampled_passwords, 'hashed password')} checked against the files")
    _show_raw(result.raw_records, result.records)
    out.print(f"Text kept beside the columns: {result.raw_share:.2%} of the files")


def show_export(result: ExportResult, folder: Path) -> None:
    """What was written."""
    out.print(
        f"{count(result.files, 'file')} with {count(result.records, 'record')} written to {spell_out(str(folder))}"
    )
    _show_raw(result.raw_records, result.records)


def show_held(held: Held, *, every: bool) -> None:
    """How the files of a folder stand to what export would write."""
    counts = [f"{held.counts[verdict]:,} {verdict}" for verdict in VERDICTS if held.counts[verdict]]
    out.print(f"{count(len(held.files), 'file')}: {', '.join(counts) or 'nothing to write'}")
    named = [(path, verdict) for path, verdict in held.files.items() if every or verdict != "identical"]
    for path, verdict in named if every else named[:MOST_FINDINGS]:
        out.print(f"{verdict}: {spell_out(path)}")
    if not every and len(named) > MOST_FINDINGS:
        out.print(f"… and {len(named) - MOST_FINDINGS} more; --files names them all")


def show_where(found: Sequence[Whereabouts], *, by_key: bool) -> None:
    """Where a row comes from, or which rows come from a place."""
    if not found:
        err.print("No record stands there.")
    for each in found:
        row = spell_out(f"{each.table} {','.join(map(str, each.key))}")
        place = spell_out(str(each.origin)) if each.origin else "comes from no file: the app has entered it"
        gone = " (the row is gone)" if each.gone else ""
        out.print((place if each.origin else f"{row} {place}") + gone if by_key else row + gone)


def show_move(moved: Move) -> None:
    """What was moved, and what is left to do."""
    rows = sum(moved.tables.values())
    out.print(f"{count(rows, 'row')} of {count(len(moved.tables), 'table')} copied, read back and found the same")
    out.print(f"From {spell_out(moved.source)}, which is as it was, to {spell_out(moved.target)}")
    app = spell_out(str(moved.app))
    out.print(f"{app}/.env names the new one: start {app} anew. What is written to the old one from now on is lost.")


def warn_of_detachment(found: Detachment) -> str:
    """What detaching takes away for good."""
    what = [count(len(found.tables), "table"), count(len(found.files), "file"), count(len(found.lines), "line")]
    return (
        f"Removes from {found.app} what is outgrow's: {', '.join(what)}.\n"
        "With it end `outgrow load`, `verify` and `export`, for good: only these tables know which file and place a "
        "row comes from, what a column can't say, and the old password hashes that export writes back."
    )


def show_detachment(found: Detachment) -> None:
    """What was taken out."""
    app = spell_out(str(found.app))
    if found.is_empty:
        out.print(f"What is left of outgrow in {app} is yours:" if found.findings else f"{app} has nothing of outgrow.")
        return
    for what, names in (("tables", found.tables), ("files", found.files), ("lines", found.lines)):
        if names:
            out.print(f"Removed {what}: {spell_out(', '.join(names))}")
    out.print(f"Where {app} runs, start it anew.")


@contextmanager
def progress_bar(*, quiet: bool) -> Any:
    """A progress callable for the steps."""
    with Bar(quiet) as advance:
        yield advance


def print_json(value: dict[str, Any]) -> None:
    """One object on stdout."""
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not utf8, indent=1))


def be_robust() -> None:
    """Let no character that a terminal can't show end the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
