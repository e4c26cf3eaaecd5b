"""A plan that was read → what its parts say about one another that can't be meant.

Each rule here protects a later step: names become Python and SQL, references become foreign keys, and
a field that is kept twice or not at all couldn't be written back.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Iterable, Iterator

from outgrow.schema import flags, moments, money
from outgrow.schema.model import Column, Plan, Reference, Table
from outgrow.schema.names import OWN_PREFIXES, OWN_TABLES, UNQUOTED
from outgrow.schema.plan_read import Faults, did_you_mean, show
from outgrow.schema.plan_text import Path, one_line

LONGEST_NAME = 63  # bytes; PostgreSQL cuts what is longer, and then two names may become one
# What SQLAlchemy, Flask-SQLAlchemy and the generated models already use as attributes of a class.
TAKEN_ATTRIBUTES = frozenset({"metadata", "query", "query_class", "registry", "to_dict", "type_annotation_map"})
TAKEN_CLASSES = frozenset({"Base", "Mapped", "Model", "db"})
ELEMENT_ROLES = ("element", "position", "parent")


def check_plan(plan: Plan, faults: Faults) -> None:
    """Note every contradiction within the plan."""
    for table in plan:
        for path, problem in _table_faults(table, plan):
            faults.add(("tables", table.name, *path), f"table {show(table.name)[1:-1]}: {problem}")
    tables = [(("tables", table.name), table.name) for table in plan]
    classes = [(("tables", table.name, "class"), table.class_name) for table in plan if table.class_name]
    for path, name, other in _clashes(tables):
        faults.add(path, f"table {show(name)} and table {show(other)} differ only in case, rename one")
    for path, name, other in _clashes(classes):
        faults.add(path, f"class {show(name)} stands for two tables (the other is {show(other)}), rename one")
    for path, name, other in _clashes(_attributes(plan)):
        faults.add(path, f"{show(name)} is an attribute of the same class twice (also {show(other)}), rename one")


def _table_faults(table: Table, plan: Plan) -> Iterator[tuple[Path, str]]:
    yield from _name_faults(table)
    yield from _parent_faults(table, plan)
    yield from _key_faults(table)
    yield from _column_faults(table)
    yield from _field_faults(table)
    for reference in table.references:
        at: Path = ("references", reference.name)
        yield from (((*at, *path), problem) for path, problem in _reference_faults(table, reference, plan))


def _name_faults(table: Table) -> Iterator[tuple[Path, str]]:
    yield from (((), problem) for problem in _table_name_problems(table.name))
    if table.class_name:
        problem = _identifier_problem(table.class_name, TAKEN_CLASSES)
        if problem:
            yield ("class",), f"class {show(table.class_name)} {problem}"


def _table_name_problems(name: str) -> Iterator[str]:
    if not name.isprintable() or not name.strip():
        yield "a table's name must be printable, rename it"
    if len(name.encode("utf-8", "replace")) > LONGEST_NAME:
        yield f"the name is longer than {LONGEST_NAME} bytes, shorten it"
    if name.casefold().startswith(OWN_PREFIXES) or name.casefold() in OWN_TABLES:
        yield "the name is kept for tables of the app, Alembic, outgrow or SQLite: write something like site_" + name
    if name.casefold() in UNQUOTED:
        yield f"is a word of SQLite's, write something like site_{name}"


def _identifier_problem(name: str, taken: Iterable[str]) -> str | None:
    """Say why a name can't be a Python name on a model, with the cure."""
    if not name.isidentifier() or unicodedata.normalize("NFKC", name) != name:
        return "is no Python name, use letters, digits and _ with a letter first"
    if name.casefold() in UNQUOTED:
        return f"is a word of SQLite's, write something like {name}_"
    if keyword.iskeyword(name):
        return f"is a word of Python, write something like {name}_"
    if name in taken:
        return f"is already used by SQLAlchemy or the generated models, write something like {name}_"
    if name.startswith("_"):
        return "starts with _, which Python keeps for private names: write it without"
    if len(name.encode()) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} bytes, shorten it"
    return None


def _parent_faults(table: Table, plan: Plan) -> Iterator[tuple[Path, str]]:
    if table.parent is None:
        if table.kind == "child":
            yield ("kind",), 'a child table needs a parent: add parent = "…" and path = "…"'
        if table.split:
            yield ("split",), "split needs a table with a parent, whose field at path holds the text"
        for column in table.columns:
            if column.role in ELEMENT_ROLES:
                yield ("columns", column.name, "from"), f'from = "{column.role}" needs a table with a parent'
        return
    if table.split and not any(column.role == "element" for column in table.columns):
        yield ("split",), 'what split parts are texts: the table needs a column with from = "element"'
    if table.kind in ("entity", "singleton"):
        yield ("kind",), f'a table with a parent is a "child" or an "association", not a "{table.kind}"'
    above = [each.name for each in plan.tables[: plan.tables.index(table)]]
    if table.parent not in plan.by_name:
        others = [each.name for each in plan if each.name != table.name]
        yield ("parent",), f"there is no table {show(table.parent)}, {did_you_mean(table.parent, others)}"
    elif table.parent not in above:
        yield ("parent",), f"its parent {show(table.parent)} must stand above it, move one of the two"


def _key_faults(table: Table) -> Iterator[tuple[Path, str]]:
    if not table.primary_key:
        yield ("key",), 'the table has no primary key: name its columns, or add columns.id = { from = "number", … }'
    for label, names in [("key", table.primary_key), *(("unique", names) for names in table.unique)]:
        yield from (((label,), problem) for problem in _unknown_columns(names, table))
        if len(set(names)) < len(names):
            yield (label,), f"{label} names a column twice, remove one"
    for name in table.primary_key:
        column = table.by_name.get(name)
        if column is not None and column.nullable:
            yield ("columns", name), f"column {show(name)} is part of the primary key, remove nullable = true"


def _unknown_columns(names: Iterable[str], table: Table) -> Iterator[str]:
    for name in names:
        if name not in table.by_name:
            where = f"table {show(table.name)[1:-1]}"
            yield f"there is no column {show(name)} in {where}, {did_you_mean(name, table.by_name)}"


def _column_faults(table: Table) -> Iterator[tuple[Path, str]]:
    if not table.columns:
        yield (), 'the table has no columns: add columns.id = { field = "id", type = "integer" } or remove the table'
    for column in table.columns:
        problem = _identifier_problem(column.name, TAKEN_ATTRIBUTES)
        if problem:
            yield ("columns", column.name), f"column {show(column.name)} {problem}"
        if column.none and not column.nullable:
            yield ("columns", column.name, "none"), f"column {show(column.name)}: none needs nullable = true"
        if column.format and not _may_be_written(column):
            cure = 'dates and times have "%d.%m.%Y" and the like or "unix", decimals "$0.00" and the like, '
            cure += 'true and false "yes/no" and the like'
            problem = f"format {show(column.format)} is none of type {column.type}: {cure}"
            yield ("columns", column.name, "format"), problem
        if column.default is not None and not _fits(column):
            yield (
                ("columns", column.name, "default"),
                f"column {show(column.name)} is of type {column.type}, its default {one_line(column.default)} is not",
            )


def _may_be_written(column: Column) -> bool:
    """Tell whether a format is one of the column's type."""
    if column.type.name == "decimal":
        return money.is_format(column.format)
    if column.type.name == "boolean":
        return flags.is_format(column.format)
    return column.type.name in ("date", "datetime") and moments.is_format(column.format)


def _fits(column: Column) -> bool:
    """Tell whether a default can be meant for its column; a driver has the last word."""
    default = column.default or ""
    match column.type.name:
        case "boolean":
            return default in ("true", "false")
        case "integer" | "float" | "decimal":
            return default in ("now", "null") or not (
                default.startswith(('"', "[", "{")) or default in ("true", "false")
            )
        case "json":
            return default != "now"
        case _:
            return default in ("now", "null") or default.startswith('"')


def _field_faults(table: Table) -> Iterator[tuple[Path, str]]:
    """Find fields that are kept twice: by two columns, or by one and by a part of it."""
    kept: dict[tuple[str, ...], str] = {}
    for column in table.columns:
        if column.role != "field":
            continue
        for length in range(1, len(column.field) + 1):
            part = column.field[:length]
            if part in table.dropped:
                yield ("drop",), f"drop takes the field of column {show(column.name)} away, remove one of the two"
        if column.field in kept:
            problem = f"columns {show(kept[column.field])} and {show(column.name)} hold the same field, remove one"
            yield ("columns", column.name), problem
        elif column.field:
            kept[column.field] = column.name
    for path, name in kept.items():
        for length in range(1, len(path)):
            if path[:length] in kept:
                other = show(kept[path[:length]])
                yield ("columns", name), f"column {show(name)} is made from a part of column {other}, remove one"


def _reference_faults(table: Table, reference: Reference, plan: Plan) -> Iterator[tuple[Path, str]]:
    label = f"reference {show(reference.name)}"
    for name in filter(None, (reference.name, reference.back)):
        problem = _identifier_problem(name, TAKEN_ATTRIBUTES)
        if problem:
            yield (() if name == reference.name else ("back",)), f"{label}: {show(name)} {problem}"
    yield from ((("columns",), f"{label}: {problem}") for problem in _unknown_columns(reference.columns, table))
    if not reference.name:
        yield (), "a reference needs a name, the attribute that leads to the other row"
    if reference.on_delete == "set null" and not all(
        table.by_name[name].nullable for name in reference.columns if name in table.by_name
    ):
        yield ("on_delete",), f'{label}: on_delete = "set null" needs columns with nullable = true'
    target = plan.by_name.get(reference.table)
    if target is None:
        if reference.table:
            cure = did_you_mean(reference.table, plan.by_name)
            yield ("to",), f"{label}: there is no table {show(reference.table)}, {cure}"
        return
    unknown = list(_unknown_columns(reference.referenced, target))
    yield from ((("referenced",), f"{label}: {problem}") for problem in unknown)
    if not unknown and target.primary_key:
        yield from ((("columns",), f"{label}: {problem}") for problem in _count_problems(reference, target))


def _unique_sets(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns that name a row: its key, unique ones, and those of one-to-one references."""
    return [table.primary_key, *table.unique, *(other.columns for other in table.references if other.unique)]


def _count_problems(reference: Reference, target: Table) -> Iterator[str]:
    if reference.columns and len(reference.columns) != len(reference.referenced):
        yield (
            f"{len(reference.columns)} columns refer to {len(reference.referenced)} ({', '.join(reference.referenced)})"
            f" of {show(target.name)[1:-1]}, their counts must be equal"
        )
    elif set(reference.referenced) not in [set(names) for names in _unique_sets(target)]:
        yield (
            f"only the key or a unique set of columns can be referred to: "
            f"add {list(reference.referenced)} to unique of table {show(target.name)[1:-1]}"
        )


def _attributes(plan: Plan) -> Iterator[tuple[Path, str]]:
    """Give each attribute of each class, prefixed by its table so that clashes stay within one class."""
    for table in plan:
        for column in table.columns:
            yield ("tables", table.name, "columns", column.name), f"{table.name}.{column.name}"
        for reference in table.references:
            at: Path = ("tables", table.name, "references", reference.name)
            if reference.name:
                yield at, f"{table.name}.{reference.name}"
            if reference.back and reference.table in plan.by_name:
                yield (*at, "back"), f"{reference.table}.{reference.back}"


def _clashes(names: Iterable[tuple[Path, str]]) -> Iterator[tuple[Path, str, str]]:
    """Find names that are one to Python or to a database that ignores case: path, name, the earlier name."""
    seen: dict[str, str] = {}
    for path, name in names:
        folded = unicodedata.normalize("NFKC", name).casefold()
        if folded in seen:
            yield path, name, seen[folded]
        else:
            seen[folded] = name
