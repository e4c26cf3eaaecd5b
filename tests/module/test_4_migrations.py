"""Migrations with Alembic: the module's four commands, typed as they stand."""

from __future__ import annotations

import sqlite3

from module_apps import App, Place
from module_rows import row


@row(
    "Database Migrations with Alembic",
    "the first revision is there",
    where=["migrations/env.py: include_name", "app/__init__.py: migrate = Migrate"],
)
def test_the_database_stands_at_the_first_revision(blog: App) -> None:
    """The app comes with its first revision, and its database was made by it: `flask db current` says `(head)`, `flask
    db check` finds no drift between models, revision and database."""
    assert "(head)" in blog.run("flask", "db", "current").stdout
    done = blog.run("flask", "db", "check")
    assert (done.returncode, "No new upgrade operations detected" in done.stdout) == (0, True)


@row(
    "Initialize Migrations",
    "`flask db init`",
    block="10_init.sh",
    today="migrations already exists and is not empty",
    where=["migrations/env.py: context.configure"],
)
def test_init_is_done_already(blog: App, today: str) -> None:
    """Is done already: the command refuses, and changes nothing."""
    before = sorted((blog.folder / "migrations").rglob("*"))
    done = blog.script("10_init.sh")
    assert done.returncode == 1
    assert today in done.stderr
    assert sorted((blog.folder / "migrations").rglob("*")) == before


@row(
    "Create a Migration",
    "with nothing changed",
    block="11_migrate.sh",
    unchanged=True,
    where=["migrations/env.py: def drop_empty_revision"],
)
def test_migrate_sees_no_change_where_there_is_none(blog: App) -> None:
    """The users table has its revision, so the command says that none is needed, and writes no empty one."""
    done = blog.script("11_migrate.sh")
    assert (done.returncode, "no revision is needed" in done.stderr) == (0, True)
    assert len(list((blog.folder / "migrations" / "versions").glob("*.py"))) == 2


@row(
    "Create a Migration",
    "after a change of the models",
    block="11_migrate.sh",
    unchanged=True,
    where=["app/models.py: role: Mapped", "migrations/script.py.mako: def upgrade"],
)
def test_migrate_sees_only_what_the_user_changed(blog: App) -> None:
    """After a line in `app/models.py`, the same command writes a revision with just that: one column added, and on the
    way back dropped. No table of outgrow's is in it."""
    models = blog.folder / "app" / "models.py"
    line = "    email: Mapped[str] = mapped_column(String(120), unique=True)\n"
    assert line in models.read_text()
    models.write_text(
        models.read_text().replace(line, line + "    city: Mapped[str | None] = mapped_column(String(80))\n")
    )
    done = blog.script("11_migrate.sh")
    assert done.returncode == 0, done.stderr
    [revision] = (blog.folder / "migrations" / "versions").glob("*_create_users_table.py")
    up, down = revision.read_text().split("def upgrade")[1].split("def downgrade")
    assert [word for word in up.split() if "batch_op." in word] == ["batch_op.add_column(sa.Column('city',"]
    assert [word for word in down.split() if "batch_op." in word] == ["batch_op.drop_column('city')"]
    done = blog.script("12_upgrade.sh")
    assert done.returncode == 0, done.stderr
    assert blog.python_shows("show([user.city for user in User.query.all()])") == [None, None, None]
    assert blog.run("flask", "db", "check").returncode == 0


@row(
    "Apply Migration",
    "on a new database",
    block="12_upgrade.sh",
    unchanged=True,
    where=["migrations/env.py: context.run_migrations", "app/config.py: def default_url"],
)
def test_upgrade_makes_the_tables_of_a_new_database(blog: App) -> None:
    """Makes all tables in whatever database `DATABASE_URL` names, or in `instance/app.db` where there is none."""
    blog.database.unlink()
    done = blog.script("12_upgrade.sh")
    assert done.returncode == 0, done.stderr
    assert blog.python_shows(
        "show([User.query.count(), db.session.execute(db.text('PRAGMA foreign_keys')).scalar()])"
    ) == [0, 1]


@row(
    "Rollback Migration",
    "`flask db downgrade`, with records there",
    block="13_downgrade.sh",
    today="This would drop tables that hold rows",
    where=["migrations/versions/: DROP_FILLED_TABLES"],
)
def test_downgrade_keeps_tables_that_hold_rows(literal: Place, blog: App, today: str) -> None:
    """In the module's app this drops the tables with every record in them, without a question. The generated revision
    refuses, names the tables, and says how to do it all the same: `DROP_FILLED_TABLES=1`."""
    done = literal.python_says("""
import flask_migrate
from app import app, db
from models import User
app.app_context().push()
flask_migrate.init(); flask_migrate.migrate(); flask_migrate.upgrade()
db.session.add(User(username="a", email="a"))
db.session.commit()
db.session.remove()
flask_migrate.downgrade()
print(db.inspect(db.engine).get_table_names())
""")
    assert done.stdout.splitlines()[-1] == "['alembic_version']", done.stderr
    done = blog.script("13_downgrade.sh")
    assert done.returncode == 1
    assert today in done.stderr
    with sqlite3.connect(blog.database) as database:
        assert database.execute("SELECT count(*) FROM users").fetchone() == (3,)
    assert blog.script("13_downgrade.sh", DROP_FILLED_TABLES="1").returncode == 0


@row(
    "Rollback Migration",
    "with nothing in the tables",
    block="13_downgrade.sh",
    unchanged=True,
    where=["migrations/versions/: def downgrade"],
)
def test_downgrade_drops_empty_tables(blog: App) -> None:
    """Where the tables are empty the command does its work, and `flask db upgrade` brings them back."""
    with sqlite3.connect(blog.database) as database:
        database.executescript("DELETE FROM posts; DELETE FROM users")
    assert blog.script("13_downgrade.sh").returncode == 0
    with sqlite3.connect(blog.database) as database:
        names = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not names & {"users", "posts"}
    assert blog.script("12_upgrade.sh").returncode == 0
