"""What programs see: the objects that `--json` prints. Keys may be added; those that are there stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from outgrow.detachment import Detachment
from outgrow.moving import Move
from outgrow.record import Finding
from outgrow.results import Conversion, Inspection
from outgrow.schema.model import Table
from outgrow.transfer.differences import VerifyResult
from outgrow.transfer.export import ExportResult
from outgrow.transfer.held import VERDICTS, Held
from outgrow.transfer.merge import MergeResult
from outgrow.transfer.whereabouts import Whereabouts


def detachment_json(found: Detachment) -> dict[str, Any]:
    """What `detach --json` prints."""
    return {
        "app": str(found.app),
        "tables": found.tables,
        "files": found.files,
        "lines": found.lines,
        "findings": findings_json(found.findings),
        "detached": not any(finding.severity == "error" for finding in found.findings),
    }


def move_json(moved: Move) -> dict[str, Any]:
    """What `move --json` prints."""
    return {
        "app": str(moved.app),
        "from": moved.source,
        "to": moved.target,
        "tables": moved.tables,
        "rows": sum(moved.tables.values()),
        "verified": True,
        "findings": findings_json(moved.findings),
    }


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
        "media": {"files": len(inspection.source.media), "bytes": sum(inspection.source.media.values())},
        "findings": findings_json([*errors, *inspection.flawed, *inspection.findings]),
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
        "records": result.verification.records if result.verification else 0,
        "raw_records": result.verification.raw_records if result.verification else 0,
        "rejects": result.reject_count,
        "rejected": [{"origin": str(r.origin), "reason": r.reason} for r in result.rejects],
        "findings": findings_json(result.findings),
        "seconds": result.seconds,
        "verified": result.verified,
        "token": result.token or None,
        "changes": _changes_json(result.merged) if result.merged else None,
    }


def _changes_json(merged: MergeResult) -> dict[str, dict[str, int]]:
    counts = {"new": merged.new, "changed": merged.changed, "gone": merged.gone, "left": merged.left}
    return {table: {name: count[table] for name, count in counts.items()} for table in merged.new}


def verification_json(result: VerifyResult) -> dict[str, Any]:
    """What `verify --json` prints."""
    values = asdict(result)
    values["findings"] = findings_json(result.findings)
    return {**values, "verified": result.ok}


def export_json(result: ExportResult) -> dict[str, Any]:
    """What `export --json` prints."""
    return {
        "files": result.files,
        "records": result.records,
        "raw_records": result.raw_records,
        "set_aside": result.set_aside,
        "findings": findings_json(result.findings),
    }


def held_json(held: Held) -> dict[str, Any]:
    """What `export --check --json` prints."""
    return {
        "same": held.is_same,
        "counts": {verdict: held.counts[verdict] for verdict in VERDICTS},
        "files": held.files,
        "findings": findings_json(held.findings),
    }


def where_json(found: Iterable[Whereabouts]) -> dict[str, Any]:
    """What `where --json` prints."""
    return {
        "rows": [
            {
                "table": each.table,
                "key": list(each.key),
                "origin": str(each.origin) if each.origin else None,
                "file": each.origin.file if each.origin else None,
                "line": each.origin.line if each.origin else None,
                "column": each.origin.column if each.origin else None,
                "gone": each.gone,
            }
            for each in found
        ]
    }
