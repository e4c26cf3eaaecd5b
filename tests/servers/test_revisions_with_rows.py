"""Revisions on databases in which something is: those of the app, and one that its owner makes later."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sample_plans
import sqlalchemy as sa
from server_apps import App, render

Rows = dict[str, list[tuple[Any, ...]]]

ROWS: dict[str, list[dict[str, Any]]] = {
    "users": [{"id": n, "username": f"user {n}", "email": f"{n}@example.org"} for n in (1, 2)],
    "profiles": [{"id": 1, "user_id": 2, "bio": "x" * 70_000}],
    "tags": [{"id": n, "name": name} for n, name in enumerate(("a", "A", "a "), 1)],
    "posts": [{"id": n, "title": f"😀 {n}", "body": "", "published": n == 1, "author_id": n} for n in (1, 2)],
    "post_tags": [{"post_id": 1, "tag_id": n, "position": n} for n in (1, 2, 3)],
    "comments": [{"id": 1, "post_id": 1, "text": "one"}, {"id": 2, "post_id": 1, "parent_id": 1, "text": "two"}],
}
MOMENT = "2026-01-31 12:30:00.123456"

OWNERS_CHANGE = {
    "import datetime as dt\n": "import datetime as dt\nfrom decimal import Decimal\n",
    "import LongText": "import ExactDecimal, LongText",
    "bio: Mapped": "wage: Mapped[Decimal | None] = mapped_column(ExactDecimal(8, 2), index=True)\n    bio: Mapped",
    "title: Mapped[str] = mapped_column(String(255)": "title: Mapped[str] = mapped_column(String(300), unique=True",
}
"""Lines of models.py, and what their owner makes of them: a column more, a wider one that becomes unique."""


@pytest.fixture
def filled(tmp_path: Path, database_url: str) -> App:
    """An app of its own, with rows in all of its tables."""
    app = App(render(sample_plans.blog(), tmp_path / "app"), database_url)
    app.run("flask", "db", "upgrade")
    with sa.create_engine(database_url, poolclass=sa.NullPool).begin() as connection:
        for name, rows in ROWS.items():
            columns = [sa.column(column) for column in rows[-1] | ({"created_at": 0} if name == "users" else {})]
            values = [row | ({"created_at": MOMENT} if name == "users" else {}) for row in rows]
            connection.execute(sa.table(name, *columns).insert(), values)
    return app


def rows_of(app: App) -> Rows:
    """Return the rows of all tables, as they were put in."""
    found: Rows = {}
    with sa.create_engine(app.database_url, poolclass=sa.NullPool).begin() as connection:
        for name, rows in ROWS.items():
            columns = [sa.column(column) for column in rows[-1]]
            query = sa.select(*columns).select_from(sa.table(name)).order_by(*columns[:2])
            found[name] = [tuple(row) for row in connection.execute(query)]
    return found


def test_a_later_revision_leaves_the_rows_on_its_way_up_and_down(filled: App) -> None:
    before = rows_of(filled)
    assert {name: len(rows) for name, rows in before.items()} == {name: len(rows) for name, rows in ROWS.items()}
    models = filled.folder / "app/models.py"
    text = models.read_text(encoding="utf-8")
    for line, instead in OWNERS_CHANGE.items():
        assert text.count(line) == 1, line
        text = text.replace(line, instead)
    models.write_text(text, encoding="utf-8")
    filled.run("flask", "db", "migrate", "-m", "Wages")
    filled.run("flask", "db", "upgrade")
    filled.run("flask", "db", "check")
    assert rows_of(filled) == before
    with sa.create_engine(filled.database_url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("UPDATE profiles SET wage = '9.50'")
        assert str(connection.exec_driver_sql("SELECT wage FROM profiles").scalar()) == "9.50"
    filled.run("flask", "db", "downgrade")
    assert rows_of(filled) == before
    filled.run("flask", "db", "upgrade")
    assert rows_of(filled) == before


def test_the_way_down_from_filled_tables_has_to_be_meant(filled: App) -> None:
    before, there = rows_of(filled), filled.tables()
    code, said = filled.end("flask", "db", "downgrade", "base")
    assert (code, "users, profiles, tags, posts, post_tags, comments" in said) == (1, True), said
    assert "DROP_FILLED_TABLES=1" in said
    assert (rows_of(filled), filled.tables()) == (before, there)
    filled.run("flask", "db", "downgrade", "base", DROP_FILLED_TABLES="1")
    assert filled.tables() == set()
    filled.run("flask", "db", "upgrade")
    assert filled.tables() == there
    assert rows_of(filled) == {name: [] for name in ROWS}


@pytest.mark.parametrize("plan", ["odd", "values"])
def test_right_after_the_upgrade_there_is_nothing_to_migrate(
    rendered: Callable[[str], Path], database_url: str, plan: str
) -> None:
    app = App(rendered(plan), database_url)
    app.run("flask", "db", "upgrade")
    before = sorted(app.folder.glob("migrations/versions/*.py"))
    assert "No new upgrade operations detected" in app.run("flask", "db", "check")
    assert "no revision is needed" in app.run("flask", "db", "migrate")
    assert sorted(app.folder.glob("migrations/versions/*.py")) == before
