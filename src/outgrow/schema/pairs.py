"""Pairs of columns that lead to one of several tables: `target_type` says to which, `target_id` to which of its rows.

No foreign key can say that, so none is made; the plan and a finding say which tables are meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.likeness import take_apart
from outgrow.schema.names import singular, snake, tokens
from outgrow.schema.words import TYPE_ENDINGS, squash

MOST_KINDS = 20
AGREE = 0.5


def say_pairs(drafts: Sequence[Draft]) -> tuple[list[Draft], list[PlacedFinding]]:
    """The drafts with a note for each such pair."""
    tables = {squash(singular(draft.name)): draft.name for draft in drafts}
    result, findings = [], []
    for draft in drafts:
        made = draft
        for column, beside in _pairs(draft):
            kinds = _kinds(draft, beside)
            meant = {kind: tables[word] for kind in kinds if (word := _word(kind)) in tables}
            if not meant or len(meant) < AGREE * len(kinds):
                continue
            where = ", ".join(f'{table} where it is "{kind}"' for kind, table in sorted(meant.items()))
            said = f"{column} leads to another table by {beside}: {where}; no foreign key can say that"
            made = made.with_note(said)
            findings.append(PlacedFinding("info", f"{draft.table.source}: {said}", draft.table.source))
        result.append(made)
    return result, findings


def _pairs(draft: Draft) -> list[tuple[str, str]]:
    """The columns that don't refer by themselves and have a neighbour that is named as their kind."""
    bound = {name for reference in draft.table.references for name in reference.columns}
    found = []
    for column in draft.table.columns:
        name = take_apart(column.name)
        if column.role != "field" or column.name in bound or not name.has_ending or column.name == "id":
            continue
        stem = "_".join(name.stem)
        beside = next((f"{stem}_{each}" for each in TYPE_ENDINGS if f"{stem}_{each}" in draft.table.by_name), None)
        if beside is not None and beside != column.name:
            found.append((column.name, beside))
    return found


def _kinds(draft: Draft, beside: str) -> list[str]:
    profile = draft.profile(beside)
    common = profile.common if profile is not None else None
    kinds = [value for value in common or () if isinstance(value, str) and value]
    return kinds if len(kinds) <= MOST_KINDS else []


def _word(kind: str) -> str:
    """What a kind calls its records, be it the name of a class within others: `App\\\\Models\\\\Post`."""
    last = re.split(r"[\\\\/.:]", kind)[-1]
    return squash(singular("_".join(tokens(snake(last)))))
