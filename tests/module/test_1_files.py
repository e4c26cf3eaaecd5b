"""From files to a database: the module's introduction, and what its PHP leaves."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest
from module_apps import App, Place, convert, write_data
from module_contents import block, part
from module_rows import row

from outgrow import steps

LEFT = Path(__file__).parent / "php_left"
ONE_USER = {"id": 1, "username": "jane_doe", "email": "jane@example.com"}

# What there was, and what block 06 makes of it by `$users[] = $user`.
APPENDED: dict[str, Any] = {
    "no_file_and_user": None,
    "list_and_user": [ONE_USER],
    "named_list_and_user": {"users": [ONE_USER]},
    "bare_object_and_user": {"id": 1, "name": "John Doe", "email": "john@example.com"},
}


def users_of(data: Path, folder: Path) -> list[dict[str, Any]]:
    """Convert a folder, see that it comes back as it was, and return the rows of `users`."""
    done = convert(data, folder)
    assert (done.verified, done.reject_count) == (True, 0)
    steps.export(folder, folder.parent / "back")
    assert (folder.parent / "back" / "users.json").read_bytes() == (data / "users.json").read_bytes()
    with sqlite3.connect(folder / "instance" / "app.db") as database:
        database.row_factory = sqlite3.Row
        return [dict(found) for found in database.execute("SELECT * FROM users ORDER BY id")]


def run_php(php: str, code: str, folder: Path) -> str:
    """Run PHP's code as it stands in the module, in a folder; returns what it says."""
    done = subprocess.run([php, "-n", "-r", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@row(
    "Module 2: Database Integration",
    "the whole of it",
    where=["app/models.py: class User", "app/__init__.py: def create_app"],
)
def test_a_folder_of_files_becomes_an_app_in_one_command(blog_data: Path, tmp_path: Path) -> None:
    """`outgrow convert data myapp` does the module's whole step: models, first revision, settings, API, and every
    record in the database."""
    done = convert(blog_data, tmp_path / "myapp")
    assert done.tables == {"posts": 3, "users": 3}
    assert done.verified
    assert {"app", "migrations", "tests", "wsgi.py", "README.md"} <= {
        path.name for path in (tmp_path / "myapp").iterdir()
    }


@row("Introduction", "from files to a database, and back", where=["app/models.py: class Post"])
def test_what_went_into_the_database_comes_out_as_the_same_files(blog_data: Path, tmp_path: Path) -> None:
    """The step can be undone: with the data folder gone, `outgrow export myapp back` writes the same files, byte for
    byte."""
    data = shutil.copytree(blog_data, tmp_path / "data")
    convert(data, tmp_path / "myapp")
    shutil.rmtree(data)
    steps.export(tmp_path / "myapp", tmp_path / "back")
    for file in blog_data.iterdir():
        assert (tmp_path / "back" / file.name).read_bytes() == file.read_bytes()


@row(
    "File-based Storage vs Database Comparison",
    "the same records, before and after",
    where=["app/models.py: class User"],
)
def test_the_records_of_the_files_are_the_rows_of_the_tables(blog_data: Path, tmp_path: Path) -> None:
    """Each record becomes one row, each field a typed column; `outgrow verify` reads both sides and would name a cell
    that differs."""
    assert [user["username"] for user in users_of(blog_data, tmp_path / "app")] == ["john_doe", "jane_doe", "grace"]
    with sqlite3.connect(tmp_path / "app" / "instance" / "app.db") as database:
        database.execute("UPDATE users SET email = 'x@example.com' WHERE id = 2")
    findings = steps.verify(tmp_path / "app").findings
    assert [finding.message for finding in findings if "users.email of row 2" in finding.message]


@row(
    "PHP File-based Approach",
    "what it leaves",
    block="01_php_storage.php",
    unchanged=True,
    where=["app/models.py: class User"],
)
def test_the_bare_object_is_one_record(tmp_path: Path) -> None:
    """The block leaves a bare object, `{"id":1,...}`: one record of the collection that the file is named after. `id`
    is the key, `email` is unique because it is called so."""
    data = write_data(tmp_path / "data", users=(LEFT / "bare_object.json").read_text())
    assert users_of(data, tmp_path / "app") == [{"id": 1, "name": "John Doe", "email": "john@example.com"}]
    models = (tmp_path / "app" / "app" / "models.py").read_text()
    assert "email: Mapped[str] = mapped_column(String(120), unique=True)" in models


@row("PHP File-based Approach", "by a real PHP", block="01_php_storage.php", unchanged=True)
def test_php_leaves_the_bare_object(php: str, tmp_path: Path) -> None:
    """A real PHP runs the block and leaves the very bytes that the row above converts (`tests/module/php_left/`); this
    test is skipped where there is no PHP."""
    assert run_php(php, block("01_php_storage.php"), tmp_path) == ""
    assert (tmp_path / "users.json").read_bytes() == (LEFT / "bare_object.json").read_bytes()


@row("Creating Records", "PHP's way, by a real PHP", block="06_creating.py", unchanged=True)
@pytest.mark.parametrize("left", APPENDED)
def test_php_appends_to_whatever_there_is(php: str, tmp_path: Path, left: str) -> None:
    """`$users[] = $user` by a real PHP, on no file, a list, `{"users": [..]}` and the bare object, leaves the bytes
    that the row below converts; skipped where there is no PHP. With no file PHP warns and makes a list."""
    if APPENDED[left] is not None:
        write_data(tmp_path, users=APPENDED[left])
    code = part("06_creating.py", "# PHP Way", "# Flask SQLAlchemy Way")
    said = run_php(php, code, tmp_path)
    assert ("Failed to open stream" in said) == (APPENDED[left] is None)
    assert (tmp_path / "users.json").read_bytes() == (LEFT / f"{left}.json").read_bytes()


@row(
    "Creating Records",
    "what PHP's way leaves",
    block="06_creating.py",
    unchanged=True,
    where=["outgrow.toml: source ="],
)
@pytest.mark.parametrize(
    ("left", "ids", "names"),
    [
        ("no_file_and_user", [1], ["john_doe"]),
        ("list_and_user", [1, 2], ["jane_doe", "john_doe"]),
        ("named_list_and_user", [1, 2], ["jane_doe", "john_doe"]),
        ("bare_object_and_user", [1, 2], [None, "john_doe"]),
    ],
)
def test_what_php_appends_is_a_record_of_the_same_table(
    left: str, ids: list[int], names: list[str], tmp_path: Path
) -> None:
    """The block appends a user without an id. On a list that is one more record; on `{"users": [..]}` and on the bare
    object PHP adds it under the key `"0"`, beside what was there. All become rows of `users`; those without an id get
    the next free one, and `export` leaves it out again."""
    data = write_data(tmp_path / "data", users=(LEFT / f"{left}.json").read_text())
    rows = users_of(data, tmp_path / "app")
    assert [user["id"] for user in rows] == ids
    assert [user["username"] for user in rows] == names


@row(
    "Flask SQLAlchemy Approach",
    "a user is created, users are read",
    block="02_flask_sqlalchemy.py",
    unchanged=True,
    where=["app/models.py: class User … created_at", "app/types.py: def utc_now"],
)
def test_a_user_is_created_and_read_as_the_block_does(members: App) -> None:
    """The block's second half runs in `flask shell` as it stands. `created_at` has its default: the present time in
    UTC, by `app.types.utc_now`."""
    said = members.shell(part("02_flask_sqlalchemy.py", "# Creating a user"), "new_user.created_at", "users")
    assert "datetime.datetime(" in said.stdout
    assert "[<User id=1 name='Jane Roe'>, <User id=2 name='John Doe'>]" in said.stdout
    assert "Error" not in said.stderr


@row(
    "Flask SQLAlchemy Approach",
    "the whole block by itself",
    block="02_flask_sqlalchemy.py",
    today="RuntimeError: Working outside of application context.",
    where=["app/database.py: db = SQLAlchemy", "app/__init__.py: db.init_app"],
)
def test_the_block_by_itself_has_no_app(literal: Place, today: str) -> None:
    """By itself the block stops where it first needs the database, because no app is there. In the generated app `db`
    belongs to an app that `create_app` makes, and `flask shell` stands in its context."""
    done = literal.python_says(block("02_flask_sqlalchemy.py"))
    assert today in done.stderr


@row(
    "Flask SQLAlchemy Approach",
    "`datetime.utcnow`",
    block="02_flask_sqlalchemy.py",
    today="datetime.datetime.utcnow() is deprecated",
    where=["app/types.py: def utc_now"],
)
def test_utcnow_is_deprecated_and_not_used(members: App, today: str) -> None:
    """Python warns of `datetime.utcnow` since 3.12 (the test asserts it where the app's Python is that new; before,
    there is no warning). The generated app calls `utc_now`, which asks for the time in UTC and stores it without a
    zone."""
    code = "import datetime, sys; print(sys.version_info >= (3, 12)); datetime.datetime.utcnow()"
    done = members.run(members.python, "-W", "always", "-c", code)
    assert str(today in done.stderr) == done.stdout.strip()
    for file in (members.folder / "app").rglob("*.py"):
        assert "utcnow" not in file.read_text("utf-8")
