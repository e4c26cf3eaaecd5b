"""Relationships: what each class has to say about the references from and to its table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from outgrow.render.escape import identifier, python_string
from outgrow.render.layout import Keyword, Node
from outgrow.render.names import Names
from outgrow.render.order import Late
from outgrow.schema.model import Plan, Reference, Table


@dataclass(frozen=True)
class Relationship:
    """One attribute of a class: its name, what it holds, and the arguments of `relationship()`."""

    name: str
    target: str
    many: bool
    optional: bool
    arguments: tuple[Node, ...]


def relationships(plan: Plan, table: Table, late: Late, names: Names) -> Iterator[Relationship]:
    """Yield the relationships of a table's class: its own references first."""
    for reference in filter(lambda each: each.name, table.references):
        yield _forward(plan, table, reference, (table.name, reference) in late)
    for other in plan:
        if is_many_to_many(other):
            yield from _collections(plan, table, other, names)
            continue
        for reference in other.references:
            if reference.table == table.name and reference.back:
                yield _backward(plan, other, reference, (other.name, reference) in late)


def is_many_to_many(table: Table) -> bool:
    """Say whether rows of the table only join two others, so that each side can have a list."""
    if table.kind != "association" or len(table.references) != 2 or not table.references[0].back:
        return False
    needed = {name for reference in table.references for name in reference.columns}
    return all(
        column.name in needed or column.nullable or column.default is not None or (column.name,) == table.primary_key
        for column in table.columns
    )


def _forward(plan: Plan, table: Table, reference: Reference, late: bool) -> Relationship:
    arguments: list[Node] = []
    if is_many_to_many(table):
        arguments.append("viewonly=True")
    elif reference.back:
        arguments.append(_text("back_populates", reference.back))
    arguments += _foreign_keys(plan, table, reference)
    if reference.table == table.name:
        arguments.append(_columns("remote_side", table, reference.referenced))
    if late:
        arguments.append("post_update=True")
    arguments += _overlaps(table, reference)
    optional = any(table.by_name[name].nullable for name in reference.columns)
    target = plan.by_name[reference.table].class_name
    return Relationship(identifier(reference.name), target, False, optional, tuple(arguments))


def _backward(plan: Plan, table: Table, reference: Reference, late: bool) -> Relationship:
    arguments: list[Node] = []
    if reference.name:
        arguments.append(_text("back_populates", reference.name))
    arguments += _foreign_keys(plan, table, reference)
    owned = table.parent == reference.table and table.kind in ("child", "association")
    if reference.on_delete == "cascade" and owned:
        arguments += [_text("cascade", "all, delete-orphan"), "passive_deletes=True"]
    elif reference.on_delete == "cascade":
        arguments.append(_text("cascade", "all"))
    elif reference.on_delete == "restrict":
        arguments.append(_text("passive_deletes", "all"))
    position = next((column.name for column in table.columns if column.role == "position"), None)
    if owned and position and not reference.unique:
        arguments.append(_text("order_by", f"{table.class_name}.{identifier(position)}"))
    if late:
        arguments.append("post_update=True")
    arguments += _overlaps(table, reference)
    many = not reference.unique
    back = identifier(reference.back)
    return Relationship(back, table.class_name, many, not many, tuple(arguments))


def _collections(plan: Plan, table: Table, joining: Table, names: Names) -> Iterator[Relationship]:
    """Yield the lists that a many-to-many relationship gives to this table's class."""
    first, second = joining.references
    for mine, other in ((first, second), (second, first)):
        if mine.table != table.name or not mine.back:
            continue
        arguments: list[Node] = [_text("secondary", joining.name)]
        if first.table == second.table:
            arguments += [_join("primaryjoin", plan, joining, mine)]
            arguments += [_join("secondaryjoin", plan, joining, other)]
        if other.back:
            arguments.append(_text("back_populates", other.back))
        position = next((c.name for c in joining.columns if c.role == "position"), None)
        if position and mine is first:
            column = f"{joining.class_name}.{identifier(position)}"
            arguments.append(Keyword("order_by", f"lambda: {names('app.database', 'in_order')}({column})"))
        if mine.on_delete == "cascade":
            arguments.append("passive_deletes=True")
        target = plan.by_name[other.table].class_name
        yield Relationship(identifier(mine.back), target, True, False, tuple(arguments))


def _foreign_keys(plan: Plan, table: Table, reference: Reference) -> list[Node]:
    """Return which columns are meant, where two tables are joined in more than one way."""
    ways = [r for r in table.references if r.table == reference.table]
    if reference.table != table.name:
        ways += [r for r in plan.by_name[reference.table].references if r.table == table.name]
    return [_columns("foreign_keys", table, reference.columns)] if len(ways) > 1 else []


def _overlaps(table: Table, reference: Reference) -> list[Node]:
    """Return the relationships that write to the same columns, as SQLAlchemy wants to be told."""
    if is_many_to_many(table):
        return []
    others = [r for r in table.references if r != reference and {*r.columns} & {*reference.columns}]
    names = [name for other in others for name in (other.name, other.back) if name]
    return [_text("overlaps", ",".join(map(identifier, names)))] if names else []


def _columns(argument: str, table: Table, names: tuple[str, ...]) -> Node:
    columns = [f"{identifier(table.class_name)}.{identifier(name)}" for name in names]
    return _text(argument, columns[0] if len(columns) == 1 else f"[{', '.join(columns)}]")


def _join(argument: str, plan: Plan, joining: Table, reference: Reference) -> Node:
    entity = plan.by_name[reference.table].class_name
    pairs = [
        f"{identifier(entity)}.{identifier(there)} == {joining.class_name}.{identifier(here)}"
        for here, there in zip(reference.columns, reference.referenced, strict=True)
    ]
    return _text(argument, pairs[0] if len(pairs) == 1 else f"and_({', '.join(pairs)})")


def _text(argument: str, value: str) -> Node:
    return Keyword(argument, python_string(value))
