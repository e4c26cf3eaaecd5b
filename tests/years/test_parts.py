"""What the owner doesn't want can go, and what outgrow has left too: the app's own tests stay green."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from owner import Site, start_tests

PARTS = {
    "app.api": ["app/api", "tests/test_api*.py"],
    "app.admin": ["app/admin.py", "app/templates/admin", "tests/test_admin*.py"],
    "outgrow": [],
}


def take_out(site: Site, part: str) -> None:
    """Take a part out: its files, its tests, its line in `app/__init__.py`; or all of outgrow."""
    if part == "outgrow":
        assert site.outgrow("detach", site.app, "--yes", "--quiet").exit_code == 0
        return
    for pattern in PARTS[part]:
        for path in site.app.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    factory = site.app / "app" / "__init__.py"
    lines = factory.read_text().split("\n")
    kept = [line for line in lines if f'"{part}"' not in line]
    assert len(lines) - len(kept) == 1
    factory.write_text("\n".join(kept))


@pytest.fixture(scope="module")
def suites(converted: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """The tests of three apps, each without one part; they run beside each other."""
    running = {}
    for part in PARTS:
        site = converted.copy_to(tmp_path_factory.mktemp("part"))
        take_out(site, part)
        running[part] = start_tests(site.app)
    yield running
    for process in running.values():
        process.communicate()


@pytest.mark.parametrize("part", PARTS)
def test_without_one_part_the_apps_own_tests_are_green(suites: dict[str, subprocess.Popen[str]], part: str) -> None:
    said, _ = suites[part].communicate(timeout=240)
    assert suites[part].returncode == 0, said[-4000:]
