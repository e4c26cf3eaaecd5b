"""Commands: `flask token create`."""

from __future__ import annotations

import os
from pathlib import Path

import click
from dotenv import set_key
from flask import Flask
from flask.cli import AppGroup

from app.auth import new_token, token_hash
from app.config import BASE

token = AppGroup("token", help="The token that the API asks for.")


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(token)


@token.command("create")
@click.option("--env", default=BASE / ".env", type=click.Path(path_type=Path), show_default=True)
def create_token(env: Path) -> None:
    """Print a new token for the API; only its hash is kept, in .env. The old one ends."""
    os.close(os.open(env, os.O_CREAT, 0o600))
    new = new_token()
    set_key(env, "API_TOKEN_SHA256", token_hash(new), quote_mode="never")
    env.chmod(0o600)
    click.echo("Keep this token: it can't be shown again. Restart a running server.", err=True)
    click.echo(new)
