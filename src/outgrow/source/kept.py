"""Files that make no table: kept as they are, so that export writes them again. What is no text is only counted."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from outgrow.record import Finding, Origin, Severity, many, say_size
from outgrow.source.inventory import Source, SourceFile
from outgrow.source.wrapper import Wrapper, hash_file

LARGEST_KEPT = 1 << 20
MOST_KEPT = 64 << 20
"""Of one file, and of all together: the ledger holds them in the database."""
KEPT_SUFFIXES = frozenset(
    ".json .json5 .jsonc .geojson .topojson .ndjson .jsonl .csv .tsv .tab .psv .php .inc .phps .yaml .yml .md .markdown"
    " .mdown .mkd .txt .text .xml .rss .atom .db .ser .ini .cfg .conf .properties .env .js .mjs .cjs .jsonp .ts .neon"
    " .toml .html .htm .rst .org .textile .adoc .tid .po .pot .srt .vtt .bib .ics .vcf .sql .dat .data .lst .list"
    " .meta .lock .log .sdb .cnt .htaccess .htpasswd".split()
)
BLOCK_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])', re.DOTALL)


def keep(source: Source, path: str, message: str, severity: Severity = "info", origin: Origin | None = None) -> bool:
    """Take a file over as it is, and say why; where it is too large or a medium, say that it stays where it is."""
    data = _read_text(source, path)
    if data is None:
        message = f"{message}; it is left where it is, and export doesn't write it"
    else:
        source.files[path] = plain_file(source.root, path, data)
        message = f"{message}; it is kept as it is, for export"
    source.findings.append(Finding(severity, message, origin or Origin(path)))
    return data is not None


def keep_quietly(source: Source, path: str) -> bool:
    """Take a file over as it is, if it is a text of sane size; `say_kept` then speaks of all of them."""
    data = _read_text(source, path)
    if data is not None:
        source.files[path] = plain_file(source.root, path, data)
        source.kept.append(path)
    return data is not None


def plain_file(root: Path, path: str, data: bytes) -> SourceFile:
    """The entry of a file without sections."""
    wrapper = Wrapper(packed="", prefix=0, notes=())
    return SourceFile(path, "", wrapper, len(data), hash_file(root / path), (), (data,))


def _read_text(source: Source, path: str) -> bytes | None:
    """A file's content where it is a text that the ledger has room for."""
    place = source.root / path
    name = PurePosixPath(path)
    suffixes = [suffix.lower() for suffix in name.suffixes] or [name.name.lower()]
    if not KEPT_SUFFIXES & set(suffixes) and name.suffix:
        return None
    try:
        if place.stat().st_size > LARGEST_KEPT:
            return None
        data = place.read_bytes()
    except OSError:
        return None
    source.kept_size += len(data)
    return data if source.kept_size <= MOST_KEPT else None


def say_kept(source: Source, paths: Iterable[str], what: str) -> None:
    """Say of files that make no table that they are kept, folder by folder."""
    _say(source, paths, what, ("it is kept as it is, for export", "they are kept as they are, for export"))


def say_left(source: Source) -> None:
    """Say of files that are no text how large they are and that they stay where they are, folder by folder."""
    becomes = "it is left where it is", "they are left where they are"
    _say(source, source.media, "no text, and without records", becomes, source.media)


def _say(
    source: Source, paths: Iterable[str], what: str, becomes: tuple[str, str], sizes: Mapping[str, int] | None = None
) -> None:
    """Say what becomes of one file of a folder, or of several."""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        folders[PurePosixPath(path).parts[0] if "/" in path else ""].append(path)
    for folder, found in folders.items():
        size = f", {say_size(sum(sizes[path] for path in found))}" if sizes else ""
        if len(found) == 1:
            source.findings.append(Finding("info", f"{what}{size}; {becomes[0]}", Origin(found[0])))
            continue
        counts = Counter(PurePosixPath(path).suffix.lower() or PurePosixPath(path).name for path in found)
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in counts.most_common(5))
        more = ", …" if len(counts) > 5 else ""
        message = f"{many(len(found), 'file')} ({kinds}{more}{size}): {what}; {becomes[1]}"
        source.findings.append(Finding("info", message, Origin(f"{folder}/" if folder else found[0])))


def is_keepable(place: Path) -> bool:
    """Whether the ledger would take a file of this size."""
    return place.is_file() and place.stat().st_size <= LARGEST_KEPT


def is_relaxed_json(place: Path) -> bool:
    """Whether a file is JSON but for comments and commas before a closing bracket, as programs' settings are."""
    try:
        if place.stat().st_size > LARGEST_KEPT:
            return False
        text = place.read_text("utf-8-sig")
        bare = BLOCK_COMMENT.sub(lambda match: match[1] or " ", text)
        json.loads(TRAILING_COMMA.sub(lambda match: match[1] or "", bare))
    except (OSError, ValueError, RecursionError):
        return False
    return True
