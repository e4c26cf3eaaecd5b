"""Moving many rows at once, a file per dialect behind one small interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection

from outgrow.database.bulk.mysql import MysqlBulk
from outgrow.database.bulk.postgresql import PostgresqlBulk
from outgrow.database.bulk.refused import Refused as Refused
from outgrow.database.bulk.row_text import RowText as RowText
from outgrow.database.bulk.sqlite import SqliteBulk

Row = tuple[Any, ...]
BULKS: dict[str, type[SqliteBulk | PostgresqlBulk | MysqlBulk]] = {
    "sqlite": SqliteBulk,
    "postgresql": PostgresqlBulk,
    "mysql": MysqlBulk,
}


class Bulk(Protocol):
    """What a dialect must offer. Tables and columns are names; rows hold row values (see schema.coerce)."""

    def insert(self, table: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Write rows; raises Refused and writes none where one breaks a constraint."""

    def insert_texts(self, table: str, columns: Sequence[str], texts: Sequence[RowText]) -> None:
        """Write rows that are texts; raises Refused where one breaks a constraint: some may be there then."""

    def update(self, table: str, key: Sequence[str], columns: Sequence[str], rows: list[Row]) -> None:
        """Give rows, found by their key among the columns, new values; raises Refused, and changes none then."""

    def select_range(
        self, table: str, columns: Sequence[str], key: str, first: Any, last: Any, order: Sequence[str]
    ) -> list[Row]:
        """The rows whose `key` lies between two values, both included."""

    def select_keys(
        self, table: str, columns: Sequence[str], key: Sequence[str], keys: list[Row], order: Sequence[str]
    ) -> list[Row]:
        """The rows whose key is one of `keys`; `order` sorts them, text by its code points."""

    def select_key_pages(self, table: str, key: Sequence[str]) -> Iterator[list[Row]]:
        """All keys, in pages."""

    def stream(self, table: str, columns: Sequence[str]) -> Iterator[list[Row]]:
        """All rows in any order, columns of any type among them, JSON as its text; nothing else runs meanwhile."""

    def count(self, table: str) -> int:
        """How many rows a table has."""

    def highest(self, table: str, column: str) -> int:
        """The highest number in a column, or 0."""

    def count_on(self, table: str, column: str) -> None:
        """Let the database give this column numbers beyond those that are there."""

    def delete_keys(self, table: str, key: Sequence[str], keys: list[Row]) -> None:
        """Delete the rows with these keys."""

    def set_null(self, table: str, key: Sequence[str], keys: list[Row], columns: Sequence[str]) -> None:
        """Empty some columns of the rows with these keys."""

    def select_orphans(
        self, table: str, key: Sequence[str], columns: Sequence[str], target: str, referenced: Sequence[str]
    ) -> list[Row]:
        """The keys of some rows whose reference leads nowhere, followed by the reference's own values."""

    def run(self, statement: str) -> None:
        """Run a statement as it is."""

    def check_references(self) -> list[tuple[str, str]]:
        """Pairs of table and referenced table where a foreign key is still violated."""


def open_bulk(connection: Connection) -> Bulk:
    """The bulk interface of a connection's dialect."""
    return BULKS[connection.dialect.name](connection)
