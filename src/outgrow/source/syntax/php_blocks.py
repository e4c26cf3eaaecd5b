"""Reads the elements of a section block by block, whatever PHP wrote it with; a record is never cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any, Protocol

from outgrow.record import Batch, Flaw
from outgrow.source.section import Section
from outgrow.source.syntax.json_scan import BLOCK, LARGEST_RECORD, Broken, Window
from outgrow.source.syntax.php_values import Unfit


class ValueReader(Protocol):
    """What has read a value: why that can't be a record, and the keys in it that came twice."""

    flaw: Unfit | None
    doubled: list[str]


Take = Callable[[bytes, int, bool, Batch], int]
"""Takes the elements of some bytes from an offset on into a batch, as far as they are whole; says where the next
one starts. The flag tells whether nothing follows the bytes. Raises Broken only where not even one is whole."""


def read_blocks(stream: IO[bytes], section: Section, take: Take) -> Iterator[Batch]:
    """Read a section's elements; raises Broken, at offsets of the file."""
    window = Window(stream, section.start, section.end)
    position, size = section.start, BLOCK
    while position < section.end:
        data = window.load(position, size)
        whole = position + len(data) >= section.end
        batch = new_batch(section)
        try:
            used = take(data, 0, whole, batch)
        except Broken as broken:
            if not whole and size < LARGEST_RECORD:
                size *= 4
                continue
            raise Broken(broken.problem, position + broken.offset) from None
        yield place_batch(batch, data, position)
        position += used
        size = BLOCK


def new_batch(section: Section) -> Batch:
    """An empty batch, whose offsets are still those in its block."""
    return Batch([], b"", 0, 0, [] if section.kind == "map" else None, plain=True, offsets=[], ends=[])


def enter(reader: ValueReader, data: bytes, place: tuple[int, int], key: str, value: Any, batch: Batch) -> None:
    """Put an element into a batch, or say why it can't be a record."""
    start, end = place
    batch.end = end
    if reader.flaw is not None:
        batch.flaws.append(Flaw(reader.flaw.offset, data[start:end], reader.flaw.reason))
        return
    if reader.doubled:
        batch.doubled[len(batch.records)] = reader.doubled
    batch.records.append(value)
    if batch.keys is not None:
        batch.keys.append(key)
    assert batch.offsets is not None  # as `new_batch` makes them
    assert batch.ends is not None
    batch.offsets.append(start)
    batch.ends.append(end)


def place_batch(batch: Batch, data: bytes, position: int) -> Batch:
    """A batch with its text, whose places in a block become offsets of the file."""
    batch.raw = data[: batch.end]
    batch.start, batch.end = position, position + batch.end
    if position:
        batch.offsets = [position + offset for offset in batch.offsets or []]
        batch.ends = [position + end for end in batch.ends or []]
        for number, flaw in enumerate(batch.flaws):
            batch.flaws[number] = type(flaw)(position + flaw.offset, flaw.raw, flaw.reason)
    return batch


def take_all(take: Take, raw: bytes, batch: Batch) -> None:
    """Take all of a text into a batch; raises Broken, also where `take` would rather end before what is broken."""
    position = 0
    while position < len(raw):
        following = take(raw, position, True, batch)
        if following <= position:
            take(raw, position, True, new_batch(Section("map", 0, 0)))
            raise Broken("what follows can't be told", position)
        position = following


def read_again(batch: Batch, section: Section, take: Take) -> Batch:
    """A batch that was read, as PHP's always are exactly; one that is only text is read now.

    Where a flaw at its end ends can't be told without what follows.
    """
    if batch.records or batch.flaws:
        batch.plain = False
        return batch
    again = new_batch(section)
    position = used = 0
    while position < len(batch.raw):
        with suppress(Broken):
            used = take(batch.raw, position, True, again)
        if used <= position:
            break
        position = used
    place_batch(again, batch.raw, batch.start)
    again.flaws += [flaw for flaw in batch.flaws if flaw.offset >= batch.start + position]
    again.start, again.end, again.raw, again.plain = batch.start, batch.end, batch.raw, False
    return again


def one_record(members: Batch, raw: bytes, section: Section) -> Batch:
    """The members of a section as one record, which is flawed where one of them is."""
    batch = Batch([], raw, section.start, section.end, offsets=[section.start])
    if members.flaws:
        flaw = members.flaws[0]
        batch.offsets, batch.flaws = [], [Flaw(section.start + flaw.offset, raw, flaw.reason)]
        return batch
    keys = members.keys or []
    record = dict(zip(keys, members.records, strict=True))
    if len(record) != len(keys):
        batch.doubled[0] = sorted({key for key in keys if keys.count(key) > 1})
    elif any(members.doubled.values()):
        batch.doubled[0] = next(iter(members.doubled.values()))
    batch.records = [record]
    return batch


def read_rest(raw: bytes, start: int, section: Section, broken: Broken, take: Take) -> tuple[Batch, Broken]:
    """What is whole of a text before it breaks; the rest as a flaw, and where it breaks."""
    batch = new_batch(section)
    try:
        take_all(take, raw, batch)
    except Broken as exact:
        broken = Broken(exact.problem, start + exact.offset)
    end = batch.end
    place_batch(batch, raw, start)
    batch.plain = False
    batch.flaws.append(Flaw(broken.offset, raw[end:], broken.problem))
    return batch, broken
