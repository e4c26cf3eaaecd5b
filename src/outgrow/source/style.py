"""How a file was written: everything about its text that its values don't say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from typing import Any


@dataclass(frozen=True)
class Style:
    """The writer's habits. `indent` is None on one line; `ascii` writes \\u00e9 for é; `slash` \\/ for /.

    `separators` escapes U+2028 and U+2029 (PHP does so even where it leaves other letters alone); `escapes`
    are those of further characters, one behind the other (\\u003C\\u003E); `upper` has hex digits in capitals.
    Where records stand otherwise to each other than what is within them, `outer` is the text between two,
    `within` the indentation inside of them, and `level` how deep they stand. `padding` and `list_padding` are
    the blanks within braces and brackets; lists of plain values that fit into a line of `flat` characters stand
    on it, with `flat_item` between them.
    The fields `dated` hold moments, which a log writes in a way of its own.
    To tables belong the `encoding`, the `delimiter`, the `quote` and what is quoted (`quoting`, see `csv_text`;
    the numbers of columns that always are in `quoted`). How a quote within quotes is written says `escape`: empty
    where it is doubled, a backslash, or `php` where a backslash before it is kept.
    Syntaxes of content files have habits of their own, as `options`: names and what is meant (see `yaml_form`).
    """

    indent: str | None = None
    item: str = ","
    colon: str = ":"
    slash: bool = False
    ascii: bool = False
    separators: bool = False
    escapes: str = ""
    upper: bool = False
    outer: str | None = None
    within: str | None = None
    level: int = 1
    padding: str = ""
    list_padding: str = ""
    flat: int = 0
    flat_item: str = ", "
    dated: tuple[str, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    quoting: int = 0
    quoted: tuple[int, ...] = ()
    newline: str = "\n"
    options: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """What differs from the default, for the ledger."""
        default = Style()
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Style:
        """The way back from `to_dict`."""
        known = {field.name for field in fields(cls)}
        given = {name: value for name, value in values.items() if name in known}
        options = tuple((name, value) for name, value in given.pop("options", ()))
        dated, quoted = tuple(given.get("dated", ())), tuple(given.get("quoted", ()))
        return replace(cls(**given), dated=dated, quoted=quoted, options=options)

    def option(self, name: str, otherwise: str = "") -> str:
        """What is meant by a name among the options."""
        return next((value for known, value in self.options if known == name), otherwise)


def style_variants(style: Style) -> Iterator[Style]:
    """The style itself, then those that differ only in which characters they escape.

    A file whose first records hold no slash and no letter beyond ASCII doesn't show how it writes them.
    """
    yield style
    for slash, ascii_only in product((False, True), repeat=2):
        variant = replace(style, slash=slash, ascii=ascii_only)
        if variant != style:
            yield variant
