"""CSV with a header line: every value is a text; an empty one is null."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken
from outgrow.source.syntax.outline import Outline, Span

DELIMITERS = ",;\t|"

name = "csv"
suffixes = (".csv", ".tsv")
textual = True
csv.field_size_limit(LARGEST_RECORD)


def detect(head: bytes) -> bool:
    """Whether there is a first line that could be a header."""
    line = head.split(b"\n", 1)[0].strip()
    return bool(line) and b"\0" not in head


def outline(stream: IO[bytes], start: int, size: int) -> Outline:
    """The container starts behind the header line; the sample is the header."""
    stream.seek(start)
    header = _read_row(stream)
    style = _detect_dialect(header)
    names = next(_parse(header, style), [])
    return Outline(Span("table", start + len(header) - 1, size), sample=[names])


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """Delimiter, quotes and line ends, from the header and the first rows."""
    stream.seek(0)
    head = stream.read(BLOCK)
    style = _detect_dialect(head.split(b"\n", 1)[0])
    newline = "\r\n" if b"\r\n" in head else "\n"
    body = head[span.opening + 1 :]
    body = body[: body.rfind(b"\n") + 1] or body
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC):
        tried = Style(delimiter=style.delimiter, quoting=quoting, newline=newline)
        rows = list(_parse(body, tried))
        if rows and _write(rows, tried) == body.rstrip(b"\r\n"):
            return tried
    return Style(delimiter=style.delimiter, newline=newline)


def _detect_dialect(header: bytes) -> Style:
    counts = {delimiter: header.count(delimiter.encode()) for delimiter in DELIMITERS}
    return Style(delimiter=max(counts, key=lambda delimiter: counts[delimiter]))


def _read_row(stream: IO[bytes]) -> bytes:
    """A line, or several where a quoted text holds line breaks."""
    row = stream.readline(LARGEST_RECORD)
    while row.count(b'"') % 2 and len(row) <= LARGEST_RECORD and (line := stream.readline(LARGEST_RECORD)):
        row += line
    return row


def _parse(data: bytes, style: Style) -> Iterator[list[str]]:
    text = data.decode("utf-8", "surrogateescape")
    return csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """Rows can't be told from lines within quotes without reading from the start."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of rows. A row with more values than the header becomes a flaw."""
    stream.seek(section.start)
    position = section.start
    while position < section.end:
        data = stream.read(min(BLOCK, section.end - position))
        while position + len(data) < section.end and (data[-1:] != b"\n" or data.count(b'"') % 2):
            line = stream.readline(LARGEST_RECORD)
            data += line
            if len(data) > 2 * LARGEST_RECORD:
                raise Broken("a quoted text doesn't end", position)
        yield _read_rows(data, position, section)
        position += len(data)


def _read_rows(data: bytes, position: int, section: Section) -> Batch:
    raw = data.rstrip(b"\r\n")
    batch = Batch([], raw, position, position + len(raw), plain=True)
    width = len(section.fields)
    try:
        for number, row in enumerate(_parse(raw, section.style)):
            if len(row) == width:
                values: Any = [value or None for value in row]
                batch.records.append(dict(zip(section.fields, values, strict=True)))
            elif len(row) < width and row:
                batch.records.append({field: value or None for field, value in zip(section.fields, row, strict=False)})
            elif row:
                reason = f"has {len(row)} values for {width} columns (row {number + 1} of its block)"
                batch.flaws.append(Flaw(position, section.style.delimiter.join(row).encode(errors="replace"), reason))
    except csv.Error as error:
        raise Broken(str(error), position) from error
    if b"\xff" in raw or not _is_utf8(raw):
        _set_aside_odd_text(batch, position)
    return batch


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _set_aside_odd_text(batch: Batch, position: int) -> None:
    good = []
    for record in batch.records:
        text = "\x1f".join(value or "" for value in record.values())
        if text.isprintable() or _encodes(text):
            good.append(record)
        else:
            batch.flaws.append(Flaw(position, text.encode("utf-8", "surrogateescape"), "is not UTF-8"))
    batch.records[:] = good


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def reread(batch: Batch, section: Section) -> Batch:  # noqa: ARG001 (one signature for all syntaxes)
    """Rows are always read exactly; only the starts of the records are new."""
    batch.plain = False
    return batch


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """Rows behind a quote that never closes can't be told apart, so all of them are the flaw."""
    return Batch([], b"", start, start, flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def _write(rows: list[list[str]], style: Style) -> bytes:
    text = io.StringIO()
    quoting: Any = style.quoting
    csv.writer(text, delimiter=style.delimiter, quoting=quoting, lineterminator=style.newline).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogateescape").removesuffix(style.newline.encode())


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of rows, without the last one's line end."""
    fields = section.fields
    rows = [
        ["" if (value := record.get(field)) is None else str(value) for field in fields[: len(record)]]
        for record in records
    ]
    return _write(rows, style) if rows else b""


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two rows."""
    return style.newline.encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """What stands around the rows of a file that had none before."""
    return b"", style.newline.encode()
