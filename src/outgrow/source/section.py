"""A section: the run of bytes in a file that holds records of one collection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from outgrow.source.style import Style

SectionKind = Literal["list", "map", "record", "lines", "table"]


@dataclass(frozen=True)
class Section:
    """`start` and `end` are offsets in the unpacked file: the elements without the brackets around them.

    `list` and `map` hold elements; `record` the members of one object that is a record itself; `lines`
    a value per line; `table` rows of `fields`. Elements stand `depth` containers deep. The keys of a
    map only count where `counted`. A `broken` section ends with the file instead of a bracket.
    """

    kind: SectionKind
    start: int
    end: int
    depth: int = 1
    style: Style = field(default_factory=Style)
    fields: tuple[str, ...] = ()
    counted: bool = False
    broken: bool = False

    @property
    def numbered(self) -> bool:
        """Whether a map's keys are the numbers of a list's elements, which a syntax writes beside them."""
        return bool(self.style.option("keyed"))
