"""Compares the plan with the database before anything is read: the app is the user's, and may have moved on.

From the first edit by hand the models and the revisions are the truth, and the plan is history. So what the
plan names has to be there, under the name that it says; what it doesn't know is left alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine

from outgrow.database.engine import column_facts, table_names
from outgrow.database.ledger import Ledger
from outgrow.errors import DatabaseError
from outgrow.record import Finding
from outgrow.schema.model import Plan, Table
from outgrow.schema.plan import find_line

PLAN = "outgrow.toml"
RESHAPED = f"{PLAN} was changed in more than names since it was loaded; `outgrow load` takes that in, from the files"


def compare_database(plan: Plan, engine: Engine, text: str, missing_revisions: Sequence[str]) -> list[Finding]:
    """Check that every table and column of the plan is there; columns that only the database has are left alone.

    Raises DatabaseError that names each table and column that is gone or renamed, with its line in the plan's text.
    """
    there = set(table_names(engine))
    findings: list[Finding] = []
    missing: list[str] = []
    for table in plan:
        if table.name not in there:
            missing.append(f"{_line(text, 'tables', table.name)}table {table.name}: [tables.{table.name}]")
            continue
        facts = column_facts(engine, table.name)
        own = {column.name for column in table.columns}
        strange = [name for name in facts if name not in own]
        missing += _missing_columns(table, facts, strange, text)
        for name in strange:
            nullable, has_default = facts[name]
            if not nullable and not has_default:
                findings.append(Finding("warning", f"{table.name}.{name} is not in the plan and must be filled"))
    if missing:
        hint = "If it was renamed, write the new name there; if it was dropped, name its field in drop instead."
        if missing_revisions:
            hint = f"The database lacks the app's revision {', '.join(missing_revisions)}: run `flask db upgrade`."
        raise DatabaseError("the database no longer has what the plan names:\n  " + "\n  ".join(missing), hint=hint)
    return findings


def _missing_columns(table: Table, facts: dict[str, Any], strange: Sequence[str], text: str) -> Iterator[str]:
    for column in table.columns:
        if column.name not in facts:
            line = _line(text, "tables", table.name, "columns", column.name)
            others = f" (the plan doesn't know: {', '.join(strange)})" if strange else ""
            yield f"{line}column {table.name}.{column.name}: columns.{column.name} in [tables.{table.name}]{others}"


def _line(text: str, *path: str) -> str:
    return f"{PLAN}:{find_line(text, path)}: " if text else ""


def describe_shapes(plan: Plan) -> dict[str, Any]:
    """What of a plan decides which rows a collection's records become, by its source; names don't matter."""
    return {table.source: _describe(plan, table) for table in plan if not table.nested}


def _describe(plan: Plan, table: Table) -> dict[str, Any]:
    columns = []
    for column in table.columns:
        kind = "text" if column.type.name == "string" else column.type.name
        secret = [plan.passwords] if column.secret == "password" else []
        flags = [name for name in ("fill", "empty_is_null") if getattr(column, name)]
        flags += [value for value in (column.format, column.none) if value]
        columns.append([column.role, list(column.field), kind, column.type.scale, *secret, *flags])
    names = [column.name for column in table.columns]
    return {
        "kind": table.kind,
        **({"split": table.split} if table.split else {}),
        "columns": columns,
        "key": [columns[names.index(name)] for name in table.primary_key],
        "dropped": sorted(map(list, table.dropped)),
        "lists": {json.dumps(child.path): _describe(plan, child) for child in plan.children(table.name)},
    }


def changed_shapes(plan: Plan, ledger: Ledger) -> dict[str, bool]:
    """The sources for which the plan says otherwise than when they were loaded; whether their key is another one."""
    known: dict[str, Any] = json.loads(ledger.get("shapes") or "{}")
    now = describe_shapes(plan)
    return {
        source: shape["key"] != now[source]["key"]
        for source, shape in known.items()
        if source in now and now[source] != shape
    }


def new_shapes(plan: Plan, ledger: Ledger) -> set[str]:
    """The sources that the plan has got since the load."""
    known: dict[str, Any] = json.loads(ledger.get("shapes") or "{}")
    return describe_shapes(plan).keys() - known.keys() if known else set()
