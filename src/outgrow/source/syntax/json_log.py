"""An append log: a JSON object per line, of which the last with an `_id` counts, as NeDB keeps its collections.

`{"$$deleted":true,"_id":..}` takes a record out, `{"$$indexCreated":{..}}` declares an index, and a value
`{"$$date":ms}` is a moment. Lines that no longer count are no records; they stay between the sections, so that
export writes them again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import IO, Any

import orjson

from outgrow.record import Batch, many
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import ndjson
from outgrow.source.syntax.json_scan import LARGEST_RECORD, Broken
from outgrow.source.syntax.json_text import encode_elements
from outgrow.source.syntax.outline import Member, Outline, Span

MARK = re.compile(rb'\{\s*"\$\$(?:deleted|indexCreated|indexRemoved|date)"\s*:')
OWN_ID = re.compile(rb'"_id"\s*:\s*"[A-Za-z0-9]{16}"')
DATED = re.compile(rb'"([^"\\]*)"\s*:\s*\{\s*"\$\$date"')
SECRET = re.compile(
    rb'"[^"\\]*(?:pass|pwd|secret|token|salt|hash)[^"\\]*"\s*:\s*"(?!\$2|\$argon2|\$scrypt)([^"\\]+(?:\\.[^"\\]*)*)"',
    re.IGNORECASE,
)
"""What might be somebody's former password, unless it is a hash that may be seen."""
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = -62_135_596_800_000, 253_402_300_799_999
"""The first and the last millisecond of the years that dates can have here."""

UNIQUE = "unique"
"""The option of a style that names a field which the log declares as such."""

name = "log"
suffixes: tuple[str, ...] = (".db", ".nedb", ".ndjson", ".jsonl", ".log", ".txt")
textual = False


def detect(head: bytes) -> bool:
    """Whether the first line is an object, and the first lines bear the marks of such a log or its own ids."""
    lines = [line for line in (head[: head.rfind(b"\n") + 1] or head).split(b"\n")[:20] if line.strip()]
    if not lines or not re.match(rb"\s*\{.*\}\s*\Z", lines[0], re.DOTALL):
        return False
    return MARK.search(head) is not None or all(OWN_ID.search(line) for line in lines)


@dataclass
class _Log:
    """What the lines of a log come to: where the last line of each record stands, and what was declared.

    `last` has an offset for each id, or None where it was deleted; `plain` are the lines that are no record of
    the log but no part of its writing either.
    """

    last: dict[bytes, int | None] = field(default_factory=dict)
    plain: set[int] = field(default_factory=set)
    unique: dict[str, None] = field(default_factory=dict)
    deleted: int = 0
    lines: int = 0

    def take(self, line: bytes, offset: int) -> None:
        """Take note of a line."""
        if not line.strip():
            return
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError:
            value = None
        if type(value) is not dict:
            self.plain.add(offset)  # whoever reads it says what is wrong
        elif "$$indexCreated" in value or "$$indexRemoved" in value:
            self._take_index(value)
        elif "_id" not in value:
            self.plain.add(offset)
        else:
            self.lines += 1
            gone = value.get("$$deleted") is True
            self.deleted += gone
            self.last[orjson.dumps(value["_id"])] = None if gone else offset

    def _take_index(self, value: dict[str, Any]) -> None:
        created = value.get("$$indexCreated")
        if type(created) is dict and type(created.get("fieldName")) is str and created.get("unique") is True:
            self.unique[created["fieldName"]] = None
        elif type(value.get("$$indexRemoved")) is str:
            self.unique.pop(value["$$indexRemoved"], None)

    def notes(self, living: int) -> list[tuple[Any, str]]:
        """What is to be said of it."""
        notes: list[tuple[Any, str]] = []
        old = self.lines - self.deleted - living
        if old or self.deleted:
            message = f"is an append log: {many(living, 'record')} of {many(self.lines, 'line')}"
            counts = ((old, "superseded"), (self.deleted, "deleting"))
            others = ", ".join(f"{count:,} {what}" for count, what in counts if count)
            notes.append(("info", f"{message}; export writes the others again ({others})"))
        notes += [("info", f'declares "{name}" as unique, by an index of the program') for name in self.unique]
        return notes


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """A member for each run of lines that count."""
    log = _Log()
    for offset, line in _lines(stream, start):
        log.take(line, offset)
    living = {offset for offset in log.last.values() if offset is not None} | log.plain
    declared = Style(options=tuple((UNIQUE, field) for field in log.unique))
    members: list[Member] = []
    masked: list[tuple[int, int]] = []
    run: int | None = None
    for offset, line in chain(_lines(stream, start), [(size, b"")]):
        if offset in living and run is None:
            run = offset
        elif offset not in living and run is not None:
            members.append(Member("", run, offset, Span("lines", run - 1, offset, style=declared), []))
            run = None
        if offset not in living:
            masked += [(offset + match.start(1), offset + match.end(1)) for match in SECRET.finditer(line)]
    root = Span("log", start - 1, size, empty=not log.last and not log.plain)
    notes = log.notes(len(living) - len(log.plain))
    if masked:
        what = many(len(masked), "text that may be a former password", "texts that may be former passwords")
        notes.append(("warning", f"holds {what}, in superseded lines; export leaves them empty"))
    return Outline(root, members=members, notes=notes, masked=masked)


def _lines(stream: IO[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    """Each line with its offset; of one that is too long, pieces."""
    stream.seek(start)
    while line := stream.readline(LARGEST_RECORD):
        yield start, line
        start += len(line)


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """The style of the lines, and the fields that hold moments."""
    style = ndjson.style_of(stream, Span("lines", span.opening, span.closing), depth)
    dated: dict[str, None] = {}
    position = span.opening + 1
    for offset, line in _lines(stream, position):
        if offset >= span.closing:
            break
        if b'"$$date"' in line:
            dated |= dict.fromkeys(field.decode("utf-8", "replace") for field in DATED.findall(line))
    return replace(style, dated=tuple(dated), options=span.style.options if span.style is not None else ())


def border(section: Section) -> re.Pattern[bytes] | None:
    """The end of a line."""
    return ndjson.border(section)


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of lines, with moments as texts."""
    for batch in ndjson.read(stream, section):
        yield _with_moments(batch, section)


def reread(batch: Batch, section: Section) -> Batch:
    """Read a plain batch again, exactly."""
    return _with_moments(ndjson.reread(batch, section), section)


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
    """Lines never break the file."""
    return ndjson.read_whole(raw, start, section, broken)


def _with_moments(batch: Batch, section: Section) -> Batch:
    dated = frozenset(section.style.dated)
    if dated and b'"$$date"' in batch.raw:
        batch.records = [_read_moments(record, dated) for record in batch.records]
    return batch


def _read_moments(value: Any, dated: frozenset[str]) -> Any:
    """A value with its `{"$$date":ms}` as texts, in the fields that hold them."""
    if type(value) is list:
        return [_read_moments(part, dated) for part in value]
    if type(value) is not dict:
        return value
    return {
        key: moment if key in dated and (moment := _moment(part)) is not None else _read_moments(part, dated)
        for key, part in value.items()
    }


def _moment(value: Any) -> str | None:
    """The text of a moment; None for what is none, or none that a text of this form can say."""
    if type(value) is not dict or value.keys() != {"$$date"}:
        return None
    milliseconds = value["$$date"]
    if type(milliseconds) is not int or not FIRST <= milliseconds <= LAST:
        return None
    moment = EPOCH + timedelta(milliseconds=milliseconds)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1_000:03}Z".rjust(24, "0")


def _write_moments(value: Any, dated: frozenset[str]) -> Any:
    """The way back from `_read_moments`."""
    if type(value) is list:
        return [_write_moments(part, dated) for part in value]
    if type(value) is not dict:
        return value
    return {
        key: _write_moment(part) if key in dated and type(part) is str else _write_moments(part, dated)
        for key, part in value.items()
    }


def _write_moment(text: str) -> Any:
    if not MOMENT.fullmatch(text):
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return {"$$date": (moment - EPOCH) // timedelta(milliseconds=1)}


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
    """Write a run of lines, without the last line's end."""
    dated = frozenset(style.dated)
    if dated:
        records = [_write_moments(record, dated) for record in records]
    return ndjson.encode(records, keys, section, style)


def write_changes(before: bytes, now: bytes, style: Style) -> list[bytes]:
    """The lines to append where some lines stood `before` and others say what their records are now."""
    texts = {_id_of(line): line.strip() for line in now.split(b"\n") if line.strip()}
    changes = []
    for line in filter(bytes.strip, before.split(b"\n")):
        own = _id_of(line)
        text = texts.get(own)
        if text is None:
            changes.append(encode_elements([{"$$deleted": True, "_id": orjson.loads(own)}], style, 1))
        elif text != line.strip():
            changes.append(text)
    return changes


def _id_of(line: bytes) -> bytes:
    return orjson.dumps(orjson.loads(line)["_id"])


def between(section: Section, style: Style) -> bytes:
    """What stands between two lines."""
    return ndjson.between(section, style)


def around(section: Section, style: Style) -> tuple[bytes, bytes]:
    """What stands around the lines of a file that had none before."""
    return ndjson.around(section, style)
