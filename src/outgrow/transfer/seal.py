"""Old password hashes under a key that only the operator has, so that the old site's files can be written again.

A fast hash (md5, sha1) is stored wrapped in argon2; who steals the database can't try passwords in bulk.
The hash itself is sealed with `LEDGER_KEY` of the app's `.env`, which is not in the database. Deleting that
line makes all sealed copies unreadable for good. Plain text is never sealed: it is gone.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken

from outgrow.record import MISSING
from outgrow.schema.secret import scheme_of
from outgrow.schema.shape import Row, Shape
from outgrow.source.syntax.json_text import dump_compact
from outgrow.transfer.patch import Patch, check_of


def seal_rows(shape: Shape, numbers: tuple[int, ...], rows: list[Row], stored: list[Row], key: str) -> dict[Row, Patch]:
    """Per row key, the sealed hashes of the columns that were wrapped; `rows` and `stored` pair up."""
    fernet = Fernet(key)
    sealed: dict[Row, Patch] = {}
    for row, kept in zip(rows, stored, strict=True):
        for number in numbers:
            path = shape.table.columns[number].field
            if len(path) == 1 and row[number] and scheme_of(str(row[number])) not in ("strong", "plain"):
                token = fernet.encrypt(str(row[number]).encode()).decode()
                patch = sealed.setdefault(tuple(row[n] for n in shape.keys), {})
                patch[path[0]] = [check_of(dump_compact(kept[number])), token]
    return sealed


def unseal(record: object, patch: Patch, key: str | None) -> bool:
    """Put a record's old hashes back, where its password is still the one that was loaded; says whether all are."""
    if not key or not isinstance(record, dict):
        return False
    fernet, whole = Fernet(key), True
    for name, (check, token) in patch.get("sealed", {}).items():
        value = record.get(name, MISSING)
        if value is MISSING or check_of(dump_compact(value)) != check:
            whole = False
            continue
        try:
            record[name] = fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            return False
    return whole
