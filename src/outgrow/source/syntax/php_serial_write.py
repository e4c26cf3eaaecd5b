"""Writes values as PHP's serialize() does."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from outgrow.record import Number
from outgrow.source.style import Style
from outgrow.source.syntax.php_values import (
    MARK,
    MOST_DEPTH,
    Kinds,
    is_index,
    is_marked_text,
    show_name,
    within,
    write_float,
    write_number,
)

KEYS_KEPT = 20_000


class Serializer:
    """Writes values in a style: its encoding, its `precision` of floats, its classes."""

    def __init__(self, style: Style) -> None:
        self.kinds = Kinds(style)
        self.known = self.kinds.known
        self.enums = bool(self.kinds.enums)
        self.encoding = style.encoding
        self.precision = int(style.option("precision", "0"))
        self.keys: dict[str, bytes] = {}
        self.names: dict[str, bytes] = {}

    def members(self, pairs: list[tuple[str, Any]], out: list[bytes], context: str | None, *, named: bool) -> None:
        """Write keys and values, the outermost of a section; those of an object are `named`."""
        for key, value in pairs:
            out.append(self._name(key) if named else self.key(key))
            self.write(value, within(context, show_name(key) if named else key), out, 1)

    def key(self, key: str) -> bytes:
        """The key of an array: a whole number where PHP has one."""
        text = self.keys.get(key)
        if text is None:
            text = b"i:%d;" % int(key) if is_index(key) else self._text(key)
            if len(self.keys) < KEYS_KEPT:
                self.keys[key] = text
        return text

    def _name(self, name: str) -> bytes:
        text = self.names.get(name)
        if text is None:
            text = self._text(name)
            if len(self.names) < KEYS_KEPT:
                self.names[name] = text
        return text

    def _text(self, text: str) -> bytes:
        raw = text.encode(self.encoding, "surrogatepass" if self.encoding == "utf-8" else "replace")
        return b's:%d:"%b";' % (len(raw), raw)

    def write(self, value: Any, context: str, out: list[bytes], depth: int) -> None:
        """Write a value; raises RecursionError where it is nested too deeply."""
        kind = type(value)
        if kind is str:
            if self.enums and (case := self.kinds.case_of(context, value)):
                out.append(_case(*case))
            else:
                out.append(self._text(value))
        elif kind is int:
            out.append(b"i:%d;" % value)
        elif value is None:
            out.append(b"N;")
        elif kind is dict or kind is list:
            if depth > MOST_DEPTH + 1:
                raise RecursionError
            self._container(value, context, out, depth)
        else:
            out.append(self._scalar(value))

    def _scalar(self, value: Any) -> bytes:
        """A boolean or a number that isn't whole."""
        if type(value) is bool:
            return b"b:1;" if value else b"b:0;"
        if type(value) is Number:
            text = write_number(value)
            return (f"i:{text};" if text.lstrip("-").isdecimal() else f"d:{text.removesuffix('.0')};").encode()
        return b"d:%b;" % write_float(value, self.precision).encode()

    def _container(self, value: Any, context: str, out: list[bytes], depth: int) -> None:
        if type(value) is list:
            out.append(b"a:%d:{" % len(value))
            for number, part in enumerate(value):
                out.append(b"i:%d;" % number)
                self.write(part, context, out, depth + 1)
            out.append(b"}")
        elif self.known or MARK in value:
            self._object(value, context, out, depth)
        else:
            self._array(value, context, out, depth)

    def _array(self, value: dict[str, Any], context: str, out: list[bytes], depth: int) -> None:
        out.append(b"a:%d:{" % len(value))
        for key, part in value.items():
            out.append(self.key(key))
            self.write(part, within(context, key), out, depth + 1)
        out.append(b"}")

    def _object(self, value: dict[str, Any], context: str, out: list[bytes], depth: int) -> None:
        if case := self.kinds.case_of(context, value):
            out.append(_case(*case))
            return
        if is_marked_text(value):
            out.append(self._text(value["value"]))
            return
        name, members = self.kinds.plain(context, value)
        pairs = list(members)
        if not name:
            self._array(dict(pairs), context, out, depth)
            return
        raw = name.encode()
        out.append(b'O:%d:"%b":%d:{' % (len(raw), raw, len(pairs)))
        for key, part in pairs:
            out.append(self._name(key) if name == "stdClass" else self.key(key))
            self.write(part, show_name(key), out, depth + 1)
        out.append(b"}")


def _case(name: str, case: str) -> bytes:
    raw = f"{name}:{case}".encode()
    return b'E:%d:"%b";' % (len(raw), raw)


@lru_cache(64)
def serializer_of(style: Style) -> Serializer:
    """The writer of a style."""
    return Serializer(style)
