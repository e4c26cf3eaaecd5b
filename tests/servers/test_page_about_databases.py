"""docs/databases.md is true: its session is run on each server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from terminal import Shell, is_said

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "databases.md").read_text("utf-8")


@pytest.mark.parametrize("database_url", ["postgresql", "mariadb"], indirect=True)
def test_the_session_happens_as_it_is_shown(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    [session] = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    commands = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    with Shell(tmp_path) as shell:
        for part in commands:
            command, _, shown = part.partition("\n")
            typed = re.sub(r"'mysql://.*'", f"'{database_url}'", command)
            said = shell.run(typed)
            assert is_said(shown, said), f"$ {command}\n{said}"
    kept = (tmp_path / "myapp" / ".env").read_text("utf-8")
    assert "DATABASE_URL=" in kept
    assert (tmp_path / "myapp" / ".env").stat().st_mode & 0o077 == 0
