"""What an app drops, when its making is taken back or begun anew, is its own and holds no rows."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from crashing import Site, differences, tables
from database_servers import KINDS

from outgrow import steps
from outgrow.building import Building, Order
from outgrow.errors import DatabaseError


def begin(site: Site, name: str) -> Building:
    """Begin to make an app, up to its folder."""
    found = steps.inspect(site.data)
    building = Building(Order(found.plan, found.plan_text, site.app.with_name(name), site.data, site.url))
    building.write_app()
    return building


def killed_at(site: Site, point: str, occasion: str) -> None:
    """Let a conversion be killed."""
    process = site.convert(point, occasion)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL, said + errors


def execute(site: Site, statement: str) -> None:
    """Run a statement in a site's database."""
    with sa.create_engine(site.url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize("kind", KINDS)
def test_of_two_conversions_into_one_database_one_leaves_the_other_alone(
    kind: str, site: Site, whole: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url)
    first, second = begin(site, site.app.name), begin(site, "second")
    first.make_tables()
    with pytest.raises(DatabaseError, match="already holds tables"):
        second.make_tables()
    second.take_back()
    assert not site.app.with_name("second").exists()
    assert steps.load(site.app).verified
    assert differences(site, whole(kind)) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_table_that_somebody_else_has_made_meanwhile_is_not_dropped(site: Site) -> None:
    killed_at(site, "rename", "1")
    execute(site, "CREATE TABLE users (id INTEGER)")
    with pytest.raises(DatabaseError, match="already holds tables"):
        steps.load(site.app)
    assert tables(site) == ["users"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_taken_back_leaves_an_empty_database(site: Site) -> None:
    building = begin(site, "app")
    building.make_tables()
    assert tables(site)
    building.take_back()
    assert tables(site) == []
    assert not site.app.exists()


@pytest.mark.parametrize("kind", ["mariadb"])
def test_half_made_tables_in_which_there_are_rows_by_now_are_not_dropped(site: Site) -> None:
    killed_at(site, "upgrade", "4")
    execute(site, "INSERT INTO app_tokens (name, sha256, may_write, created_at) VALUES ('mine', 'x', 0, now())")
    before = tables(site)
    with pytest.raises(DatabaseError, match="some hold rows: app_tokens"):
        steps.load(site.app)
    assert tables(site) == before
