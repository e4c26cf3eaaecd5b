"""Decides what the containers of a file are: a list or map of records, one record, several collections.

Pure: comes in an outline, goes out regions. Each rule is about shape, never about a program by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from outgrow.record import Severity
from outgrow.source.section import SectionKind
from outgrow.source.syntax.outline import Member, Outline, Span

COUNTING = re.compile(r"0|[1-9][0-9]{0,8}")
ALIKE = 0.4
VERY_ALIKE = 0.8
MANY = 5
MANY_LISTS = 10
MANY_VALUES = 30
CERTAINLY_MANY = 60
SHORT = 3
MOST_OBJECTS = 0.25
MIXED = "holds mostly what is no object: each element is a record with one field"
DESCRIBES = frozenset(("$schema", "$comment"))
"""Members of a file that describe it and are no data."""
IDENTIFIES = frozenset(
    "id _id uuid guid key slug name username user login nickname email mail title label sku code isbn".split()
)
CONTAINER_NAMES = frozenset(
    "db data database store storage content contents items records all dump export backup".split()
)


@dataclass(frozen=True)
class Region:
    """A run of records in a file. `name` is the member's key, or empty for the file's own collection.

    `span` is the container around, for the style; `single` says that the region is one bare object. `fields` are
    those of its first records. The elements of a `bare` one are no objects, but each the value of a record.
    """

    name: str
    kind: SectionKind
    start: int
    end: int
    depth: int
    span: Span
    counted: bool = False
    single: bool = False
    fields: tuple[str, ...] = ()
    bare: bool = False


Note = tuple[Severity, str]


def lay_out(outline: Outline, stem: str, *, whole: bool = False) -> tuple[list[Region], list[Note]]:
    """The regions of a file, in its order, and what is to be said about it; a `whole` one is a single record."""
    root = outline.root
    if whole and outline.members and not outline.partial and root.kind == "map":
        first, last = outline.members[0], outline.members[-1]
        names = tuple(member.key for member in outline.members)
        return [Region("", "record", first.start, last.end, 1, root, single=True, fields=names)], []
    regions, notes = _lay_out(outline, stem)
    fields = fields_of(outline.sample)
    return [replace(each, fields=fields) if each.span is root and not each.fields else each for each in regions], notes


def fields_of(sample: Sequence[Any]) -> tuple[str, ...]:
    """The fields of sampled records, of a map's pairs those of the values."""
    records = (each[1] if isinstance(each, tuple) and len(each) == 2 else each for each in sample)
    return tuple(dict.fromkeys(name for record in records if isinstance(record, dict) for name in record))


def _lay_out(outline: Outline, stem: str) -> tuple[list[Region], list[Note]]:
    root = outline.root
    if root.kind == "log":
        return [Region("", "lines", run.start, run.end, 1, run.span) for run in outline.members if run.span], []
    if root.kind == "lines":
        return [_whole("lines", root)], []
    if root.kind == "table":
        if root.empty:
            return [], [("info", "holds only a header: no records yet")]
        runs = [Region("", "table", run.start, run.end, 1, run.span) for run in outline.members if run.span]
        return runs or [_whole("table", root)], []
    if root.kind in ("record", "kept", "value"):
        return _lay_out_file(outline)
    if root.kind == "list":
        return _lay_out_list(root, outline.sample)
    first, last = _content(outline)
    members, before, behind = outline.members[first:last], outline.members[:first], outline.members[last:]
    if not before and not behind:
        return _lay_out_object(root, members, stem)
    said: list[Note] = [
        ("info", f'"{member.key}" describes the file; it makes no column') for member in before + behind
    ]
    if not members:
        return [], said
    regions, notes = _lay_out_object(root, members, stem)
    end = members[-1].end if behind else root.closing
    inner = [replace(each, start=max(each.start, members[0].start), end=min(each.end, end)) for each in regions]
    return inner, [*notes, *said]


def _lay_out_file(outline: Outline) -> tuple[list[Region], list[Note]]:
    """A file that is one record, or none."""
    if outline.root.kind == "record":
        return [replace(_whole("record", outline.root), single=True, fields=tuple(outline.sample[0]))], []
    said: list[Note] = [("info", "holds a single plain value, no records; it makes no table")]
    return [], said if outline.root.kind == "value" else []


def _content(outline: Outline) -> tuple[int, int]:
    """The places of the first member and behind the last, without those at start or end that describe the file."""
    members = outline.members
    first, last = 0, len(members)
    while first < last and _describes(members[first]):
        first += 1
    while first < last and not outline.partial and _describes(members[last - 1]):
        last -= 1
    return first, last


def _lay_out_object(root: Span, outlined: Sequence[Member], stem: str) -> tuple[list[Region], list[Note]]:
    members, counted = _split_counted(outlined)
    if not members:
        return _lay_out_counted_only(root, counted)
    if not counted and (said := _says_of_values(members)):
        return [replace(_whole("map", root), bare=True)], [("info", said)]
    if _is_map_with_odd_members(members):
        return [_whole("map", root, members)], []
    if _is_record(members):
        return _lay_out_record(root, members, counted), []
    if _is_map(members, stem):
        return [_whole("map", root, members)], []
    return _lay_out_document(root, members, counted)


def _says_of_values(members: Sequence[Member]) -> str:
    """What to say of a map of what is no object, each the value of its key; empty for anything else."""
    kinds = Counter(_kind(member) for member in members)
    most = len(members) - kinds["empty"]
    if kinds["scalar"] == len(members) >= MANY_VALUES and not _names_itself(members):
        types = {type(member.sample[0]) for member in members} - {type(None)}
        return "holds plain values by keys: each is a record with one field" if len(types) == 1 else ""
    lists = kinds["values"] == most > 1 and len(members) >= MANY
    if lists or (kinds["records"] == most >= MANY_LISTS and _are_lists_alike(members)):
        return "holds lists by keys: each is a record with one field"
    return ""


def _names_itself(members: Sequence[Member]) -> bool:
    """Whether one of many plain values is a record's own id; among codes, `id` is one of them."""
    return len(members) < CERTAINLY_MANY and any(m.key in IDENTIFIES and len(m.key) > SHORT for m in members)


def _are_lists_alike(members: Sequence[Member]) -> bool:
    """Whether the lists of records under all keys are of one kind, so that the keys only part them."""
    filled = [set(fields_of(member.sample)) for member in members if _kind(member) == "records"]
    return _likeness(filled) >= VERY_ALIKE


def _describes(member: Member) -> bool:
    return member.span is None and member.key in DESCRIBES


def covers_root(regions: Sequence[Region], root: Span) -> bool:
    """Whether the records are just what the root container holds, however many that are."""
    return not regions or (len(regions) == 1 and regions[0].span is root and regions[0].kind != "record")


def _whole(kind: SectionKind, root: Span, members: Sequence[Member] = ()) -> Region:
    fields = tuple(dict.fromkeys(key for member in members for key in _keys(member)))
    return Region("", kind, root.opening + 1, root.closing, 1, root, fields=fields)


def _keys(member: Member) -> tuple[str, ...]:
    """The fields of a member that is a record."""
    if member.span is None or member.span.kind == "list":
        return ()
    return tuple(key for key, _ in member.sample)


def _lay_out_list(root: Span, sample: list[Any]) -> tuple[list[Region], list[Note]]:
    if root.empty and not root.broken:
        return [], [("info", "holds an empty list: no records yet")]
    objects = sum(isinstance(element, dict) for element in sample)
    if sample and not root.broken and objects <= MOST_OBJECTS * len(sample):
        said = "holds a list of plain values: each is a record with one field" if not objects else MIXED
        return [replace(_whole("list", root), bare=True)], [("info", said)]
    return [_whole("list", root)], []


def _split_counted(members: Sequence[Member]) -> tuple[list[Member], list[Member]]:
    """Part the members that `$data[] = $x` makes of a map: objects under list indexes at its end."""
    cut = len(members)
    while cut and COUNTING.fullmatch(members[cut - 1].key) and _kind(members[cut - 1]) in ("record", "map"):
        cut -= 1
    return list(members[:cut]), list(members[cut:])


def _lay_out_counted_only(root: Span, counted: list[Member]) -> tuple[list[Region], list[Note]]:
    if not counted:
        return ([], [("info", "holds an empty object: no records yet")]) if root.empty else ([_whole("map", root)], [])
    if all(_kind(member) == "map" for member in counted):
        return _lay_out_document(root, counted, [])
    return [_whole("map", root, counted)], []


def _kind(member: Member) -> str:
    """What a member is: scalar, empty, records (a list of objects), values, map (of objects), record."""
    if member.span is None:
        return "scalar"
    if member.span.empty:
        return "empty"
    if member.span.kind == "list":
        objects = any(isinstance(element, dict) for element in member.sample)
        return "records" if objects or not member.sample else "values"
    inner = [value for _, value in member.sample]
    return "map" if inner and all(isinstance(value, dict) and value for value in inner) else "record"


def _fields(member: Member) -> set[str]:
    return {key for key, _ in member.sample}


def _is_record(members: Sequence[Member]) -> bool:
    """Whether the root object is one record: it names itself, or holds no records and something plain."""
    kinds = [_kind(member) for member in members]
    if any(member.key.lower() in IDENTIFIES and kind == "scalar" for member, kind in zip(members, kinds, strict=True)):
        return True
    plain = "scalar" in kinds or "values" in kinds  # records may be kept as a list for each field
    return plain and not {"records", "map"} & set(kinds)


def _is_map(members: Sequence[Member], stem: str) -> bool:
    """Whether the root object is a map of records: objects that are alike, none a collection itself."""
    kinds = {_kind(member) for member in members}
    if not kinds <= {"record", "map", "empty"} or "record" not in kinds:
        return False
    filled = [member for member in members if _kind(member) != "empty"]
    if any(member.span and member.span.kind == "list" for member in filled):
        return False
    if len(filled) == 1:
        return stem.lower() not in CONTAINER_NAMES
    return _likeness([_fields(member) for member in filled]) >= ALIKE


def _is_map_with_odd_members(members: Sequence[Member]) -> bool:
    """Whether among many records that are very alike stand a few plain values, which are then no records."""
    records = [member for member in members if _kind(member) in ("record", "map")]
    odd = [member for member in members if _kind(member) == "scalar"]
    if not odd or len(records) < max(MANY, 9 * len(odd)) or len(records) + len(odd) < len(members):
        return False
    return _likeness([_fields(member) for member in records]) >= VERY_ALIKE


def _likeness(fields: Sequence[set[str]]) -> float:
    """The mean share of fields that neighbours have in common, of the smaller one's."""
    shares = [len(a & b) / max(1, min(len(a), len(b))) for a, b in pairwise(fields)]
    return sum(shares) / len(shares) if shares else 1.0


def _lay_out_record(root: Span, members: list[Member], counted: list[Member]) -> list[Region]:
    fields = tuple(member.key for member in members)
    regions = [Region("", "record", members[0].start, members[-1].end, 1, root, single=not counted, fields=fields)]
    if counted:
        regions.append(Region("", "map", counted[0].start, counted[-1].end, 1, root, counted=True))
    return regions


def _lay_out_document(root: Span, members: list[Member], counted: list[Member]) -> tuple[list[Region], list[Note]]:
    """Every container becomes a collection; plain members beside them become one record of the file."""
    regions: list[Region] = []
    notes: list[Note] = []
    run: list[Member] = []
    for member in members:
        kind = _kind(member)
        if kind == "scalar":
            run.append(member)
            continue
        regions += _plain_region(root, run)
        run = []
        if kind in ("empty", "values"):
            what = "holds nothing yet" if kind == "empty" else "is a list of plain values"
            notes.append(("info", f'"{member.key}" {what}; it makes no table'))
        elif member.span is not None:
            regions.append(_member_region(member, member.span, kind))
    regions += _plain_region(root, run)
    names = [region.name for region in regions if region.name]
    notes += [
        ("warning", f'holds "{name}" twice; the records of both are taken, but PHP sees only the last')
        for name, count in Counter(names).items()
        if count > 1
    ]
    if counted:
        owner = _owner(regions, members, counted)
        regions.append(Region(owner, "map", counted[0].start, counted[-1].end, 1, root, counted=True))
    return regions, notes


def _plain_region(root: Span, run: list[Member]) -> list[Region]:
    return [Region("", "record", run[0].start, run[-1].end, 1, root, single=True)] if run else []


def _member_region(member: Member, span: Span, kind: str) -> Region:
    start = span.opening + 1
    if kind == "record":
        return Region(member.key, "record", start, span.closing, 2, span, single=True)
    fields = fields_of(member.sample)
    return Region(member.key, "list" if kind == "records" else "map", start, span.closing, 2, span, fields=fields)


def _owner(regions: list[Region], members: list[Member], counted: list[Member]) -> str:
    """The collection that records under list indexes belong to: the one whose records are most alike."""
    names = [region.name for region in regions if region.kind in ("list", "map")]
    if not names:
        return ""
    fields = _fields(counted[0])
    by_name = {member.key: member for member in members}

    def alike(name: str) -> float:
        member = by_name.get(name)
        if member is None:
            return 0.0
        sample = member.sample if member.span and member.span.kind == "list" else [value for _, value in member.sample]
        known = {key for record in sample if isinstance(record, dict) for key in record}
        return len(fields & known) / max(1, len(fields | known))

    return max(names, key=alike)
