"""app/models.py: one class for each table."""

from __future__ import annotations

from collections.abc import Iterator

from outgrow.render.columns import column_type, default, is_implied, python_type
from outgrow.render.escape import identifier, python_comment, python_string
from outgrow.render.layout import LINE_LENGTH, Call, Keyword, Node, call, lay_out
from outgrow.render.names import Names
from outgrow.render.order import Late, creation_order, index_groups, unique_groups
from outgrow.render.relationships import Relationship, relationships
from outgrow.schema.model import Column, Plan, Reference, Table


def render_models(plan: Plan) -> str:
    """Return the text of app/models.py."""
    _, late = creation_order(plan)
    names = Names(identifier(table.class_name) for table in plan)
    classes = ["\n".join(_class(plan, table, late, names)) for table in plan]
    if not classes:
        return '"""The tables as classes: none yet."""\n'
    head = ['"""The tables as classes."""', "", "from __future__ import annotations", ""]
    return "\n".join([*head, *names.lines(), "", "", "\n\n\n".join(classes), ""])


def _class(plan: Plan, table: Table, late: Late, names: Names) -> list[str]:
    names.enter(())
    related = list(relationships(plan, table, late, names))
    head = f"class {table.class_name}({names('app.database', 'Model')}):"
    described = python_comment(_describe(table), LINE_LENGTH - len(head) - 4)
    lines = [f"{head}  # {described}" if described else head]
    names.enter({column.name for column in table.columns} | {each.name for each in related})
    lines.append(f"    __tablename__ = {python_string(identifier(table.name))}")
    if arguments := _table_arguments(table, late, names):
        lines += lay_out("__table_args__ = ", Call("(", tuple(arguments)), indent=4)
    for column in table.columns:
        lines += _column(table, column, late, names, keeps=plan.passwords == "keep")
    if len(related) > 1:
        lines.append("")
    for relationship in related:
        lines += _relationship(relationship, names)
    return lines


def _describe(table: Table) -> str:
    """Say what a row is; nothing where the table's name says it: `users` are the records of users.json."""
    if table.nested:
        return f"an item of {'.'.join(table.path)} in {table.source}"
    if table.kind == "singleton":
        return f"the one record of {table.source}"
    is_plain = table.source.rpartition("/")[2].partition(".")[0] == table.name
    return "" if is_plain else f"a record of {table.source}"


def _table_arguments(table: Table, late: Late, names: Names) -> list[Node]:
    arguments: list[Node] = []
    if not _key_is_in_order(table):
        arguments.append(_named(names("sqlalchemy", "PrimaryKeyConstraint"), table.primary_key))
    arguments += [
        _foreign_key_constraint(table, reference, late, names)
        for reference in table.references
        if len(reference.columns) > 1
    ]
    arguments += [
        _named(names("sqlalchemy", "UniqueConstraint"), group) for group in unique_groups(table) if len(group) > 1
    ]
    arguments += [
        call(names("sqlalchemy", "Index"), ["None", *map(python_string, group)])
        for group in index_groups(table)
        if len(group) > 1
    ]
    return arguments


def _key_is_in_order(table: Table) -> bool:
    """Say whether the key's columns stand in the key's order, so that each can say it is part of it."""
    return tuple(c.name for c in table.columns if c.name in table.primary_key) == table.primary_key


def _named(function: str, columns: tuple[str, ...]) -> Node:
    return call(function, [python_string(column) for column in columns])


def _foreign_key_constraint(table: Table, reference: Reference, late: Late, names: Names) -> Node:
    there = [python_string(f"{reference.table}.{name}") for name in reference.referenced]
    here = [python_string(name) for name in reference.columns]
    items: list[Node] = [Call("[", tuple(here), "]"), Call("[", tuple(there), "]")]
    items += _on_delete(reference)
    if (table.name, reference) in late:
        items.append("use_alter=True")
    return call(names("sqlalchemy", "ForeignKeyConstraint"), items)


def _on_delete(reference: Reference) -> list[Node]:
    """Say what becomes of the row; to refuse is what databases do unasked."""
    if reference.on_delete == "restrict":
        return []
    return [Keyword("ondelete", python_string(reference.on_delete.upper()))]


def _column(table: Table, column: Column, late: Late, names: Names, *, keeps: bool) -> Iterator[str]:
    name = identifier(column.name)
    references = [r for r in table.references if r.columns == (name,)]
    arguments: list[Node] = []
    if not is_implied(column):
        arguments.append(column_type(table, column, names, model=True))
    arguments += [_foreign_key(table, reference, late, names) for reference in references]
    arguments += _options(table, column, names, keeps=keeps)
    hint = python_type(column, names)
    if _is_nullable(table, column) and column.type.name != "json":
        hint += " | None"
    annotation = f"{names('sqlalchemy.orm', 'Mapped')}[{hint}]"
    if arguments:
        value = call(names("sqlalchemy.orm", "mapped_column"), arguments)
        yield from _assign(f"{name}: {annotation} = ", value)
    else:
        yield f"    {name}: {annotation}"


def _options(table: Table, column: Column, names: Names, *, keeps: bool) -> Iterator[Node]:
    if column.name in table.primary_key and _key_is_in_order(table):
        yield "primary_key=True"
    if (column.name,) in unique_groups(table):
        yield "unique=True"
    if (column.name,) in index_groups(table):
        yield "index=True"
    if column.type.name == "json":
        yield f"nullable={_is_nullable(table, column)}"
    if (value := default(column, names)) is not None:
        yield Keyword("default", value)
    if column.secret is not None:
        facts: list[Node] = [Keyword('"secret"', python_string(column.secret), sign=": ")]
        if column.secret == "password" and keeps:
            facts.append(Keyword('"keep"', "True", sign=": "))  # a login doesn't hash it anew
        yield Keyword("info", Call("{", tuple(facts), "}"))


def _is_nullable(table: Table, column: Column) -> bool:
    return column.nullable and column.name not in table.primary_key


def _foreign_key(table: Table, reference: Reference, late: Late, names: Names) -> Node:
    items: list[Node] = [python_string(f"{reference.table}.{reference.referenced[0]}")]
    items += _on_delete(reference)
    if (table.name, reference) in late:
        items.append("use_alter=True")
    return call(names("sqlalchemy", "ForeignKey"), items)


def _relationship(relationship: Relationship, names: Names) -> list[str]:
    hint = relationship.target
    if relationship.many:
        hint = f"{names.builtin('list')}[{hint}]"
    elif relationship.optional:
        hint += " | None"
    annotation = f"{names('sqlalchemy.orm', 'Mapped')}[{hint}]"
    value = call(names("sqlalchemy.orm", "relationship"), relationship.arguments)
    return _assign(f"{relationship.name}: {annotation} = ", value)


def _assign(before: str, value: Call) -> list[str]:
    """Return an assignment; one whose names alone are too long is kept from the formatter."""
    if len(before) + len(value.opening) + 4 <= LINE_LENGTH:
        return lay_out(before, value, indent=4)
    return [f"    {before}{value}  # fmt: skip"]
