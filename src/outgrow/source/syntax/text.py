"""Texts without facts: a file is a record with one field, its text."""

from __future__ import annotations

from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax import front_matter
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import OneRecordSyntax, Parsed

FIELD = front_matter.BODIES[0]


def detect(head: bytes) -> bool:  # noqa: ARG001
    """Never: everything is a text, so that only what lies around a file speaks for it."""
    return False


def parse(raw: bytes) -> Parsed:
    """The text as a record."""
    if (place := raw.find(b"\0")) >= 0:
        raise Broken("is no text: a NUL character", place)
    return Parsed({FIELD: raw.decode()}, Style())


def write(record: dict[str, Any], style: Style) -> str:
    """The text; with facts at its top where the record has some by now."""
    facts = {name: value for name, value in record.items() if name != FIELD and value not in (None, "")}
    if facts:
        return front_matter.write({**facts, FIELD: record.get(FIELD)}, style)
    return str(record.get(FIELD) or "")


SYNTAX = OneRecordSyntax("text", (), False, detect, parse, write)
