"""The fast way through PHP's arrays: records of one shape are matched as a whole, and read column by column.

A shape is learned from records that were read value by value: the keys and brackets that they share become a pattern,
with groups for the values between. What matches is read with all that the careful way checks; what doesn't match is
left to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from outgrow.record import Batch

Column = Sequence[Any]
Build = Callable[[list[Column]], Sequence[Any]]
"""Makes the values of one place, in all records that have matched, of the columns of their groups."""

LEARN_FROM = 16
MOST_SHAPES = 12
MOST_LOOKS = 1_000
MOST_GROUPS = 250


class Misfit(Exception):
    """A shape that no pattern can have, or values that aren't what a pattern took them for."""


@dataclass(frozen=True)
class Members:
    """An array or object with keys: the text before each value and its name, and the brackets around all.

    A value is Members again, or the kind of a plain one.
    """

    opening: bytes
    parts: tuple[tuple[bytes, str, Members | str], ...]
    closing: bytes

    def signature(self) -> tuple[Any, ...]:
        """What records of one shape have in common."""
        inner = [(before, value.signature() if isinstance(value, Members) else ()) for before, _, value in self.parts]
        return self.opening, self.closing, *inner

    def kinds(self) -> Iterator[str]:
        """The kinds of all plain values, in order."""
        for _, _, value in self.parts:
            if isinstance(value, Members):
                yield from value.kinds()
            else:
                yield value


class Form(Protocol):
    """What a syntax knows of shapes."""

    before: bytes
    """The pattern of an element's key."""
    behind: bytes
    """The pattern of what parts an element from the next; it matches no more than `gap` bytes."""
    gap: int

    def look(self, raw: bytes) -> Members | None:
        """The shape of an element without its key; None where it can have none."""

    def keys(self, columns: list[Column]) -> list[str]:
        """The keys of the elements, of the groups in `before`; raises Misfit."""

    def plain(self, kinds: frozenset[str], context: str, first: int) -> tuple[bytes, int, Build]:
        """The pattern of a place by the kinds seen there, how many groups it has from `first` on, and what it gives.

        Raises Misfit.
        """

    def names(self, shape: Members, context: str) -> list[tuple[str, str]]:
        """The names of the members of an array or object, each with the context of what is in it; raises Misfit."""


@dataclass
class _Learned:
    """What is known of a shape: a sample, the kinds seen in its places, and the pattern, once there is one."""

    shape: Members
    kinds: list[set[str]]
    seen: int = 0
    pattern: _Pattern | None = None


@dataclass(frozen=True)
class _Pattern:
    expression: re.Pattern[bytes]
    build: Build


_Run = tuple[_Pattern, list[re.Match[bytes]]]
"""Elements of one shape that follow each other."""


class Shapes:
    """The shapes that the elements of a section were seen to have."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.learned: dict[tuple[Any, ...], _Learned] = {}
        self.patterns: list[_Pattern] = []
        self.looks = 0

    def learn(self, raw: bytes) -> None:
        """Look at an element that was read value by value, unless enough were."""
        if self.looks >= MOST_LOOKS:
            return
        self.looks += 1
        shape = self.form.look(raw)
        if shape is None:
            return
        kinds = list(shape.kinds())
        known = self.learned.setdefault(shape.signature(), _Learned(shape, [set() for _ in kinds]))
        known.seen += 1
        is_new = any(kind not in seen for kind, seen in zip(kinds, known.kinds, strict=True))
        for kind, seen in zip(kinds, known.kinds, strict=True):
            seen.add(kind)
        if known.seen == LEARN_FROM or (known.pattern is not None and is_new):
            self._compile(known)

    def _compile(self, known: _Learned) -> None:
        if known.pattern is not None:
            self.patterns.remove(known.pattern)
            known.pattern = None
        if len(self.patterns) < MOST_SHAPES:
            kinds = iter([frozenset(seen) for seen in known.kinds])
            keys = re.compile(self.form.before).groups
            try:
                text, _, build = self._members(known.shape, kinds, "", keys)
            except Misfit:
                return
            known.pattern = _Pattern(re.compile(self.form.before + text + self.form.behind, re.DOTALL), build)
            self.patterns.append(known.pattern)

    def _members(
        self, shape: Members, kinds: Iterator[frozenset[str]], context: str, first: int
    ) -> tuple[bytes, int, Build]:
        names = self.form.names(shape, context)
        parts, builds, start = [re.escape(shape.opening)], [], first
        for (before, _, value), (_, inner) in zip(shape.parts, names, strict=True):
            if isinstance(value, Members):
                text, groups, build = self._members(value, kinds, inner, first)
            else:
                text, groups, build = self.form.plain(next(kinds), inner, first)
            parts += [re.escape(before), text]
            builds.append(build)
            first += groups
            if first > MOST_GROUPS:
                raise Misfit
        shown = tuple(name for name, _ in names)
        if not shown or len(set(shown)) != len(shown):
            raise Misfit

        def build_members(columns: list[Column]) -> Sequence[Any]:
            rows = zip(*[build(columns) for build in builds], strict=True)
            return [dict(zip(shown, row)) for row in rows]  # noqa: B905 (a strict zip takes longer)

        return b"".join(parts) + re.escape(shape.closing), first - start, build_members

    def take(self, data: bytes, position: int, batch: Batch) -> int:
        """Put elements of known shapes into a batch, as many as follow each other; says where the next one starts.

        Raises Misfit, and has put none there.
        """
        runs = self._match(data, position)
        if not runs:
            return position
        made = self._make(runs)
        for pattern, matches in runs:
            records, keys = made[id(pattern)]
            batch.records += islice(records, len(matches))
            if batch.keys is not None:
                batch.keys += islice(keys, len(matches))
            ends = [match.end() for match in matches]
            assert batch.offsets is not None  # as `new_batch` makes them
            assert batch.ends is not None
            batch.offsets += [position, *ends[:-1]]
            batch.ends += [end - self.form.gap for end in ends]
            position = ends[-1]
        batch.end = position - self.form.gap
        return position

    def _match(self, data: bytes, position: int) -> list[_Run]:
        """The elements from an offset on that match a pattern, as runs of one shape each."""
        runs: list[_Run] = []
        found = True
        while found:
            found = False
            for pattern in self.patterns:
                matches = list(iter(pattern.expression.scanner(data, position).match, None))  # type: ignore[attr-defined]
                if matches:
                    runs.append((pattern, matches))
                    position, found = matches[-1].end(), True
                    break
        return runs

    def _make(self, runs: list[_Run]) -> dict[int, tuple[Iterator[Any], Iterator[str]]]:
        """The records and keys of each pattern's matches, in order; raises Misfit."""
        matches: dict[int, list[re.Match[bytes]]] = {}
        patterns: dict[int, _Pattern] = {}
        for pattern, found in runs:
            patterns[id(pattern)] = pattern
            matches.setdefault(id(pattern), []).extend(found)
        made: dict[int, tuple[Iterator[Any], Iterator[str]]] = {}
        for number, pattern in patterns.items():
            columns: list[Column] = list(zip(*map(re.Match.groups, matches[number]), strict=True))
            made[number] = iter(pattern.build(columns)), iter(self.form.keys(columns))
        return made
