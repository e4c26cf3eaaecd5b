"""Places that can't be read or written, and things in the way: nothing is touched, nothing half-written is left."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from door import Outcome, left_behind, outgrow
from surroundings import PATIENCE

Write = Callable[..., Path]
USERS = '[{"id":1,"name":"a"},{"id":2,"name":"b"}]'
AS_ROOT = os.geteuid() == 0
DROP_CAPABILITY = 24
OVERRIDES = (1, 2)


def give_up_rights() -> None:
    """Let file permissions hold for root too (who then reads as their owner)."""
    for capability in OVERRIDES if AS_ROOT else ():
        ctypes.CDLL(None).prctl(DROP_CAPABILITY, capability, 0, 0, 0)


@pytest.mark.parametrize("command", [["inspect", "nowhere"], ["convert", "nowhere", "app"]])
def test_a_missing_folder_is_named(command: list[str], tmp_path: Path) -> None:
    said = outgrow(*command, cwd=tmp_path, code=1).err
    assert "Error: nowhere: there is no such file or folder" in said
    assert left_behind(tmp_path) == []


def test_an_unreadable_file_stops_no_other(write: Write, tmp_path: Path) -> None:
    data = write(users__json=USERS, secret__json=USERS, **{"folder/posts.json": USERS})
    (data / "secret.json").chmod(0)
    (data / "folder").chmod(0)
    try:
        seen = outgrow("inspect", "data", cwd=tmp_path, before=give_up_rights, code=3)
        assert "users.json" in seen.out
        assert "error: secret.json: can't be read: Permission denied" in seen.err
        assert "error: folder: can't be read: Permission denied" in seen.err
        assert "secret.json" in outgrow("convert", "data", "app", cwd=tmp_path, before=give_up_rights, code=1).err
    finally:
        (data / "folder").chmod(0o755)
    assert left_behind(tmp_path) == []


def test_what_is_no_file_is_passed_over_at_once(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = write(users__json=USERS)
    os.mkfifo(data / "pipe.json")
    (data / "folder.json").mkdir()
    monkeypatch.chdir(data)  # a socket's path has to be short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.json")
        seen = outgrow("inspect", "data", cwd=tmp_path, code=3)
    assert "users.json" in seen.out
    assert "error: pipe.json: is no plain file" in seen.err
    assert "error: socket.json: is no plain file" in seen.err
    assert "is neither a file nor a folder" in outgrow("inspect", "data/pipe.json", cwd=tmp_path, code=1).err


def test_links_out_and_in_circles_are_not_followed(write: Write, tmp_path: Path) -> None:
    data = write(users__json=USERS)
    (tmp_path / "outside.json").write_text('[{"id":1,"secret":"s3cr3t"}]')
    (data / "out.json").symlink_to("../outside.json")
    (data / "host.json").symlink_to("/etc/hostname")
    (data / "folder").symlink_to("..")
    (data / "a.json").symlink_to("b.json")
    (data / "b.json").symlink_to("a.json")
    (data / "nowhere.json").symlink_to("gone.json")
    (data / "inside.json").symlink_to("users.json")
    seen = outgrow("inspect", "data", cwd=tmp_path, code=3)
    for name in ("out.json", "host.json"):
        assert f"error: {name}: is a link out of the data folder and was not followed" in seen.err
    assert "warning: folder: is left out: a link to a folder" in seen.err
    assert "error: a.json: can't be read: Too many levels of symbolic links" in seen.err
    assert "error: nowhere.json: can't be read: No such file or directory" in seen.err
    assert "s3cr3t" not in seen.out + seen.err
    assert "inside.json" in seen.out


def test_a_name_that_is_no_text_is_refused(write: Write, tmp_path: Path) -> None:
    data = write(users__json=USERS)
    (Path(os.fsdecode(os.fsencode(data) + b"/u\xff.json"))).write_text(USERS)
    seen = outgrow("inspect", "data", "--json", cwd=tmp_path, code=3)
    assert r"u\xff.json" in seen.json["findings"][0]["origin"]
    assert outgrow("inspect", os.fsencode(data) + b"/u\xff.json", cwd=tmp_path).code in (1, 3)
    assert outgrow("convert", "data", b"app\xff", cwd=tmp_path).code in (1, 3)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("kind", ["a folder with a file", "a file", "a link"])
def test_an_app_that_is_there_is_not_touched(kind: str, write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    app = tmp_path / "app"
    if kind == "a file":
        app.write_text("mine")
    elif kind == "a link":
        app.symlink_to("data")
    else:
        app.mkdir()
        (app / "mine").write_text("mine")
    said = outgrow("convert", "data", "app", cwd=tmp_path, code=1).err
    assert "app exists already and is not touched" in said
    assert left_behind(tmp_path) == ["app"]


def test_an_empty_folder_may_become_the_app(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    (tmp_path / "app").mkdir()
    outgrow("convert", "data", "app", cwd=tmp_path, code=0)


def test_a_database_that_holds_tables_is_not_touched(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    with sqlite3.connect(tmp_path / "mine.db") as database:
        database.execute("CREATE TABLE mine (a)")
    database.close()
    before = (tmp_path / "mine.db").read_bytes()
    said = outgrow("convert", "data", "app", "--database", "sqlite:///mine.db", cwd=tmp_path, code=1).err
    assert "already holds tables (mine) and is not touched" in said
    assert (tmp_path / "mine.db").read_bytes() == before
    assert left_behind(tmp_path) == ["mine.db"]


@pytest.mark.parametrize("database", ["nonsense", "sqlite:////proc/nowhere/app.db", "oracle://x", "sqlite:///data"])
def test_a_database_that_cannot_be_is_refused(database: str, write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    said = outgrow("convert", "data", "deep/down/app", "--database", database, cwd=tmp_path, code=1).err
    assert said.startswith("Error: ")
    assert left_behind(tmp_path) == []


def test_a_file_that_is_no_database_is_refused(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    (tmp_path / "mine.db").write_text("my diary, not a database, and long enough to be looked at" * 20)
    before = (tmp_path / "mine.db").read_bytes()
    outgrow("convert", "data", "app", "--database", "sqlite:///mine.db", cwd=tmp_path, code=1)
    assert (tmp_path / "mine.db").read_bytes() == before
    assert left_behind(tmp_path) == ["mine.db"]


def test_a_locked_database_is_waited_for_and_then_said(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    outgrow("convert", "data", "app", cwd=tmp_path, code=0)
    database = sqlite3.connect(tmp_path / "app" / "instance" / "app.db", isolation_level=None)
    try:
        database.execute("BEGIN EXCLUSIVE")
        sooner = "from outgrow.database import engine; engine.BUSY_SECONDS = 1"
        said = outgrow("verify", "app", cwd=tmp_path, code=1, setting=sooner).err
    finally:
        database.close()
    assert "database is locked" in said
    assert "Stop it, and run the command again" in said


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for two megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], check=False).returncode != 0:
        pytest.skip("mounting a small file system takes root; the limit of file size below is tested everywhere")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.skipif(not AS_ROOT, reason="mounting a small file system takes root")
@pytest.mark.parametrize("records", [9_000, 60_000])
def test_a_full_disk_leaves_nothing(records: int, write: Write, tmp_path: Path, small_disk: Path) -> None:
    rows = [{"id": number, "name": f"name {number}", "text": "x" * 200} for number in range(records)]
    write(users__json=json.dumps(rows))
    environ = {"TMPDIR": str(tmp_path)}
    said = outgrow("convert", "data", "disk/app", cwd=tmp_path, code=1, **environ).err
    assert "full" in said or "No space left" in said
    assert "Make room on the disk" in said
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("kilobytes", [1, 20, 60, 200, 1_000])
def test_a_limit_of_file_size_leaves_nothing(kilobytes: int, write: Write, tmp_path: Path) -> None:
    rows = [{"id": number, "name": f"name {number}", "text": "x" * 200} for number in range(9_000)]
    write(users__json=json.dumps(rows))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))

    done = outgrow("convert", "data", "deep/app", cwd=tmp_path, before=limit, code=1)
    assert done.err.startswith("Error: ")
    assert left_behind(tmp_path) == []


def test_a_folder_that_may_not_be_written_is_said(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    done: Outcome = outgrow("convert", "data", "locked/app", cwd=tmp_path, before=give_up_rights, code=1)
    assert "Permission denied" in done.err
    assert list(locked.iterdir()) == []


TABLE = """version = 1
[tables.users]
source = "{}"
class = "User"
key = ["id"]
columns.id = {{ field = "id", type = "{}" }}
"""
TYPOS = {
    "a word of TOML": ("version = 1\n[tables.users\n", "plan.toml:2"),
    "another version": ("version = 9\n", "plan.toml:1"),
    "no table": ("version = 1\n", "plan.toml has no tables"),
    "a key": ('version = 1\n\n[tables.users]\nsorce = "users.json"\nclass = "User"\nkey = ["id"]\n', "plan.toml:4"),
    "a type": (TABLE.format("users.json", "intger"), "plan.toml:6"),
    "a file": (TABLE.format("user.json", "integer"), 'no file "user.json"'),
    "no text": (b"\xff\xfe", "UTF-8"),
}


@pytest.mark.parametrize("name", TYPOS)
def test_a_plan_with_a_typo_is_refused_by_its_line(name: str, write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    text, place = TYPOS[name]
    (tmp_path / "plan.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    said = outgrow("convert", "data", "app", "--plan", "plan.toml", cwd=tmp_path, code=1).err
    assert "plan.toml" in said
    assert place in said
    assert left_behind(tmp_path) == []


def test_a_plan_file_that_is_there_is_not_written_over(write: Write, tmp_path: Path) -> None:
    write(users__json=USERS)
    (tmp_path / "plan.toml").write_text("mine")
    said = outgrow("inspect", "data", "--write-plan", "plan.toml", cwd=tmp_path, code=1).err
    assert "plan.toml exists already and is not touched" in said
    assert (tmp_path / "plan.toml").read_text() == "mine"


def test_the_app_stays_out_of_the_data(write: Write, tmp_path: Path) -> None:
    data = write(users__json=USERS)
    outgrow("convert", "data", "data/app", cwd=tmp_path, code=1)
    assert sorted(path.name for path in data.iterdir()) == ["users.json"]


def test_a_pipe_that_closes_is_no_error(write: Write, tmp_path: Path) -> None:
    write(**{f"{number}t.json": f'[{{"id":1,"x{number}":1}}]' for number in range(200)})
    command = f"{sys.executable} -m outgrow inspect data | head -1"
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert done.stdout.startswith("table")
    assert done.stderr == ""
