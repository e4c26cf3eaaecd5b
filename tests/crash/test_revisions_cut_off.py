"""On MariaDB, whose changes of tables are for good at once, a revision that is cut off is gone on with."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sample_plans
import sqlalchemy as sa
from database_servers import Server
from server_apps import App, render

REVISION = """
import os
import signal

import sqlalchemy as sa
from alembic import op

revision = "aaaaaaaaaaaa"
down_revision = {after!r}


def kill_at(point):
    if os.environ.get("KILL_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)
    if os.environ.get("LOSE_SESSION_AT") == point:
        session = op.get_bind().scalar(sa.text("SELECT CONNECTION_ID()"))
        with sa.create_engine(op.get_bind().engine.url, poolclass=sa.NullPool).connect() as another:
            another.exec_driver_sql(f"KILL {{session}}")


def upgrade() -> None:
    op.create_table("notes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.String(20)))
    op.bulk_insert(sa.table("notes", sa.column("word")), [{{"word": "one"}}, {{"word": "two"}}])
    op.execute("UPDATE users SET username = CONCAT(username, '!')")
    kill_at("rows")
    with op.batch_alter_table("users") as batch:
        batch.add_column(sa.Column("nickname", sa.String(50)))
    kill_at("tables")
    op.execute("UPDATE users SET username = CONCAT(username, '?')")
    with op.batch_alter_table("posts") as batch:
        batch.create_index("ix_posts_published", ["published"])
        batch.create_unique_constraint("uq_posts_title", ["title"])


def downgrade() -> None:
    assert op.get_bind().scalar(sa.text("SELECT count(*) FROM notes")) in (2, None)
    op.drop_table("notes")
    kill_at("rows")
    kill_at("tables")
    with op.batch_alter_table("users") as batch:
        batch.drop_column("nickname")
    op.execute("UPDATE users SET username = REPLACE(username, '!?', '')")
    with op.batch_alter_table("posts") as batch:
        batch.drop_constraint("uq_posts_title", type_="unique")
        batch.drop_index("ix_posts_published")
"""
"""What an app's owner may write: its last step up fails while two posts have the same title."""

MENDED = "UPDATE posts SET title = id"


@pytest.fixture
def app(server: Callable[[str], Server], tmp_path: Path) -> App:
    """An app whose owner has written a revision that can't be run yet."""
    app = App(render(sample_plans.blog(), tmp_path / "app"), server("mariadb").new_database())
    app.run("flask", "db", "upgrade")
    execute(app, "INSERT INTO users (username, email, created_at) VALUES ('ann', 'a', now()), ('bob', 'b', now())")
    execute(app, "INSERT INTO posts (title, body, published, author_id) VALUES ('one', '', 0, 1), ('one', '', 0, 1)")
    head = app.run("flask", "db", "heads").split()[0]
    (app.folder / "migrations/versions/aaaaaaaaaaaa_owners.py").write_text(REVISION.format(after=head))
    return app


def execute(app: App, statement: str) -> list[Any]:
    """Run a statement in the app's database."""
    with sa.create_engine(app.database_url, poolclass=sa.NullPool).begin() as connection:
        result = connection.exec_driver_sql(statement)
        return list(result) if result.returns_rows else []


def expect_new(app: App) -> None:
    """All of the revision is done, each step once, and nothing is left of its notes."""
    assert execute(app, "SELECT word FROM notes ORDER BY id") == [("one",), ("two",)]
    assert execute(app, "SELECT username FROM users ORDER BY id") == [("ann!?",), ("bob!?",)]
    assert {"nickname"} <= {row[0] for row in execute(app, "SHOW COLUMNS FROM users")}
    assert "revision_steps" not in app.tables()


def expect_old(app: App) -> None:
    """Nothing of the revision is left."""
    assert execute(app, "SELECT username FROM users ORDER BY id") == [("ann",), ("bob",)]
    assert {"notes", "revision_steps"}.isdisjoint(app.tables())
    (app.folder / "migrations/versions/aaaaaaaaaaaa_owners.py").unlink()
    app.run("flask", "db", "check")


def test_a_revision_that_fails_says_so_and_goes_on_once_the_rows_are_mended(app: App) -> None:
    code, said = app.end("flask", "db", "upgrade")
    assert code == 1
    assert "Traceback" not in said
    assert "uq_posts_title" in said
    assert "is remembered" in said
    code, said = app.end("flask", "db", "downgrade")
    assert code == 1
    assert "upgrade of aaaaaaaaaaaa was cut off" in said
    execute(app, MENDED)
    app.run("flask", "db", "upgrade")
    expect_new(app)


def test_a_revision_whose_session_is_lost_goes_on(app: App) -> None:
    execute(app, MENDED)
    code, said = app.end("flask", "db", "upgrade", LOSE_SESSION_AT="tables")
    assert code == 1
    assert "Traceback" not in said
    assert "is remembered" in said
    app.run("flask", "db", "upgrade")
    expect_new(app)


@pytest.mark.parametrize("point", ["rows", "tables", "within"])
def test_a_revision_that_is_killed_goes_on(app: App, point: str) -> None:
    execute(app, MENDED)
    for way, expect in (("upgrade", expect_new), ("downgrade", expect_old)):
        code, said = app.end("flask", "db", way, KILL_AT="rows" if point == "rows" else "tables")
        assert code == -signal.SIGKILL, said
        if point == "within":  # the last change of a table is made, and nobody has taken note of it
            execute(app, "UPDATE revision_steps SET is_done = 0 ORDER BY number DESC LIMIT 1")
        app.run("flask", "db", way)
        expect(app)
