"""A living app moves from SQLite to PostgreSQL, to MariaDB and back, and nothing is another."""

from __future__ import annotations

import json
from collections.abc import Callable

import sqlalchemy as sa
from living_app import Living, dump
from nursery import FLASK


def test_an_app_that_was_lived_in_comes_back_from_both_servers_as_it_was(
    lived: Living, new_database: Callable[[str], str]
) -> None:
    before = dump(lived.file)
    first = lived.move(new_database("postgresql"))
    assert first["tables"]["parcels"] == 4
    assert first["rows"] == sum(len(rows) for name, rows in before.items() if name in first["tables"])
    assert lived.setting.startswith("postgresql")
    _check_app(lived)
    lived.move(new_database("mariadb"))
    assert lived.setting.startswith("mysql")
    _check_app(lived)
    lived.move(new_database("postgresql"))
    lived.move(f"sqlite:///{lived.root}/back.db")
    _check_app(lived)
    after = dump(lived.root / "back.db")
    assert after.keys() == before.keys()
    for table in before:
        assert after[table] == before[table], table


def _check_app(lived: Living) -> None:
    """Hold the tables against the models, and the rows against the ledger."""
    said = lived.end(FLASK, "db", "check")[1].splitlines()
    drift = [line for line in said if "alembic.autogenerate" in line]
    by_hand = ("notes", "loose", "posts.mood")
    assert drift, said
    assert all(any(name in line for name in by_hand) for line in drift), drift
    told = json.loads(lived.outgrow("verify", lived.app, "--json").stdout)
    assert told["verified"], told
    assert told["changed"], "what the app has changed isn't known to be changed"


def test_the_new_database_has_the_real_types_keys_and_counters(lived: Living, database: str) -> None:
    lived.move(database)
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    inspector = sa.inspect(engine)
    types = {column["name"]: column["type"] for column in inspector.get_columns("parcels")}
    assert isinstance(types["price"], sa.Numeric)
    assert isinstance(types["moment"], sa.DateTime)
    assert {key["referred_table"] for key in inspector.get_foreign_keys("notes")} == {"users"}
    mood = {column["name"]: column for column in inspector.get_columns("posts")}["mood"]
    assert not mood["nullable"]
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO notes (user_id, words) VALUES (90, 'next')")
        assert connection.exec_driver_sql("SELECT number FROM notes WHERE words = 'next'").scalar() == 701
        connection.exec_driver_sql("INSERT INTO parcels (label) VALUES ('next')")
        assert connection.exec_driver_sql("SELECT id FROM parcels WHERE label = 'next'").scalar() in (5, 10)
