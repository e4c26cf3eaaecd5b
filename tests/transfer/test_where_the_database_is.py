"""A `DATABASE_URL` that leads elsewhere is said as such, and nothing is made there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from site_of_files import Site

from outgrow import steps
from outgrow.errors import AppError, DatabaseError

FILES = {"users.json": '[{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}]'}
READING: dict[str, Callable[[Site], object]] = {
    "verify": lambda site: steps.verify(site.app),
    "load": lambda site: steps.load(site.app),
    "export": lambda site: steps.export(site.app, site.root / "back"),
    "where": lambda site: steps.where(site.app, "users", "1"),
    "again": lambda site: steps.convert(site.data, site.app, steps.ConvertOptions(again=True)),
}


@pytest.mark.parametrize("command", READING)
def test_a_file_that_is_not_there_is_said_and_not_made(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    site.convert(FILES)
    nowhere = site.root / "nowhere.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{nowhere}")
    with pytest.raises(DatabaseError, match=r"there is no .*nowhere\.db") as raised:
        READING[command](site)
    assert "DATABASE_URL" in str(raised.value.hint)
    assert not nowhere.exists()


@pytest.mark.parametrize("command", ["verify", "again"])
def test_a_database_of_something_else_is_said_and_left_as_it_is(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    site.convert(FILES)
    other = site.root / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    before = other.read_bytes()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{other}")
    with pytest.raises(AppError, match=r"other\.db is not the database of .*app"):
        READING[command](site)
    assert other.read_bytes() == before


def test_a_relative_path_in_the_environment_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///r1.db")
    with pytest.raises(DatabaseError, match="relative path") as raised:
        site.convert(FILES, database="sqlite:///r1.db")
    assert f"sqlite:///{site.root / 'r1.db'}" in str(raised.value.hint)
    assert sorted(path.name for path in site.root.iterdir()) == ["data"]


def test_a_relative_path_given_by_hand_counts_from_where_one_is(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root)
    assert site.convert(FILES, database="sqlite:///r1.db").verified
    assert (site.root / "r1.db").is_file()
    monkeypatch.chdir("/")
    assert site.verify().ok


def test_a_relative_path_in_the_settings_counts_from_the_instance_folder(site: Site) -> None:
    site.convert(FILES)
    settings = site.app / ".env"
    settings.write_text(settings.read_text().replace("DATABASE_URL=\n", "DATABASE_URL=sqlite:///app.db\n"))
    assert site.verify().ok
    assert not (site.app / "app.db").exists()


def test_inspect_makes_no_database(site: Site) -> None:
    site.data.mkdir()
    (site.data / "users.json").write_text(FILES["users.json"])
    nowhere: Path = site.root / "nowhere.db"
    steps.inspect(site.data, database=f"sqlite:///{nowhere}")
    assert not nowhere.exists()


def test_of_many_edits_the_first_are_named_and_the_others_counted(site: Site) -> None:
    site.convert(FILES)
    for number in range(30):
        (site.app / f"note{number}.txt").write_text("mine")
    with pytest.raises(AppError, match="and 10 more"):
        READING["again"](site)
