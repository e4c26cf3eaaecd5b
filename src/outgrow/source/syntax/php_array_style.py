"""Guesses how an array stands in PHP's code: as var_export writes it, or by the hand of somebody regular.

The options of a style: `opening` of arrays, `below` where nested ones start on a line of their own (as var_export
has it), `indexed` where lists show their numbers, `trailing` commas, `aligned` arrows, the `words` for null, true and
false, the `precision` of floats, `leaves` where arrays of plain values stand on one line, `assigned` where members
are variables, and classes (see `php_values`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import product

from outgrow.source.style import Style
from outgrow.source.syntax.json_scan import Broken
from outgrow.source.syntax.php_array_read import Reader
from outgrow.source.syntax.php_array_skip import skip_gap
from outgrow.source.syntax.php_array_write import Writer, separator
from outgrow.source.syntax.php_values import Kinds, has_long_floats

SIGNS = re.compile(rb"('[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\")|//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
BELOW = re.compile(rb"=>[ \t]*\r?\n\s*(?:array\s*\(|\(object\)|\\)")
OPENING = re.compile(rb"\[|array(\s*)\(", re.IGNORECASE)
ARROW = re.compile(rb"([ \t]*)=>([ \t]*)")
WORD = re.compile(rb"\b(null|true|false)\b", re.IGNORECASE)
FLOAT = re.compile(rb"(?<![\w.])-?\d+\.\d+(?:E[+-]\d+)?(?![\w.])")
FLAT_LIST = re.compile(rb"(?:\[|array\s*\()([ \t]*)[^\s\[\](),][^\n\[\]()]*(?<![=\s])([ \t]*)[\])]", re.IGNORECASE)
TRIED = 40
NO_WIDTH = 9_999


@dataclass(frozen=True)
class _Leaves:
    """How arrays of plain values stand: lists on lines of a width, and whether those with keys do so too."""

    width: int
    options: tuple[str, ...] = ()


LEAVES = (_Leaves(0), _Leaves(NO_WIDTH), _Leaves(NO_WIDTH, ("leaves",)), _Leaves(80), _Leaves(120))


def guess_style(before: bytes, raw: bytes, depth: int, known: Style, *, whole: bool) -> Style:
    """The style of elements by the first of them; `before` is what stands on their first line."""
    signs = SIGNS.sub(lambda match: (match.group(1) or b"")[:1] * 2, raw)
    style = replace(known, quote=_quote(raw), newline="\r\n" if b"\r\n" in signs else "\n")
    assigned, options = bool(known.option("assigned")), dict[str, str]()
    elements = _Elements(raw, whole, assigned=assigned, context=None)
    if len(elements.texts) < TRIED:  # perhaps they are the members of one record
        options = dict(_Elements(raw, whole, assigned=assigned, context="").kinds.learned())
    options |= dict(elements.kinds.learned()) | dict(known.options)
    options |= _options(signs)
    options["words"] = _words(signs)
    if has_long_floats(FLOAT.findall(signs), ".0"):
        options["precision"] = "17"
    style = replace(style, options=tuple(sorted(options.items())), colon=_arrow(signs))
    style = replace(style, indent=_indent(before, depth))
    best, most = style, -1
    for one in _layouts(style, signs, elements, depth):
        score = elements.count(one, depth)
        if score > most:
            best, most = one, score
        if most == len(elements.texts):
            break
    return best


class _Elements:
    """The first elements of a container: their texts, keys and values, and what stands between."""

    def __init__(self, raw: bytes, whole: bool, *, assigned: bool, context: str | None) -> None:
        self.assigned, self.context = assigned, context
        self.kinds = Kinds(Style())
        self.texts: list[bytes] = []
        self.between: list[bytes] = []
        self.spans: list[tuple[int, int]] = []
        self.raw, self.whole = raw, whole
        self._cut()

    def _cut(self) -> None:
        reader, position, following, end = Reader(self.kinds), 0, 0, 0
        take = reader.variable if self.assigned else reader.element
        try:
            while position < len(self.raw) and len(self.texts) < TRIED:
                start = position
                _, _, end, following = take(self.raw, position, 1, following, self.context)
                if end >= len(self.raw) and not self.whole:
                    return
                self.spans.append((start, end))
                self.texts.append(self.raw[start:end])
                comma = skip_gap(self.raw, end)
                if self.raw[comma : comma + 1] != (b";" if self.assigned else b","):
                    return
                position = skip_gap(self.raw, comma + 1)
                self.between.append(self.raw[end:position])
        except Broken:
            pass

    def count(self, style: Style, depth: int) -> int:
        """How many of the elements are written again in a style."""
        precision = int(style.option("precision", "0"))
        reader, writer, found, following = Reader(Kinds(style), precision=precision), Writer(style), 0, 0
        take = reader.variable if self.assigned else reader.element
        for text in self.texts:
            key, value, _, following = take(text, 0, 1, following, self.context)
            keys = [key] if self.assigned or _is_keyed(text) else None
            try:
                written = writer.elements(keys, [value], depth, self.context)[0]
            except RecursionError:
                continue
            found += written.encode("utf-8", "surrogatepass") == text
        return found


def _is_keyed(text: bytes) -> bool:
    return (
        re.match(rb"(?:'[^'\\]*(?:\\.[^'\\]*)*'|\"[^\"\\]*(?:\\.[^\"\\]*)*\"|-?\d+|\w+)\s*=>", text, re.DOTALL)
        is not None
    )


def _quote(raw: bytes) -> str:
    single = double = 0
    for match in SIGNS.finditer(raw):
        text = match.group(1)
        single += text is not None and text[:1] == b"'"
        double += text is not None and text[:1] == b'"' and b"\\" not in text
    return '"' if double > single else "'"


def _options(signs: bytes) -> dict[str, str]:
    options: dict[str, str] = {}
    if opening := OPENING.search(signs):
        spaces = opening.group(1)
        options["opening"] = "[" if spaces is None else opening.group().decode()
    if BELOW.search(signs):
        options["below"] = "1"
        options["opening"] = "array ("
    if re.search(rb"[\[(,]\s*0\s*=>", signs):
        options["indexed"] = "1"
    if re.search(rb",\s*[\r\n]\s*[\])]", signs):
        options["trailing"] = "1"
    return options


def _words(signs: bytes) -> str:
    found = {word.lower(): word.decode() for word in WORD.findall(signs)}
    spelled = next((word for word in found.values()), "null")
    upper = spelled.isupper()
    words = [found.get(word.encode(), word.upper() if upper else word) for word in ("null", "true", "false")]
    if b"true" not in found and b"false" not in found and words[0] == "NULL":
        words[1:] = ["true", "false"]  # as var_export has them
    elif b"null" not in found and b"array (" in signs and words[1] == "true":
        words[0] = "NULL"
    return " ".join(words)


def _arrow(signs: bytes) -> str:
    found = ARROW.finditer(signs, 0, 65_536)
    arrows = [(match.group(1), match.group(2)) for match in found if match.end() < min(len(signs), 65_536)]  # not cut
    if not arrows:
        return " => "
    left = min((before for before, _ in arrows), key=len)
    right = min((after for _, after in arrows), key=len)
    return f"{left.decode()}=>{right.decode()}"


def _indent(before: bytes, depth: int) -> str | None:
    """The unit of indentation, by what stands before the first element; None where that is not only blanks."""
    line = before[before.rfind(b"\n") + 1 :]
    if b"\n" not in before or line.strip():
        return None
    return line[: max(1, len(line) // depth) if depth else len(line)].decode("ascii", "replace")


def _layouts(style: Style, signs: bytes, elements: _Elements, depth: int) -> list[Style]:
    """Styles to try: elements on a line each or over several, short lists on a line or not, aligned or not."""
    usual = separator(replace(style, outer=None), depth)
    plain = [gap for gap in elements.between if gap.strip() in (b",", b";")]
    outer = Counter(plain).most_common(1)[0][0].decode() if plain else usual
    flat_list = FLAT_LIST.search(signs)
    commas = re.search(rb"(?<=['\"\w)\]]),([ \t]*)(?=[^\s])", signs)
    item = "," + commas.group(1).decode() if commas else ", "
    padding = re.search(rb"(?:\[|array\s*\()([ \t]+)[^\s\])]", signs, re.IGNORECASE)
    padded = padding.group(1).decode() if padding else ""
    style = replace(style, flat_item=item, padding=padded, list_padding=padded)
    several = [replace(style, outer=None if outer == usual else outer, within=style.indent, level=depth)]
    one_line = [replace(style, outer=outer, within=None, level=depth)]
    inner = _inner_indent(elements)
    if inner is not None and (inner[0] != style.indent or inner[1] != depth):
        several = [replace(style, outer=outer, within=inner[0], level=inner[1])]
    layouts = several + one_line if any(b"\n" in text for text in elements.texts) else one_line + several
    if style.indent is None and elements.texts and not any(b"\n" in text for text in elements.texts):
        layouts = [replace(style, outer=None if outer == style.flat_item else outer, within=None, level=depth)]
    made = []
    for one, leaves, aligned in product(layouts, LEAVES if flat_list else LEAVES[:1], (False, True)):
        if aligned and b"  =>" not in signs:
            continue
        options = dict(one.options) | dict.fromkeys(leaves.options, "1") | ({"aligned": "1"} if aligned else {})
        made.append(replace(one, flat=leaves.width, options=tuple(sorted(options.items()))))
    return made


def _inner_indent(elements: _Elements) -> tuple[str, int] | None:
    """The unit of indentation within an element of several lines, and how deep its bracket stands."""
    for text in elements.texts:
        lines = text.split(b"\n")
        if len(lines) > 1 and lines[1].strip():
            last = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())]
            first = lines[1][: len(lines[1]) - len(lines[1].lstrip())]
            unit = first[len(last) :]
            if unit and first.startswith(last):
                return unit.decode(), len(last) // len(unit)
    return None
