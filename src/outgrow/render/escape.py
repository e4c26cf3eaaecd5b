"""The only way from the source's text into a generated language: one function for each language.

What comes out is always one token of its language (a string literal, a piece of a comment, a
label), whatever goes in.
"""

from __future__ import annotations

import keyword
import re
import unicodedata

from outgrow.errors import PlanError

_SHORT = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")


def python_string(text: str) -> str:
    """Return a Python literal for a text, in one line and with the quotes that ruff prefers."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_python_character(character, quote) for character in text) + quote


def _python_character(character: str, quote: str) -> str:
    if character == quote:
        return "\\" + character
    return _SHORT.get(character) or (character if character.isprintable() else _code(character))


def _code(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def python_comment(text: str, width: int) -> str:
    """Return a text for a Python comment: one line, and no directive to any tool."""
    return _visible(shorten(text, width)).replace("#", "").rstrip()


def toml_string(text: str) -> str:
    """Return a TOML basic string."""
    return '"' + "".join(map(_toml_character, text)) + '"'


def _toml_character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    number = ord(character)
    if character.isprintable():
        return character
    if 0xD800 <= number < 0xE000:
        return "\\ufffd"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def mermaid_label(text: str) -> str:
    """Return a text for a quoted label of a Mermaid diagram: letters, digits and spaces."""
    return " ".join(re.sub(r"[^\w ]+", " ", text).split())[:60]


def markdown(text: str, width: int = 200) -> str:
    """Return a text for a cell of a Markdown table: no markup, no HTML, one line."""
    plain = shorten(_visible(text), width)
    html = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", html)


def identifier(name: str) -> str:
    """Return a name that may stand in code as it is, or refuse it."""
    same = unicodedata.normalize("NFKC", name) == name
    if not same or not name.isidentifier() or keyword.iskeyword(name) or name.startswith("__"):
        raise PlanError(
            f"{shorten(name, 60)!r} can't be the name of a table, column or class",
            hint="Names consist of letters, digits and underscores, and no word of Python's own.",
        )
    return name


def shorten(text: str, width: int) -> str:
    """Return at most `width` characters, white space joined."""
    joined = " ".join(text[: width * 20].split())
    return joined if len(joined) <= width else joined[: width - 1].rstrip() + "…"


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
