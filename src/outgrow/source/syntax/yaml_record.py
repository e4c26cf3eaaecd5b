"""A map in YAML as one record: the facts at the top of content files."""

from __future__ import annotations

from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import Parsed
from outgrow.source.syntax.yaml_form import find_form
from outgrow.source.syntax.yaml_layout import is_kept
from outgrow.source.syntax.yaml_nodes import Node, parse_documents
from outgrow.source.syntax.yaml_text import write_map
from outgrow.source.syntax.yaml_values import value_of


def parse_facts(raw: bytes) -> Parsed:
    """The map that a text is; an empty text is an empty one. Raises Broken."""
    documents = parse_documents(raw)
    if not documents:
        return Parsed({}, Style(indent="  "))
    if len(documents) > 1:
        raise Broken("holds a second document", documents[1].start)
    doubled: list[str] = []
    record = value_of(documents[0], doubled)
    if record is None:
        return Parsed({}, Style(indent="  "))
    if not isinstance(record, dict):
        raise Broken("holds no keys", documents[0].start)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Broken("is not UTF-8", error.start) from None
    return Parsed(record, lambda: _find_style(raw, text, documents[0]), doubled)


def _find_style(raw: bytes, text: str, root: Node) -> Style:
    options = find_form([root], [("", root)], raw).to_options()
    tail = raw[root.end :].decode().replace("\r\n", "\n").removesuffix("\n")
    if tail and is_kept(tail):
        options = (*options, ("tail", tail))
    return Style(indent="  ", newline="\r\n" if "\r\n" in text else "\n", options=options)


def write_facts(record: dict[str, Any], style: Style) -> str:
    """The map's lines."""
    return write_map(record, style) + style.option("tail").replace("\n", style.newline)
