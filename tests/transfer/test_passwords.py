"""Passwords never arrive in plain text, and nothing that is written holds one."""

from __future__ import annotations

import hashlib
import json

from argon2 import PasswordHasher
from site_of_files import Site, told

from outgrow import steps
from outgrow.transfer.passwords import ARGON2

PLAIN = "Tr0ub4dor&3-geheim"
OTHER = "zweites-Geheimnis!"
BCRYPT = "$2y$10$abcdefghijklmnopqrstuuJ8.QhD2F3w1bJr4Zq5x6y7z8A9B0C1D"
MD5 = hashlib.md5(b"hunter2").hexdigest()
SHA1 = hashlib.sha1(b"hunter2").hexdigest()
PEOPLE = [
    {"id": 1, "username": "ann", "password": PLAIN},
    {"id": 2, "username": "bob", "password": BCRYPT},
    {"id": 3, "username": "cy", "password": MD5},
    {"id": 4, "username": "di", "password": SHA1},
    {"id": 5, "username": "ed", "password": None},
    {"id": 6, "username": "flo", "password": ""},
    {"username": "gus", "id": 7, "password": OTHER, "extra": 1.10},
]


def name_is_text(_plan: str) -> str:
    """Make the user's name a text again, and the id the key, whatever a record more has led to."""
    return """version = 1
[tables.users]
source = "users.json"
class = "User"
key = ["id"]
columns.id = { field = "id", type = "integer" }
columns.username = { field = "username", type = "string(80)" }
columns.password = { field = "password", type = "string(255)", nullable = true, secret = "password" }
"""


def everything(site: Site) -> bytes:
    """All bytes of the app: its files, its database, and the database as text."""
    files = b"".join(path.read_bytes() for path in site.app.rglob("*") if path.is_file())
    return files + "\n".join(site.dump()).encode()


def test_plain_and_fast_hashes_are_hashed_and_strong_ones_kept(site: Site) -> None:
    conversion = site.convert({"users.json": json.dumps(PEOPLE)})
    assert conversion.verified, conversion.findings
    assert conversion.hashed_passwords == 4
    stored = dict(site.sql("SELECT id, password FROM users"))
    assert stored[2] == BCRYPT
    assert not stored[5]
    assert not stored[6]
    assert PasswordHasher().verify(stored[1], PLAIN)
    assert PasswordHasher().verify(stored[3].removeprefix("md5+"), MD5)
    assert PasswordHasher().verify(stored[4].removeprefix("sha1+"), SHA1)
    assert "m=19456,t=2,p=1" in stored[1]


def test_nothing_in_the_app_holds_a_plain_password_or_a_fast_hash(site: Site) -> None:
    unfit = [{"id": 8, "username": ["x"], "password": PLAIN}, {"id": 1, "username": "ann2", "password": OTHER}]
    conversion = site.convert({"users.json": json.dumps([*PEOPLE, *unfit])}, name_is_text)
    assert conversion.reject_count == 2
    written = everything(site)
    said = "\n".join(told(finding) for finding in conversion.findings).encode()
    for secret in (PLAIN, OTHER, MD5, SHA1):
        assert secret.encode() not in written
        assert secret.encode() not in said
    for text in (PLAIN, OTHER):
        assert hashlib.sha256(text.encode()).hexdigest().encode() not in written


def test_a_password_that_stands_twice_leaves_no_copy_of_its_text(site: Site) -> None:
    site.convert({"users.json": f'[{{"id": 1, "password": "{PLAIN}", "password": "{OTHER}"}}, {{"id": 2}}]'})
    assert PLAIN.encode() not in everything(site)
    assert OTHER.encode() not in everything(site)


def test_a_record_with_a_password_and_a_key_twice_keeps_its_other_deviations(site: Site) -> None:
    text = f'[{{"id": 1, "password": "{BCRYPT}", "a": 1, "a": 2, "n": 1.0}}, {{"id": 2, "n": 3}}]'
    conversion = site.convert({"users.json": text})
    assert conversion.verified, conversion.findings
    assert '"n": 1.0' in site.export()["users.json"].decode()


def test_a_password_within_an_object_or_a_list_leaves_no_copy(site: Site) -> None:
    people = [
        {"id": n, "login": {"password": f"{PLAIN}{n}", "n": 1.0}, "keys": [{"password": f"{OTHER}{n}", "at": None}]}
        for n in range(1, 4)
    ]
    people[1]["login"]["odd"] = [1]  # type: ignore[index]
    people[2]["keys"] = {"0": {"password": f"{OTHER}3", "at": 1.0}}
    conversion = site.convert({"people.json": json.dumps(people)})
    assert PLAIN.encode() not in everything(site)
    assert OTHER.encode() not in everything(site)
    assert conversion.verified, conversion.findings


def test_a_broken_tail_that_holds_a_password_is_masked(site: Site) -> None:
    text = json.dumps(PEOPLE)[:-2].replace(OTHER, OTHER + '", "token": "tok-en')
    text = text[: text.index("extra") - 3] + ', "password": "' + PLAIN
    site.convert({"users.json": text}, salvage=True)
    assert PLAIN.encode() not in everything(site)


def test_keep_leaves_passwords_as_they_are_and_warns(site: Site) -> None:
    files = {"users.json": json.dumps(PEOPLE)}
    conversion = site.convert(files, lambda plan: plan.replace('passwords = "hash"', 'passwords = "keep"'))
    assert conversion.verified, conversion.findings
    assert dict(site.sql("SELECT id, password FROM users"))[1] == PLAIN
    assert any("keep" in finding.message and finding.severity == "warning" for finding in conversion.findings)
    assert site.export() == {"users.json": files["users.json"].encode()}


def test_a_second_load_hashes_nothing_again(site: Site) -> None:
    site.convert({"users.json": json.dumps(PEOPLE)})
    before = site.sql("SELECT * FROM users")
    assert steps.load(site.app).hashed_passwords == 0
    assert site.sql("SELECT * FROM users") == before


def test_export_writes_hashes_back_that_the_old_site_knows(site: Site) -> None:
    site.convert({"users.json": json.dumps(PEOPLE)})
    written = {record["id"]: record for record in json.loads(site.export()["users.json"])}
    assert [written[n]["password"] for n in (2, 3, 4)] == [BCRYPT, MD5, SHA1]
    assert PLAIN not in json.dumps(written)
    assert {n: list(record) for n, record in written.items()} == {record["id"]: list(record) for record in PEOPLE}


def told_by_export(site: Site) -> list[str]:
    """What export says of accounts."""
    site.exports += 1
    result = steps.export(site.app, site.root / f"told{site.exports}")
    return [finding.message for finding in result.findings if "account" in finding.message]


def test_export_names_the_accounts_that_can_no_longer_log_in(site: Site) -> None:
    people = [{"id": n, "username": f"user{n}", "password": f"Geheim-{n}"} for n in range(1, 15)]
    site.convert({"users.json": json.dumps(people)})
    names = ", ".join(f"user{n}" for n in range(1, 11))
    wanted = f"users: 14 accounts can no longer log in on the old site, unless it knows argon2: {names} and 4 more"
    assert told_by_export(site) == [wanted]


def test_only_the_operators_key_writes_fast_hashes_back(site: Site) -> None:
    hashes = [hashlib.md5(f"Geheim-{n}".encode(), usedforsecurity=False).hexdigest() for n in range(3)]
    text = json.dumps([{"id": n, "username": f"user{n}", "password": one} for n, one in enumerate(hashes)])
    site.convert({"users.json": text})
    assert told_by_export(site) == []
    assert site.export()["users.json"].decode() == text
    env = site.app / ".env"
    env.write_text("".join(line for line in env.read_text().splitlines(True) if not line.startswith("LEDGER_KEY")))
    assert told_by_export(site) == [
        "users: 3 accounts can no longer log in on the old site, unless it knows argon2: user0, user1, user2"
    ]
    assert hashes[0] not in site.export()["users.json"].decode()


def test_a_password_that_the_app_has_set_is_told_alone(site: Site) -> None:
    hashes = [hashlib.md5(f"Geheim-{n}".encode(), usedforsecurity=False).hexdigest() for n in range(3)]
    site.convert(
        {"users.json": json.dumps([{"id": n, "username": f"u{n}", "password": h} for n, h in enumerate(hashes)])}
    )
    site.sql("UPDATE users SET password = ? WHERE id = 1", ARGON2.hash("a new one"))
    site.sql("INSERT INTO users (id, username, password) VALUES (9, 'new', ?)", ARGON2.hash("another"))
    assert told_by_export(site) == [
        "users: 2 accounts can no longer log in on the old site, unless it knows argon2: u1, new"
    ]
