"""XML as a tree of elements with their places, read by expat: no document type, no own entities, nothing fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from outgrow.source.syntax.json_scan import Broken

MOST_DEPTH = 100
TAG = re.compile(rb"<(?:[^\"'>]+|\"[^\"]*\"|'[^']*')*>")
"""An opening tag; what looks like its end within its attributes is none."""
LARGEST = 64 << 20


@dataclass(slots=True)
class Element:
    """An element; `text` is all text that stands in it itself, `cdata` says that some of it is marked so.

    `end` is behind its closing tag; `behind` where its opening tag ends.
    """

    tag: str
    attributes: dict[str, str]
    start: int
    end: int = 0
    text: str = ""
    cdata: bool = False
    children: list[Element] = field(default_factory=list)

    @property
    def mixed(self) -> bool:
        """Whether text stands between its elements."""
        return bool(self.children and self.text.strip())


def parse_xml(raw: bytes) -> Element:
    """The root element; raises Broken where the text isn't plain XML."""
    if len(raw) > LARGEST:
        raise Broken(f"is {len(raw) >> 20} MB of XML, more than the {LARGEST >> 20} MB that can be read", 0)
    builder = _Builder(raw)
    try:
        builder.parser.Parse(raw, True)
    except expat.ExpatError as error:
        problem = expat.errors.messages.get(error.code, "is no XML")
        raise Broken(f"is no XML: {problem}", max(0, builder.parser.ErrorByteIndex)) from None
    assert builder.root is not None  # expat refuses a text without an element
    return builder.root


class _Builder:
    """Takes what expat calls out."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.root: Element | None = None
        self.open: list[Element] = []
        self.closed: Element | None = None
        parser: Any = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.ordered_attributes = False
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.finish
        parser.CharacterDataHandler = self.characters
        parser.StartCdataSectionHandler = self.start_cdata
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse
        parser.ProcessingInstructionHandler = None
        self.parser = parser

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        place = self.parser.CurrentByteIndex
        if len(self.open) >= MOST_DEPTH:
            raise Broken(f"is nested too deeply: more than {MOST_DEPTH} levels", place)
        element = Element(tag, attributes, place)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def finish(self, tag: str) -> None:  # noqa: ARG002
        place = self.parser.CurrentByteIndex
        element = self.open.pop()
        opened = TAG.match(self.raw, element.start)
        end = opened.end() if opened else place
        element.end = end if self.raw[end - 2 : end] == b"/>" else self.raw.index(b">", place) + 1

    def characters(self, text: str) -> None:
        self.open[-1].text += text

    def start_cdata(self) -> None:
        self.open[-1].cdata = True

    def refuse(self, *rest: Any) -> None:  # noqa: ARG002
        raise Broken("holds a document type or entities of its own, which are not read", self.parser.CurrentByteIndex)
