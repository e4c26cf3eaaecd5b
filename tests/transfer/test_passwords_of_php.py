"""Whoever could log in to the old site can log in to the app, and the old site gets its files back."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from site_of_files import Site

from outgrow.schema.secret import scheme_of, split_hash
from outgrow.transfer.passwords import is_hash_of

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "php" / "make_passwords.php"
# What the script made once, so that these tests need no PHP.
ACCOUNTS: list[dict[str, Any]] = json.loads(SCRIPT.with_name("passwords.json").read_text())
# What only a person has made up, although it begins or looks like something else.
MADE_UP = [
    "correct horse",
    "$5$ a day",
    "$P$assword",
    "$2y$10$short",
    "$1$tooshort",
    "$S$",
    "pbkdf2_rocks",
    "scrypt:me",
    "md5+sha1",
    "{SHA}not base64",
    "{SHA}c2hvcnQ=",
    "abcdef",
    "rlcp2nrRbUC3w",  # may be DES's crypt(), or somebody's thirteen letters
    "deadbeef:salt",
    "Grüße, 日本",
]


def load_passwords(app: Path) -> Any:
    """The module of an app, without the app."""
    spec = importlib.util.spec_from_file_location("passwords_of_app", app / "app" / "passwords.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


APP = load_passwords(ROOT / "src" / "outgrow" / "render" / "template")


@pytest.fixture
def php() -> str:
    """A real PHP: OUTGROW_PHP, the one that tests/module/get_php.sh has fetched, or the one on the PATH."""
    fetched = ROOT / ".cache" / "php" / "usr" / "bin" / "php8.2"
    found = os.environ.get("OUTGROW_PHP") or (str(fetched) if fetched.exists() else shutil.which("php"))
    if found is None:
        pytest.skip("there is no php; tests/module/get_php.sh fetches one on Debian, without installing it")
    return found


# For tests that try many passwords; what a hash costs in use is told by tests of their own.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outgrow.transfer.passwords.ARGON2", QUICK)


def file_of(accounts: list[dict[str, Any]]) -> str:
    """The site's file, without the passwords behind the hashes."""
    records = [{name: value for name, value in account.items() if name != "right"} for account in accounts]
    return json.dumps(records, ensure_ascii=False, indent=4)


def check_logins(site: Site, accounts: list[dict[str, Any]], *, others: bool = True) -> None:
    """Each account's password is right; and no other, above all not what the database or the file holds."""
    module = load_passwords(site.app)
    rows = {row[0]: row[1:] for row in site.sql("SELECT id, password, salt FROM users")}
    for account in accounts:
        stored, salt = rows[account["id"]]
        salts = [salt] if salt else []
        assert module.is_right(stored, account["right"], salts), account
        for text in {account["password"], stored, "x" + account["right"]} - {account["right"]} if others else ():
            assert not module.is_right(stored, text, salts), account


@pytest.mark.usefixtures("_quick_hashes")
def test_every_account_can_log_in_after_the_conversion_and_the_file_comes_back(site: Site) -> None:
    files = {"users.json": file_of(ACCOUNTS)}
    conversion = site.convert(files)
    assert conversion.verified, conversion.findings
    assert conversion.rejects == []
    check_logins(site, ACCOUNTS)
    site.take_source_away()
    assert site.export() == {"users.json": files["users.json"].encode()}


def test_every_account_can_log_in_while_the_plan_keeps_passwords(site: Site) -> None:
    plain = {"id": len(ACCOUNTS) + 1, "username": "plain", "right": "hunter2", "password": "hunter2", "salt": None}
    accounts = [*ACCOUNTS, plain]
    files = {"users.json": file_of(accounts)}
    site.convert(files, lambda plan: plan.replace('passwords = "hash"', 'passwords = "keep"'))
    check_logins(site, accounts)
    assert site.export() == {"users.json": files["users.json"].encode()}


def test_no_fast_hash_is_left_bare_and_no_salt_of_its_text_is_lost(site: Site) -> None:
    site.convert({"users.json": file_of(ACCOUNTS)})
    stored = dict(site.sql("SELECT id, password FROM users"))
    for account in ACCOUNTS:
        kept, hidden = stored[account["id"]], split_hash(account["password"])
        if hidden is None:
            assert kept == account["password"]
        else:
            assert hidden[1] not in kept
            assert kept.startswith(hidden[0] + "+$argon2id$v=19$m=19456,t=2,p=1$")
            assert len(kept) <= 255


def test_what_a_person_made_up_is_hashed_however_it_looks(site: Site) -> None:
    accounts = [
        {"id": number, "username": f"user{number}", "right": text, "password": text, "salt": f"s{number}"}
        for number, text in enumerate(MADE_UP, start=1)
    ]
    conversion = site.convert({"users.json": file_of(accounts)})
    assert conversion.verified, conversion.findings
    assert conversion.hashed_passwords == len(MADE_UP)
    check_logins(site, accounts)
    for (stored,) in site.sql("SELECT password FROM users"):
        assert not APP.needs_new_hash(stored)


@pytest.mark.usefixtures("_quick_hashes")
def test_a_file_that_was_exported_without_its_key_still_lets_people_in(site: Site, tmp_path: Path) -> None:
    site.convert({"users.json": file_of(ACCOUNTS)})
    env = site.app / ".env"
    env.write_text("".join(line for line in env.read_text().splitlines(True) if not line.startswith("LEDGER_KEY")))
    second = Site(tmp_path / "second")
    conversion = second.convert(site.export())
    assert conversion.hashed_passwords == 0
    check_logins(second, ACCOUNTS, others=False)


def test_what_a_real_php_makes_today_is_right_too(php: str) -> None:
    done = subprocess.run([php, "-n", str(SCRIPT)], capture_output=True, text=True, check=True)
    accounts = json.loads(done.stdout)
    assert [account["username"] for account in accounts] == [account["username"] for account in ACCOUNTS]
    for account in accounts:
        salts = [account["salt"]] if account["salt"] else []
        assert APP.is_right(account["password"], account["right"], salts), account
        assert not APP.is_right(account["password"], "x" + account["right"], salts), account


def test_a_hash_of_another_salt_or_name_is_not_taken_for_the_same() -> None:
    hidden = "5d41402abc4b2a76b9719d911017c592"
    stored = "md5:" + b"ab".hex() + "+" + APP.ARGON2.hash(hidden)
    assert is_hash_of(stored, f"{hidden}:ab")
    assert is_hash_of(stored, f"{hidden.upper()}:ab")
    for text in (hidden, f"{hidden}:ac", f"md5${hidden}", "plain"):
        assert not is_hash_of(stored, text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("d" * 32, "md5"),
        ("D" * 40, "sha1"),
        ("a" * 32 + ":" + "b" * 32, "md5:" + b"b".hex() * 32),
        ("a" * 32 + ":" + "b" * 64, "sha256:" + b"a".hex() * 32),
        ("b" * 128 + "." + "a" * 32, "sha512:" + b"a".hex() * 32),
        ("sha1$$" + "c" * 40, "sha1"),
        ("$apr1$12345678$" + "z" * 22, "md5-crypt:$apr1$12345678"),
        ("d" * 31, None),
        ("d" * 33, None),
        ("d" * 32 + ":" + "s" * 65, None),
        ("d" * 32 + ":sält", None),
        ("$1$123456789$" + "z" * 22, None),
        ("{SSHA}" + "A" * 172, None),
    ],
)
def test_a_fast_hash_is_known_by_its_form(text: str, tag: str | None) -> None:
    found = split_hash(text)
    assert (found[0] if found else None) == tag
    assert scheme_of(text) == (tag.partition(":")[0] if tag else "plain")


BROKEN = st.builds(
    lambda account, cut, dirt: account["password"][:cut] + dirt + account["password"][cut + len(dirt) :],
    st.sampled_from(ACCOUNTS),
    st.integers(0, 80),
    st.text(st.sampled_from("$:,=+{}.zé\0\ud800"), max_size=3),
)


@settings(deadline=None, max_examples=150)
@given(st.text() | BROKEN, st.text() | st.sampled_from(["hunter2", "x" * 5000]), st.lists(st.text(), max_size=2))
def test_nothing_that_is_stored_or_typed_ends_in_an_error(stored: str, text: str, salts: list[str]) -> None:
    assert APP.is_right(stored, text, salts) in (True, False)
    assert APP.needs_new_hash(stored) in (True, False)
    assert scheme_of(stored)


@settings(deadline=None, max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_password_is_right_for_its_own_hash(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(APP, "ARGON2", QUICK)
        stored = APP.hash_password(text)
        assert APP.is_right(stored, text)
        assert not APP.is_right(stored, text + "x")
        assert not APP.needs_new_hash(stored)
