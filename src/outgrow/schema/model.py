"""The plan as data: what the tables are and where each column comes from. Frozen, and free of I/O.

Everything that a later step needs to know is here, so that no later step has to guess:
`render` writes the app from it, `shape` turns records into rows and back with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

TypeName = Literal[
    "integer", "float", "decimal", "boolean", "string", "text", "date", "datetime", "time", "json", "binary"
]
Kind = Literal["entity", "child", "association", "singleton"]
Role = Literal["field", "key", "element", "position", "parent", "number", "file", "path"]
Secret = Literal["password", "token", "salt"]
Duplicates = Literal["keep-first", "keep-last", "reject"]
Orphans = Literal["null", "reject"]
OnDelete = Literal["cascade", "restrict", "set null"]

STRING_LADDER = (80, 120, 255)


@dataclass(frozen=True)
class ColumnType:
    """A column's type: `length` belongs to string, `precision` and `scale` to decimal.

    An integer with `precision` 64 holds values that don't fit into 32 bits.
    """

    name: TypeName
    length: int | None = None
    precision: int | None = None
    scale: int | None = None

    def __str__(self) -> str:
        if self.name == "string":
            return f"string({self.length})"
        if self.name == "decimal":
            return f"decimal({self.precision},{self.scale})"
        if self.name == "integer" and self.precision == 64:
            return "integer(64)"
        return self.name


@dataclass(frozen=True)
class Column:
    """A column and where its value comes from.

    `role` says which part of the source it holds:
        field     the record's field at `field`, a path of names (nested objects have several)
        key       the key the record has in its map, or the name of its file
        element   the scalar that a list of scalars holds (child and association tables)
        position  the place in that list, from 0
        parent    the parent row's key column of the same place (child and association tables)
        number    nothing: outgrow counts
        file      the text of the file whose path is `field[0]` with `{key}` for the record's key
        path      what the record's path says: `field[0]` names the part (see `paths.py`); it is never written back
    `fill` is for a key: records without one get the next free number. `empty_is_null` is for text that
    must be unique or refer to something: `""` is stored as null. `default` is a JSON literal, or `now`
    for the present time in UTC. `format` says how the source writes what is no number, date or time as it stands
    there: see `moments.py` and `money.py`. `none` is a value that is stored as null, as 0 in a column that refers.
    """

    name: str
    type: ColumnType
    role: Role = "field"
    field: tuple[str, ...] = ()
    nullable: bool = False
    default: str | None = None
    secret: Secret | None = None
    fill: bool = False
    empty_is_null: bool = False
    format: str = ""
    none: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Reference:
    """A foreign key and the relationship on both of its sides.

    `name` is the attribute on this table's class (`post.author`), `back` the one on the other
    (`user.posts`); an empty `back` means none is wanted. `unique` makes it one-to-one.
    """

    columns: tuple[str, ...]
    table: str
    referenced: tuple[str, ...]
    name: str
    back: str
    on_delete: OnDelete = "restrict"
    orphans: Orphans = "null"
    unique: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class Table:
    """A table, its class, and the records it is made from.

    An entity or singleton comes from the collection named by `source`. A child or association table
    comes from the list at `path` within the records of table `parent`; its `source` is its parent's.
    A map whose keys only count (`{"0": .., "1": ..}`) is a list, and so is a text whose pieces `split` parts.
    `duplicates` is the rule for a primary key that comes twice. `dropped` are fields that shall have no column; the
    ledger keeps them.
    `notes` are comment lines: guesses too weak to act upon, for the reader of the plan.
    """

    name: str
    class_name: str
    source: str
    kind: Kind
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    references: tuple[Reference, ...] = ()
    parent: str | None = None
    path: tuple[str, ...] = ()
    split: str = ""
    duplicates: Duplicates = "keep-first"
    dropped: tuple[tuple[str, ...], ...] = ()
    rows: int = 0
    notes: tuple[str, ...] = ()
    evidence: str = ""

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}

    @property
    def nested(self) -> bool:
        """Whether the rows come from a list within another table's records."""
        return self.parent is not None


@dataclass(frozen=True)
class Plan:
    """All tables, in the order in which the source holds them; a parent stands before its children.

    `passwords` is about the site's own people: `hash` turns plain text and fast hashes into argon2. `files` are
    the collections that make no table, by the name that theirs would have: their files are kept as they are.
    """

    tables: tuple[Table, ...]
    passwords: Literal["hash", "keep"] = "hash"
    files: tuple[tuple[str, str], ...] = ()

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)

    @cached_property
    def by_name(self) -> dict[str, Table]:
        """The tables by their names."""
        return {table.name: table for table in self.tables}

    def children(self, name: str) -> tuple[Table, ...]:
        """The tables that are made from lists within the records of table `name`."""
        return tuple(table for table in self.tables if table.parent == name)
