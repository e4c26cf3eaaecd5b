"""The shapes of serialized records: see `php_shapes`."""

from __future__ import annotations

import re
from typing import Any

from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_columns import INTEGER, careful, check_sizes, choices, integers, lists, singly, texts
from outgrow.source.syntax.php_serial_read import Unserializer, skip_value
from outgrow.source.syntax.php_shapes import Build, Column, Members, Misfit
from outgrow.source.syntax.php_values import MARK, MOST_DEPTH, WHOLE, Kind, show_name, within

# Groups aren't possessive, for Python 3.11.2 gets these wrong; as each has one way to match, nothing is tried twice.
TEXT = rb'[^"]*+(?:"(?!;)[^"]*+)*'
SIZED = rb's:(\d{1,12}):"(' + TEXT + rb')";'
FLOAT = rb"d:([\d.E+-]{1,40});"
PLAIN = rb's:\d{1,12}:"' + TEXT + rb'";|i:-?\d{1,20};|[bd]:[^;"{}]{1,40};|N;|E:\d{1,4}:"[^"]*+";'
ELEMENT = rb'(?:i:-?\d{1,20};|s:\d{1,12}:"' + TEXT + rb'";)'
FLAT = rb"a:\d{1,10}:\{(?:" + ELEMENT + rb"(?:" + PLAIN + rb"))*\}"
DEEP = rb"a:\d{1,10}:\{(?:" + ELEMENT + rb"(?:" + PLAIN + rb"|" + FLAT + rb"))*\}"
ANY = rb"(" + PLAIN + rb"|" + DEEP + rb")"
"""Any value but objects and what is nested more than twice: what it is, its reader makes sure of."""
OPEN = re.compile(rb'a:\d{1,10}:\{(?=s:)|O:\d{1,4}:"[^"]{1,200}":\d{1,10}:\{')
NAME = re.compile(rb's:\d{1,12}:"([^"]*)";')
FLAGS: dict[bytes | None, Any] = {b"1": True, b"0": False, None: None}


class SerialForm:
    """The form of serialized elements: of an array, with their keys, or one behind the other with text between."""

    def __init__(self, reader: Unserializer, *, gap: bytes | None = None) -> None:
        self.reader = reader
        self.before, self.behind, self.gap = rb"(?:i:(-?\d{1,20});|" + SIZED + rb")", b"", 0
        if gap is not None:
            self.before, self.behind, self.gap = b"", re.escape(gap) + rb"(?=[aO]:\d)", len(gap)

    def look(self, raw: bytes) -> Members | None:
        """The shape of an element; None where it has no names that come again."""
        try:
            return _look(raw, 0, 1)[0]
        except (Broken, Misfit):
            return None

    def keys(self, columns: list[Column]) -> list[str]:
        """The keys of elements; raises Misfit."""
        if not self.before:
            return []
        numbers, sizes, names = columns[:3]
        check_sizes(names, sizes)
        if None not in numbers:
            return texts(numbers, "ascii")
        found = texts(names, self.reader.encoding)
        return [name if number is None else number.decode() for name, number in zip(found, numbers, strict=True)]

    def plain(self, kinds: frozenset[str], context: str, first: int) -> tuple[bytes, int, Build]:
        """The pattern of a place, its groups, and what is made of them."""
        known = kinds - {"N"}
        only = next(iter(known)) if len(known) == 1 else ""
        read = careful(self.reader, context)
        pattern, groups, build = ANY, 1, singly(first, read)
        if only == "s" and context not in self.reader.kinds.enums:
            pattern, groups, build = SIZED, 2, self._texts(first)
        elif only == "i":
            pattern, build = rb"i:" + INTEGER + rb";", integers(first)
        elif only == "b":
            pattern, build = rb"b:([01]);", choices(first, FLAGS)
        elif only == "d":
            pattern, build = FLOAT, singly(first, lambda raw: read(b"d:" + raw + b";"))
        elif "a" in known:
            build = lists(first, read)
        elif not known:
            pattern, build = rb"(N);", choices(first, {b"N": None})
        if "N" in kinds and known and pattern is not ANY:
            pattern = rb"(?:" + pattern + rb"|N;)"
        return pattern, groups, build

    def _texts(self, first: int) -> Build:
        def build(columns: list[Column]) -> list[Any]:
            check_sizes(columns[first + 1], columns[first])
            return texts(columns[first + 1], self.reader.encoding)

        return build

    def names(self, shape: Members, context: str) -> list[tuple[str, str]]:
        """The names of the members, and the contexts of what is in them; raises Misfit."""
        usual = self.reader.kinds.usual.get(context)
        is_object = shape.opening.startswith(b"O")
        names: list[tuple[str, str]] = []
        scopes: list[tuple[str, str]] = []
        for _, member, _ in shape.parts:
            name = _decode(member, self.reader.encoding)
            shown = show_name(name) if is_object else name
            if shown == MARK or WHOLE.fullmatch(name):
                raise Misfit
            if shown != name:
                scopes.append((shown, name[1:].partition("\0")[0]))
            names.append((shown, shown if is_object else within(context, name)))
        if is_object:
            kind = Kind(shape.opening.split(b'"')[1].decode("utf-8", "replace"), tuple(sorted(scopes)))
            if usual != kind:
                raise Misfit
        elif usual is not None:
            raise Misfit
        return names


def _decode(member: str, encoding: str) -> str:
    try:
        return member.encode("latin-1").decode(encoding)
    except UnicodeDecodeError:
        raise Misfit from None


def _look(raw: bytes, position: int, depth: int) -> tuple[Members, int]:
    """The members of an array or object with names; raises Misfit for all else."""
    opened = OPEN.match(raw, position)
    if opened is None or depth > MOST_DEPTH // 4:
        raise Misfit
    position = opened.end()
    parts: list[tuple[bytes, str, Members | str]] = []
    while raw[position : position + 1] != b"}":
        name = NAME.match(raw, position)
        if name is None:
            raise Misfit
        position = name.end()
        value: Members | str
        if OPEN.match(raw, position):
            value, position = _look(raw, position, depth + 1)
        else:
            value, position = raw[position : position + 1].decode("latin-1"), skip_value(raw, position)
        parts.append((name.group(), name[1].decode("latin-1"), value))
    return Members(opened.group(), tuple(parts), b"}"), position + 1
