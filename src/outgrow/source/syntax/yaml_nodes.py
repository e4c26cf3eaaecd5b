"""YAML text as a tree of nodes with places and styles. Nothing is built but texts, lists and pairs.

The parser is libyaml's (by PyYAML), of which only the events are used: no tag makes an object. It is given one
character for each byte, so its places are offsets; bytes beyond ASCII are letters to it, and no line ends.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from outgrow.source.syntax.json_scan import Broken

MOST_DEPTH = 100
MOST_UNFOLDED = 100_000
LARGEST = 64 << 20
LETTERS = "".join(chr(byte) if byte < 0x80 else chr(0xE000 + byte) for byte in range(256))
HIGH = re.compile("[\ue080-\ue0ff]+")
TOLERATED = re.compile("[\ue025\ue03a\ue040\ue060]")
"""Signs that many a program takes where YAML doesn't: a percent sign, colon, at sign or backtick as a letter."""
MOST_TOLERATED = 50
VALUE_BEFORE = re.compile(r"[ ]*(?:- +)*[^\s:#'\"\[{][^:\n]*: +[^\s'\"\[{|>&*!][^\n]*")
PRIVATE_ESCAPE = re.compile(rb"\\(?:u|U0000)[eE]0")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PROBLEMS = {
    "mapping values are not allowed": "a colon and a blank stand in a text without quotes",
    "could not find expected ':'": "a colon is expected behind the key",
    "did not find expected key": "a key is expected here, at the depth of those before it",
    "expected <block end>": "a key is expected here, at the depth of those before it",
    "did not find expected '-' indicator": "a dash is expected here, at the depth of those before it",
    "found character that cannot start any token": "nothing may start with this character; put it into quotes",
    "found unexpected end of stream": "a text in quotes doesn't end",
    "found undefined alias": "an alias has no anchor before it",
    "found unknown escape character": "a backslash stands before a character that needs none",
    "found a tab character": "a tab indents here, where only blanks may",
}


@dataclass(slots=True)
class Node:
    """A value: `scalar`, `list` or `map`. `items` of a map are key, value, key, value.

    `style` is the quote of a scalar (or `|`, `>`), the bracket of a container within a line, else empty. `size`
    counts the values in it, those behind aliases as often as they are meant; `mark` says where it is one, or has
    an anchor.
    """

    kind: str
    start: int
    end: int
    text: str = ""
    style: str = ""
    items: list[Node] = field(default_factory=list)
    size: int = 1
    mark: str = ""

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys and values of a map."""
        return zip(self.items[::2], self.items[1::2], strict=True)


def parse_documents(raw: bytes) -> list[Node]:
    """All documents of a text; raises Broken where it isn't YAML, or more than plain data."""
    if len(raw) > LARGEST:
        raise Broken(f"is {len(raw) >> 20} MB of YAML, more than the {LARGEST >> 20} MB that can be read", 0)
    if (wrong := CONTROL.search(raw)) or (wrong := PRIVATE_ESCAPE.search(raw)):
        raise Broken("holds a character that YAML doesn't allow", wrong.start())
    text: str = codecs.charmap_decode(raw, "strict", LETTERS)[0]
    for _ in range(MOST_TOLERATED):
        try:
            return _Builder(yaml.parse(text, Loader=LOADER), raw).documents()
        except yaml.MarkedYAMLError as error:
            mark: Any = error.problem_mark or error.context_mark
            problem, place = error.problem or error.context or "", mark.index if mark else 0
            if text[place : place + 1] == "\t":
                problem = "found a tab character"
            if not _is_tolerated(problem, text, place):
                raise Broken(_name_problem(problem), place) from None
            text = text[:place] + chr(0xE000 + ord(text[place])) + text[place + 1 :]
        except yaml.YAMLError as error:
            raise Broken(f"is no YAML: {error}", 0) from None
    raise Broken("is no YAML: too many signs stand where they may not", 0)


def _is_tolerated(problem: str, text: str, place: int) -> bool:
    """Whether a sign at a place means itself to programs that are less strict."""
    if problem.startswith("found character that cannot start any token"):
        return text[place : place + 1] in ("@", "`", "%")
    if not problem.startswith("mapping values are not allowed") or text[place : place + 1] != ":":
        return False
    return VALUE_BEFORE.fullmatch(text, text.rfind("\n", 0, place) + 1, place) is not None


def _name_problem(theirs: str) -> str:
    return next((ours for start, ours in PROBLEMS.items() if theirs.startswith(start)), theirs or "is no YAML")


class _Builder:
    """Makes nodes of events; anchors hold within their document."""

    def __init__(self, events: Iterator[Any], raw: bytes) -> None:
        self.events, self.raw = events, raw
        self.anchors: dict[str, Node] = {}
        self.unfolded = 0

    def documents(self) -> list[Node]:
        found = []
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.anchors, self.unfolded = {}, 0
                found.append(self.node(next(self.events), 0))
        return found

    def node(self, event: Any, depth: int) -> Node:
        """The node that begins with an event."""
        start = event.start_mark.index
        if depth > MOST_DEPTH:
            raise Broken(f"is nested too deeply: more than {MOST_DEPTH} levels", start)
        is_scalar = type(event) is yaml.ScalarEvent
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event, start)
        if getattr(event, "tag", None) is not None:
            raise Broken(f"holds the tag {self.text(event.tag, start)}, and nothing is built by tags", start)
        if is_scalar:
            style = event.style or ""
            node = Node("scalar", start, self.trim(event.end_mark.index, start), self.text(event.value, start), style)
        else:
            node = self.container(event, start, depth)
        if event.anchor is not None:
            node.mark = "&"
            self.anchors[event.anchor] = node
        return node

    def container(self, event: Any, start: int, depth: int) -> Node:
        """A list or map with all that is in it."""
        is_map = type(event) is yaml.MappingStartEvent
        closing = yaml.MappingEndEvent if is_map else yaml.SequenceEndEvent
        node = Node("map" if is_map else "list", start, start)
        if event.flow_style:
            node.style = "{" if is_map else "["
        while type(event := next(self.events)) is not closing:
            item = self.node(event, depth + 1)
            node.items.append(item)
            node.size += item.size
        last = node.items[-1].end if node.items else start
        mark: Any = event.end_mark
        node.end = mark.index if node.style else max(last, start)
        return node

    def alias(self, event: Any, start: int) -> Node:
        """What an alias stands for; counted, as some texts unfold without end."""
        known = self.anchors.get(event.anchor)
        if known is None:
            raise Broken("an alias has no anchor before it", start)
        self.unfolded += known.size
        if self.unfolded > MOST_UNFOLDED:
            raise Broken(f"its aliases unfold to more than {MOST_UNFOLDED:,} values", start)
        return Node(known.kind, start, event.end_mark.index, known.text, known.style, known.items, known.size, "*")

    def text(self, text: str, start: int) -> str:
        """A text as UTF-8 has it."""
        text = TOLERATED.sub(lambda sign: chr(ord(sign[0]) - 0xE000), text)
        try:
            return HIGH.sub(lambda run: codecs.charmap_encode(run[0], "strict", BYTES)[0].decode(), text)
        except UnicodeDecodeError:
            raise Broken("is not UTF-8", start) from None

    def trim(self, end: int, start: int) -> int:
        """The end of a scalar without the line ends that a block takes in."""
        while end > start and self.raw[end - 1 : end] in (b"\n", b"\r", b" "):
            end -= 1
        return end


BYTES = codecs.charmap_build(LETTERS)
