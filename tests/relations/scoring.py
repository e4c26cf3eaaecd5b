"""What outgrow infers from a sample, held against the truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from samples import Sample, Truth

from outgrow.schema import infer as inferring
from outgrow.schema.draft import Draft
from outgrow.schema.infer import Inference
from outgrow.schema.model import Column, Plan, Table
from outgrow.source.folder import scan
from outgrow.transfer.survey import infer, survey

NAMED = {"key": "<key>", "element": "<element>", "number": "<number>", "position": "<position>", "parent": "<parent>"}

Link = tuple[str, str, str, str]


@dataclass
class Score:
    """Counts of what is right and wrong in a sample; `misses` says each in words.

    `guesses` are pairs: how sure outgrow said to be of a reference, and whether it is one.
    """

    name: str
    right: int = 0
    wrong: int = 0
    missing: int = 0
    keys: tuple[int, int] = (0, 0)
    shapes: tuple[int, int] = (0, 0)
    types: tuple[int, int] = (0, 0)
    unique: tuple[int, int] = (0, 0)
    guesses: list[tuple[float, bool]] = field(default_factory=list)
    misses: list[str] = field(default_factory=list)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall of foreign keys."""
        return 2 * self.right / (2 * self.right + self.wrong + self.missing) if self.right else 0.0


@dataclass(frozen=True)
class Guess:
    """A reference that was weighed, in the truth's names where it has one, and how sure of it outgrow said to be."""

    links: tuple[Link, ...]
    confidence: float


def infer_sample(sample: Sample) -> Inference:
    """Write the sample's files, and infer the plan from them."""
    return _infer(sample)[0]


def _infer(sample: Sample) -> tuple[Inference, list[Guess]]:
    """The plan, and the guesses of which some became its references: inference itself tells only the former."""
    heard: list[tuple[Sequence[Draft], Iterable[Any]]] = []
    asked = inferring.find_references

    def listening(*arguments: Any) -> Any:
        sure, weak = asked(*arguments)
        heard.append((arguments[-1], (*sure, *weak)))
        return sure, weak

    with tempfile.TemporaryDirectory(prefix="outgrow-score-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(inferring, "find_references", listening)
        sample.write(Path(folder))
        source = scan(Path(folder))
        found = survey(source, salvage=False, progress=lambda _what, _done: None)
        inference = infer(source, found.profiles)[0]
    return inference, [guess for drafts, guesses in heard for guess in _told(drafts, guesses, sample.tables)]


def _told(drafts: Sequence[Draft], guesses: Iterable[Any], truth: Truth) -> Iterator[Guess]:
    tables = {draft.name: draft.table for draft in drafts}
    names = table_names(tables.values(), truth)
    for guess in guesses:
        columns = getattr(guess, "columns", None) or (guess.column,)
        keys = getattr(guess, "keys", None) or (guess.key,)
        table, target = tables[guess.table], tables[guess.target]
        links = tuple(
            (names[guess.table], called(table.by_name[column]), names[guess.target], called(target.by_name[key]))
            for column, key in zip(columns, keys, strict=True)
        )
        yield Guess(links, guess.confidence)


def score(sample: Sample) -> Score:
    """Infer, and compare."""
    inference, guesses = _infer(sample)
    plan = inference.plan
    names = table_names(plan, sample.tables)
    result = Score(sample.name)
    _compare_links(result, plan, names, sample.tables)
    _compare_keys(result, plan, names, sample.tables)
    _compare_shapes(result, plan, names, sample.tables)
    _compare_types(result, plan, names, sample.tables)
    _compare_unique(result, plan, names, sample.tables)
    true = true_links(sample.tables, optional=True)
    result.guesses = [(guess.confidence, true.issuperset(guess.links)) for guess in guesses]
    return result


def table_names(plan: Iterable[Table], truth: Truth) -> dict[str, str]:
    """What each of the plan's tables is called in the truth. Tables that it doesn't know keep a name of their own."""
    sources = {table["source"]: name for name, table in truth.items() if "source" in table}
    names: dict[str, str] = {}
    for table in plan:
        if table.parent is not None:
            names[table.name] = f"{names.get(table.parent, table.parent)}/{'.'.join(table.path)}"
        else:
            name = sources.get(table.source) or sources.get(table.source.partition("#")[0])
            names[table.name] = name or f"?{table.name}"
    return names


def called(column: Column) -> str:
    """What a column is called in the truth."""
    return ".".join(column.field) if column.role == "field" else NAMED.get(column.role, f"<{column.role}>")


def true_links(truth: Truth, *, optional: bool) -> set[Link]:
    """The foreign keys as pairs of columns; those that may be seen as one or not only if asked for."""
    return {
        (name, column, key["table"], referenced)
        for name, table in truth.items()
        for key in table["foreign_keys"]
        if optional or not key.get("optional")
        for column, referenced in zip(key["columns"], key["references"], strict=True)
    }


def plan_links(plan: Plan, names: dict[str, str]) -> set[Link]:
    """The plan's references, without those from the elements of a list to the record that holds it."""
    return {
        (names[table.name], called(table.by_name[column]), names[reference.table], called(target.by_name[referenced]))
        for table in plan
        for reference in table.references
        for target in (plan.by_name[reference.table],)
        for column, referenced in zip(reference.columns, reference.referenced, strict=True)
        if table.by_name[column].role != "parent"
    }


def _compare_links(result: Score, plan: Plan, names: dict[str, str], truth: Truth) -> None:
    found, true, allowed = plan_links(plan, names), true_links(truth, optional=False), true_links(truth, optional=True)
    result.right, result.wrong, result.missing = len(found & true), len(found - allowed), len(true - found)
    result.misses += [f"wrong     {_said(link)}" for link in sorted(found - allowed)]
    result.misses += [f"missing   {_said(link)}" for link in sorted(true - found)]


def _said(link: Link) -> str:
    return "{}.{} -> {}.{}".format(*link)


def _compare_keys(result: Score, plan: Plan, names: dict[str, str], truth: Truth) -> None:
    by_truth = {names[table.name]: table for table in plan}
    right = total = 0
    for name, table in truth.items():
        if not table.get("primary_key"):
            continue
        total += 1
        found = sorted(_columns(by_truth[name], by_truth[name].primary_key)) if name in by_truth else []
        right += any(found == sorted(key) for key in (table["primary_key"], *table.get("also_primary_key", ())))
        if found != sorted(table["primary_key"]) and found not in map(sorted, table.get("also_primary_key", ())):
            result.misses.append(f"key       of {name} is {_list(table['primary_key'])}, found {_list(found)}")
    result.keys = (right, total)


def _columns(table: Table, columns: tuple[str, ...]) -> list[str]:
    return [called(table.by_name[column]) for column in columns]


def _list(columns: list[str]) -> str:
    return ", ".join(columns) or "nothing"


def _compare_shapes(result: Score, plan: Plan, names: dict[str, str], truth: Truth) -> None:
    by_truth = {names[table.name]: table for table in plan}
    right = total = 0
    for name, table in truth.items():
        for path, shape in table.get("shapes", {}).items():
            total += 1
            found = _shape(by_truth, name, path)
            right += found in shape.split("|")
            if found not in shape.split("|"):
                result.misses.append(f"shape     of {name}.{path} is {shape}, found {found}")
    result.shapes = (right, total)


def _shape(by_truth: dict[str, Table], name: str, path: str) -> str:
    child = by_truth.get(f"{name}/{path}")
    if child is not None:
        return "association" if child.kind == "association" else "table"
    fields = [called(column) for column in by_truth[name].columns] if name in by_truth else []
    if path in fields:
        return by_truth[name].columns[fields.index(path)].type.name
    return "columns" if any(each.startswith(f"{path}.") for each in fields) else "nothing"


def _compare_types(result: Score, plan: Plan, names: dict[str, str], truth: Truth) -> None:
    by_truth = {names[table.name]: table for table in plan}
    right = total = 0
    for name, table in truth.items():
        types = {called(c): c.type.name for c in by_truth[name].columns} if name in by_truth else {}
        for kinds, columns in table.get("types", {}).items():
            for column in columns:
                total += 1
                right += types.get(column) in kinds.split("|")
                if types.get(column) not in kinds.split("|"):
                    result.misses.append(f"type      of {name}.{column} is {kinds}, found {types.get(column)}")
    result.types = (right, total)


def _compare_unique(result: Score, plan: Plan, names: dict[str, str], truth: Truth) -> None:
    """Columns that are unique by their meaning have to be so in the plan, as a key or by a constraint."""
    by_truth = {names[table.name]: table for table in plan}
    right = total = 0
    for name, table in truth.items():
        found: list[list[str]] = []
        if name in by_truth:
            made = by_truth[name]
            found = [_columns(made, group) for group in (made.primary_key, *made.unique)]
            found += [_columns(made, reference.columns) for reference in made.references if reference.unique]
        for group in table.get("unique", ()):
            total += 1
            right += group in found
            if group not in found:
                result.misses.append(f"unique    {name}.{_list(group)} is not")
    result.unique = (right, total)
