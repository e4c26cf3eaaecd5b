"""Lists and maps of what is no object: each element is a record with one field, `value`, around another syntax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from outgrow.record import Batch
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Outline, Span

if TYPE_CHECKING:
    from outgrow.source.syntax import Syntax

FIELD = "value"
ENDING = " values"


class ValuesSyntax:
    """A syntax whose elements are taken for records although they are none."""

    def __init__(self, inner: Syntax) -> None:
        self.inner = inner
        self.name = inner.name + ENDING
        self.suffixes: tuple[str, ...] = ()  # only what a file was found to hold speaks for it
        self.textual = inner.textual

    def detect(self, head: bytes) -> bool:  # noqa: ARG002
        """Never: see `suffixes`."""
        return False

    def outline(self, stream: IO[bytes], start: int, size: int, most: int) -> Outline:
        """As in the inner syntax."""
        return self.inner.outline(stream, start, size, most)

    def style_of(self, stream: IO[bytes], span: Span, depth: int) -> Style:
        """As in the inner syntax."""
        return self.inner.style_of(stream, span, depth)

    def border(self, section: Section) -> re.Pattern[bytes] | None:  # noqa: ARG002
        """Borders look like anything, so that a section isn't cut."""
        return None

    def read(self, stream: IO[bytes], section: Section) -> Iterator[Batch]:
        """The elements, each as the value of a record."""
        return map(_wrap, self.inner.read(stream, section))

    def reread(self, batch: Batch, section: Section) -> Batch:
        """A plain batch again, exactly; one that the inner syntax has read exactly already stays as it is."""
        again = self.inner.reread(batch, section)
        return batch if again is batch else _wrap(again)

    def read_whole(self, raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
        """What is whole in `raw`."""
        batch, problem = self.inner.read_whole(raw, start, section, broken)
        return _wrap(batch), problem

    def encode(self, records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
        """The text of a run of elements; of a record that an app made without a value, null."""
        values = [record.get(FIELD) if isinstance(record, dict) else record for record in records]
        return self.inner.encode(values, keys, section, style)

    def between(self, section: Section, style: Style) -> bytes:
        """As in the inner syntax."""
        return self.inner.between(section, style)

    def around(self, section: Section, style: Style) -> tuple[bytes, bytes]:
        """As in the inner syntax."""
        return self.inner.around(section, style)


def _wrap(batch: Batch) -> Batch:
    batch.records = [{FIELD: value} for value in batch.records]
    batch.doubled = {}
    return batch
