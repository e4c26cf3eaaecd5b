"""While an app is moved nobody writes to it, and afterwards all its commands go on with the new database."""

from __future__ import annotations

import filecmp
import json
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from living_app import DATA, Living, tables

from outgrow import moving, steps
from outgrow.errors import DatabaseError


def test_a_moved_app_agrees_with_its_models_and_goes_on_with_its_files(fresh: Living, database: str) -> None:
    fresh.move(database)
    assert "No new upgrade operations detected" in fresh.flask("db", "check")
    tags = json.loads((DATA / "tags.json").read_text("utf-8"))
    tags["new"] = {"name": "New", "colour": "blue"}
    (fresh.root / "data" / "tags.json").write_text(json.dumps(tags), "utf-8")
    loaded = json.loads(fresh.outgrow("load", fresh.app, "--source", fresh.root / "data", "--json").stdout)
    assert loaded["changes"]["tags"]["new"] == 1
    assert loaded["verified"]
    assert fresh.outgrow("export", fresh.app, fresh.root / "out", "--quiet", "--fail-on", "never").exit_code == 0
    same = filecmp.cmpfiles(fresh.root / "data", fresh.root / "out", ["posts.json", "comments.php"], shallow=False)
    assert same[0] == ["posts.json", "comments.php"]
    fresh.run(
        "from app import create_app, db\nfrom app.models import Tag\nwith create_app().app_context():\n"
        "    assert db.session.get(Tag, 'new').name == 'New'",
    )


def test_the_setting_is_replaced_in_its_place_and_the_password_of_the_old_one_is_not_kept(
    fresh: Living, new_database: Callable[[str], str]
) -> None:
    file = fresh.app / ".env"
    text = file.read_text("utf-8")
    file.write_text(f"# mine\nexport DATABASE_URL='sqlite:///{fresh.file}'\n{text}APP_NAME='My\nblog'\n", "utf-8")
    file.chmod(0o640)
    server = sa.make_url(new_database("postgresql")).set(password="hunter2")
    fresh.move(server.render_as_string(hide_password=False))
    assert file.stat().st_mode & 0o777 == 0o640
    kept = file.read_text("utf-8")
    assert kept.startswith("# mine\nLEDGER_KEY=")
    assert kept.endswith("APP_NAME='My\nblog'\n")
    assert kept.count("DATABASE_URL=") == 1
    fresh.sql("DELETE FROM comments")
    assert "with other rows" in fresh.refused(f"sqlite:///{fresh.file}"), "the old one is as it is"
    fresh.file.unlink()
    fresh.move(f"sqlite:///{fresh.file}")
    assert fresh.setting == "", "the app's own place needs no name"
    kept = file.read_text("utf-8")
    assert "hunter2" not in kept
    assert "# DATABASE_URL was postgresql://postgres:***@" in kept
    assert kept.count("DATABASE_URL was") == 1


def test_what_the_environment_says_is_told_to_come_first(fresh: Living, new_database: Callable[[str], str]) -> None:
    words = ("move", fresh.app, "--database", new_database("postgresql"))
    result = fresh.outgrow(*words, DATABASE_URL=f"sqlite:///{fresh.file}")
    assert result.exit_code == 0, result.stderr
    assert "DATABASE_URL is set in the environment" in result.stderr
    assert "copied, read back and found the same" in result.stdout


def test_nobody_writes_to_sqlite_while_it_is_moved(fresh: Living, new_database: Callable[[str], str]) -> None:
    refused = []

    def write(*_: object) -> None:
        connection = sqlite3.connect(fresh.file, timeout=0)
        try:
            connection.execute("UPDATE settings SET title = 'later'")
        except sqlite3.OperationalError as error:
            refused.append(str(error))
        connection.execute("SELECT * FROM settings").fetchall()
        connection.close()

    steps.move(fresh.app, new_database("postgresql"), write)
    assert set(refused) == {"database is locked"}


@pytest.mark.parametrize(
    ("kind", "impatience"),
    [("postgresql", "SET lock_timeout = '10ms'"), ("mariadb", "SET SESSION lock_wait_timeout = 0")],
)
def test_nobody_writes_to_a_server_while_it_is_moved(
    fresh: Living, new_database: Callable[[str], str], kind: str, impatience: str
) -> None:
    server = new_database(kind)
    fresh.move(server)
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    refused = []

    def write(*_: object) -> None:
        with engine.connect() as connection:
            connection.exec_driver_sql(impatience)
            connection.exec_driver_sql("SELECT * FROM settings").all()
            try:
                connection.exec_driver_sql("UPDATE settings SET title = 'later'")
            except sa.exc.OperationalError as error:
                refused.append(error)

    moved = steps.move(fresh.app, f"sqlite:///{fresh.root}/back.db", write)
    assert len(refused) >= len(moved.tables) / 2
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE settings SET title = 'free again'")


def test_a_row_that_arrived_as_another_is_named_with_its_column(
    fresh: Living, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = moving._Moving._compare

    def damage(self: Any, source: Any, target: Any, pairs: Any) -> None:
        target.exec_driver_sql("UPDATE posts SET title = 'other' WHERE id = 3")
        compare(self, source, target, pairs)

    monkeypatch.setattr(moving._Moving, "_compare", damage)
    with pytest.raises(DatabaseError, match=r'posts {"id": 3} reads otherwise: title'):
        steps.move(fresh.app, database)
    assert tables(database) == set()
    assert fresh.setting == ""


def test_views_triggers_and_search_indexes_of_sqlite_are_told_to_stay(
    fresh: Living, new_database: Callable[[str], str]
) -> None:
    fresh.sql(
        "CREATE VIEW latest AS SELECT * FROM posts; CREATE VIRTUAL TABLE found USING fts5(body);"
        "CREATE TRIGGER noted AFTER INSERT ON tags BEGIN SELECT 1; END; INSERT INTO found VALUES ('text')"
    )
    told = fresh.move(new_database("postgresql"))
    messages = "\n".join(finding["message"] for finding in told["findings"])
    for what in ("view latest", "trigger noted", "found is a virtual table", "found_data is a virtual table"):
        assert what in messages
    assert "found" not in told["tables"]


def test_an_app_without_outgrow_in_it_moves_as_well(fresh: Living, database: str) -> None:
    assert fresh.outgrow("detach", fresh.app, "--yes", "--quiet").exit_code == 0
    told = fresh.move(database)
    assert not any(name.startswith("outgrow") for name in told["tables"])
    assert "No new upgrade operations detected" in fresh.flask("db", "check")
