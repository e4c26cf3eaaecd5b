"""Compares the plan with the database before anything is read: the app is the user's, and may have moved on."""

from __future__ import annotations

from sqlalchemy import Engine

from outgrow.database.engine import column_facts, table_names
from outgrow.errors import DatabaseError
from outgrow.record import Finding
from outgrow.schema.model import Plan


def compare_database(plan: Plan, engine: Engine) -> tuple[Plan, list[Finding]]:
    """Check that every table and column of the plan is there; columns that only the database has are left alone.

    Raises DatabaseError that names each table and column that is gone or renamed.
    """
    there = set(table_names(engine))
    findings: list[Finding] = []
    missing: list[str] = []
    for table in plan:
        if table.name not in there:
            missing.append(f"table {table.name}: the plan's [tables.{table.name}]")
            continue
        facts = column_facts(engine, table.name)
        missing += [
            f"column {table.name}.{column.name}: the plan's columns.{column.name} in [tables.{table.name}]"
            for column in table.columns
            if column.name not in facts
        ]
        own = {column.name for column in table.columns}
        for name, (nullable, has_default) in facts.items():
            if name not in own and not nullable and not has_default:
                findings.append(Finding("warning", f"{table.name}.{name} is not in the plan and must be filled"))
    if missing:
        raise DatabaseError(
            "the database no longer has what the plan names:\n  " + "\n  ".join(missing),
            hint="If it was renamed, write the new name in outgrow.toml; if it was dropped, take the line out.",
        )
    return plan, findings
