"""The hash by which a source file is known again, so made that it can't give away a password in the file.

Whoever has an exported file could otherwise put guesses in the place of one password and compare the bare
SHA-256 of each. For files that hold passwords it is kept in argon2, so that each guess takes as long as one
against the stored password itself.
"""

from __future__ import annotations

from argon2.exceptions import VerifyMismatchError

from outgrow.schema.model import Plan
from outgrow.schema.secret import password_columns
from outgrow.source.inventory import Source
from outgrow.transfer.passwords import ARGON2


def guarded_files(plan: Plan, source: Source) -> set[str]:
    """The files of collections with passwords that are stored hashed."""
    sources = {table.source for table in plan if password_columns(plan, table)}
    return {part.file for collection in source.collections if collection.source in sources for part in collection.parts}


def fingerprint(sha256: str, *, guarded: bool) -> str:
    """What the ledger keeps of a file's hash."""
    return ARGON2.hash(sha256) if guarded else sha256


def is_same(kept: str, sha256: str) -> bool:
    """Whether a file is the one whose fingerprint was kept."""
    if not kept.startswith("$argon2"):
        return kept == sha256
    try:
        return ARGON2.verify(kept, sha256)
    except VerifyMismatchError:
        return False
