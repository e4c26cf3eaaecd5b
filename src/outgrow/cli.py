"""The door: options in, one step called, results shown, an exit code out. No decisions."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from outgrow import console, objects, steps
from outgrow.detachment import Detachment
from outgrow.errors import AppError, OutgrowError
from outgrow.record import Finding, Origin
from outgrow.results import Conversion, ConvertOptions

GOOD, FAILED, WITH_REJECTS = 0, 1, 3
TRY_AGAIN = "Check that there is room on the disk and that you may read and write there; then run the command again."
NO_NEW_DATABASE = """Where to? Put the URL of an empty database into NEW_DATABASE_URL, so that neither other users
nor the shell's history see its password:

    read -rs NEW_DATABASE_URL && export NEW_DATABASE_URL      (then type postgresql://user:password@host/name)

Or name it, if it needs no password: --database sqlite:///path/to/new.db"""
DATA = click.argument("data", type=click.Path(path_type=Path))
APP = click.argument("app", type=click.Path(path_type=Path))
QUIET = click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")
SALVAGE = click.option(
    "--salvage", is_flag=True, help="Take what is whole in a broken file; the rest becomes a reject."
)
SOURCE = click.option("--source", type=click.Path(path_type=Path), help="The data, if it isn't where it was.")
FAIL_ON = click.option(
    "--fail-on",
    type=click.Choice(["reject", "warning", "never"]),
    default="reject",
    help="When to exit with 3: on rejects and errors (reject), on warnings too, or never.",
    show_default=True,
)


def _guarded(command: Callable[..., int]) -> Callable[..., None]:
    """Turn errors into messages and results into exit codes."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        console.be_robust()
        try:
            code = command(*args, **options)
        except OutgrowError as error:
            console.show_error(error)
            code = FAILED
        except BrokenPipeError:  # what we print to has enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = FAILED
        except OSError as error:
            place = Origin(os.fspath(error.filename)) if isinstance(error.filename, str) else None
            console.show_error(OutgrowError(error.strerror or str(error), origin=place, hint=TRY_AGAIN))
            code = FAILED
        except KeyboardInterrupt:
            console.err.print("Stopped.")
            code = FAILED
        sys.exit(code)

    return run


def _exit_code(findings: Iterable[Finding], rejects: int, fail_on: str) -> int:
    severities = {finding.severity for finding in findings}
    if fail_on == "never":
        return GOOD
    if rejects or "error" in severities or (fail_on == "warning" and "warning" in severities):
        return WITH_REJECTS
    return GOOD


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="outgrow")
def main() -> None:
    """Turn the flat files a site keeps its data in into a Flask app with a real database, and prove it."""


@main.command()
@DATA
@AS_JSON
@click.option("--database", envvar="DATABASE_URL", help="Say also what this database would refuse.")
@click.option("--write-plan", type=click.Path(path_type=Path), help="Write the plan to a new file, to be edited.")
@SALVAGE
@QUIET
@FAIL_ON
@_guarded
def inspect(data: Path, as_json: bool, write_plan: Path | None, quiet: bool, fail_on: str, **options: Any) -> int:
    """Say what is there, and what it would become."""
    with console.progress_bar(quiet=quiet) as progress:
        found = steps.inspect(data, **options, progress=progress)
    if write_plan is not None:
        steps.write_plan(found, write_plan)
    errors = [Finding("error", error.problem, error.origin) for error in found.errors]
    said = [*errors, *found.flawed, *found.findings]
    if as_json:
        console.print_json(objects.inspection_json(found))
    else:
        if not quiet:
            console.show_inspection(found)
        console.show_findings(said, least="error" if quiet else "info")
        if write_plan is not None and not quiet:
            console.out.print(f"The plan is in {write_plan}")
    return _exit_code(said, 0, fail_on)


@main.command()
@DATA
@APP
@click.option("--plan", type=click.Path(path_type=Path), help="Go by this plan instead of a new guess.")
@click.option("--database", envvar="DATABASE_URL", help="The database's URL; in DATABASE_URL it stays out of `ps`.")
@click.option("--dry-run", is_flag=True, help="Do everything against a scratch database, and leave nothing.")
@click.option("--again", is_flag=True, help="Replace an app in which nothing was edited.")
@SALVAGE
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def convert(data: Path, app: Path, as_json: bool, quiet: bool, fail_on: str, **options: Any) -> int:
    """Inspect, plan, generate, migrate, load and verify in one go."""
    with console.progress_bar(quiet=quiet) as progress:
        result = steps.convert(data, app, ConvertOptions(**options), progress)
    return _show(result, as_json=as_json, quiet=quiet, fail_on=fail_on, first=not options["dry_run"])


def _show(result: Conversion, *, as_json: bool, quiet: bool, fail_on: str, first: bool) -> int:
    if as_json:
        console.print_json(objects.conversion_json(result))
    elif quiet:
        console.show_findings(result.findings, least="error")
    else:
        console.show_conversion(result)
        console.show_findings(result.findings)
        if first and result.token:
            console.show_next_steps(result)
    return _exit_code(result.findings, result.reject_count, fail_on)


@main.command()
@APP
@SOURCE
@SALVAGE
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def load(app: Path, source: Path | None, salvage: bool, as_json: bool, quiet: bool, fail_on: str) -> int:
    """Go on with a load that was cut off, or take in what has changed in the files since; the app's changes stay."""
    with console.progress_bar(quiet=quiet) as progress:
        result = steps.load(app, source, salvage=salvage, progress=progress)
    return _show(result, as_json=as_json, quiet=quiet, fail_on=fail_on, first=False)


@main.command()
@APP
@SOURCE
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def verify(app: Path, source: Path | None, as_json: bool, quiet: bool, fail_on: str) -> int:
    """Prove that the database holds what the files hold, and name what differs."""
    with console.progress_bar(quiet=quiet) as progress:
        result = steps.verify(app, source, progress)
    if as_json:
        console.print_json(objects.verification_json(result))
    else:
        if not quiet:
            console.show_verification(result)
        console.show_findings(result.findings, least="error" if quiet else "info")
    return _exit_code(result.findings, 0, fail_on)


@main.command()
@APP
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing: compare with what lies in FOLDER, exit with 3 unless same.")
@click.option("--files", is_flag=True, help="With --check: name every file.")
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def export(app: Path, folder: Path, as_json: bool, quiet: bool, fail_on: str, **options: bool) -> int:
    """Write the records back as the files they came from, or compare them with such files."""
    if options["check"]:
        return _check_export(app, folder, files=options["files"], as_json=as_json, quiet=quiet)
    with console.progress_bar(quiet=quiet) as progress:
        result = steps.export(app, folder, progress)
    if as_json:
        console.print_json(objects.export_json(result))
    elif quiet:
        console.show_findings(result.findings, least="error")
    else:
        console.show_export(result, folder)
        console.show_findings(result.findings)
    return _exit_code(result.findings, 0, fail_on)


def _check_export(app: Path, folder: Path, *, files: bool, as_json: bool, quiet: bool) -> int:
    with console.progress_bar(quiet=quiet) as progress:
        held = steps.check_export(app, folder, progress)
    if as_json:
        console.print_json(objects.held_json(held))
    elif not quiet:
        console.show_held(held, every=files)
        console.show_findings(held.findings)
    return GOOD if held.is_same else WITH_REJECTS


@main.command()
@APP
@click.argument("target", metavar="TABLE|PLACE")
@click.argument("key", required=False)
@SOURCE
@AS_JSON
@_guarded
def where(app: Path, target: str, key: str | None, source: Path | None, as_json: bool) -> int:
    """Say where a row's record stands (`where APP users 17`), or which row it became (`where APP users.json:212`)."""
    found = steps.where(app, target, key, source)
    if as_json:
        console.print_json(objects.where_json(found))
    else:
        console.show_where(found, by_key=key is not None)
    return GOOD if found else FAILED


@main.command()
@APP
@click.option("--database", envvar="NEW_DATABASE_URL", help="Where to; in NEW_DATABASE_URL it stays out of `ps`.")
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def move(app: Path, database: str | None, as_json: bool, quiet: bool, fail_on: str) -> int:
    """Move an app to another database, empty so far, with all that was written since; stop the app first."""
    if not database:
        raise click.UsageError(NO_NEW_DATABASE)
    with console.progress_bar(quiet=quiet) as progress:
        moved = steps.move(app, database, progress)
    if as_json:
        console.print_json(objects.move_json(moved))
    elif not quiet:
        console.show_move(moved)
        console.show_findings(moved.findings)
    return _exit_code(moved.findings, 0, fail_on)


@main.command()
@APP
@click.option("--yes", is_flag=True, help="Don't ask first.")
@AS_JSON
@QUIET
@FAIL_ON
@_guarded
def detach(app: Path, yes: bool, as_json: bool, quiet: bool, fail_on: str) -> int:
    """Take outgrow's tables and all traces of it out of an app, which goes on without. Ends load, verify and export."""
    found = steps.find_traces(app)
    if not found.is_empty and not yes:
        _confirm(found)
    if not found.is_empty:
        found = steps.detach(app)
    if as_json:
        console.print_json(objects.detachment_json(found))
    elif not quiet:
        console.show_detachment(found)
        console.show_findings(found.findings)
    return _exit_code(found.findings, 0, fail_on)


def _confirm(found: Detachment) -> None:
    """Ask on a terminal whether to go on; where nobody can answer, that is an error of usage."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"{console.warn_of_detachment(found)}\nThere is no terminal to ask on: add --yes to go on."
        )
    console.err.print(console.warn_of_detachment(found), markup=False)
    if not click.confirm("Go on?", err=True):
        raise AppError("nothing was changed")


if __name__ == "__main__":
    main()
