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

UNDECODED = re.compile(r"[\udc80-\udcff]")

name = "csv"
suffixes: tuple[str, ...] = (".csv", ".tsv")
textual = True
csv.field_size_limit(2 * LARGEST_RECORD)


def detect(head: bytes) -> bool:
    """Whether there is a first line that could be a header."""
    return bool(head.split(b"\n", 1)[0].strip())


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """The container starts behind the header line; the sample is the header. Raises Broken."""
    stream.seek(start)
    header = _read_header(stream)
    try:
        header.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Broken("the header is not UTF-8", start + error.start) from None
    style = _detect_dialect(header)
    names = next(_parse(_decode(header), style), [])
    behind = start + len(header)
    return Outline(Span("table", behind - 1, size, empty=behind >= size), sample=[names])


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
        rows = list(_parse(_decode(body), tried))
        if rows and _write(rows, tried) == body.rstrip(b"\r\n"):
            return tried
    return Style(delimiter=style.delimiter, newline=newline)


def _detect_dialect(header: bytes) -> Style:
    counts = {delimiter: header.count(delimiter.encode()) for delimiter in DELIMITERS}
    return Style(delimiter=max(counts, key=lambda delimiter: counts[delimiter]))


def _read_header(stream: IO[bytes]) -> bytes:
    """A line, or several where a quoted name holds line breaks."""
    header = line = stream.readline(LARGEST_RECORD)
    while header.count(b'"') % 2 and line and len(header) <= LARGEST_RECORD:
        line = stream.readline(LARGEST_RECORD)
        header += line
    return header


def _decode(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _parse(text: str, style: Style) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=style.delimiter)


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """Rows can't be told from lines within quotes without reading from the start."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of rows; raises Broken where a quoted text doesn't end."""
    stream.seek(section.start)
    position, data = section.start, b""
    while position < section.end:
        data += stream.read(min(max(BLOCK, len(data)), section.end - position - len(data)))
        last = position + len(data) >= section.end
        rows = _Rows(data if last else data[: data.rfind(b"\n") + 1], section.style)
        batch = _read_rows(rows, position, section, last=last)
        if batch.records or batch.flaws:
            yield batch
        position, data = position + rows.end, data[rows.end :]
        if rows.unfinished and (last or len(data) > 2 * LARGEST_RECORD):
            raise Broken("a quoted text doesn't end", position)


class _Rows:
    """The rows of a text. `start` and `end` are the last one's offsets; `unfinished` says that one is cut off."""

    def __init__(self, data: bytes, style: Style) -> None:
        self.data, self.style = data, style
        self.start = self.end = 0
        self.unfinished = False
        self._taken = 0
        self._within = False

    def __iter__(self) -> Iterator[list[str]]:
        for row in csv.reader(self._take_lines(), delimiter=self.style.delimiter):
            if self.unfinished:
                return
            self.start, self.end, self._within = self.end, self._taken, False
            yield row

    def _take_lines(self) -> Iterator[str]:
        text = _decode(self.data)
        plain = text.isascii()
        for line in io.StringIO(text, newline=""):
            self._within = True
            self._taken += len(line) if plain else len(_encode(line))
            yield line
        self.unfinished = self._within  # the reader asks for a further line within a row


def _read_rows(rows: _Rows, position: int, section: Section, *, last: bool = False) -> Batch:
    """Make records of rows; one that has too many values, or isn't UTF-8, becomes a flaw."""
    fields, width = section.fields, len(section.fields)
    batch = Batch([], b"", position, position, plain=True, offsets=[])
    cut = last and not rows.data.endswith((b"\n", b"\r"))
    try:
        for row in rows:
            size = rows.end - rows.start
            if reason := _refuse_row(row, width, size, cut=cut and rows.end == len(rows.data)):
                raw = rows.data[rows.start : rows.end].rstrip(b"\r\n") if size <= LARGEST_RECORD else b""
                batch.flaws.append(Flaw(position + rows.start, raw, reason))
            elif row:
                batch.records.append({field: value or None for field, value in zip(fields, row, strict=False)})
                batch.offsets.append(position + rows.start)  # type: ignore[union-attr]
    except csv.Error as error:
        raise Broken(str(error), position + rows.end) from error
    batch.raw = rows.data[: rows.end].rstrip(b"\r\n")
    batch.end = position + len(batch.raw)
    return batch


def _refuse_row(row: list[str], width: int, size: int, *, cut: bool) -> str | None:
    """Why a row is no record; `cut` says that the file ends with it and not with its line."""
    if size > LARGEST_RECORD:
        return f"is {size >> 20} MB long, more than the 16 MB that a record may have"
    if len(row) > width:
        return f"has {len(row)} values for {width} columns"
    if cut and 0 < len(row) < width:
        return f"breaks off after {len(row)} of {width} values"
    text = "".join(row)
    return "is not UTF-8" if not text.isascii() and UNDECODED.search(text) else None


def reread(batch: Batch, section: Section) -> Batch:
    """Rows are always read exactly; a batch that is only text is read now."""
    if batch.records or batch.flaws:
        batch.plain = False
        return batch
    return _read_rows(_Rows(batch.raw, section.style), batch.start, section)


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """Rows behind a quote that never closes can't be told apart, so all of them are the flaw."""
    batch = Batch([], b"", start, start, offsets=[])
    batch.flaws.append(Flaw(broken.offset, raw[max(0, broken.offset - start) :], broken.problem))
    return batch, broken


def _write(rows: list[list[str]], style: Style) -> bytes:
    """Rows as text, without the last one's line end; a line break of either kind within a value is quoted."""
    lines: list[str] = []
    quoting: Any = style.quoting
    csv.writer(_Lines(lines), delimiter=style.delimiter, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return _encode(style.newline.join(line[:-2] for line in lines))


class _Lines:
    """Takes what a csv.writer writes: a row at a time."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


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
