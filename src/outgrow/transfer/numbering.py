"""Records without a key of their own: which row each became in an earlier load, told by what it holds.

They were counted, and the numbers of a new count mean nothing once a record was added or removed. So a record
gets the number of one of the next rows that was loaded from the same, whatever the app has made of it; else of
the first free row that holds the same. Where as many records as rows are left between two that were found, they
were changed where they stand. Any other one is a new record.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from hashlib import blake2b
from itertools import groupby, islice
from typing import NamedTuple

import orjson
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, delete, insert, select

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
END = 1 << 62
PAGE = 1_000
PLACES = Table(
    "outgrow_places",
    MetaData(),
    Column("place", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("content", BigInteger, nullable=False, index=True),
)


class Place(NamedTuple):
    """A row that records may have become: its place in the order of the files, and its number."""

    place: int
    number: int


def is_counted(shape: Shape) -> bool:
    """Whether records may get numbers as their keys."""
    number = shape.number if shape.number is not None else shape.fill
    return number is not None and shape.keys == (number,)


def count_on(plan: Plan, bulk: Bulk) -> None:
    """Let the database give numbers beyond those that were written."""
    for table in plan:
        if len(table.primary_key) == 1 and table.by_name[table.primary_key[0]].type.name == "integer":
            bulk.count_on(table.name, table.primary_key[0])


class Numbering:
    """Gives the records of one collection the numbers that they had. `scratch` has room for remembering contents."""

    def __init__(self, plan: Plan, before: Loaded, ours: Bulk, theirs: Bulk, scratch: Connection) -> None:
        self.plan, self.before, self.shape = plan, before, before.shape
        self.ours, self.theirs, self.scratch = ours, theirs, scratch
        self.free = self._next_free()
        self.ahead: deque[Place] = deque()
        self.fetched = self.passed = self.border = 0
        self.taken: set[int] = set()
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
        sides = by_record(self.shape, rows)
        found = [{"number": key[0], "content": self._content(sides[key])} for key in keys if key in sides]
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

    def assign(self, sides: dict[Row, Side], *, last: bool) -> dict[int, int]:
        """The number for each record that the files give none, in their order; `last` says that no more will come."""
        made = [key[0] for key in sides if key[0] >= FIRST_MADE]
        contents = {number: self._content(sides[(number,)]) for number in made}
        alike = self._find_alike(list(contents.values()))
        found: list[Place | None] = []
        for number in made:
            place = self._find_ahead(number, sides[(number,)]) or self._choose(alike[contents[number]])
            found.append(place)
            if place is not None:
                self.taken.add(place.place)
                self.passed = max(self.passed, place.place)
        found = self._pair_rest(found, last=last)
        self.scratch.execute(delete(PLACES).where(PLACES.c.place.in_(self.taken)))
        self.taken = {place for place in self.taken if place > self.passed}
        numbers = {}
        for number, place in zip(made, found, strict=True):
            numbers[number] = self.free if place is None else place.number
            self.free += place is None
        return numbers

    def _pair_rest(self, found: list[Place | None], *, last: bool) -> list[Place | None]:
        """Records that are like none, in order, with rows that none is like, where both are as many between two others.

        They are taken for records that were changed where they stood.
        """
        paired: list[Place | None] = []
        for is_known, places in groupby(found, key=lambda place: place is not None):
            run = list(places)
            if not is_known:
                behind = found[len(paired) + len(run)] if len(paired) + len(run) < len(found) else None
                end = behind.place if behind is not None else END if last else 0
                free = self._free_between(self.border, end, len(run) + 1)
                if len(free) == len(run):
                    run = list(free)
                    self.taken |= {place.place for place in free}
            paired += run
            self.border = run[-1].place if run[-1] is not None else END
        return paired

    def _free_between(self, start: int, end: int, most: int) -> list[Place]:
        """Some of the rows between two places that no record has yet."""
        between = (PLACES.c.place > start) & (PLACES.c.place < end) & PLACES.c.place.not_in(self.taken)
        query = select(PLACES.c.place, PLACES.c.number).where(between).order_by(PLACES.c.place).limit(most)
        return [Place(*row) for row in self.scratch.execute(query)]

    def _find_ahead(self, number: int, side: Side) -> Place | None:
        """The next row, of those behind the last one found, that a record like this was loaded to."""
        rows = {name: list(own.values()) for name, own in side.items()}
        for place in self._look_ahead():
            chunk = self.before.chunk_of((place.number,))
            renumbered = by_record(self.shape, renumber(self.shape, rows, {number: place.number}))
            if chunk is not None and all(
                self.before.was(name, row, chunk) for one in renumbered.values() for name, row in rows_of(one)
            ):
                return place
        return None

    def _look_ahead(self) -> list[Place]:
        """The next rows that no record has yet."""
        while self.ahead and self.ahead[0].place <= self.passed:
            self.ahead.popleft()
        if len(self.ahead) < NEAR:
            query = select(PLACES.c.place, PLACES.c.number).order_by(PLACES.c.place).limit(PAGE)
            behind = max(self.fetched, self.passed)
            found = [Place(*row) for row in self.scratch.execute(query.where(PLACES.c.place > behind))]
            self.ahead.extend(found)
            self.fetched = found[-1].place if found else behind
        return [place for place in islice(self.ahead, NEAR) if place.place not in self.taken]

    def _find_alike(self, contents: list[int]) -> dict[int, deque[Place]]:
        """The rows that hold the same as some records."""
        columns = (PLACES.c.content, PLACES.c.place, PLACES.c.number)
        query = select(*columns).where(PLACES.c.content.in_(contents)).order_by(PLACES.c.place)
        found: dict[int, deque[Place]] = defaultdict(deque)
        for content, place, number in self.scratch.execute(query):
            found[content].append(Place(place, number))
        return found

    def _choose(self, alike: deque[Place]) -> Place | None:
        """The first of some rows that no record has yet."""
        while alike:
            place = alike.popleft()
            if place.place not in self.taken:
                return place
        return None
