"""Writes values as YAML in the form that a text had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outgrow.record import Number
from outgrow.source.style import Style
from outgrow.source.syntax.json_text import dump_compact
from outgrow.source.syntax.yaml_form import Form
from outgrow.source.syntax.yaml_scalars import choose, is_block, must_quote, quoted
from outgrow.source.syntax.yaml_values import CONSTANTS

ITEM = "/*"
"""The path of all elements of a list, and of all records of a map."""


def write_map(values: dict[str, Any], style: Style, column: int | None = None) -> str:
    """The lines of a map, the first one without its indentation."""
    writer = _Writer(style)
    return writer.join(writer.map_lines(values, writer.form.column if column is None else column, ""))


def write_items(values: Sequence[Any], style: Style) -> list[str]:
    """The lines of each element of a list, the first one without its indentation."""
    writer = _Writer(style)
    return [writer.join(writer.item_lines(value, writer.form.column, ITEM)) for value in values]


def write_pair(key: str, value: Any, style: Style) -> str:
    """The lines of one member of a map of records, the first one without its indentation."""
    writer = _Writer(style)
    return writer.join(writer.map_lines({key: value}, writer.form.column, "", every=True))


class _Writer:
    """Lines are pairs of a column and a text; a column below zero continues the line before."""

    def __init__(self, style: Style) -> None:
        self.form, self.ascii, self.newline = Form.of(style), style.ascii, style.newline

    def join(self, lines: list[tuple[int, str]]) -> str:
        """Lines as text."""
        joined: list[str] = []
        for column, line in lines:
            if column >= 0:
                joined.append(" " * column + line if line else "")
            elif joined:
                joined[-1] += line
        text = "\n".join(joined).lstrip(" ")
        return text if self.newline == "\n" else text.replace("\n", self.newline)

    def map_lines(
        self, values: dict[str, Any], column: int, path: str, *, every: bool = False
    ) -> list[tuple[int, str]]:
        """The lines of a map; with `every`, its members share the habits of one path."""
        lines: list[tuple[int, str]] = []
        for name, value in values.items():
            inner = ITEM if every else f"{path}/{name}"
            lines += self.lines_before(inner)
            key = self.key(name, inner)
            if value and isinstance(value, dict | list) and not self.is_flow(inner):
                lines.append((column, key + ":"))
                usual = self.form.unit if isinstance(value, dict) else self.form.dash
                indent = int(self.form.marks.get("<" + inner[1:], usual))
                if isinstance(value, dict):
                    lines += self.map_lines(value, column + max(1, indent), inner)
                else:
                    lines += self.list_lines(value, column + indent, inner)
            else:
                lines += self.scalar_lines(key + ":", value, column, inner)
        return lines

    def lines_before(self, path: str) -> list[tuple[int, str]]:
        """The rest of the line before a key, and the comments and blank lines above it."""
        rest, *lines = self.form.marks.get("^" + path[1:], "\n").split("\n")[:-1]
        return [*([(-1, rest)] if rest else []), *((0, line) for line in lines)]

    def list_lines(self, values: list[Any], column: int, path: str) -> list[tuple[int, str]]:
        return [line for value in values for line in self.item_lines(value, column, path + ITEM)]

    def item_lines(self, value: Any, column: int, path: str) -> list[tuple[int, str]]:
        if not value or not isinstance(value, dict | list) or self.is_flow(path):
            return self.scalar_lines("-", value, column, path)
        alone = bool(self.form.alone)
        deeper = column + (max(1, self.form.unit) if alone else self.form.item)
        write: Any = self.map_lines if isinstance(value, dict) else self.list_lines
        lines = write(value, deeper, path)
        if alone:
            return [(column, "-"), *lines]
        return [(column, "-" + " " * (self.form.item - 1) + lines[0][1]), *lines[1:]]

    def scalar_lines(self, head: str, value: Any, column: int, path: str) -> list[tuple[int, str]]:
        """A head (a key and its colon, or a dash) and what stands behind it on its line; a text may take several."""
        if isinstance(value, str) and not isinstance(value, Number) and self.choose(value, path, flow=False) == "|":
            lines = value.removesuffix("\n").split("\n")
            deeper = column + max(1, self.form.unit)
            return [(column, f"{head} |" + ("" if value.endswith("\n") else "-")), *((deeper, line) for line in lines)]
        text = self.flow(value, path) if self.is_flow(path) else self.scalar(value, path, flow=False)
        blank = " " * (self.form.item - 1)
        if head != "-":
            head, blank = head[:-1], self.form.marks.get(":" + path[1:], ": ")
            if not text:
                blank = ":"
        return [(column, head + blank + text if text or head != "-" else head)]

    def is_flow(self, path: str) -> bool:
        return self.form.marks.get("=" + path[1:], "") in ("[", "{")

    def flow(self, value: Any, path: str) -> str:
        """A value within one line."""
        if isinstance(value, list) and value:
            pad = self.form.pad_list
            return f"[{pad}" + self.form.comma.join(self.flow(item, path + ITEM) for item in value) + f"{pad}]"
        if isinstance(value, dict) and value:
            pad = self.form.pad_map
            pairs = [
                f"{self.key(k, f'{path}/{k}', flow=True)}: {self.flow(v, f'{path}/{k}')}" for k, v in value.items()
            ]
            return f"{{{pad}" + self.form.comma.join(pairs) + f"{pad}}}"
        return self.scalar(value, path, flow=True)

    def key(self, name: str, path: str, *, flow: bool = False) -> str:
        mark = self.form.marks.get("?" + path[1:])
        if name.isdecimal() and mark is None:
            mark = self.form.digits
        elif name == "" or (
            must_quote(name, flow=flow) and not (mark == "p" and (name in CONSTANTS or name.isdecimal()))
        ):
            mark = mark if mark in ("'", '"') and name else self.form.quote
        elif mark is None:
            mark = choose(name, self.form.key_rule, self.form.quote, flow=flow).replace("|", '"')
        return name if mark == "p" else quoted(name, mark if mark in "'\"" else '"', ascii_only=self.ascii)

    def choose(self, text: str, path: str, *, flow: bool) -> str:
        """How a text is written: plain, quoted, or as a block."""
        mark = self.form.marks.get("=" + path[1:])
        plain = text[1:] if mark == "p" and text[:1] in ("@", "`", "%") else text
        if mark == "p" and not must_quote(plain, flow=flow) and not (self.ascii and not text.isascii()):
            return "p"
        if mark in ("|", ">") and is_block(text) and not flow:
            return "|"
        if mark in ("'", '"'):
            return mark
        way = choose(text, self.form.rule, self.form.quote, flow=flow)
        return '"' if way == "p" and self.ascii and not text.isascii() else way

    def scalar(self, value: Any, path: str, *, flow: bool) -> str:
        mark = self.form.marks.get("=" + path[1:])
        if value is None:
            text = "" if mark == "-" else mark if mark in CONSTANTS and CONSTANTS[mark] is None else self.form.null
            return text or ("null" if flow else "")
        if isinstance(value, bool):
            return mark if mark and CONSTANTS.get(mark) is value else str(value).lower()
        if isinstance(value, str) and not isinstance(value, Number):
            way = self.choose(value, path, flow=flow)
            return value if way == "p" else quoted(value, '"' if way == "|" else way, ascii_only=self.ascii)
        if isinstance(value, dict | list):
            bracket = "[" if isinstance(value, list) else "{"
            return mark if mark and mark.startswith(bracket) and len(mark) > 1 else "[]" if bracket == "[" else "{}"
        return dump_compact(value)
