"""Passwords and other secrets: what scheme a text is in, and which schemes are too fast to be kept bare."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from outgrow.schema.model import Plan, Table

STRONG = re.compile(
    r"\$(?:2[abxy]?|argon2(?:id|i|d)|5|6|7|y|scrypt|pbkdf2[-_a-z0-9]*|P|H|wp|S)\$|(?:scrypt|pbkdf2)[:_]"
)
HEX = re.compile(r"[0-9a-fA-F]+")
FAST = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
MASK = "********"


def scheme_of(text: str) -> str:
    """The scheme of a stored password: `strong`, the name of a fast hash, or `plain`."""
    if STRONG.match(text):
        return "strong"
    if HEX.fullmatch(text) and len(text) in FAST:
        return FAST[len(text)]
    if text.startswith(("$1$", "$apr1$")):
        return "md5-crypt"
    return "plain"


def password_columns(plan: Plan, table: Table) -> tuple[int, ...]:
    """The numbers of the columns whose values are hashed before they are stored."""
    if plan.passwords == "keep":
        return ()
    return tuple(number for number, column in enumerate(table.columns) if column.secret == "password")


def secret_fields(tables: Iterable[Table]) -> set[str]:
    """The names of all fields that hold secrets."""
    return {column.field[-1] for table in tables for column in table.columns if column.secret and column.field}


def mask_secrets(value: Any, names: set[str]) -> Any:
    """A value without its secrets, for a reject's text."""
    if isinstance(value, dict):
        return {name: MASK if name in names and inner else mask_secrets(inner, names) for name, inner in value.items()}
    if isinstance(value, list):
        return [mask_secrets(inner, names) for inner in value]
    return value


def mask_text(text: str, names: set[str]) -> str:
    """A text that can't be parsed, without what stands behind the secrets' names."""
    for name in names:
        text = re.sub(rf'("{re.escape(name)}"\s*:\s*)"(?:[^"\\]|\\.)*"?', rf'\1"{MASK}"', text)
    return text
