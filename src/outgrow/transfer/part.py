"""A part of a collection and all that is needed to read and write it."""

from __future__ import annotations

from dataclasses import dataclass

from outgrow.schema.habit import Habit
from outgrow.schema.shape import Shape
from outgrow.source.inventory import Part
from outgrow.source.section import Section
from outgrow.source.style import Style
from outgrow.source.syntax import Syntax


@dataclass
class PartWork:
    """A part as it is worked on; `secrets` are the outermost fields that hold passwords."""

    part: Part
    section: Section
    syntax: Syntax
    style: Style
    shape: Shape
    habit: Habit
    secrets: frozenset[str]
    part_id: int = 0
