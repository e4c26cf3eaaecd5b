"""A plan by which values, keys and indexes can be tried that databases treat differently."""

from __future__ import annotations

from sample_plans import BIG, INTEGER, TEXT, column, number, reference, string

from outgrow.schema.model import ColumnType, Plan, Table

WIDEST_KEY = 768
"""How many characters InnoDB's index has room for: 3072 bytes, four for each."""


def values() -> Plan:
    """A column of each type; a key of text, and rows that refer to it; a unique text as wide as may be."""
    kinds = {
        "word": string(80),
        "tale": TEXT,
        "small": INTEGER,
        "big": BIG,
        "double": ColumnType("float"),
        "price": ColumnType("decimal", precision=30, scale=10),
        "flag": ColumnType("boolean"),
        "day": ColumnType("date"),
        "hour": ColumnType("time"),
        "moment": ColumnType("datetime"),
        "extra": ColumnType("json"),
        "raw": ColumnType("binary"),
    }
    columns = [column(name, kind, nullable=True) for name, kind in kinds.items()]
    things = Table("things", "Thing", "things.json", "entity", (number("id", BIG), *columns), ("id",))
    key = (column("name", string(80)), column("note", string(80), nullable=True))
    keys = Table("keys", "Key", "keys.json", "entity", key, ("name",))
    doors = Table(
        "doors",
        "Door",
        "doors.json",
        "entity",
        (number("id"), column("key_name", string(80))),
        ("id",),
        references=(reference("key_name", "keys", "key", "doors", referenced="name"),),
    )
    unique = (number("id"), column("name", string(WIDEST_KEY)))
    wide = Table("wide", "Wide", "wide.json", "entity", unique, ("id",), unique=(("name",),))
    return Plan((things, keys, doors, wide))
