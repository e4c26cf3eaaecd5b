"""What must be right before a first row is written: passwords in any letters, databases in an encoding for all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from database_servers import Server
from server_apps import App

from outgrow.database.engine import open_engine, table_names
from outgrow.database.url import parse_url
from outgrow.errors import DatabaseError
from outgrow.refusals import check_database
from outgrow.schema.model import Plan

PASSWORD = "żółw€ ?%@/"


def test_a_password_may_have_any_letters(server: Callable[[str], Server], rendered: Callable[[str], Path]) -> None:
    there = server("mariadb")
    url = sa.make_url(there.new_database())
    there.execute(f"CREATE OR REPLACE USER turtle@localhost IDENTIFIED BY '{PASSWORD.replace('%', '%%')}'")
    there.execute(f"GRANT ALL ON {url.database}.* TO turtle@localhost")
    text = url.set(username="turtle", password=PASSWORD).render_as_string(hide_password=False)
    engine = open_engine(parse_url(text, Path()))
    assert table_names(engine) == []
    engine.dispose()
    App(rendered("blog"), text).run("flask", "db", "upgrade")


def test_a_database_without_an_encoding_is_refused_with_the_cure(server: Callable[[str], Server]) -> None:
    there = server("postgresql")
    there.execute("DROP DATABASE IF EXISTS any_bytes")
    there.execute("CREATE DATABASE any_bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0")
    url = parse_url(there.admin.set(database="any_bytes").render_as_string(hide_password=False), Path())
    with pytest.raises(DatabaseError, match="written in SQL_ASCII, not in UTF8"):
        check_database(Plan(()), url)


@pytest.mark.parametrize("words", [("db", "upgrade"), ("token", "create")])
def test_a_server_that_takes_nobody_in_is_named_in_a_line_without_the_password(
    words: tuple[str, ...], server: Callable[[str], Server], rendered: Callable[[str], Path], tmp_path: Path
) -> None:
    mariadb, postgresql = server("mariadb").admin, server("postgresql").admin
    server("mariadb").execute("CREATE OR REPLACE USER known@localhost IDENTIFIED BY 'another'")
    wrong = {
        "Access denied": mariadb.set(database="x", username="known", password="bell-and-brake"),
        "does not exist": postgresql.set(database="nowhere", password="bell-and-brake"),
        "No such file": postgresql.set(password="bell-and-brake", query={"host": str(tmp_path)}),
    }
    for problem, url in wrong.items():
        app = App(rendered("blog"), url.render_as_string(hide_password=False))
        code, said = app.end("flask", *words)
        assert code == 1, said
        last = said.strip().splitlines()[-1]
        assert last.startswith("Error: No connection to "), said
        assert problem in last
        assert "in DATABASE_URL" in last
        assert "bell-and-brake" not in said
        assert "Traceback" not in said
