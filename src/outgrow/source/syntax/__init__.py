"""The syntaxes: bytes ↔ values and style. A new one is a module like these and a line in `SYNTAXES`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO, Any, Protocol

from outgrow.record import Batch
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import (
    colon,
    csv,
    front_matter,
    ini,
    json,
    json_log,
    kirby,
    lektor,
    ndjson,
    php_array,
    php_lines,
    php_serialize,
    php_session,
    text,
    toml,
    xml,
    yaml,
)
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Outline, Span
from outgrow.source.syntax.values import ValuesSyntax


class Syntax(Protocol):
    """What a module must offer to be a syntax."""

    name: str
    suffixes: tuple[str, ...]
    textual: bool
    """Whether every value is a text, so that types can only be told from its form."""

    def detect(self, head: bytes) -> bool:
        """Whether data that starts so may be in this syntax."""

    def outline(self, stream: IO[bytes], start: int, size: int, most: int) -> Outline:
        """The outermost containers between `start` and the end of the file, with at most so many members.

        Raises Broken where not even that can be told.
        """

    def style_of(self, stream: IO[bytes], span: Span, depth: int) -> Style:
        """How the elements of a container are written."""

    def border(self, section: Section) -> re.Pattern[bytes] | None:
        """What the border between two records looks like: group 1 is its start; None where a section can't be cut."""

    def read(self, stream: IO[bytes], section: Section) -> Iterator[Batch]:
        """The elements of a section, as batches."""

    def reread(self, batch: Batch, section: Section) -> Batch:
        """A plain batch again, exactly."""

    def read_whole(self, raw: bytes, start: int, section: Section, broken: Broken) -> tuple[Batch, Broken]:
        """What is whole in `raw`, which breaks somewhere; the rest as a flaw, and where it breaks."""

    def encode(self, records: list[Any], keys: list[str] | None, section: Section, style: Style) -> bytes:
        """The text of a run of elements, from the first's first byte to the last's last."""

    def between(self, section: Section, style: Style) -> bytes:
        """The text between two elements."""

    def around(self, section: Section, style: Style) -> tuple[bytes, bytes]:
        """The text before the first and behind the last element, where a container was empty before."""


def _check(*modules: Syntax) -> tuple[Syntax, ...]:
    """Let the type checker compare each module with the protocol."""
    return modules


SYNTAXES = _check(
    *(php_array, php_lines, php_serialize, php_session),
    *(front_matter.SYNTAX, kirby.SYNTAX, lektor.SYNTAX, colon, json_log, ndjson, json, csv, yaml),
    *(ini.SYNTAX, toml.SYNTAX, xml),
)
VALUES = _check(*map(ValuesSyntax, SYNTAXES))
BY_NAME = {syntax.name: syntax for syntax in (*SYNTAXES, *VALUES, text.SYNTAX)}
