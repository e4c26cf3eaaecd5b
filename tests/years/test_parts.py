"""What the owner doesn't want can go, and what outgrow has left too: the app's own tests stay green."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import pytest
from owner import USERS, Site, start_tests

PARTS = {
    "app.api": ["app/api", "tests/test_api*.py"],
    "app.admin": ["app/admin.py", "app/templates/admin", "tests/test_admin*.py"],
    "outgrow": [],
}


def take_out(site: Site, part: str) -> None:
    """Take a part out: its files, its tests, its line in `app/__init__.py`; or all of outgrow."""
    if part == "outgrow":
        site.outgrow("detach", site.app, "--yes", "--quiet")
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
def suites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Path, Popen[str]]]]:
    """The tests of apps that lack one part each; they run beside each other, and write what they say to a file.

    One table is enough: the app's tests go through each.
    """
    site = Site(tmp_path_factory.mktemp("parts"))
    site.write(users=USERS)
    site.convert()
    sites = {part: site.copy_to(tmp_path_factory.mktemp("part")) for part in PARTS}
    for part, site in sites.items():
        take_out(site, part)
    running = {part: (site.root / "said", start_tests(site.app, site.root / "said")) for part, site in sites.items()}
    yield running
    for _, process in running.values():
        process.kill()
        process.wait()


@pytest.mark.parametrize("part", PARTS)
def test_without_one_part_the_apps_own_tests_are_green(suites: dict[str, tuple[Path, Popen[str]]], part: str) -> None:
    said, process = suites[part]
    assert process.wait(timeout=300) == 0, said.read_text("utf-8")[-4000:]
