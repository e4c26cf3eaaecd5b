"""Guesses how a table's text is written, from its first rows: encoding, delimiter, quotes, names. And says so."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from outgrow.record import Severity, many
from outgrow.source.encoding import guess_encoding
from outgrow.source.style import Style
from outgrow.source.syntax.csv_header import Header, guess_header
from outgrow.source.syntax.csv_text import (
    ALL,
    COLUMNS,
    MINIMAL,
    NONE,
    NONNUMERIC,
    NOT_DECODED,
    PHP,
    UTF8,
    decode,
    encode_text,
    reader_options,
    split_rows,
    unescape,
    write_rows,
)
from outgrow.source.syntax.json_scan import Broken

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
ESCAPES = {
    "": "",
    "php": ", within which a backslash before a quote is kept, as PHP does",
    "\\": ", within which a backslash stands before a quote",
}
FIRST_ROWS = 200
SURE = 0.9
LONG_ROWS = 0.1
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
WIDEST = 3


@dataclass(frozen=True)
class Guess:
    """A dialect: its style, the columns' names, how many bytes stand before the rows, what is to be said."""

    style: Style
    names: list[str]
    skipped: int
    notes: list[tuple[Severity, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Fit:
    """How well a delimiter fits: the usual number of values, and how many of the first rows have as many."""

    delimiter: str
    quote: str
    width: int
    alike: int
    rows: int
    score: float

    @property
    def share(self) -> float:
        """The share of rows that are alike."""
        return self.alike / max(1, self.rows)


def guess_dialect(sample: bytes, start: int, *, whole: bool) -> Guess:
    """Guess the dialect of a table by its first bytes, which stand at `start`; raises Broken."""
    encoding = guess_encoding(sample)
    style = replace(Style(), encoding=encoding, newline=_newline(sample))
    text, _ = decode(sample, style)
    if not whole:
        text = text[: text.rfind(style.newline[-1]) + 1] or text
    said = SEPARATOR_LINE.match(text)
    skipped = said.end() if said else 0
    skipped += len(text[skipped:]) - len(text[skipped:].lstrip("\r\n"))
    head, text = text[:skipped], text[skipped:]
    fit = _guess_quote(text, style, said.group(1) if said else "")
    style = replace(style, delimiter=fit.delimiter, quote=fit.quote)
    header, first = _read_header(text, style)
    body = text[len(first) :] if header.there else text
    style = _guess_writing(body, style, whole=whole)
    if header.there and NOT_DECODED.search(first):
        place = len(encode_text(head + first[: NOT_DECODED.search(first).start()], style))  # type: ignore[union-attr]
        raise Broken("the header is not UTF-8", start + place)
    names, longer = _name_columns(header, body, style)
    skipped = len(encode_text(head + (first if header.there else ""), style))
    return Guess(style, names, skipped, _say(style, _fit(text, style), header, longer))


def _newline(sample: bytes) -> str:
    """What ends the first line; within quotes later ones may end otherwise."""
    first = re.search(rb"\r\n|\n|\r", sample)
    return first.group().decode() if first else "\n"


def _guess_quote(text: str, style: Style, said: str) -> _Fit:
    """The delimiter that fits best, by apostrophes around values if only these make rows alike."""
    usual = _guess_delimiter(text, style, said)
    if re.search(r'(?m)(?:^|[,;\t|])"', text) or not re.search(r"(?m)(?:^|[,;\t|])'", text):
        return usual
    other = _guess_delimiter(text, replace(style, quote="'"), said)
    return other if other.share > usual.share else usual


def _guess_delimiter(text: str, style: Style, said: str) -> _Fit:
    """The delimiter that gives the most rows the same number of values."""
    fits = [_fit(text, replace(style, delimiter=mark)) for mark in ([said] if said else DELIMITERS)]
    best = max(fits, key=lambda fit: fit.score)
    return best if best.score > 0 else replace(best, delimiter=",", width=1, alike=best.rows)


def _fit(text: str, style: Style) -> _Fit:
    rows = [row for row in _first_rows(text, style) if row]
    widths = Counter(map(len, rows))
    width, alike = widths.most_common(1)[0] if widths else (1, 0)
    if not rows or (width < 2 and len(rows[0]) < 2):
        return _Fit(style.delimiter, style.quote, 1, len(rows), len(rows), 0.0)
    width = len(rows[0]) if widths[len(rows[0])] * 2 >= alike else width
    others = [mark for mark in DELIMITERS if mark != style.delimiter]
    mixed = sum(any(mark in cell for mark in others) for row in rows for cell in row)
    score = widths[width] / len(rows) - 0.5 * (len(rows[0]) != width) - 0.2 * mixed / sum(map(len, rows))
    score = max(score, 0.001) + min(width, 50) / 10_000
    return _Fit(style.delimiter, style.quote, width, widths[width], len(rows), score)


def _first_rows(text: str, style: Style) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(unescape(text, style), newline=""), **reader_options(style))
        for row in reader:
            rows.append(row)
            if len(rows) >= FIRST_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _read_header(text: str, style: Style) -> tuple[Header, str]:
    """What is known of the names, and the text of the first row."""
    reader = csv.reader(io.StringIO(text, newline=""), **reader_options(style))
    rows = [row for row in _first_rows(text, style) if row]
    next(reader, None)
    first = "".join(list(io.StringIO(text, newline=""))[: reader.line_num])
    return guess_header(rows), first


def _guess_writing(body: str, style: Style, *, whole: bool) -> Style:
    """What is quoted and how, proven by writing the rows again; the usual where no way gives the same text."""
    text = body.rstrip("\r\n") if whole else body[: body.rfind(style.newline)] if style.newline in body else body
    if not text:
        return style
    for tried in _ways(text, style):
        try:
            rows = split_rows(text, tried)
        except csv.Error:
            continue
        if write_rows(rows, tried) == text:
            return tried
    return _most_alike(text, style)


def _ways(text: str, style: Style) -> Iterator[Style]:
    """Ways of writing, the likeliest first."""
    quote = style.quote
    if quote not in text:
        yield style
        yield replace(style, quoting=PHP)
        return
    if f"\\{quote}" not in text:
        escapes = [""]
    elif re.search(f"[^{re.escape(style.delimiter)}\r\n]{quote * 2}", text):
        escapes = ["php", "", "\\"]
    else:
        escapes = ["\\", "php", ""]
    for escape in escapes:
        for quoting in (PHP, MINIMAL, ALL) if escape == "php" else (MINIMAL, PHP, ALL, NONNUMERIC):
            yield replace(style, escape=escape, quoting=quoting)
        columns = _quoted_columns(text, replace(style, escape=escape))
        if columns:
            yield replace(style, escape=escape, quoting=COLUMNS, quoted=columns)
    if not re.search(f"(?:^|{re.escape(style.delimiter)}){re.escape(quote)}", text, re.MULTILINE):
        yield replace(style, quoting=NONE)


def _quoted_columns(text: str, style: Style) -> tuple[int, ...]:
    """The columns whose values are always quoted."""
    quote, mark = re.escape(style.quote), re.escape(style.delimiter)
    inside = rf"\\.|{quote}{quote}|[^{quote}\\]" if style.escape else rf"{quote}{quote}|[^{quote}]"
    cell = re.compile(rf"({quote}(?:{inside})*{quote}|[^{mark}\r\n]*)({mark}|\r\n|\r|\n|\Z)", re.DOTALL)
    seen: dict[int, bool] = {}
    column = position = 0
    while position < len(text) and (match := cell.match(text, position)):
        seen[column] = seen.get(column, True) and match.group(1).startswith(style.quote)
        column = column + 1 if match.group(2) == style.delimiter else 0
        position = match.end()
    return tuple(number for number, always in sorted(seen.items()) if always)


def _most_alike(text: str, style: Style) -> Style:
    """The way of reading that gives the rows the most alike lengths."""

    def alike(escape: str) -> float:
        rows = _first_rows(text, replace(style, escape=escape))
        widths = Counter(map(len, filter(None, rows)))
        return max(widths.values()) / len(rows) if widths else 0.0

    escape = max(["", "php", "\\"] if f"\\{style.quote}" in text else [""], key=alike)
    return replace(style, escape=escape)


def _name_columns(header: Header, body: str, style: Style) -> tuple[list[str], tuple[int, int]]:
    """The columns' names, more of them where many rows are longer; how many are, and how long."""
    widths = [len(row) for row in _first_rows(body, style) if row]
    names = list(header.names) if header.there else []
    if not header.there:
        usual = Counter(widths).most_common(1)[0][0]
        names = [f"column_{number}" for number in range(1, usual + 1)]
    longer = [width for width in widths if len(names) < width <= max(WIDEST, WIDEST * len(names))]
    if len(longer) > max(1, LONG_ROWS * len(widths)):
        names += [f"column_{number}" for number in range(len(names) + 1, max(longer) + 1)]
        return _fill_names(names), (len(longer), max(longer))
    return _fill_names(names), (0, 0)


def _fill_names(names: list[str]) -> list[str]:
    """Names for columns that have none, as the first of a table that numbers its rows."""
    return [name if name.strip() else f"column_{number}" for number, name in enumerate(names, 1)]


def _say(style: Style, fit: _Fit, header: Header, longer: tuple[int, int]) -> list[tuple[Severity, str]]:
    """What is to be said of the guess: nothing of what is usual and sure."""
    notes: list[tuple[Severity, str]] = []
    if style.encoding != UTF8:
        notes.append(
            ("warning", f"is not UTF-8; by its letters it is {style.encoding}, in which export writes it again")
        )
    marks = DELIMITERS.get(style.delimiter, repr(style.delimiter))
    parts = []
    if (style.delimiter != "," or fit.share < SURE) and fit.width > 1:
        parts.append(
            f"as separated by {marks} ({fit.alike} of the first {many(fit.rows, 'row')} have {fit.width} values)"
        )
    if style.quote != '"' or style.escape:
        around = "quotes" if style.quote == '"' else "apostrophes"
        parts.append(f"with {around} around values{ESCAPES[style.escape]}")
    if parts:
        notes.append(("info" if fit.share >= SURE else "warning", "is read " + ", ".join(parts)))
    if not header.there:
        said = f"has no line of names, for {header.why}; its columns are called column_1, column_2 …"
        notes.append(("warning", said))
    elif not header.sure:
        notes.append(("info", f"has its names in the first line, it seems, for {header.why}"))
    if longer[0]:
        said = f"has {many(longer[0], 'row')} of up to {longer[1]} values among the first, more than there are names"
        notes.append(("warning", f"{said}; the further columns are called column_{len(header.names) + 1} …"))
    return notes
