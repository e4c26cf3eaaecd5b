"""The different values that a field was seen to hold, in bounded memory.

Integers that lie close together are bits in blocks. All else is counted by 64-bit hashes: exactly
while every value so far is new, in sorted runs that move to disk when they grow; and always as a
sample that keeps every hash below a falling threshold, so that the samples of two fields hold the
same part of what they have in common (Gibbons' distinct sampling), whatever their order.
"""

from __future__ import annotations

import heapq
import tempfile
import zlib
from array import array
from collections.abc import Iterable, Iterator, Set
from itertools import pairwise
from typing import IO, Any

from outgrow.schema.plain import whole_number

BLOCK_BITS = 16
MOST_BLOCKS = 1_024
FEW_BLOCKS = 64
SPARSE = 256
RUN = 65_536
SAMPLE = 8_192
HASH_BITS = 32
ALMOST_ALL = 0.9


class IntegerSet:
    """A set of 64-bit integers as bits; gives up (`dense` is False) where they lie too far apart."""

    def __init__(self) -> None:
        self.blocks: dict[int, int] = {}
        self.count = 0
        self.dense = True

    def __contains__(self, value: int) -> bool:
        return bool(self.blocks.get(value >> BLOCK_BITS, 0) >> (value & 0xFFFF) & 1)

    def add_all(self, values: set[int]) -> None:
        """Add different integers: all of them, or none where they lie too far apart."""
        low, high = min(values), max(values)
        if high - low + 1 == len(values) and low >> BLOCK_BITS == high >> BLOCK_BITS:
            if self._stays_dense({low >> BLOCK_BITS}, len(values)):
                self._add_bits(low >> BLOCK_BITS, ((1 << len(values)) - 1) << (low & 0xFFFF))
            return
        by_block: dict[int, bytearray] = {}
        for value in values:
            block = value >> BLOCK_BITS
            bits = by_block.get(block)
            if bits is None:
                if len(by_block) > MOST_BLOCKS:
                    self.dense = False
                    return
                bits = by_block[block] = bytearray(1 << (BLOCK_BITS - 3))
            bits[(value & 0xFFFF) >> 3] |= 1 << (value & 7)
        if self._stays_dense(by_block.keys(), len(values)):
            for block, bits in by_block.items():
                self._add_bits(block, int.from_bytes(bits, "little"))

    def _stays_dense(self, blocks: Set[int], values: int) -> bool:
        """Whether so many values in these blocks leave the set dense; decided before the first is added."""
        together = len(self.blocks) + len(blocks - self.blocks.keys())
        self.dense = self.dense and (together <= FEW_BLOCKS or self.count + values >= SPARSE * together)
        return self.dense

    def _add_bits(self, block: int, bits: int) -> None:
        before = self.blocks.get(block, 0)
        after = before | bits
        self.blocks[block] = after
        self.count += after.bit_count() - before.bit_count()

    def common_with(self, other: IntegerSet) -> int:
        """How many values are in both."""
        return sum((bits & other.blocks.get(block, 0)).bit_count() for block, bits in self.blocks.items())

    def merge(self, other: IntegerSet) -> None:
        """Add all that `other` holds."""
        for block, bits in other.blocks.items():
            self._add_bits(block, bits)
        self._stays_dense(set(), 0)

    def __iter__(self) -> Iterator[int]:
        for block, bits in self.blocks.items():
            base = block << BLOCK_BITS
            left = bits
            while left:
                low = left & -left
                yield base + low.bit_length() - 1
                left ^= low


class DistinctValues:
    """The different scalars of one field. `exact` asks for an exact count even after a repetition."""

    def __init__(self, *, exact: bool = False) -> None:
        self.total = 0
        self.integers = IntegerSet()
        self.exact = exact
        self.repeated = False
        self.recent: set[int] = set()
        self.runs: list[IO[bytes]] = []
        self.sample: set[int] = set()
        self.threshold = 1 << HASH_BITS
        self._counted = (0, 0)
        self._firsts: tuple[int, list[int]] = (0, [])

    def __deepcopy__(self, memo: object) -> DistinctValues:
        """A copy of its own to merge into; the runs on disk are never changed, so both share them."""
        copy = DistinctValues(exact=self.exact)
        copy.merge(self)
        return copy

    def add_hashes(self, hashes: set[int], total: int) -> None:
        """Count values that are known by their hashes only: to see whether one comes twice."""
        self.total += total
        self.repeated |= len(hashes) < total
        self._add_hashes(hashes, (), len(hashes))

    def __getstate__(self) -> dict[str, Any]:
        """For another process: runs on disk go as their bytes."""
        return {**self.__dict__, "runs": [_read_all(run) for run in self.runs]}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.runs = [_write_run(data) for data in state["runs"]]

    def add_integers(self, values: list[int]) -> set[int]:
        """Count integers; returns the different ones among them."""
        different = set(values)
        self.total += len(values)
        self.repeated |= len(different) < len(values)
        self._add_numbers(different)
        return different

    def _add_numbers(self, different: set[int]) -> None:
        if self.integers.dense:
            before = self.integers.count
            self.integers.add_all(different)
            if self.integers.dense:
                self.repeated |= self.integers.count - before < len(different)
                return
            self._leave_bits()
        self._add_hashes({hash(value) for value in different}, map(str, different), len(different))

    def add_texts(self, values: list[str]) -> set[str]:
        """Count texts; one that is a whole number in canonical form counts as that integer."""
        different = set(values)
        known = {text: whole_number(text) for text in different if text[-1:].isdecimal()}
        numbers = {text: number for text, number in known.items() if number is not None}
        if len(numbers) == len(different) and numbers:
            self.add_integers([numbers[text] for text in values])
            return different
        self.total += len(values)
        texts = different.difference(numbers) if numbers else different
        if numbers:
            self._add_numbers(set(numbers.values()))
        self.repeated |= len(different) < len(values)
        self._add_hashes(set(map(hash, texts)), texts, len(texts))
        return different

    def _add_hashes(self, hashes: set[int], texts: Iterable[str], total: int) -> None:
        if self.exact or not self.repeated:
            before = len(self.recent)
            self.recent |= hashes
            self.repeated |= len(self.recent) - before < total
            if len(self.recent) >= RUN:
                self._spill()
        elif self.recent:
            self.recent, self.runs = set(), []
        threshold = self.threshold
        crc = zlib.crc32
        self.sample.update(h for h in [crc(text.encode("utf-8", "surrogatepass")) for text in texts] if h < threshold)
        while len(self.sample) > SAMPLE:
            self.threshold >>= 1
            self.sample = {h for h in self.sample if h < self.threshold}

    def _spill(self) -> None:
        self.runs.append(_write_run(array("q", sorted(self.recent)).tobytes()))
        self.recent = set()

    def _leave_bits(self) -> None:
        known = list(self.integers)
        self.integers = IntegerSet()
        self.integers.dense = False
        for start in range(0, len(known), RUN):
            part = known[start : start + RUN]
            self._add_hashes({hash(value) for value in part}, map(str, part), len(part))

    def count(self) -> int:
        """How many different values there are; an estimate where a value came twice among very many."""
        if self.exact or not self.repeated:
            return self.integers.count + self._count_hashes()
        return self.estimate()

    def _count_hashes(self) -> int:
        if not self.runs:
            return len(self.recent)
        if self._counted[0] != self.total:
            merged = heapq.merge(*map(_read_run, self.runs), sorted(self.recent))
            self._counted = (self.total, sum(1 for a, b in pairwise(merged) if a != b) + 1)
        return self._counted[1]

    def estimate(self) -> int:
        """About how many different values there are, at no cost; exact up to some thousands."""
        return self.integers.count + len(self.sample) * (1 << HASH_BITS) // self.threshold

    def is_unique(self) -> bool:
        """Whether no value came twice."""
        if self.repeated or (self.sample and self.estimate() < ALMOST_ALL * self.total):
            return False
        return self.count() == self.total

    def holds(self, text: str) -> bool:
        """Whether a value, written as text, is surely among these; False where that isn't known."""
        number = whole_number(text)
        if number is not None and self.integers.dense:
            return number in self.integers
        return zlib.crc32(text.encode("utf-8", "surrogatepass")) in self.sample

    def may_be_in(self, other: DistinctValues) -> bool:
        """A cheap look before `share_in`: False where the first few values are certainly not in `other`."""
        first = self.first_hashes()
        if first is None or not other.integers.dense:
            return True
        return sum(h in other.sample for h in first) >= len(first) - 2

    def first_hashes(self) -> list[int] | None:
        """The lowest hashes of texts, which any set of which they are a part has too; None where there are numbers."""
        if not self.integers.dense or self.integers.count or not self.sample:
            return None
        if self._firsts[0] != self.total:
            self._firsts = (self.total, heapq.nsmallest(8, self.sample))
        return self._firsts[1]

    def share_in(self, other: DistinctValues) -> float:
        """The share of these different values that `other` holds too; exact up to some thousands."""
        if not self.integers.dense or not other.integers.dense:
            return _share(_hashed(self), _hashed(other))
        return _share(self, other)

    def merge(self, other: DistinctValues) -> None:
        """Add all that `other` counted."""
        if self.integers.dense and not other.integers.dense:
            self._leave_bits()
        elif not self.integers.dense and other.integers.dense:
            other._leave_bits()
        self.total += other.total
        self.repeated |= other.repeated
        before = self.integers.count
        self.integers.merge(other.integers)
        self.repeated |= self.integers.count - before < other.integers.count
        if self.integers.count and not self.integers.dense:
            self._leave_bits()
        self.exact |= other.exact
        if self.exact or not self.repeated:
            self.runs += other.runs
            before = len(self.recent)
            self.recent |= other.recent
            self.repeated |= len(self.recent) - before < len(other.recent)
            if len(self.recent) >= RUN:
                self._spill()
        self.threshold = min(self.threshold, other.threshold)
        self.sample = {h for h in self.sample | other.sample if h < self.threshold}
        while len(self.sample) > SAMPLE:
            self.threshold >>= 1
            self.sample = {h for h in self.sample if h < self.threshold}


def _share(mine: DistinctValues, other: DistinctValues) -> float:
    threshold = min(mine.threshold, other.threshold)
    known = {h for h in mine.sample if h < threshold}
    scale = (1 << HASH_BITS) / threshold
    size = mine.integers.count + len(known) * scale
    if not size:
        return 0.0
    common = mine.integers.common_with(other.integers) + len(known & other.sample) * scale
    return common / size


def _hashed(values: DistinctValues) -> DistinctValues:
    """The same values with integers as hashes of their digits, to compare with a field that has them so."""
    if not values.integers.dense:
        return values
    copy = DistinctValues()
    copy.threshold = values.threshold
    copy.sample = set(values.sample)
    copy.repeated = True
    known = list(values.integers)
    copy._add_hashes(set(), map(str, known), 0)  # noqa: SLF001 (its own class)
    copy.integers.dense = False
    return copy


def _write_run(data: bytes) -> IO[bytes]:
    run = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the set, and has no name to remove)
    run.write(data)
    return run


def _read_all(run: IO[bytes]) -> bytes:
    run.seek(0)
    return run.read()


def _read_run(run: IO[bytes]) -> Iterator[int]:
    run.seek(0)
    while block := run.read(65_536):
        part = array("q")
        part.frombytes(block)
        yield from part
