"""Texts that lie in files of their own, found by the record's key: `pages/about/index.txt`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from outgrow.record import Batch
from outgrow.schema.paths import part_of
from outgrow.source.inventory import Source
from outgrow.source.paths import path_key
from outgrow.transfer.part import PartWork

LARGEST_TEXT = 64 << 20


def read_texts(source: Source, work: PartWork, batch: Batch) -> dict[int, list[Any]]:
    """Per column that holds a file's text, or what a path says, that of each record."""
    texts: dict[int, list[Any]] = {}
    for number in work.shape.files:
        pattern = work.shape.table.columns[number].field[0]
        texts[number] = [read_text(source.root, pattern, key) for key in _keys(work, batch)]
    paths = _paths(work, batch) if work.shape.paths else []
    for number in work.shape.paths:
        what = work.shape.table.columns[number].field[0]
        texts[number] = [part_of(path, what) for path in paths]
    return texts


def _paths(work: PartWork, batch: Batch) -> list[str]:
    """What the records' paths are: the keys of a map, else what their collection's pattern leaves of the file's."""
    source = work.shape.table.source
    if "*" not in source and batch.keys is not None:
        return list(batch.keys)
    return [path_key(source, work.part.file)] * len(batch.records)


def _keys(work: PartWork, batch: Batch) -> list[Any]:
    if work.shape.key is not None and batch.keys is not None:
        return list(batch.keys)
    column = work.shape.table.columns[work.shape.keys[0]]
    return [record.get(column.field[-1]) if type(record) is dict and column.field else None for record in batch.records]


def text_path(root: Path, pattern: str, key: Any) -> Path | None:
    """Where a record's text lies; None where the key would lead out of the folder."""
    if key is None or "\0" in str(key):
        return None
    path = root / pattern.replace("{key}", str(key))
    return path if path.resolve().is_relative_to(root.resolve()) else None


def read_text(root: Path, pattern: str, key: Any) -> str | None:
    """The text that belongs to a key; None where there is none, or none that a column could hold."""
    path = text_path(root, pattern, key)
    try:
        if path is None or not path.is_file() or path.stat().st_size > LARGEST_TEXT:
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
