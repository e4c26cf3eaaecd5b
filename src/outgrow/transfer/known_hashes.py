"""Passwords that an earlier load has hashed: where the files say the same as then, the hash stays, salt and all."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine

from outgrow.database.bulk import Bulk, open_bulk
from outgrow.database.engine import begin
from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.fetch import key_of
from outgrow.transfer.passwords import Hasher, is_stored_as

MOST_COMPARED = 100_000


class KnownHashes(Hasher):
    """Looks for a password's hash in the app's database before it makes a new one."""

    def __init__(self, plan: Plan, engine: Engine) -> None:
        super().__init__(plan)
        self.engine = engine
        self.contents: dict[str, dict[Row, Row]] = {}

    def hash_rows(self, shapes: Sequence[Shape], rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
        """The rows as they are stored."""
        hashed = dict(rows)
        for shape in shapes:
            numbers = password_columns(self.plan, shape.table)
            if numbers:
                with begin(self.engine) as connection:
                    known = self._known_rows(open_bulk(connection), shape, rows[shape.table.name], numbers)
                hashed[shape.table.name] = [
                    self._hash_unless_known(row, old, numbers)
                    for row, old in zip(rows[shape.table.name], known, strict=True)
                ]
        return hashed

    def _hash_unless_known(self, row: Row, old: Row | None, numbers: tuple[int, ...]) -> Row:
        stays = [number for number in numbers if old is not None and is_stored_as(old[number], row[number])]
        hashed = self._hash_row(row, tuple(number for number in numbers if number not in stays))
        return tuple(old[n] if old is not None and n in stays else value for n, value in enumerate(hashed))

    def _known_rows(self, bulk: Bulk, shape: Shape, rows: list[Row], numbers: tuple[int, ...]) -> list[Row | None]:
        """For each row the one that it became earlier: by its key, else by what it holds beside made-up keys."""
        table = shape.table
        columns = [column.name for column in table.columns]
        keys = [key_of(shape, row) for row in rows]
        found = {key_of(shape, row): row for row in bulk.select_keys(table.name, columns, table.primary_key, keys, [])}
        left_out = {*numbers, *shape.keys, *shape.parents}
        if table.name not in self.contents and any(key not in found for key in keys):
            self.contents[table.name] = self._read_contents(bulk, shape, left_out)
        alike = self.contents.get(table.name, {})
        return [found.get(key) or alike.get(_without(row, left_out)) for key, row in zip(keys, rows, strict=True)]

    @staticmethod
    def _read_contents(bulk: Bulk, shape: Shape, left_out: set[int]) -> dict[Row, Row]:
        table = shape.table
        if bulk.count(table.name) > MOST_COMPARED:
            return {}
        columns, contents = [column.name for column in table.columns], {}
        for page in bulk.select_key_pages(table.name, table.primary_key):
            for row in bulk.select_keys(table.name, columns, table.primary_key, page, []):
                contents[_without(row, left_out)] = row
        return contents


def _without(row: Row, numbers: set[int]) -> Row:
    return tuple(value for number, value in enumerate(row) if number not in numbers)
