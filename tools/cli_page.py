"""Prints docs/cli.md from the commands themselves; with --write, writes it. A test holds the page equal to this."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from outgrow.cli import main

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"

HEAD = """\
# The commands

This page is made from the commands themselves by `make docs`; `outgrow COMMAND --help` says the same.

Results go to stdout, progress and messages to stderr. A command ends with

| exit code | meaning |
|---|---|
| 0 | good |
| 1 | failed: what is wrong, where, and what to do stands on stderr, and nothing half-written is left |
| 2 | the command line isn't understood |
| 3 | finished, with records set aside or findings of severity error; `--fail-on` decides what counts |

DATA is a file or a folder. APP is the folder of the generated app. `-h` or `--help` after any command describes it, and
`outgrow --version` says which outgrow this is.
"""

AFTERWORD = """
## For programs

`--json` prints one object on stdout, and nothing else goes there. Keys may be added; these stay.

`outgrow inspect --json`:

```json
{"tables": [{"name": "posts", "source": "posts.json", "kind": "entity", "rows": 5,
             "columns": [{"name": "user_id", "field": "userId", "type": "integer", "nullable": false}],
             "primary_key": ["id"], "unique": [["slug"]],
             "foreign_keys": [{"columns": ["user_id"], "references": {"table": "users", "columns": ["id"]},
                               "reason": "all 5 values are in users.id; the name says so"}]}],
 "media": {"files": 2, "bytes": 83120},
 "findings": [{"severity": "warning", "message": "...", "origin": "users.json:12"}]}
```

`kind` is `entity`, `child`, `association` or `singleton`. `field` is null for a column that outgrow made up: a counted
key, a position. Types are those of [the plan](plan.md).

The other commands print

- `outgrow convert --json`, `outgrow load --json`: `app`, `tables` (rows by table), `rows`, `rejects` (how many),
  `rejected` (the first of them), `records` and `raw_records` (whose own text is kept), `findings`, `seconds` by phase,
  `verified`, `token` (null where none was made),
  `changes` (by table how many records were `new`, `changed`, `gone` and `left`; null where no file has changed)
- `outgrow verify --json`: `verified`, `rows` by table, `findings`
- `outgrow export --json`: `files`, `records`, `raw_records` (whose own text is kept), `set_aside`
  (written without a row), `findings`
- `outgrow export --check --json`: `same`, `files` (a verdict for each: `identical`; `equal`, the same records in other
  bytes; `different`; `missing` in the folder; `unwritten` by export), `counts` of them, `findings`
- `outgrow where --json`: `rows`, each with `table`, `key`, `origin` (null where the app has entered it), `file`,
  `line`, `column` (null where the file isn't at hand as it was), `gone` (whether the row is no more)
- `outgrow move --json`: `app`, `from` and `to` (without passwords), `tables` (rows by table), `rows`, `verified`,
  `findings`
- `outgrow detach --json`: `app`, `tables`, `files`, `lines` (each `path:line`), `findings`, `detached` (false where
  something is left to you)

## When the old site goes on writing

`outgrow load APP` again takes in what has changed in the files. Stop the app for that time; it takes about as long as
the first load of the files that have changed.

| a record | becomes |
|---|---|
| that is new in the files | a new row |
| that was changed in the files only | is written to its row |
| that was changed or deleted in the app only | stays as the app has it |
| that was changed in the files, and changed or deleted in the app | stays as the app has it, and is set aside |
| that the files no longer have | stays, is named, and is written by `export` as the app's own |

What is set aside stands in `rejects/`, with its place, and `export` writes it again in that place. A command that is
killed, or that the database refuses, has
changed nothing. Where tables were dropped and made anew, `load` fills them.
"""


def render_page() -> str:
    """The page's text."""
    lines = [HEAD]
    for name, command in main.commands.items():
        lines += [f"## outgrow {name}\n", *describe(name, command)]
    return "\n".join(lines) + AFTERWORD


def describe(name: str, command: click.Command) -> Iterator[str]:
    """A command's text, usage and options."""
    context = click.Context(command, info_name=f"outgrow {name}", parent=None)
    pieces = " ".join(command.collect_usage_pieces(context)).replace("[OPTIONS] ", "")
    yield f"{inspect.cleandoc(command.help or '')}\n"
    yield f"    outgrow {name} {pieces} [OPTIONS]\n"
    yield from options(command)


def options(command: click.Command) -> Iterator[str]:
    """A table of a command's options."""
    context = click.Context(command, info_name="outgrow")
    yield "| option | what it does |"
    yield "|---|---|"
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None:
            option, text = (cell.replace("|", "\\|") for cell in record)
            yield f"| `{option}` | {text.replace('  [', ' [')} |"
    yield ""


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        PAGE.write_text(render_page(), "utf-8")
    else:
        print(render_page(), end="")
