"""Finds the array that a file of PHP's code returns or assigns, and what it holds, without running any of it."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.outline import Member, Outline, Span
from outgrow.source.syntax.php_array_read import KEYED, NEEDS_PHP, Reader
from outgrow.source.syntax.php_array_skip import find_end, skip_expression, skip_gap
from outgrow.source.syntax.php_values import Kinds, counting

OPEN = re.compile(rb"\s*<\?php\b", re.IGNORECASE)
PASSED = re.compile(
    rb"(?:declare\s*\([^)]*\)\s*;|namespace\s+[\w\\]+\s*;|use\s+[\w\\ ,{}]+;|"
    rb"define\s*\(\s*['\"][\w\\]+['\"]\s*,\s*(?:'[^'\\]*'|\"[^\"\\$]*\"|[\w.-]+)\s*\)\s*;|"
    rb"(?:error_reporting|ini_set|header|http_response_code)\s*\([^();]*\)\s*;|"
    rb"(?:!\s*)?defined\s*\([^()]*\)\s*(?:or|\|\||and|&&)\s*(?:die|exit)\b\s*(?:\([^()]*\))?\s*;|"
    rb"if\s*\(\s*(?:!\s*)?defined\s*\([^()]*\)\s*\)\s*(?:\{\s*)?(?:header\s*\([^();]*\)\s*;\s*)?"
    rb"(?:die|exit|return)\b\s*(?:\([^()]*\))?\s*;(?:\s*\})?)",
    re.IGNORECASE,
)
RETURN = re.compile(rb"return\b\s*(?!;)", re.IGNORECASE)
ASSIGN = re.compile(rb"\$([A-Za-z_\x80-\xff][\w\x80-\xff]*)\s*=(?![=>])")
RETURN_VARIABLE = re.compile(rb"return\s+\$[A-Za-z_]\w*\s*;", re.IGNORECASE)
CONTAINER = re.compile(
    rb"(?:\(\s*object\s*\)\s*)?(?:\[|array\s*\()|"
    rb"\\?[A-Za-z_\x80-\xff][\w\\\x80-\xff]*\s*::\s*__set_state\s*\(\s*(?:\[|array\s*\()",
    re.IGNORECASE,
)
LITERAL = re.compile(rb"['\"\d.+-]|true\b|false\b|null\b|<<<", re.IGNORECASE)
END = re.compile(rb"\s*(?:\?>\s*)?\Z")
TAIL = re.compile(rb"\n[ \t]*(\)\)|\]\)|[\])])\s*;\s*(?:\?>\s*)?\Z")
SMALL = 4 << 20
SAMPLE = 65_536
LARGEST_SAMPLE = 200


class NeedsPhp(Broken):
    """The file is a script: what it holds can't be told without running it."""


@dataclass(frozen=True)
class Statement:
    """A value that the file returns or assigns: its name (empty for `return`), and where statement and value start."""

    name: str
    start: int
    value: int


def starts_as_data(head: bytes, position: int = 0) -> bool:
    """Whether a file's first bytes return or assign a literal before they do anything else."""
    found = next(read_statements(head, position, lenient=True), None)
    if found is None:
        return False
    return (CONTAINER.match(head, found.value) or LITERAL.match(head, found.value)) is not None


def is_whole_array(head: bytes, position: int) -> bool:
    """Whether the PHP that a file starts with is its data, rather than a guard before them."""
    if not starts_as_data(head, position):
        return False
    end = head.find(b"?>", position)
    return (
        end < 0 or not head[end + 2 :].strip() or re.search(rb"\breturn\s+(?:\[|array)", head[position:end]) is not None
    )


def read_statements(text: Any, position: int, *, lenient: bool = False) -> Iterator[Statement]:
    """The values that are returned or assigned, in turn; raises NeedsPhp at any other statement, unless `lenient`."""
    opened = OPEN.match(text, position)
    if opened is None:
        return
    position, size = opened.end(), len(text)
    while True:
        position = skip_gap(text, position)
        if position >= size or END.match(text, position):
            return
        if passed := PASSED.match(text, position) or RETURN_VARIABLE.match(text, position):
            position = passed.end()
            continue
        match = RETURN.match(text, position) or ASSIGN.match(text, position)
        if match is None:
            if lenient:
                return
            raise NeedsPhp("is a PHP script, which is never run: it does more than return or assign values", position)
        name = match.group(1).decode("utf-8", "replace") if match.lastindex else ""
        value = skip_gap(text, match.end())
        yield Statement(name, position, value)
        position = behind_statement(text, value)


def behind_statement(text: Any, position: int) -> int:
    """The offset behind the semicolon that ends a statement."""
    end = root_end(text, position) or skip_expression(text, position)
    position = skip_gap(text, end)
    if text[position : position + 1] == b";":
        return position + 1
    if position >= len(text) or END.match(text, position):
        return position
    raise NeedsPhp(f"holds an expression, {NEEDS_PHP}", position)


def root_end(text: Any, position: int) -> int | None:
    """Where the value of the file's last statement ends, told from the file's end; None where it must be read."""
    if len(text) - position < SMALL or CONTAINER.match(text, position) is None:
        return None
    start = max(position, len(text) - 4_096)
    match = TAIL.search(text[start:])
    return None if match is None else start + match.end(1)


def outline_array(stream: IO[bytes], start: int, size: int, most: int) -> Outline:
    """The array that a file returns, or its variables as members."""
    text = whole_text(stream, size)
    statements = list(read_statements(text, start))
    if not statements:
        raise NeedsPhp("is a PHP script without data", start)
    if len(statements) == 1 and CONTAINER.match(text, statements[0].value):
        return _Finder(text, size).root(statements[0].value, most)
    if len(statements) == 1 and not statements[0].name:
        value, end = _Finder(text, size).plain(statements[0].value)
        return Outline(Span("value", statements[0].value, end), sample=[value])
    if not all(statement.name for statement in statements):
        raise NeedsPhp("is a PHP script, which is never run: it does more than return or assign values", start)
    return _Finder(text, size).variables(statements)


def whole_text(stream: IO[bytes], size: int) -> Any:
    """All of a file, without having it in memory where it is large."""
    if size < SMALL:
        stream.seek(0)
        return stream.read(size)
    return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


class _Finder:
    """Finds containers and their members in a text."""

    def __init__(self, text: Any, size: int) -> None:
        self.text, self.size = text, size
        self.flaws = 0
        self.samples = 0
        self.flaw: Broken | None = None

    def root(self, position: int, most: int) -> Outline:
        """The outline of one array; raises NeedsPhp where it is a script's rather than data."""
        span, sample = self.container(position, root=True)
        if span.kind == "list":
            self._judge(records=True)
            return Outline(span, sample=[value for _, value in sample])
        members: list[Member] = []
        problem = None
        try:
            self._members(span, members, most)
        except NeedsPhp:
            raise
        except Broken as broken:
            problem = broken
        self._judge(records=all(member.span is not None for member in members))
        return Outline(span, members=members, problem=problem, partial=len(members) == most)

    def variables(self, statements: list[Statement]) -> Outline:
        """The outline of some variables: each is a member."""
        members = [self._member(one.name, one.start, one.value) for one in statements]
        self._judge(records=False)
        first, last = members[0].start, members[-1].end
        options = Style(options=(("assigned", "1"),))
        return Outline(Span("map", first - 1, last, style=options), members=members)

    def plain(self, position: int) -> tuple[Any, int]:
        """A value that is no container; raises NeedsPhp."""
        reader = Reader(Kinds(Style()))
        value, end = reader.value(self.text[position : position + (16 << 20)], 0, 1, "")
        if reader.flaw is not None:
            if NEEDS_PHP in reader.flaw.reason:
                raise NeedsPhp(reader.flaw.reason, position + reader.flaw.offset)
            raise Broken(reader.flaw.reason, position + reader.flaw.offset)
        return value, position + end

    def container(self, position: int, *, root: bool = False) -> tuple[Span, list[tuple[str, Any]]]:
        """The container that starts at an offset, from its first element to behind its last, and some of these."""
        opened = CONTAINER.match(self.text, position)
        if opened is None:
            raise Broken("an array is expected", position)
        first = skip_gap(self.text, opened.end())
        known = root_end(self.text, position) if root else None
        broken = False
        try:
            last, bracket = find_end(self.text, first) if known is None else self._last(first, known, opened.group())
        except Broken as problem:
            if problem.problem != "the text breaks off" and "doesn't end" not in problem.problem:
                raise
            last, bracket, broken = self.size, self.size, True
        if root and not broken:
            self._check_root(opened.group(), bracket)
        if bracket <= first and not broken:
            return Span("list", opened.end() - 1, first, empty=True), []
        sample, keyed = self._sample(first, last)
        is_object = b"object" in opened.group().lower() or b"::" in opened.group()
        is_list = bool(sample) and not is_object and [key for key, _ in sample] == counting(0, len(sample))
        style = Style(options=(("keyed", "1"),)) if is_list and keyed else None
        style = Style(options=(("object", "1"),)) if is_object else style
        return Span("list" if is_list else "map", first - 1, last, broken, style=style), sample

    def _last(self, first: int, end: int, opened: bytes) -> tuple[int, int]:
        """Where the last element of a large file ends, and the bracket behind it, which an object's state has twice."""
        bracket = end - (2 if b"::" in opened else 1)
        start = max(first, bracket - 4_096)
        tail = self.text[start:bracket].rstrip(b" \t\r\n").removesuffix(b",").rstrip(b" \t\r\n")
        return start + len(tail), bracket

    def _check_root(self, opened: bytes, bracket: int) -> None:
        """Make sure that nothing is done with the root array."""
        end = bracket + 1
        if b"::" in opened:
            end = skip_gap(self.text, end) + 1
        following = skip_gap(self.text, end)
        if self.text[following : following + 1] != b";" and not END.match(self.text, following):
            raise NeedsPhp(f"holds an expression, {NEEDS_PHP}", following)

    def _sample(self, first: int, last: int) -> tuple[list[tuple[str, Any]], bool]:
        """Some elements with their keys, and whether the first's stands there."""
        size = SAMPLE
        while True:
            data = self.text[first : min(last, first + size)]
            sample = self._read_sample(data, whole=first + size >= last)
            if sample or first + size >= last or size >= 16 << 20:
                return sample, self._has_key(data)
            size *= 16

    def _has_key(self, data: bytes) -> bool:
        return KEYED.match(data) is not None

    def _read_sample(self, data: bytes, *, whole: bool) -> list[tuple[str, Any]]:
        sample: list[tuple[str, Any]] = []
        reader, position, following = Reader(Kinds(Style())), 0, 0
        try:
            while position < len(data) and len(sample) < LARGEST_SAMPLE:
                start = position
                key, value, position, following = reader.element(data, position, 1, following, "")
                if position >= len(data) and not whole:
                    break
                self._count(reader, start)
                sample.append((key, value))
                position = skip_gap(data, position)
                if data[position : position + 1] != b",":
                    break
                position = skip_gap(data, position + 1)
        except Broken:
            pass
        return sample

    def _count(self, reader: Reader, offset: int) -> None:
        self.samples += 1
        if reader.flaw is not None:
            self.flaws += NEEDS_PHP in reader.flaw.reason
            if self.flaw is None:
                self.flaw = Broken(reader.flaw.reason, offset)
        reader.flaw = None

    def _judge(self, *, records: bool) -> None:
        """Refuse the file where what needs PHP is no exception in it, or where it is no collection of records."""
        if self.flaw is not None and self.flaws and (not records or self.flaws * 2 > self.samples):
            raise NeedsPhp(self.flaw.problem, self.flaw.offset)

    def _members(self, span: Span, members: list[Member], most: int) -> None:
        position, following = span.opening + 1, 0
        while position < span.closing and len(members) < most:
            start = position
            key, value = self._key(position, following)
            if key.isdecimal():
                following = max(following, int(key) + 1)
            members.append(self._member(key, start, value))
            position = skip_gap(self.text, members[-1].end)
            if position >= span.closing:
                return
            if self.text[position : position + 1] != b",":
                raise Broken("a comma is expected", position)
            position = skip_gap(self.text, position + 1)

    def _key(self, position: int, following: int) -> tuple[str, int]:
        """The key of the element at an offset, and where its value starts."""
        data = self.text[position : position + SAMPLE]
        match = KEYED.match(data)
        if match is not None:
            key = match.group(1).decode("utf-8", "replace") if match.group(1) is not None else str(int(match.group(2)))
            return key, skip_gap(self.text, position + match.end())
        if CONTAINER.match(data):
            return str(following), position
        reader = Reader(Kinds(Style()))
        value, end = reader.value(data, 0, 1, "")
        arrow = skip_gap(data, end)
        if data[arrow : arrow + 2] != b"=>":
            return str(following), position
        if reader.flaw is not None:
            raise NeedsPhp(reader.flaw.reason, position)
        return str(value), skip_gap(self.text, position + arrow + 2)

    def _member(self, key: str, start: int, value: int) -> Member:
        if CONTAINER.match(self.text, value):
            span, sample = self.container(value)
            end = span.closing if span.broken else skip_expression(self.text, value)
            shown = [part for _, part in sample] if span.kind == "list" else sample
            return Member(key, start, end, span, list(shown))
        end = skip_expression(self.text, value)
        reader = Reader(Kinds(Style()))
        plain, _ = reader.value(self.text[value:end], 0, 1, "")
        self._count(reader, value)
        return Member(key, start, end, None, [plain])
