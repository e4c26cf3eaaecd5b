"""Writes PHP's arrays as its code has them: as var_export does, and in the regular styles of people."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from outgrow.record import Number
from outgrow.source.style import Style
from outgrow.source.syntax.php_literals import LARGEST
from outgrow.source.syntax.php_values import (
    MEMBERS,
    MOST_DEPTH,
    Kinds,
    counting,
    is_index,
    is_marked_text,
    show_name,
    within,
    write_float,
    write_number,
)

DOUBLE = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\\$", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"})


class Writer:
    """Writes values in a style. Its options: see `php_array_style`."""

    def __init__(self, style: Style) -> None:
        options = dict(style.options)
        self.style = style
        self.kinds = Kinds(style)
        self.precision = int(options.get("precision", "0"))
        self.null, self.true, self.false = options.get("words", "null true false").split(" ")
        self.opening = options.get("opening", "[")
        self.closing = "]" if self.opening == "[" else ")"
        self.below = "below" in options
        self.indexed = "indexed" in options
        self.trailing = "trailing" in options
        self.aligned = "aligned" in options
        self.assigned = "assigned" in options
        self.leaves = "leaves" in options
        self.indent = style.indent
        self.within = style.within if style.outer is not None else style.indent
        self.newline = style.newline
        self.arrow = style.colon
        self.flat_arrow = options.get("flat_arrow", style.colon)
        self.is_object = "object" in options

    def elements(self, keys: list[str] | None, values: list[Any], depth: int, root: str | None) -> list[str]:
        """The texts of elements that stand `depth` arrays deep, with their keys if there are any; see `within`."""
        if self.assigned:
            return [f"${key} = {self.write(value, 0, key)}" for key, value in zip(keys or [], values, strict=True)]
        within_them = self.within
        flat = within_them is None
        names = self._names(keys, values, text_keys=self.is_object, flat=flat) if keys is not None else None
        parts = []
        for number, value in enumerate(values):
            context = within(root, keys[number]) if keys is not None else ""
            level = self.style.level if self.style.outer is not None else depth
            text = self.flat(value, context, depth) if flat else self.write(value, level, context)
            if names is not None:
                text = self._pair(names[number], text, below=not flat)
            parts.append(text)
        return parts

    def _pair(self, name: str, text: str, *, below: bool) -> str:
        return (
            f"{name.rstrip() if text[:1] == self.newline[:1] and not self.below else name}{text}"
            if below
            else name + text
        )

    def _names(self, keys: list[str], values: list[Any], *, text_keys: bool, flat: bool) -> list[str]:
        """Keys with their arrows."""
        del values
        arrow = self.flat_arrow if flat else self.arrow
        shown = [self.text(key) if text_keys or not is_index(key) else key for key in keys]
        if self.aligned and not flat and len(shown) > 0:
            width = max(map(len, shown))
            return [name.ljust(width) + arrow for name in shown]
        return [name + arrow for name in shown]

    def write(self, value: Any, level: int, context: str) -> str:
        """A value whose container's line is indented `level` times."""
        if level > MOST_DEPTH + 2:
            raise RecursionError
        kind = type(value)
        if kind is str:
            if self.kinds.enums and (case := self.kinds.case_of(context, value)):
                return self._below(level) + f"{case[0]}::{case[1]}"
            return self.text(value)
        if kind is dict:
            return self._dict(value, level, context)
        if kind is list:
            return self._list(value, level, context)
        return self.scalar(value)

    def _below(self, level: int) -> str:
        return self.newline + (self.within or "") * level if self.below else ""

    def _dict(self, value: dict[str, Any], level: int, context: str) -> str:
        if not self.kinds.known and "php:class" not in value:
            if self.leaves and not any(type(part) in (list, dict) for part in value.values()):
                return self.flat(value, context, level)
            return self._block("", list(value), list(value.values()), level, context)
        if case := self.kinds.case_of(context, value):
            return self._below(level) + f"{case[0]}::{case[1]}"
        if is_marked_text(value):
            return self.text(value["value"])
        name, members = self.kinds.plain(context, value)
        pairs = [(show_name(key), part) for key, part in members] if name else list(members)
        return self._block(name, [key for key, _ in pairs], [part for _, part in pairs], level, context)

    def _list(self, value: list[Any], level: int, context: str) -> str:
        if not value and not self.below:
            return self.opening.rstrip() + self.closing
        if self.style.flat and not any(type(part) in (list, dict) for part in value):
            text = self.flat(value, context, level)
            if len(text) <= self.style.flat:
                return text
        keys = counting(0, len(value)) if self.indexed else None
        return self._block("", keys, value, level, context)

    def _block(self, name: str, keys: list[str] | None, values: list[Any], level: int, context: str) -> str:
        """An array or an object, an element per line."""
        unit, newline = self.within or "", self.newline
        opening, closing = self.opening, self.closing
        inner = newline + unit * (level + 1)
        if name and self.below:
            opening = "(object) array(" if name == "stdClass" else f"{name}::__set_state(array("
            closing = ")" if name == "stdClass" else "))"
            inner += " "
        elif name:
            opening = f"(object) {opening}" if name == "stdClass" else f"{name}::__set_state({opening}"
            closing = closing if name == "stdClass" else closing + ")"
        if not values and not self.below:
            return opening + closing
        if keys is None:
            parts = [self.write(part, level + 1, context) for part in values]
        else:
            names = self._names(keys, values, text_keys=bool(name), flat=False)
            parts = [
                self._pair(shown, self.write(part, level + 1, within(MEMBERS if name else context, key)), below=True)
                for shown, key, part in zip(names, keys, values, strict=True)
            ]
        before = newline + unit * level if self.below else ""
        end = "," if self.trailing and parts else ""
        return (
            f"{before}{opening}{inner if parts else ''}{(',' + inner).join(parts)}{end}{newline}{unit * level}{closing}"
        )

    def flat(self, value: Any, context: str, depth: int) -> str:
        """A value on one line."""
        if depth > 2 * MOST_DEPTH:
            raise RecursionError
        if type(value) is dict:
            if self.kinds.known or "php:class" in value:
                if case := self.kinds.case_of(context, value):
                    return f"{case[0]}::{case[1]}"
                if is_marked_text(value):
                    return self.text(value["value"])
            name, members = self.kinds.plain(context, value)
            pairs = list(members)
            names = self._names(
                [show_name(key) if name else key for key, _ in pairs], [], text_keys=bool(name), flat=True
            )
            parts = [
                shown + self.flat(part, within(MEMBERS if name else context, key), depth + 1)
                for shown, (key, part) in zip(names, pairs, strict=True)
            ]
            text = self._flat_array(parts, self.style.padding)
            if name:
                return f"(object) {text}" if name == "stdClass" else f"{name}::__set_state({text})"
            return text
        if type(value) is list:
            parts = [self.flat(part, context, depth + 1) for part in value]
            if self.indexed:
                parts = [f"{number}{self.flat_arrow}{part}" for number, part in enumerate(parts)]
            return self._flat_array(parts, self.style.list_padding)
        return self.write(value, 0, context)

    def _flat_array(self, parts: list[str], padding: str) -> str:
        if not parts:
            return self.opening.rstrip() + self.closing
        return f"{self.opening.rstrip()}{padding}{self.style.flat_item.join(parts)}{padding}{self.closing}"

    def scalar(self, value: Any) -> str:
        """A number, a boolean or null."""
        if value is None:
            return self.null
        if value is True:
            return self.true
        if value is False:
            return self.false
        if type(value) is int:
            return str(value) if value != -LARGEST - 1 else f"-{LARGEST}-1"
        if type(value) is Number:
            return write_number(value, ".0")
        return write_float(value, self.precision, ".0")

    def text(self, text: str) -> str:
        """A text in quotes."""
        if self.style.quote == '"':
            return f'"{text.translate(DOUBLE)}"'.replace("\0", "\\0")
        if "\\" in text or "'" in text or "\0" in text:
            text = text.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "' . \"\\0\" . '")
        return f"'{text}'"


@lru_cache(64)
def writer_of(style: Style) -> Writer:
    """The writer of a style."""
    return Writer(style)


def separator(style: Style, depth: int) -> str:
    """What stands between two elements."""
    if style.outer is not None:
        return style.outer
    if style.option("assigned"):
        return ";" + style.newline
    if style.indent is None:
        return style.flat_item
    return "," + style.newline + style.indent * depth
