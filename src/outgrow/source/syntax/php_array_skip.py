"""Finds where expressions and arrays of PHP's code end, without reading them."""

from __future__ import annotations

import re

from outgrow.source.syntax.json_scan import Broken

GAP = re.compile(rb"\s*(?:(?://|#(?!\[))[^\n]*(?:\n\s*|\Z)|/\*.*?\*/\s*)*", re.DOTALL)
TOKEN = re.compile(
    rb"[^'\"()\[\]{},;/#<]+|'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"|//[^\n]*|#[^\n]*|/\*.*?\*/|"
    rb"<<<[ \t]*(?P<quote>['\"]?)(?P<name>[A-Za-z_]\w*)(?P=quote)\r?\n(?:.*?\n)??[ \t]*(?P=name)\b|"
    rb"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[,;])|[/#<]",
    re.DOTALL,
)


def skip_gap(data: bytes, position: int) -> int:
    """The offset behind white space and comments."""
    match = GAP.match(data, position)
    return match.end() if match else position


def skip_expression(data: bytes, position: int) -> int:
    """The offset behind the expression that starts at an offset: its comma or closing bracket; raises Broken."""
    start, depth = position, 0
    while True:
        match = TOKEN.match(data, position)
        if match is None and position >= len(data) and depth == 0 and position > start:
            break
        if match is None:
            raise Broken("the text breaks off" if position >= len(data) else "a text in quotes doesn't end", position)
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            if depth == 0:
                break
            depth -= 1
        elif kind == "end" and depth == 0:
            break
        position = match.end()
    return start + len(data[start:position].rstrip())


def find_end(data: bytes, position: int) -> tuple[int, int]:
    """Where an array whose elements start at an offset ends: behind its last element (and the comma), and its bracket.

    Raises Broken.
    """
    depth, last = 0, position
    while True:
        match = TOKEN.match(data, position)
        if match is None:
            raise Broken("the text breaks off" if position >= len(data) else "a text in quotes doesn't end", position)
        kind, text = match.lastgroup, match.group()
        if kind == "close" and depth == 0:
            return last, position
        depth += 1 if kind == "open" else -1 if kind == "close" else 0
        position = match.end()
        if kind == "end" and depth == 0:
            continue
        if not text.startswith((b"//", b"#", b"/*")) and text.strip():
            last = match.start() + len(text.rstrip())
