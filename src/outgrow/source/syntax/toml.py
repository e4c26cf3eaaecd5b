"""TOML files as a record each."""

from __future__ import annotations

from outgrow.source.syntax.one_record import OneRecordSyntax
from outgrow.source.syntax.toml_text import parse_facts, write_facts


def detect(head: bytes) -> bool:  # noqa: ARG001 (one signature for all syntaxes)
    """By the name alone."""
    return True


SYNTAX = OneRecordSyntax(
    name="toml", suffixes=(".toml",), textual=False, detect=detect, parse=parse_facts, write=write_facts
)
