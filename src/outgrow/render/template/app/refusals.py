"""Why the database refused a row, in words.

It is asked what is in the way, since each kind of database words its errors differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    UniqueConstraint,
    and_,
    exists,
    func,
    not_,
    select,
)

from app.database import Model, columns, db, table_of
from app.problems import Problem, invalid


def explain_many(model: type[Model], news: Sequence[Mapping[str, Any]], olds: Sequence[Mapping[str, Any]]) -> Problem:
    """Return why the first of several rows that can't be stored can't."""
    seen: dict[tuple[Any, ...], int] = {}
    for number, (new, old) in enumerate(zip(news, olds, strict=True)):
        problem = explain(model, new, old)
        if not (errors := problem.more.get("errors")):
            names = {column: name for name, column in columns(model).items()}
            for group in unique_groups(model):
                values = tuple(new[names[column]] for column in group)
                is_new = None in values or seen.setdefault((*group, *values), number) == number
                if not is_new:
                    errors = {names[column]: "Is in this list twice." for column in group}
        if errors:
            problem.more["errors"] = {f"{number}.{name}": why for name, why in errors.items()}
            return problem
    return Problem(409, "The rows conflict with others.")


def explain(model: type[Model], new: Mapping[str, Any], old: Mapping[str, Any]) -> Problem:
    """Return why `new` can't be stored in place of `old`, which is empty for a new row."""
    table = table_of(model)
    names = {column: name for name, column in columns(model).items()}
    by_column = {column: new[name] for column, name in names.items()}
    itself = [column == old[names[column]] for column in table.primary_key if old]
    missing: dict[str, str] = {}
    for constraint in table.foreign_key_constraints:
        pairs = [(element.column, by_column[element.parent]) for element in constraint.elements]
        if not is_found(pairs):
            for element in constraint.elements:
                missing[names[element.parent]] = f"There is no such row in {element.column.table}."
    if missing:
        return invalid(missing)
    taken: dict[str, str] = {}
    for group in unique_groups(model):
        pairs = [(column, by_column[column]) for column in group]
        if all(value is not None for _, value in pairs) and is_found(pairs, itself):
            taken |= {names[column]: "Is taken by another row." for column in group}
    if not taken and old:
        return Problem(409, "Other rows refer to what would be changed.")
    return Problem(409, "The row conflicts with another one.", taken)


def unique_groups(model: type[Model]) -> list[Sequence[Column[Any]]]:
    """Return the groups of columns whose values no two rows may share."""
    table = table_of(model)
    groups: list[Sequence[Column[Any]]] = [list(table.primary_key)]
    groups += [list(each) for each in table.constraints if isinstance(each, UniqueConstraint)]
    return groups + [list(index.columns) for index in table.indexes if index.unique]


def is_found(pairs: Sequence[tuple[Column[Any], Any]], other_than: Sequence[Any] = ()) -> bool:
    """Say whether a row has these values; one with a null in it refers to nothing."""
    if any(value is None for _, value in pairs):
        return True
    conditions = [column == value for column, value in pairs]
    if other_than:
        conditions.append(not_(and_(*other_than)))
    return bool(db.session.scalar(select(exists().where(*conditions))))


def count_references(row: Model) -> dict[str, int]:
    """Return by table how many rows refer to this one and would keep it from being deleted."""
    counts: dict[str, int] = {}
    for table in db.metadata.tables.values():
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table.name == row.__tablename__ and keeps(constraint):
                if count := count_rows(constraint, row):
                    counts[table.name] = counts.get(table.name, 0) + count
    return counts


def keeps(constraint: ForeignKeyConstraint) -> bool:
    """Say whether rows that refer by this foreign key keep what they refer to."""
    return (constraint.ondelete or "RESTRICT").upper() in ("RESTRICT", "NO ACTION")


def count_rows(constraint: ForeignKeyConstraint, row: Model) -> int:
    """Return how many rows refer to this one by one foreign key, itself not counted."""
    names = {column: name for name, column in columns(type(row)).items()}
    pairs = [(each.parent, getattr(row, names[each.column])) for each in constraint.elements]
    conditions: list[Any] = [column == value for column, value in pairs]
    if constraint.table.name == row.__tablename__:
        itself = [key == getattr(row, names[key]) for key in constraint.table.primary_key]
        conditions.append(not_(and_(*itself)))
    query = select(func.count()).select_from(constraint.table).where(*conditions)
    return db.session.scalar(query) or 0
