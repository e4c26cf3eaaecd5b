"""Kirby's content files: `Key: value` blocks between lines of dashes; also beside media, as `image.jpg.txt`."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import OneRecordSyntax, Parsed

HEAD = re.compile(
    rb"[A-Za-z][\w -]{0,60}:[^\n]*(?:\r?\n(?!-{3,4}[ \t]*\r?\n[ \t]*[A-Za-z_])[^\n]*)*?\r?\n----[ \t]*\r?\n"
)
LONE = re.compile(rb"[A-Z][A-Za-z0-9_-]*: [^\n]+\s*\Z")
SEPARATOR = re.compile(r"(?:\r?\n)+----[ \t]*(?:(?:\r?\n)+|\Z)")
FIELD = re.compile(r"([^:\n]+?)([ \t]*:\s*)(.*)", re.DOTALL)
ESCAPED = re.compile(r"^\\----", re.MULTILINE)
DASHES = re.compile(r"^----", re.MULTILINE)


def detect(head: bytes) -> bool:
    """Whether a block and a line of dashes come first, or all is one short block."""
    return HEAD.match(head) is not None or LONE.match(head) is not None


def parse(raw: bytes) -> Parsed:
    """The blocks as the fields of a record."""
    text = raw.decode()
    newline = "\r\n" if "\r\n" in text else "\n"
    record: dict[str, Any] = {}
    doubled: list[str] = []
    options: list[tuple[str, str]] = []
    between = Counter(SEPARATOR.findall(text))
    position = 0
    for block in SEPARATOR.split(text):
        match = FIELD.fullmatch(block)
        if match is None:
            place = text.find(block, position)
            raise Broken("a block has no key", len(text[:place].encode()))
        key, colon, value = match[1], match[2], match[3]
        if key in record:
            doubled.append(key)
        record[key] = ESCAPED.sub("----", value)
        if colon != _colon(value, newline):
            options.append((f"={key}", colon))
        position += len(block)
    usual = between.most_common(1)[0][0] if between else ""
    if usual and usual != _usual(newline):
        options.append(("between", usual))
    return Parsed(record, Style(indent="", newline=newline, options=tuple(options)), doubled)


def _colon(value: str, newline: str) -> str:
    """What stands between a key and its value: several lines begin below the key."""
    return f":{newline * 2}" if "\n" in value else ": "


def _usual(newline: str) -> str:
    return f"{newline * 2}----{newline * 2}"


def write(record: dict[str, Any], style: Style) -> str:
    """The blocks, without white space at their end."""
    blocks = []
    for key, value in record.items():
        text = "" if value is None else DASHES.sub(r"\\----", str(value))
        colon = style.option(f"={key}")
        if not colon or ("\n" in colon) != ("\n" in text):
            colon = _colon(text, style.newline)
        blocks.append(f"{key}{colon}{text}")
    return style.option("between", _usual(style.newline)).join(blocks)


SYNTAX = OneRecordSyntax(name="kirby", suffixes=(".txt", ".md"), textual=True, detect=detect, parse=parse, write=write)
