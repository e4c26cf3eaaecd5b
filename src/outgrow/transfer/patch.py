"""What a record's rows can't say, field by field: the difference between the record and its rebuilt self.

Where the writer can't make a record's text again, the patch holds that too.

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


def patch_record(
    batch: Batch, place: int, rebuilt: Any, skipped: frozenset[str], text: bytes | None = None
) -> Patch | None:
    """The patch of one record of an exactly read batch; with the record's own `text` where that is kept."""
    patch = make_patch(batch.records[place], rebuilt, skipped)
    return patch if text is None else (patch or {}) | _raw_patch(text, rebuilt)


def _raw_patch(text: bytes, rebuilt: Any) -> Patch:
    """What keeps a record's text for as long as its rows stay what they are; `latin` says that it is no UTF-8."""
    check = check_of(dump_compact(rebuilt))
    try:
        return {"raw": text.decode(), "check": check}
    except UnicodeDecodeError:
        return {"raw": text.decode("latin-1"), "latin": True, "check": check}


def keep_raw_text(patch: Patch | None, earlier: Patch, rebuilt: Any) -> Patch | None:
    """A patch with the text that an earlier one of the same record kept, now that its rows are others."""
    if "raw" not in earlier:
        return patch
    text = {name: earlier[name] for name in ("raw", "latin") if name in earlier}
    return (patch or {}) | text | {"check": check_of(dump_compact(rebuilt))}


@dataclass(frozen=True)
class RawText:
    """A record as its own text, in a map with its key; `value` is what its rows and patch say."""

    text: bytes
    value: Any


def apply_patch(rebuilt: dict[str, Any], patch: Patch) -> Any:
    """The record as it was, but for what the app changed since: a dict, or RawText."""
    value = _apply(rebuilt, patch)
    if "raw" in patch and check_of(dump_compact(rebuilt)) == patch["check"]:
        return RawText(patch["raw"].encode("latin-1" if patch.get("latin") else "utf-8"), value)
    return value


def _apply(rebuilt: dict[str, Any], patch: Patch) -> dict[str, Any]:
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
