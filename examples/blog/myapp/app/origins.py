"""Tells where in the old files a row comes from, by outgrow's ledger in the database: `users.json:212`.

To be without it, delete this file and `tests/test_origins.py`.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Text, column, inspect, select, table

from app.encoding import key_as_json

META = table("outgrow_meta", column("name"), column("value"))
FILES = table("outgrow_files", column("id"), column("path"))
PARTS = table("outgrow_parts", column("id"), column("source"), column("file_id"))
CHUNKS = table("outgrow_chunks", column("id"), column("part_id"), column("facts", Text))
CHANGES = table("outgrow_changes", column("table_name"), column("row_key"), column("action"))
RANGE = re.compile(r'"rows":\{"first":(-?\d+),"last":(-?\d+)')

Facts = dict[str, Any]
_tables: WeakKeyDictionary[Engine, Facts] = WeakKeyDictionary()


def origin_of(row: object) -> str | None:
    """Return where the record stands that a row comes from; None if the app has made the row."""
    state: Any = inspect(row)
    if not state.persistent:
        return None
    own, connection = state.mapper.local_table, state.session.connection()
    known = tables_of(connection).get(own.name)
    if known is None or not set(known["key"]) <= set(own.columns.keys()):
        return None
    properties = [state.mapper.get_property_by_column(own.columns[name]) for name in known["key"]]
    key = [getattr(row, each.key) for each in properties]
    for name, made in ((own.name, state.identity), (known["root"], key)):
        same = (CHANGES.c.table_name == name) & (CHANGES.c.row_key == key_as_json(made))
        query = select(CHANGES.c.action).where(same, CHANGES.c.action == "insert")
        if connection.scalar(query.limit(1)):
            return None
    return find_origin(connection, known["source"], key_as_json(key))


def tables_of(connection: Connection) -> Facts:
    """Return what the ledger says about tables: nothing where there is no ledger."""
    if connection.engine not in _tables:
        there = {META.name, CHANGES.name} <= set(inspect(connection).get_table_names())
        query = select(META.c.value).where(META.c.name == "tables")
        known = connection.scalar(query) if there else None
        _tables[connection.engine] = json.loads(known or "{}")
    return _tables[connection.engine]


def find_origin(connection: Connection, source: str, key: str) -> str | None:
    """Return where the record of a source stands that has a key, which is given as JSON."""
    wanted, held = json.loads(key), CHUNKS.c.facts.contains(key, autoescape=True)
    number = wanted[0] if len(wanted) == 1 and isinstance(wanted[0], int) else None
    if number is not None:
        held |= CHUNKS.c.facts.contains('"rows":{"first":')
    joined = (CHUNKS.c.part_id == PARTS.c.id) & (PARTS.c.file_id == FILES.c.id)
    query = select(FILES.c.path, CHUNKS.c.facts).where(joined, PARTS.c.source == source, held)
    for path, text in connection.execute(query.order_by(CHUNKS.c.id)):
        ends = RANGE.search(text)
        if ends and (number is None or not int(ends[1]) <= number <= int(ends[2])):
            continue
        facts = json.loads(text)
        places, copies = facts.get("places", ()), facts.get("copies", ())
        for nth, each in enumerate(keys_of(facts["rows"])):
            place = places[nth] if nth < len(places) else nth
            if each == wanted and place not in copies:
                return describe(path, facts, each, nth, place)
    return None


def keys_of(rows: Facts) -> list[Any]:
    """Return the keys of a chunk's records: each is listed, or they are numbers that rise."""
    if "keys" in rows:
        return list(rows["keys"])
    numbers = unpack(rows["runs"]) if "runs" in rows else range(rows["first"], rows["last"] + 1)
    return [[number] for number in numbers]


def unpack(packed: list[int]) -> list[int]:
    """Return numbers that are given as the first and the steps; -3 repeats a step three times."""
    steps: list[int] = []
    for each in packed[1:]:
        steps += [each] if each >= 0 else steps[-1:] * -each
    return list(accumulate(steps, initial=packed[0]))


def describe(path: str, facts: Facts, key: list[Any], nth: int, place: int) -> str:
    """Return a record's file, its line, and its JSON pointer where others share the line."""
    if "lines" in facts:
        path += f":{unpack(facts['lines'])[place]}"
    if "pointer" in facts:
        path += f" {facts['pointer']}"
        for name in names_of(facts, key, nth, place):
            path += "/" + str(name).replace("~", "~0").replace("/", "~1")
    return path if path.isprintable() else ascii(path)[1:-1]


def names_of(facts: Facts, key: list[Any], nth: int, place: int) -> list[Any]:
    """Return what a record is called in its list or map; nothing if it stands alone."""
    if "numbers" in facts:
        return [unpack(facts["numbers"])[place]]
    if "map_keys" in facts:
        return [facts["map_keys"][nth]]
    return [facts["count"] + nth] if "count" in facts else [key[n] for n in facts.get("named", ())]
