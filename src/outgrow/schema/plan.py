"""The plan as a file: `Plan` → the text of `outgrow.toml` with its evidence, and that text → `Plan`.

Rendering and parsing are inverse to one another, evidence and notes included, so that a plan may be
read, kept, compared and edited. `docs/plan.md` describes the grammar, key by key. No I/O happens here.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from itertools import takewhile

from outgrow.errors import PlanError
from outgrow.record import Origin
from outgrow.schema.model import Column, Plan, Reference, Table
from outgrow.schema.plan_check import check_plan
from outgrow.schema.plan_read import Faults, read_plan
from outgrow.schema.plan_text import align, array, field_path, key, note_line, one_line, quote, scan

PASSWORDS_COMMENTS = {
    "hash": 'or "keep", while the old site still checks the same passwords',
    "keep": 'until the old site is switched off, then "hash"',
}
HINT = "Correct the plan and run the command again; docs/plan.md explains every key."


def render_plan(plan: Plan, header: Sequence[str] = ()) -> str:
    """Return the plan as TOML; `header` are comment lines for its top, each guess has its evidence beside it.

    What a comment can't hold is made to fit: evidence becomes one line without runs of blanks, a note
    one line without blanks at its end; unprintable characters become blanks.
    """
    lines = [_comment(line) for line in header]
    if lines:
        lines.append("")
    lines.append("version = 1")
    if plan.passwords != "hash" or any(column.secret == "password" for table in plan for column in table.columns):
        lines.append(f"passwords = {quote(plan.passwords)}  # {PASSWORDS_COMMENTS[plan.passwords]}")
    for table in plan:
        lines += ["", *_render_table(table, plan)]
    for name, source in plan.files:
        lines += ["", f"[tables.{key(name)}]", f"source = {quote(source)}", 'keep = "file"']
    return "\n".join(lines) + "\n"


def parse_plan(text: str, file: str = "outgrow.toml") -> Plan:
    """Read a plan back, or raise a `PlanError` that names every line that is wrong."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
        places = scan(text)
    except RecursionError:
        raise PlanError("values are nested too deeply", origin=Origin(file), hint=HINT) from None
    except ValueError as error:
        raise _syntax_error(error, text, file) from None
    faults = Faults()
    plan = read_plan(values, places, faults)
    if plan is not None:
        check_plan(plan, faults)
    if faults:
        raise _plan_error(sorted({(places.line(path), problem) for path, problem in faults}), file)
    assert plan is not None
    return plan


def find_line(text: str, path: Sequence[str]) -> int:
    """Return the line of a key in a plan's text, or of the nearest one above it."""
    return scan(text.removeprefix("\ufeff").replace("\r\n", "\n")).line(tuple(path))


def read_header(text: str) -> tuple[str, ...]:
    """Return the comment lines at the top of a plan's text, as `render_plan` was given them."""
    lines = takewhile(lambda line: line.startswith("#"), text.split("\n"))
    return tuple(line[1:].removeprefix(" ") for line in lines)


def _comment(text: str) -> str:
    return f"# {note_line(text)}".rstrip()


def _render_table(table: Table, plan: Plan) -> Iterator[str]:
    lines = [(f"[tables.{key(table.name)}]", one_line(table.evidence))]
    lines += [(line, "") for line in _render_settings(table)]
    lines += [(_render_column(column), one_line(column.evidence)) for column in table.columns]
    lines += [(_render_reference(reference, plan), one_line(reference.evidence)) for reference in table.references]
    if table.dropped:
        lines.append((f"drop = [{', '.join(field_path(path) for path in table.dropped)}]", ""))
    yield from align(lines)
    yield from (_comment(note) for note in table.notes)


def _render_settings(table: Table) -> Iterator[str]:
    if table.parent is None:
        yield f"source = {quote(table.source)}"
    else:
        yield f"parent = {quote(table.parent)}"
        yield f"path = {field_path(table.path)}"
    if table.split:
        yield f"split = {quote(table.split)}"
    if table.kind != default_kind(table.parent):
        yield f"kind = {quote(table.kind)}"
    if table.rows:
        yield f"rows = {table.rows}"
    yield f"class = {quote(table.class_name)}"
    yield f"key = {array(table.primary_key)}"
    if table.unique:
        yield f"unique = [{', '.join(array(columns) for columns in table.unique)}]"
    if table.duplicates != "keep-first":
        yield f"duplicates = {quote(table.duplicates)}"


def default_kind(parent: str | None) -> str:
    """Return the kind of a table that doesn't say its kind."""
    return "entity" if parent is None else "child"


def _render_column(column: Column) -> str:
    pairs = [_render_place(column), f"type = {quote(str(column.type))}"]
    if column.nullable:
        pairs.append("nullable = true")
    if column.default is not None:
        pairs.append(_render_default(column.default))
    if column.secret is not None:
        pairs.append(f"secret = {quote(column.secret)}")
    if column.fill:
        pairs.append("fill = true")
    if column.empty_is_null:
        pairs.append("empty_is_null = true")
    if column.none:
        pairs.append(f"none = {quote(column.none)}")
    if column.format:
        pairs.append(f"format = {quote(column.format)}")
    return f"columns.{key(column.name)} = {{ {', '.join(pairs)} }}"


def _render_place(column: Column) -> str:
    if column.role == "field":
        return f"field = {field_path(column.field)}"
    if column.role in ("file", "path"):
        return f"{column.role} = {quote(column.field[0])}"
    return f"from = {quote(column.role)}"


def _render_default(default: str) -> str:
    """Return a default as TOML's own string, integer or truth value where that is exact, else as JSON."""
    if default == "now":
        return 'default = "now"'
    if default in ("true", "false") or re.fullmatch(r"0|-?[1-9][0-9]{0,99}", default):
        return f"default = {default}"
    try:
        value = json.loads(default)
    except ValueError:
        value = None
    if isinstance(value, str) and value != "now" and json.dumps(value, ensure_ascii=False) == default:
        return f"default = {quote(value)}"
    return f"default_json = {quote(default)}"


def _render_reference(reference: Reference, plan: Plan) -> str:
    pairs = [f"columns = {array(reference.columns)}", f"to = {quote(reference.table)}"]
    target = plan.by_name.get(reference.table)
    if target is None or reference.referenced != target.primary_key:
        pairs.append(f"referenced = {array(reference.referenced)}")
    if reference.back:
        pairs.append(f"back = {quote(reference.back)}")
    if reference.unique:
        pairs.append("unique = true")
    pairs.append(f"on_delete = {quote(reference.on_delete)}")
    if reference.orphans != "null":
        pairs.append(f"orphans = {quote(reference.orphans)}")
    return f"references.{key(reference.name)} = {{ {', '.join(pairs)} }}"


def _syntax_error(error: ValueError, text: str, file: str) -> PlanError:
    place = re.search(r"^(.*) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error), re.DOTALL)
    if place is None:
        return PlanError(f"no valid TOML: {error}", origin=Origin(file), hint=HINT)
    origin = Origin(file, int(place[2]), int(place[3])) if place[2] else Origin(file, text.count("\n") + 1)
    return PlanError(f"no valid TOML: {place[1]}", origin=origin, hint=HINT)


def _plan_error(faults: Sequence[tuple[int, str]], file: str) -> PlanError:
    """Make one error of all faults: the first is its problem and origin, the others follow with theirs."""
    (line, first), *others = faults
    problem = "\n".join([first, *(f"{Origin(file, line)}: {other}" for line, other in others)])
    return PlanError(problem, origin=Origin(file, line), hint=HINT)
