"""Goes through serialized text token by token, for what takes more than one value to see: counts, and references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_serial_read import BREAKS, TEXT_LENGTH
from outgrow.source.syntax.php_values import MOST_DEPTH, TOO_DEEP

TOKEN = re.compile(
    rb'(?:i:-?\d{1,20}|N|b:[01]|d:[^;]{1,40}|([Rr]):(\d{1,10}));|([sE]):(\d{1,12}):"|(O):(\d{1,4}):"|'
    rb'C:\d{1,4}:"[^"]*"(:)(\d{1,10}):\{|(a):(\d{1,10}):\{|(\})'
)
OPENED = re.compile(rb'":(\d{1,10}):\{')
BEFORE = re.compile(rb"\s*(?:[^|;{}\"\s][^|;{}\"]*\|)?")
"""What may stand before a value: a line end, or a name and a bar as session files have it."""


@dataclass(frozen=True)
class Token:
    """A token: `kind` is its letter (`}` for an end), `is_key` says that it is a key.

    `number` is a count or a reference, which stands from `first` to `last`.
    """

    kind: str
    start: int
    end: int
    is_key: bool
    number: int = 0
    first: int = 0
    last: int = 0


def walk(data: Any, position: int) -> Iterator[Token]:
    """The tokens of the value at an offset; raises Broken."""
    keys: list[bool] = []
    """Of each open container, whether a key is next."""
    while True:
        match = TOKEN.match(data, position)
        if match is None:
            raise Broken(BREAKS if position >= len(data) else "a value as serialize() writes it is expected", position)
        token = _token(match, data, bool(keys) and keys[-1])
        position = token.end
        if token.kind == "}":
            if not keys:
                raise Broken("a bracket closes here that was never opened", token.start)
            keys.pop()
        elif keys:
            keys[-1] = not keys[-1]
        yield token
        if token.kind in ("a", "O"):
            keys.append(True)
            if len(keys) > 2 * MOST_DEPTH:
                raise Broken(TOO_DEEP, position)
        if not keys:
            return


def _token(match: re.Match[bytes], data: Any, is_key: bool) -> Token:
    start, end, index = match.start(), match.end(), match.lastindex
    if index is None:
        return Token("i", start, end, is_key)
    if index == 2:
        return Token(match[1].decode(), start, end, is_key, int(match[2]), *match.span(2))
    if index == 4:
        return Token(match[3].decode(), start, _behind(data, end + int(match[4]), b'";'), is_key)
    if index == 6:
        opened = OPENED.match(data, end + int(match[6]))
        if opened is None:
            raise Broken(TEXT_LENGTH, start)
        return Token("O", start, opened.end(), is_key, int(opened[1]), *opened.span(1))
    if index == 8:
        return Token("C", start, _behind(data, end + int(match[8]), b"}"), is_key)
    if index == 10:
        return Token("a", start, end, is_key, int(match[10]), *match.span(10))
    return Token("}", start, end, is_key)


def _behind(data: Any, position: int, closing: bytes) -> int:
    end = position + len(closing)
    if data[position:end] != closing:
        raise Broken(TEXT_LENGTH if position < len(data) else BREAKS, min(position, len(data)))
    return end


def values(data: Any, position: int) -> Iterator[tuple[int, Iterator[Token]]]:
    """The values of a file one behind the other, each as its start and its tokens, which must all be taken."""
    while True:
        before = BEFORE.match(data, position)
        position = before.end() if before else position
        if position >= len(data):
            return
        last = position

        def tokens(start: int = position) -> Iterator[Token]:
            nonlocal last
            for token in walk(data, start):
                last = token.end
                yield token

        yield position, tokens()
        position = last


def wrong_counts(data: Any) -> list[tuple[int, int, int]]:
    """Where counts of arrays and objects aren't those of what they hold: start, end, and the right count."""
    wrong: list[tuple[int, int, int]] = []
    for _, tokens in values(data, 0):
        open_ones: list[list[Any]] = []
        for token in tokens:
            if token.kind == "}":
                opened, held = open_ones.pop()
                if held != opened.number:
                    wrong.append((opened.first, opened.last, held))
                continue
            if open_ones and not token.is_key:
                open_ones[-1][1] += 1
            if token.kind in ("a", "O"):
                open_ones.append([token, 0])
    return sorted(wrong)


def replace_runs(data: Any, runs: list[tuple[int, int, bytes]]) -> Iterator[bytes]:
    """A text with some runs of it, sorted, replaced."""
    position = 0
    for start, end, text in runs:
        yield data[position:start]
        yield text
        position = end
    yield data[position : len(data)]


def separate_cases(data: Any, *, each: bool) -> list[tuple[int, int, bytes]] | None:
    """The runs that refer to an enum's case by number, and its own text in their place; None where others refer too.

    With `each`, every value of the file is numbered by itself, as those that stand in lines.
    """
    cases: dict[int, bytes] = {}
    runs: list[tuple[int, int, bytes]] = []
    slot = 0
    for _, tokens in values(data, 0):
        if each:
            slot, cases = 0, {}
        for token in tokens:
            if token.is_key or token.kind == "}":
                continue
            slot += token.kind != "R"
            if token.kind == "E":
                cases[slot] = bytes(data[token.start : token.end])
            elif token.kind == "r" and token.number in cases:
                runs.append((token.start, token.end, cases[token.number]))
            elif token.kind in ("r", "R"):
                return None
    return runs


def join_cases(data: Any, *, each: bool) -> list[tuple[int, int, bytes]]:
    """The way back from `separate_cases`: the case of an enum that came before is a reference to it."""
    slots: dict[bytes, int] = {}
    runs: list[tuple[int, int, bytes]] = []
    slot = 0
    for _, tokens in values(data, 0):
        if each:
            slot, slots = 0, {}
        for token in tokens:
            if token.is_key or token.kind == "}":
                continue
            slot += token.kind != "R"
            if token.kind == "E":
                text = bytes(data[token.start : token.end])
                if text in slots:
                    runs.append((token.start, token.end, b"r:%d;" % slots[text]))
                else:
                    slots[text] = slot
    return runs
