"""The guide is true: every page is done from top to bottom, in a copy of one converted app."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import pytest
from guide_pages import blocks_of, do, where
from terminal import Shell

from outgrow import steps

ROOT = Path(__file__).parents[2]
BLOG = ROOT / "examples" / "blog"
GUIDE = ROOT / "docs" / "guide"
INDEX = GUIDE / "README.md"
PAGES = sorted(page for page in GUIDE.glob("*.md") if page != INDEX)
FIRST = GUIDE / "1-from-files.md"
RUN = "test_a_page_happens_as_it_is_shown"
Runs: TypeAlias = "dict[tuple[Path, str], Future[None]]"
PYTHONS = os.environ.get("OUTGROW_APP_PYTHONS", sys.executable).split(os.pathsep)
# Pages about SQLAlchemy itself happen with each version of it, the others with the newest, which takes less time.
ABOUT_SQLALCHEMY = ("2-reading", "3-writing", "6-relationships")
PAIRS = [
    (page, python) for python in PYTHONS for page in PAGES if python == PYTHONS[0] or page.stem in ABOUT_SQLALCHEMY
]


@pytest.fixture(scope="session")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the first page leaves: the data, the plan, the Makefile and the app."""
    folder = tmp_path_factory.mktemp("guide") / "club"
    shutil.copytree(BLOG / "data", folder / "data")
    for name in ("plan.toml", "Makefile"):
        shutil.copy(BLOG / name, folder / name)
    steps.convert(folder / "data", folder / "myapp", steps.ConvertOptions(plan=folder / "plan.toml"))
    return folder


@pytest.fixture(scope="session")
def runs(request: pytest.FixtureRequest, club: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """The pages that this run is about, each on its way: several at once, as they wait for servers half of the time."""
    wanted = [item.callspec.params for item in request.session.items if item.originalname == RUN]  # type: ignore[attr-defined]
    with ThreadPoolExecutor(4) as pool:
        yield {
            (each["page"], each["python"]): pool.submit(run, each["page"], each["python"], club, tmp_path_factory)
            for each in wanted
        }
        pool.shutdown(cancel_futures=True)


def run(page: Path, python: str, club: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Do a page from top to bottom."""
    folder = tmp_path_factory.mktemp(page.stem)
    if page == FIRST:
        here = folder / "outgrow"
        shutil.copytree(BLOG, here / "examples" / "blog", ignore=shutil.ignore_patterns("myapp"))
    else:
        here = shutil.copytree(club, folder / "club")
    path = os.pathsep.join(str(Path(each).parent) for each in dict.fromkeys([python, sys.executable]))
    with Shell(here, path=path, errors_too=True) as shell:
        for block in blocks_of(page):
            do(block, shell, here)


@pytest.mark.parametrize(
    ("page", "python"), PAIRS, ids=lambda path: Path(path).parents[1].name if isinstance(path, str) else path.stem
)
def test_a_page_happens_as_it_is_shown(page: Path, python: str, runs: Runs) -> None:
    if "curl " in page.read_text("utf-8") and shutil.which("curl") is None:
        pytest.skip("there is no curl")
    runs[page, python].result()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_file_is_named_in_the_text_above_it(page: Path) -> None:
    text = page.read_text("utf-8")
    for block in blocks_of(page):
        if block.file:
            above = text.splitlines()[: block.line - 1]
            paragraph = "\n".join(above).rstrip().rpartition("\n\n")[2]
            name = re.sub("^(?:club/)?(?:myapp/)?", "", block.file)
            assert f"`{name}`" in paragraph, f"{where(block)} {name} isn't named above"


def test_few_blocks_are_only_for_reading_and_their_pages_say_so() -> None:
    unrun = [block for page in PAGES for block in blocks_of(page) if block.mark == "not run"]
    assert len(unrun) <= 3
    for page in {block.page for block in unrun}:
        assert re.search(
            r"isn't run|aren't run|not run", re.sub("<!--.*?-->", "", (GUIDE / page).read_text("utf-8"))
        ), page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_you_will_have_and_where_you_are(page: Path) -> None:
    text = page.read_text("utf-8")
    assert re.search(r"\bAt\s+its\s+end\s+you\s+have\b", text)
    assert "(../module.md" in text
    assert f"({page.name})" in INDEX.read_text("utf-8")
    assert len(text.splitlines()) <= 230


def test_the_settings_that_the_guide_lists_are_those_of_an_app(club: Path) -> None:
    listed = re.findall(r"^\| `([A-Z_]+)` \|", (GUIDE / "7-configuration.md").read_text("utf-8"), re.MULTILINE)
    example = (club / "myapp" / ".env.example").read_text("utf-8")
    assert sorted(listed) == sorted(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))


def test_the_commands_of_container_and_service_are_run_on_the_page_about_servers() -> None:
    typed = [block.text for block in blocks_of(GUIDE / "9-running.md") if block.kind == "console"]
    run = {re.sub(r"\w+=\S+ | 2>\S+| &$", "", line[2:]) for line in "".join(typed).splitlines() if line[:2] == "$ "}
    container, service = ((GUIDE / name).read_text("utf-8") for name in ("docker.md", "systemd.md"))
    lists = re.findall(r"^(?:CMD| +command:) (.*)", container, re.MULTILINE)
    named = [" ".join(re.findall(r'"([^"]+)"', each)) for each in lists]
    named += re.findall(r"^ExecStart(?:Pre)?=/srv/myapp/\.venv/bin/(.*)", service, re.MULTILINE)
    assert len(named) == 5
    assert set(named) <= run


def test_the_unit_file_is_one_that_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("there is no systemd-analyze")
    [unit] = [block for block in blocks_of(GUIDE / "systemd.md") if block.file.endswith(".service")]
    text = unit.text.replace("/srv/myapp/.venv/bin", str(Path(sys.executable).parent)).replace(
        "/srv/myapp", str(tmp_path)
    )
    (tmp_path / "myapp.service").write_text(text)
    verified = subprocess.run(
        [analyze, "verify", tmp_path / "myapp.service"], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, [line for line in verified.stderr.splitlines() if "myapp" in line]) == (0, [])


def test_php_leaves_what_the_first_page_says(tmp_path: Path) -> None:
    php = os.environ.get("OUTGROW_PHP") or shutil.which("php") or str(ROOT / ".cache/php/usr/bin/php8.2")
    if not Path(php).exists():
        pytest.skip("there is no php; tests/module/get_php.sh fetches one on Debian, without installing it")
    code, left = (block for block in blocks_of(FIRST) if block.kind in ("php", "json"))
    before = re.sub(r',"0":{.*}}', "}", left.text.strip())
    (tmp_path / "users.json").write_text(before)
    code = code.text.replace("john_doe", "jane").replace("john@", "jane@")
    subprocess.run([php, "-r", code], cwd=tmp_path, check=True)
    assert (tmp_path / "users.json").read_text() == left.text.strip()
    assert before != left.text.strip()
