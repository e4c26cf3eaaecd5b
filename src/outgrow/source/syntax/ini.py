"""INI files as a record each: sections become nested values, `key[]` lists, as PHP's parse_ini_file takes them.

A value stays the text that it is; quotes around it are the style of its key.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.one_record import OneRecordSyntax, Parsed
from outgrow.source.syntax.yaml_layout import SECRET

SECTION = re.compile(r"\[([^\]\n]+)\][ \t]*(?:[;#].*)?")
LINE = re.compile(r"([^=\[;#]+?)(\[[^\]]*\])?([ \t]*[=][ \t]*)(.*)")
QUOTED = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'[^']*')[ \t]*(?:;.*)?")
COMMENT = re.compile(r"[ \t]+;.*")
DETECT = re.compile(
    rb"(?:[ \t]*(?:[;#][^\n]*)?\r?\n)*(?:\[[^\]\n]+\][ \t]*(?:[;#][^\n]*)?\r?\n|[\w.\-]+(?:\[[^\]\n]*\])?[ \t]*=)"
)


def detect(head: bytes) -> bool:
    """Whether a section or a key comes first."""
    return DETECT.match(head) is not None


def parse(raw: bytes) -> Parsed:
    """Keys and sections as one record."""
    text = raw.decode()
    record: dict[str, Any] = {}
    here, name, offset = record, "", 0
    doubled: list[str] = []
    options: dict[str, str] = {}
    equals: Counter[str] = Counter()
    before = ""
    indent = ""
    for line in text.split("\n"):
        stripped = line.strip()
        if section := SECTION.fullmatch(stripped):
            name = section[1]
            before = _note(options, f"^{name}/", before, "\n" if record else "")
            here = record.setdefault(name, {})
            if not isinstance(here, dict):
                raise Broken(f'the section "{name}" is a key too', offset)
        elif stripped and stripped[0] not in ";#":
            match = LINE.fullmatch(stripped)
            if match is None:
                raise Broken("a line has no key and no value", offset)
            equals[match[3]] += 1
            options[f":{name}/{match[1]}"] = match[3]
            indent = line[: len(line) - len(line.lstrip())] if here is not record else indent
            before = _note(options, f"^{name}/{match[1]}", before, "")
            value, quote = _value(match[4])
            if quote:
                options[f"={name}/{match[1]}"] = quote
            if match[2] and match[2] != "[]":
                options[f"#{name}/{match[1]}"] = "1"
            _put(here, match, value, doubled)
        else:
            before += stripped + "\n"
        offset += len(line.encode()) + 1
    style = _style(text, options | ({"indent": indent} if indent else {}), equals)
    return Parsed(record, style, doubled)


def _note(options: dict[str, str], name: str, before: str, usual: str) -> str:
    """Note the comments and blank lines before a line, unless they are the usual; nothing stands before the next."""
    if before != usual and not SECRET.search(before):
        options.setdefault(name, before)
    return ""


def _style(text: str, options: dict[str, str], equals: Counter[str]) -> Style:
    """How the lines are written; a blank line before a section is usual."""
    usual = equals.most_common(1)[0][0] if equals else " = "
    known = [("equals", usual)] if usual != " = " else []
    newline = "\r\n" if "\r\n" in text else "\n"
    noted = [(key, value) for key, value in options.items() if key[0] != ":" or value != usual]
    return Style(indent="", newline=newline, options=(*known, *noted))


def _value(text: str) -> tuple[str, str]:
    """A value, and the quote around it."""
    if quoted := QUOTED.fullmatch(text):
        return quoted[1][1:-1], quoted[1][0]
    return COMMENT.sub("", text), ""


def _put(here: dict[str, Any], match: re.Match[str], value: str, doubled: list[str]) -> None:
    key, index = match[1], match[2]
    if index is None:
        if key in here:
            doubled.append(key)
        here[key] = value
        return
    inner = here.setdefault(key, [] if index == "[]" else {})
    if index == "[]" and isinstance(inner, list):
        inner.append(value)
    elif index != "[]" and isinstance(inner, dict):
        inner[index[1:-1]] = value
    else:
        doubled.append(key)


def write(record: dict[str, Any], style: Style) -> str:
    """The lines: keys first, then sections."""
    sections = {n: v for n, v in record.items() if isinstance(v, dict) and not style.option(f"#/{n}")}
    lines = _lines({key: value for key, value in record.items() if key not in sections}, "", style)
    for name, values in sections.items():
        lines += _before(f"^{name}/", style, "\n" if lines else "")
        lines += [f"[{name}]", *_lines(values, name, style)]
    return style.newline.join(lines)


def _before(name: str, style: Style, usual: str = "") -> list[str]:
    """The lines that stand before a line."""
    known = dict(style.options)
    return known.get(name, usual).split("\n")[:-1]


def _lines(values: dict[str, Any], name: str, style: Style) -> list[str]:
    usual, lines = style.option("equals", " = "), []
    indent = style.option("indent") if name else ""
    for key, value in values.items():
        equals, shown = style.option(f":{name}/{key}", usual), indent + key
        quote = style.option(f"={name}/{key}")
        lines += _before(f"^{name}/{key}", style)
        if isinstance(value, list):
            lines += [f"{shown}[]{equals}{_text(item, quote)}" for item in value]
        elif isinstance(value, dict):
            lines += [f"{shown}[{index}]{equals}{_text(item, quote)}" for index, item in value.items()]
        else:
            lines.append(f"{shown}{equals}{_text(value, quote)}".rstrip())
    return lines


def _text(value: Any, quote: str) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(text.splitlines())
    if not quote and re.search(r"[;#=\"\[\]{}|&~!()^]", text):
        quote = '"'
    if quote == '"':
        text = re.sub(r'(?<!\\)"', r"\\\"", text)
    return f"{quote}{text}{quote}"


SYNTAX = OneRecordSyntax(name="ini", suffixes=(".ini",), textual=True, detect=detect, parse=parse, write=write)
