"""How passwords are kept, and whether one is right for what an older site has stored."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from typing import Any

import bcrypt
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from passlib.context import CryptContext
from passlib.hash import apr_md5_crypt, md5_crypt, sha256_crypt, sha512_crypt
from passlib.utils.binary import h64
from werkzeug.security import check_password_hash

ARGON2 = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
LONGEST = 4096  # bytes; more is no password, but work
# Nothing is right for it, and finding that out takes as long as for a real hash.
DECOY = "$argon2id$v=19$m=19456,t=2,p=1$" + "A" * 22 + "$" + "A" * 43
# Fast hashes: their names by length, and how they stand in a text, alone or with a salt.
FAST = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
NAME, HEX = r"(?:(?:md5|sha\d+)[:$])?", r"(?P<hash>[0-9a-fA-F]{32,128})"
FORMS = (
    re.compile(NAME + HEX + r"(?:[:$.](?P<salt>[ -~]{1,64}))?"),
    re.compile(NAME + r"(?P<salt>[ -~]{0,64})[:$.]" + HEX),
)


def _with_any_salt(crypt: Any) -> Any:
    """Let one of crypt()'s kinds take all salts that PHP takes, not only what it makes itself."""
    return type(crypt.name, (crypt,), {"salt_chars": "".join(map(chr, range(32, 127)))})


MD5_CRYPT, APR1_CRYPT = _with_any_salt(md5_crypt), _with_any_salt(apr_md5_crypt)
OTHERS = CryptContext(
    [MD5_CRYPT, APR1_CRYPT, _with_any_salt(sha256_crypt), _with_any_salt(sha512_crypt)]
    + ["django_pbkdf2_sha1", "django_pbkdf2_sha256"]
    + ["pbkdf2_sha1", "pbkdf2_sha256", "pbkdf2_sha512", "ldap_md5", "ldap_salted_md5"]
    + ["ldap_sha1", "ldap_salted_sha1", "ldap_salted_sha256", "ldap_salted_sha512"]
)
# What would keep a worker busy for minutes, or take its memory: no site pays so much for a login.
DEAR = re.compile(
    r".*\$argon2\w+\$(?:v=\d+\$)?m=(?:[2-9]\d{6}|\d{8}|\d+,t=\d{3})|\$[56]\$rounds=\d{7}"
    r"|(?:\$wp)?\$2[abxy]\$(?:1[7-9]|[2-9])|\$[PHS]\$[J-Za-z]"
    r"|\$?pbkdf2[-_:]\w+[:$]\d{8}|scrypt:\d{7}"
)


def hash_password(text: str) -> str:
    """Return what is kept in place of a password; a ValueError says why a text can't be one."""
    if not 0 < len(text.encode()) <= LONGEST:
        raise ValueError(f"A password has 1 to {LONGEST} bytes.")
    return ARGON2.hash(text)


def adopt(text: str) -> str:
    """Return what is kept of a password as another site has stored it: a hash, or the text itself."""
    if re.match(r"\$(?:2[abxy]|argon2\w+|5|6|wp|P|H|S)\$.{8}", text):
        return text
    if re.fullmatch(HEX, text) and len(text) in FAST:
        return f"{FAST[len(text)]}+{ARGON2.hash(text.lower())}"
    return hash_password(text)


def needs_new_hash(stored: str) -> bool:
    """Tell whether a password should be hashed anew, now that its text is at hand."""
    try:
        return ARGON2.check_needs_rehash(stored)
    except ValueError:
        return True


def spend_time(text: str) -> None:
    """Do the work of `is_right` for an account that isn't there, so that this can't be timed."""
    is_right(DECOY, text)


def is_right(stored: str, text: str, salts: Iterable[str] = ()) -> bool:
    """Tell whether a text is the password behind what is stored; `salts` stand in its row."""
    if not text or len(text) > LONGEST or DEAR.match(stored):
        return False
    try:
        secret = text.encode()
        return len(secret) <= LONGEST and _is_right(stored or DECOY, secret, salts)
    except Exception:  # what a library can't read, in the text or in what is stored, isn't right
        return False


def _is_right(stored: str, secret: bytes, salts: Iterable[str]) -> bool:
    kind, wrapped, rest = stored.rpartition("+$argon2id$")
    if wrapped:  # a fast hash, which was hashed once more when it was loaded
        return any(_is_argon2("$argon2id$" + rest, old) for old in _old(kind, secret, salts))
    if stored.startswith("$argon2"):
        return _is_argon2(stored, secret)
    if stored.startswith("$wp$2"):  # WordPress since 6.8
        digest = hmac.digest(b"wp-sha384", secret.strip(b" \t\n\r\0\v"), "sha384")
        return bcrypt.checkpw(base64.b64encode(digest), stored[3:].encode())
    if re.match(r"\$2[abxy]\$", stored):  # PHP doesn't look behind the 72nd byte
        return bcrypt.checkpw(secret[:72], stored.encode())
    if re.match(r"\$[PHS]\$", stored):
        return hmac.compare_digest(_portable_hash(stored, secret), stored.encode())
    if re.match(r"(?:scrypt|pbkdf2):", stored):
        return check_password_hash(stored, secret.decode())
    if re.match(r"\$[\w-]+\$|\{\w+\}|pbkdf2_", stored):
        return bool(OTHERS.verify(secret, stored))
    # Only the plan's `passwords = "keep"` leaves anything else in the database.
    found = [match for form in FORMS if (match := form.fullmatch(stored))]
    found = [match for match in found if len(match["hash"]) in FAST]
    if not found:
        return hmac.compare_digest(stored.encode(), secret)
    best = max(found, key=lambda match: len(match["hash"]))
    name, own = FAST[len(best["hash"])], (best["salt"] or "").encode().hex()
    olds = _old(f"{name}:{own}", secret, salts)
    return any(hmac.compare_digest(old, best["hash"].lower().encode()) for old in olds)


def _is_argon2(stored: str, secret: bytes) -> bool:
    try:
        return ARGON2.verify(stored, secret)
    except Argon2Error:
        return False


def _old(kind: str, secret: bytes, salts: Iterable[str]) -> Iterator[bytes]:
    """Yield what the old site may have stored: as NAME, NAME:SALT (in hex) or md5-crypt:$1$SALT."""
    name, _, own = kind.partition(":")
    if name == "md5-crypt":
        _, ident, salt = own.split("$")
        yield (APR1_CRYPT if ident == "apr1" else MD5_CRYPT).using(salt=salt).hash(secret).encode()
        return

    def digest(data: bytes) -> bytes:
        return hashlib.new(name, data).hexdigest().encode()

    once = digest(secret)
    for key in [bytes.fromhex(own)] if own else [salt.encode() for salt in salts if salt]:
        yield from (digest(key + secret), digest(secret + key), digest(once + key))
        yield from (digest(key + once), digest(digest(key) + once))
        yield hmac.digest(key, secret, name).hex().encode()
        if name == "sha512":  # of the same length: Node's scrypt
            yield hashlib.scrypt(secret, salt=key, n=16384, r=8, p=1, dklen=64).hex().encode()
    if not own:
        yield from (once, digest(once))


def _portable_hash(stored: str, secret: bytes) -> bytes:
    """Make phpass's hash with another one's cost and salt: md5, or sha512 for Drupal ($S$)."""
    new = hashlib.sha512 if stored[1] == "S" else hashlib.md5
    digest = new(stored[4:12].encode() + secret).digest()
    for _ in range(1 << h64.decode_int6(stored[3].encode())):
        digest = new(digest + secret).digest()
    encoded: bytes = h64.encode_bytes(digest)
    return (stored[:12].encode() + encoded)[:55]
