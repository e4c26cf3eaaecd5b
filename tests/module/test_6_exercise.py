"""The exercise: from a file with one record to a database."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from module_apps import App, Place, convert, copy, write_data
from module_contents import block
from module_rows import row

from outgrow import steps

TEXT = block("18_exercise.json")
DATA = json.loads(TEXT.partition("\n")[2])


def users(app: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(app / "instance" / "app.db") as database:
        return database.execute("SELECT id, username, email FROM users ORDER BY id").fetchall()


@row(
    "Exercise: Converting File-based Storage to Database",
    "the file",
    item=1,
    block="18_exercise.json",
    unchanged=True,
    where=["outgrow.toml: source ="],
)
def test_the_exercises_file_is_read_with_its_comment(tmp_path: Path) -> None:
    """The file is read as it stands, with the comment in its first line (a finding says so), and comes back with it
    from `export`."""
    done = convert(write_data(tmp_path / "data", users=TEXT), tmp_path / "app")
    assert done.verified
    assert [finding.severity for finding in done.findings if "comment" in finding.message] == ["info"]
    assert users(tmp_path / "app") == [(1, "john_doe", "john@example.com")]
    steps.export(tmp_path / "app", tmp_path / "back")
    assert (tmp_path / "back" / "users.json").read_text() == TEXT


@row(
    "Exercise: Converting File-based Storage to Database",
    "the model",
    item=2,
    block="19_exercise.py",
    where=["app/models.py: class User", "app/models.py: username: Mapped", "app/models.py: email: Mapped"],
)
def test_one_record_gives_the_modules_model(tmp_path: Path, python: str) -> None:
    """From this one record outgrow infers the block's model: `id` the key, `username` of 80 and `email` of 120 letters,
    both unique and not null. One record proves nothing; the names say it."""
    convert(write_data(tmp_path / "data", users=DATA), tmp_path / "app")
    written = dict(re.findall(r"(\w+) = db\.Column\((.*)\)", block("19_exercise.py")))
    assert written == {
        "id": "db.Integer, primary_key=True",
        "username": "db.String(80), unique=True, nullable=False",
        "email": "db.String(120), unique=True, nullable=False",
    }
    models = (tmp_path / "app" / "app" / "models.py").read_text()
    assert re.findall(r"^    (\w+): (.*)$", models, re.MULTILINE) == [
        ("id", "Mapped[int] = mapped_column(primary_key=True)"),
        ("username", "Mapped[str] = mapped_column(String(80), unique=True)"),
        ("email", "Mapped[str] = mapped_column(String(120), unique=True)"),
    ]
    app = App(copy(tmp_path / "app", tmp_path / "copy"), python)
    assert app.python_shows("""
columns = db.inspect(db.engine).get_columns("users")
unique = db.inspect(db.engine).get_unique_constraints("users")
show([[c["name"], str(c["type"]), c["nullable"]] for c in columns] + sorted(u["column_names"] for u in unique))
""") == [
        ["id", "INTEGER", False],
        ["username", "VARCHAR(80)", False],
        ["email", "VARCHAR(120)", False],
        ["email"],
        ["username"],
    ]


MIGRATE = """
import sys
from app import app, db
app.app_context().push()
exec(open("exercise.py").read())
db.create_all()
"""


@pytest.fixture
def exercise(literal: Place) -> Place:
    """The module's app with the exercise's block in it, and the file that it reads."""
    literal.write(exercise=block("19_exercise.py"))
    (literal.folder / "users.json").write_text(json.dumps(DATA))
    return literal


@row(
    "Exercise: Converting File-based Storage to Database",
    "`migrate_from_json()` by itself",
    item=2,
    block="19_exercise.py",
    today="name 'json' is not defined",
    where=["app/models.py: class User"],
)
def test_the_function_lacks_an_import_and_a_file_without_comment(exercise: Place, today: str) -> None:
    """By itself the function lacks `import json`; with it, it stumbles over the comment in the exercise's file. outgrow
    reads the file as it is."""
    assert today in exercise.python_says(MIGRATE + "migrate_from_json()").stderr
    (exercise.folder / "users.json").write_text(TEXT)
    assert "JSONDecodeError" in exercise.python_says(MIGRATE + "import json\nmigrate_from_json()").stderr


@row(
    "Exercise: Converting File-based Storage to Database",
    "the second run",
    item=2,
    block="19_exercise.py",
    today="UNIQUE constraint failed: user.id",
    where=["outgrow.toml: source ="],
)
def test_a_second_run_changes_nothing(exercise: Place, tmp_path: Path, today: str) -> None:
    """A second run of the function fails on the first record. A second `outgrow load myapp` finds that all is there,
    and changes nothing."""
    done = exercise.python_says(
        MIGRATE + "import json\nmigrate_from_json()\nprint(User.query.count())\nmigrate_from_json()"
    )
    assert done.stdout == "1\n"
    assert today in done.stderr
    convert(write_data(tmp_path / "data", users=DATA), tmp_path / "app")
    before = users(tmp_path / "app")
    again = steps.load(tmp_path / "app")
    assert (again.verified, again.reject_count) == (True, 0)
    assert users(tmp_path / "app") == before


@row(
    "Exercise: Converting File-based Storage to Database",
    "one bad record",
    item=2,
    block="19_exercise.py",
    today="NOT NULL constraint failed: user.email",
    where=[".gitignore: rejects"],
)
def test_one_bad_record_is_set_aside_with_its_reason(exercise: Place, tmp_path: Path, today: str) -> None:
    """One record without an e-mail address, and the function stores none. outgrow makes a column that may be empty of
    it, says why in the app's README, and stores both. What can't be a row at all, such as a text in the list, is set
    aside in `rejects/`, with its file, line and reason."""
    bad = {"users": [DATA["users"][0], {"id": 2, "username": "jane_doe", "email": None}]}
    (exercise.folder / "users.json").write_text(json.dumps(bad))
    run = (
        "import json\ntry:\n    migrate_from_json()\nfinally:\n    db.session.rollback()\n    print(User.query.count())"
    )
    done = exercise.python_says(MIGRATE + run)
    assert today in done.stderr
    assert done.stdout == "0\n"
    bad["users"].append("nobody")
    data = write_data(tmp_path / "data", users=bad)
    converted = convert(data, tmp_path / "app")
    [reject] = converted.rejects
    assert reject.origin.file == "users.json"
    assert reject.reason
    assert users(tmp_path / "app") == [(1, "john_doe", "john@example.com"), (2, "jane_doe", None)]
    models = (tmp_path / "app" / "app" / "models.py").read_text()
    assert "    email: Mapped[str | None]" in models
    assert re.search(r"\| `email` \|.* 1 of 2 empty", (tmp_path / "app" / "README.md").read_text())
    assert list((tmp_path / "app" / "rejects").iterdir())
