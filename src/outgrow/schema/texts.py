"""Text files whose path holds a record's key: which table's column they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.schema.distinct import DistinctValues
from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.model import Column
from outgrow.schema.names import column_name, snake, tokens
from outgrow.schema.types import TEXT
from outgrow.schema.words import GENERIC_STEMS, squash


@dataclass(frozen=True)
class TextGroup:
    """Text files of one kind: `pattern` is their path with `{key}` for the part that differs."""

    pattern: str
    keys: tuple[str, ...]


def add_texts(drafts: Sequence[Draft], groups: Sequence[TextGroup]) -> tuple[list[Draft], list[PlacedFinding]]:
    """Give each group of text files to the table whose records' keys their paths hold."""
    by_name = {draft.name: draft for draft in drafts}
    findings = []
    for group in groups:
        owner = _find_owner(list(by_name.values()), group)
        if owner is not None:
            by_name[owner.name] = _with_texts(owner, group)
        else:
            count = f"{len(group.keys)} text file{'' if len(group.keys) == 1 else 's'}"
            findings.append(
                PlacedFinding(
                    "info",
                    f"{count} like {group.pattern} belong to no record: kept as they are, for export",
                    group.pattern,
                )
            )
    return list(by_name.values()), findings


def _find_owner(drafts: Sequence[Draft], group: TextGroup) -> Draft | None:
    """The table with all the keys among its own; of several the one that the path names."""
    keys = DistinctValues()
    keys.add_texts(list(group.keys))
    words = set(tokens(group.pattern))
    fitting: list[tuple[bool, int, Draft]] = []
    for draft in drafts:
        if draft.table.kind != "entity" or not group.keys or len(draft.table.primary_key) != 1:
            continue
        key = draft.table.primary_key[0]
        profile = draft.profile(key)
        if (
            profile is not None
            and draft.table.by_name[key].type.name == "string"
            and keys.share_in(profile.distinct) == 1
        ):
            fitting.append((not set(tokens(draft.name)) & words, len(fitting), draft))
    return min(fitting, key=lambda fit: fit[:2])[2] if fitting else None


def _with_texts(draft: Draft, group: TextGroup) -> Draft:
    rows = draft.table.rows
    stem = group.pattern.rpartition("/")[2].partition(".")[0]
    taken = draft.table.by_name
    says_more = "{key}" not in stem and squash(stem) not in GENERIC_STEMS and column_name((stem,)) not in taken
    plain = next((name for name in ("content", "body", "text") if name not in taken), "content")
    name = column_name((snake(stem) if says_more else plain,), taken)
    evidence = f"text of {len(group.keys)} files for {rows} records"
    column = Column(name, TEXT, role="file", field=(group.pattern,), nullable=True, evidence=evidence)
    return replace(draft.with_columns((*draft.table.columns, column)))
