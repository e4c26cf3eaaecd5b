"""What a test says about the module: `tools/module_page.py` makes docs/module.md of it.

The arguments of `row` are read from the tests' source, so they must be plain literals. A test's
docstring says what happens in the generated app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Test = TypeVar("Test", bound=Callable[..., Any])


@dataclass(frozen=True)
class Row:
    """One row of the page.

    `heading` and `item` (of the numbered list below it) name the place in the module, `about` says in
    a few words what the row is about. `block` is the file of a code block; `unchanged` says that the
    app runs it as it is. `today` is the error that the module's own code gives, and the test proves it
    by the fixture of that name. `where` are places in the blog's app: a file, and a text in the line; of
    texts with ` … ` between them, each is looked for behind the one before.
    """

    heading: str
    about: str
    item: int = 0
    block: str = ""
    unchanged: bool = False
    today: str = ""
    where: Sequence[str] = ()


def row(heading: str, about: str, **more: Any) -> Callable[[Test], Test]:
    """Note which place of the module a test is about."""

    def note(test: Test) -> Test:
        test.row = Row(heading, about, **more)  # type: ignore[attr-defined]
        return test

    return note
