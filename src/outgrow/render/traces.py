"""What in an app speaks of outgrow: files that are outgrow's alone, and lines of others. `outgrow detach` cuts both.

The template's part of the bargain: a line that mentions outgrow can be taken out as a whole, and what is left
still works, is formatted, and reads well. Each is a list's item, a comment, a paragraph, or part of a function
all of whose lines mention it.
"""

from __future__ import annotations

from outgrow.render.app import render_app
from outgrow.schema.model import Plan

OWN_MODULES = ("app.changes", "app.origins")
"""The template's modules that do nothing but work for outgrow. Each has its file, and its tests if any."""


def module_files(module: str) -> tuple[str, str]:
    """Return the paths of a module and of its tests."""
    name = module.rpartition(".")[2]
    return f"app/{name}.py", f"tests/test_{name}.py"


def mentions(line: str) -> bool:
    """Say whether a line speaks of outgrow."""
    return "outgrow" in line.casefold()


def render_traces() -> dict[str, list[str]]:
    """Return, by path, the lines of an app that mention outgrow or one of its own modules; no plan changes them."""
    own = {path for module in OWN_MODULES for path in module_files(module)}
    found = {}
    for path, text in render_app(Plan(()), "app").items():
        lines = [line for line in text.split("\n") if mentions(line) or any(module in line for module in OWN_MODULES)]
        if lines and path not in own:
            found[path] = lines
    return found


def own_texts() -> dict[str, str]:
    """Return the text of each file that is outgrow's alone, by its path."""
    app = render_app(Plan(()), "app")
    return {path: app[path] for module in OWN_MODULES for path in module_files(module) if path in app}
