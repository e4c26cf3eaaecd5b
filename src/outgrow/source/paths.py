"""What the paths of a collection's files say: their pattern names the collection, what differs is a record's key. Pure.

users/*            files in one folder: the key is the name without what data files end with
users/*.md         of these, those that end so
blog/**            files at any depth: the key is the path from there, without what data files end with
blog/**.md         of these, those that end so
plugins/*/db.php   files of one name, each in a folder of its own: the key is the folder's name
pages/**/item.md   the same, at any depth: the key is the folder's path from there
photos/*.*.txt     texts beside media: the key is the medium's name
{_drafts,_posts}/* files of two folders, of which one says that they are drafts: the key begins with the folder
users-*.json       a collection in several files: what stands for the star is no key, but parts them
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import PurePosixPath

DATA_ENDINGS = frozenset(
    ".json .json5 .geojson .ndjson .jsonl .csv .tsv .tab .psv .ssv .dsv .gz .php .js .mjs .cjs .ts .jsonp .db .yaml"
    " .yml .md .markdown .mdown .mkd .txt .text .xml .ini .cfg .conf .toml .neon .ser .html .htm .tid"
    " .properties .rst .dat .data".split()
)
"""Endings of names that say how a file is written, and nothing of the record."""
TEXT_ENDINGS = frozenset(".md .markdown .mdown .mkd .txt .text .html .htm .tid .rst".split())
MEDIA_ENDINGS = frozenset(
    ".jpg .jpeg .png .gif .webp .avif .svg .bmp .ico .tif .tiff .heic .pdf .mp3 .ogg .wav .flac .m4a .mp4 .webm .mov"
    " .avi .mkv .zip .gz .tar .7z .rar .doc .docx .xls .xlsx .ppt .pptx .odt .ods .epub .psd .ai .eps .ttf .otf .woff"
    " .woff2".split()
)
CONTAINERS = frozenset(
    ". content contents data database databases db src source sources site sites user collections taxonomies store"
    " storage resources resource public static assets lib fixtures fixture test tests config settings dist out build"
    " datos daten donnees dati gegevens dados dane"
    " json yaml xml csv api v1 v2 v3 files records main app www htdocs documents dump export exports backup samples"
    " examples root output input globals trees _data includes layouts templates meta i18n locale".split()
)
"""Names of folders that say only that there is data in them."""
PARTS_ONLY = re.compile(
    r"\d+|\d{4}[-_.]\d{1,2}(?:[-_.]\d{1,2})?|[A-Za-z]|[0-9a-f]{2}|[a-z]{2}(?:[-_][A-Za-z]{2,4})?|[a-z]-[a-z]|0-9"
)
"""Names of folders that only part what lies in them: years, letters, languages."""
MEDIUM = ".*"
"""What stands for a medium's ending in a pattern: the texts beside media are named like these."""
EITHER = re.compile(r"\{([^{}/]+,[^{}/]+)\}/$")
"""The folders of which a collection has both, before the star."""
DRAFTS = frozenset(("_drafts", "drafts", "_draft", "draft"))
"""Names of folders whose files aren't published yet."""
ORDER = re.compile(r"^(?:\d{1,4}[._-]+|_+)(?=[^\W\d_])")


@lru_cache(1 << 15)
def ending(name: str) -> str:
    """All that a file's name ends with and that only says how it is written: `.json.gz`."""
    rest, found = name.rpartition("/")[2], ""
    while (place := rest.rfind(".")) > 0 and rest[place:].lower() in DATA_ENDINGS:
        rest, found = rest[:place], rest[place:] + found
    return found


def bare_name(name: str) -> str:
    """A file's name without what data files end with."""
    return name[: len(name) - len(ending(name))] or name


def parent_of(path: str) -> str:
    """The folder of a path; `.` for what lies in the root."""
    return path.rpartition("/")[0] or "."


def is_text(path: str) -> bool:
    """Whether a file's name is that of a text for people, so that its folder holds texts of one kind."""
    return PurePosixPath(path).suffix.lower() in TEXT_ENDINGS


def is_container(folder: str) -> bool:
    """Whether a folder's name only says that there is data, so that what lies in it needn't be of one kind."""
    name = PurePosixPath(folder).name.lower()
    return not name or name.strip("_") in CONTAINERS


def clean(name: str) -> str:
    """A folder's or file's name without the number or underscores that order it: `01.blog` is `blog`."""
    return ORDER.sub("", name)


@lru_cache(1_024)
def _expression(source: str) -> re.Pattern[str]:
    pattern = source.partition("#/")[0]
    before, star, behind = pattern.partition("**") if "**" in pattern else pattern.partition("*")
    if not star:
        return re.compile(re.escape(pattern))
    inner = r"[^/]+" if star == "*" else r".+"
    if behind.startswith(MEDIUM):
        inner, behind = rf"{inner}\.[^/.]+", behind.removeprefix(MEDIUM)
    if either := EITHER.search(before):
        folders = "|".join(map(re.escape, either[1].split(",")))
        inner, before = rf"(?:{folders})/{inner}", before[: either.start()]
    return re.compile(f"{re.escape(before)}({inner}){re.escape(behind)}")


def matches(source: str, file: str) -> bool:
    """Whether a file belongs to a collection of files by its path alone."""
    return "*" in source and _expression(source).fullmatch(file) is not None


def path_key(source: str, file: str, *, hashed: bool = False) -> str:
    """The part of a file's path that stands for the record: `users/7.json` → 7."""
    match = _expression(source).fullmatch(file)
    found = match[1] if match else PurePosixPath(file).name
    if source.partition("#/")[0].endswith("*"):
        folder, slash, name = found.rpartition("/")
        found = folder + slash + bare_name(name)
    if hashed and (key := hashed_key(found)):
        return key
    return found


def new_path(source: str, like: str, key: str) -> str:
    """Where a record with a new key would have its file, written as the file `like` of its collection."""
    pattern = source.partition("#/")[0]
    star = next(each for each in (f"**{MEDIUM}", "**", f"*{MEDIUM}", "*") if each in pattern)
    tail = ending(PurePosixPath(like).name) if pattern.endswith("*") else ""
    if either := EITHER.search(pattern.partition("*")[0]):
        folders = either[1].split(",")
        published = next(folder for folder in folders if folder.lower() not in DRAFTS)
        key = key if key.partition("/")[0] in folders else f"{published}/{key}"
        pattern = pattern[: either.start()] + pattern[either.end() :]
    return pattern.replace(star, key, 1) + tail


def hashed_key(stem: str) -> str | None:
    """The key in a file's name that holds it together with its own SHA-1; None for any other name."""
    key, _, digest = stem.rpartition("_")
    return key if key and hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest() == digest else None
