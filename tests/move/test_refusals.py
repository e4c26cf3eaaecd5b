"""What can't be moved as it is stays where it is: the app goes on as before, and the new database is empty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from living_app import Living, tables

NOT_HELD = {
    "a NUL character": (
        "UPDATE posts SET title = 'a' || char(0) || 'b' WHERE id = 3",
        'posts {"id": 3}: title holds a NUL character',
    ),
    "a long text": (
        "UPDATE users SET username = printf('%.81c', 'x') WHERE id = 2",
        'users {"id": 2}: username is 81 letters long, more than 80',
    ),
    "no date": (
        "UPDATE posts SET created_at = 'yesterday' WHERE id = 4",
        'posts {"id": 4}: created_at is a text, no date and time',
    ),
    "a number beyond the column": (
        "UPDATE settings SET posts_per_page = 3000000000",
        'settings {"id": 1}: posts_per_page is 3000000000, and INTEGER holds -2147483648 to 2147483647',
    ),
    "a text for a number": (
        "UPDATE settings SET posts_per_page = 'many'",
        'settings {"id": 1}: posts_per_page is a text, no whole number',
    ),
    "a third truth": (
        "UPDATE posts SET published = 2 WHERE id = 5",
        'posts {"id": 5}: published is a whole number, neither true nor false',
    ),
    "half a letter": (
        "UPDATE posts SET title = CAST(x'41c3' AS TEXT) WHERE id = 6",
        'posts {"id": 6}: title is no text in UTF-8',
    ),
    "bytes for a text": (
        "UPDATE posts SET title = x'41' WHERE id = 7",
        'posts {"id": 7}: title is bytes, no text',
    ),
    "a reference to nobody": (
        "UPDATE comments SET user_id = 999 WHERE id = 2",
        'comments {"id": 2}: user_id refers to a row of users that doesn\'t exist',
    ),
}


@pytest.mark.parametrize("name", NOT_HELD)
def test_a_value_that_the_server_cannot_hold_is_named_and_nothing_is_changed(
    fresh: Living, new_database: Callable[[str], str], name: str
) -> None:
    statement, problem = NOT_HELD[name]
    fresh.sql(statement)
    database = new_database("postgresql")
    assert problem in fresh.refused(database)
    assert tables(database) == set()


def test_half_a_letter_is_no_text_for_another_sqlite_file_either(fresh: Living) -> None:
    fresh.sql(NOT_HELD["half a letter"][0])
    assert NOT_HELD["half a letter"][1] in fresh.refused(f"sqlite:///{fresh.root}/other.db")


def test_a_row_that_only_the_server_knows_to_be_wrong_is_found_among_the_others(lived: Living, database: str) -> None:
    lived.sql("UPDATE parcels SET facts = '{\"half' WHERE id = 3")
    assert 'parcels {"id": 3} is refused: ' in lived.refused(database)
    assert tables(database) == set()
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    assert getattr(sa.inspect(engine), "get_enums", list)() == []


def test_what_a_column_would_cut_without_a_word_is_found_by_reading_it_back(
    fresh: Living, new_database: Callable[[str], str]
) -> None:
    fresh.sql("CREATE TABLE sums (id INTEGER PRIMARY KEY, total NUMERIC(30, 2)); INSERT INTO sums VALUES (1, 0.5)")
    server = new_database("postgresql")
    fresh.move(server)
    engine = sa.create_engine(server, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sums SET total = 1234567890123456789012345678.25")
    back = f"sqlite:///{fresh.root}/back.db"
    assert 'sums {"id": 1} reads otherwise: total' in fresh.refused(back)
    assert not (fresh.root / "back.db").exists()


def test_a_revision_that_the_server_does_not_understand_is_shown_and_taken_back(fresh: Living, database: str) -> None:
    fresh.flask("db", "revision", "-m", "only for SQLite")
    [revision] = [path for path in (fresh.app / "migrations/versions").glob("*.py") if "only_for" in path.name]
    text = revision.read_text("utf-8")
    revision.write_text(text.replace("pass", "op.execute('PRAGMA user_version = 7')", 1), "utf-8")
    fresh.flask("db", "upgrade")
    error = fresh.refused(database)
    assert "`flask db upgrade" in error
    assert "PRAGMA user_version" in error
    assert tables(database) == set()


def test_a_database_that_holds_tables_is_not_touched(fresh: Living, database: str) -> None:
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (a INTEGER)")
    assert "already holds tables (mine) and is not touched" in fresh.refused(database)
    assert tables(database) == {"mine"}


def test_the_database_that_the_app_has_is_no_new_one(fresh: Living, database: str) -> None:
    assert "uses" in fresh.refused(f"sqlite:///{fresh.file}")
    link = fresh.root / "link.db"
    link.symlink_to(fresh.file)
    assert "already" in fresh.refused(f"sqlite:///{link}")
    error = fresh.refused(database, DATABASE_URL=database)
    assert "DATABASE_URL is the one that the app has now" in error


def test_a_load_that_is_not_finished_is_finished_first(fresh: Living, database: str) -> None:
    fresh.sql("UPDATE outgrow_meta SET value = 'no' WHERE name = 'loaded'")
    assert "outgrow load" in fresh.refused(database)
    assert tables(database) == set()


def test_a_server_that_does_not_answer_and_a_wrong_option_are_named(fresh: Living, tmp_path: Path) -> None:
    assert "Check that the server runs" in fresh.refused(f"postgresql://me:secret@/name?host={tmp_path}")
    error = fresh.refused("mysql://me:secret@localhost/name?pool_sise=3")
    assert "pool_sise" in error
    assert "secret" not in error


def test_a_folder_that_is_no_app_and_a_missing_url_are_errors(fresh: Living) -> None:
    assert fresh.outgrow("move", fresh.root / "data", "--database", "sqlite:///x.db").exit_code == 1
    unsaid = fresh.outgrow("move", fresh.app)
    assert unsaid.exit_code == 2
    assert all(each in unsaid.output for each in ("NEW_DATABASE_URL", "--database", "read -rs"))
