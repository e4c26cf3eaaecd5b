"""What stands between the values of a YAML map: comments, blank lines, blanks behind colons, odd indentation.

It is kept for maps that are a record each, so that a record that the app changes keeps its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from outgrow.source.syntax.yaml_nodes import Node

SECRET = re.compile(r"(?:pass|pwd|secret|token|key|salt|hash|credential)[\w-]*['\"\]]*\s*[:=]", re.IGNORECASE)
"""A comment that may hold what mustn't be kept."""
COLON = re.compile(r"[ \t]*:[ \t]+")
GAP = re.compile(r"(?:[ \t]*(?:[#&][^\n]*)?\n)*[ \t]*")


def find_layout(node: Node, raw: bytes, unit: int, dash: int) -> Iterator[tuple[str, str]]:
    """By path: the text before a key (`^`), around its colon (`:`), and how much its value is indented (`<`)."""
    yield from _in_map(node, "", raw, (unit, dash), 0)


def _in_map(node: Node, path: str, raw: bytes, usual: tuple[int, int], before: int) -> Iterator[tuple[str, str]]:
    shared = "*" in path.split("/")
    for number, (key, value) in enumerate(node.pairs()):
        inner = f"{path}/{key.text}"
        gap = raw[before : key.start].decode("utf-8", "replace").replace("\r\n", "\n")
        column = key.start - (raw.rfind(b"\n", 0, key.start) + 1)
        first = not path and number == 0
        if (
            not shared
            and "\n" in ("\n" + gap if first else gap)
            and gap != ("" if first else "\n" + " " * column)
            and is_kept(gap)
        ):
            yield "^" + inner[1:], ("\n" if first else "") + gap[: gap.rfind("\n") + 1]
        colon = raw[key.end : value.start].decode("utf-8", "replace")
        if colon != ": " and not value.mark and COLON.fullmatch(colon):
            yield ":" + inner[1:], colon
        if value.items and not value.style and not value.mark:
            indent = value.start - (raw.rfind(b"\n", 0, value.start) + 1) - column
            if indent != usual[0 if value.kind == "map" else 1] and indent >= 0:
                yield "<" + inner[1:], str(indent)
            yield from _in_value(value, inner, raw, usual, key.end + 1)
        before = max(value.end, key.end + 1)


def _in_value(value: Node, path: str, raw: bytes, usual: tuple[int, int], before: int) -> Iterator[tuple[str, str]]:
    if value.kind == "map":
        yield from _in_map(value, path, raw, usual, before)
        return
    for item in value.items:
        if item.kind == "map" and not item.style and not item.mark:
            yield from _in_map(item, path + "/*", raw, usual, item.start)


def is_kept(gap: str) -> bool:
    """Whether the text between two values is but comments and blank lines, and none that may hold a secret."""
    return GAP.fullmatch(gap) is not None and SECRET.search(gap) is None
