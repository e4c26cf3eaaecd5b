"""Settings and the database's URL."""

from __future__ import annotations

import pytest

from app.config import Config, split_url


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
        ("sqlite:////tmp/a.db?pool_size=3", "sqlite:////tmp/a.db", {"pool_size": 3}),
        ("sqlite://?pool_size=3&max_overflow=1", "sqlite://", {}),
    ],
)
def test_pool_options_may_stand_in_the_url(given: str, url: str, options: dict[str, int]) -> None:
    found, engine_options = split_url(given)
    assert found.render_as_string(hide_password=False) == url
    assert engine_options == options | {"hide_parameters": True}


def test_a_wrong_option_is_named() -> None:
    with pytest.raises(ValueError, match="pool_size"):
        split_url("postgresql://localhost/name?pool_size=many")


def test_without_a_url_the_database_lies_in_the_instance_folder() -> None:
    assert str(Config({}).SQLALCHEMY_DATABASE_URI).endswith("/instance/app.db")


@pytest.mark.parametrize("name", ["PROXY_COUNT", "PUBLIC_PAGES", "LAST_WRITER_WINS", "LOG_LEVEL", "RATE_LIMIT_STORAGE"])
def test_a_setting_that_cant_be_read_is_named(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: "):
        Config({name: "perhaps"})
