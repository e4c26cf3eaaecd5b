"""Text that the writer can't make again: of records, of what stands between them, and of what is set aside.

Most batches are regular, and then nothing of this is kept. Else a record keeps its own text where the file's style
gives another one, and a chunk what differs from the usual separator, so that all of it comes back byte for byte.
A record with passwords keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import sub
from typing import Any

from outgrow.database.ledger import pack_numbers, unpack_numbers
from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.style import Style, style_variants
from outgrow.source.syntax import Syntax
from outgrow.transfer.aside import Aside, key_of_record
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import RawText

SPACE = b" \t\r\n"
TRIED = 200


@dataclass
class Kept:
    """The text of records by their places in a batch, and of the gaps behind them.

    `asides` are what makes no rows. `whole` says that with these the batch's bytes come back.
    """

    style: Style
    texts: dict[int, bytes] = field(default_factory=dict)
    gaps: dict[int, bytes] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    lost: int = 0
    whole: bool = True

    def facts(self) -> dict[str, Any]:
        """What the ledger remembers of a chunk: how many records keep their text, and the odd gaps, by their text."""
        facts: dict[str, Any] = {"raw": len(self.texts)}
        by_text: dict[bytes, list[int]] = {}
        for place, gap in self.gaps.items():
            by_text.setdefault(gap, []).append(place)
        if by_text:
            facts["gaps"] = {
                gap.decode("latin-1"): pack_numbers(places[0], map(sub, places[1:], places))
                for gap, places in by_text.items()
            }
        return facts


@dataclass(frozen=True)
class _Separator:
    """What parts two records in a style: usual as it is written, `core` without blanks."""

    usual: bytes
    core: bytes
    blanks: bytes

    @classmethod
    def of(cls, syntax: Syntax, section: Section, style: Style) -> _Separator:
        usual = syntax.between(section, style)
        # At the end of a row, blanks belong to its last cell.
        blanks = b"\r\n" if section.kind == "table" else SPACE
        return cls(usual, usual.strip(blanks), blanks)

    def fits(self, text: bytes) -> bool:
        """Whether a text parts two records as well, whatever they are."""
        broken = self.core or b"\n" in text or b"\r" in text
        return bool(broken) and text.strip(self.blanks) == self.core

    def begins(self, text: bytes) -> bool:
        """Whether a text, which holds what is no record as well, begins with what parts two records."""
        behind = text.lstrip(self.blanks)
        if self.core:
            return behind.startswith(self.core)
        return not behind or b"\n" in text[: len(text) - len(behind)]

    def cut(self, piece: bytes) -> int | None:
        """Where in a record's text with the gap behind it the record ends; None where that can't be told."""
        text = piece.rstrip(self.blanks)
        if self.core:
            if not text.endswith(self.core):
                return None
            text = text[: -len(self.core)].rstrip(self.blanks)
        return len(text)


def keep_raw(work: PartWork, batch: Batch, places: Sequence[int]) -> Kept:
    """Find what must be kept of an exactly read batch of which the records at some places make rows."""
    style = _best_style(work, batch, places)
    separator = _Separator.of(work.syntax, work.section, style)
    kept, made = Kept(style), frozenset(places)
    pieces = list(_pieces(batch))
    if not pieces:
        _keep_flaws(kept, -1, batch.raw + batch.rest, separator, batch.flaws)
    elif pieces[0].head:
        _keep_flaws(kept, -1, pieces[0].head, separator, pieces[0].before)
    for piece in pieces:
        written = _write_one(work, batch, piece.place, style)
        end = _find_end(piece, written, separator)
        text = piece.text[:end]
        if end is None:
            kept.whole = False
            kept.lost += piece.place not in made
        elif piece.place not in made:
            kept.asides.append(Aside(piece.place, text, key=key_of_record(work.shape, batch, piece.place)))
        elif text != written:
            _keep_text(kept, piece.place, text, secret=bool(work.secrets))
        if end is not None:
            gap = piece.text[end:] + (batch.rest if piece.last else b"")
            _keep_gap(kept, piece, gap, separator, secret=bool(work.secrets))
    told = sum(aside.count for aside in kept.asides if aside.flawed)
    kept.lost += len(batch.flaws) - told
    kept.whole = kept.whole and not batch.rest and not kept.lost
    return kept


def _keep_text(kept: Kept, place: int, text: bytes, *, secret: bool) -> None:
    if secret:
        kept.whole = False
    else:
        kept.texts[place] = text


def _keep_gap(kept: Kept, piece: _Piece, gap: bytes, separator: _Separator, *, secret: bool) -> None:
    """Keep what stands behind a record where it isn't the usual separator."""
    if piece.flaws:
        _keep_flaws(kept, piece.place, gap, separator, piece.flaws)
    elif not piece.last and gap != separator.usual:
        if separator.fits(gap) or (piece.end is not None and not secret):
            kept.gaps[piece.place] = gap
        else:
            kept.whole = False


def keep_regular(work: PartWork, batch: Batch, places: Sequence[int], style: Style) -> Kept:
    """What must be kept of a batch that a style gives as a whole: the records that make no rows."""
    kept, made = Kept(style), set(places)
    for place in range(len(batch)) if len(places) < len(batch) else ():
        if place not in made:
            text = _write_one(work, batch, place, style)
            kept.asides.append(Aside(place, text, key=key_of_record(work.shape, batch, place)))
    if batch.flaws:
        separator = _Separator.of(work.syntax, work.section, style)
        _keep_flaws(kept, len(batch) - 1, batch.rest, separator, batch.flaws)
        kept.lost = 0 if kept.asides and kept.asides[-1].flawed else len(batch.flaws)
        kept.whole = False
    return kept


def keep_some(work: PartWork, batch: Batch, places: Iterable[int], style: Style) -> list[Aside]:
    """The texts of single records of an exactly read batch that had rows until now, as far as they can be told."""
    separator, pieces = _Separator.of(work.syntax, work.section, style), list(_pieces(batch))
    asides: list[Aside] = []
    for place in places:
        piece, written = pieces[place], _write_one(work, batch, place, style)
        end = _find_end(piece, written, separator)
        if end is not None:
            asides.append(Aside(place, piece.text[:end], key=key_of_record(work.shape, batch, place)))
    return asides


def _keep_flaws(kept: Kept, place: int, gap: bytes, separator: _Separator, flaws: Sequence[Flaw]) -> None:
    """Keep what stands between two records, for it holds what is no record."""
    inner = gap.strip(separator.blanks)
    if separator.core:
        inner = inner.removeprefix(separator.core).removesuffix(separator.core).strip(separator.blanks)
    if inner:
        start = gap.index(inner)
        lead, trail = gap[:start], gap[start + len(inner) :]
        kept.asides.append(Aside(place, inner, flawed=True, lead=lead, trail=trail, count=len(flaws)))


def _best_style(work: PartWork, batch: Batch, places: Sequence[int]) -> Style:
    """The style, of those that differ from the section's in escapes only, that gives most of the first records."""
    pieces, tried = list(_pieces(batch)), places[:TRIED]

    def count(style: Style) -> int:
        return sum(pieces[place].text.startswith(_write_one(work, batch, place, style)) for place in tried)

    counts = {style: count(style) for style in style_variants(work.style)}
    return max(counts, key=lambda style: counts[style])


def _write_one(work: PartWork, batch: Batch, place: int, style: Style) -> bytes:
    keys = [batch.keys[place]] if batch.keys is not None and work.section.kind == "map" else None
    return work.syntax.encode([batch.records[place]], keys, work.section, style)


@dataclass(frozen=True)
class _Piece:
    """A record's text up to the next one, where it ends if that is known, and the flaws behind it.

    `head` is what stands before the first record, if flaws stand there.
    """

    place: int
    text: bytes
    end: int | None
    flaws: Sequence[Flaw]
    start: int
    last: bool
    head: bytes = b""
    before: Sequence[Flaw] = ()


def _pieces(batch: Batch) -> Iterator[_Piece]:
    """Cut a batch into its records' pieces."""
    offsets = batch.offsets or ([batch.start] if batch.records else [])
    before = [flaw for flaw in batch.flaws if offsets and flaw.offset < offsets[0]]
    for place, (start, behind) in enumerate(zip(offsets, [*offsets[1:], batch.end], strict=False)):
        text = batch.raw[start - batch.start : behind - batch.start]
        end = batch.ends[place] - start if batch.ends is not None else None
        last = place == len(offsets) - 1
        flaws = [flaw for flaw in batch.flaws if start <= flaw.offset and (last or flaw.offset < behind)]
        if place or not before:
            yield _Piece(place, text, end, flaws, start, last)
        else:
            yield _Piece(place, text, end, flaws, start, last, batch.raw[: start - batch.start], before)


def _find_end(piece: _Piece, written: bytes, separator: _Separator) -> int | None:
    """Where a record's text ends that has a separator behind it, unless it is the last."""
    text = piece.text
    if piece.end is not None:
        return piece.end
    if piece.last and not piece.flaws:
        return len(text)
    if written and text.startswith(written) and separator.begins(text[len(written) :]):
        return len(written)
    if piece.flaws:
        flaw = piece.flaws[0]
        start = text.rfind(flaw.raw, 0, flaw.offset - piece.start + len(flaw.raw)) if flaw.raw else -1
        if start <= 0:
            return len(text) if piece.last else None
        text = text[:start]
    return separator.cut(text)


def without_head(batch: Batch) -> Batch:
    """The batch from its first record on; blanks before that belong to the gap between two batches."""
    head = batch.offsets[0] - batch.start if batch.offsets else 0
    if head <= 0 or any(flaw.offset < batch.start + head for flaw in batch.flaws):
        return batch
    return replace(batch, raw=batch.raw[head:], start=batch.start + head)


def gap_before(work: PartWork, text: bytes, asides: Sequence[Aside]) -> str | None:
    """What the ledger remembers of the text between two chunks; nothing where it is the usual one."""
    separator = _Separator.of(work.syntax, work.section, work.style)
    if asides and asides[0].place < 0:  # what parts it from the chunk before may belong to it
        return text.decode("latin-1")
    return text.decode("latin-1") if text != separator.usual and separator.fits(text) else None


def join_records(
    work: PartWork,
    facts: Mapping[str, Any],
    style: Style,
    records: Iterable[tuple[Any, str | None, int]],
    asides: Sequence[Aside] = (),
) -> bytes:
    """The text of a chunk's records, each with its map key and the place that it had when the chunk was loaded.

    A negative place is that of a record that the app has put among them. What was set aside stands in its place.
    """
    usual = work.syntax.between(work.section, style)
    gaps = {
        place: gap.encode("latin-1")
        for gap, packed in facts.get("gaps", {}).items()
        for place in unpack_numbers(packed)
    }
    flawed = {aside.place: aside for aside in asides if aside.flawed}
    parts: list[bytes] = []
    last: tuple[int, bool] | None = None
    for text, position in _texts(work, style, records, asides):
        place, is_flaw = position
        if last is None:
            parts.append(flawed[-1].lead if position == (-1, True) else b"")
        elif position != _next(last, flawed):
            parts.append(usual)
        elif is_flaw:
            parts.append(flawed[place].lead)
        else:
            parts.append(flawed[last[0]].trail if last[1] else gaps.get(last[0], usual))
        parts.append(text)
        last = position
    if last is not None and last[1]:
        parts.append(flawed[last[0]].trail)
    return b"".join(parts)


def _next(position: tuple[int, bool], flawed: Mapping[int, Aside]) -> tuple[int, bool] | None:
    """What stood behind a record or flaw in its batch; nothing known stood behind what the app has put there."""
    place, is_flaw = position
    if place < -1:
        return None
    return (place, True) if not is_flaw and place in flawed else (place + 1, False)


def _texts(
    work: PartWork, style: Style, records: Iterable[tuple[Any, str | None, int]], asides: Sequence[Aside]
) -> Iterator[tuple[bytes, tuple[int, bool]]]:
    """The texts of records, and of what was set aside among them, each with its position."""
    waiting = list(reversed(asides))
    for record, key, place in records:
        while waiting and place >= 0 and waiting[-1].position < (place, False):
            yield waiting[-1].text, waiting.pop().position
        keys = [key] if key is not None else None
        raw = isinstance(record, RawText)
        yield record.text if raw else work.syntax.encode([record], keys, work.section, style), (place, False)
    while waiting:
        yield waiting[-1].text, waiting.pop().position
