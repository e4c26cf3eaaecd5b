"""`outgrow detach`: nothing of outgrow is left, the app goes on, and what the owner edited is named, not guessed."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from owner import USERS, Site

from outgrow import detachment
from outgrow.detachment import without_lines

ASIDE = ("instance", ".venv")


def mentions(app: Path) -> list[str]:
    """The files below an app that mention outgrow, as `grep -ri` finds them."""
    files = [file for file in app.rglob("*") if file.is_file() and not set(ASIDE) & set(file.relative_to(app).parts)]
    return sorted(
        file.relative_to(app).as_posix()
        for file in files
        if b"outgrow" in file.read_bytes().lower() or "outgrow" in file.name
    )


def state(app: Path) -> dict[str, bytes]:
    """All files of an app but for its database."""
    return {str(file): file.read_bytes() for file in app.rglob("*") if file.is_file() and "instance" not in file.parts}


def detach(site: Site, *words: str) -> tuple[int, dict[str, object]]:
    result = site.outgrow("detach", site.app, "--yes", "--json", *words)
    return result.exit_code, json.loads(result.stdout)


def test_nothing_is_left_and_the_app_goes_on(site: Site) -> None:
    before = site.in_app("show(client.get('/api/users').json)")
    (site.app / "app" / "__pycache__").mkdir()
    (site.app / "app" / "__pycache__" / "changes.pyc").write_bytes(b"\0outgrow")
    code, told = detach(site)
    assert (code, told["detached"], told["findings"]) == (0, True, []), told
    assert mentions(site.app) == []
    assert "LEDGER_KEY" not in (site.app / ".env").read_text()
    assert (site.app / ".env").stat().st_mode & 0o777 == 0o600
    assert site.sql("SELECT name FROM sqlite_master WHERE name LIKE 'outgrow%'") == []
    assert site.in_app("show(client.get('/api/users').json)") == before
    wrote = "client.post('/api/users', json={'username': 'dan', 'email': 'dan@example.com'}).status_code"
    assert site.in_app(f"show([{wrote}, User.query.count()])") == [201, 4]
    assert site.flask("db", "check").returncode == 0


def test_the_apps_own_tests_are_green_without_it(tmp_path: Path) -> None:
    """One table is enough: the app's tests go through each."""
    site = Site(tmp_path)
    site.write(users=USERS)
    site.convert()
    assert detach(site)[0] == 0
    done = site.run_own_tests()
    assert done.returncode == 0, done.stdout[-4000:]


def test_what_is_left_is_as_clean_as_it_was(site: Site) -> None:
    """The template's mentions of outgrow stand so that a line can be taken out as a whole."""
    assert detach(site)[0] == 0
    for command in (["check", "."], ["format", "--check", "."]):
        done = subprocess.run(
            [Path(sys.executable).parent / "ruff", *command, "--no-cache"],
            cwd=site.app,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_a_second_detach_says_that_nothing_is_left(site: Site) -> None:
    detach(site)
    result = site.outgrow("detach", site.app)
    assert (result.exit_code, "has nothing of outgrow" in result.stdout) == (0, True), result.output
    for words in (("load", site.app), ("verify", site.app), ("export", site.app, site.root / "back")):
        result = site.outgrow(*words)
        assert (result.exit_code, "is no app that outgrow made" in result.stderr) == (1, True)


def test_a_folder_that_is_no_app_is_refused(site: Site) -> None:
    result = site.outgrow("detach", site.data, "--yes")
    assert (result.exit_code, "is no app that outgrow made" in result.stderr) == (1, True)


def test_without_a_terminal_it_wants_a_yes_and_changes_nothing(site: Site) -> None:
    before = state(site.app)
    result = site.outgrow("detach", site.app)
    assert result.exit_code == 2
    assert "add --yes" in result.stderr
    assert "With it end `outgrow load`, `verify` and `export`" in result.stderr
    assert state(site.app) == before


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_on_a_terminal_it_asks(site: Site, answer: str, code: int) -> None:
    before = state(site.app)
    terminal, end = pty.openpty()
    os.write(terminal, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "outgrow", "detach", site.app],
        stdin=end,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
    )
    os.close(terminal)
    os.close(end)
    assert done.returncode == code, done.stderr
    assert "Go on? [y/N]" in done.stderr
    assert (state(site.app) == before) is (code == 1)


def test_an_unfinished_load_is_not_left_behind(site: Site) -> None:
    site.sql("DELETE FROM outgrow_meta WHERE name = 'loaded'")
    before = state(site.app)
    result = site.outgrow("detach", site.app, "--yes")
    assert result.exit_code == 1
    assert "the load isn't finished" in result.stderr
    assert f"`outgrow load {site.app}`" in result.stderr
    assert state(site.app) == before


def test_an_edited_line_that_cannot_be_found_is_named_and_the_app_still_runs(site: Site) -> None:
    factory = site.app / "app" / "__init__.py"
    lines = factory.read_text().split("\n")
    [number] = [number for number, line in enumerate(lines) if '"app.changes"' in line]
    lines[number] = '    "app.changes",  # mine'
    factory.write_text("\n".join(lines))
    code, told = detach(site)
    assert (code, told["detached"]) == (3, False)
    [finding] = [each for each in told["findings"] if each["severity"] == "error"]
    assert finding["origin"] == f"app/__init__.py:{number + 1}"
    assert "delete it, tests/test_changes.py, and what names app.changes" in finding["message"]
    assert {"app/changes.py", "tests/test_changes.py"} <= set(mentions(site.app))
    assert site.in_app("show(client.get('/api/users').status_code)") == 200
    factory.write_text("\n".join(line for line in lines if "# mine" not in line))
    assert detach(site)[0] == 0
    assert mentions(site.app) == []


def test_an_edited_module_of_outgrows_is_not_deleted(site: Site) -> None:
    with (site.app / "app" / "changes.py").open("a") as module:
        module.write("\n\nMINE = 1\n")
    code, told = detach(site)
    assert code == 3
    assert any(each["origin"] == "app/changes.py" and "was edited" in each["message"] for each in told["findings"])
    assert (site.app / "app" / "changes.py").read_text().endswith("MINE = 1\n")
    assert site.in_app("show(client.get('/api/users').status_code)") == 200


def test_what_the_owner_wrote_about_outgrow_is_named_and_left(site: Site) -> None:
    with (site.app / "README.md").open("a") as readme:
        readme.write("\nMade with outgrow.\n")
    code, told = detach(site)
    assert code == 0
    [finding] = told["findings"]
    assert finding["severity"] == "warning"
    assert "Made with outgrow." in finding["message"]
    assert mentions(site.app) == ["README.md"]


@pytest.mark.parametrize("number", range(4))
def test_wherever_it_is_killed_the_next_run_does_the_rest(
    site: Site, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """It ends before its first line is cut, before a file goes, before the tables go, and before the last."""

    def die(*_words: object, **_more: object) -> None:
        raise KeyboardInterrupt

    place = [(detachment, "_replace"), (Path, "unlink"), (detachment.Ledger, "drop"), (detachment, "_caches")][number]
    with monkeypatch.context() as patch:
        patch.setattr(*place, die)
        assert site.outgrow("detach", site.app, "--yes").exit_code == 1
    assert site.in_app("show(client.get('/api/users').status_code)") == 200
    assert detach(site)[0] == 0
    assert mentions(site.app) == []
    assert site.sql("SELECT name FROM sqlite_master WHERE name LIKE 'outgrow%'") == []


def test_what_was_in_outgrows_tables_is_wiped_from_the_file(site: Site) -> None:
    marker = "a hash that nobody may find"
    site.sql("INSERT INTO outgrow_meta VALUES ('marker', ?)", marker)
    detach(site)
    assert marker.encode() not in (site.app / "instance" / "app.db").read_bytes()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\nX\nb", "a\nb"),
        ("a\n\nX\n\nb", "a\n\nb"),
        ("a\n\n\nX\nX\n\n\nb", "a\n\n\nb"),
        ("X\n\nb", "b"),
        ("a\nX", "a"),
        ("a\nX\n\nb", "a\n\nb"),
        ("a\r\nX\r\nb", "a\r\nb"),
        ("a x\nb", "a x\nb"),
    ],
)
def test_lines_go_as_a_whole_and_leave_no_gap(text: str, left: str) -> None:
    assert without_lines(text, {"X"})[0] == left
