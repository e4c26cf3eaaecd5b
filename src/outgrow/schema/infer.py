"""Profiles of all collections → the plan, with what should be said about it. The one door to inference.

The steps, each in its own module: shape the tables (`nesting`), choose keys (`keys`), find references
(`relations`), make them (here), name both of their sides (`attributes`), settle each column (`settle`). No step
reads or writes anything; the same profiles always give the same plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from outgrow.record import Finding
from outgrow.schema.attributes import (
    association_backs,
    list_name,
    list_words,
    named_after_role,
    role_of,
    with_attributes,
)
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.draft import Draft, PlacedFinding
from outgrow.schema.joint import with_joint_links
from outgrow.schema.key_columns import Links
from outgrow.schema.key_evidence import how_ordered
from outgrow.schema.keys import choose_child_key, choose_key, give_key, key_type
from outgrow.schema.model import Column, ColumnType, Plan, Reference
from outgrow.schema.names import class_name, free_name, shorten, singular, tokens
from outgrow.schema.nesting import Nesting
from outgrow.schema.orphans import name_orphans
from outgrow.schema.pairs import say_pairs
from outgrow.schema.paths import PathNames, add_path_columns
from outgrow.schema.relations import Guess, Relations, find_references
from outgrow.schema.settle import settle_columns
from outgrow.schema.snapshots import without_copies
from outgrow.schema.standins import say_stand_ins
from outgrow.schema.texts import TextGroup, add_texts
from outgrow.schema.types import INTEGER, JSON, whole_type
from outgrow.schema.unique import duplicate_keys, find_unique


@dataclass(frozen=True)
class Unproven:
    """Fields of a collection that would be its key, of which only the first records are known not to repeat."""

    source: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Inference:
    """The plan, what the user should know about it, and what it assumes without having seen all records."""

    plan: Plan
    findings: tuple[Finding | PlacedFinding, ...] = ()
    unproven: tuple[Unproven, ...] = ()


def infer_plan(
    profiles: Sequence[CollectionProfile], texts: Sequence[TextGroup] = (), paths: Sequence[PathNames] = ()
) -> Inference:
    """Decide what the collections become."""
    findings: list[Finding | PlacedFinding] = []
    drafts, relations, _ = choose_keys(shape_tables(profiles))
    findings += [_too_many_fields(profile) for profile in profiles if profile.root.many_fields]
    unproven = _unproven(drafts)
    drafts, found = _with_unique(drafts)
    findings += found
    sure, weak = find_references(relations, drafts)
    sure, found = without_copies(drafts, sure)
    findings += found
    drafts, found = _without_reverse_lists(drafts, sure)
    findings += found
    drafts, found = _with_references(drafts, sure)
    findings += found
    for improve in (partial(_with_doubts, weak=weak), say_stand_ins, say_pairs):
        drafts, found = improve(drafts)
        findings += found
    drafts, found = add_texts(drafts, texts)
    findings += found
    drafts, found = add_path_columns(drafts, paths)
    findings += found
    settled = [settle_columns(draft) for draft in drafts]
    findings += [finding for _, more in settled for finding in more]
    return Inference(Plan(with_attributes([draft.table for draft, _ in settled])), tuple(findings), unproven)


def shape_tables(profiles: Sequence[CollectionProfile]) -> list[Draft]:
    """The tables that hold the collections' records, without keys yet."""
    nesting = Nesting(profiles)
    return [draft for profile in profiles for draft in nesting.drafts(profile)]


def _too_many_fields(profile: CollectionProfile) -> PlacedFinding:
    said = f"{profile.source}: more than {len(profile.root.fields)} different fields; only these have a column (JSON)"
    return PlacedFinding("warning", said, profile.source)


def choose_keys(drafts: list[Draft]) -> tuple[list[Draft], Relations, dict[str, Links]]:
    """Keys beyond doubt come first, then what refers to what, then the other keys: each needs the one before.

    Parents stand before their children, so a child always finds its parent's key chosen. The links are those of
    the tables whose key isn't beyond doubt.
    """
    given = {draft.name: give_key(draft, drafts) for draft in drafts if draft.table.parent is None}
    known = [given.get(draft.name) or draft for draft in drafts]
    relations = Relations(known)
    doubtful = [draft for draft in known if draft.table.parent is None and given[draft.name] is None]
    ordered = how_ordered(draft for draft in given.values() if draft is not None)
    links = {
        name: replace(each, ordered=ordered)
        for name, each in with_joint_links(relations.links(doubtful), known).items()
    }
    keyed: dict[str, Draft] = {}
    for draft in known:
        parent = draft.table.parent
        if parent is not None:
            keyed[draft.name] = choose_child_key(draft, keyed[parent])
        else:
            keyed[draft.name] = given[draft.name] or choose_key(draft, links[draft.name])
    return list(keyed.values()), relations, links


def _unproven(drafts: Sequence[Draft]) -> tuple[Unproven, ...]:
    found = []
    for draft in drafts:
        key = draft.table.primary_key
        if draft.table.parent is None and len(key) > 1:
            fields = tuple(draft.table.by_name[name].field[0] for name in key)
            if not draft.collection.sample.is_proven(fields):
                found.append(Unproven(draft.collection.source, fields))
    return tuple(found)


def _with_unique(drafts: list[Draft]) -> tuple[list[Draft], list[PlacedFinding]]:
    result, findings = [], []
    for draft in drafts:
        groups, found, notes = find_unique(draft)
        unique = tuple(dict.fromkeys((*draft.table.unique, *groups)))
        table = replace(draft.table, unique=unique, notes=(*draft.table.notes, *notes))
        result.append(replace(draft, table=table))
        twice = duplicate_keys(draft)
        findings += ([twice] if twice else []) + found
    return result, findings


def _without_reverse_lists(drafts: list[Draft], sure: list[Guess]) -> tuple[list[Draft], list[PlacedFinding]]:
    """Lists that only repeat a reference from the other side stay as they are, in a JSON column.

    The reference is what the app works with: two copies of one fact, each of which may be changed, would
    drift apart. The list is still there to be written back.
    """
    by_name = {draft.name: draft for draft in drafts}
    refers = {(guess.table, guess.target): guess for guess in sure if by_name[guess.table].table.parent is None}
    findings = []
    for guess in list(sure):
        child = by_name[guess.table]
        back = refers.get((guess.target, child.table.parent or ""))
        if child.table.by_name[guess.column].role != "element" or back is None or guess.target == child.table.parent:
            continue
        parent = by_name[child.table.parent or ""]
        by_name[parent.name] = _keep_whole(parent, child, f"repeats {back.table}.{back.column}")
        del by_name[child.name]
        sure.remove(guess)
        said = f"{child.table.source}: {'.'.join(child.table.path)} repeats {back.table}.{back.column}; kept as JSON"
        findings.append(PlacedFinding("info", said, child.table.source))
    return list(by_name.values()), findings


def _keep_whole(parent: Draft, child: Draft, evidence: str) -> Draft:
    name = free_name("_".join(tokens("_".join(child.table.path))), parent.table.by_name)
    column = Column(name, JSON, field=child.table.path, nullable=True, evidence=evidence)
    return parent.with_columns((*parent.table.columns, column))


def _with_references(drafts: list[Draft], sure: list[Guess]) -> tuple[list[Draft], list[PlacedFinding]]:
    by_name = {draft.name: draft for draft in drafts}
    renamed: dict[str, str] = {}
    findings = []
    for draft in drafts:
        if draft.table.parent:
            by_name[draft.name] = _with_parent(by_name[draft.name], by_name[draft.table.parent])
    for guess in sure:
        draft, target = by_name[guess.table], by_name[guess.target]
        key = renamed.get(f"{guess.target}.{guess.key}", guess.key)
        if len(guess.columns) > 1:
            by_name[draft.name] = _refer_together(draft, target, guess, renamed)
        elif _lists_keys(draft, guess):
            by_name = _replace(by_name, _make_association(draft, target, key, guess, by_name))
        else:
            changed = _refer(draft, target, key, guess)
            by_name[draft.name] = changed
            renamed[f"{draft.name}.{guess.column}"] = changed.table.references[-1].columns[0]
        if len(guess.columns) == 1:
            by_name[guess.target] = _with_referred(by_name[guess.target], key)
        if guess.orphans:
            findings.append(_orphans(draft, target, guess))
    return _with_final_names(list(by_name.values()), renamed), findings


def _lists_keys(draft: Draft, guess: Guess) -> bool:
    """Whether the table is a list of keys, and not a map whose members say more than whom they are about."""
    mapped = any(column.role == "key" for column in draft.table.columns)
    return draft.table.by_name[guess.column].role == "element" and not mapped


def _replace(drafts: dict[str, Draft], changed: tuple[str, Draft]) -> dict[str, Draft]:
    """The drafts with one changed, in its place, perhaps under a new name."""
    old, draft = changed
    return {draft.name if name == old else name: draft if name == old else each for name, each in drafts.items()}


def _with_final_names(drafts: list[Draft], renamed: dict[str, str]) -> list[Draft]:
    """References made before their key's column got its last name follow it."""
    result = []
    for draft in drafts:
        references = tuple(
            replace(r, referenced=tuple(renamed.get(f"{r.table}.{name}", name) for name in r.referenced))
            for r in draft.table.references
        )
        result.append(replace(draft, table=replace(draft.table, references=references)))
    return result


def _with_parent(draft: Draft, parent: Draft) -> Draft:
    """The reference from a list's element, or a map's member, to the record that holds it."""
    columns = tuple(column.name for column in draft.table.columns if column.role == "parent")
    keyed = any(column.role == "key" for column in draft.table.columns)
    reference = Reference(
        columns,
        parent.name,
        parent.table.primary_key,
        name=singular(parent.name),
        back=list_name(draft.table.path),
        on_delete="cascade",
        orphans="reject",
        evidence=f'from the {"map" if keyed else "list"} "{".".join(draft.table.path)}" of each record',
    )
    return replace(draft, table=replace(draft.table, references=(reference,)))


def _refer(draft: Draft, target: Draft, key: str, guess: Guess) -> Draft:
    """Make the reference: the column takes the key's type, and its name steps aside for the relationship's."""
    column, referred = draft.table.by_name[guess.column], target.table.by_name[key]
    role = role_of(guess.column, target.name, key)
    others = [each.name for each in draft.table.columns if each.name != guess.column]
    name = free_name(named_after_role(guess.column, role, key, others), others)
    in_key = guess.column in draft.table.primary_key
    loose = not in_key and (guess.orphans > 0 or _zero_is_none(draft, target, guess.column, key))
    changed = draft.with_column(
        guess.column,
        replace(column, name=name, type=_joint_type(draft, column, referred), nullable=column.nullable or loose),
    )
    reference = Reference(
        (name,),
        target.name,
        (key,),
        name=role,
        back="",
        orphans="reject" if in_key else "null",
        unique=guess.one_to_one or draft.table.primary_key == (guess.column,),
        evidence=guess.evidence,
    )
    unique = tuple(group for group in changed.table.unique if group != (name,) or not reference.unique)
    table = replace(changed.table, references=(*changed.table.references, reference), unique=unique)
    return replace(changed, table=table)


def _refer_together(draft: Draft, target: Draft, guess: Guess, renamed: dict[str, str]) -> Draft:
    """Make a reference of several columns: each takes the type of its part of the key."""
    mine = tuple(renamed.get(f"{guess.table}.{name}", name) for name in guess.columns)
    theirs = tuple(renamed.get(f"{guess.target}.{name}", name) for name in guess.keys)
    for here, there in zip(mine, theirs, strict=True):
        column, referred = draft.table.by_name[here], target.table.by_name[there]
        draft = draft.with_column(here, replace(column, type=_joint_type(draft, column, referred)))
    in_key = any(name in draft.table.primary_key for name in mine)
    reference = Reference(
        mine,
        target.name,
        theirs,
        name=singular(target.name),
        back="",
        orphans="reject" if in_key else "null",
        unique=guess.one_to_one,
        evidence=guess.evidence,
    )
    return replace(draft, table=replace(draft.table, references=(*draft.table.references, reference)))


def _joint_type(draft: Draft, column: Column, referred: Column) -> ColumnType:
    """The key's type, wide enough for the values that refer to nothing."""
    mine, theirs, profile = column.type, referred.type, draft.profile(column.name)
    if theirs == INTEGER and profile is not None and profile.is_whole():
        return whole_type(profile)
    if mine.name == theirs.name == "string":
        return ColumnType("string", max(mine.length or 0, theirs.length or 0))
    if mine.name == theirs.name == "integer" and mine.precision:
        return mine
    return theirs


def _zero_is_none(draft: Draft, target: Draft, column: str, key: str) -> bool:
    here, there = draft.profile(column), target.profile(key)
    return here is not None and there is not None and here.lowest == 0 and (there.lowest or 0) > 0


def _make_association(
    draft: Draft, target: Draft, key: str, guess: Guess, drafts: dict[str, Draft]
) -> tuple[str, Draft]:
    """A list of keys: the table joins the records that hold the lists with those that the keys stand for.

    Its name says both where the field's own says nothing (`tag_pages` for a `list`).
    """
    table = draft.table
    parent = table.parent or ""
    field = list_words(table.path)
    role = singular("_".join(field)) if field else singular(target.name)
    others = [column.name for column in table.columns if column.name != guess.column]
    ending = key if key.startswith(f"{role}_") or key == role else f"{role}_{key}"
    name = free_name(shorten(ending), others)
    element = table.by_name[guess.column]
    column = replace(element, name=name, type=_joint_type(draft, element, target.table.by_name[key]), nullable=False)
    changed = draft.with_column(guess.column, column)
    columns = tuple(replace(c, nullable=True) if c.role == "position" else c for c in changed.table.columns)
    mine = tuple(c.name for c in columns if c.role == "parent")
    there, here = association_backs(parent, target.name, table.path)
    reference = Reference(
        (name,), target.name, (key,), role, here, on_delete="cascade", orphans="reject", evidence=guess.evidence
    )
    first = replace(table.references[0], back=there)
    ordered = sorted(columns, key=lambda c: ("parent", "element", "position").index(c.role))
    own_name, own_class = table.name, table.class_name
    if field != tokens(table.path[-1]):
        others = [name for name in drafts if name != table.name]
        own_name = free_name(shorten(f"{singular(parent)}_{there}"), others)
        own_class = class_name(own_name, [drafts[name].table.class_name for name in others])
    made = replace(
        changed.table,
        name=own_name,
        class_name=own_class,
        kind="association",
        columns=tuple(ordered),
        primary_key=(*mine, name),
        references=(first, reference),
    )
    return table.name, replace(changed, table=made)


def _with_referred(target: Draft, key: str) -> Draft:
    """A column that is referred to must be unique by constraint, if it isn't the primary key."""
    table = target.table
    if table.primary_key == (key,) or (key,) in table.unique:
        return target
    target = replace(target, table=replace(table, unique=(*table.unique, (key,))))
    column, profile = table.by_name[key], target.profile(key)
    if profile is None:
        return target
    return target.with_column(key, replace(column, type=key_type(target, column, profile)))


def _orphans(draft: Draft, target: Draft, guess: Guess) -> PlacedFinding:
    """Which values lead nowhere, and what the plan does with them."""
    many = "1 value of" if guess.orphans == 1 else f"{guess.orphans} different values of"
    named = name_orphans(draft.profile(guess.column), target.profile(guess.key)) if len(guess.columns) == 1 else ""
    fate = "kept as null"
    if draft.table.by_name[guess.column].role == "element":
        fate = "set aside"
    elif guess.column in draft.table.primary_key:
        fate = "their records are set aside"
    where = f"{guess.target}.{guess.key}" + (f": {named}" if named else "")
    said = f"{draft.table.source}: {many} {guess.column} not in {where}; {fate}"
    return PlacedFinding("warning", said, draft.table.source)


def _with_doubts(drafts: list[Draft], weak: list[Guess]) -> tuple[list[Draft], list[PlacedFinding]]:
    """References too weak to make, as comments in the plan."""
    by_name = {draft.name: draft for draft in drafts}
    findings = []
    for guess in weak:
        draft = by_name.get(guess.table)
        if draft is None:
            continue
        said = f"{guess.column} may refer to {guess.target}.{guess.key}: {guess.evidence}"
        by_name[guess.table] = draft.with_note(said)
        findings.append(PlacedFinding("info", f"{draft.table.source}: {said}", draft.table.source))
    return list(by_name.values()), findings


__all__ = ["Inference", "PlacedFinding", "TextGroup", "Unproven", "infer_plan"]
