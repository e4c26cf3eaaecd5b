"""YAML nodes as values: null, booleans and numbers as YAML 1.2 has them, everything else a text as it stands.

`no`, `12:30:45`, `010`, `1_000` and `2024-05-17` mean one thing to one program and another to the next; a text keeps
what was written, and its field's type is told from all of its values.
"""

from __future__ import annotations

import re
from typing import Any

from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.json_text import ExactDecoder
from outgrow.source.syntax.yaml_nodes import Node

CONSTANTS: dict[str, Any] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
CONSTANTS |= dict.fromkeys(("true", "True", "TRUE"), True) | dict.fromkeys(("false", "False", "FALSE"), False)
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
DECODER = ExactDecoder()


def value_of(node: Node, doubled: list[str]) -> Any:
    """A node's value; keys that a map holds twice are added to `doubled`, and the last one counts."""
    if node.kind == "scalar":
        return scalar_of(node)
    if node.kind == "list":
        return [value_of(item, doubled) for item in node.items]
    values: dict[str, Any] = {}
    merged: dict[str, Any] = {}
    for key, inner in node.pairs():
        name, value = key_of(key), value_of(inner, doubled)
        if name == "<<" and not key.style and (sources := _merged(value)) is not None:
            for source in reversed(sources):
                merged |= source
        else:
            if name in values:
                doubled.append(name)
            values[name] = value
    return merged | values if merged else values


def _merged(value: Any) -> list[dict[str, Any]] | None:
    """The maps that a merge key names; None where it names something else."""
    sources = value if isinstance(value, list) else [value]
    return sources if all(isinstance(source, dict) for source in sources) else None


def scalar_of(node: Node) -> Any:
    """A scalar's value."""
    return node.text if node.style else plain_value(node.text)


def plain_value(text: str) -> Any:
    """What a text without quotes stands for."""
    if text in CONSTANTS:
        return CONSTANTS[text]
    if NUMBER.fullmatch(text):
        return int(text) if text.isdecimal() and len(text) < 19 else DECODER.decode(text.encode())
    return text


def key_of(node: Node) -> str:
    """A key as text; raises Broken where it is a container."""
    if node.kind != "scalar":
        raise Broken("a key is no text", node.start)
    return node.text
