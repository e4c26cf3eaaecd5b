"""What the fields of a collection were seen to hold: batches in, counts out. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outgrow.record import Batch
from outgrow.schema.profile import FieldProfile
from outgrow.schema.rows import RowSample


class CollectionProfile:
    """What was seen in one collection: its records' fields and, where the layout has them, their keys.

    `single` says that the file is one bare object. `key_fields` names the fields that repeat the
    record's map key or file name in every record. `textual` says that the source knows texts only (CSV).
    `sample` holds the first records, to see what fields hold together. `declared` are the fields that the source itself
    says are unique.
    """

    def __init__(self, name: str, source: str, *, single: bool = False, textual: bool = False) -> None:
        self.name = name
        self.source = source
        self.single = single
        self.textual = textual
        self.key_fields: set[str] | None = None
        self.records = 0
        self.root = FieldProfile(name, exact=True, folds=False)
        self.key: FieldProfile | None = None
        self.others = 0
        self.sample = RowSample()
        self.declared: set[str] = set()

    def add(self, batch: Batch, section: int = 0) -> None:
        """Count a batch. Records that aren't objects are counted apart: the loader sets them aside."""
        records: Iterable[Any] = batch.records
        place = (section, batch.start, batch.end, 0)
        if set(map(type, records)) - {dict}:
            objects = [record for record in records if type(record) is dict]
            self.others += len(batch.records) - len(objects)
            self.root.add(objects) if objects else None
        elif batch.records:
            self.root.add(batch.records, place)
        self.records += len(batch.records)
        objects = [record for record in records if type(record) is dict] if self.others else batch.records
        self.sample.add(objects)
        if batch.keys is not None:
            if self.key is None:
                self.key = FieldProfile("", exact=True)
            self.key.add(list(batch.keys), place)
            self._keep_key_fields(batch)

    def _keep_key_fields(self, batch: Batch) -> None:
        keys = batch.keys or []
        if self.key_fields is None:
            first = batch.records[0] if batch.records else None
            self.key_fields = set(first) if type(first) is dict else set()
        for name in sorted(self.key_fields):
            same = all(
                type(record) is dict and type(record.get(name)) in (str, int) and str(record[name]) == key
                for record, key in zip(batch.records, keys, strict=True)
            )
            if not same:
                self.key_fields.discard(name)

    def merge(self, other: CollectionProfile) -> None:
        """Add all that `other` counted; `other` comes after this one."""
        self.sample.merge(other.sample)
        self.records += other.records
        self.others += other.others
        self.root.merge(other.root)
        if self.key_fields is not None and other.key_fields is not None:
            self.key_fields &= other.key_fields
        if self.key and other.key:
            self.key.merge(other.key)
        self.key = self.key or other.key
