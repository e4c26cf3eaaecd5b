"""README.md: how to run the app, its tables as a diagram, and what was guessed."""

from __future__ import annotations

from outgrow.render.escape import identifier, markdown, mermaid_label
from outgrow.render.relationships import is_many_to_many
from outgrow.schema.model import Column, Plan, Table

_HEAD = """\
# {name}

A Flask application on a database: {tables}, with migrations, a REST API and admin pages.

## Run it

```sh
python3 -m venv .venv
. .venv/bin/activate
pip install -e ".[dev]"
flask db upgrade                # creates or updates the tables
flask operator create NAME      # lets somebody log in at /admin
flask token create              # prints a token for the API; `token list` and `token revoke` end one
flask run
```

`/` shows what there is, `/docs` the API. `flask shell` has `db` and every model at hand, and `pytest`
runs the tests: on SQLite, or on the empty database that `TEST_DATABASE_URL` names (`tests/databases.py`).
Settings are read from the environment and from `.env`; `.env.example` tells what there is. By default the
database is SQLite in `instance/app.db`.

On a server: `pip install -e ".[server]"` and `gunicorn wsgi:app`, with the settings in `gunicorn.conf.py`, and
`TRUSTED_HOSTS` set to the names that it is reached by. `/health` says that the process lives, `/ready` that
it wants requests, each request has a line of JSON in the log. `flask db upgrade` may be run by several
servers at once: one does it, the others wait.

| Command | What it does |
|---|---|
| `flask import FILE --table {table}` | creates or replaces rows (.json, .jsonl, .csv); sets aside what doesn't fit |
| `flask dump --table {table}` | writes the rows as JSON lines, without secrets; without `--table` those of all tables |
| `flask db migrate`, `flask db upgrade` | change the tables |

## Work with it

```python
from app import db
from app.database import unit_of_work
from app.models import {example}

db.session.get({example}, 1)
db.session.scalars(db.select({example})).all()
with unit_of_work():  # commits at the end, rolls back on any error
    ...
```

As a decorator, `@unit_of_work()`, it runs a function again after a deadlock; the API and the admin pages do so. What
a write builds upon is read within the unit, with `.with_for_update()`. The API and the admin pages hash passwords; in
Python that is `hash_password` of `app/passwords.py`.

To change the tables, edit `app/models.py`, then:

```sh
flask db migrate -m "What changes"
flask db upgrade
```

`flask db downgrade` refuses to drop tables that hold rows unless `DROP_FILLED_TABLES=1` is set. On
SQLite, exact decimals are kept as text; `<`, `between` and `order_by` know it, `func.sum` and
`func.max` need `db.cast(column, db.Numeric)`.

## The API

Every request needs the header `Authorization: Bearer TOKEN`, but reads of the tables that the setting
`PUBLIC_TABLES` names. `/docs` describes it all, from `/api/openapi.json`.

| Request | What it does |
|---|---|
| `GET /api/{table}` | a page of rows: `page=2` or `after=NEXT`, `per_page` (at most 100), `sort=-a,b`, `total=true` |
| `GET /api/{table}?a=1&b__gte=2` | rows by conditions: `ne lt lte gt gte in contains startswith endswith isnull` |
| `POST /api/{table}` | creates a row (JSON or a form), or all rows of a JSON list, or none |
| `PUT /api/{table}` | creates or replaces all rows of a JSON list, or none |
| `GET`, `PUT`, `PATCH`, `DELETE /api/{table}/KEY` | one row; `include=` adds related rows to a read |
| `POST /api/TABLE/login` | somebody's row for their name and password, where a table has passwords |

A write of one row needs `If-Match` with the `ETag` that a read gave, or `*`: so nobody overwrites what
they haven't seen. `LAST_WRITER_WINS=yes` does without. A key of several columns is written with commas:
`7,3`. Within a value, `~0` stands for a tilde, `~1` for a comma, `~2` for a slash, and `~3` is an empty
text; everything else is percent-encoded as usual. Errors come as `application/problem+json`. Moments are
in UTC, like `2026-01-31T12:30:00Z`, and may be sent with any offset; decimals are text. A filter by a
column called like a word above is written `page__eq=value`.
`app/api/resources.py` has one line for each table that is served.

A write that gets no answer, or 503 with `"outcome": "unknown"`, may have been done. Writes to the tables that
`IDEMPOTENT_TABLES` names can bring an `Idempotency-Key`, a new UUID for each; sent again with it within a
day, a write isn't done again but answered as before.

To do without a part, delete it, its line in `app/__init__.py` and its tests: `app/api/` and
`tests/test_api*.py`; or `app/admin.py`, `app/fields.py`, `app/templates/admin/` and `tests/test_admin.py`.

## The tables
"""


def render_readme(plan: Plan, name: str) -> str:
    """Return the text of README.md."""
    tables = list(plan)
    count = "1 table" if len(tables) == 1 else f"{len(tables)} tables"
    head = _HEAD.replace("{tables}", count)
    counted = next((table for table in tables if table.primary_key == ("id",)), tables[0] if tables else None)
    head = head.replace("{example}", counted.class_name if counted else "Thing")
    head = head.replace("{table}", tables[0].name if tables else "things")
    head = head.replace("{name}", markdown(name, 80))
    lines = [head]
    if tables:
        lines += ["```mermaid", *_diagram(plan), "```", ""]
    for table in tables:
        lines += [*_describe(table), ""]
    return "\n".join(lines).rstrip() + "\n"


def _diagram(plan: Plan) -> list[str]:
    lines = ["erDiagram"]
    for table in plan:
        lines.append(f"    {identifier(table.name)} {{")
        lines += [f"        {_attribute(table, column)}" for column in table.columns]
        lines.append("    }")
    for table in plan:
        for reference in table.references:
            optional = any(table.by_name[name].nullable for name in reference.columns)
            ends = ("|o" if optional else "||") + "--" + ("o|" if reference.unique else "o{")
            label = mermaid_label(reference.name)
            lines.append(f'    {reference.table} {ends} {table.name} : "{label}"')
    return lines


def _attribute(table: Table, column: Column) -> str:
    marks = ["PK"] if column.name in table.primary_key else []
    if any(column.name in reference.columns for reference in table.references):
        marks.append("FK")
    if (column.name,) in table.unique:
        marks.append("UK")
    words = [column.type.name, identifier(column.name), ", ".join(marks)]
    return " ".join(filter(None, words))


def _describe(table: Table) -> list[str]:
    lines = [f"### `{identifier(table.name)}`", "", _origin(table), ""]
    lines += ["| Column | Type | From | Guessed because |", "|---|---|---|---|"]
    for column in table.columns:
        kind = f"{column.type}, null" if column.nullable else str(column.type)
        if column.secret:
            kind += ", secret"
        reasons = [column.evidence]
        reasons += [r.evidence for r in table.references if r.columns[0] == column.name]
        why = "; ".join(markdown(reason) for reason in reasons if reason)
        lines.append(f"| `{identifier(column.name)}` | {kind} | {_source(column)} | {why} |")
    return lines


def _origin(table: Table) -> str:
    source = markdown(table.source)
    if table.nested:
        text = f"From the lists at {markdown('.'.join(table.path))} in the records of {source}."
    else:
        text = f"From {source}."
    if is_many_to_many(table):
        first, second = table.references
        text += f" Joins `{first.table}` and `{second.table}`."
    if table.evidence:
        text += f" {markdown(table.evidence)}"
    return text


def _source(column: Column) -> str:
    if column.role == "field":
        return markdown(".".join(column.field))
    return {
        "key": "the record's key",
        "element": "the list's item",
        "position": "the place in the list",
        "parent": "the record it belongs to",
        "number": "counted",
        "file": "a file's text",
        "path": "the record's path",
    }[column.role]
