"""Database URLs: outgrow and the app that it makes read them alike, and never show a password."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

import outgrow
from outgrow.database.url import parse_url, settings_url, show_url
from outgrow.errors import DatabaseError

SECRET = "bell-and-brake"
RIGHT = [
    f"mysql://user:{SECRET}@host/name?pool_size=10&pool_recycle=3600",
    f"mariadb://user:{SECRET}@host:3307/name?pool_pre_ping=no&charset=utf8mb4",
    f"postgres://user:{SECRET}@host/name?sslmode=require",
    f"postgresql://user:{SECRET}@host/name?pool_timeout=2.5&echo=off",
    f"postgresql://user:{SECRET}@host/name?pool_size=0&max_overflow=-1&pool_recycle=-1",
    f"postgresql+psycopg://user:{SECRET}@[::1]:5433/name",
    f"mysql://user:p@{SECRET}@host/name?pool_size=1",
    f"mysql://user:p/{SECRET}#x@host/name",
    f"mysql://user:p%40{SECRET}%2F@host/name",
    f"mysql://user:{SECRET}@host/name?init_command=SET @x = 1",
    "postgresql:///name?host=/run/postgresql",
    "postgresql://%2Frun%2Fpostgresql/name",
    "mysql://root@%2Frun%2Fdb.sock/name",
    "mysql://root@localhost/name?unix_socket=/run/db.sock",
]
WRONG = [
    f"mysql://user:{SECRET}@host/name?pool_sizes=10",
    f"mysql://user:{SECRET}@host/name?pool_size=ten",
    f"postgresql://user:{SECRET}@host/name?pool_pre_ping=perhaps",
    f"postgresql://user:{SECRET}@host/name?pool_size=-1",
    f"postgresql://user:{SECRET}@host/name?max_overflow=-2",
    f"postgresql://user:{SECRET}@host/name?pool_recycle=99999999999",
    f"postgresql://user:{SECRET}@host/name?pool_timeout=nan",
    f"mysql://user:p@{SECRET}?x@host:1/name?pool_size=10",
    f"mysql://user:S3cr@t/w{SECRET}?%:+& x@127.0.0.1:33069/site",
    f"postgresql://user:geheim#1/2@{SECRET}?x@db.invalid/site",
    f"mysql://user:p@ss?{SECRET}=7@host/name",
    f"mysql://user:{SECRET}@host:port/name",
    SECRET,
]


@pytest.fixture(scope="module")
def split_url() -> Callable[[str], tuple[Any, dict[str, Any]]]:
    """What an app does with its URL."""
    file = Path(outgrow.__file__).parent / "render" / "template" / "app" / "database_url.py"
    specification = importlib.util.spec_from_file_location("database_url", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.split_url  # type: ignore[no-any-return]


@pytest.mark.parametrize("text", RIGHT)
def test_outgrow_and_the_app_read_a_url_alike(text: str, split_url: Callable[..., Any], tmp_path: Path) -> None:
    ours, (theirs, _) = parse_url(text, tmp_path), split_url(text)
    assert ours == theirs
    assert SECRET not in show_url(ours)
    kept = settings_url(text, tmp_path)
    assert split_url(kept) == split_url(text)
    assert make_url(kept).drivername == text.partition(":")[0]
    assert not set(kept) & set(" #'\"\n$")


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_url_is_refused_by_both_and_not_shown(text: str, split_url: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as ours:
        parse_url(text, tmp_path)
    with pytest.raises(ValueError, match="DATABASE_URL") as theirs:
        split_url(text)
    assert SECRET not in str(ours.value) + str(theirs.value)


def test_a_wrong_option_is_refused_with_the_right_ones(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as raised:
        parse_url("mysql://host/name?pool_sizes=10", tmp_path)
    assert "an option that doesn't exist: pool_sizes" in str(raised.value)
    assert "pool_size, max_overflow, pool_recycle" in str(raised.value)


@pytest.mark.parametrize(("text", "said"), [("mysql://h/", "names no database"), ("oracle://h/n", "can't fill oracle")])
def test_what_outgrow_cant_fill_is_said(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match=said):
        parse_url(text, tmp_path)


def test_a_driver_that_is_missing_is_named_with_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, split_url: Callable[..., Any]
) -> None:
    monkeypatch.setattr("outgrow.database.url.find_spec", lambda _: None)
    with pytest.raises(DatabaseError, match=r'(?s)pymysql is missing.*pip install "outgrow\[mysql\]"'):
        parse_url("mysql://host/name", tmp_path)
    monkeypatch.setitem(split_url.__globals__, "find_spec", lambda _: None)
    with pytest.raises(ValueError, match=r'psycopg is missing.*pip install "\.\[postgres\]"'):
        split_url("postgres://host/name")
