"""Converting onto PostgreSQL and MariaDB gives what converting onto SQLite gives, value by value."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest
import sqlalchemy as sa
from database_servers import Server
from loading import convert, engine_of, exported, rows_of
from test_cases import CASES, NAMES, perform, read_files

from outgrow import steps
from outgrow.database.url import parse_url
from outgrow.errors import DatabaseError
from outgrow.refusals import look_at_database
from outgrow.schema.plan import parse_plan

KEYS = ["a", "A", "á", "a ", "😀", "😁", "ß", "ss"]
THINGS = [
    {
        "slug": key,
        "whole": [2**63 - 1, -(2**63), 0, 2**53 + 1, 1, -1, 7, 8][number],
        "small": number,
        "float": [5e-324, 1.7976931348623157e308, 0.1, -2.2250738585072014e-308, 1e16, 123456789.12345679, 2.5, 1.5][
            number
        ],
        "at": f"2024-01-02 03:04:05.{123456 + number}",
        "clock": "23:59:59.000001",
        "day": "0999-02-28",
        "flag": number % 2 == 0,
        "mixed": [1, 2.5, "x", None, [1, {"a": "b"}], {"z": 1, "a": 1e300}, True, "7"][number],
        "text": "long " * 20_000 + key if number == 0 else "tab\tline\nback\\slash 'q' \"d\" %s %% \\N \r " + key,
    }
    for number, key in enumerate(KEYS)
]
FILES = {
    "things.json": THINGS,
    "by_key.json": {key: {"value": number} for number, key in enumerate(KEYS)},
    "from_zero.json": [{"id": 0, "name": "zero"}, {"id": 5, "name": "five"}, {"name": "counted"}],
    "nul.json": [{"id": 1, "name": "a\0b", "bag": [1, {"x": "n\0l"}]}, {"id": 2, "name": "ab", "bag": {"k": "v"}}],
    "prices.csv": "sku,price\nx,19.90\ny,0.05\nz,1234567.89\n",
}
PLAN = """version = 1
[tables.members]
source = "members.json"
class = "Member"
key = ["id"]
unique = [["email"]]
columns.id = { field = "id", type = "integer" }
columns.email = { field = "email", type = "string(120)" }
columns.friend_id = { field = "friend", type = "integer", nullable = true }

[tables.members.references.friend]
columns = ["friend_id"]
to = "members"
back = "friends"
on_delete = "restrict"
orphans = "null"
"""
SERVERS_ONLY = pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)


@pytest.mark.parametrize(
    ("name", "database_url"),
    list(zip(NAMES, cycle(["postgresql", "mariadb"]), strict=False)),
    indirect=["database_url"],
)
def test_a_case_comes_to_the_same_on_a_server(
    name: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cases take turns on the servers: most of them are about files, which no server sees."""
    case = CASES / name
    shutil.copytree(case / "input", tmp_path / "data")
    if (case / "plan.toml").exists():
        shutil.copy(case / "plan.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert perform(case) == read_files(case / "expected")


@SERVERS_ONLY
def test_each_value_is_stored_exactly(database_url: str, tmp_path: Path) -> None:
    roots = [tmp_path / "here", tmp_path / "there"]
    for root, url in zip(roots, (None, database_url), strict=True):
        root.mkdir()
        done = convert(root, FILES, url)
        assert done.verified, done.findings
        assert [finding.message for finding in done.findings if "NUL" in finding.message]
    here, there = (rows_of(root / "app") for root in roots)
    assert there == here
    assert len(there["by_key"]) == len(there["things"]) == len(KEYS)
    assert exported(roots[1] / "app") == exported(roots[0] / "app")


def test_new_rows_get_numbers_beyond_those_of_the_files(database_url: str, tmp_path: Path) -> None:
    convert(tmp_path, FILES, database_url)
    engine = engine_of(tmp_path / "app")
    zero = sa.Table("from_zero", sa.MetaData(), autoload_with=engine)
    with engine.begin() as connection:
        made = connection.execute(zero.insert().values(name="new")).inserted_primary_key
    assert made is not None
    assert made[0] > 5


def test_rows_that_the_database_refuses_are_set_aside_one_by_one(database_url: str, tmp_path: Path) -> None:
    members = [{"id": n, "email": f"m{n}@x.org", "friend": n - 1 or None} for n in range(1, 2_001)]
    members[1_233]["email"] = "m7@x.org"
    members[1_999]["email"] = "m8@x.org"
    members[55]["friend"] = 999_999
    done = convert(tmp_path, {"members.json": members}, database_url, PLAN)
    assert done.tables == {"members": 1_998}
    assert [str(reject.origin) for reject in done.rejects] == [
        "members.json[1233]",
        "members.json[1999]",
    ] or done.rejects
    assert all("m7@" not in reject.reason and "m8@" not in reject.reason for reject in done.rejects)
    rows = {row[0]: row for row in rows_of(tmp_path / "app")["members"]}
    assert rows.keys() == set(range(1, 2_001)) - {1_234, 2_000}
    assert rows[56][2] is None
    assert rows[1_235][2] is None  # its friend was set aside


def test_a_role_that_may_have_few_sessions_is_enough(server: Callable[[str], Server], tmp_path: Path) -> None:
    postgresql = server("postgresql")
    url = sa.make_url(postgresql.new_database())
    postgresql.execute("CREATE ROLE few LOGIN CONNECTION LIMIT 2")
    postgresql.execute(f"ALTER DATABASE {url.database} OWNER TO few")
    users = [{"id": n, "name": f"user {n}"} for n in range(1, 200)]
    posts = [{"id": n, "user_id": 1 + n % 199, "title": f"Post {n}", "tags": ["a", "b"]} for n in range(1, 400)]
    done = convert(tmp_path, {"users.json": users, "posts.json": posts}, url.set(username="few").render_as_string())
    assert done.verified, done.findings
    found = sa.inspect(engine_of(tmp_path / "app"))
    assert [key["referred_table"] for key in found.get_foreign_keys("posts")] == ["users"]


def test_files_that_changed_are_taken_into_an_app_in_use(database_url: str, tmp_path: Path) -> None:
    members = [{"id": n, "email": f"m{n}@x.org", "friend": n - 1 or None} for n in range(1, 50)]
    convert(tmp_path, {"members.json": members}, database_url, PLAN)
    app = tmp_path / "app"
    engine = engine_of(app)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE members SET email = 'own@x.org' WHERE id = 3"))
        change = "INSERT INTO outgrow_changes (table_name, row_key, action, changed_at)"
        connection.execute(sa.text(f"{change} VALUES ('members', '[3]', 'update', '2026-01-01 00:00:00')"))
    members[9]["email"] = "ten@x.org"
    members.append({"id": 100, "email": "new@x.org", "friend": 10})
    (tmp_path / "data" / "members.json").write_text(json.dumps(members))
    done = steps.load(app)
    assert done.verified, done.findings
    rows = {row[0]: row for row in rows_of(app)["members"]}
    assert rows[3][1] == "own@x.org"
    assert rows[10][1] == "ten@x.org"
    assert rows[100] == (100, "new@x.org", 10)
    if engine.name != "sqlite":  # which enforces nothing unless it is told to
        with engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("UPDATE members SET friend_id = 12345 WHERE id = 3"))


def test_foreign_keys_and_indexes_stand_after_the_load(database_url: str, tmp_path: Path) -> None:
    convert(tmp_path, {"members.json": [{"id": 1, "email": "m@x.org", "friend": None}]}, database_url, PLAN)
    inspector = sa.inspect(engine_of(tmp_path / "app"))
    assert [key["constrained_columns"] for key in inspector.get_foreign_keys("members")] == [["friend_id"]]
    assert ["friend_id"] in [index["column_names"] for index in inspector.get_indexes("members")]


@SERVERS_ONLY
def test_a_database_that_holds_tables_is_refused_and_not_touched(database_url: str, tmp_path: Path) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE theirs (id int)"))
    with pytest.raises(DatabaseError, match="already holds tables \\(theirs\\) and is not touched"):
        convert(tmp_path, {"members.json": [{"id": 1}]}, database_url)
    assert sa.inspect(engine).get_table_names() == ["theirs"]
    assert not (tmp_path / "app").exists()


@SERVERS_ONLY
def test_a_conversion_that_fails_leaves_the_database_empty(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(steps, "load_source", fail)
    with pytest.raises(Exception, match="No space left"):
        convert(tmp_path, {"members.json": [{"id": 1}]}, database_url)
    assert sa.inspect(sa.create_engine(database_url, poolclass=sa.NullPool)).get_table_names() == []
    assert not (tmp_path / "app").exists()


@SERVERS_ONLY
def test_a_database_is_asked_beforehand_and_left_as_it_was(database_url: str, tmp_path: Path) -> None:
    convert(tmp_path, FILES, None)
    found = steps.inspect(tmp_path / "data", database=database_url)
    assert [finding for finding in found.findings if finding.severity == "error"] == []
    assert sa.inspect(sa.create_engine(database_url, poolclass=sa.NullPool)).get_table_names() == []


LONG_KEY = """version = 1
[tables.pages]
source = "pages.json"
class = "Page"
key = ["url"]
columns.url = { field = "url", type = "string(1000)" }
"""
WIDE = LONG_KEY.replace("1000", "80") + "".join(
    f'columns.c{n} = {{ field = "c{n}", type = "string(255)" }}\n' for n in range(80)
)


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
@pytest.mark.parametrize(
    ("plan", "said"), [(LONG_KEY, "key was too long.*In the plan, shorten"), (WIDE, "Row size too large.*make some of")]
)
def test_what_a_server_refuses_is_named_before_anything_is_made(
    plan: str, said: str, database_url: str, tmp_path: Path
) -> None:
    [finding] = look_at_database(parse_plan(plan, "plan.toml"), parse_url(database_url, tmp_path), 0)
    assert re.search(f"refuses CREATE TABLE pages: .*{said}", finding.message), finding
