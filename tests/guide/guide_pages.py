"""A page of the guide as what is to be done with it, from top to bottom.

- A `console` block: each line after `$ ` is typed into a shell, and the lines below it are what is said.
- A `pycon` block: each statement after `>>> ` is typed into `flask shell`, which stays open until the page does
  something else. A `console` block may open it in another way, as its last command.
- A block below `<!-- file: NAME -->` is written to that file, one below `<!-- edit: NAME -->` is a diff of it.
- A block below `<!-- not run -->` is for reading; the page says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from terminal import Shell, is_said

FENCE = re.compile(r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"(?:\w+=\S+ )*flask (?:--app \w+ )?shell")


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands above it as a comment, its language, its text, and where it is."""

    page: str
    line: int
    mark: str
    kind: str
    text: str

    @property
    def file(self) -> str:
        """The file that the block is about, if it is about one."""
        return self.mark.partition(": ")[2]


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page."""
    text = page.read_text("utf-8")
    return [
        Block(page.name, text.count("\n", 0, found.start()) + 1, found["mark"] or "", found["kind"], found["text"])
        for found in FENCE.finditer(text)
    ]


def do(block: Block, shell: Shell, folder: Path) -> None:
    """Do what a block says, and see that it happens as it is shown."""
    if block.mark == "not run":
        return
    if block.mark.startswith("file: "):
        shell.leave_python()
        (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
        (folder / block.file).write_text(block.text, "utf-8")
    elif block.mark.startswith("edit: "):
        shell.leave_python()
        edit(folder / block.file, block)
    elif block.kind == "console":
        type_commands(block, shell)
    elif block.kind == "pycon":
        type_statements(block, shell)
    else:
        raise AssertionError(f"{where(block)} nobody knows what to do with this block")


def edit(file: Path, block: Block) -> None:
    """Make the changes that are shown as a diff."""
    for hunk in re.split(r"^@@.*\n", block.text, flags=re.MULTILINE):
        lines = hunk.splitlines(keepends=True)
        old, new = ("".join(line[1:] or "\n" for line in lines if line[0] in " \n" + sign) for sign in "-+")
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{where(block)} {file.name} has {text.count(old)} times\n{old}"
        file.write_text(text.replace(old, new), "utf-8")


def type_commands(block: Block, shell: Shell) -> None:
    """Type the commands of a block into the shell."""
    assert block.text.startswith("$ "), where(block)
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n *", "", part).partition("\n")
        if PYTHON.fullmatch(command):
            assert not shown.strip(), where(block)
            shell.enter_python(command)
            continue
        compare(block, f"$ {command}", shown, shell.run(command))


def type_statements(block: Block, shell: Shell) -> None:
    """Type the statements of a block into `flask shell`."""
    assert block.text.startswith(">>> "), where(block)
    for part in re.split(r"^>>> ", block.text, flags=re.MULTILINE)[1:]:
        first, *others = part.splitlines()
        more = 0
        while more < len(others) and re.match(r"\.\.\.(?: |$)", others[more]):
            more += 1
        statement = "\n".join([first, *(line[4:] for line in others[:more])])
        compare(block, f">>> {statement}", "\n".join(others[more:]), shell.run_python(statement))


def compare(block: Block, typed: str, shown: str, said: str) -> None:
    """Hold what the page shows against what was said."""
    assert is_said(shown, said), f"{where(block)}\n{typed}\nis shown with\n{shown.strip()}\nand says\n{said.strip()}"


def where(block: Block) -> str:
    """The place of a block."""
    return f"docs/guide/{block.page}:{block.line}:"
