"""Nothing of the module is left out: each heading, numbered item and code block has its test, and the page says so."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from module_contents import BLOCKS, CONTENTS, block, fingerprint, read_places
from module_rows import row

ROOT = Path(__file__).parents[2]
SEED = Path(os.environ.get("OUTGROW_SEED", ROOT.parent / "shared" / "seed"))


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("module_page", ROOT / "tools" / "module_page.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules["module_page"] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def test_the_blocks_are_the_modules_letter_for_letter() -> None:
    known = {name: wanted for place in CONTENTS for name, wanted in place.blocks}
    there = {file.name for file in BLOCKS.iterdir() if file.name[0].isdigit()}
    assert there == set(known)
    assert {name: fingerprint(block(name)) for name in known} == known


def test_the_list_of_contents_is_the_modules() -> None:
    file = SEED / "module-2-database-integration.md"
    if not file.exists():
        pytest.skip(f"there is no {file}; OUTGROW_SEED says where the module is")
    ours = [(p.level, p.heading, p.items, tuple(wanted for _, wanted in p.blocks)) for p in CONTENTS]
    assert read_places(file.read_text("utf-8")) == ours


def test_every_heading_item_and_block_has_its_test(tool: ModuleType) -> None:
    found = tool.read_rows()
    headings = [place.heading for place in CONTENTS]
    assert {each.heading for each in found} == set(headings)
    for place in CONTENTS:
        mine = [each for each in found if each.heading == place.heading]
        if place.heading != "Additional Resources":  # its items are links
            assert {each.item for each in mine} - {0} == set(range(1, place.items + 1)), place.heading
        assert {each.block for each in mine} - {""} == {name for name, _ in place.blocks}, place.heading


def test_a_block_runs_as_it_stands_or_its_error_is_named(tool: ModuleType) -> None:
    for place in CONTENTS:
        for name, _ in place.blocks:
            mine = [each for each in tool.read_rows() if each.block == name]
            assert any(each.unchanged or each.today for each in mine), name


def test_every_test_of_the_module_has_its_row(tool: ModuleType) -> None:
    named = {each.test for each in tool.read_rows()}
    for file in Path(__file__).parent.glob("test_[1-9]_*.py"):
        assert set(re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.MULTILINE)) <= named


@row("Table of Contents", "this page")
def test_the_page_has_every_heading_and_is_what_the_tests_say(tool: ModuleType) -> None:
    """This page has the same headings in the same order. It is made from the tests, and a test holds it equal to
    them."""
    page = (ROOT / "docs" / "module.md").read_text("utf-8")
    assert page == tool.render_page(), "`python tools/module_page.py --write` writes the page anew"
    assert re.findall(r"^#+ (.*)$", page, re.MULTILINE)[1:] == [place.heading for place in CONTENTS[1:]]


def test_a_page_that_lags_behind_is_told_by_the_exit_code(tmp_path: Path) -> None:
    check = [sys.executable, str(ROOT / "tools" / "module_page.py"), "--check"]
    assert subprocess.run(check, check=False).returncode == 0
    (tmp_path / "module.md").write_text("old\n")
    done = subprocess.run([*check, str(tmp_path / "module.md")], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--write" in done.stderr
