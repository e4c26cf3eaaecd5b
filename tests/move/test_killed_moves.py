"""A move that is stopped or killed at any point leaves the app as it was, and the next one does all of it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from living_app import Living, tables
from nursery import OUTGROW, Nursery
from surroundings import kept

from outgrow import steps

KILL = """
import os, signal, subprocess, sys
from pathlib import Path
from outgrow import moving, steps
from outgrow.database.move import claim as claims

def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def kill_after(module, name):
    whole = getattr(module, name)
    def half(*words, **more):
        whole(*words, **more)
        kill()
    setattr(module, name, half)

def start_and_kill(app, database, *words):
    environ = os.environ | {"DATABASE_URL": database}
    command = [sys.executable, "-m", "flask", *words]
    subprocess.Popen(command, cwd=app, env=environ, stdout=-3, stderr=-3, start_new_session=True)  # lives on
    import time
    time.sleep(float(os.environ.get("SECONDS", "0")))
    kill()

phase = sys.argv[3]
if phase == "claim":
    kill_after(moving.claims, "claim")
elif phase == "upgrade":
    moving.flask = start_and_kill
elif phase == "copy":
    copied = []
    whole = moving.copy_table
    moving.copy_table = lambda *words: kill() if len(copied) > 5 else copied.append(whole(*words)) or copied[-1]
elif phase == "keys":
    moving.put_up = kill
elif phase == "release":
    claims.release = kill
elif phase == "switch":
    moving.prepare_switch = lambda *_: kill
steps.move(Path(sys.argv[1]), sys.argv[2])
"""


def _kill(fresh: Living, database: str, phase: str, **environ: str) -> None:
    before = (fresh.app / ".env").read_bytes()
    done = Nursery.of(OUTGROW).run(KILL, fresh.app, database, phase, folder=fresh.root, environ=kept() | environ)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (fresh.app / ".env").read_bytes() == before


@pytest.mark.parametrize("phase", ["claim", "upgrade", "copy", "keys", "release"])
def test_a_move_that_was_killed_is_begun_anew_by_the_next(fresh: Living, database: str, phase: str) -> None:
    _kill(fresh, database, phase, SECONDS="0.7")
    assert fresh.setting == ""
    told = fresh.move(database)
    assert told["rows"] > 76
    assert "outgrow_move" not in tables(database)
    assert fresh.outgrow("verify", fresh.app, "--quiet").exit_code == 0


def test_a_file_that_a_killed_move_has_left_is_begun_anew_too(fresh: Living, tmp_path: Path) -> None:
    _kill(fresh, f"sqlite:///{tmp_path}/new.db", "copy")
    assert fresh.move(f"sqlite:///{tmp_path}/new.db")["rows"] > 76


def test_a_move_that_was_killed_at_the_very_end_is_ended_by_the_next(fresh: Living, database: str) -> None:
    _kill(fresh, database, "switch")
    told = fresh.move(database)
    assert told["rows"] > 76
    assert any("held all of it already" in finding["message"] for finding in told["findings"])
    assert fresh.setting != ""
    assert fresh.outgrow("verify", fresh.app, "--quiet").exit_code == 0


def test_a_copy_that_a_killed_move_has_left_is_not_used_where_the_app_has_written_since(
    fresh: Living, database: str
) -> None:
    _kill(fresh, database, "switch")
    fresh.sql("UPDATE outgrow_meta SET value = value || ' ' WHERE name = 'source'")
    assert "already holds tables of this app, with other rows" in fresh.refused(database)
    assert fresh.setting == ""
    assert fresh.outgrow("verify", fresh.app, "--quiet").exit_code == 0


def test_what_another_app_has_left_or_somebody_has_added_is_not_dropped(fresh: Living, database: str) -> None:
    _kill(fresh, database, "copy")
    other = fresh.copy_to(fresh.root / "other")
    assert f"what a move of {fresh.app.resolve()} has left" in other.refused(database)
    engine = sa.create_engine(database, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (a INTEGER)")
    assert "and more: mine" in fresh.refused(database)
    assert {"mine", "posts", "outgrow_move"} <= tables(database)


@pytest.mark.parametrize("when", ["copy", "compare"])
def test_a_move_that_is_stopped_leaves_nothing(fresh: Living, database: str, tmp_path: Path, when: str) -> None:
    def stop(phase: str, *_: object) -> None:
        if phase == when:
            raise KeyboardInterrupt

    before = (fresh.app / ".env").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        steps.move(fresh.app, database, stop)
    assert tables(database) == set()
    with pytest.raises(KeyboardInterrupt):
        steps.move(fresh.app, f"sqlite:///{tmp_path}/new/app.db", stop)
    assert not (tmp_path / "new" / "app.db").exists()
    assert (fresh.app / ".env").read_bytes() == before
