"""Copies of other records within records: an order with its customer's id, name and e-mail address as they were then.

The copy's key refers to the record that was copied. Its other fields are what they are: they may differ from the
record today, on purpose, so they refer to nothing, even where each of them still is another record's value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.likeness import take_apart
from outgrow.schema.model import Column
from outgrow.schema.names import tokens
from outgrow.schema.relations import Guess
from outgrow.schema.words import squash

Fields = tuple[str, ...]


def without_copies(drafts: Sequence[Draft], sure: Sequence[Guess]) -> tuple[list[Guess], list[PlacedFinding]]:
    """The guesses without those of copied fields, and which copies there are."""
    by_name = {draft.name: draft for draft in drafts}
    groups: dict[tuple[str, Fields, str], list[Guess]] = defaultdict(list)
    for guess in sure:
        column = by_name[guess.table].table.by_name[guess.column]
        if len(guess.columns) == 1 and column.role == "field" and guess.table != guess.target:
            groups[guess.table, column.field[:-1], guess.target].append(guess)
    dropped: set[int] = set()
    findings = []
    for (table, path, target), guesses in groups.items():
        around = groups.get((table, path[:-1], target), []) if path else []
        beside = [each for each in around if _is_key_of(each, path, by_name)]
        best = max(beside or guesses, key=lambda guess: _rank(guess, by_name))
        copies = _copied(by_name[table], path, by_name[target], best)
        facts = [guess for guess in guesses if by_name[target].table.primary_key != (guess.key,)]
        dropped |= {id(guess) for guess in facts if guess is not best and guess.column in copies}
        if path and copies:
            findings.append(_say(by_name[table], path, by_name[target], best, copies))
    return [guess for guess in sure if id(guess) not in dropped], findings


def _is_key_of(guess: Guess, path: Fields, drafts: Mapping[str, Draft]) -> bool:
    """Whether a column beside an object holds the key of the record that was copied: `client_id` beside `client`."""
    field = drafts[guess.table].table.by_name[guess.column].field[-1]
    return drafts[guess.target].table.primary_key == (guess.key,) and take_apart(field).stem == tokens(path[-1])


def _rank(guess: Guess, drafts: Mapping[str, Draft]) -> tuple[bool, bool, float]:
    """A reference to the primary key is meant sooner than one to what is merely unique."""
    column = drafts[guess.table].table.by_name[guess.column]
    ending = take_apart(column.field[-1]).has_ending or squash(column.field[-1]) == "id"
    return drafts[guess.target].table.primary_key == (guess.key,), ending, guess.confidence


def _copied(draft: Draft, path: Fields, target: Draft, best: Guess) -> list[str]:
    """The columns of an object (or of the whole record) that are called as the other table's are."""
    known = {squash(_last(column)) for column in target.table.columns if column.role in ("field", "key")}
    mine = [
        column
        for column in draft.table.columns
        if column.role == "field" and column.field[:-1] == path and column.name != best.column
    ]
    return [column.name for column in mine if squash(column.field[-1]) in known]


def _last(column: Column) -> str:
    return column.field[-1] if column.field else column.name


def _say(draft: Draft, path: Fields, target: Draft, best: Guess, copies: Sequence[str]) -> PlacedFinding:
    source, columns = draft.table.source, draft.table.by_name
    key = _last(columns[best.column])
    names = ", ".join(_last(columns[name]) for name in copies)
    where = ".".join((*draft.table.path, *path))
    what = f"{source}: {where} copies {target.name}: {key} refers to them, {names} stay as they were copied"
    return PlacedFinding("info", what, source)
