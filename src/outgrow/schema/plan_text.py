"""The plan's TOML as text: strings and comments going out, the lines of keys and comments coming in.

`tomllib` gives values without their lines and drops comments, so `scan` reads the same text a second
time for the places alone. It expects text that `tomllib` has accepted, and so never has to doubt it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

# TOML can't say a lone surrogate, but a JSON key or a file name may hold one. It is written as this
# noncharacter and four hex digits; the noncharacter itself is written the same way.
MARK = "\ufdd0"
UNSAYABLE = re.compile(f"[\ud800-\udfff{MARK}]")
MARKED = re.compile(f"{MARK}([0-9a-f]{{4}})")

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
WIDEST_ALIGNED = 88

TOKEN = re.compile(
    r"""
      (?P<blank>[ \t]+)
    | (?P<newline>\n)
    | (?P<comment>\#[^\n]*)
    | (?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5} | '{3}.*?'{3,5} | \"(?:[^"\\\n]|\\.)*\" | '[^'\n]*')
    | (?P<mark>[\[\]{},=.])
    | (?P<word>[^\s\[\]{},=.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)


def quote(text: str) -> str:
    """Return `text` as a TOML string: any text comes back the same through `restore`."""
    marked = UNSAYABLE.sub(lambda match: f"{MARK}{ord(match[0]):04x}", text)
    return '"' + "".join(_escape(letter) for letter in marked) + '"'


def _escape(letter: str) -> str:
    if letter in ESCAPES:
        return ESCAPES[letter]
    if letter.isprintable():
        return letter
    return f"\\u{ord(letter):04X}" if letter <= "\uffff" else f"\\U{ord(letter):08X}"


def restore(text: str) -> str:
    """Return what `quote` was given, from the text that a TOML parser makes of it."""
    return MARKED.sub(lambda match: chr(int(match[1], 16)), text)


def key(name: str) -> str:
    """Return `name` as a TOML key, quoted only where it must be."""
    return name if BARE_KEY.fullmatch(name) else quote(name)


def array(texts: Iterable[str]) -> str:
    """Return a TOML array of strings."""
    return f"[{', '.join(quote(text) for text in texts)}]"


def field_path(names: Sequence[str]) -> str:
    """Return a path of names with dots, or as an array where a name is empty or holds a dot itself."""
    if names and all(name and "." not in name for name in names):
        return quote(".".join(names))
    return array(names)


def one_line(text: str) -> str:
    """Return `text` as a comment can hold it: one line, printable, no runs of blanks."""
    return " ".join(_printable(text).split())


def note_line(text: str) -> str:
    """Return `text` as a comment line of its own can hold it: like `one_line`, but inner blanks stay."""
    return _printable(text).rstrip()


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def align(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Join each line with its comment, the comments below one another as far as the widths allow."""
    widths = [len(code) for code, comment in lines if comment and len(code) <= WIDEST_ALIGNED]
    column = max(widths, default=0)
    return [f"{code:<{column}}  # {comment}" if comment else code for code, comment in lines]


@dataclass
class Places:
    """Where the keys of a TOML text stand.

    `lines` has the line of each key, header and array item by its path; `comments` the comment that
    ends a key's or header's line; `blocks` the comment lines by the header that they belong to.
    """

    lines: dict[Path, int] = field(default_factory=dict)
    comments: dict[Path, str] = field(default_factory=dict)
    blocks: dict[Path, list[str]] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Return the line of the key at `path`, or of the nearest one above it that the text has."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def scan(text: str) -> Places:
    """Find the places of all keys and comments in valid TOML."""
    return _Scanner(text).scan()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in TOKEN.finditer(text):
        if match.lastgroup != "blank":
            yield _Token(str(match.lastgroup), match[0], line)
        line += match[0].count("\n")
    yield _Token("newline", "", line)


class _Scanner:
    """One pass over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.places = Places()
        self.section: Path = ()
        self.counts: dict[Path, int] = {}
        self.waiting: list[str] = []  # comment lines with nothing below them yet

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def scan(self) -> Places:
        while self.at < len(self.tokens):
            if self.token.kind == "newline":
                self._settle()
                self.at += 1
            elif self.token.kind == "comment":
                self.waiting.append(_comment(self.token))
                self.at += 2  # the comment and the end of its line
            elif self.token.text == "[":
                self._header()
            else:
                self._settle()
                self._end_of_line(self._pair(self.section))
        self._settle()
        return self.places

    def _settle(self) -> None:
        """Give the waiting comment lines to the section that they stand in."""
        if self.waiting:
            self.places.blocks.setdefault(self.section, []).extend(self.waiting)
            self.waiting = []

    def _header(self) -> None:
        line = self.token.line
        is_array = self.tokens[self.at + 1].text == "["
        self.at += 2 if is_array else 1
        path: Path = self._key()
        self.at += 2 if is_array else 1
        for length in range(1, len(path)):
            if path[:length] in self.counts:
                path = (*path[:length], self.counts[path[:length]] - 1, *path[length:])
        if is_array:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = (*path, self.counts[path] - 1)
        self._mark(path, line)
        self.section = path
        self._settle()
        self._end_of_line(path)

    def _key(self) -> Path:
        """Read a dotted key up to what follows it."""
        names: list[str] = []
        while self.token.kind in ("string", "word") or self.token.text == ".":
            if self.token.kind == "string":
                names.append(tomllib.loads(f"key = {self.token.text}")["key"])
            elif self.token.kind == "word":
                names.append(self.token.text)
            self.at += 1
        return tuple(names)

    def _pair(self, above: Path) -> Path:
        line = self.token.line
        path = (*above, *self._key())
        self._mark(path, line)
        self.at += 1  # the equals sign
        self._value(path)
        return path

    def _value(self, path: Path) -> None:
        opening = self.token.text
        if opening not in ("[", "{"):
            while self.token.kind in ("string", "word") or self.token.text == ".":
                self.at += 1
            return
        self.at += 1
        count = 0
        while self.token.text not in ("]", "}"):
            if self.token.kind in ("newline", "comment") or self.token.text == ",":
                self.at += 1
            elif opening == "{":
                self._pair(path)
            else:
                item = (*path, count)
                self._mark(item, self.token.line)
                self._value(item)
                count += 1
        self.at += 1

    def _mark(self, path: Path, line: int) -> None:
        self.places.lines[path] = line
        for length in range(1, len(path)):
            self.places.lines.setdefault(path[:length], line)

    def _end_of_line(self, path: Path) -> None:
        if self.token.kind == "comment":
            self.places.comments[path] = _comment(self.token).strip()
            self.at += 1
        self.at += 1


def _comment(token: _Token) -> str:
    return token.text[1:].removeprefix(" ").rstrip()
