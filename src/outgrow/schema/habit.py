"""What the records of a section have in common that their values don't say, learned from its first batch.

Field order, how absence is written, date patterns. Whatever deviates from a habit goes to the ledger
by itself, so a habit only has to fit most records.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from outgrow.record import MISSING, Number
from outgrow.schema.coerce import drops_empty, stands_for_none
from outgrow.schema.model import Column
from outgrow.schema.moments import manner_of
from outgrow.schema.restore import pattern_of, without_zeros
from outgrow.schema.shape import Branch, Shape


@dataclass
class Habit:
    """The habits of one field. `absent` says how nothing is written: missing, null, "", [], {} or `object` (an object
    whose fields are all absent), or what stands for none, as JSON. `pattern` belongs to dates, floats and decimals.
    `counted` lists are written as maps of "0", "1" …. `order` and `fields` are those of objects.
    """

    absent: str = "null"
    pattern: str = ""
    counted: bool = False
    order: list[str] = field(default_factory=list)
    fields: dict[str, Habit] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """For the ledger; the way back is `from_dict`."""
        values: dict[str, Any] = {"absent": self.absent}
        if self.pattern:
            values["pattern"] = self.pattern
        if self.counted:
            values["counted"] = True
        if self.order:
            values["order"] = self.order
        if self.fields:
            values["fields"] = {name: habit.to_dict() for name, habit in self.fields.items()}
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Habit:
        """The way back from `to_dict`."""
        fields = {name: cls.from_dict(inner) for name, inner in values.get("fields", {}).items()}
        return cls(
            values.get("absent", "null"),
            values.get("pattern", ""),
            bool(values.get("counted")),
            list(values.get("order", ())),
            fields,
        )


def fit(habit: Habit, branch: Branch | None) -> Habit:
    """The habit of records whose fields the plan has changed since: without those that went, with those that came."""
    if branch is None:
        return habit
    order = [name for name in habit.order if name in branch.fields]
    order += [name for name in branch.fields if name not in habit.order]
    fields = {}
    for name in order:
        part = branch.fields[name]
        inner = part if isinstance(part, Branch) else part.branch if isinstance(part, Shape) else None
        fields[name] = fit(habit.fields.get(name, Habit(absent="missing")), inner)
    return replace(habit, order=order, fields=fields)


def learn(shape: Shape, records: list[Any]) -> Habit:
    """Learn the habits of a section from some of its records."""
    objects = [record for record in records if type(record) is dict]
    habit = Habit()
    if shape.branch is not None:
        _learn_fields(habit, shape, shape.branch, objects)
    return habit


def _learn_fields(habit: Habit, shape: Shape, branch: Branch, objects: list[dict[str, Any]]) -> None:
    habit.order = [name for name in _merge_orders(objects) if name in branch.fields]
    habit.order += [name for name in branch.fields if name not in habit.order]
    for name, part in branch.fields.items():
        values = [value.get(name, MISSING) for value in objects]
        habit.fields[name] = _learn_value(shape, part, values)


def _merge_orders(objects: list[dict[str, Any]]) -> list[str]:
    """One order of all fields: each new one stands behind the one it was first seen behind."""
    order: list[str] = []
    known: set[str] = set()
    for names in dict.fromkeys(map(tuple, objects)):
        place = 0
        for name in names:
            if name in known:
                place = order.index(name) + 1
            else:
                order.insert(place, name)
                known.add(name)
                place += 1
    return order


def _learn_value(shape: Shape, part: int | Branch | Shape, values: list[Any]) -> Habit:
    habit = Habit(absent=_most_absent(shape, part, values))
    if isinstance(part, int):
        habit.pattern = _learn_pattern(shape.table.columns[part], values)
    elif isinstance(part, Branch):
        _learn_fields(habit, shape, part, [value for value in values if type(value) is dict])
    else:
        maps = [value for value in values if type(value) is dict and value and part.key is None]
        habit.counted = len(maps) > sum(1 for value in values if type(value) is list and value)
        if habit.counted and habit.absent == "[]" and [] not in values:
            habit.absent = "{}"
        elements = [element for value in values if value for element in _elements(value, part.table.split)]
        if part.branch is not None:
            _learn_fields(habit, part, part.branch, [element for element in elements if type(element) is dict])
        elif part.element is not None:
            habit.pattern = _learn_pattern(part.table.columns[part.element], elements)
    return habit


def _elements(value: Any, split: str) -> list[Any]:
    if type(value) is dict:
        return list(value.values())
    if split and type(value) is str:
        return value.split(split)
    return value if type(value) is list else []


def _most_absent(shape: Shape, part: int | Branch | Shape, values: list[Any]) -> str:
    """How most values that come to nothing are written."""
    column = shape.table.columns[part] if isinstance(part, int) else None
    if column is None:
        told = (_nothing_nested(value, objects=isinstance(part, Branch)) for value in values)
    else:
        told = (_nothing_plain(value, column) for value in values)
    found = Counter(filter(None, told))
    if found:
        return found.most_common(1)[0][0]
    if isinstance(part, Shape):
        return '""' if part.table.split else "[]" if part.key is None else "{}"
    return "null" if column is not None else "object"


def _nothing_plain(value: Any, column: Column) -> str | None:
    if value is MISSING or value is None:
        return "missing" if value is MISSING else "null"
    if value == "":
        return '""' if drops_empty(column) else None
    return json.dumps(value) if stands_for_none(value, column) else None


def _nothing_nested(value: Any, *, objects: bool) -> str | None:
    if value is MISSING or value is None:
        return "missing" if value is MISSING else "null"
    if value in ("", [], {}):
        return json.dumps(value)
    empty = objects and type(value) is dict and not any(map(_is_there, value.values()))
    return "object" if empty else None


def _is_there(value: Any) -> bool:
    return value not in (None, MISSING)


def _learn_pattern(column: Column, values: list[Any]) -> str:
    name = column.type.name
    if name == "boolean":
        return "text" if sum(type(value) is str for value in values) * 2 > len(values) else ""
    if column.format:
        return "" if name == "decimal" else manner_of(values, column.format)
    if name in ("date", "datetime", "time"):
        patterns = Counter(pattern_of(value, name) for value in values if type(value) is str and len(value) >= 5)
        return patterns.most_common(1)[0][0] if patterns else {"time": ".s", "date": ""}.get(name, " .s")
    if name == "float":
        whole = [value for value in values if type(value) in (int, float) and value == int(value)]
        return "integral" if not whole or sum(type(value) is int for value in whole) * 2 >= len(whole) else ""
    if name == "decimal":
        return _learn_decimals(values, column.type.scale or 0)
    return ""


def _learn_decimals(values: list[Any], scale: int) -> str:
    """Whether they are texts with all places or without zeros behind (`short text`), or literals with all digits.

    Or floats as programs write them (`short`, `short.`).
    """
    texts = [value for value in values if type(value) is str and value]
    if len(texts) * 2 > sum(value not in (None, "", MISSING) for value in values):
        short = sum(value == without_zeros(value) for value in texts)
        return "short text" if short > sum(len(value.partition(".")[2]) == scale for value in texts) else "text"
    numbers = [value for value in values if type(value) in (int, float, Number)]
    if sum(type(value) is Number for value in numbers) * 2 >= len(numbers):
        return ""
    pointed = sum(type(value) is float and value.is_integer() for value in numbers)
    return "short." if pointed > sum(type(value) is int for value in numbers) else "short"
