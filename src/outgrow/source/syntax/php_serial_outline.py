"""Finds the containers of what serialize() wrote that may hold records."""

from __future__ import annotations

import mmap
import re
from contextlib import suppress
from typing import IO, Any

from outgrow.record import Severity
from outgrow.source.encoding import guess_encoding
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Member, Outline, Span
from outgrow.source.syntax.php_array_outline import NeedsPhp
from outgrow.source.syntax.php_serial_read import (
    KEY,
    REFERENCE,
    TOKEN,
    Unserializer,
    find_references,
    open_object,
    skip_value,
    take_text,
)
from outgrow.source.syntax.php_values import Kinds, counting

SMALL = 4 << 20
LONGEST_REFERENCE = 16
SAMPLE = 65_536
LARGEST_SAMPLE = 200
SPACE = b" \t\r\n"
AHEAD = re.compile(rb"\s*(?:[^|;{}\"\s]+\|)?")
REFERRING = (
    "holds references of values to each other (such as R:2), by numbers that change with every record; "
    "let PHP write it once without them: serialize(json_decode(json_encode($data), true))"
)


def whole_text(stream: IO[bytes], size: int) -> Any:
    """All of a file, without having it in memory where it is large."""
    if size < SMALL:
        stream.seek(0)
        return stream.read(size)
    return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def refuse_references(text: Any, start: int) -> None:
    """Raise NeedsPhp where values refer to each other."""
    if not _may_refer(text):
        return  # as nearly always; it would also find what a text holds
    if (offset := _first_reference(text, start)) is not None:
        raise NeedsPhp(REFERRING, offset)


def _may_refer(text: Any) -> bool:
    """Whether anything in a text looks like a reference; of a large one no more stays in memory than it takes."""
    for start in range(0, len(text), SMALL):
        block = text[start : start + SMALL + LONGEST_REFERENCE]
        if (b"R:" in block or b"r:" in block) and REFERENCE.search(block):
            return True
        if isinstance(text, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
            text.madvise(mmap.MADV_DONTNEED, start, min(SMALL, len(text) - start))
    return False


def _first_reference(text: Any, position: int) -> int | None:
    with suppress(Broken):
        while position < len(text):
            ahead = AHEAD.match(text, position)
            position = ahead.end() if ahead else position
            if (offset := next(find_references(text, position), None)) is not None:
                return offset
            position = skip_value(text, position)
    return None


class Finder:
    """Finds containers and their members in a text."""

    def __init__(self, text: Any, start: int, size: int) -> None:
        self.text, self.size = text, size
        self.encoding = guess_encoding(text[start : start + SAMPLE])
        refuse_references(text, start)

    def notes(self) -> list[tuple[Severity, str]]:
        """What is to be said of the text."""
        if self.encoding == "utf-8":
            return []
        return [("info", f"is in {self.encoding}, by its letters, and is written so again")]

    def root(self, start: int, most: int) -> Outline:
        """The outline of a file that is one value."""
        position = start
        while self.text[position : position + 1] in (b" ", b"\t", b"\r", b"\n"):
            position += 1
        if not self.opens(position):
            value, end = self._reader().value(self.text, position, 1, "")
            self._check_end(end)
            return Outline(Span("value", position, end), sample=[value], notes=self.notes())
        end = self.size - len(self.text[-4_096:]) + len(self.text[-4_096:].rstrip(SPACE))
        broken = self.text[end - 1 : end] != b"}"
        span, sample = self.container(position, self.size if broken else end - 1, broken=broken)
        if self.size < SMALL and not broken:
            self._check_end(skip_value(self.text, position))
        if span.kind == "list":
            return Outline(span, sample=[value for _, value in sample], notes=self.notes())
        members: list[Member] = []
        problem = None
        try:
            self.members(span, members, most)
        except Broken as found:
            problem = found
        return Outline(span, members=members, problem=problem, partial=len(members) == most, notes=self.notes())

    def _check_end(self, end: int) -> None:
        if self.text[end : end + 4_096].strip(SPACE):
            raise Broken("something follows the value", end)

    def opens(self, position: int) -> bool:
        """Whether a container stands at an offset."""
        match = TOKEN.match(self.text, position)
        return match is not None and match.lastindex in (3, 7)

    def _reader(self) -> Unserializer:
        return Unserializer(Kinds(Style()), self.encoding)

    def container(self, position: int, closing: int, *, broken: bool = False) -> tuple[Span, list[tuple[str, Any]]]:
        """The container at an offset, and some of its elements with their keys."""
        match = TOKEN.match(self.text, position)
        if match is None:
            raise Broken("a value as serialize() writes it is expected", position)
        options, first = {}, match.end()
        is_object = match.lastindex == 7
        if is_object:
            name, _, first = open_object(self.text, match.end(), int(match[7]))
            options["object"] = name
        if first >= closing and not broken:
            return Span("list", first - 1, closing, empty=True, style=self._style(options)), []
        sample = self._sample(first, closing)
        is_list = bool(sample) and not is_object and [key for key, _ in sample] == counting(0, len(sample))
        if is_list:
            options["keyed"] = "1"
        span = Span("list" if is_list else "map", first - 1, closing, broken, style=self._style(options))
        return span, [(key.rpartition("\0")[2] if is_object else key, value) for key, value in sample]

    def _style(self, options: dict[str, str]) -> Style:
        return Style(encoding=self.encoding, options=tuple(sorted(options.items())))

    def _sample(self, first: int, closing: int) -> list[tuple[str, Any]]:
        reader, size = self._reader(), SAMPLE
        while True:
            data = self.text[first : min(closing, first + size)]
            sample: list[tuple[str, Any]] = []
            position = 0
            try:
                while position < len(data) and len(sample) < LARGEST_SAMPLE:
                    key, start = reader.key(data, position)
                    value, position = reader.value(data, start, 1, "")
                    sample.append((key, value))
            except Broken:
                pass
            if sample or first + size >= closing or size >= 16 << 20:
                return sample
            size *= 16

    def members(self, span: Span, members: list[Member], most: int) -> None:
        """Collect the first members of a container; raises Broken."""
        position = span.opening + 1
        while position < span.closing and len(members) < most:
            start = position
            match = KEY.match(self.text, position)
            if match is None:
                raise Broken("a key is expected", position)
            if match[2] is not None:
                key, position = match[2].decode(), match.end()
            else:
                raw, position = take_text(self.text, match.end(), int(match[1]), b'";')
                key = raw.decode(self.encoding, "replace").rpartition("\0")[2]
            members.append(self.member(key, start, position))
            position = members[-1].end

    def member(self, key: str, start: int, value: int) -> Member:
        """A member by its key, and where it and its value start; raises Broken."""
        if not self.opens(value):
            plain, end = self._reader().value(self.text, value, 1, "")
            return Member(key, start, end, None, [plain])
        try:
            end = skip_value(self.text, value)
        except Broken:
            span, sample = self.container(value, self.size, broken=True)
            return Member(key, start, self.size, span, self._shown(span, sample))
        span, sample = self.container(value, end - 1)
        return Member(key, start, end, span, self._shown(span, sample))

    @staticmethod
    def _shown(span: Span, sample: list[tuple[str, Any]]) -> list[Any]:
        return [value for _, value in sample] if span.kind == "list" else list(sample)


def outline_serial(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The root container, with at most `most` of its members."""
    return Finder(whole_text(stream, size), start, size).root(start, most)
