"""A table in the making: what the steps of inference hand to one another, and what they found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from outgrow.record import Severity
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.culprits import Place
from outgrow.schema.model import Column, Table
from outgrow.schema.profile import FieldProfile


@dataclass(frozen=True)
class PlacedFinding:
    """A finding about records whose places only the source can turn into file and line."""

    severity: Severity
    message: str
    source: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A table as far as it is known, with the profiles behind its columns.

    `list` is the profile of the list that a child table comes from. `account` says that the rows are
    people or their accounts.
    """

    table: Table
    profiles: Mapping[str, FieldProfile]
    collection: CollectionProfile
    list: FieldProfile | None = None
    account: bool = False

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name

    def profile(self, column: str) -> FieldProfile | None:
        """What was seen of a column's values; None for one that outgrow makes up."""
        return self.profiles.get(column)

    def with_columns(self, columns: tuple[Column, ...]) -> Draft:
        """The draft with other columns; those that keep their names keep their profiles."""
        return replace(self, table=replace(self.table, columns=columns))

    def with_column(self, name: str, column: Column) -> Draft:
        """The draft with one column changed, perhaps in its name too."""
        columns = tuple(column if each.name == name else each for each in self.table.columns)
        profiles = {column.name if key == name else key: value for key, value in self.profiles.items()}
        key = tuple(column.name if each == name else each for each in self.table.primary_key)
        unique = tuple(tuple(column.name if each == name else each for each in group) for group in self.table.unique)
        table = replace(self.table, columns=columns, primary_key=key, unique=unique)
        return replace(self, table=table, profiles=profiles)

    def with_note(self, note: str) -> Draft:
        """The draft with a further comment line."""
        return replace(self, table=replace(self.table, notes=(*self.table.notes, note)))
