"""Settings and the database's URL."""

from __future__ import annotations

import pytest

from app.config import Config
from app.database_url import split_url

ON_A_SERVER: dict[str, int] = {"pool_pre_ping": True}


@pytest.fixture(autouse=True)
def no_driver_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read URLs of databases whose drivers aren't installed."""
    monkeypatch.setattr("app.database_url.find_spec", lambda _module: True)


@pytest.mark.parametrize(
    ("given", "url", "options"),
    [
        (
            "mysql://user:p%40ss@localhost/name?pool_size=10&pool_recycle=3600",
            "mysql+pymysql://user:p%40ss@localhost/name",
            {"pool_pre_ping": True, "pool_size": 10, "pool_recycle": 3600},
        ),
        (
            "postgres://localhost/name?pool_pre_ping=false&sslmode=require",
            "postgresql+psycopg://localhost/name?sslmode=require",
            {"pool_pre_ping": False},
        ),
        ("mariadb://h/n?echo=1", "mysql+pymysql://h/n", {"pool_pre_ping": True, "echo": True}),
        (
            "mysql://u:p@ss/wo#rd@h/n?pool_size=2",
            "mysql+pymysql://u:p%40ss%2Fwo%23rd@h/n",
            ON_A_SERVER | {"pool_size": 2},
        ),
        ("mysql://u@%2Frun%2Fdb.sock/n", "mysql+pymysql://u@/n?unix_socket=%2Frun%2Fdb.sock", ON_A_SERVER),
        ("postgresql://%2Frun%2Fpg/n", "postgresql+psycopg:///n?host=%2Frun%2Fpg", ON_A_SERVER),
        ("sqlite:////tmp/a.db?pool_size=3", "sqlite:////tmp/a.db", {"pool_size": 3}),
        ("sqlite://?pool_size=3&max_overflow=1", "sqlite://", {}),
    ],
)
def test_pool_options_may_stand_in_the_url(given: str, url: str, options: dict[str, int]) -> None:
    found, engine_options = split_url(given)
    assert found.render_as_string(hide_password=False) == url
    assert engine_options == options | {"hide_parameters": True}


def test_a_wrong_option_is_named_beside_the_right_ones_and_the_password_never_is() -> None:
    with pytest.raises(ValueError, match="pool_size"):
        split_url("postgresql://u:bell-and-brake@localhost/name?pool_size=many")
    for url in ("mysql://u:bell-and-brake@h/n?pool_sizes=3", "mysql://u:bell-and-brake@h:x/n", "bell-and-brake"):
        with pytest.raises(ValueError, match=r"DATABASE_URL") as raised:
            split_url(url)
        assert "bell" not in str(raised.value)
    with pytest.raises(ValueError, match="there is no option pool_sizes; for the pool there are pool_size, max_over"):
        split_url("mysql://h/n?pool_sizes=3")


@pytest.mark.parametrize(
    "option", ["pool_size=-1", "max_overflow=-2", "pool_recycle=-9", "pool_timeout=nan", "pool_size=2.5"]
)
def test_what_a_pool_cant_do_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match=f"DATABASE_URL: {option.partition('=')[0]}: "):
        split_url(f"sqlite:///a.db?{option}")


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.database_url.find_spec", lambda _module: None)
    with pytest.raises(ValueError, match=r'psycopg is missing.*pip install "\.\[postgres\]"'):
        split_url("postgresql://localhost/name")


def test_without_a_url_the_database_lies_in_the_instance_folder() -> None:
    assert str(Config({}).SQLALCHEMY_DATABASE_URI).endswith("/instance/app.db")


@pytest.mark.parametrize(
    "name", ["PROXY_COUNT", "PUBLIC_PAGES", "LAST_WRITER_WINS", "GALERA_SYNC_WAIT", "LOG_LEVEL", "RATE_LIMIT_STORAGE"]
)
def test_a_setting_that_cant_be_read_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: "):
        Config({name: "perhaps"})
