"""Lines of fields between colons, below comments, as DokuWiki keeps its users: `login:hash:Real Name:email:groups`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import LARGEST_RECORD, Broken
from outgrow.source.syntax.outline import Member, Outline, Span

FIELD = re.compile(r"(?:[^:\\]|\\.|\\\Z)*", re.DOTALL)
NAMES = {5: ("login", "password", "name", "email", "groups")}
AT_ONCE = 1_000
DETECT = re.compile(rb"(?:[ \t]*#[^\n]*\n|[ \t]*\r?\n)*[^\s:#<{][^:\n]*(?::[^:\n]*){2,}\r?(?:\n|\Z)")

name = "colon"
suffixes: tuple[str, ...] = (".auth",)
textual = True


def detect(head: bytes) -> bool:
    """Whether fields between colons come first, but for comments."""
    return DETECT.match(head) is not None


def outline(stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG001
    """Runs of lines that no comment parts, so that comments stay what they are between sections."""
    if size - start > LARGEST_RECORD:
        raise Broken(f"is {(size - start) >> 20} MB long, more than the 16 MB that can be read", start)
    stream.seek(start)
    raw = stream.read(size - start)
    lines = list(_lines(raw, start))
    if not lines:
        return Outline(Span("kept", start - 1, size, empty=True))
    sample = [_record(text, _names(len(_split(text)))) for _, _, text in lines[:1]]
    runs = [[lines[0]]]
    for line in lines[1:]:
        if raw[runs[-1][-1][1] - start : line[0] - start].strip():
            runs.append([])
        runs[-1].append(line)
    spans = [Span("lines", run[0][0] - 1, run[-1][1]) for run in runs]
    members = [Member("", span.opening + 1, span.closing, span, []) for span in spans]
    return Outline(Span("log", lines[0][0] - 1, lines[-1][1]), sample=sample, members=members)


def _lines(raw: bytes, start: int) -> Iterator[tuple[int, int, str]]:
    """The lines that are no comments: start, end, text."""
    position = start
    for line in raw.split(b"\n"):
        inner = line.strip()
        if inner and not inner.startswith(b"#"):
            begin = position + line.index(inner)
            try:
                yield begin, begin + len(inner), inner.decode()
            except UnicodeDecodeError as error:
                raise Broken("is not UTF-8", begin + error.start) from None
        position += len(line) + 1


def _split(text: str) -> list[str]:
    """The fields of a line; a backslash takes what a colon or a backslash means otherwise."""
    fields, position = [], 0
    while match := FIELD.match(text, position):
        fields.append(re.sub(r"\\([:\\])", r"\1", match[0]))
        position = match.end() + 1
        if match.end() >= len(text):
            break
    return fields


def _names(count: int) -> tuple[str, ...]:
    return NAMES.get(count) or tuple(f"column_{number + 1}" for number in range(count))


def _record(text: str, names: tuple[str, ...]) -> dict[str, Any]:
    fields = _split(text)
    more = [f"column_{number + 1}" for number in range(len(names), len(fields))]
    return dict(zip([*names, *more], fields, strict=False))


def style_of(stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG001
    """The names of the columns, and how lines end."""
    stream.seek(span.opening + 1)
    raw = stream.read(span.closing - span.opening - 1)
    first = raw.split(b"\n")[0].strip().decode("utf-8", "replace")
    names = _names(len(_split(first)))
    return Style(indent="", newline="\r\n" if b"\r\n" in raw else "\n", options=(("names", "\n".join(names)),))


def border(section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG001
    """Such files are small."""
    return None


def read(stream: IO[bytes], section: Section) -> Iterator[Batch]:
    """Runs of lines."""
    stream.seek(section.start)
    raw = stream.read(section.end - section.start)
    lines = list(_lines(raw, section.start))
    for place in range(0, len(lines), AT_ONCE):
        yield _batch(lines[place : place + AT_ONCE], raw, section.start, section.style)


def _batch(lines: list[tuple[int, int, str]], raw: bytes, start: int, style: Style) -> Batch:
    names = tuple(style.option("names").split("\n"))
    batch = Batch([], raw[lines[0][0] - start : lines[-1][1] - start], lines[0][0], lines[-1][1])
    batch.records = [_record(text, names) for _, _, text in lines]
    batch.offsets, batch.ends = [line[0] for line in lines], [line[1] for line in lines]
    return batch


def reread(batch: Batch, section: Section) -> Batch:
    """A run of lines again."""
    return _batch(list(_lines(batch.raw, batch.start)), batch.raw, batch.start, section.style)


def read_whole(raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG001
    """Lines never break the file."""
    return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken


def encode(records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG001
    """Write a run of lines, without the last line's end."""
    return style.newline.join(":".join(map(_field, record.values())) for record in records).encode("utf-8", "replace")


def _field(value: Any) -> str:
    text = "" if value is None else str(value)
    return re.sub(r"([:\\])", r"\\\1", " ".join(text.splitlines()))


def between(section: Section, style: Style) -> bytes:  # noqa: ARG001
    """What stands between two lines."""
    return style.newline.encode()


def around(section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG001
    """What stands around the lines of a file that had none before."""
    return b"", style.newline.encode()
