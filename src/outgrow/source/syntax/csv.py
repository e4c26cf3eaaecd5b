"""Tables as text: CSV, TSV and their like. Every value is a text; an empty one is null.

How a file separates, quotes and escapes is guessed from its first rows (`csv_dialect`) and stands in its style.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.csv_dialect import guess_dialect
from outgrow.source.syntax.csv_fast import FastRows, starts_of_rows
from outgrow.source.syntax.csv_text import decode, encode_rows, reader_options, undecoded, unescape
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken
from outgrow.source.syntax.outline import Member, Outline, Span

END_OF_ROWS = "\x1e end of rows \x1e"
MOST_GAPS = 500
SAMPLE = 262_144

name = "csv"
suffixes: tuple[str, ...] = (".csv", ".tsv", ".tab", ".psv")
textual = True
csv.field_size_limit(2 * LARGEST_RECORD)


def detect(head: bytes) -> bool:
    """Whether there is a first line."""
    return bool(head.strip())


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """The container starts behind the line of names; the sample are the names. Raises Broken.

    Where empty lines part the rows, each run of rows is a member.
    """
    stream.seek(start)
    guess = guess_dialect(stream.read(min(SAMPLE, size - start)), start, whole=size - start <= SAMPLE)
    behind = start + guess.skipped
    root = Span("table", behind - 1, size, empty=behind >= size, style=guess.style)
    runs = _find_runs(stream, behind, size, guess.style) if len(guess.names) > 1 else []
    members = [
        Member("", first, end, Span("table", first - 1, end, style=guess.style), []) for first, end in runs if runs[1:]
    ]
    return Outline(root, sample=[guess.names], members=members, notes=guess.notes)


def _find_runs(stream: IO[bytes], start: int, size: int, style: Style) -> list[tuple[int, int]]:
    """The runs of rows between empty lines; none where there are too many, or no rows can be told apart."""
    if not _holds_gap(stream, start, size):
        return []
    runs: list[tuple[int, int]] = []
    first: int | None = None
    try:
        for position, rows in _read_rows(stream, start, size, style):
            for place, row in enumerate(rows.rows):
                offset = position + rows.ends[place]
                if row and first is None:
                    first = offset
                elif not row and first is not None:
                    runs.append((first, offset))
                    first = None
                    if len(runs) > MOST_GAPS:
                        return []
    except Broken:
        return []
    return [*runs, (first, size)] if first is not None else runs


def _holds_gap(stream: IO[bytes], start: int, size: int) -> bool:
    """Whether two line ends follow each other anywhere before the end."""
    stream.seek(start)
    before = b""
    while block := stream.read(BLOCK):
        text = before + block
        if stream.tell() >= size:
            text = text.rstrip(b"\r\n")
        if b"\n\n" in text or b"\n\r\n" in text:
            return True
        before = block[-2:]
    return False


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """Delimiter, quotes and line ends, which the outline has found."""
    return span.style or Style()


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """Rows can't be told from lines within quotes without reading from the start."""
    return None


@dataclass
class _Rows:
    """Rows of a text. `ends` are the offsets around them: where the first starts, and behind each.

    `unfinished` says that a row follows that the text doesn't hold to its end.
    """

    rows: list[list[str]] = field(default_factory=list)
    ends: list[int] = field(default_factory=lambda: [0])
    unfinished: bool = False
    odd: bool = False


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of rows; raises Broken where a quoted text doesn't end."""
    fast = FastRows(section)
    for position, rows in _read_rows(stream, section.start, section.end, section.style, fast.read):
        batch = rows if isinstance(rows, Batch) else _make_batch(rows, position, section)
        if batch.records or batch.flaws:
            yield batch


class _Raw(_Rows):
    """Rows with the text that they stand in; `cut` says that the file ends within its last line."""

    data: bytes = b""
    cut: bool = False


def _read_rows(
    stream: IO[bytes],
    start: int,
    end: int,
    style: Style,
    take: Callable[[bytes, int], tuple[Batch, int] | None] | None = None,
) -> Iterator[tuple[int, Any]]:
    """Runs of whole rows, with the offset of each run; as batches where `take` makes some at once."""
    stream.seek(start)
    position, data, break_ = start, b"", style.newline[-1:].encode()
    while position < end:
        data += stream.read(min(max(BLOCK, len(data)), end - position - len(data)))
        last = position + len(data) >= end
        block = data if last else data[: data.rfind(break_) + 1]
        if take is not None and (taken := take(block, position)) is not None:
            yield position, taken[0]
            position, data = position + taken[1], data[taken[1] :]
            continue
        rows = _parse(block, style, position)
        rows.cut = last and not data.endswith((b"\n", b"\r")) and not stream.read(1)
        yield position, rows
        position, data = position + rows.ends[-1], data[rows.ends[-1] :]
        if rows.unfinished and (last or len(data) > 2 * LARGEST_RECORD):
            raise Broken("a quoted text doesn't end", position)


def _parse(data: bytes, style: Style, position: int) -> _Raw:
    """The whole rows of a text; raises Broken."""
    text, odd = decode(data, style)
    found = _Raw(odd=odd)
    found.data = data
    lines = list(io.StringIO(unescape(text, style), newline=""))
    ends = [0, *accumulate(map(len, data.splitlines(keepends=True)))]
    reader = csv.reader(chain(lines, [END_OF_ROWS]), **reader_options(style))
    try:
        rows = list(reader)
        if rows[-1:] == [[END_OF_ROWS]] and len(rows) == len(lines) + 1:
            found.rows, found.ends = rows[:-1], ends
            return found
        _place_rows(found, lines, ends, style)
    except csv.Error as error:
        raise Broken(str(error), position) from error
    return found


def _place_rows(found: _Raw, lines: list[str], ends: list[int], style: Style) -> None:
    """The rows of some lines, of which several may make one row."""
    reader = csv.reader(chain(lines, [END_OF_ROWS]), **reader_options(style))
    for row in reader:
        if reader.line_num > len(lines):
            # A quote that opens at the very end takes the mark for its text, and then the last row is the mark as well.
            found.unfinished = row != [END_OF_ROWS] or found.ends[-1] < ends[len(lines)]
            return
        found.rows.append(row)
        found.ends.append(ends[reader.line_num])


def _make_batch(rows: _Raw, position: int, section: Section) -> Batch:
    """Make records of rows; one that has too many values, or isn't in the file's encoding, becomes a flaw."""
    fields, width = section.fields, len(section.fields)
    end = rows.ends[-1]
    batch = Batch([], b"", position, position, plain=True)
    if not rows.odd and not rows.cut and set(map(len, rows.rows)) <= {width} and _are_short(rows):
        batch.records = [_make_record(fields, row) for row in rows.rows]
        batch.offsets = [position + offset for offset in rows.ends[:-1]]
    else:
        _make_carefully(batch, rows, position, section)
    batch.raw = rows.data[:end].rstrip(b"\r\n")
    batch.end = position + len(batch.raw)
    return batch


def _are_short(rows: _Raw) -> bool:
    """Whether no row can be longer than a record may be."""
    return rows.ends[-1] <= LARGEST_RECORD


def _make_record(fields: tuple[str, ...], row: list[str]) -> dict[str, str | None]:
    if "" in row:
        return {name: value or None for name, value in zip(fields, row, strict=False)}
    return dict(zip(fields, row, strict=False))


def _make_carefully(batch: Batch, rows: _Raw, position: int, section: Section) -> None:
    """Take row by row, for some may be none."""
    fields, width, style = section.fields, len(section.fields), section.style
    batch.offsets = []
    for row, start, end in zip(rows.rows, rows.ends, rows.ends[1:], strict=False):
        cut = rows.cut and end == len(rows.data)
        if reason := _refuse_row(row, width, end - start, style, cut=cut):
            raw = rows.data[start:end].rstrip(b"\r\n") if end - start <= LARGEST_RECORD else b""
            batch.flaws.append(Flaw(position + start, raw, reason))
        elif row or width == 1:
            batch.records.append(_make_record(fields, row or [""]))
            batch.offsets.append(position + start)


def _refuse_row(row: list[str], width: int, size: int, style: Style, *, cut: bool) -> str | None:
    """Why a row is no record; `cut` says that the file ends with it and not with its line."""
    if size > LARGEST_RECORD:
        return f"is {size >> 20} MB long, more than the 16 MB that a record may have"
    if len(row) > width:
        return f"has {len(row)} values for {width} columns"
    if cut and 0 < len(row) < width:
        return f"breaks off after {len(row)} of {width} values"
    return undecoded("".join(row), style)


def reread(batch: Batch, section: Section) -> Batch:
    """Rows are always read exactly; a batch that is only text is read now."""
    if batch.records or batch.flaws:
        starts = starts_of_rows(batch.raw, section.style) if batch.offsets is None else None
        if starts is not None and len(starts) == len(batch.records):
            batch.offsets = [batch.start + start for start in starts]
        if batch.offsets is not None:
            batch.plain = False
            return batch
    rows = _parse(batch.raw, section.style, batch.start)
    again = _make_batch(rows, batch.start, section)
    again.plain = False
    return again


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """Rows behind a quote that never closes can't be told apart, so all of them are the flaw."""
    batch = Batch([], b"", start, start, offsets=[])
    batch.flaws.append(Flaw(broken.offset, raw[max(0, broken.offset - start) :], broken.problem))
    return batch, broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of rows, without the last one's line end."""
    fields = section.fields
    rows = [
        ["" if (value := record.get(name)) is None else str(value) for name in fields[: len(record)]]
        for record in records
    ]
    return encode_rows(rows, style) if rows else b""


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two rows."""
    return style.newline.encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """What stands around the rows of a file that had none before."""
    return b"", style.newline.encode()
