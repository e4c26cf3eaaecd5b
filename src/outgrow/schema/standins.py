"""Values that say "none" in a column that refers: 0 where keys begin at 1, `none`, `-`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.model import Reference
from outgrow.schema.words import STAND_INS


def stand_in_of(values: DistinctValues, keys: DistinctValues) -> str | None:
    """The value of a column that is no key and says that there is none."""
    return next((word for word in STAND_INS if values.holds(word) and not keys.holds(word)), None)


def say_stand_ins(drafts: Sequence[Draft]) -> tuple[list[Draft], list[PlacedFinding]]:
    """The drafts with the values that mean none in their columns, and what is to be said of them."""
    by_name = {draft.name: draft for draft in drafts}
    result, findings = [], []
    for draft in drafts:
        made = draft
        for reference in draft.table.references:
            word = _stand_in(draft, by_name, reference)
            if word is None:
                continue
            column = made.table.by_name[reference.columns[0]]
            made = made.with_column(column.name, replace(column, none=word, nullable=True))
            where = f"{draft.table.source}: {'.'.join(column.field)}"
            said = f'{where}: "{word}" stands for none, for {reference.table} has no such {reference.referenced[0]}'
            findings.append(PlacedFinding("info", f"{said}; stored as null, written back as it is", draft.table.source))
        result.append(made)
    return result, findings


def _stand_in(draft: Draft, drafts: dict[str, Draft], reference: Reference) -> str | None:
    if len(reference.columns) > 1 or reference.table not in drafts:
        return None
    column = draft.table.by_name[reference.columns[0]]
    here, there = draft.profile(column.name), drafts[reference.table].profile(reference.referenced[0])
    if column.role != "field" or column.name in draft.table.primary_key or here is None or there is None:
        return None
    return stand_in_of(here.distinct, there.distinct)
