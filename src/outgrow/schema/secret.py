"""Passwords and other secrets: what scheme a text is in, and which schemes are too fast to be kept bare."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from typing import Any

from outgrow.schema.model import Plan, Table

CRYPT = "[./0-9A-Za-z]"  # the alphabet of crypt()
ARGON2_FORM = r"\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+\$[\w+/]+\$[\w+/]+"
# A whole text each, not its beginning: what a person made up may begin like a hash, and would stay in plain text.
STRONG = re.compile(
    "|".join(
        (
            ARGON2_FORM,
            rf"(?:\$wp)?\$2[abxy]\$\d\d\${CRYPT}{{20,53}}",
            rf"\$5\$(?:rounds=\d+\$)?[ -#%-~]{{0,16}}\${CRYPT}{{43}}",
            rf"\$6\$(?:rounds=\d+\$)?[ -#%-~]{{0,16}}\${CRYPT}{{86}}",
            rf"\$[PH]\${CRYPT}{{31}}|\$S\${CRYPT}{{52}}",
            r"\$(?:7|y|gy|scrypt|pbkdf2[-\w]*)\$[!-~]{40,}",
            r"(?:scrypt|pbkdf2)(?::\w+)+\$[!-~]{40,}|pbkdf2_sha\d+\$\d+\$[!-~]{20,}",
            rf"(?:md5|sha\d+)(?::[0-9a-f]+)?\+{ARGON2_FORM}|md5-crypt:[ -~]{{3,15}}\+{ARGON2_FORM}",  # wrapped already
        )
    )
)
FAST = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
NAME, HEX = r"(?:(?:md5|sha\d+)[:$])?", r"(?P<hash>[0-9a-fA-F]{32,128})"
# With a name, and with a salt before or behind. Printable and short, so that the salt has room before argon2's text.
FORMS = (
    re.compile(NAME + HEX + r"(?:[:$.](?P<salt>[ -~]{1,64}))?"),
    re.compile(NAME + r"(?P<salt>[ -~]{0,64})[:$.]" + HEX),
)
LDAP = re.compile(r"\{S?(?P<name>MD5|SHA(?:256|384|512)?)\}(?P<base64>[A-Za-z0-9+/]{22,172}={0,2})")
MD5_CRYPT = re.compile(rf"(?P<salt>\$(?:1|apr1)\$[ -#%-~]{{0,8}})\${CRYPT}{{22}}")
MASK = "********"


def scheme_of(text: str) -> str:
    """The scheme of a stored password: `strong`, the name of a fast hash, or `plain`.

    DES's crypt() isn't told from plain text: thirteen letters and digits may be a password, whose owner couldn't
    log in any more and whose first two letters would lie open as the salt.
    """
    if STRONG.fullmatch(text):
        return "strong"
    fast = split_hash(text)
    return fast[0].partition(":")[0] if fast else "plain"


def split_hash(text: str) -> tuple[str, str] | None:
    """What may lie open of a fast hash, its name and the salt within its text, and what may not; None for others."""
    if match := MD5_CRYPT.fullmatch(text):
        return f"md5-crypt:{match['salt']}", text
    if match := LDAP.fullmatch(text):
        return _split_ldap(match["name"].lower(), match["base64"])
    found = [match for form in FORMS if (match := form.fullmatch(text)) and len(match["hash"]) in FAST]
    if not found:
        return None
    # A salt may look like a hash itself; the longer one is the hash, or else the first.
    best = max(found, key=lambda match: len(match["hash"]))
    return _tag(FAST[len(best["hash"])], (best["salt"] or "").encode()), best["hash"].lower()


def _split_ldap(name: str, text: str) -> tuple[str, str] | None:
    """The parts of a hash in base64 that may have its salt behind it."""
    name = "sha1" if name == "sha" else name
    size = next(length for length, known in FAST.items() if known == name) // 2
    try:
        raw = b64decode(text, validate=True)
    except ValueError:
        return None
    return (_tag(name, raw[size:]), raw[:size].hex()) if size <= len(raw) <= size + 64 else None


def _tag(name: str, salt: bytes) -> str:
    return f"{name}:{salt.hex()}" if salt else name


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
