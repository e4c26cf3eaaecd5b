"""Writes values as XML elements with the habits that a file had."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from outgrow.source.style import Style
from outgrow.source.syntax.xml_nodes import Element

INDENT = re.compile(rb"\n([ \t]*)\Z")
WRONG = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def find_options(elements: Sequence[Element], raw: bytes, column: str) -> tuple[tuple[str, str], ...]:
    """How elements stand below each other, and by path which texts are CDATA and how empty ones are written."""
    gaps = Counter(raw[one.end : other.start] for one, other in pairwise(elements))
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for element in elements:
        _look(element, "", raw, seen)
    options = [("tag", elements[0].tag)] if elements else []
    if gaps:
        options.append(("between", gaps.most_common(1)[0][0].decode("utf-8", "replace")))
    if column:
        options.append(("column", column))
    return (*options, *((path, ways.most_common(1)[0][0]) for path, ways in seen.items() if ways))


def _look(element: Element, path: str, raw: bytes, seen: dict[str, Counter[str]]) -> None:
    text = raw[element.start : element.end]
    if element.children:
        inner = INDENT.search(raw[element.start : element.children[0].start])
        seen["indent" if not path else f"indent {path}"][inner[1].decode() if inner else "-"] += 1
    elif element.cdata:
        seen[f"={path}"]["cdata"] += 1
    elif text.endswith(b"/>"):
        seen[f"={path}"]["/>" if not text.endswith(b" />") else " />"] += 1
    for child in element.children:
        _look(child, f"{path}/{child.tag}", raw, seen)


def write_element(tag: str, value: Any, style: Style) -> str:
    """The text of an element."""
    options = dict(style.options)
    lines = options.get("indent", "-")
    column = options.get("column", "")
    unit = "" if lines == "-" else lines.removeprefix(column)
    text = _write(tag, value, "", (None if lines == "-" else column, unit), options)
    return text.replace("\n", style.newline) if style.newline != "\n" else text


def _write(tag: str, value: Any, path: str, layout: tuple[str | None, str], options: dict[str, str]) -> str:
    column, unit = layout
    if isinstance(value, list):
        joined = "" if column is None else "\n" + column
        return joined.join(_write(tag, item, path, layout, options) for item in value)
    attributes, text, inner = "", value, []
    if isinstance(value, dict):
        pairs = [(key[1:], each) for key, each in value.items() if key.startswith("@")]
        attributes = "".join(
            f' {key}="{_escape(_as_text(each), quote=True)}"' for key, each in pairs if each is not None
        )
        text = value.get("#text", "")
        deeper = (None if column is None else column + unit, unit)
        for key, each in value.items():
            if not key.startswith("@") and key != "#text" and each is not None and each != []:
                inner.append(_write(key, each, f"{path}/{key}", deeper, options))
    if inner:
        line, back = ("", "") if column is None else (f"\n{column}{unit}", f"\n{column}")
        return f"<{tag}{attributes}>{line}{line.join(inner)}{back}</{tag}>"
    mark, shown = options.get(f"={path}", ""), _as_text(text)
    if not shown and mark in ("/>", " />"):
        return f"<{tag}{attributes}{mark}"
    if mark == "cdata" and "]]>" not in shown:
        return f"<{tag}{attributes}><![CDATA[{WRONG.sub('', shown)}]]></{tag}>"
    return f"<{tag}{attributes}>{_escape(shown)}</{tag}>"


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _escape(text: str, *, quote: bool = False) -> str:
    text = re.sub("[&<>]", lambda sign: ESCAPES[sign[0]], WRONG.sub("", text))
    return text.replace('"', "&quot;") if quote else text
