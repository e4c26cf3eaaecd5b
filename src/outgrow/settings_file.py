"""The app's `.env`: gives a setting another value, in one step, and leaves all else as it is."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dotenv.parser import parse_stream

from outgrow.errors import AppError

WAS = "# DATABASE_URL was "
"""How the comment begins that says where the data were before."""


def prepare_switch(file: Path, value: str, was: str) -> Callable[[], object]:
    """Write beside the file what it shall be, with another `DATABASE_URL`; returns what puts it into its place.

    A comment says which it was, so `was` must hold no password.
    """
    file = Path(os.path.realpath(file))
    text = _render(file, f"{WAS}{was}\nDATABASE_URL={value}\n")
    beside = file.with_name(f"{file.name}.partial")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline=""
        ) as new:
            new.write(text)
            _keep_owner(file, beside)
            new.flush()
            os.fsync(new.fileno())
    except OSError as error:
        raise AppError(f"{file} can't be written: {error.strerror}", hint="Nothing was changed.") from error
    return lambda: beside.replace(file)


def _render(file: Path, lines: str) -> str:
    """The file's text with these lines in the place of the last `DATABASE_URL`, and without the earlier ones."""
    if not file.exists():
        return lines
    with file.open(encoding="utf-8", newline="") as old:
        bindings = list(parse_stream(old))
    places = [number for number, binding in enumerate(bindings) if binding.key == "DATABASE_URL"]
    parts = []
    for number, binding in enumerate(bindings):
        text = binding.original.string
        if number in places:
            before = text[: len(text) - len(text.lstrip())]
            parts.append(_without_comment(before) + (lines if number == places[-1] else ""))
        else:
            parts.append(_without_comment(text))
    whole = "".join(parts)
    if places:
        return whole
    return whole + ("" if whole.endswith("\n") or not whole else "\n") + lines


def _without_comment(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(WAS))


def _keep_owner(old: Path, new: Path) -> None:
    """Give the new file the mode of the old one and, where that is allowed, its owner."""
    if old.exists():
        known = old.stat()
        new.chmod(stat.S_IMODE(known.st_mode))
        with suppress(OSError):
            os.chown(new, known.st_uid, known.st_gid)
