"""What the guide is held by holds: a page that shows something else fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from guide_pages import blocks_of, do
from surroundings import TEMPORARY_FOLDERS
from terminal import Shell, is_said

FILE = "<!-- file: a.txt -->\n```text\none\n```\n\n"


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Shell(tmp_path, errors_too=True) as shell:
        yield shell


def follow(text: str, shell: Shell, folder: Path) -> None:
    page = folder / "page.md"
    page.write_text(text)
    for block in blocks_of(page):
        do(block, shell, folder)


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [
        ("one\ntwo", "one  \ntwo\n\n", True),
        ("one", "one\ntwo", False),
        ("o…e", "one", True),
        ("o…o", "one\ntwo", False),
        ("one\n…", "one\ntwo\nthree", True),
        ("one\n…", "one", True),
        ("…\nthree", "one\ntwo", False),
        ("1.5", "105", False),
    ],
)
def test_the_wildcard_stands_for_a_part_of_a_line_or_for_lines(shown: str, said: str, same: bool) -> None:
    assert is_said(shown, said) is same


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```console\n$ echo one\ntwo\n```\n", "is shown with\ntwo\nand says\none"),
        ("```console\n$ ls nothing\n```\n", "No such file"),
        ("```console\n$ echo one \\\n    two\none\n```\n", "and says\none two"),
        (FILE + "<!-- edit: a.txt -->\n```diff\n-two\n+three\n```\n", "a.txt has 0 times"),
        ("```python\n1 + 1\n```\n", "nobody knows what to do"),
        (FILE + "```console\n$ cat a.txt\ntwo\n```\n", "and says\none"),
    ],
)
def test_a_page_that_shows_something_else_fails(text: str, problem: str, shell: Shell, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"docs/guide/page.md:\d+:") as failure:
        follow(text, shell, tmp_path)
    assert problem in str(failure.value)


def test_a_page_that_is_right_passes(shell: Shell, tmp_path: Path) -> None:
    follow("```console\n$ echo one; echo two >&2\none\ntwo\n$ true\n```\n", shell, tmp_path)


def test_statements_are_typed_into_python(shell: Shell, tmp_path: Path) -> None:
    shell.enter_python("python -i")
    right = [">>> for n in 1, 2:", "...     print(n)", "1", "2", ">>> 1 / 0", "…", "ZeroDivisionError: …"]
    follow("\n".join(["```pycon", *right, "```", ""]), shell, tmp_path)
    with pytest.raises(AssertionError, match="and says\n4"):
        follow("```pycon\n>>> 2 + 2\n5\n```\n", shell, tmp_path)


def test_a_command_that_hangs_is_ended_and_shows_where_it_stood(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import time\n\ndef wait():\n    time.sleep(600)\n\nprint('one')\nwait()\n")
    with (
        pytest.raises(AssertionError, match="no answer to") as failure,
        Shell(tmp_path, errors_too=True, seconds=3) as shell,
    ):
        shell.run("python program.py")
    assert "one\nFatal Python error: Aborted" in str(failure.value)
    assert 'program.py", line 4 in wait' in str(failure.value)


def test_a_pytest_that_is_typed_has_its_folders_apart_from_other_sessions(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("def test_a(tmp_path):\n    print(tmp_path)\n")
    said = shell.run("python -m pytest -q -s -p no:cacheprovider test_a.py")
    assert said.startswith(os.environ[TEMPORARY_FOLDERS])
    assert "1 passed in" in said
