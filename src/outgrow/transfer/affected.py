"""Which collections a load of changed files has to look at again: those of changed files, and those that share one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from outgrow.database.bulk import Bulk
from outgrow.database.ledger import Ledger
from outgrow.schema.model import Plan
from outgrow.schema.shape import compile_shape
from outgrow.source.inventory import Source
from outgrow.transfer.compare import changed_shapes, new_shapes
from outgrow.transfer.fingerprint import is_same
from outgrow.transfer.recall import roots
from outgrow.transfer.texts import read_text


@dataclass
class Affected:
    """Collections and files to be loaded again, by source and path. Of others nothing has changed."""

    sources: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.sources or self.files)


def find_affected(plan: Plan, source: Source, ledger: Ledger, bulk: Bulk) -> Affected:
    """Hold the files and the plan against what was loaded."""
    known = {file.path: file.sha256 for file in ledger.files()}
    now = {file.path: file.sha256 for file in source.files.values()}
    same = {path for path in known.keys() & now.keys() if is_same(known[path], now[path])}
    texts = {table.source for table in roots(plan) if _texts_differ(plan, source, bulk, table.name)}
    found = Affected({*changed_shapes(plan, ledger), *new_shapes(plan, ledger), *texts})
    files_of = _files_by_source(source, ledger)
    found.files = (known.keys() | now.keys()) - same
    for name in found.sources:
        found.files |= files_of[name]
    while more := {name for name, files in files_of.items() if name not in found.sources and files & found.files}:
        found.sources |= more
        for name in more:
            found.files |= files_of[name]
    return found


def _files_by_source(source: Source, ledger: Ledger) -> dict[str, set[str]]:
    """The files of each collection, then and now."""
    files: dict[str, set[str]] = defaultdict(set)
    paths = {file.id: file.path for file in ledger.files()}
    for part in ledger.parts():
        files[part.source].add(paths[part.file_id])
    for collection in source.collections:
        files[collection.source] |= {part.file for part in collection.parts}
    return files


def _texts_differ(plan: Plan, source: Source, bulk: Bulk, name: str) -> bool:
    """Whether a text in a file of its own isn't what its column holds."""
    table = plan.by_name[name]
    shape = compile_shape(plan, table)
    columns = [column.name for column in table.columns]
    for page in bulk.select_key_pages(name, table.primary_key) if shape.files else ():
        for row in bulk.select_keys(name, columns, table.primary_key, page, []):
            for number in shape.files:
                if row[number] != read_text(source.root, table.columns[number].field[0], row[shape.keys[0]]):
                    return True
    return False
