"""Notes which rows are changed through the app, so that `outgrow verify` knows them from damage.

It does so only where the database has the table `outgrow_changes`. To be without it, delete this
file, its line in `app/__init__.py` and `tests/test_changes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    event,
    inspect,
)
from sqlalchemy.orm import InstanceState, ORMExecuteState, RelationshipProperty, Session

from app.database import db
from app.encoding import key_as_json
from app.types import utc_now

outgrow_changes = Table(
    "outgrow_changes",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("table_name", String(64)),
    Column("row_key", Text),
    Column("action", String(10)),
    Column("changed_at", DateTime),
)

Note = tuple[str, str | None, str]

_noting: WeakKeyDictionary[Engine, bool] = WeakKeyDictionary()


@event.listens_for(db.session, "after_flush")
def note_flush(session: Session, _context: object) -> None:
    """Note the rows that a flush has written."""
    write_notes(session, [note for row in session.new for note in notes("insert", row)])
    write_notes(session, [note for row in session.dirty for note in notes("update", row)])
    write_notes(session, [note for row in session.deleted for note in notes("delete", row)])


@event.listens_for(db.session, "do_orm_execute")
def note_bulk(state: ORMExecuteState) -> None:
    """Note that a statement changes rows that the session doesn't see one by one."""
    if (state.is_insert or state.is_update or state.is_delete) and state.bind_mapper:
        write_notes(state.session, [(table_of(state.bind_mapper), None, "bulk")])


def notes(action: str, row: Any) -> Iterator[Note]:
    """Yield what is to be noted about one row."""
    state: InstanceState[Any] = inspect(row)
    table = table_of(state.mapper)
    new_key = key_as_json(state.mapper.primary_key_from_instance(row))
    if action == "insert":
        yield table, new_key, "insert"
        return
    old_key = key_as_json(state.identity or ())
    if action == "delete":
        yield table, old_key, "delete"
    elif new_key != old_key:
        yield table, old_key, "delete"
        yield table, new_key, "insert"
    elif is_changed(state):
        yield table, old_key, "update"


def is_changed(state: InstanceState[Any]) -> bool:
    """Say whether a column changed, or a many-to-many list that belongs to the row."""
    mine = [attribute.key for attribute in state.mapper.column_attrs]
    mine += [each.key for each in state.mapper.relationships if owns_list(each)]
    return any(state.attrs[name].history.has_changes() for name in mine)


def owns_list(relationship: RelationshipProperty[Any]) -> bool:
    """Say whether a list is many-to-many and this is the side it belongs to.

    That is the side to which the association table's first foreign key refers.
    """
    if not isinstance(relationship.secondary, Table) or relationship.viewonly:
        return False
    first = next(column for column in relationship.secondary.columns if column.foreign_keys)
    return any(pair[1] is first for pair in relationship.synchronize_pairs)


def table_of(mapper: Any) -> str:
    """Return the name of a mapper's table."""
    return str(mapper.local_table.name)


def write_notes(session: Session, found: list[Note]) -> None:
    """Write the notes in the session's own transaction."""
    if not found:
        return
    connection = session.connection()
    if connection.engine not in _noting:
        _noting[connection.engine] = inspect(connection).has_table(outgrow_changes.name)
    if _noting[connection.engine]:
        now = utc_now()
        rows = [
            {"table_name": table, "row_key": key, "action": action, "changed_at": now} for table, key, action in found
        ]
        connection.execute(outgrow_changes.insert(), rows)
