"""Files that are kept as they are: those that look as if they held secrets only under the operator's key.

A script's settings may hold the password of a database. Where the ledger keeps such a file for export, it is
sealed with `LEDGER_KEY` of the app's `.env`, as old hashes are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from outgrow.database.ledger import FileEntry
from outgrow.schema.model import Plan
from outgrow.source.inventory import Source, SourceFile
from outgrow.source.kept import keep_quietly
from outgrow.source.left_files import leave_files
from outgrow.source.plain_texts import take_planned_texts
from outgrow.transfer.fingerprint import is_same

SECRET = re.compile(
    rb"(?:passw|passwd|pwd|passphrase|secret|token|api[-_]?key|private[-_ ]?key|salt|credential)[\w-]*"
    rb"['\"\]]*\s*(?:=>|[:=,]|>)\s*['\"]?[^\s'\",;<]{3,}",
    re.IGNORECASE,
)


def keep_other_texts(plan: Plan, source: Source) -> None:
    """Take over as they are the text files that no column of the plan holds."""
    leave_files(source, [name for _, name in plan.files])
    patterns = [column.field[0] for table in plan for column in table.columns if column.role == "file"]
    held = [re.compile("(.+)".join(map(re.escape, pattern.split("{key}")))) for pattern in patterns]
    take_planned_texts(source, [table.source for table in plan if not table.nested])
    for path in source.texts:
        keys = [match[1] for pattern in held if (match := pattern.fullmatch(path))]
        if not keys or not _is_plain(source.root / path):
            keep_quietly(source, path)


def leave_kept(plan: Plan, source: Source, files: Iterable[FileEntry]) -> None:
    """Make no records of files that an earlier load has kept, while they are the same or make no table."""
    planned = {table.source for table in plan if not table.nested}
    tabled = {part.file for each in source.collections if each.source in planned for part in each.parts}
    left: set[str] = set()
    for entry in files:
        file = source.files.get(entry.path)
        if file is None or not file.sections or entry.facts["syntax"]:
            continue
        if entry.path not in tabled or is_same(entry.sha256, file.sha256):
            keep_quietly(source, entry.path)
            left.add(entry.path)
    parts = [tuple(part for part in each.parts if part.file not in left) for each in source.collections]
    pairs = zip(source.collections, parts, strict=True)
    source.collections = [replace(collection, parts=some) for collection, some in pairs if some]


def _is_plain(path: Path) -> bool:
    """Whether a column can hold a file's text, and gives every byte of it again."""
    try:
        return b"\0" not in (data := path.read_bytes()) and bool(data.decode("utf-8") or True)
    except (OSError, UnicodeDecodeError):
        return False


def holds_secrets(file: SourceFile) -> bool:
    """Whether a file without records, or what is kept of one, sets something that is named like a secret."""
    return (file.kept or not file.sections) and any(SECRET.search(literal) for literal in file.literals)


def seal_file(file: SourceFile, key: str | None) -> list[bytes]:
    """What the ledger keeps of a file with secrets: its text sealed; nothing where there is no key."""
    return [Fernet(key).encrypt(literal) for literal in file.literals] if key else []


def unseal_file(file: FileEntry, key: str | None) -> bool:
    """Put a sealed file's text back; says whether that could be done."""
    if not file.facts.get("sealed"):
        return True
    try:
        file.literals = [Fernet(key or "").decrypt(literal) for literal in file.literals]
    except (InvalidToken, ValueError):
        return False
    return bool(file.literals)
