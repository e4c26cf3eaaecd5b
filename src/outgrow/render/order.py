"""In which order tables can be created, and what the database calls their constraints."""

from __future__ import annotations

from collections.abc import Iterable

from outgrow.schema.model import Plan, Reference, Table

Late = frozenset[tuple[str, Reference]]


def creation_order(plan: Plan) -> tuple[list[Table], Late]:
    """Return the tables, parents first, and the references that close a cycle.

    Those can be made only when all tables stand; a table whose references may be null opens one.
    """
    waiting = list(plan)
    made: set[str] = set()
    order: list[Table] = []
    late: set[tuple[str, Reference]] = set()
    while waiting:
        table = next((t for t in waiting if not _missing(t, made)), None)
        if table is None:
            table = next((t for t in waiting if _may_wait(t, made)), waiting[0])
            late |= {(table.name, reference) for reference in _missing(table, made)}
        waiting.remove(table)
        made.add(table.name)
        order.append(table)
    return order, frozenset(late)


def _missing(table: Table, made: set[str]) -> list[Reference]:
    return [r for r in table.references if r.table not in made and r.table != table.name]


def _may_wait(table: Table, made: set[str]) -> bool:
    return all(table.by_name[column].nullable for reference in _missing(table, made) for column in reference.columns)


def unique_groups(table: Table) -> list[tuple[str, ...]]:
    """Return the groups of columns that get a unique constraint."""
    groups = [*table.unique, *(r.columns for r in table.references if r.unique)]
    return [group for group in dict.fromkeys(groups) if group != table.primary_key]


def index_groups(table: Table) -> list[tuple[str, ...]]:
    """Return the foreign keys that need an index: no key or constraint begins with them."""
    known = [table.primary_key, *unique_groups(table)]
    groups = dict.fromkeys(reference.columns for reference in table.references)
    return [g for g in groups if not any(other[: len(g)] == g for other in known)]


def constraint_name(kind: str, table: str, columns: Iterable[str] = (), referred: str = "") -> str:
    """Return what the template's naming convention calls a constraint."""
    return "_".join(filter(None, [kind, table, *columns, referred]))
