"""Reads all collections once and profiles them: a source comes in, profiles and placed findings go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from outgrow.errors import SourceError
from outgrow.record import Batch, Finding, Origin
from outgrow.schema.draft import PlacedFinding
from outgrow.schema.infer import Inference, infer_plan
from outgrow.schema.profile import CollectionProfile
from outgrow.schema.texts import TextGroup
from outgrow.source.grouping import text_patterns
from outgrow.source.inventory import Collection, Part, Source
from outgrow.source.reading import exact, place_between, read_part
from outgrow.source.style import style_variants

Progress = Callable[[str, int], None]


@dataclass
class Survey:
    """What the records of a source hold. `errors` are files that can't be read to their end."""

    profiles: list[CollectionProfile] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    errors: list[SourceError] = field(default_factory=list)
    flaws: int = 0


def survey(source: Source, *, salvage: bool, progress: Progress) -> Survey:
    """Profile every collection; a broken file stops only its own."""
    result = Survey()
    for collection in source.collections:
        profile = CollectionProfile(
            collection.name, collection.source, single=collection.single, textual=collection.textual
        )
        try:
            for number, part in enumerate(collection.parts):
                _profile_part(source, collection, number, part, profile, result, salvage=salvage, progress=progress)
        except SourceError as error:
            result.errors.append(error)
        if profile.records:
            result.profiles.append(profile)
    return result


def _profile_part(
    source: Source,
    collection: Collection,
    number: int,
    part: Part,
    profile: CollectionProfile,
    result: Survey,
    *,
    salvage: bool,
    progress: Progress,
) -> None:
    section, syntax = source.section(part), source.syntax(part)
    style = section.style
    for plain in read_part(source, part, salvage=salvage):
        batch = plain
        if batch.plain and not syntax.textual:
            keys = batch.keys if section.kind == "map" else None
            written = (tried for tried in style_variants(style) if syntax.encode(batch.records, keys, section, tried) == batch.raw)
            found = next(written, None)
            if found is None:
                batch = exact(source, part, batch)
            else:
                style = found
        profile.add(batch, number)
        _note_doubled(source, part, batch, result)
        result.flaws += len(batch.flaws)
        progress(collection.name, batch.end - batch.start)


def _note_doubled(source: Source, part: Part, batch: Batch, result: Survey) -> None:
    for place, names in batch.doubled.items():
        if batch.offsets is not None:
            origin = source.origin(part.file, batch.offsets[place])
            message = f'holds the key "{names[0]}" twice in one object; the last value counts, the text is kept for export'
            result.findings.append(Finding("warning", message, origin))


def infer(source: Source, profiles: Iterable[CollectionProfile]) -> tuple[Inference, list[Finding]]:
    """Infer the plan; findings about records get their places in the files."""
    groups = [TextGroup(pattern, keys) for pattern, keys in text_patterns(source.texts)]
    inference = infer_plan(list(profiles), groups)
    findings = [finding if isinstance(finding, Finding) else _place(source, finding) for finding in inference.findings]
    return inference, findings


def _place(source: Source, finding: PlacedFinding) -> Finding:
    """A finding with the places it speaks of: the first as its origin, the others in its text."""
    collection = source.collection(finding.source)
    if collection is None or not finding.places:
        return Finding(finding.severity, finding.message.removeprefix(f"{finding.source}: "), Origin(finding.source))
    origins = []
    for number, start, end, place in finding.places:
        origin = place_between(source, collection.parts[number], start, end, place)
        origins.append(replace(origin, column=None))
    others = ", ".join(map(str, origins[1:]))
    message = finding.message.removeprefix(f"{finding.source}: ")
    return Finding(finding.severity, message + (f" (also {others})" if others else ""), origins[0])
