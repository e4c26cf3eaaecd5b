"""A load goes on by itself where its session, or the whole server, is lost on the way."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from crashing import Site, differences, result
from database_servers import SERVERS, Server
from durable_servers import durable

from outgrow import steps

SESSIONS = {
    "postgresql": "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
    "mariadb": "SELECT concat('KILL ', id) FROM information_schema.processlist WHERE db = '{name}'",
}


ROWS = "SELECT count(*) FROM outgrow_chunks"
LOADED = "SELECT count(*) FROM outgrow_meta WHERE name = 'loaded'"


def wait_for_rows(server: Server, site: Site, process: subprocess.Popen[str], rows: str = ROWS) -> None:
    """Wait until the load has stored its first rows, or those that are meant."""
    engine, until = sa.create_engine(site.url, poolclass=sa.NullPool), time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        try:
            with engine.connect() as connection:
                if connection.exec_driver_sql(rows).scalar():
                    return
        except sa.exc.DBAPIError:
            pass  # the table isn't there yet
        time.sleep(0.01)
    raise AssertionError(f"nothing was stored within a minute on {server.name}")


def lose_sessions(server: Server, kind: str, name: str) -> None:
    """End all sessions of a database."""
    for row in server.execute(SESSIONS[kind].format(name=name)):
        if kind == "mariadb":
            server.execute(row[0])


def expect_whole(site: Site, process: subprocess.Popen[str], whole: dict[str, Any]) -> None:
    """The conversion has come to its end, says what happened, and nothing is lost or doubled."""
    done = result(process)
    assert done["verified"], done["findings"]
    assert any("was interrupted and went on" in finding["message"] for finding in done["findings"])
    assert differences(site, whole) == []


@pytest.mark.parametrize("kind", SERVERS)
def test_a_load_whose_session_is_lost_goes_on(
    kind: str, site: Site, server: Callable[[str], Server], whole: Callable[[str], dict[str, Any]]
) -> None:
    undisturbed = whole(kind)
    process = site.convert("pause", "2")
    wait_for_rows(server(kind), site, process)
    lose_sessions(server(kind), kind, str(sa.make_url(site.url).database))
    expect_whole(site, process, undisturbed)


@pytest.mark.parametrize("kind", SERVERS)
def test_a_comparison_whose_session_is_lost_is_begun_anew(
    kind: str, site: Site, server: Callable[[str], Server], whole: Callable[[str], dict[str, Any]]
) -> None:
    undisturbed = whole(kind)
    process = site.convert("pause_in_verify", "1")
    wait_for_rows(server(kind), site, process, LOADED)
    for _ in range(6):  # it pauses for two seconds, and waits for a second afterwards
        time.sleep(0.3)
        lose_sessions(server(kind), kind, str(sa.make_url(site.url).database))
    done = result(process)
    assert done["verified"], done["findings"]
    assert any("comparison was interrupted and begun anew" in finding["message"] for finding in done["findings"])
    assert differences(site, undisturbed) == []


@pytest.mark.parametrize("kind", SERVERS)
def test_what_a_server_that_stays_away_has_of_an_app_is_left_for_the_next_load(
    kind: str, data: Path, tmp_path: Path, whole: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = whole(kind)
    with durable(kind) as found:
        site = Site(data, tmp_path / "app", found.server.new_database())
        process = site.convert("pause_and_despair", "2")
        wait_for_rows(found.server, site, process)
        found.kill()
        said, errors = process.communicate(timeout=60)
        assert process.returncode == 1, said + errors
        assert f"outgrow load {site.app}" in said + errors
        found.start()
        monkeypatch.setenv("DATABASE_URL", site.url)
        assert steps.load(site.app).verified
        assert differences(site, undisturbed) == []


@pytest.mark.parametrize("kind", SERVERS)
def test_a_load_goes_on_once_a_server_that_was_killed_is_there_again(
    kind: str, data: Path, tmp_path: Path, whole: Callable[[str], dict[str, Any]]
) -> None:
    undisturbed = whole(kind)
    with durable(kind) as found:
        site = Site(data, tmp_path / "app", found.server.new_database())
        process = site.convert("pause", "2")
        wait_for_rows(found.server, site, process)
        found.kill()
        time.sleep(0.5)
        found.start()
        expect_whole(site, process, undisturbed)
