"""The docs are true: the session is run, what is made from code is equal to it, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
from terminal import Shell, is_said

from outgrow.cli import main

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/*/README.md")]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def session() -> list[tuple[str, str]]:
    """The commands of README's session, each with what it prints."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    assert len(blocks) == 1
    parts = re.split(r"^\$ ", blocks[0], flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (part.partition("\n") for part in parts)]


def test_readmes_session_happens_as_it_is_shown(session: list[tuple[str, str]], tmp_path: Path) -> None:
    shown, content = session[0]
    assert shown == "cat data/users.json"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "users.json").write_text(content.rstrip("\n"), "utf-8")
    if shutil.which("curl") is None:
        give_curl(tmp_path)
    with Shell(tmp_path) as shell:
        for command, output in session:
            said = shell.run(command)
            assert is_said(output, said), f"$ {command}\n{said}"


def give_curl(folder: Path) -> None:
    """A machine without curl gets the little of it that the README's session needs."""
    fetch = "\n".join(
        [
            "import sys, urllib.request as web",
            "header, url, *more = sys.argv[3:]",
            "body = '&'.join(more[1::2]).encode() or None",
            "asked = web.Request(url, body, dict([header.split(': ', 1)]))",
            "print(web.urlopen(asked).read().decode(), end='')",
        ]
    )
    curl = folder / "curl"
    curl.write_text(f"#!{sys.executable}\n{fetch}\n", "utf-8")
    curl.chmod(0o755)


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    spec = importlib.util.spec_from_file_location("cli_page", ROOT / "tools" / "cli_page.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == tool.render_page(), "`make docs` writes the page anew"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not re.match(r"https?:|mailto:", target):
            path, _, anchor = target.partition("#")
            linked = (page.parent / path).resolve() if path else page
            assert linked.exists(), f"{page.name} links to {target}"
            assert linked.is_relative_to(ROOT), f"{page.name} links out of the project: {target}"
            if anchor and linked.suffix == ".md":
                assert anchor in anchors(linked), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings get on code hosts."""
    headings = re.findall(r"^#+ (.*)", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_commands_and_targets_that_pages_name_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    makefiles = "".join(file.read_text("utf-8") for file in (ROOT / "Makefile", *ROOT.glob("examples/*/Makefile")))
    targets = set(re.findall(r"^([a-z0-9]+):", makefiles, re.MULTILINE))
    for target in re.findall(r"(?:^    |`)make ([a-z0-9]+)", text, re.MULTILINE):
        assert target in targets, f"make {target}"
    for command, rest in re.findall(r"(?:^    |^\$ |`)outgrow ([a-z]+)([^`\n]*)", text, re.MULTILINE):
        assert command in main.commands, f"outgrow {command}"
        known = {name for parameter in main.commands[command].params for name in parameter.opts} | {"--help"}
        assert set(re.findall(r"--[a-z-]+", rest.partition("&&")[0])) <= known, f"outgrow {command}{rest}"


def test_every_room_of_the_house_is_described() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    house = ROOT / "src" / "outgrow"
    rooms = [f"{entry.name}/" for entry in house.iterdir() if (entry / "__init__.py").exists()]
    floor = [entry.name for entry in house.glob("*.py") if not entry.name.startswith("__")]
    for name in (*rooms, *floor):
        assert f"`{name}`" in text, f"docs/architecture.md doesn't say what {name} is for"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_modules_that_pages_name_exist(page: Path) -> None:
    there = {file.name for folder in ("src", "tests", "tools", "examples") for file in (ROOT / folder).rglob("*.py")}
    text = page.read_text("utf-8")
    there |= {Path(name).name for name in re.findall(r"<!-- file: (\S+) -->", text)}  # which the page itself makes
    named = re.findall(r"`(?:[a-z_]+/)*([a-z_]+\.py)`", text)
    assert set(named) - {"tsv.py"} <= there  # tsv.py is the one that a newcomer shall add


def test_the_layers_are_described_as_they_are_enforced() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn = "\n".join(layer.replace("outgrow.", "") for layer in layers)
    assert drawn in re.sub(r"^    ", "", text, flags=re.MULTILINE), "docs/architecture.md shows other layers"
