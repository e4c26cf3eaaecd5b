"""INI files as a record each: sections become nested values, `key[]` lists, as PHP's parse_ini_file takes them.

A value stays the text that it is; the quotes around it, and the comments before its line, are the style of its key.
Options of the style are named by what they say and the key's section and name: `=` the quote (`p` for none), `:` what
stands between key and value, `^` the lines before it, `#` that it holds keys of its own, `+` how it is continued.
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
BARE = re.compile(r"[\w.\-]+")
QUOTED = re.compile(r"(\"(?:[^\"\\]|\\.)*\"|'[^']*')[ \t]*(?:;.*)?")
COMMENT = re.compile(r"[ \t]+;.*")
NEEDS_QUOTES = re.compile(r"[;#=\"\[\]{}|&~!()^]")
DETECT = re.compile(
    rb"(?:[ \t]*(?:[;#][^\n]*)?\r?\n)*(?:\[[^\]\n]+\][ \t]*(?:[;#][^\n]*)?\r?\n|[\w.\-]+(?:\[[^\]\n]*\])?[ \t]*=)"
)


def detect(head: bytes) -> bool:
    """Whether a section or a key comes first."""
    return DETECT.match(head) is not None


def parse(raw: bytes) -> Parsed:
    """Keys and sections as one record."""
    text = raw.decode()
    reader, offset = _Reader(), 0
    for line in text.split("\n"):
        try:
            reader.take(line)
        except ValueError as error:
            raise Broken(str(error), offset) from None
        offset += len(line.encode()) + 1
    newline = "\r\n" if "\r\n" in text else "\n"
    return Parsed(reader.record, Style(indent="", newline=newline, options=reader.style()), reader.doubled)


class _Reader:
    """Takes line by line; `here` is the section that lines belong to, `name` its name, `last` the last key."""

    def __init__(self) -> None:
        self.record: dict[str, Any] = {}
        self.here, self.name, self.last = self.record, "", ""
        self.doubled: list[str] = []
        self.options: dict[str, str] = {}
        self.equals: Counter[str] = Counter()
        self.before = self.indent = ""

    def take(self, line: str) -> None:
        """Take a line; raises ValueError where it is none of what may stand in such a file."""
        stripped = line.strip()
        if section := SECTION.fullmatch(stripped):
            self.name, self.last = section[1], ""
            self.note_before(f"{self.name}/", "\n" if self.record else "")
            self.here = self.record.setdefault(self.name, {})
            if not isinstance(self.here, dict):
                raise ValueError(f'the section "{self.name}" is a key too')
        elif not stripped or stripped[0] in ";#":
            self.before += line.rstrip("\r") + "\n"
        elif match := LINE.fullmatch(stripped):
            self.take_pair(match, line)
        elif line[:1] in " \t" and self.last and isinstance(self.here.get(self.last), str) and not self.before:
            self.here[self.last] += "\n" + stripped
            self.options[f"+{self.name}/{self.last}"] = line[: len(line) - len(line.lstrip())]
        elif BARE.fullmatch(stripped) and stripped not in self.here:
            self.options[f":{self.name}/{stripped}"] = ""
            self.note_before(f"{self.name}/{stripped}", "")
            self.here[stripped] = ""
        else:
            raise ValueError("a line has no key and no value")

    def take_pair(self, match: re.Match[str], line: str) -> None:
        path, (value, quote) = f"{self.name}/{match[1]}", _value(match[4])
        self.equals[match[3]] += 1
        self.options[f":{path}"] = match[3]
        self.note_before(path, "")
        if self.here is not self.record:
            self.indent = line[: len(line) - len(line.lstrip())]
        if quote or NEEDS_QUOTES.search(value):
            self.options[f"={path}"] = quote or "p"
        if match[2] and match[2] != "[]":
            self.options[f"#{path}"] = "1"
        self.last = match[1] if match[2] is None else ""
        self.put(match[1], match[2], value)

    def put(self, key: str, index: str | None, value: str) -> None:
        if index is None:
            if key in self.here:
                self.doubled.append(key)
            self.here[key] = value
            return
        inner = self.here.setdefault(key, [] if index == "[]" else {})
        if index == "[]" and isinstance(inner, list):
            inner.append(value)
        elif index != "[]" and isinstance(inner, dict):
            inner[index[1:-1]] = value
        else:
            self.doubled.append(key)

    def note_before(self, path: str, usual: str) -> None:
        """Note the comments and blank lines before a line, unless they are the usual or may hold a secret."""
        if self.before != usual and not SECRET.search(self.before):
            self.options.setdefault(f"^{path}", self.before)
        self.before = ""

    def style(self) -> tuple[tuple[str, str], ...]:
        usual = self.equals.most_common(1)[0][0] if self.equals else " = "
        known = [("equals", usual)] if usual != " = " else []
        known += [("indent", self.indent)] if self.indent else []
        return (*known, *((name, value) for name, value in self.options.items() if name[0] != ":" or value != usual))


def _value(text: str) -> tuple[str, str]:
    """A value, and the quote around it; in double quotes, a quote stands behind a backslash."""
    if quoted := QUOTED.fullmatch(text):
        value, quote = quoted[1][1:-1], quoted[1][0]
        return value.replace('\\"', '"') if quote == '"' else value, quote
    return COMMENT.sub("", text), ""


def write(record: dict[str, Any], style: Style) -> str:
    """The lines: keys first, then sections."""
    options = dict(style.options)
    sections = {n: v for n, v in record.items() if isinstance(v, dict) and f"#/{n}" not in options}
    lines = _lines({key: value for key, value in record.items() if key not in sections}, "", options)
    for name, values in sections.items():
        lines += options.get(f"^{name}/", "\n" if lines else "").split("\n")[:-1]
        lines += [f"[{name}]", *_lines(values, name, options)]
    return style.newline.join(lines)


def _lines(values: dict[str, Any], name: str, options: dict[str, str]) -> list[str]:
    lines: list[str] = []
    indent = options.get("indent", "") if name else ""
    for key, value in values.items():
        path, shown = f"{name}/{key}", indent + key
        quote, more = options.get(f"={path}", ""), options.get(f"+{path}", "    ")
        equals = options.get(f":{path}", options.get("equals", " = "))
        lines += options.get(f"^{path}", "").split("\n")[:-1]
        if isinstance(value, list):
            lines += [f"{shown}[]{equals}{_text(item, quote)}" for item in value]
        elif isinstance(value, dict):
            lines += [f"{shown}[{index}]{equals}{_text(item, quote)}" for index, item in value.items()]
        else:
            first, *rest = ("" if value is None else str(value)).split("\n")
            equals = equals or (" = " if first else "")
            lines.append(f"{shown}{equals}{_text(first if isinstance(value, str) else value, quote)}".rstrip())
            lines += [more + line.strip() for line in rest if line.strip()]
    return lines


def _text(value: Any, quote: str) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(text.splitlines())
    if not quote and NEEDS_QUOTES.search(text):
        quote = '"'
    if quote == '"':
        text = text.replace('"', '\\"')
    return text if quote == "p" else f"{quote}{text}{quote}"


SYNTAX = OneRecordSyntax(name="ini", suffixes=(".ini",), textual=True, detect=detect, parse=parse, write=write)
