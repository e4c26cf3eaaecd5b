"""docs/moving.md is true: its session is run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from living_app import Living
from terminal import Shell, is_said

ROOT = Path(__file__).parents[2]


def test_the_session_happens_as_it_is_shown(fresh: Living, new_database: Callable[[str], str], tmp_path: Path) -> None:
    shutil.move(fresh.app, tmp_path / "myapp")
    [session] = re.findall(r"```console\n(.*?)```", (ROOT / "docs" / "moving.md").read_text("utf-8"), re.DOTALL)
    with Shell(tmp_path) as shell:
        for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            said = shell.run(re.sub(r"'postgresql://.*'", f"'{new_database('postgresql')}'", command))
            assert is_said(shown, said), f"$ {command}\n{said}"
