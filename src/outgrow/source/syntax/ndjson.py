"""A JSON value per line: NDJSON, JSON Lines, append logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

import orjson

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_exact import TOO_DEEP, name_problem, place_of_error, refuse_value
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken
from outgrow.source.syntax.json_style import detect_style
from outgrow.source.syntax.json_text import ExactDecoder, encode_elements
from outgrow.source.syntax.outline import Outline, Span

SPACE = b" \t\r\n"
LINE_END = re.compile(rb"(\r?\n)")

name = "ndjson"
suffixes: tuple[str, ...] = (".ndjson", ".jsonl", ".json", ".db", ".log", ".txt")
textual = False


def detect(head: bytes) -> bool:
    """Whether the first lines are an object each; one line alone is plain JSON."""
    lines = [line for line in head.split(b"\n")[:3] if line.strip()]
    if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
        return False
    return bool(re.match(rb"\s*\{.*\}\s*\Z", lines[0], re.DOTALL))


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """The whole file is one container, from the end of the prefix to behind the last line."""
    stream.seek(start)
    first = stream.readline(LARGEST_RECORD)
    try:
        sample = [ExactDecoder().decode(first)]
    except (ValueError, RecursionError):
        sample = []
    return Outline(Span("lines", start - 1, size), sample=sample)


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:
    """The style of the first lines."""
    stream.seek(span.opening + 1)
    raw = stream.read(min(BLOCK, span.closing - span.opening - 1))
    return replace(detect_style(raw, depth, lines=True), newline="\r\n" if b"}\r\n" in raw else "\n")


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001 (one signature for all syntaxes)
    """The end of a line."""
    return LINE_END


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Read runs of lines; a line that isn't JSON is a flaw, since the next one starts afresh."""
    stream.seek(section.start)
    position = section.start
    while position < section.end:
        data = stream.read(min(BLOCK, section.end - position))
        if position + len(data) < section.end:
            data += stream.readline(LARGEST_RECORD)
        if len(data) > LARGEST_RECORD and not data.endswith(b"\n"):
            whole, end = data.rfind(b"\n") + 1, _skip_line(stream, position + len(data), section.end)
            if whole:
                yield _read_block(data[:whole], position)
            reason = f"is {(end - position - whole) >> 20} MB long, more than the 16 MB that a record may have"
            position += whole
            yield Batch([], b"", position, position, offsets=[], flaws=[Flaw(position, b"", reason)])
            position = end
            continue
        yield _read_block(data, position)
        position += len(data)


def _skip_line(stream: IO[bytes], position: int, end: int) -> int:
    """The offset behind a line that is too long to be kept."""
    while position < end and (data := stream.readline(BLOCK)):
        position += len(data)
        if data.endswith(b"\n"):
            break
    return position


def _read_block(data: bytes, position: int) -> Batch:
    text = data.rstrip(SPACE)
    try:
        values = orjson.loads(b"[%b]" % text.replace(b"\n", b","))
        return Batch(values, text, position, position + len(text), plain=True)
    except orjson.JSONDecodeError:
        return _read_lines(text, position)


def _read_lines(text: bytes, position: int) -> Batch:
    decoder = ExactDecoder()
    batch = Batch([], text, position, position + len(text), offsets=[])
    for line in text.split(b"\n"):
        if line.strip(SPACE):
            _read_line(line.strip(SPACE), position + len(line) - len(line.lstrip(SPACE)), decoder, batch)
        position += len(line) + 1
    return batch


def _read_line(line: bytes, start: int, decoder: ExactDecoder, batch: Batch) -> None:
    try:
        value = decoder.decode(line)
        reason, place = refuse_value(value, line), 0
    except UnicodeDecodeError as error:
        reason, place = "is not UTF-8", error.start
    except RecursionError:
        reason, place = TOO_DEEP, 0
    except ValueError as error:
        reason, place = name_problem(error), place_of_error(error, line) or 0
    if reason is not None:
        batch.flaws.append(Flaw(start + place, line, reason))
        return
    if decoder.doubled:
        batch.doubled[len(batch.records)] = decoder.doubled
    batch.records.append(value)
    if batch.offsets is not None:
        batch.offsets.append(start)


def reread(batch: Batch, section: Section) -> Batch:  # noqa: ARG001 (one signature for all syntaxes)
    """Read a plain batch again, exactly."""
    return _read_lines(batch.raw, batch.start)


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """Lines never break the file; see `_read_line`."""
    return Batch([], b"", start, start, flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of lines, without the last line's end."""
    if not records:
        return b""
    return style.newline.encode().join(encode_elements([record], style, 1) for record in records)


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two lines."""
    return style.newline.encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """What stands around the lines of a file that had none before."""
    return b"", style.newline.encode()
