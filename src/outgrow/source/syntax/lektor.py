"""Lektor's content files: `key: value` between lines of three dashes; a value of several lines begins below its key."""

from __future__ import annotations

import re
from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import OneRecordSyntax, Parsed

NAME = rb"[A-Za-z_][\w.-]{0,60}"
HEAD = re.compile(NAME + rb":[^\n]*(?:\r?\n|\Z)")
SEPARATOR = re.compile(r"\n---[ \t]*(?:\n|\Z)")
FIELD = re.compile("(" + NAME.decode() + r"):([ \t]*\n*)(.*)", re.DOTALL)
ESCAPED = re.compile(r"^-(?=-{3,}[ \t]*$)", re.MULTILINE)
DASHES = re.compile(r"^(?=-{3,}[ \t]*$)", re.MULTILINE)


def detect(head: bytes) -> bool:
    """Whether a key and a value come first; the name of the file says the rest."""
    return HEAD.match(head) is not None


def parse(raw: bytes) -> Parsed:
    """The fields of a record; raises Broken."""
    text = raw.decode()
    newline = "\r\n" if "\r\n" in text else "\n"
    text = text.replace("\r\n", "\n")
    record: dict[str, Any] = {}
    doubled: list[str] = []
    options: list[tuple[str, str]] = []
    blocks, position = SEPARATOR.split(text), 0
    if not blocks[-1] and blocks[1:]:
        blocks.pop()
        options.append(("tail", "---"))
    for block in blocks:
        match = FIELD.fullmatch(block)
        if match is None:
            raise Broken("a field has no key", len(text[: text.find(block, position)].encode()))
        key, before, value = match.groups()
        if key in record:
            doubled.append(key)
        record[key] = ESCAPED.sub("", value)
        if before != _before(value):
            options.append((f"={key}", before))
        position += len(block)
    return Parsed(record, Style(indent="", newline=newline, options=tuple(options)), doubled)


def _before(value: str) -> str:
    """What stands between a key's colon and its value."""
    return "\n\n" if "\n" in value or value[:1].isspace() else " " if value else ""


def write(record: dict[str, Any], style: Style) -> str:
    """The fields, without white space at their end."""
    blocks = []
    for key, value in record.items():
        text = "" if value is None else DASHES.sub("-", str(value))
        before = dict(style.options).get(f"={key}")
        if before is None or ("\n" in text and "\n" not in before):
            before = _before(text)
        blocks.append(f"{key}:{before}{text}")
    tail = [style.option("tail")] if style.option("tail") else []
    return "\n".join(["\n---\n".join(blocks), *tail]).replace("\n", style.newline)


SYNTAX = OneRecordSyntax(name="lektor", suffixes=(".lr",), textual=True, detect=detect, parse=parse, write=write)
