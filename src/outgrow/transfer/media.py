"""Media: files that are no text and stay where they are. The ledger lists them, and columns may say their paths."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath
from urllib.parse import unquote

from outgrow.database.ledger import Ledger
from outgrow.record import Batch, Finding, Origin, many, say_size
from outgrow.schema.model import Plan, Table
from outgrow.schema.shape import Extras, Row, Shape, compile_shape, shape_batch
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.paths import MEDIA_ENDINGS
from outgrow.source.reading import exact, read_part
from outgrow.source.syntax.json_text import dump_compact
from outgrow.source.wrapper import hash_file

MEDIA = "media"
FIRST_LOOK = 5
"""Of the batches of a part: where none of their values is the path of a medium, the others' aren't looked at."""
HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//[^/]+/|^[a-z]+://", re.IGNORECASE)


def list_media(source: Source, ledger: Ledger) -> None:
    """Enter the media of a source with their sizes and hashes."""
    if source.media:
        listed = {path: [size, hash_file(source.root / path)] for path, size in sorted(source.media.items())}
        ledger.put(MEDIA, json.dumps(listed, ensure_ascii=False))


def say_unwritten(ledger: Ledger) -> list[Finding]:
    """That export writes no media."""
    listed: dict[str, tuple[int, str]] = json.loads(ledger.get(MEDIA) or "{}")
    if not listed:
        return []
    size = say_size(sum(size for size, _ in listed.values()))
    one = len(listed) == 1
    are, them = ("is", "it") if one else ("are", "them")
    files = many(len(listed), "file")
    message = f"{files} that {are} no text ({size}) {are} not written: copy {them} from the data folder"
    return [Finding("info", message, Origin(next(iter(listed))))]


@dataclass
class _Media:
    """The media of a source, by the last part of their paths."""

    by_name: dict[str, list[str]]

    @classmethod
    def of(cls, paths: Iterable[str]) -> _Media:
        by_name: dict[str, list[str]] = {}
        for path in paths:
            by_name.setdefault(PurePosixPath(path).name, []).append(path)
        return cls(by_name)

    def has(self, path: str) -> bool:
        """Whether a path, which may begin above the data folder or below it, is that of a medium."""
        known = self.by_name.get(path.rpartition("/")[2], ())
        return any(f"/{each}".endswith(f"/{path}") or f"/{path}".endswith(f"/{each}") for each in known)


@dataclass
class _Column:
    """How many values of a column are paths of media, and how many look so and are none, with the first of these."""

    found: int = 0
    missing: int = 0
    first: str = ""


def find_media_columns(plan: Plan, source: Source) -> list[Finding]:
    """Say which columns hold the paths of media, how many of these are there and how many are missing."""
    media, findings = _Media.of(source.media), []
    if not source.media:
        return []
    for table in plan:
        collection = source.collection(table.source) if not table.nested else None
        if collection is not None:
            findings += _look_at(plan, source, collection, table, media)
    return findings


def _look_at(plan: Plan, source: Source, collection: Collection, table: Table, media: _Media) -> list[Finding]:
    """The columns of a collection's tables that hold paths of media."""
    shape = compile_shape(plan, table)
    columns: dict[tuple[str, int], _Column] = {}
    for part in collection.parts:
        batches = read_part(source, part, salvage=True)
        first = list(islice(batches, FIRST_LOOK))
        before = sum(column.found for column in columns.values())
        _count(shape, _rows(source, part, shape, first), media, columns)
        if sum(column.found for column in columns.values()) > before:
            _count(shape, _rows(source, part, shape, batches), media, columns)
    by_name = {each.table.name: each.table for each in shape.all_shapes()}
    return [
        _say(by_name[name], number, column, table.source)
        for (name, number), column in sorted(columns.items())
        if column.found and column.found >= column.missing
    ]


def _say(table: Table, number: int, column: _Column, source: str) -> Finding:
    name, all_of_them = f"{table.name}.{table.columns[number].name}", column.found + column.missing
    message = f"{name} says the path of a file that is no text: {column.found} of {all_of_them} are in the folder"
    if column.missing:
        message += f", {column.missing} missing ({column.first})"
    return Finding("warning" if column.missing else "info", message, Origin(source))


def _rows(source: Source, part: Part, shape: Shape, batches: Iterable[Batch]) -> Iterator[dict[str, list[Row]]]:
    for plain in batches:
        batch = exact(source, part, plain)
        keys = batch.keys if shape.key is not None else None
        yield shape_batch(shape, batch.records, Extras(keys), dump_compact).rows


def _count(
    shape: Shape, batches: Iterable[dict[str, list[Row]]], media: _Media, columns: dict[tuple[str, int], _Column]
) -> None:
    """Count the values of text columns by whether they are paths of media."""
    texts = {each.table.name: _text_columns(each.table) for each in shape.all_shapes()}
    for rows in batches:
        for name, numbers in texts.items():
            for row in rows.get(name, ()):
                for number in numbers:
                    path = _path_of(row[number])
                    if path is None:
                        continue
                    column = columns.setdefault((name, number), _Column())
                    if media.has(path):
                        column.found += 1
                    else:
                        column.missing += 1
                        column.first = column.first or path[:80]


def _text_columns(table: Table) -> Sequence[int]:
    return [
        number
        for number, column in enumerate(table.columns)
        if column.role in ("field", "element") and column.type.name in ("string", "text") and column.secret is None
    ]


def _path_of(value: object) -> str | None:
    """The path that a text may be, without a host, a query, and what stands before it; None for any other."""
    if not isinstance(value, str) or len(value) > 500 or "\n" in value:
        return None
    path = unquote(HOST.sub("", value.strip()).partition("?")[0].partition("#")[0]).lstrip("./")
    return path if PurePosixPath(path).suffix.lower() in MEDIA_ENDINGS else None
