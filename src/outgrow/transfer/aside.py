"""The text of what is set aside, kept in the ledger so that `export` writes it again in its place.

What is set aside has no row, so nothing gives its text but the text itself. Where it may hold secrets it is sealed
with the app's `LEDGER_KEY`; a plain-text password is gone here as everywhere: its record is written with the hash.
"""

from __future__ import annotations

import copy
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from outgrow.record import MISSING, Batch
from outgrow.schema.coerce import coerce_column
from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns, scheme_of, secret_fields
from outgrow.schema.shape import Row, Shape
from outgrow.source.style import Style
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.kept import SECRET
from outgrow.transfer.part import PartWork
from outgrow.transfer.passwords import Hasher

LATIN = "latin-1"
WORDS = r"[^\W\d]*(?:[ .!?-]+[^\W\d]+)*[ .!?-]*"
"""A note like `deleted`: without digits or signs that part a name from a password, as in `ann:hunter2`."""
NO_RECORDS = {
    "json": rf'(?:[\s,]|(?:null|true|false|-?\d+(?:\.\d+)?|"{WORDS}")(?=[\s,]|$))*',
    "php_serialize": rf'(?:i:\d+;(?:N;|b:[01];|i:-?\d+;|d:-?[\d.]+;|s:\d+:"{WORDS}";))*',
    "php_array": rf"(?i:\s|,|(?:\d+\s*=>\s*)?(?:null|true|false|-?\d+(?:\.\d+)?|'{WORDS}'|\"{WORDS}\")(?=[\s,]|$))*",
}
NO_RECORDS["ndjson"] = NO_RECORDS["json"]
"""By syntax, the texts in a list that are no records, nor hold a part of one."""
NUMBERED = ("php_serialize", "php_array")
"""Syntaxes whose lists are maps of numbers: what stands under a name has none of the forms above."""


@dataclass(frozen=True)
class Aside:
    """The text of a record that makes no rows, or of what is no record at all.

    `place` is the record's in its batch; of what is no record, that of the record before it (-1 for none), and then
    `lead` and `trail` part it from its neighbours, and `count` says how many flaws it holds. `key` is that of the
    row that the record would have made, as far as it can be told.
    """

    place: int
    text: bytes
    flawed: bool = False
    lead: bytes = b""
    trail: bytes = b""
    count: int = 1
    key: Row | None = None

    @property
    def position(self) -> tuple[int, bool]:
        """Where it stands among the records of its batch."""
        return self.place, self.flawed


class Sealer:
    """Makes what the ledger keeps of texts set aside. `key` seals those that may hold secrets."""

    def __init__(self, plan: Plan, key: str | None, hasher: Hasher | None = None) -> None:
        self.plan, self.key = plan, key
        self.hasher = hasher or Hasher(plan)
        self.names = [name.encode() for name in secret_fields(plan)]
        columns = (table.columns[number] for table in plan for number in password_columns(plan, table))
        self.passwords = {column.field[-1] for column in columns if column.field}

    def keep(self, work: PartWork, batch: Batch, asides: Iterable[Aside], style: Style) -> tuple[dict[str, Any], bool]:
        """What a chunk's facts say of its texts, and whether that gives all of them again without a key."""
        entries: list[dict[str, Any]] = []
        lost, bare = 0, True
        for aside in asides:
            written = self._without_plain_text(work, batch, aside, style)
            sealed = written is not None and self._may_hold_secrets(work.shape, written.text)
            if written is None or (sealed and not self.key):
                lost += aside.count
                continue
            bare &= not sealed and written is aside
            entries.append(self._pack(written, sealed=sealed))
        facts: dict[str, Any] = {"aside": entries} if entries else {}
        return facts | ({"lost": lost} if lost else {}), bare and not lost

    def _without_plain_text(self, work: PartWork, batch: Batch, aside: Aside, style: Style) -> Aside | None:
        """A text in which no password stands in the open; None where that can't be told."""
        if not work.secrets:
            return aside
        if _is_bare(work, aside.text):
            return aside
        record = batch.records[aside.place] if not aside.flawed else None
        if type(record) is not dict or any(name in record for name in self._nested(work.shape)):
            return None
        hashed = copy.deepcopy(record)
        for number in password_columns(self.plan, work.shape.table):
            self._hash(hashed, work.shape.table.columns[number].field)
        if self._holds_plain(hashed):
            return None
        if hashed == record:
            return aside
        keys = [batch.keys[aside.place]] if batch.keys is not None and work.section.kind == "map" else None
        return replace(aside, text=work.syntax.encode([hashed], keys, work.section, style))

    def _holds_plain(self, value: Any) -> bool:
        """Whether a password in plain text stands anywhere else, as in records that the plan doesn't fit at all."""
        if type(value) is list:
            return any(map(self._holds_plain, value))
        if type(value) is not dict:
            return False
        return any(
            self._holds_plain(inner)
            or (name in self.passwords and type(inner) in (str, int) and scheme_of(str(inner)) == "plain")
            for name, inner in value.items()
            if inner
        )

    def _nested(self, shape: Shape) -> set[str]:
        """The fields whose lists hold passwords."""
        inner = shape.all_shapes()[1:]
        return {each.table.path[0] for each in inner if password_columns(self.plan, each.table)}

    def _hash(self, record: dict[str, Any], path: Sequence[str]) -> None:
        for name in path[:-1]:
            inner = record.get(name)
            if type(inner) is not dict:
                return
            record = inner
        value = record.get(path[-1])
        if value and scheme_of(str(value)) == "plain":
            record[path[-1]] = self.hasher.hash_text(str(value))

    def _may_hold_secrets(self, shape: Shape, text: bytes) -> bool:
        if any(column.secret for inner in shape.all_shapes() for column in inner.table.columns):
            return True
        return bool(SECRET.search(text)) or any(name in text for name in self.names)

    def _pack(self, aside: Aside, *, sealed: bool) -> dict[str, Any]:
        entry: dict[str, Any] = {"place": aside.place}
        if aside.flawed:
            around = [aside.lead.decode(LATIN), aside.trail.decode(LATIN)]
            entry |= {"flawed": True, "around": around, "count": aside.count}
        if aside.key is not None:
            entry["key"] = list(aside.key)
        if sealed:
            return entry | {"sealed": Fernet(self.key or "").encrypt(aside.text).decode()}
        return entry | {"text": b64encode(zlib.compress(aside.text)).decode()}


def _is_bare(work: PartWork, text: bytes) -> bool:
    """Whether a text among the accounts of a list is nothing, numbers, or a note in words: no password, by itself.

    In a map it would stand behind a name, and may be its password.
    """
    is_list = work.section.kind in ("list", "lines") or work.syntax.name in NUMBERED
    form = NO_RECORDS.get(work.syntax.name) if is_list else None
    try:
        return form is not None and re.fullmatch(form, text.decode()) is not None
    except UnicodeDecodeError:
        return False


def open_asides(facts: Mapping[str, Any], key: str | None = None) -> tuple[list[Aside], int]:
    """The texts set aside that a chunk's facts hold, in their order, and how many can't be had."""
    opened: list[Aside] = []
    lost = int(facts.get("lost", 0))
    for entry in facts.get("aside", ()):
        text = _open(entry, key)
        if text is None:
            lost += entry.get("count", 1)
            continue
        lead, trail = (part.encode(LATIN) for part in entry.get("around", ("", "")))
        own = tuple(entry["key"]) if "key" in entry else None
        flawed, count = entry.get("flawed", False), entry.get("count", 1)
        opened.append(Aside(entry["place"], text, flawed, lead, trail, count, own))
    return sorted(opened, key=lambda aside: aside.position), lost


def _open(entry: Mapping[str, Any], key: str | None) -> bytes | None:
    if "sealed" not in entry:
        return zlib.decompress(b64decode(entry["text"]))
    try:
        return Fernet(key or "").decrypt(entry["sealed"].encode())
    except (InvalidToken, ValueError):
        return None


def add_asides(facts: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put further texts set aside into a chunk's facts."""
    if "aside" in more:
        facts["aside"] = [*facts.get("aside", ()), *more["aside"]]
    if "lost" in more:
        facts["lost"] = facts.get("lost", 0) + more["lost"]


def key_of_record(shape: Shape, batch: Batch, place: int) -> Row | None:
    """The key of the row that a record would have made; None where it gives none, or no good one."""
    values: list[Any] = []
    for number in shape.keys:
        column = shape.table.columns[number]
        value: Any = MISSING
        if column.role == "key" and batch.keys is not None:
            value = batch.keys[place]
        elif column.role == "field":
            value = batch.records[place]
            for name in column.field:
                value = value.get(name, MISSING) if type(value) is dict else MISSING
        if value is MISSING or value is None:
            return None
        coerced, reasons = coerce_column([value], column, dump_compact)
        if reasons or coerced[0] is None:
            return None
        values.append(coerced[0])
    return tuple(values)
