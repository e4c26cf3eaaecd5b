"""Files that are a record each: what their syntaxes share, around a function that reads and one that writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import IO, Any

from outgrow.record import Batch, Flaw
from outgrow.source.encoding import guess_encoding
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import LARGEST_RECORD, Broken
from outgrow.source.syntax.outline import Outline, Span


@dataclass(frozen=True)
class Parsed:
    """A file's record, and its style or how that is found; `doubled` are keys that it holds twice."""

    record: dict[str, Any]
    found: Style | Callable[[], Style]
    doubled: list[str] = field(default_factory=list)

    @cached_property
    def style(self) -> Style:
        """The style, which takes longer to find than the record, and is asked for once."""
        return self.found if isinstance(self.found, Style) else self.found()

    def restyled(self, change: Callable[[Style], Style]) -> Parsed:
        """The same record in a style that differs."""
        return replace(self, found=lambda: change(self.style))


@dataclass
class OneRecordSyntax:
    """A syntax of files that are one record. `parse` raises Broken with a place in the text it was given."""

    name: str
    suffixes: tuple[str, ...]
    textual: bool
    detect: Callable[[bytes], bool]
    parse: Callable[[bytes], Parsed]
    write: Callable[[dict[str, Any], Style], str]
    _outlined: tuple[bytes, Parsed | None] = (b"", None)
    """The text that was outlined last, whose style is asked for next."""

    def outline(self, stream: IO[bytes], start: int, size: int, most: int) -> Outline:  # noqa: ARG002
        """The record; raises Broken where there is none."""
        raw = _load(stream, start, size)
        parsed = self._parse(raw, start)
        self._outlined = raw.strip(b" \t\r\n"), parsed
        if not parsed.record:
            return Outline(Span("kept", start - 1, size, empty=True))
        return Outline(Span("record", start - 1, size), sample=[parsed.record])

    def style_of(self, stream: IO[bytes], span: Span, depth: int) -> Style:  # noqa: ARG002
        """The style of the file."""
        raw = _load(stream, span.opening + 1, span.closing).strip(b" \t\r\n")
        text, parsed = self._outlined
        return (parsed if parsed is not None and text == raw else self._parse(raw, 0)).style

    def border(self, section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG002
        """There is nothing to cut."""
        return None

    def read(self, stream: IO[bytes], section: Section) -> Iterator[Batch]:
        """The record."""
        raw = _load(stream, section.start, section.end)
        parsed = self._parse(raw, section.start)
        doubled = {0: parsed.doubled} if parsed.doubled else {}
        yield Batch([parsed.record], raw, section.start, section.end, offsets=[section.start], doubled=doubled)

    def reread(self, batch: Batch, section: Section) -> Batch:  # noqa: ARG002
        """The record again."""
        parsed = self._parse(batch.raw, batch.start)
        return Batch([parsed.record], batch.raw, batch.start, batch.end, offsets=[batch.start])

    def read_whole(self, raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:  # noqa: ARG002
        """A file that breaks off holds no whole record."""
        return Batch([], b"", start, start, offsets=[], flaws=[Flaw(broken.offset, raw, broken.problem)]), broken

    def encode(self, records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:  # noqa: ARG002
        """The file's text, without white space at its end."""
        text = self.write(records[0], style).rstrip(" \t\r\n") if records else ""
        return text.encode(style.encoding, "surrogatepass" if style.encoding == "utf-8" else "replace")

    def between(self, section: Section, style: Style) -> bytes:  # noqa: ARG002
        """There is one record."""
        return b""

    def around(self, section: Section, style: Style) -> tuple[bytes, bytes]:  # noqa: ARG002
        """There is one record."""
        return b"", b""

    def _parse(self, raw: bytes, start: int) -> Parsed:
        """Read the record; places of problems become those in the file."""
        encoding = guess_encoding(raw)
        try:
            text = raw if encoding == "utf-8" else raw.decode(encoding).encode()
            parsed = self.parse(text.rstrip(b" \t\r\n"))
        except UnicodeDecodeError as error:
            raise Broken("is not UTF-8", start + error.start) from None
        except Broken as broken:
            raise Broken(broken.problem, start + broken.offset) from None
        if encoding == "utf-8":
            return parsed
        return parsed.restyled(lambda style: replace(style, encoding=encoding))


def _load(stream: IO[bytes], start: int, end: int) -> bytes:
    if end - start > LARGEST_RECORD:
        raise Broken(f"is {(end - start) >> 20} MB long, more than the 16 MB that a record may have", start)
    stream.seek(start)
    return stream.read(end - start)
