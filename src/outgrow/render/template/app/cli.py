"""Commands: `flask operator`, `flask token`, `flask import` and `flask dump`."""

from __future__ import annotations

import json
import sys
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate.cli import db as migrations
from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from app.auth import new_token, operators, token_hash, tokens
from app.config import BASE
from app.database import Model, OutcomeUnknown, all_models, db, public_columns
from app.importing import import_file
from app.passwords import hash_password

operator = AppGroup("operator", help="People who may use the admin pages.")
token = AppGroup("token", help="Tokens that the API asks for.")

LEAST = 8


def find_model(_context: object, _parameter: object, name: str | None) -> type[Model] | None:
    """Return the model of a table that was named on the command line."""
    known = {model.__tablename__: model for model in all_models()}
    if name is not None and name not in known:
        raise click.BadParameter(f"There is no table {name}; there are: {', '.join(known)}.")
    return known.get(name or "")


@operator.command("create")
@click.argument("name")
@click.password_option(help="Better typed when asked for: what stands here others can read.")
def create_operator(name: str, password: str) -> None:
    """Let NAME use the admin pages; an operator who is there already gets the new password."""
    if len(password) < LEAST:
        raise click.UsageError(f"A password has at least {LEAST} characters.")
    try:
        hashed = hash_password(password)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with db.engine.begin() as connection:
        change = update(operators).where(operators.c.name == name).values(password=hashed)
        if not connection.execute(change).rowcount:
            connection.execute(insert(operators).values(name=name, password=hashed))
    click.echo(f"{name} can log in at /admin now.")


@operator.command("list")
def list_operators() -> None:
    """List the operators."""
    show(operators, "name", "created_at")


@operator.command("delete")
@click.argument("name")
def delete_operator(name: str) -> None:
    """Take NAME's access away, at once."""
    remove(operators, operators.c.name == name, f"There is no operator {name}.")


@token.command("create")
@click.option("--name", default="", help="What it is for.")
@click.option("--read-only", is_flag=True, help="It can't change anything.")
def create_token(name: str, read_only: bool) -> None:
    """Print a new token for the API; only its hash is kept."""
    new = new_token()
    values = {"name": name, "sha256": token_hash(new), "may_write": not read_only}
    with db.engine.begin() as connection:
        connection.execute(insert(tokens).values(**values))
    click.echo("Keep this token: it can't be shown again.", err=True)
    click.echo(new)


@token.command("list")
def list_tokens() -> None:
    """List the tokens: number, name, whether they may write, since when."""
    show(tokens, "id", "name", "may_write", "created_at")


@token.command("revoke")
@click.argument("number", type=int)
def revoke_token(number: int) -> None:
    """End a token, by its number in `flask token list`; within seconds no process takes it."""
    remove(tokens, tokens.c.id == number, f"There is no token {number}; see `flask token list`.")


def show(table: Table, *names: str) -> None:
    """Print some columns of a table."""
    with db.engine.connect() as connection:
        for row in connection.execute(select(*(table.c[name] for name in names))):
            click.echo("\t".join(map(str, row)))


def remove(table: Table, condition: Any, otherwise: str) -> None:
    """Delete one row, or say that there is none."""
    with db.engine.begin() as connection:
        if not connection.execute(delete(table).where(condition)).rowcount:
            raise click.ClickException(otherwise)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--table", "model", required=True, callback=find_model, help="Where to.")
@with_appcontext
def import_records(file: Path, model: type[Model]) -> None:
    """Create or replace the rows of a table from the records of FILE (.json, .jsonl or .csv).

    Records that don't fit are written to rejects/, with the reason, and everything else goes in.
    """
    try:
        result = import_file(model, file)
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} isn't UTF-8; save it as UTF-8, and again.") from None
    click.echo(f"{model.__tablename__}: {result.created} created, {result.replaced} replaced")
    if result.rejects:
        rejects = BASE / "rejects" / f"{file.name}.jsonl"
        rejects.parent.mkdir(exist_ok=True)
        lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in result.rejects]
        rejects.write_text("".join(lines), encoding="utf-8")
        for each in result.rejects[:10]:
            click.echo(f"{each['origin']}: {each['reason']}", err=True)
        click.echo(f"{len(lines)} set aside, with the reasons, in rejects/{rejects.name}", err=True)
        sys.exit(3)


@click.command("dump")
@click.option("--table", "model", callback=find_model, help="Only this one.")
@click.option("--output", type=click.File("w", encoding="utf-8"), default="-")
@with_appcontext
def dump(model: type[Model] | None, output: IO[str]) -> None:
    """Write rows as JSON lines, without secrets.

    Those of one table as they are; of all tables as {"table": ..., "row": {...}}.
    """
    for each in [model] if model else all_models():
        names = list(public_columns(each))
        query = select(*(getattr(each, name) for name in names))
        for row in db.session.execute(query.execution_options(yield_per=1000)):
            values = dict(zip(names, row, strict=True))
            shown = values if model else {"table": each.__tablename__, "row": values}
            output.write(current_app.json.dumps(shown) + "\n")


def guard(command: click.Command) -> None:
    """Let a command say what to do where the database isn't ready, instead of a traceback."""
    work: Any = command.callback

    @wraps(work)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return work(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            if error.statement is not None and command in migrations.commands.values():
                raise  # who writes revisions wants to know where
            raise click.ClickException(explain(error)) from None
        except OutcomeUnknown:
            problem = (
                "The database was lost while it stored this, which may be done, or not. Look before you try again."
            )
            raise click.ClickException(problem) from None

    command.callback = run


def explain(error: DBAPIError) -> str:
    """Say what a database has refused, in a line without the password."""
    said = " ".join(str(("no reason", *getattr(error.orig, "args", ()))[-1]).split()).rstrip(".")
    if error.statement is not None:
        return f"The database can't do this: {said}. `flask db upgrade` makes its tables."
    place = db.engine.url.difference_update_query(db.engine.url.query)
    return f"No connection to {place}: {said}. Check server, user, password and name in DATABASE_URL (see .env)."


for each in (
    *operator.commands.values(),
    *token.commands.values(),
    *migrations.commands.values(),
    import_records,
    dump,
):
    guard(each)


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (operator, token, import_records, dump):
        app.cli.add_command(command)
