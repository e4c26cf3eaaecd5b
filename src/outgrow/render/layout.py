"""Expressions as ruff's formatter lays them out, so that generated code needs no formatter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LINE_LENGTH = 120


@dataclass(frozen=True)
class Call:
    """Something in brackets: `String(80)`, or a list when `opening` is `[`."""

    opening: str
    items: tuple[Node, ...]
    closing: str = ")"

    def __str__(self) -> str:
        items = ", ".join(map(str, self.items))
        comma = "," if self.closing == ")" and self.opening == "(" and len(self.items) == 1 else ""
        return f"{self.opening}{items}{comma}{self.closing}"


@dataclass(frozen=True)
class Keyword:
    """A named argument, a dictionary's item, or anything else before a bracket."""

    name: str
    value: Node
    sign: str = "="

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.value}"


Node = str | Call | Keyword


def call(function: str, items: Sequence[Node]) -> Call:
    """Return the call of a function."""
    return Call(f"{function}(", tuple(items))


def lay_out(before: str, node: Node, indent: int = 0, after: str = "") -> list[str]:
    """Return the lines of `before` + node + `after`, broken where they would be too long.

    As ruff does it: all in one line; or a call's arguments in one line of their own; or each item
    in a line of its own, with a comma after the last one.
    """
    space = " " * indent
    whole = f"{space}{before}{node}{after}"
    if isinstance(node, Keyword):
        return lay_out(before + node.name + node.sign, node.value, indent, after)
    if len(whole) <= LINE_LENGTH or isinstance(node, str) or not node.items:
        return [whole]
    lines = [f"{space}{before}{node.opening}"]
    inner = ", ".join(map(str, node.items))
    is_call = len(node.opening) > 1
    if is_call and indent + 4 + len(inner) <= LINE_LENGTH:
        lines.append(" " * (indent + 4) + inner)
    else:
        for item in node.items:
            lines += lay_out("", item, indent + 4, ",")
    lines.append(f"{space}{node.closing}{after}")
    return lines
