"""Content files with facts at the top: YAML or TOML between fences, lines of keys, HTML comments; then the body.

The body becomes one more field of the record. What stands between fence and body, and how the facts are written,
is the file's style.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax import toml_text, yaml_record
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import OneRecordSyntax, Parsed

HEAD = 65_536
BODIES = ("content", "body", "text", "content_text")
TITLE = "title"
GAP = re.compile(rb"(?:[ \t]*\r?\n)*")
FIRST_FACT = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:[\"']?[^\s:#\-][^:\n]*:(?:\s|\Z)|\{)")
LINE = re.compile(r"([^\s:#][^:]*?)([ \t]*:[ \t]*)(.*)")
COMMENTS = re.compile(rb"(?:<!--([A-Za-z_-]+) .*? ?\1-->[ \t]*\r?\n?)+", re.DOTALL)
BARE = re.compile(rb"()(?=[A-Za-z][\w-]*:[^\n]*\r?\n(?:[ \t][^\n]*\n|- [^\n]*\n)*[A-Za-z][\w-]*:(?:[ \t\r\n]))")
"""Two keys, with no fence before them."""
HEADER = re.compile(
    rb"(?=(?i:title|author|date|slug|layout|template|tags|category|summary|lang)[ \t]*:)"
    rb"(?:[A-Za-z][\w -]{0,40}:[^\n]*(?:\n|\Z)){2,}(?=\s)"
)
"""Lines of keys and values that a blank line ends, as of Pelican and MultiMarkdown."""
FIELDS = re.compile(
    rb"(?:([^\s:.][^\r\n]*)(\r?\n)(([=#*~^\"+-])\4{2,})((?:\r?\n)+))?"
    rb"(?P<lines>(?:(?P<mark>\.\. |:)[A-Za-z][\w-]{0,40}:(?!:)[^\n]*(?:\n|\Z)){2,})(?=\s|\Z)"
)
"""Fields of reStructuredText, as Pelican and Nikola have them, which a heading may stand before."""
COMMENT = re.compile(r"<!--([A-Za-z_-]+) (.*?) ?\1-->", re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """What opens and closes facts, and how they are read and written."""

    opening: re.Pattern[bytes]
    closing: re.Pattern[bytes]
    parse: Callable[[bytes], Parsed]
    write: Callable[[dict[str, Any], Style], str]


def _fence(opening: bytes, closing: bytes, language: Any) -> Fence:
    end = re.compile(rb"^(" + closing + rb")[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
    return Fence(re.compile(rb"(" + opening + rb")[ \t]*\r?\n"), end, language.parse_facts, language.write_facts)


FENCES = (
    _fence(rb"---(?:[ \t]*ya?ml)?", rb"---|\.\.\.", yaml_record),
    _fence(rb"\+\+\+(?:[ \t]*toml)?|---[ \t]*toml", rb"\+\+\+|---", toml_text),
    _fence(rb"/\*+", rb"[ \t]*\*/", yaml_record),
    _fence(rb"<!--(?:---)?", rb"(?:---)?-->", yaml_record),
    Fence(
        BARE, re.compile(rb"^(---)[ \t]*(?:\r?\n|\Z)", re.MULTILINE), yaml_record.parse_facts, yaml_record.write_facts
    ),
)


def detect(head: bytes) -> bool:
    """Whether a fence opens the text, and closes again behind what looks like facts; or comments hold some."""
    if COMMENTS.match(head) or HEADER.match(head) or FIELDS.match(head):
        return True
    found = _find(head)
    if found is None:
        return False
    fence, opened, closed = found
    facts = head[opened.end() : closed.start()]
    return not facts.strip() or fence is FENCES[1] or FIRST_FACT.match(facts) is not None


def _find(raw: bytes) -> tuple[Fence, re.Match[bytes], re.Match[bytes]] | None:
    for fence in FENCES:
        if (opened := fence.opening.match(raw)) and (closed := fence.closing.search(raw, opened.end())):
            return fence, opened, closed
    return None


def parse(raw: bytes) -> Parsed:
    """The facts and the body as one record."""
    if comments := COMMENTS.match(raw):
        return _parse_comments(raw, comments.end())
    found = _find(raw)
    if found is None:
        if fields := FIELDS.match(raw):
            return _parse_fields(raw, fields)
        header = HEADER.match(raw)
        if header is None:
            raise Broken("the facts at its top don't end", 0)
        newline = "\r\n" if b"\r\n" in header[0] else "\n"
        parsed = _parse_lines(header[0])
        return _with_body(_fenced(parsed, newline, "", ""), raw, header.end())
    fence, opened, closed = found
    facts = raw[opened.end() : closed.start()]
    try:
        parsed = _parse_facts(fence, facts)
    except Broken as broken:
        raise Broken(broken.problem, opened.end() + broken.offset) from None
    newline = "\r\n" if opened[0].endswith(b"\r\n") else "\n"
    return _with_body(_fenced(parsed, newline, opened[1].decode(), closed[1].decode()), raw, closed.end())


def _fenced(parsed: Parsed, newline: str, opening: str, closing: str) -> Parsed:
    fences = (("open", opening), ("close", closing))
    return parsed.restyled(lambda style: replace(_with_options(style, *fences), newline=newline))


def _parse_facts(fence: Fence, facts: bytes) -> Parsed:
    """Facts in their language; where they aren't in it, lines of keys and values, as many a program takes them."""
    if facts.startswith(b".. ") and (fields := FIELDS.match(facts)) and fields.end() == len(facts):
        return _parse_lines(facts, ".. ")
    try:
        return fence.parse(facts)
    except Broken as broken:
        try:
            return _parse_lines(facts)
        except Broken:
            raise broken from None


def _parse_lines(facts: bytes, mark: str = "") -> Parsed:
    record: dict[str, Any] = {}
    colons: dict[str, str] = {}
    offset = 0
    for line in facts.split(b"\n"):
        if line.strip():
            match = LINE.fullmatch(line.decode("utf-8", "replace").rstrip("\r").removeprefix(mark))
            if match is None or match[1] in record or "\ufffd" in match[0]:
                raise Broken("is no line of a key and a value", offset)
            record[match[1]], colons[match[1]] = match[3], match[2]
        offset += len(line) + 1
    usual = next(iter(colons.values()), "")
    odd = [(f"={key}", colon) for key, colon in colons.items() if colon != usual]
    marks = [("mark", mark)] if mark else []
    return Parsed(record, Style(indent="  ", options=(("facts", "lines"), ("colon", usual), *marks, *odd)))


def _parse_fields(raw: bytes, fields: re.Match[bytes]) -> Parsed:
    """Fields of reStructuredText; a heading before them is the title."""
    parsed = _parse_lines(fields["lines"], fields["mark"].decode())
    newline = "\r\n" if b"\r\n" in fields[0] else "\n"
    parsed = _fenced(parsed, newline, "", "")
    if fields[1] is not None:
        title, line = fields[1].decode(), fields[3].decode()
        if TITLE in parsed.record or len(title) != len(line):
            raise Broken("has a heading that is no title of its own", 0)
        heading = (("heading", line[0]), ("below", fields[5].decode()))
        parsed = replace(parsed, record={TITLE: title, **parsed.record})
        parsed = parsed.restyled(lambda style: _with_options(style, *heading))
    return _with_body(parsed, raw, fields.end())


def _parse_comments(raw: bytes, end: int) -> Parsed:
    found = COMMENT.findall(raw[:end].decode())
    newline = "\r\n" if b"\r\n" in raw[:end] else "\n"
    return _with_body(
        Parsed(dict(found), Style(indent="  ", newline=newline, options=(("facts", "comments"),))), raw, end
    )


def _with_body(parsed: Parsed, raw: bytes, start: int) -> Parsed:
    """The record with the body in a field that no fact has."""
    gap = GAP.match(raw, start)
    begin = gap.end() if gap else start
    name = next((name for name in BODIES if name not in parsed.record), "")
    if begin >= len(raw):
        return parsed.restyled(lambda style: _with_options(style, ("body", name)))
    if not name:
        raise Broken("has no name left for its text", start)
    body = raw[begin:].decode()
    gap_text = raw[start:begin].decode()
    styled = parsed.restyled(lambda style: _with_options(style, ("body", name), ("gap", gap_text)))
    return replace(styled, record={**parsed.record, name: body})


def _with_options(style: Style, *options: tuple[str, str]) -> Style:
    return replace(style, options=(*style.options, *options))


def write(record: dict[str, Any], style: Style) -> str:
    """The file's text, without white space at its end."""
    name = style.option("body", BODIES[0])
    facts, body = {key: value for key, value in record.items() if key != name}, record.get(name)
    head = _write_facts(facts, style)
    if body is None or body == "":
        return head
    gap = style.option("gap") if style.option("gap") or "gap" in dict(style.options) else style.newline
    return head + style.newline + gap + (body if isinstance(body, str) else str(body))


def _write_facts(facts: dict[str, Any], style: Style) -> str:
    kind, newline = style.option("facts"), style.newline
    if kind == "comments":
        return newline.join(f"<!--{key} {_as_line(value)} {key}-->" for key, value in facts.items())
    opening, closing = style.option("open", "---"), style.option("close", "---")
    if kind == "lines":
        if style.option("heading"):
            return _write_headed(facts, style)
        head = _write_lines(facts, style)
        lines = [head] if head else []
        head = newline.join([*([opening] if opening else []), *lines, *([closing] if closing else [])])
        text = f"{head}\n\n".encode("utf-8", "replace")
        if not opening and not HEADER.match(text) and not FIELDS.match(text):
            return newline.join(["---", head, "---"])
        return head
    fence = next((f for f in FENCES[:-1] if f.opening.match(opening.encode() + b"\n")), FENCES[-1])
    inner = fence.write(facts, style) if facts else ""
    head = newline.join([*([opening] if opening else []), *([inner] if inner else []), closing])
    if not opening and not fence.opening.match(head.encode("utf-8", "replace")):
        return newline.join(["---", head])  # too few facts are left to be known without a fence
    return head


def _write_lines(facts: dict[str, Any], style: Style) -> str:
    mark, colon = style.option("mark"), style.option("colon", ": ")
    return style.newline.join(
        f"{mark}{key}{style.option(f'={key}') or colon}{_as_line(value)}" for key, value in facts.items()
    )


def _write_headed(facts: dict[str, Any], style: Style) -> str:
    title = _as_line(facts.get(TITLE))
    rest = {key: value for key, value in facts.items() if key != TITLE}
    line = style.option("heading") * len(title)
    return f"{title}{style.newline}{line}{style.option('below')}{_write_lines(rest, style)}"


def _as_line(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split("\n"))


SYNTAX = OneRecordSyntax(
    name="front_matter",
    suffixes=tuple(
        ".md .markdown .mdown .mkd .mdx .html .htm .txt .textile .adoc .rst .org .liquid .njk .xml .json .js .css"
        " .scss".split()
    ),
    textual=False,
    detect=detect,
    parse=parse,
    write=write,
)
