"""migrations/versions/…: the first revision, which creates all tables."""

from __future__ import annotations

import hashlib

from outgrow.render.columns import column_type
from outgrow.render.escape import identifier, python_string
from outgrow.render.layout import Call, Keyword, Node, call, lay_out
from outgrow.render.names import Names
from outgrow.render.order import (
    Late,
    constraint_name,
    creation_order,
    index_groups,
    unique_groups,
)
from outgrow.schema.model import Column, Plan, Reference, Table

BASE_REVISION = "0001"
"""The template's own revision, which makes the tables of operators and tokens."""

_DOWNGRADE = """
def downgrade() -> None:
    refuse_to_drop_rows()
"""

_REFUSE = '''
def refuse_to_drop_rows() -> None:
    """Stop while a table holds rows, unless that is wanted."""
    if os.environ.get("DROP_FILLED_TABLES") == "1" or op.get_context().as_sql:
        return
    tables = [sa.table(name) for name in TABLES]
    rows = sa.select(sa.literal(1))
    filled = [t.name for t in tables if op.get_bind().scalar(rows.select_from(t).limit(1))]
    if filled:
        raise RuntimeError(
            f"This would drop tables that hold rows: {', '.join(filled)}. "
            "To lose them for good, set DROP_FILLED_TABLES=1."
        )
'''


def revision_id(plan: Plan) -> str:
    """Return the revision's name, which follows from what it does."""
    return hashlib.sha256("\n".join(_body(plan)).encode()).hexdigest()[:12]


def render_revision(plan: Plan) -> str:
    """Return the text of the first revision."""
    body = _body(plan)
    head = ['"""Create the tables."""', "", "from __future__ import annotations", ""]
    if plan.tables:
        head += ["import os", "", "import sqlalchemy as sa", "from alembic import op", ""]
    if any("mysql." in line for line in body):
        head[-1:] = ["from sqlalchemy.dialects import mysql", ""]
    head += [f'revision = "{revision_id(plan)}"', f'down_revision = "{BASE_REVISION}"']
    head += ["branch_labels = None", "depends_on = None"]
    return "\n".join([*head, *body, ""])


def _body(plan: Plan) -> list[str]:
    names = Names()
    order, late = creation_order(plan)
    if not order:
        empty = ["", "", "def upgrade() -> None:", "    pass"]
        return [*empty, *empty[:2], "def downgrade() -> None:", "    pass"]
    tables = Call("[", tuple(python_string(identifier(table.name)) for table in order), "]")
    lines = ["", *lay_out("TABLES = ", tables), "", "", "def upgrade() -> None:"]
    for table in order:
        lines += lay_out("", _create_table(table, late, names), indent=4)
        for group in index_groups(table):
            name = _op_f("ix", table, group)
            items: list[Node] = [name, python_string(table.name), _list(group)]
            lines += lay_out("", call("op.create_index", items), indent=4)
    lines += _late(plan, late, "create")
    lines += ["", *_DOWNGRADE.rstrip().split("\n")]
    lines += _late(plan, late, "drop")
    for table in reversed(order):
        lines += lay_out("", call("op.drop_table", [python_string(table.name)]), indent=4)
    return [*lines, "", *_REFUSE.rstrip().split("\n")]


def _create_table(table: Table, late: Late, names: Names) -> Call:
    items: list[Node] = [python_string(table.name)]
    items += [_column(table, column, names) for column in table.columns]
    items += [
        _foreign_key("sa.ForeignKeyConstraint", table, reference)
        for reference in table.references
        if (table.name, reference) not in late
    ]
    key = [python_string(identifier(name)) for name in table.primary_key]
    items.append(call("sa.PrimaryKeyConstraint", [*key, Keyword("name", _op_f("pk", table))]))
    for group in unique_groups(table):
        columns: list[Node] = [python_string(identifier(name)) for name in group]
        name = Keyword("name", _op_f("uq", table, group))
        items.append(call("sa.UniqueConstraint", [*columns, name]))
    return call("op.create_table", items)


def _column(table: Table, column: Column, names: Names) -> Node:
    nullable = column.nullable and column.name not in table.primary_key
    kind = column_type(table, column, names, model=False)
    return call("sa.Column", [python_string(column.name), kind, f"nullable={nullable}"])


def _foreign_key(function: str, table: Table, reference: Reference) -> Call:
    there = [f"{reference.table}.{name}" for name in reference.referenced]
    items: list[Node] = [_list(reference.columns), _list(there)]
    items.append(Keyword("name", _op_f("fk", table, reference.columns, reference.table)))
    if reference.on_delete != "restrict":
        items.append(Keyword("ondelete", python_string(reference.on_delete.upper())))
    return call(function, items)


def _late(plan: Plan, late: Late, action: str) -> list[str]:
    """Add or drop the foreign keys that close a cycle; on SQLite this copies the empty table."""
    lines: list[str] = []
    for table in plan:
        for reference in table.references:
            if (table.name, reference) not in late:
                continue
            batch = call("op.batch_alter_table", [python_string(table.name)])
            lines += lay_out("with ", batch, indent=4, after=" as batch:")
            name = _op_f("fk", table, reference.columns, reference.table)
            if action == "drop":
                items: list[Node] = [name, 'type_="foreignkey"']
                lines += lay_out("", call("batch.drop_constraint", items), indent=8)
                continue
            items = [name, python_string(reference.table)]
            items += [_list(reference.columns), _list(reference.referenced)]
            if reference.on_delete != "restrict":
                items.append(Keyword("ondelete", python_string(reference.on_delete.upper())))
            lines += lay_out("", call("batch.create_foreign_key", items), indent=8)
    return lines


def _list(names: list[str] | tuple[str, ...]) -> Node:
    return Call("[", tuple(map(python_string, names)), "]")


def _op_f(kind: str, table: Table, columns: tuple[str, ...] = (), referred: str = "") -> Node:
    return call("op.f", [python_string(constraint_name(kind, table.name, columns, referred))])
