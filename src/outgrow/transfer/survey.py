"""Reads all collections once and profiles them: a source comes in, profiles and placed findings go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from outgrow.errors import SourceError
from outgrow.parallel import can_fork, map_forked
from outgrow.record import Batch, Finding, Origin
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.schema.draft import PlacedFinding
from outgrow.schema.infer import Inference, Unproven, infer_plan
from outgrow.schema.paths import PathNames
from outgrow.schema.rows import count_again
from outgrow.schema.texts import TextGroup
from outgrow.source.grouping import text_patterns
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.paths import path_key
from outgrow.source.plain_texts import take_texts
from outgrow.source.reading import exact, place_between, read_collection, read_part, split_section
from outgrow.source.section import Section
from outgrow.source.style import style_variants
from outgrow.source.syntax.json_log import UNIQUE
from outgrow.source.syntax.json_scan import Broken
from outgrow.transfer.gathering import TOGETHER, Gathering

PROCESSES = 2
MOST_FLAWS = 20
LARGEST_TREE = 2 << 20
"""Of a map whose keys are looked at as paths, in bytes."""
Progress = Callable[[str, int], None]


@dataclass
class Survey:
    """What the records of a source hold. `errors` are files that can't be read to their end.

    `flaws` counts what can't be read as a record; `flawed` names the first of it.
    """

    profiles: list[CollectionProfile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    flawed: list[Finding] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    flaws: int = 0


def survey(source: Source, *, salvage: bool, progress: Progress) -> Survey:
    """Profile every collection; a broken file stops only its own."""
    result = Survey()
    for collection in source.collections:
        profile = new_profile(collection)
        gathering = Gathering(profile)
        before = result.flaws
        try:
            for number, part in enumerate(collection.parts):
                surveyor = _Surveyor(source, collection, number, part, salvage)
                surveyor.profile_part(gathering, result, progress)
            gathering.flush()
        except SourceError as error:
            gathering.flush()
            result.errors.append(error)
        else:
            if result.flaws > before and not profile.records:
                result.errors.append(_nothing_readable(collection, result))
        if profile.records:
            result.profiles.append(profile)
    return result


@dataclass
class _Surveyor:
    """Profiles one part of a collection, in two processes where it is long."""

    source: Source
    collection: Collection
    number: int
    part: Part
    salvage: bool

    def profile_part(self, gathering: Gathering, result: Survey, progress: Progress) -> None:
        """Add the part to what is known of its collection."""
        section, profile = self.source.section(self.part), gathering.profile
        profile.declared |= {name for what, name in section.style.options if what == UNIQUE}
        slices = split_section(self.source, self.part, PROCESSES) if can_fork() else [section]
        if len(slices) > 1:
            try:
                found = map_forked(partial(self._profile_slice, progress=progress), list(enumerate(slices)))
            except (Broken, SourceError):
                found = []
            gathering.flush()
            for other, part in found:
                profile.merge(other)
                result.findings += part.findings
                result.flawed += part.flawed
                result.flaws += part.flaws
            if found:
                return
        self._profile(read_part(self.source, self.part, salvage=self.salvage), gathering, result, progress)

    def _profile_slice(self, numbered: tuple[int, Section], progress: Progress) -> tuple[CollectionProfile, Survey]:
        """Profile a slice by itself. The first runs in this process, and tells of the progress of all."""
        number, section = numbered
        profile, result = new_profile(self.collection), Survey()
        with self.source.path(self.part.file).open("rb") as stream:
            batches = self.source.syntax(self.part).read(stream, section)
            told = (lambda what, done: progress(what, done * PROCESSES)) if number == 0 else (lambda _what, _done: None)
            gathering = Gathering(profile)
            self._profile(batches, gathering, result, told)
            gathering.flush()
        return profile, result

    def _profile(self, batches: Iterator[Batch], gathering: Gathering, result: Survey, progress: Progress) -> None:
        section, syntax = self.source.section(self.part), self.source.syntax(self.part)
        style = section.style
        for plain in batches:
            batch = plain
            if batch.plain and not syntax.textual:
                keys = batch.keys if section.kind == "map" else None
                written = (
                    s for s in style_variants(style) if syntax.encode(batch.records, keys, section, s) == batch.raw
                )
                found = next(written, None)
                if found is None:
                    batch = exact(self.source, self.part, batch)
                else:
                    style = found
            counted = replace(batch, keys=None) if section.numbered else batch
            gathering.add(counted, self.number, alone=section.kind == "record")
            self._note_doubled(batch, result)
            self._note_flaws(batch, result)
            progress(self.collection.name, batch.end - batch.start)

    def _note_flaws(self, batch: Batch, result: Survey) -> None:
        """Say of the first records that will be set aside where they are, and why; count the others."""
        flaws = [(flaw.offset, flaw.reason) for flaw in batch.flaws]
        if set(map(type, batch.records)) - {dict}:
            offsets = exact(self.source, self.part, batch).offsets or []
            pairs = zip(offsets, batch.records, strict=False)
            flaws += [(offset, "is no object") for offset, record in pairs if type(record) is not dict]
        for offset, reason in sorted(flaws)[: max(0, MOST_FLAWS - result.flaws)]:
            origin = self.source.origin(self.part.file, offset)
            result.flawed.append(Finding("error", f"is set aside: {reason}", origin))
        result.flaws += len(flaws)

    def _note_doubled(self, batch: Batch, result: Survey) -> None:
        for place, names in batch.doubled.items():
            if batch.offsets is not None:
                origin = self.source.origin(self.part.file, batch.offsets[place])
                message = f'holds the key "{names[0]}" twice; the last value counts, the text is kept for export'
                result.findings.append(Finding("warning", message, origin))


def _nothing_readable(collection: Collection, result: Survey) -> SourceError:
    """A collection of which no record can be read is a broken file, not an empty table."""
    reason = result.flawed[-1].message.rpartition(": ")[2] if result.flawed else "can't be read"
    hint = "If it is in an older encoding: iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW" if "UTF-8" in reason else None
    origin = Origin(collection.parts[0].file)
    return SourceError(
        f"none of its records can be read. Of the last one: {reason}", origin=origin, hint=hint or "Mend the file."
    )


def new_profile(collection: Collection) -> CollectionProfile:
    """An empty profile for a collection."""
    return CollectionProfile(collection.name, collection.source, single=collection.single, textual=collection.textual)


def infer(source: Source, profiles: Iterable[CollectionProfile]) -> tuple[Inference, list[Finding]]:
    """Infer the plan; findings about records get their places in the files."""
    known = list(profiles)
    inference = _infer(source, known)
    owned = [re.compile("(.+)".join(map(re.escape, pattern.split("{key}")))) for pattern in _text_columns(inference)]
    left = [path for path in source.texts if not any(pattern.fullmatch(path) for pattern in owned)]
    if texts := take_texts(source, left):
        more = [_profile_small(source, collection) for collection in texts]
        inference = _infer(source, [*known, *more])
    findings = [finding if isinstance(finding, Finding) else _place(source, finding) for finding in inference.findings]
    return inference, findings


def _text_columns(inference: Inference) -> list[str]:
    """The patterns of the text files that columns hold."""
    return [column.field[0] for table in inference.plan for column in table.columns if column.role == "file"]


def _profile_small(source: Source, collection: Collection) -> CollectionProfile:
    """The profile of a collection of small files."""
    profile = new_profile(collection)
    for number, part in enumerate(collection.parts):
        for batch in read_part(source, part, salvage=True):
            profile.add(batch, number)
    return profile


def _infer(source: Source, profiles: Iterable[CollectionProfile]) -> Inference:
    groups = [TextGroup(pattern, keys) for pattern, keys in text_patterns(source.texts)]
    paths = [names for names in map(partial(_path_names, source), source.collections) if names]
    known = list(profiles)
    inference = infer_plan(known, groups, paths)
    while inference.unproven:
        _prove(source, known, inference.unproven)
        inference = infer_plan(known, groups, paths)
    return inference


def _path_names(source: Source, collection: Collection) -> PathNames | None:
    """What the paths of a collection's records are, as far as they say anything; of a large map nothing."""
    names: list[str] = [part.key for part in collection.parts if part.key is not None]
    if names:
        return PathNames(collection.source, tuple(names))
    if "*" in collection.source.partition("#/")[0]:
        parts = [path_key(collection.source, part.file) for part in collection.parts]
        return PathNames(collection.source, tuple(parts), parts=True)
    sections = [source.section(part) for part in collection.parts]
    if all(section.kind == "map" and section.end - section.start < LARGEST_TREE for section in sections):
        batches = (batch for part in collection.parts for batch in read_part(source, part, salvage=True))
        names = [key for batch in batches for key in batch.keys or ()]
        return PathNames(collection.source, tuple(names)) if any("/" in name for name in names) else None
    return None


def _prove(source: Source, profiles: list[CollectionProfile], unproven: Iterable[Unproven]) -> None:
    """Read long collections again to see whether what would be their key never repeats."""
    by_source = {profile.source: profile for profile in profiles}
    for each in unproven:
        collection = source.collection(each.source)
        batches = read_collection(source, collection, salvage=True) if collection is not None else iter(())
        unique = collection is not None and count_again((batch.records for _, batch in batches), each.fields)
        by_source[each.source].sample.confirm(each.fields, unique=unique)


def _place(source: Source, finding: PlacedFinding) -> Finding:
    """A finding with the places it speaks of: the first as its origin, the others in its text."""
    collection = source.collection(finding.source)
    if collection is None or not finding.places:
        return Finding(finding.severity, finding.message.removeprefix(f"{finding.source}: "), Origin(finding.source))
    origins = []
    for number, start, end, place in finding.places:
        if start == TOGETHER:
            part = collection.parts[number + place]
            origin = source.origin(part.file, source.section(part).start)
        else:
            origin = place_between(source, collection.parts[number], start, end, place)
        origins.append(replace(origin, column=None))
    others = ", ".join(map(str, origins[1:]))
    message = finding.message.removeprefix(f"{finding.source}: ")
    return Finding(finding.severity, message + (f" (also {others})" if others else ""), origins[0])
