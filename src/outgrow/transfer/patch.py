"""What a record's rows can't say, field by field: the difference between the record and its rebuilt self.

A patch holds a field's own text only together with a check of what the rows gave for it when it was
loaded. Where they give something else today, the app has changed the field, and the patch is silent.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from outgrow.record import MISSING, Batch
from outgrow.source.syntax.json_text import ExactDecoder, dump_compact

Patch = dict[str, Any]


def make_patch(record: dict[str, Any], rebuilt: dict[str, Any], skipped: frozenset[str]) -> Patch | None:
    """The patch that turns `rebuilt` into `record`; None where they are the same. `skipped` fields stay."""
    if not skipped and dump_compact(record) == dump_compact(rebuilt):
        return None  # as for most records; the rest is slow
    fields: dict[str, list[Any]] = {}
    for name in dict.fromkeys([*record, *rebuilt]):
        if name in skipped:
            continue
        theirs, ours = record.get(name, MISSING), rebuilt.get(name, MISSING)
        text = None if theirs is MISSING else dump_compact(theirs)
        was = None if ours is MISSING else dump_compact(ours)
        if text != was:
            fields[name] = [check_of(was), text]
    patched = list(_apply_fields(rebuilt, fields))
    patch: Patch = {}
    if fields:
        patch["fields"] = fields
    if [name for name in patched if name not in skipped] != [name for name in record if name not in skipped]:
        patch["order"] = list(record)
    return patch or None


def patch_record(batch: Batch, place: int, rebuilt: Any, skipped: frozenset[str]) -> Patch | None:
    """The patch of one record of an exactly read batch; its whole text where it holds a key twice."""
    if place in batch.doubled and not skipped:
        return make_raw_patch(_raw_text(batch, place), rebuilt)
    return make_patch(batch.records[place], rebuilt, skipped)


def _raw_text(batch: Batch, place: int) -> str:
    offsets = batch.offsets or [batch.start]
    start = offsets[place] - batch.start
    end = offsets[place + 1] - batch.start if place + 1 < len(offsets) else len(batch.raw)
    return batch.raw[start:end].decode("utf-8", "replace").rstrip(", \t\r\n")


@dataclass(frozen=True)
class RawText:
    """A record as its own text (in a map with its key), because no value says it: it holds a key twice."""

    text: str

    def decode(self) -> Any:
        """The value; of a key that comes twice, the last."""
        if self.text.startswith("{"):
            return ExactDecoder().decode(self.text.encode())
        return next(iter(ExactDecoder().decode(b"{%b}" % self.text.encode()).values()))


def make_raw_patch(text: str, rebuilt: Any) -> Patch:
    """The patch of a record that is kept as its text, for as long as its rows stay what they are."""
    return {"raw": text, "check": check_of(dump_compact(rebuilt))}


def apply_patch(rebuilt: dict[str, Any], patch: Patch) -> Any:
    """The record as it was, but for what the app changed since: a dict, or RawText."""
    if "raw" in patch:
        return RawText(patch["raw"]) if check_of(dump_compact(rebuilt)) == patch["check"] else rebuilt
    patched = _apply_fields(rebuilt, patch.get("fields", {}))
    order = patch.get("order")
    if order is None:
        return patched
    known = [name for name in order if name in patched]
    return {name: patched[name] for name in [*known, *(name for name in patched if name not in set(order))]}


def _apply_fields(rebuilt: dict[str, Any], fields: dict[str, list[Any]]) -> dict[str, Any]:
    patched = dict(rebuilt)
    for name, (check, text) in fields.items():
        ours = patched.get(name, MISSING)
        if check_of(None if ours is MISSING else dump_compact(ours)) != check:
            continue
        if text is None:
            patched.pop(name, None)
        else:
            patched[name] = ExactDecoder().decode(text.encode())
    return patched


def check_of(text: str | None) -> int:
    """A short fingerprint of what rows gave for a field; 0 for a field they don't have."""
    return 0 if text is None else zlib.crc32(text.encode("utf-8", "surrogatepass")) or 1
