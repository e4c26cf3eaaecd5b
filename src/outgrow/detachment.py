"""Takes every trace of outgrow out of an app: its tables, its files, its lines. What the owner edited is named instead.

First all is looked at, then all is done. Lines go before the modules that they name, files before tables, the plan
last: killed at any point, the app still runs, and the next run does the rest.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy.engine import URL

from outgrow.app_folder import NOT_GENERATED, PLAN_FILE, database_url
from outgrow.database.engine import begin, open_engine, table_names
from outgrow.database.ledger import PREFIX, Ledger
from outgrow.errors import AppError
from outgrow.record import Finding, Origin
from outgrow.render.traces import OWN_MODULES, mentions, module_files, own_texts, render_traces

LEDGER_KEY = "LEDGER_KEY="
CACHES = ("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache")
NOT_THE_APPS = (*NOT_GENERATED, ".git", "node_modules")
LARGEST_TEXT = 1 << 20


@dataclass
class Detachment:
    """What goes (or went): tables, files, and lines as `path:line`; findings name what the owner has to do."""

    app: Path
    tables: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to take out."""
        return not (self.tables or self.files or self.lines)


def find_traces(folder: Path) -> Detachment:
    """Say what `detach` would take out, and what it can't; raises AppError where a load is unfinished."""
    if not (folder / PLAN_FILE).is_file() and not (folder / "app" / "__init__.py").is_file():
        raise AppError(f"{folder} is no app that outgrow made", hint="Name the folder that `outgrow convert` made.")
    found = Detachment(folder)
    hashes, lines = _look_at_database(found)
    texts = dict(_texts(folder))
    own = _Own(found, texts, hashes, lines)
    for module in OWN_MODULES:
        own.judge(module)
    for path in lines.keys() & texts.keys():
        own.cut(path)
    _cut_key(found)
    if (folder / PLAN_FILE).is_file():
        found.files.append(PLAN_FILE)
    found.files.sort()
    found.lines.sort()
    for path, text in sorted(texts.items()):
        if path not in found.files and path not in own.uncut:
            found.findings += _leftovers(path, found.texts.get(path, text), own.kept)
    return found


def detach(folder: Path) -> Detachment:
    """Take every trace of outgrow out of an app; returns what went, and what is left to the owner."""
    found = find_traces(folder)
    for path, text in found.texts.items():
        _replace(folder / path, text)
    for path in found.files:
        if path != PLAN_FILE:
            (folder / path).unlink()
    if found.tables:
        engine = open_engine(database_url(folder), changing=True)
        try:
            with begin(engine) as connection:
                Ledger(connection).drop(found.tables)
        finally:
            engine.dispose()
    for cache in list(_caches(folder)):
        shutil.rmtree(cache, ignore_errors=True)
    (folder / PLAN_FILE).unlink(missing_ok=True)
    return found


def _look_at_database(found: Detachment) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Find outgrow's tables; returns what they know of the files as they were made: hashes, and lines to cut."""
    url = database_url(found.app)
    if not _is_there(url):
        return {}, render_traces()
    engine = open_engine(url)
    try:
        found.tables = sorted(name for name in table_names(engine) if name.startswith(PREFIX))
        if "outgrow_meta" not in found.tables:
            return {}, render_traces()
        with begin(engine) as connection:
            ledger = Ledger(connection)
            if ledger.get("loaded") != "yes":
                hint = f"`outgrow load {found.app}` completes it."
                raise AppError("the load isn't finished, and only outgrow's tables know what is missing", hint=hint)
            hashes: dict[str, str] = json.loads(ledger.get("files") or "{}")
            lines: dict[str, list[str]] = json.loads(ledger.get("traces") or "null") or render_traces()
    finally:
        engine.dispose()
    return hashes, lines


def _is_there(url: URL) -> bool:
    """Whether a database can hold anything; to open an SQLite file that isn't there would make one."""
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


class _Own:
    """Decides which of outgrow's own modules go. One that was edited, or that an edited line names, stays."""

    def __init__(
        self,
        found: Detachment,
        texts: Mapping[str, str],
        hashes: Mapping[str, str],
        lines: Mapping[str, list[str]],
    ) -> None:
        self.found, self.texts, self.hashes = found, texts, hashes
        self.lines = {path: {line.rstrip() for line in known} for path, known in lines.items()}
        self.made = own_texts()
        self.kept: list[str] = []
        self.uncut: list[str] = []

    def judge(self, module: str) -> None:
        """Let a module and its tests go, or say why they stay."""
        files = [path for path in module_files(module) if path in self.texts]
        reasons = [
            Finding("error", f"was edited: {_by_hand(module)}", Origin(path)) for path in files if self._edited(path)
        ]
        if module_files(module)[0] in files:
            for path, number in self._names(module):
                reasons.append(Finding("error", f"this line names {module}: {_by_hand(module)}", Origin(path, number)))
        if reasons:
            self.found.findings += reasons
            self.kept.append(module)
        else:
            self.found.files += files

    def _edited(self, path: str) -> bool:
        text = self.texts[path]
        digest = sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        return self.hashes.get(path) != digest and self.made.get(path) != text

    def _names(self, module: str) -> Iterator[tuple[str, int]]:
        """The lines of Python that name a module and aren't as outgrow wrote them."""
        name = module.rpartition(".")[2]
        words = (module, f"from app import {name}", f"from . import {name}", f"from .{name} import")
        for path, text in self.texts.items():
            if path.endswith(".py") and path not in module_files(module):
                for number, line in enumerate(text.split("\n"), 1):
                    if any(word in line for word in words) and line.rstrip() not in self.lines.get(path, ()):
                        yield path, number

    def cut(self, path: str) -> None:
        """Take outgrow's lines out of a file, but for those that name a module that stays."""
        doomed = {line for line in self.lines[path] if mentions(line) and not any(name in line for name in self.kept)}
        text, gone = without_lines(self.texts[path], doomed)
        if not gone:
            return
        if path.endswith(".py") and not _compiles(text):
            message = "can't be without the lines that mention outgrow: change it by hand, then run this again"
            self.found.findings.append(Finding("error", message, Origin(path, gone[0])))
            self.uncut.append(path)
            return
        self.found.texts[path] = text
        self.found.lines += [f"{path}:{number}" for number in gone]


def _by_hand(module: str) -> str:
    file, tests = module_files(module)
    return f"{file} stays. To be without it, delete it, {tests}, and what names {module}; then run this again"


def without_lines(text: str, doomed: Collection[str]) -> tuple[str, list[int]]:
    """A text without some lines, and their numbers. Where a gap is left between blank lines, one of them goes too."""
    kept: list[str] = []
    gone: list[int] = []
    cut = False
    for number, line in enumerate(text.split("\n"), 1):
        if line.rstrip() in doomed:
            gone.append(number)
            cut = True
        elif not (cut and not line.strip() and (not kept or not kept[-1].strip())):
            kept.append(line)
            cut = False
    return "\n".join(kept), gone


def _compiles(text: str) -> bool:
    try:
        compile(text, "app", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _cut_key(found: Detachment) -> None:
    """Take the key of the sealed hashes out of the settings."""
    file = found.app / ".env"
    if not file.is_file():
        return
    lines = file.read_text("utf-8", "surrogateescape").split("\n")
    gone = [number for number, line in enumerate(lines, 1) if line.startswith(LEDGER_KEY)]
    if gone:
        found.texts[".env"] = "\n".join(line for line in lines if not line.startswith(LEDGER_KEY))
        found.lines += [f".env:{number}" for number in gone]


def _leftovers(path: str, text: str, kept: Collection[str]) -> Iterator[Finding]:
    """Name the lines that still mention outgrow: they are the owner's."""
    if any(path in module_files(module) for module in kept):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if mentions(line) and not any(module in line for module in kept):
            yield Finding(
                "warning", f"mentions outgrow and isn't outgrow's: {line.strip()[:100]}", Origin(path, number)
            )


def _texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The app's text files by their paths, but for `.env`, which holds secrets."""
    for place in _folders(folder):
        for file in sorted(place.iterdir()):
            if file.is_file() and not file.is_symlink() and file.stat().st_size <= LARGEST_TEXT:
                content, path = file.read_bytes(), file.relative_to(folder).as_posix()
                if b"\0" not in content and path not in (".env", PLAN_FILE):
                    yield path, content.decode("utf-8", "surrogateescape")


def _folders(folder: Path) -> Iterator[Path]:
    """The app's folders, without caches, data and environments."""
    for place, names, _ in os.walk(folder):
        names[:] = [
            name for name in names if name not in NOT_THE_APPS and not (Path(place) / name / "pyvenv.cfg").exists()
        ]
        yield Path(place)


def _caches(folder: Path) -> Iterator[Path]:
    for place in _folders(folder):
        yield from (place / name for name in CACHES if (place / name).is_dir())


def _replace(file: Path, text: str) -> None:
    """Write a file anew in one step; it keeps its mode."""
    beside = file.with_name(f".{file.name}.partial")
    beside.touch(mode=0o600)
    shutil.copymode(file, beside)
    beside.write_bytes(text.encode("utf-8", "surrogateescape"))
    beside.replace(file)
