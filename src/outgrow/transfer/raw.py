"""Text that the writer can't make again: of records, and of what stands between them.

Most batches are regular, and then nothing of this is kept. Else a record keeps its own text where the file's style
gives another one, and a chunk what differs from the usual separator, so that all of it comes back byte for byte.
A record with passwords keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import sub
from typing import Any

from outgrow.database.ledger import pack_numbers, unpack_numbers
from outgrow.record import Batch
from outgrow.source.section import Section
from outgrow.source.style import Style, style_variants
from outgrow.source.syntax import Syntax
from outgrow.transfer.part import PartWork
from outgrow.transfer.patch import RawText

SPACE = b" \t\r\n"
TRIED = 200


@dataclass
class Kept:
    """The text of records by their places in a batch, and of gaps by the number of the record before.

    `whole` says that with these the batch's bytes come back.
    """

    style: Style
    texts: dict[int, bytes] = field(default_factory=dict)
    gaps: dict[int, bytes] = field(default_factory=dict)
    whole: bool = True

    def facts(self) -> dict[str, Any]:
        """What the ledger remembers of a chunk: how many records keep their text, and the odd gaps, by their text."""
        facts: dict[str, Any] = {"raw": len(self.texts)}
        by_text: dict[bytes, list[int]] = {}
        for number, gap in self.gaps.items():
            by_text.setdefault(gap, []).append(number)
        if by_text:
            facts["gaps"] = {
                gap.decode("latin-1"): pack_numbers(numbers[0], map(sub, numbers[1:], numbers))
                for gap, numbers in by_text.items()
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
    cuts = list(_pieces(batch))
    kept = Kept(style, whole=len(places) == len(batch) and not batch.flaws)
    for number, place in enumerate(places):
        piece, end, flawed = cuts[place]
        written = _write_one(work, batch, place, style)
        if end is None:
            end = _find_end(piece, written, separator, last=place == len(cuts) - 1)
        if end is None or flawed:
            kept.whole = False
            continue
        if piece[:end] != written:
            if work.secrets:
                kept.whole = False
            else:
                kept.texts[place] = piece[:end]
        follows = number + 1 < len(places) and places[number + 1] == place + 1
        gap = piece[end:]
        if follows and gap != separator.usual:
            if separator.fits(gap) or (batch.ends is not None and not work.secrets):
                kept.gaps[number] = gap
            else:
                kept.whole = False
    return kept


def _best_style(work: PartWork, batch: Batch, places: Sequence[int]) -> Style:
    """The style, of those that differ from the section's in escapes only, that gives most of the first records."""
    pieces, tried = list(_pieces(batch)), places[:TRIED]

    def count(style: Style) -> int:
        return sum(pieces[place][0].startswith(_write_one(work, batch, place, style)) for place in tried)

    counts = {style: count(style) for style in style_variants(work.style)}
    return max(counts, key=lambda style: counts[style])


def _write_one(work: PartWork, batch: Batch, place: int, style: Style) -> bytes:
    keys = [batch.keys[place]] if batch.keys is not None and work.section.kind == "map" else None
    return work.syntax.encode([batch.records[place]], keys, work.section, style)


def _pieces(batch: Batch) -> Iterable[tuple[bytes, int | None, bool]]:
    """Each record's text up to the next one, where it ends if that is known, and whether it holds a flaw."""
    offsets = batch.offsets or [batch.start]
    flaws = sorted(flaw.offset for flaw in batch.flaws)
    for place, (start, behind) in enumerate(zip(offsets, [*offsets[1:], batch.end], strict=True)):
        piece = batch.raw[start - batch.start : behind - batch.start]
        end = batch.ends[place] - start if batch.ends is not None else None
        yield piece, end, any(start <= offset < behind for offset in flaws)


def _find_end(piece: bytes, written: bytes, separator: _Separator, *, last: bool) -> int | None:
    """Where a record's text ends that has a separator behind it, unless it is the last."""
    if last:
        return len(piece)
    if written and piece.startswith(written) and separator.fits(piece[len(written) :]):
        return len(written)
    return separator.cut(piece)


def without_head(batch: Batch) -> Batch:
    """The batch from its first record on; blanks before that belong to the gap between two batches."""
    head = (batch.offsets or [batch.start])[0] - batch.start
    if head <= 0 or any(flaw.offset < batch.start + head for flaw in batch.flaws):
        return batch
    return replace(batch, raw=batch.raw[head:], start=batch.start + head)


def gap_before(work: PartWork, text: bytes) -> str | None:
    """What the ledger remembers of the text between two chunks; nothing where it is the usual one."""
    separator = _Separator.of(work.syntax, work.section, work.style)
    return text.decode("latin-1") if text != separator.usual and separator.fits(text) else None


def join_records(
    work: PartWork, facts: Mapping[str, Any], style: Style, records: Sequence[tuple[Any, str | None, int]]
) -> bytes:
    """The text of a chunk's records, each with its map key and the number that it had when the chunk was loaded."""
    usual, parts, last = work.syntax.between(work.section, style), [], None
    gaps = {
        number: gap.encode("latin-1")
        for gap, packed in facts.get("gaps", {}).items()
        for number in unpack_numbers(packed)
    }
    for record, key, number in records:
        if last is not None:
            parts.append(gaps.get(last, usual) if number == last + 1 else usual)
        keys = [key] if key is not None else None
        raw = isinstance(record, RawText)
        parts.append(record.text if raw else work.syntax.encode([record], keys, work.section, style))
        last = number
    return b"".join(parts)
