"""The shapes of records in PHP's code: see `php_shapes`. Blanks and keys between values are part of a shape."""

from __future__ import annotations

import re
from typing import Any

from outgrow.source.syntax.php_array_read import Reader
from outgrow.source.syntax.php_columns import INTEGER, careful, choices, integers, lists, singly, texts
from outgrow.source.syntax.php_literals import unquote_single
from outgrow.source.syntax.php_shapes import Build, Column, Members, Misfit
from outgrow.source.syntax.php_values import MARK, MEMBERS, MOST_DEPTH, WHOLE, Kind, read_float, within

TEXT = rb"'([^'\\]*+(?:\\.[^'\\]*+)*)'"
FLOAT = rb"-?\d{1,400}\.\d{1,400}(?:[eE][+-]?\d{1,4})?"
NULL, FLAG = rb"(?i:null)", rb"(?i:true|false)"
PLAIN = rb"'[^'\\]*+(?:\\.[^'\\]*+)*'|-?\d[\d.eE+-]*+|(?i:null|true|false)"
KEY = rb"(?:(?:'[^'\\]*+'|-?\d{1,18})\s*+=>\s*+)?"
OPENING = rb"(?:(?i:array)\s?\(|\[)\s*+"
FLAT = OPENING + rb"(?:" + KEY + rb"(?:" + PLAIN + rb")\s*+,?\s*+)*[)\]]"
DEEP = OPENING + rb"(?:" + KEY + rb"(?:" + PLAIN + rb"|" + FLAT + rb")\s*+,?\s*+)*[)\]]"
ANY = rb"(" + PLAIN + rb"|" + DEEP + rb")"
"""Any value but objects and what is nested more than twice: what it is, its reader makes sure of."""
KINDS = re.compile(
    rb"(?P<s>" + TEXT.replace(b"(", b"(?:", 1) + rb")|(?P<d>" + FLOAT + rb")(?![\w.])|"
    rb"(?P<i>-?(?:0|[1-9]\d{0,17}))(?![\w.])|(?P<N>" + NULL + rb")|(?P<b>" + FLAG + rb")|(?P<a>" + DEEP + rb")",
    re.DOTALL,
)
OPEN = re.compile(
    rb"(?:(?P<cast>\(object\)\s*)|(?P<state>\\?[A-Za-z_\x80-\xff][\w\\\x80-\xff]*::__set_state\())?"
    rb"(?:(?i:array)\s*\(|(?P<square>\[))"
)
NAME = re.compile(rb"\s*'([^'\\]*)'\s*=>\s*")
NEXT = re.compile(rb"\s*,\s*'([^'\\]*)'\s*=>\s*")
CLOSE = re.compile(rb"\s*,?\s*([)\]])")
FLAGS: dict[bytes | None, Any] = {b"true": True, b"false": False, None: None}


class ArrayForm:
    """The form of elements of an array in PHP's code, between which stands always the same."""

    def __init__(self, reader: Reader, gap: bytes, *, keyed: bool) -> None:
        self.reader = reader
        self.before = rb"(?:(?:'([^'\\]*+)'|(-?(?:0|[1-9]\d{0,17})))\s*+=>\s*+)" + (b"" if keyed else b"?")
        self.behind, self.gap = re.escape(gap) + rb"(?=['\w\\\[(-])", len(gap)

    def look(self, raw: bytes) -> Members | None:
        """The shape of an element, which may have its key before it; None where it has no names that come again."""
        try:
            return _look(raw, 0, 1)[0]
        except Misfit:
            return None

    def keys(self, columns: list[Column]) -> list[str]:
        """The keys of elements, empty where there is none; raises Misfit."""
        names, numbers = columns[:2]
        if None not in numbers:
            return [str(int(number)) for number in numbers]
        found = texts(names, self.reader.encoding)
        pairs = zip(found, numbers, strict=True)
        return [name if number is None else str(int(number)) for name, number in pairs]

    def plain(self, kinds: frozenset[str], context: str, first: int) -> tuple[bytes, int, Build]:
        """The pattern of a place, its groups, and what is made of them."""
        known = kinds - {"N"}
        only = next(iter(known)) if len(known) == 1 else ""
        read = careful(self.reader, context, b",")
        pattern, build = ANY, singly(first, read)
        if only == "s" and context not in self.reader.kinds.enums:
            pattern, build = TEXT, self._texts(first)
        elif only == "i":
            pattern, build = INTEGER, integers(first)
        elif only == "b":
            pattern, build = b"(" + FLAG + b")", self._flags(first)
        elif only == "d":
            pattern, build = b"(" + FLOAT + b")", singly(first, self._read_float)
        elif "a" in known:
            build = lists(first, read)
        elif not known:
            pattern, build = b"(" + NULL + b")", lambda columns: [None] * len(columns[first])
        if "N" in kinds and known and pattern is not ANY:
            pattern = rb"(?:" + pattern + rb"|" + NULL + rb")"
        return pattern, 1, build

    def _texts(self, first: int) -> Build:
        def build(columns: list[Column]) -> list[Any]:
            raws = columns[first]
            if any(raw is not None and b"\\" in raw for raw in raws):
                raws = [raw if raw is None else unquote_single(raw) for raw in raws]
            return texts(raws, self.reader.encoding)

        return build

    def _flags(self, first: int) -> Build:
        build = choices(first, FLAGS | {b"TRUE": True, b"FALSE": False, b"True": True, b"False": False})

        def build_or_misfit(columns: list[Column]) -> Any:
            try:
                return build(columns)
            except KeyError:
                raise Misfit from None

        return build_or_misfit

    def _read_float(self, raw: bytes) -> Any:
        return read_float(raw.decode(), self.reader.precision, ".0")

    def names(self, shape: Members, context: str) -> list[tuple[str, str]]:
        """The names of the members, and the contexts of what is in them; raises Misfit."""
        opened = OPEN.match(shape.opening)
        assert opened is not None  # as `_look` has found it
        is_object = opened["cast"] is not None or opened["state"] is not None
        name = opened["state"].decode("utf-8", "replace").partition("::")[0] if opened["state"] else "stdClass"
        if self.reader.kinds.usual.get(context) != (Kind(name) if is_object else None):
            raise Misfit
        names = [member.encode("latin-1") for _, member, _ in shape.parts]
        shown = texts(names, self.reader.encoding) if names else []
        if MARK in shown or any(map(WHOLE.fullmatch, shown)):
            raise Misfit
        return [(name, within(MEMBERS if is_object else context, name)) for name in shown]


def _look(raw: bytes, position: int, depth: int) -> tuple[Members, int]:
    """The members of an array or object with names; raises Misfit for all else."""
    opened = OPEN.match(raw, position)
    if opened is None or depth > MOST_DEPTH // 4:
        raise Misfit
    end = opened.end()
    name = NAME.match(raw, end)
    parts: list[tuple[bytes, str, Members | str]] = []
    while name is not None:
        position = name.end()
        inner = OPEN.match(raw, position)
        value: Members | str
        if inner is not None and (inner["cast"] or inner["state"] or NAME.match(raw, inner.end())):
            value, end = _look(raw, position, depth + 1)
        else:
            match = KINDS.match(raw, position)
            if match is None or match.lastgroup is None:
                raise Misfit
            value, end = match.lastgroup, match.end()
        parts.append((name.group(), name[1].decode("latin-1"), value))
        name = NEXT.match(raw, end)
    closed = CLOSE.match(raw, end)
    closing = b")" if opened["square"] is None else b"]"
    if closed is None or closed[1] != closing or not parts:
        raise Misfit
    position = closed.end()
    if opened["state"]:
        if raw[position : position + 1] != b")":
            raise Misfit
        position += 1
    return Members(opened.group(), tuple(parts), raw[end:position]), position
