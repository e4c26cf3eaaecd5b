"""The contract of the commands: what programs may call, read and rely on."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from outgrow.cli import main

Outgrow = Callable[..., Result]
USERS = [
    {"id": 1, "username": "ann", "email": "ann@example.com"},
    {"id": 2, "username": "bob", "email": "bob@example.com"},
]


@pytest.fixture
def outgrow(monkeypatch: pytest.MonkeyPatch) -> Outgrow:
    """Run a command as from a shell, but in this process."""
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run(*words: object) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with users, and posts of which one refers to nobody."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "users.json").write_text(json.dumps(USERS))
    posts = [{"id": number, "user_id": 1 + number % 2, "title": f"Post {number}"} for number in range(1, 6)]
    (folder / "posts.json").write_text(json.dumps(posts))
    return folder


def test_inspect_json_prints_the_object_that_other_programs_read(outgrow: Outgrow, data: Path) -> None:
    found = json.loads(outgrow("inspect", data, "--json").stdout)
    posts = next(table for table in found["tables"] if table["name"] == "posts")
    assert posts["source"] == "posts.json"
    assert (posts["kind"], posts["rows"], posts["primary_key"]) == ("entity", 5, ["id"])
    assert {"name": "user_id", "field": "user_id", "type": "integer", "nullable": False}.items() <= posts["columns"][
        1
    ].items()
    key = posts["foreign_keys"][0]
    assert (key["columns"], key["references"]) == (["user_id"], {"table": "users", "columns": ["id"]})
    assert key["reason"]
    assert set(found) == {"tables", "media", "findings"}


def test_convert_json_tells_rows_rejects_findings_seconds_and_the_proof(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    result = outgrow("convert", data, tmp_path / "app", "--json")
    told = json.loads(result.stdout)
    assert told["tables"] == {"users": 2, "posts": 5}
    assert (told["rows"], told["rejects"], told["verified"]) == (7, 0, True)
    assert set(told["seconds"]) == {"inspect", "generate", "load", "verify"}
    assert result.exit_code == 0


def test_quiet_prints_nothing_at_all(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    result = outgrow("convert", data, tmp_path / "app", "--quiet")
    assert (result.stdout, result.stderr, result.exit_code) == ("", "", 0)


def test_quiet_prints_errors_that_do_not_end_the_command(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    (data / "broken.json").write_text("[{]")
    for words in (["inspect", data], ["convert", data, tmp_path / "app"]):
        result = outgrow(*words, "--quiet")
        assert (result.stdout, result.exit_code) == ("", 3)
        assert result.stderr.startswith("error: broken.json:1:")


def test_results_go_to_stdout_and_findings_to_stderr(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    (data / "note.bin").write_bytes(b"\x00\x01")
    result = outgrow("convert", data, tmp_path / "app")
    assert "verified: nothing lost" in result.stdout
    assert "note.bin" in result.stderr
    assert "note.bin" not in result.stdout


def test_a_dry_run_does_everything_and_leaves_nothing(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    result = outgrow("convert", data, tmp_path / "app", "--dry-run", "--json")
    assert json.loads(result.stdout)["rows"] == 7
    assert sorted(tmp_path.rglob("*")) == before


def test_rejects_end_with_exit_code_3_unless_that_is_not_wanted(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    (data / "users.json").write_text(json.dumps([*USERS, 17]))
    assert outgrow("convert", data, tmp_path / "app", "--quiet").exit_code == 3
    assert outgrow("convert", data, tmp_path / "app2", "--quiet", "--fail-on", "never").exit_code == 0


def test_warnings_end_with_exit_code_3_where_that_is_wanted(outgrow: Outgrow, data: Path) -> None:
    (data / "tags.json").write_text("")
    assert outgrow("inspect", data, "--quiet").exit_code == 0
    assert outgrow("inspect", data, "--quiet", "--fail-on", "warning").exit_code == 3


def test_an_unknown_option_is_an_error_of_usage(outgrow: Outgrow, data: Path) -> None:
    assert outgrow("inspect", data, "--loud").exit_code == 2


def test_an_app_that_is_there_is_never_touched(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "mine.txt").write_text("mine")
    result = outgrow("convert", data, tmp_path / "app")
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert [path.name for path in (tmp_path / "app").iterdir()] == ["mine.txt"]


def test_again_replaces_an_app_in_which_nothing_was_edited(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    (data / "users.json").write_text(json.dumps([*USERS, {"id": 3, "username": "cy", "email": "cy@example.com"}]))
    result = outgrow("convert", data, tmp_path / "app", "--again", "--json")
    assert json.loads(result.stdout)["tables"]["users"] == 3
    assert {path.name for path in tmp_path.iterdir()} == {"app", "data"}


def test_again_lists_what_was_edited_and_leaves_it(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    models = tmp_path / "app" / "app" / "models.py"
    models.write_text(models.read_text() + "\n# mine\n")
    result = outgrow("convert", data, tmp_path / "app", "--again")
    assert result.exit_code == 1
    assert "app/models.py: edited" in result.stderr
    assert models.read_text().endswith("# mine\n")


def test_again_refuses_an_app_whose_rows_were_changed(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    with sqlite3.connect(tmp_path / "app" / "instance" / "app.db") as database:
        database.execute(
            "INSERT INTO outgrow_changes (table_name, row_key, action, changed_at)"
            " VALUES ('users', '[1]', 'update', '2026-01-01')"
        )
    result = outgrow("convert", data, tmp_path / "app", "--again")
    assert result.exit_code == 1
    assert "table users: rows changed through the app" in result.stderr


def test_a_database_that_holds_tables_is_refused(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "full.db") as database:
        database.execute("CREATE TABLE precious (id INTEGER)")
    result = outgrow("convert", data, tmp_path / "app", "--database", f"sqlite:///{tmp_path}/full.db")
    assert result.exit_code == 1
    assert "precious" in result.stderr
    assert not (tmp_path / "app").exists()


def test_the_database_may_be_named_by_the_environment(
    outgrow: Outgrow, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    assert outgrow("convert", data, tmp_path / "app", "--quiet").exit_code == 0
    with sqlite3.connect(tmp_path / "elsewhere.db") as database:
        assert database.execute("SELECT count(*) FROM posts").fetchone() == (5,)
    monkeypatch.delenv("DATABASE_URL")
    assert outgrow("verify", tmp_path / "app").exit_code == 0


def test_a_server_that_does_not_answer_is_named_without_the_password_before_anything_is_written(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    result = outgrow("convert", data, tmp_path / "app", "--database", "mysql://ann:secret@127.0.0.1:1/blog")
    assert result.exit_code == 1
    assert "mysql+pymysql://ann:***@127.0.0.1:1/blog: Can't connect" in result.stderr
    assert "Check that the server runs, and the host and port in the URL." in result.stderr
    assert "secret" not in result.stderr + result.stdout
    assert not (tmp_path / "app").exists()


def test_a_plan_is_written_to_a_new_file_only(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    assert outgrow("inspect", data, "--write-plan", plan).exit_code == 0
    text = plan.read_text()
    result = outgrow("inspect", data, "--write-plan", plan)
    assert result.exit_code == 1
    assert "exists already" in result.stderr
    assert plan.read_text() == text


def test_an_edited_plan_is_followed_and_kept_word_for_word(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.toml"
    outgrow("inspect", data, "--write-plan", plan)
    edited = (
        plan.read_text()
        .replace("references.user =", "references.author =")
        .replace("columns.title =", "columns.headline =")
    )
    plan.write_text(edited + "# remember the milk\n")
    assert outgrow("convert", data, tmp_path / "app", "--plan", plan, "--quiet").exit_code == 0
    assert (tmp_path / "app" / "outgrow.toml").read_text() == edited + "# remember the milk\n"
    with sqlite3.connect(tmp_path / "app" / "instance" / "app.db") as database:
        assert database.execute("SELECT headline FROM posts WHERE id = 1").fetchone() == ("Post 1",)
    outgrow("export", tmp_path / "app", tmp_path / "back")
    assert (tmp_path / "back" / "posts.json").read_bytes() == (data / "posts.json").read_bytes()


def test_a_renamed_column_stops_verify_and_names_the_plans_line(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    with sqlite3.connect(tmp_path / "app" / "instance" / "app.db") as database:
        database.execute("ALTER TABLE posts RENAME COLUMN title TO headline")
    result = outgrow("verify", tmp_path / "app")
    assert result.exit_code == 1
    assert "column posts.title" in result.stderr
    assert "columns.title" in result.stderr


def test_a_column_that_the_user_added_is_left_alone(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    with sqlite3.connect(tmp_path / "app" / "instance" / "app.db") as database:
        database.execute("ALTER TABLE posts ADD COLUMN likes INTEGER")
    assert outgrow("verify", tmp_path / "app").exit_code == 0
    assert outgrow("export", tmp_path / "app", tmp_path / "back").exit_code == 0


def test_an_app_may_not_lie_in_the_data(outgrow: Outgrow, data: Path) -> None:
    result = outgrow("convert", data, data / "app")
    assert result.exit_code == 1
    assert "lies in the data folder" in result.stderr


def test_a_folder_without_records_says_what_to_do(outgrow: Outgrow, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = outgrow("convert", tmp_path / "empty", tmp_path / "app")
    assert result.exit_code == 1
    assert "holds no records" in result.stderr
    assert "outgrow inspect" in result.stderr


def test_two_conversions_of_one_plan_write_the_same_files(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    outgrow("convert", data, tmp_path / "one" / "app", "--quiet")
    outgrow("convert", data, tmp_path / "two" / "app", "--quiet")
    written = {}
    for name in ("one", "two"):
        app = tmp_path / name / "app"
        files = [
            path for path in app.rglob("*") if path.is_file() and "instance" not in path.parts and path.name != ".env"
        ]
        written[name] = {path.relative_to(app).as_posix(): path.read_bytes() for path in files}
    assert written["one"] == written["two"]


def test_the_settings_file_is_for_the_owner_only(outgrow: Outgrow, data: Path, tmp_path: Path) -> None:
    told = json.loads(outgrow("convert", data, tmp_path / "app", "--json").stdout)
    settings = tmp_path / "app" / ".env"
    assert settings.stat().st_mode & 0o777 == 0o600
    assert told["token"] not in settings.read_text()


def test_of_many_records_that_are_set_aside_the_first_are_named_and_the_others_counted(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    more = [{"id": number, "username": f"u{number}", "email": f"u{number}@example.com"} for number in range(3, 30)]
    (data / "users.json").write_text(json.dumps([*USERS, *more, *range(10)]))
    result = outgrow("convert", data, tmp_path / "app")
    assert result.stderr.count("set aside: users.json") == 5
    assert "… and 5 more\n" in result.stderr
    assert f"Set aside, with the reasons: {tmp_path / 'app' / 'rejects'}\n" in result.stdout


def test_a_dry_run_names_no_folder_and_no_token_that_it_does_not_leave(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    (data / "users.json").write_text(json.dumps([*USERS, 17]))
    assert "rejects" not in outgrow("convert", data, tmp_path / "app", "--dry-run").stdout
    told = json.loads(outgrow("convert", data, tmp_path / "app", "--dry-run", "--json").stdout)
    assert (told["rejects"], told["token"]) == (1, None)


def test_a_value_that_is_not_in_the_plans_format_is_told_by_that_format(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    (data / "days.json").write_text(json.dumps([{"id": day, "on": f"{day}.05.2024"} for day in range(10, 30)]))
    plan = tmp_path / "plan.toml"
    outgrow("inspect", data, "--write-plan", plan, "--quiet")
    assert '"%d.%m.%Y"' in plan.read_text()
    plan.write_text(plan.read_text().replace('"%d.%m.%Y"', '"%m/%d/%Y"'))
    said = outgrow("convert", data, tmp_path / "app", "--plan", plan).stderr
    assert 'is no date in the plan\'s format "%m/%d/%Y"' in said
    assert "2024-12-31" not in said


def test_a_record_that_is_gone_from_the_files_is_no_change_through_the_app(
    outgrow: Outgrow, data: Path, tmp_path: Path
) -> None:
    outgrow("convert", data, tmp_path / "app", "--quiet")
    posts = json.loads((data / "posts.json").read_text())
    (data / "posts.json").write_text(json.dumps(posts[:-1]))
    outgrow("load", tmp_path / "app", "--quiet")
    said = outgrow("verify", tmp_path / "app").stdout
    assert "changed through the app" not in said
    assert "1 record kept by a load against what the files say\n" in said


def test_a_broken_file_that_gives_nothing_is_told_in_a_whole_sentence(outgrow: Outgrow, data: Path) -> None:
    (data / "tags.json").write_text('[{"id": 1, ')
    said = outgrow("inspect", data, "--salvage").stderr
    assert "none of its records can be read. Of the last one: the text breaks off" in said
