"""What a data folder was found to hold: files, their sections, and the collections these make up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from outgrow.errors import SourceError
from outgrow.record import Finding, Origin
from outgrow.source.section import Section
from outgrow.source.syntax import BY_NAME, Syntax
from outgrow.source.wrapper import Place, Wrapper, locate


@dataclass(frozen=True)
class SourceFile:
    """A file that holds records. `path` is relative to the folder, with slashes.

    `literals` are the bytes before, between and behind the sections: what export writes as it is. `unpacked`
    is the name of the copy that a gzip file was unpacked to. Of a `kept` one, literals may hold data.
    """

    path: str
    syntax: str
    wrapper: Wrapper
    size: int
    sha256: str
    sections: tuple[Section, ...]
    literals: tuple[bytes, ...]
    unpacked: str | None = None
    kept: bool = False


@dataclass(frozen=True)
class Part:
    """A run of a collection: a section of a file; `key` is the record's key where the file's path gives it."""

    file: str
    section: int
    key: str | None = None


@dataclass(frozen=True)
class Collection:
    """Records of one kind. `source` names it in the plan; `single` is one bare object."""

    name: str
    source: str
    parts: tuple[Part, ...]
    single: bool = False
    textual: bool = False


@dataclass
class Source:
    """A data folder (or file) that was looked through: its files, its collections, and what is to be said.

    `texts` are files that may belong to records; `kept` those that make no table, of `kept_size` bytes; `media`
    the sizes of those that are no text.
    """

    root: Path
    files: dict[str, SourceFile] = field(default_factory=dict)
    collections: list[Collection] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    kept_size: int = 0
    media: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    unpacked: Path | None = None
    places: dict[str, Place] = field(default_factory=dict)

    def path(self, file: str) -> Path:
        """Where the unpacked bytes of a file are."""
        copy = self.files[file].unpacked
        return self.unpacked / copy if copy is not None and self.unpacked is not None else self.root / file

    def syntax(self, part: Part) -> Syntax:
        """The syntax of a part's file."""
        return BY_NAME[self.files[part.file].syntax]

    def section(self, part: Part) -> Section:
        """A part's section."""
        return self.files[part.file].sections[part.section]

    def collection(self, source: str) -> Collection | None:
        """The collection that the plan calls `source`."""
        return next((collection for collection in self.collections if collection.source == source), None)

    def origin(self, file: str, offset: int) -> Origin:
        """The line and column of an offset. Places of one file are mostly asked for in their order."""
        known = self.places.get(file, Place())
        place = locate(self.path(file), offset, known if known.offset <= offset else Place())
        self.places[file] = place
        return Origin(file, place.line, place.column)
