"""Records without a key of their own: which row each became in an earlier load, told by what it holds.

They were counted, and the numbers of a new count mean nothing once a record was added or removed. So a record
gets the number of the first free row that holds the same; one that is like none is a new record.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from hashlib import blake2b
from itertools import islice

import orjson
from sqlalchemy import BigInteger, Column, Connection, MetaData, Table, delete, insert, select

from outgrow.database.bulk import Bulk
from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns
from outgrow.schema.shape import Row, Shape
from outgrow.transfer.fetch import fetch_rows
from outgrow.transfer.loaded import Loaded
from outgrow.transfer.sides import Side, by_record, renumber, rows_of

FIRST_MADE = 1 << 40
"""Where the numbers of a new count start, so that they are known from those that files give."""

NEAR = 20
PAGE = 1_000
PLACES = Table(
    "outgrow_places",
    MetaData(),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("content", BigInteger, nullable=False, index=True),
)


def is_counted(shape: Shape) -> bool:
    """Whether records may get numbers as their keys."""
    number = shape.number if shape.number is not None else shape.fill
    return number is not None and shape.keys == (number,)


class Numbering:
    """Gives the records of one collection the numbers that they had. `scratch` has room for remembering contents."""

    def __init__(self, plan: Plan, before: Loaded, ours: Bulk, theirs: Bulk, scratch: Connection) -> None:
        self.plan, self.before, self.shape = plan, before, before.shape
        self.ours, self.theirs, self.scratch = ours, theirs, scratch
        self.last = -1
        self.free = self._next_free()
        PLACES.create(scratch)
        keys = before.keys()
        while page := list(islice(keys, PAGE)):
            self._remember(self._without_given(page))

    def close(self) -> None:
        """Forget the contents."""
        PLACES.drop(self.scratch)

    def _next_free(self) -> int:
        """The first number that neither side has."""
        table = self.shape.table
        free = self.ours.highest(table.name, table.primary_key[0]) + 1
        for page in self.theirs.select_key_pages(table.name, table.primary_key):
            free = max([free, *(key[0] + 1 for key in page if key[0] < FIRST_MADE)])
        return free

    def _without_given(self, keys: list[Row]) -> list[Row]:
        """The keys that no record of the files has as its own."""
        if self.shape.number is not None:
            return keys
        name, key = self.shape.table.name, self.shape.table.primary_key
        given = set(self.theirs.select_keys(name, key, key, keys, []))
        return [one for one in keys if one not in given]

    def _remember(self, keys: Sequence[Row]) -> None:
        rows = fetch_rows(self.ours, self.shape, {"keys": [list(key) for key in keys]})
        found = [
            {"number": number, "content": self._content(side)}
            for (number,), side in by_record(self.shape, rows).items()
        ]
        if found:
            self.scratch.execute(insert(PLACES), found)

    def _content(self, side: Side) -> int:
        """What a record holds, but for numbers and hashes."""
        content: list[list[object]] = []
        for inner in self.shape.all_shapes():
            left_out = {*password_columns(self.plan, inner.table)}
            left_out |= {inner.keys[0]} if inner is self.shape else {*inner.parents}
            rows = side[inner.table.name].values()
            content += [[value for number, value in enumerate(row) if number not in left_out] for row in rows]
        return int.from_bytes(blake2b(orjson.dumps(content), digest_size=8).digest(), signed=True)

    def assign(self, sides: dict[Row, Side]) -> dict[int, int]:
        """The number for each record that the files give none, in their order."""
        made = [key[0] for key in sides if key[0] >= FIRST_MADE]
        contents = {number: self._content(sides[(number,)]) for number in made}
        known = self._take(list(contents.values()))
        numbers = {}
        for number in made:
            alike = known[contents[number]]
            found = alike.popleft() if alike else self._find_changed(number, sides[(number,)])
            if found is None:
                found, self.free = self.free, self.free + 1
            else:
                self.last = max(self.last, found)
            numbers[number] = found
        return numbers

    def _take(self, contents: list[int]) -> dict[int, deque[int]]:
        """The numbers of rows that hold the same, as many as are asked for; no later record gets them."""
        query = select(PLACES.c.content, PLACES.c.number).where(PLACES.c.content.in_(contents))
        found: dict[int, deque[int]] = defaultdict(deque)
        wanted: dict[int, int] = defaultdict(int)
        for content in contents:
            wanted[content] += 1
        for content, number in self.scratch.execute(query.order_by(PLACES.c.number)):
            if len(found[content]) < wanted[content]:
                found[content].append(number)
        self._forget([number for numbers in found.values() for number in numbers])
        return found

    def _find_changed(self, number: int, side: Side) -> int | None:
        """The row that a record became and that the app has changed since: the check of the load is the record's."""
        query = select(PLACES.c.number).where(PLACES.c.number > self.last).order_by(PLACES.c.number).limit(NEAR)
        rows = {name: list(own.values()) for name, own in side.items()}
        for candidate in self.scratch.scalars(query).all():
            renumbered = by_record(self.shape, renumber(self.shape, rows, {number: candidate}))
            chunk = self.before.chunk_of((candidate,))
            was = chunk is not None and [
                self.before.was(name, row, chunk) for one in renumbered.values() for name, row in rows_of(one)
            ]
            if was and all(was):
                self._forget([candidate])
                return int(candidate)
        return None

    def _forget(self, numbers: list[int]) -> None:
        self.scratch.execute(delete(PLACES).where(PLACES.c.number.in_(numbers)))
