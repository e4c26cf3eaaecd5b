"""Foreign keys of a server's database, and whether rows violate them.

A server that was told not to check, while it was filled, doesn't do so later by itself.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from outgrow.database.bulk.statements import SqlBulk


def violated(bulk: SqlBulk, connection: Connection) -> list[tuple[str, str]]:
    """Pairs of table and referenced table where a row refers to none."""
    inspector = inspect(connection)
    pairs = set()
    for table in inspector.get_table_names():
        for key in inspector.get_foreign_keys(table):
            target, columns = key["referred_table"], key["constrained_columns"]
            if bulk.select_orphans(table, columns, columns, target, key["referred_columns"]):
                pairs.add((table, target))
    return sorted(pairs)
