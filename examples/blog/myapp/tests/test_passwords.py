"""Passwords: new ones, and those that older sites have left."""

from __future__ import annotations

import hashlib
import hmac
import time

import pytest
from argon2 import PasswordHasher

from app import passwords
from app.passwords import ARGON2, hash_password, is_right, needs_new_hash, spend_time

# For hashes of which many are tried.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# One of each kind, made by PHP, Werkzeug and Django themselves, with costs that are low for tests.
LONG = "Straße und Maß " * 6
OLD = {
    "$2y$04$.qCsbnKqnfFUuU8GnCBoMuAsJkIcWUvAhtPUjZ2E6jKwEEcl8HkVy": LONG,
    "$2a$04$Y7qnp9SCdSDF/4i3wfvxruop.vfs1YwihyXzxZFNgPq8vHtmwe3ta": "Käse",
    "$argon2i$v=19$m=1024,t=1,p=1$MWlpelVQWjhpUkZFYTQwUw$7tKdkZsOxYRITnr/iiLYWa5aCX0MGWeVs0Tu61APxN0": "Zürich",
    "$1$a+b=:!c$OlvCsJZwMKDfCQn5rMQ/A0": "geheim",
    "$5$YPv1pgpEf3nQNs3S$Xfk6wGkls6wLt7fEPXsjndGxGKWtJXRq8q10Is8Ie/1": "geheim",
    "$6$rounds=1000$0GpRG3BXi7QPCwt.$qpCqP/30DMDjFDWkAMicWu9.U6fNu9onXsmJr4IJd/PlJZWvA8Vnrru65eiEE81Rl7wHOoavV9WpqFUcPibCr1": "geheim",
    "$P$B5mV.ptPQvZV19PPYCXwJj7Y.OMoux/": "letmein",
    "$H$7xo6isHEyXWmnRey0955B5.M1Ae5AQ.": "letmein",
    "$S$De6.CsYfLJ7qE3CZKWzILOVAOxBS3nHogK7AUsLq.BTy.Zn.eus3": "letmein",
    "$wp$2y$04$5Dk8UGaHbh66IDQDnK58/Ooz3InjkknSQ33.dccDBDtp6djb1.KFq": " let me in\t",
    "pbkdf2:sha256:1000$3OXjlHHKM1zyCNdI$df3599340dddca18e7a2afcc877efa1f3b07db486ff02f59055cc8b97b941875": "letmein",
    "pbkdf2_sha256$1000$YqDYLNMhDdPN$6NgvzOe0dlckqKIrbky4GpbZE2WLDY7tH3hI50AqUtQ=": "letmein",
    "{SSHA}xPg0r1n/N7VeTqBvdRiMcwSjHiVOLyN5": "hunter2",
}
TEXTS = ["", "\0", "a\0b", "\ud800", "ß" * 3000, "x" * 1_000_000]
ODD = [
    *TEXTS[1:],
    "$",
    "$$",
    "$2y$",
    "$P$",
    "$S$",
    "$wp$2y$",
    "$1$",
    "$6$",
    "$argon2id$",
    "$y$x$y",
    "{SHA}é",
]
ODD += ["+$argon2id$", "md5+$argon2id$", "md5:zz+$argon2id$x", "md5-crypt:+$argon2id$x", "scrypt:"]
ODD += [
    "pbkdf2:a:b$c$d",
    "pbkdf2_sha1$$$",
    "shake_128+" + QUICK.hash("x"),
    "x:00+" + QUICK.hash("x"),
]


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def test_a_new_password_is_right_and_no_other_is() -> None:
    stored = hash_password("correct horse")
    assert "correct horse" not in stored
    assert hash_password("correct horse") != stored
    assert is_right(stored, "correct horse")
    assert not is_right(stored, "correct horsf")
    assert not needs_new_hash(stored)


@pytest.mark.parametrize("stored", OLD)
def test_a_password_of_an_older_site_is_right_and_hashed_anew(stored: str) -> None:
    assert is_right(stored, OLD[stored])
    assert not is_right(stored, "x" + OLD[stored])
    assert not is_right(stored, stored)
    assert needs_new_hash(stored)


@pytest.mark.parametrize(
    "hidden",
    [
        md5("hunter2"),
        md5(md5("hunter2")),
        md5("NaClhunter2"),
        md5("hunter2NaCl"),
        md5(md5("hunter2") + "NaCl"),
        md5("NaCl" + md5("hunter2")),
        md5(md5("NaCl") + md5("hunter2")),
        hmac.new(b"NaCl", b"hunter2", "md5").hexdigest(),
    ],
)
def test_a_fast_hash_is_kept_within_argon2_and_may_have_a_salt_in_the_row(hidden: str) -> None:
    stored = "md5+" + QUICK.hash(hidden)
    assert is_right(stored, "hunter2", ["pepper", "", "NaCl"])
    assert not is_right(stored, "hunter3", ["NaCl"])
    assert not is_right(stored, hidden, ["NaCl"])
    assert needs_new_hash(stored)


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [
        ("sha1:" + b"a+$1".hex(), sha1("a+$1hunter2")),
        ("sha1:ff", hashlib.sha1(b"hunter2\xff").hexdigest()),
        ("sha512:01", hashlib.scrypt(b"hunter2", salt=b"\1", n=16384, r=8, p=1, dklen=64).hex()),
        ("md5-crypt:$1$RZ+nFc0Y", "$1$RZ+nFc0Y$eZWj/f8zlI5Z4TfOs1ohv0"),
        ("md5-crypt:$apr1$RZFnc0Y", "$apr1$RZFnc0Y$VMuAlDFMKPyUD2RM017t80"),
    ],
)
def test_the_salt_of_a_fast_hash_may_stand_before_argon2(kind: str, hidden: str) -> None:
    stored = f"{kind}+{QUICK.hash(hidden)}"
    assert is_right(stored, "hunter2", ["other"])
    assert not is_right(stored, "hunter3", ["other"])


@pytest.mark.parametrize(
    "stored",
    [
        "hunter2",
        md5("hunter2").upper(),
        "sha1$NaCl$" + sha1("NaClhunter2"),
        md5("hunter2:a.b$c") + "::a.b$c",
        md5("hunter2" + md5("x")) + ":" + md5("x"),
        md5("x") + ":" + sha1(md5("x") + "hunter2"),
    ],
)
def test_what_the_plan_keeps_as_it_was_is_compared_too(stored: str) -> None:
    assert is_right(stored, "hunter2")
    assert not is_right(stored, "hunter3")
    assert is_right(stored, stored) == (stored == "hunter2")
    assert needs_new_hash(stored)


@pytest.mark.parametrize(
    "stored",
    [*ODD, *OLD, *(old[:-1] for old in OLD), hash_password("x")],
    ids=lambda stored: ascii(stored[:20]),
)
def test_what_is_odd_or_broken_is_wrong_and_raises_nothing(stored: str) -> None:
    for text in TEXTS:
        assert not is_right(stored, text, ["é", "\ud800"]) or stored == text
    assert isinstance(needs_new_hash(stored), bool)


def test_only_passwords_of_a_sensible_length_are_looked_at() -> None:
    assert is_right(hash_password("x" * 4096), "x" * 4096)
    for text in ("", "x" * 4097, "ß" * 2049):
        assert not is_right(QUICK.hash(text), text)
    for text in ("", "x" * 4097, "ß" * 2049, "\ud800"):
        with pytest.raises(ValueError):
            hash_password(text)


def test_bcrypt_reads_72_bytes_as_php_does() -> None:
    stored = next(iter(OLD))
    cut = LONG.encode()[:72].decode()
    assert is_right(stored, cut)
    assert not is_right(stored, cut[:-1])


@pytest.mark.parametrize(
    "stored",
    [
        "$2y$31$.qCsbnKqnfFUuU8GnCBoMuAsJkIcWUvAhtPUjZ2E6jKwEEcl8HkVy",
        "$S$UDe6.CsYfLJ7qE3CZKWzILOVAOxBS3nHogK7AUsLq.BTy.Zn.eus3",
        "$6$rounds=999999999$0GpRG3BXi7QPCwt.$" + "a" * 86,
        "$argon2id$v=19$m=19456,t=999999,p=1$" + "A" * 22 + "$" + "A" * 43,
        "md5+$argon2id$v=19$m=4000000,t=1,p=1$" + "A" * 22 + "$" + "A" * 43,
    ],
)
def test_a_hash_that_would_take_minutes_is_refused_at_once(stored: str) -> None:
    started = time.perf_counter()
    assert not is_right(stored, "letmein")
    assert time.perf_counter() - started < 1


def test_an_account_that_is_not_there_takes_the_work_of_one_that_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    class Counting:
        def verify(self, stored: str, secret: bytes) -> bool:
            done.append(stored)
            return ARGON2.verify(stored, secret)

    monkeypatch.setattr(passwords, "ARGON2", Counting())
    spend_time("letmein")
    assert not is_right("", "letmein")  # an account without a password
    monkeypatch.undo()
    assert [needs_new_hash(stored) for stored in done] == [False, False]
