"""The fast way through tables: blocks of regular rows become the text of one JSON list, for a parser that is fast.

Rows are regular where each has a value per column, and quotes stand around whole values, doubled within. What isn't
so is left to the csv module, which reads all of it, and the same.
"""

from __future__ import annotations

from itertools import accumulate, repeat

import orjson

from outgrow.record import Batch
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax.csv_text import NONE, UTF8, decode, unescape
from outgrow.source.syntax.json_scan import LARGEST_RECORD

MOST_MISSES = 20
LINE_ENDS = ("\n", "\r\n")
CONTROLS = {b"\n": b"\\n", b"\r": b"\\r", b"\t": b"\\t"}
UNBROKEN = bytes.maketrans(b"\r\n", b"  ")


class FastRows:
    """Reads blocks of rows; where too many of them weren't regular, no more is tried."""

    def __init__(self, section: Section) -> None:
        self.style = style = section.style
        self.fields, self.width = section.fields, len(section.fields)
        self.delimiter, self.quote = style.delimiter.encode(), style.quote.encode()
        self.written_quote = b'\\"' if style.quote == '"' else self.quote
        self.newline = style.newline.encode()
        self.borders = {self.delimiter: b'","', self.newline: b'","', b"": self.written_quote}
        self.written = {b"\n": b"\\n", b"\r": b"\\r", self.delimiter: b"\\u%04x" % ord(self.delimiter)}
        self.misses = 0 if self.width > 1 and style.newline in LINE_ENDS else MOST_MISSES

    def read(self, block: bytes, position: int) -> tuple[Batch, int] | None:
        """A batch of a block's rows and how many bytes these are; None where they need a closer look."""
        if self.misses >= MOST_MISSES or not block.endswith(b"\n") or len(block) > LARGEST_RECORD:
            return None
        self.misses += 1
        text = self._escape(block)
        values = self._separate(text) if text is not None else None
        if values is None or values[0] is None:
            return None
        try:
            cells: list[str | None] = orjson.loads(b'["%b"]' % values[0])
        except orjson.JSONDecodeError:
            return None  # a control character, or none of the file's encoding
        if "" in cells:
            cells = [cell or None for cell in cells]
        self.misses = 0
        rows = zip(*[iter(cells)] * self.width, strict=True)
        records = list(map(dict, map(zip, repeat(self.fields), rows)))
        used = len(block) if not values[1] else len(b"\n".join(block.split(b"\n")[: -values[1] - 1])) + 1
        raw = block[:used].rstrip(b"\r\n")
        return Batch(records, raw, position, position + len(raw), plain=True), used

    def _escape(self, block: bytes) -> bytes | None:
        """A block in UTF-8, with the backslashes that JSON has."""
        style, text = self.style, block
        if style.escape and b"\\" in text:
            if style.escape != "php":
                return None
            if b"\\" + self.quote in text:
                text = unescape(decode(block, style)[0], style).encode(style.encoding, "surrogateescape")
        if style.encoding != UTF8:
            text = decode(text, style)[0].encode(UTF8, "surrogatepass")
        if b"\\" in text:
            text = text.replace(b"\\", b"\\\\")
        if (style.quoting == NONE or self.quote != b'"') and b'"' in text:
            text = text.replace(b'"', b'\\"')
        return text

    def _separate(self, text: bytes) -> tuple[bytes | None, int] | None:
        """The values of a text as JSON has them in a list, and how many lines at its end are no whole row."""
        dropped = 0
        if self.style.quoting != NONE and self.quote in text:
            pieces, dropped = _split_whole(text, self.quote)
            within = set(pieces[2:-1:2])
            if pieces[1:] and within <= self.borders.keys():
                return self._join_quoted(pieces), dropped
            bare = self._unquote(pieces, within)
            if bare is None:
                return None
            text = bare
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n")
        if b"\r" in text or not text.endswith(b"\n"):
            return None
        lines = text[:-1].split(b"\n")
        if set(map(bytes.count, lines, repeat(self.delimiter))) != {self.width - 1}:
            return None
        text = self.delimiter.join(lines).replace(self.delimiter, b'","')
        return text.replace(b"\t", b"\\t") if b"\t" in text else text, dropped

    def _join_quoted(self, pieces: list[bytes]) -> bytes | None:
        """The values of rows in which all are quoted; None where not every row has a value per column."""
        plain = pieces[2:-1:2]
        borders = [piece for piece in plain if piece] if b"" in plain else plain
        rows, rest = divmod(len(borders) + 1, self.width)
        row_ends = borders[self.width - 1 :: self.width]
        if pieces[0] or pieces[-1] != self.newline or rest or borders.count(self.newline) != rows - 1:
            return None
        if row_ends.count(self.newline) != rows - 1:
            return None
        pieces[2:-1:2] = map(self.borders.__getitem__, plain)
        text = b"".join(pieces[1:-1])
        for control, written in CONTROLS.items():
            if control in text:
                text = text.replace(control, written)
        return text

    def _unquote(self, pieces: list[bytes], within: set[bytes]) -> bytes | None:
        """A text without its quotes, which it was split at, and what they hold as JSON has it.

        Between two quotes stands in turn what is not quoted and what is. Where the first is empty, it is a quote
        that was doubled; else it is from one value's end to another's start.
        """
        if not pieces[1:]:
            return pieces[0] if pieces else None
        if not self._are_borders(pieces[0], within - {b""}, pieces[-1]):
            return None
        plain = pieces[2:-1:2]
        if b"" in within:
            pieces[2:-1:2] = [piece or self.written_quote for piece in plain]
        inner = shown = self.quote.join(pieces[1::2])
        for separator, written in self.written.items():
            if separator in inner:
                inner = inner.replace(separator, written)
        if inner is not shown:
            pieces[1::2] = inner.split(self.quote)
        return b"".join(pieces)

    def _are_borders(self, first: bytes, within: set[bytes], last: bytes) -> bool:
        """Whether what isn't quoted starts behind and ends before whole values."""
        ends = (self.delimiter, b"\n")
        starts = (*ends, b"\r\n")
        return (
            (not first or first.endswith(ends))
            and last.startswith(starts)
            and all(piece.startswith(starts) and piece.endswith(ends) for piece in within)
        )


def _split_whole(text: bytes, quote: bytes) -> tuple[list[bytes], int]:
    """A text split at its quotes, up to its last line end that isn't quoted, and how many line ends are behind that."""
    pieces = text.split(quote)
    if len(pieces) % 2:
        return pieces, 0
    dropped = pieces.pop().count(b"\n")
    while pieces:
        plain = pieces.pop()
        if (end := plain.rfind(b"\n")) >= 0:
            return [*pieces, plain[: end + 1]], dropped
        if pieces:
            dropped += pieces.pop().count(b"\n")
    return [], dropped


def starts_of_rows(raw: bytes, style: Style) -> list[int] | None:
    """Where regular rows start; None where quotes don't say where they end."""
    quote = style.quote.encode()
    if style.quoting != NONE and quote in raw:
        if style.escape and b"\\" in raw:
            return None
        pieces = raw.split(quote)
        pieces[1::2] = quote.join(pieces[1::2]).translate(UNBROKEN).split(quote)
        raw = quote.join(pieces)
    if raw.count(b"\r") != raw.count(b"\r\n"):
        return None
    return list(accumulate((len(line) + 1 for line in raw.split(b"\n")[:-1]), initial=0))
