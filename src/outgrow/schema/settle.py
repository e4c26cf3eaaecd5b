"""The last decisions about single columns, once keys and references are known: null, default, width, doubts."""

from __future__ import annotations

from dataclasses import replace

from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.flags import NUMBERS
from outgrow.schema.listed import looks_like_list
from outgrow.schema.model import Column
from outgrow.schema.moments import OTHER_ORDER
from outgrow.schema.profile import FieldProfile
from outgrow.schema.types import TEXT, infer_default, infer_type, is_required
from outgrow.schema.written import MANY, ambiguous_format, is_money_name, looks_like_money, unix_format

ALMOST = 0.98
ENOUGH = 50
WIDEST_ROW = 14_000
_UNITS = {"unix": "seconds since 1970", "unix-ms": "milliseconds since 1970"}


def settle_columns(draft: Draft) -> tuple[Draft, list[PlacedFinding]]:
    """Decide what is left to decide about each column, and say what nearly holds."""
    bound = _bound(draft)
    findings: list[PlacedFinding] = []
    for column in draft.table.columns:
        profile = draft.profile(column.name)
        if profile is None:
            continue
        settled = _settle(draft, column, profile, bound=column.name in bound)
        draft = draft.with_column(column.name, settled)
        draft, found = _say_doubts(draft, settled, profile)
        findings += found
    draft, found = _say_formats(draft)
    findings += found
    return _narrow(draft, bound), findings


def _bound(draft: Draft) -> set[str]:
    """Columns in a key, a unique constraint or a reference."""
    groups = [draft.table.primary_key, *draft.table.unique, *(r.columns for r in draft.table.references)]
    return {name for group in groups for name in group}


def _settle(draft: Draft, column: Column, profile: FieldProfile, *, bound: bool) -> Column:
    rows = draft.table.rows
    if not bound and column.role == "field":
        column = replace(column, default=infer_default(profile, column, rows))
    if rows == 1 and not bound and not _needed(column):
        column = replace(column, nullable=True)
    in_unique = any(column.name in group for group in draft.table.unique)
    refers = any(column.name in reference.columns for reference in draft.table.references)
    if profile.empty and (in_unique or refers) and column.name not in draft.table.primary_key:
        column = replace(column, empty_is_null=column.type.name == "string", nullable=True)
    return column


def _needed(column: Column) -> bool:
    """Whether a table of one row makes the column required all the same, as its author would have."""
    if column.role != "field" or column.type.name == "boolean" or column.default is not None:
        return True
    return len(column.field) == 1 and is_required(column.field[0])


def _say_doubts(draft: Draft, column: Column, profile: FieldProfile) -> tuple[Draft, list[PlacedFinding]]:
    """What isn't quite so: a name that promises a value in every record, values of several kinds."""
    rows, source = draft.table.rows, draft.table.source
    findings = []
    field = ".".join(column.field)
    gaps = rows - profile.filled
    promised = column.role == "field" and len(column.field) == 1 and is_required(column.field[0])
    if promised and rows >= ENOUGH and 0 < gaps <= (1 - ALMOST) * rows and not column.fill:
        findings.append(
            PlacedFinding(
                "warning", f"{source}: {field} is empty in {gaps} of {rows} records", source, tuple(profile.gaps)
            )
        )
        draft = draft.with_note(f"{column.name}: nullable = false, but for {gaps} of {rows} records")
    scalar = column.type.name != "json" and column.role in ("field", "element")
    if scalar and infer_type(profile, column.name, textual=draft.collection.textual).mixed:
        said = (
            f"{source}: {field or column.name} holds values of several kinds; kept as text, written back as they were"
        )
        findings.append(PlacedFinding("info", said, source))
    return draft, findings


def _say_formats(draft: Draft) -> tuple[Draft, list[PlacedFinding]]:
    """What is read by a format of its own, and what could be if one knew how."""
    source = draft.table.source
    findings: list[PlacedFinding] = []
    told = [
        f"{_called(each)} ({_UNITS.get(each.format, each.format)})"
        for each in draft.table.columns
        if each.format not in ("", NUMBERS)
    ]
    if told:
        said = f"{source}: read in the format that they are written in, and written back in it: {', '.join(told)}"
        findings.append(PlacedFinding("info", said, source))
    bound = _bound(draft)
    for column in draft.table.columns:
        profile = draft.profile(column.name)
        if profile is None or column.secret or column.format or column.name in bound:
            continue
        doubt = _doubt(column, profile)
        if doubt:
            draft = draft.with_note(f"{column.name}: {doubt}")
            findings.append(PlacedFinding("info", f"{source}: {_called(column)}: {doubt}", source))
    return draft, findings


def _called(column: Column) -> str:
    return ".".join(column.field) or column.name


def _doubt(column: Column, profile: FieldProfile) -> str | None:
    """What a column may hold in truth."""
    form = ambiguous_format(profile) if column.type.name in ("string", "text") else None
    if form:
        kind = "datetime" if "%M" in form else "date"
        return f'dates by {form} or {OTHER_ORDER[form]}; kept as text (or type = "{kind}", format = one of the two)'
    if column.type.name == "string" and "thousands" in profile.forms and is_money_name(column.name):
        return (
            'may be thousands or decimals (1.000); kept as text (or type = "decimal", format = "0.000" for thousands)'
        )
    separator = looks_like_list(profile, column.name) if column.type.name in ("string", "text") else None
    if separator:
        return f'lists in one cell, parted by "{separator}"; kept as text (or a table with split = "{separator}")'
    if column.type.name == "integer" and profile.distinct.count() >= MANY and (unit := unix_format(profile)):
        return f'may be Unix times; kept as numbers (or type = "datetime", format = "{unit}")'
    if column.type.name == "float" and looks_like_money(profile, column.name):
        return "by its name money, but with more than two places; kept as floats, which don't add up exactly"
    return None


def _narrow(draft: Draft, bound: set[str]) -> Draft:
    """Make text out of long strings where all together would be wider than MariaDB's rows may be (65,535 bytes)."""
    width = sum(column.type.length or 0 for column in draft.table.columns)
    for column in sorted(draft.table.columns, key=lambda each: -(each.type.length or 0)):
        if width <= WIDEST_ROW:
            break
        if column.type.name == "string" and column.name not in bound:
            width -= column.type.length or 0
            draft = draft.with_column(column.name, replace(column, type=TEXT))
    return draft
