"""Finds where JSON values start and end in a stream, without building them and without much memory."""

from __future__ import annotations

import re
from typing import IO, Any

BLOCK = 262_144
LARGEST_RECORD = 16 << 20

# Whole strings and everything that is no bracket. Bounded, so that a match takes little memory; where it stops
# short, the loops below go on. (Possessive groups would do without bounds, but Python before 3.11.5 gets them wrong.)
PLAIN = re.compile(rb'(?:[^"\[\]{}]+|"[^"\\]*(?:\\.[^"\\]*){0,500}"){0,2000}', re.DOTALL)
INSIDE = re.compile(rb'[^"\\]*(?:\\.[^"\\]*){0,2000}', re.DOTALL)
SPACE = re.compile(rb"[ \t\r\n]*+")
BRACKETS = (b"{", b"[", b"}", b"]")
SCALAR = re.compile(rb"[^\s,\[\]{}\":]++")


class Broken(Exception):
    """The text ends, or isn't JSON, at `offset`."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset

    def __reduce__(self) -> tuple[Any, ...]:
        return Broken, (self.problem, self.offset)


class Window:
    """The part of a stream that is in memory: `data` are its bytes from `base` on, up to `end` at the most."""

    def __init__(self, stream: IO[bytes], start: int, end: int) -> None:
        self.stream = stream
        self.end = end
        self.base = start
        self.data = b""
        stream.seek(start)

    @property
    def top(self) -> int:
        """The offset behind the last byte in memory."""
        return self.base + len(self.data)

    def grow(self) -> bool:
        """Read on, twice as far each time; False where nothing is left."""
        size = min(max(BLOCK, len(self.data)), self.end - self.top)
        more = self.stream.read(size) if size > 0 else b""
        self.data += more
        return bool(more)

    def keep_from(self, offset: int) -> None:
        """Forget what stands before `offset`."""
        self.data = self.data[offset - self.base :]
        self.base = offset

    def load(self, offset: int, size: int) -> bytes:
        """The bytes from `offset` on: `size` of them if there are as many."""
        self.keep_from(offset)
        if len(self.data) < size:
            self.data += self.stream.read(min(size - len(self.data), self.end - self.top))
        return self.data if len(self.data) <= size else self.data[:size]

    def skip_space(self, offset: int) -> int:
        """The offset of the next byte that is no white space, or `end`; raises Broken where that is too far."""
        start = offset
        while True:
            match = SPACE.match(self.data, offset - self.base)
            offset = self.base + (match.end() if match else 0)
            if offset < self.top or not self.grow():
                return offset
            if offset - start > LARGEST_RECORD:
                raise Broken("more than 16 MB of white space follow", start)

    def byte(self, offset: int) -> bytes:
        """The byte at `offset`; empty at the end."""
        while offset >= self.top:
            if not self.grow():
                return b""
        return self.data[offset - self.base : offset - self.base + 1]

    def text(self, start: int, end: int) -> bytes:
        """The bytes between two offsets that are in memory."""
        return self.data[start - self.base : end - self.base]


def skip_string(window: Window, offset: int, *, forget: bool = False) -> int:
    """The offset behind the string that starts at `offset`; raises Broken. For `forget` see `skip_value`."""
    position = offset + 1
    while True:
        match = INSIDE.match(window.data, position - window.base)
        position = window.base + (match.end() if match else 0)
        if window.data[position - window.base : position - window.base + 1] == b'"':
            return position + 1
        if position + 1 < window.top:  # more escapes than one match takes
            continue
        if forget or position - offset > LARGEST_RECORD:
            window.keep_from(position)
        if not window.grow():
            raise Broken("a text in quotes doesn't end", offset)


def skip_scalar(window: Window, offset: int) -> int:
    """The offset behind the number or word that starts at `offset`; raises Broken."""
    while True:
        match = SCALAR.match(window.data, offset - window.base)
        if match is None:
            raise Broken("a value is expected", offset)
        end = window.base + match.end()
        if end < window.top or end - offset > LARGEST_RECORD or not window.grow():
            return end


def skip_value(window: Window, offset: int, *, forget: bool = False) -> int:
    """The offset behind the value that starts at `offset`; raises Broken.

    With `forget`, what was passed leaves memory; without, a value over 16 MB does so from there on.
    """
    first = window.byte(offset)
    if first == b'"':
        return skip_string(window, offset, forget=forget)
    if first not in (b"{", b"["):
        return skip_scalar(window, offset)
    depth, position = 0, offset
    while True:
        match = PLAIN.match(window.data, position - window.base)
        position = window.base + (match.end() if match else 0)
        dropped = forget or position - offset > LARGEST_RECORD
        if position == window.top:
            if dropped:
                window.keep_from(position)
            if not window.grow():
                raise Broken("the text breaks off", position)
        elif window.byte(position) == b'"':  # a text that goes on behind what is in memory
            position = _skip_cut_string(window, position, forget=dropped)
        elif (byte := window.byte(position)) in BRACKETS:
            depth += 1 if byte in (b"{", b"[") else -1
            position += 1
            if depth == 0:
                return position


def _skip_cut_string(window: Window, position: int, *, forget: bool) -> int:
    try:
        return skip_string(window, position, forget=forget)
    except Broken as broken:
        raise Broken("the text breaks off", window.top) from broken


def expect_comma(window: Window, position: int) -> None:
    """Raise Broken where no comma stands."""
    mark = window.byte(position)
    if mark in (b"]", b"}"):
        raise Broken("a bracket closes here, and something follows it", position)
    if mark != b",":
        raise Broken("a comma is expected" if mark else "the text breaks off", position)
