"""Prints docs/module.md, which is made from tests/module; --write writes it, --check says whether it is up to date.

A row of the page is a test: its decorator `row` names the place in the module, its docstring says what happens in the
app. The tests are read, not run. Lines are looked up in examples/blog/myapp, an app as outgrow generates it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "module.md"
TESTS = ROOT / "tests" / "module"
APP = ROOT / "examples" / "blog" / "myapp"

sys.path.insert(0, str(TESTS))
from module_contents import CONTENTS, Place  # noqa: E402 (it lies beside the tests)

HEAD = """\
# The module, heading by heading

What the course's "Module 2: Database Integration" asks for, and what becomes of it in an app that outgrow generates.
The headings are the module's. Each row has its proof: a test, which runs the module's own code, letter for letter, in a
generated app ({blocks} code blocks, in [tests/module/blocks](../tests/module/blocks)). Files and lines are those of
[examples/blog/myapp](../examples/blog/myapp), an app as outgrow generates it.

- **As it stands**: the module's code does its work without a change.
- **Instead**: it doesn't, or shouldn't; the row says what stands in its place, and which error the module's code gives
  today.

To try it all: `make test ARGS=tests/module`. This page is made from the tests by `tools/module_page.py`.
"""


@dataclass(frozen=True)
class Row:
    """What a test says about the module."""

    test: str
    file: str
    line: int
    text: str
    heading: str
    about: str
    item: int = 0
    block: str = ""
    unchanged: bool = False
    today: str = ""
    where: list[str] = field(default_factory=list)


def read_rows() -> list[Row]:
    """The rows of all tests, in their order."""
    return [row for file in sorted(TESTS.glob("test_*.py")) for row in rows_of(file)]


def rows_of(file: Path) -> Iterator[Row]:
    """The rows of a file's tests."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "row":
                    heading, about = map(ast.literal_eval, call.args)
                    more: dict[str, Any] = {word.arg or "": ast.literal_eval(word.value) for word in call.keywords}
                    text = " ".join((ast.get_docstring(node) or "").split())
                    yield Row(node.name, file.name, node.lineno, text, heading, about, **more)


def render_page() -> str:
    """The page's text."""
    rows = read_rows()
    lines = [HEAD.format(blocks=sum(len(place.blocks) for place in CONTENTS))]
    for place in CONTENTS:
        if place.level > 1:
            lines.append(f"{'#' * place.level} {place.heading}\n")
        lines += render_table(place, [row for row in rows if row.heading == place.heading])
    return "\n".join(lines)


def render_table(place: Place, rows: Iterable[Row]) -> Iterator[str]:
    """A table of what there is to say below one heading, in the order of its items and blocks."""
    blocks = [name for name, _ in place.blocks]
    yield "| in the module | in the app | where | test |"
    yield "|---|---|---|---|"
    for row in sorted(rows, key=lambda row: (row.item, blocks.index(row.block) if row.block else -1)):
        number = f"{row.item}. " if row.item else ""
        block = f" ([block {row.block[:2]}](../tests/module/blocks/{row.block}))" if row.block else ""
        test = f"[{row.test.removeprefix('test_').replace('_', ' ')}](../tests/module/{row.file}#L{row.line})"
        where = "<br>".join(map(find_line, row.where))
        cells = (f"{number}{row.about}{block}", what_happens(row), where, test)
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
    yield ""


def what_happens(row: Row) -> str:
    """A row's text, with what becomes of the module's code."""
    how = "**As it stands.** " if row.unchanged else "**Instead.** " if row.block else ""
    kind = "It also says" if row.unchanged else "The error today"
    return how + row.text + (f" {kind}: `{row.today}`" if row.today else "")


def find_line(where: str) -> str:
    """A link to the first line of a generated file that holds a text, or several one after another.

    A folder stands for the one file in it.
    """
    path, _, text = where.partition(": ")
    file = next((APP / path).glob("*.py")) if path.endswith("/") else APP / path
    texts = text.split(" … ")
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if texts[0] in line and len(texts) > 1:
            texts = texts[1:]
        elif texts[0] in line:
            anchor = "" if file.suffix == ".md" else f"#L{number}"  # code hosts show Markdown without lines
            link = f"../examples/blog/myapp/{file.relative_to(APP).as_posix()}{anchor}"
            return f"[{path.rstrip('/')}:{number}]({link})"
    raise SystemExit(f"examples/blog/myapp/{path} has no line with {text!r}; tests/module says that it has")


def main(words: list[str]) -> int:
    """Print, write or check the page."""
    page = render_page()
    target = Path(words[1]) if len(words) > 1 else PAGE
    if "--check" in words:
        if target.exists() and target.read_text("utf-8") == page:
            return 0
        print(f"{target.name} isn't what the tests say: python tools/module_page.py --write", file=sys.stderr)
        return 1
    if "--write" in words:
        target.write_text(page, "utf-8")
    else:
        print(page, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
