"""Rows ↔ text in a dialect: what is quoted, how quotes within are written, and in which encoding."""

from __future__ import annotations

import csv
import io
import re
from itertools import zip_longest
from typing import Any

from outgrow.source.style import Style

UTF8 = "utf-8"
NOT_DECODED = re.compile(r"[\udc80-\udcff]")
PAIR = re.compile(r"\\(.)", re.DOTALL)
ANYTHING = re.compile("")
NO_NUMBER = re.compile(r"\A(?!(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)?\Z)")

MINIMAL, ALL, NONNUMERIC, NONE, PHP, COLUMNS = range(6)
"""What is quoted: what must be; all; all but numbers; nothing; what fputcsv quotes; some columns, and what must be."""


def decode(data: bytes, style: Style) -> tuple[str, bool]:
    """The text of some bytes, and whether it is odd: holds bytes that mean nothing in the file's encoding."""
    try:
        return data.decode(style.encoding), False
    except UnicodeDecodeError:
        return data.decode(style.encoding, "surrogateescape"), True


def encode_text(text: str, style: Style) -> bytes:
    """The bytes of a text that was decoded."""
    return text.encode(style.encoding, "surrogateescape")


def encode_rows(rows: list[list[str]], style: Style) -> bytes:
    """The bytes of rows; characters that the file's encoding lacks become references, as in web pages."""
    try:
        return encode_text(write_rows(rows, style), style)
    except UnicodeEncodeError:  # references hold a `;`, which may part values
        return encode_text(write_rows([[_refer(cell, style) for cell in row] for row in rows], style), style)


def _refer(cell: str, style: Style) -> str:
    pieces = NOT_DECODED.split(cell)
    known = [piece.encode(style.encoding, "xmlcharrefreplace").decode(style.encoding) for piece in pieces]
    return "".join(map("".join, zip_longest(known, NOT_DECODED.findall(cell), fillvalue="")))


def undecoded(text: str, style: Style) -> str | None:
    """What is wrong with a text that holds undecoded bytes."""
    if text.isascii() or not NOT_DECODED.search(text):
        return None
    return f"is not {'UTF-8' if style.encoding == UTF8 else style.encoding}"


def unescape(text: str, style: Style) -> str:
    """A text whose quotes behind a backslash are written as the csv module reads them.

    PHP keeps the backslash: to it, `\\"` within quotes is both characters.
    """
    if style.escape != "php" or "\\" + style.quote not in text:
        return text
    quote = style.quote

    def double(match: re.Match[str]) -> str:
        return match.group() + quote if match.group(1) == quote else match.group()

    return PAIR.sub(double, text)


def reader_options(style: Style) -> dict[str, Any]:
    """What the csv module must know to read a dialect."""
    if style.quoting == NONE:
        return {"delimiter": style.delimiter, "quoting": csv.QUOTE_NONE}
    options: dict[str, Any] = {"delimiter": style.delimiter, "quotechar": style.quote}
    return options if style.escape != "\\" else {**options, "escapechar": "\\"}


def write_rows(rows: list[list[str]], style: Style) -> str:
    """Rows as text, without the last one's line end."""
    if style.quoting in (MINIMAL, ALL) and style.escape != "php":
        return style.newline.join(_write_plainly(rows, style))
    must = _must_quote(style)
    if style.quoting == NONE:
        lines = [style.delimiter.join(row) for row in rows]
    elif style.quoting == COLUMNS:
        always = frozenset(style.quoted)
        lines = [
            style.delimiter.join(
                [_quote(c, style) if place in always or must.search(c) else c for place, c in enumerate(row)]
            )
            for row in rows
        ]
    else:
        lines = [style.delimiter.join([_quote(c, style) if must.search(c) else c for c in row]) for row in rows]
    return style.newline.join(lines)


def _write_plainly(rows: list[list[str]], style: Style) -> list[str]:
    """Rows as the csv module writes them; a line break of either kind within a value is quoted."""
    lines: list[str] = []
    options: dict[str, Any] = {"delimiter": style.delimiter, "quotechar": style.quote, "lineterminator": "\r\n"}
    if style.escape == "\\":
        options |= {"escapechar": "\\", "doublequote": False}
    quoting: Any = csv.QUOTE_ALL if style.quoting == ALL else csv.QUOTE_MINIMAL
    csv.writer(_Lines(lines), quoting=quoting, **options).writerows(rows)
    return [line[:-2] for line in lines]


def _must_quote(style: Style) -> re.Pattern[str]:
    """What makes a value one that must be quoted; fputcsv also quotes what holds a blank or a backslash."""
    if style.quoting == ALL:
        return ANYTHING
    if style.quoting == NONNUMERIC:
        return NO_NUMBER
    marks = style.delimiter + style.quote + "\r\n" + ("\\ \t" if style.quoting == PHP else "")
    return re.compile(f"[{re.escape(marks)}]")


def _quote(cell: str, style: Style) -> str:
    quote = style.quote
    if quote not in cell:
        return quote + cell + quote
    if style.escape == "\\":
        return quote + cell.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote
    if style.escape != "php" or "\\" not in cell:
        return quote + cell.replace(quote, quote + quote) + quote
    written, escaped = [], False
    for character in cell:  # as fputcsv does it
        if character == "\\":
            escaped = True
        else:
            if character == quote and not escaped:
                written.append(quote)
            escaped = False
        written.append(character)
    return quote + "".join(written) + quote


class _Lines:
    """Takes what a csv.writer writes: a row at a time."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def split_rows(text: str, style: Style) -> list[list[str]]:
    """The rows of a sample, whether whole or not; raises csv.Error."""
    return list(csv.reader(io.StringIO(unescape(text, style), newline=""), **reader_options(style)))
