"""Guesses how a JSON text was written: indentation, separators, escapes, from a sample of it.

Writers are regular: json_encode with any flags, JSON.stringify, json.dump. People are less so; what is often
seen of them is a record per line, blanks within braces, and short lists on one line.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken, Window, skip_string, skip_value
from outgrow.source.syntax.json_text import character_of

STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
LEADING = re.compile(rb"\s*")
BETWEEN = re.compile(rb"\s*,\s*")
ESCAPES = re.compile(rb"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
COLON = re.compile(rb'"(\s*:\s*)')
COMMA_ON_LINE = re.compile(rb'[0-9"el\]}]([ \t]*,[ \t]*)(?=["\d\[{tfn-])')
COMMA_AT_END = re.compile(rb'[0-9"el\]}]([ \t]*,[ \t]*)(?=\r|\n)')
LAST_LINE = re.compile(rb"[\r\n]([ \t]*)[\]}]\Z")
FLAT_LIST = re.compile(rb"\[[ \t]*[^\s\]\[{][^\r\n\]]*")
FIRST_ELEMENTS = 50
ESCAPABLE = "<>&'\"=`\x7f"
"""What is no control character, stands nowhere outside of texts, and is escaped by some writers all the same."""
PAIRS = {"\\u003C": "\\u003E", "\\u003E": "\\u003C", "\\u003c": "\\u003e", "\\u003e": "\\u003c"}
NO_WIDTH = 9_999
WIDTHS = (NO_WIDTH, 80, 100, 120)


@dataclass(frozen=True)
class _Elements:
    """The first elements of a container: what stands between them, and the texts of their values."""

    between: list[bytes]
    values: list[bytes]


def detect_style(raw: bytes, depth: int, *further: bytes, lines: bool = False) -> Style:
    """Guess the style from the text of a container, opening bracket first, whose elements stand `depth` deep.

    `further` runs of its text tell of escapes only. `lines` are values below each other, without a container.
    """
    signs = STRING.sub(b'""', raw)  # what stands within texts tells nothing of what stands between them
    style = _detect_escapes(raw, further)
    if lines:
        return _detect_marks(signs, style)
    gap = _leading(raw, 1)
    elements = _first_elements(raw)
    style = replace(style, newline=_newline(raw), indent=_last_line(gap, depth))
    style = _detect_marks(signs, style)
    if not elements.between and not any(map(_is_filled, elements.values)):
        return style
    return _detect_layout(style, depth, elements, signs)


def _detect_escapes(raw: bytes, further: Sequence[bytes] = ()) -> Style:
    """Which characters are written as escapes."""
    text = b"".join([raw, *(run[run.find(b'"') + 1 :] for run in further)])  # not from within an escape
    seen = {escape.decode("latin-1") for escape in set(ESCAPES.findall(text))}
    units = {f"\\{escape}" for escape in seen if len(escape) == 5}
    wide = {unit for unit in units if ord(character_of(unit)) > 0x7F}
    extra = {unit for unit in units if character_of(unit) in ESCAPABLE and not _stands_plain(text, unit, seen)}
    extra |= {PAIRS[unit] for unit in extra if unit in PAIRS and not _stands_plain(text, PAIRS[unit], seen)}
    letters = "".join(unit[2:] for unit in wide)
    return Style(
        slash="/" in seen,
        ascii=text.isascii() and bool(wide - {"\\u2028", "\\u2029"}),
        separators=bool(wide & {"\\u2028", "\\u2029"}),
        escapes="".join(sorted(extra)),
        upper=re.search("[A-F]", letters) is not None and re.search("[a-f]", letters) is None,
    )


def _stands_plain(text: bytes, unit: str, seen: set[str]) -> bool:
    """Whether the character of an escape is also there as itself, so that no rule can be told."""
    character = character_of(unit)
    return '"' in seen if character == '"' else character.encode() in text


def _newline(raw: bytes) -> str:
    return "\r\n" if b"\r\n" in raw else "\n" if b"\n" in raw or b"\r" not in raw else "\r"


def _detect_marks(signs: bytes, style: Style) -> Style:
    """Colons, commas and the blanks within brackets."""
    colon = COLON.search(signs)
    comma = (COMMA_ON_LINE if style.indent is None else COMMA_AT_END).search(signs)
    inner = re.search(rb"[{]([ \t]+)[^\s}]", signs)
    lists = re.search(rb"\[([ \t]+)[^\s\]]", signs)
    return replace(
        style,
        item=comma.group(1).decode() if comma else ",",
        colon=colon.group(1).decode("ascii", "replace") if colon else ":" if style.indent is None else ": ",
        padding=inner.group(1).decode() if inner else "",
        list_padding=lists.group(1).decode() if lists else "",
    )


def _leading(raw: bytes, start: int) -> bytes:
    match = LEADING.match(raw, start)
    return match.group() if match else b""


def _last_line(gap: bytes, depth: int) -> str | None:
    """The unit of indentation, from white space that ends `depth` units deep; None where it has no line break."""
    if b"\n" not in gap and b"\r" not in gap:
        return None
    blanks = re.split(rb"[\r\n]", gap)[-1].decode("ascii", "replace")
    return blanks[: max(1, len(blanks) // depth)]


def _first_elements(raw: bytes) -> _Elements:
    """The first elements of a container, as far as they are whole in its sample."""
    window = Window(io.BytesIO(raw), 1, len(raw))
    found = _Elements([], [])
    position = window.skip_space(1)
    is_map = raw[:1] == b"{"
    try:
        while position < len(raw) and len(found.values) < FIRST_ELEMENTS and window.byte(position) not in b"]}":
            start = position
            if is_map:
                start = window.skip_space(window.skip_space(skip_string(window, position)) + 1)
            end = skip_value(window, start)
            following = BETWEEN.match(raw, end)
            found.values.append(raw[start:end])
            if following is None or following.end() >= len(raw):
                break
            found.between.append(following.group())
            position = following.end()
    except Broken:
        pass
    return found


def _is_filled(value: bytes) -> bool:
    """Whether a value's text is a container that holds something."""
    return value[:1] in (b"{", b"[") and value[1 + len(_leading(value, 1)) :][:1] not in (b"}", b"]")


def _detect_layout(style: Style, depth: int, elements: _Elements, signs: bytes) -> Style:
    """How elements stand to each other, and what they are indented by, where that isn't the same all through."""
    filled = next(filter(_is_filled, elements.values), None)
    inner, level = style.indent, depth
    if filled is not None:
        inner, level = _inner_indent(filled, style.indent, depth)
    usual = style.item + ("" if style.indent is None else style.newline + style.indent * depth)
    outer = elements.between[0].decode() if elements.between else usual
    if outer != usual or inner != style.indent or level != depth:
        style = replace(style, outer=outer, within=inner, level=level, item=_inner_item(filled or b"", inner))
    if inner is not None and (flat := FLAT_LIST.search(signs)):
        comma = COMMA_ON_LINE.search(flat.group())
        style = replace(style, flat=_flat_width(elements.values), flat_item=comma.group(1).decode() if comma else ", ")
    return style


def _inner_indent(value: bytes, usual: str | None, depth: int) -> tuple[str | None, int]:
    """The unit of indentation within an element, and how deep its own bracket stands."""
    gap, last = _leading(value, 1), LAST_LINE.search(value)
    if (b"\n" not in gap and b"\r" not in gap) or last is None:
        return None, depth
    first, own = re.split(rb"[\r\n]", gap)[-1].decode(), last.group(1).decode()
    unit = first[len(own) :]
    if unit == usual and own == unit * depth:
        return unit, depth
    return unit, len(own) // len(unit) if unit else 0


def _inner_item(value: bytes, indent: str | None) -> str:
    signs = STRING.sub(b'""', value)
    comma = (COMMA_ON_LINE if indent is None else COMMA_AT_END).search(signs)
    return comma.group(1).decode() if comma else ","


def _flat_width(values: list[bytes]) -> int:
    """How long a line may be for a list of plain values to stand on it."""
    longest = 0
    for value in values:
        lists = [line for line in re.split(rb"[\r\n]+", value) if FLAT_LIST.search(STRING.sub(b'""', line))]
        longest = max([longest, *(len(line.decode("utf-8", "replace")) for line in lists)])
    return next((width for width in sorted(WIDTHS) if longest <= width), NO_WIDTH)
