"""Profiles for tests, made from records as a reader would make them: in batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outgrow.record import Batch
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.infer import Inference, infer_plan
from outgrow.schema.model import Column, Plan, Reference, Table
from outgrow.schema.texts import TextGroup


def profile(
    name: str,
    records: Sequence[Any],
    *,
    keys: Sequence[str] | None = None,
    single: bool = False,
    textual: bool = False,
    size: int = 100,
) -> CollectionProfile:
    """The profile of a collection, read in batches of `size`."""
    made = CollectionProfile(name, f"{name}.{'csv' if textual else 'json'}", single=single, textual=textual)
    for start in range(0, len(records), size):
        part = list(records[start : start + size])
        made.add(Batch(part, b"", start, start + len(part), keys=list(keys[start : start + size]) if keys else None))
    return made


def infer(texts: Sequence[TextGroup] = (), /, **collections: Any) -> Inference:
    """Infer from collections given by name: lists of records, maps of records by key, or profiles."""
    made = []
    for name, value in collections.items():
        if isinstance(value, CollectionProfile):
            made.append(value)
        elif isinstance(value, dict):
            made.append(profile(name, list(value.values()), keys=list(value)))
        else:
            made.append(profile(name, value))
    return infer_plan(made, texts)


def plan(texts: Sequence[TextGroup] = (), /, **collections: Any) -> Plan:
    """The plan for collections given by name."""
    return infer(texts, **collections).plan


def table(records: Any, name: str = "things", **options: Any) -> Table:
    """The table that one collection becomes."""
    return infer_plan([profile(name, records, **options)]).plan.tables[0]


def column(values: Sequence[Any], name: str = "field", **options: Any) -> Column:
    """The column that a field with these values becomes, beside an id."""
    made = table([{"id": number, name: value} for number, value in enumerate(values, 1)], **options)
    return next(each for each in made.columns if each.field == (name,))


def reference(table: Table) -> Reference:
    """The one reference of a table."""
    (only,) = table.references
    return only


def pairs(plan: Plan) -> set[str]:
    """All references of a plan, as `posts.user_id > users.id`."""
    return {
        f"{table.name}.{'+'.join(each.columns)} > {each.table}.{'+'.join(each.referenced)}"
        for table in plan
        for each in table.references
    }
