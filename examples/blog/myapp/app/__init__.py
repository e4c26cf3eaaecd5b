"""The application. `create_app` puts the parts together."""

from __future__ import annotations

from importlib import import_module

from click import ClickException
from flask import Flask
from flask_migrate import Migrate

from app.config import BASE, Config
from app.database import all_models, db
from app.encoding import JSONProvider

__all__ = ["create_app", "db"]

PARTS = [
    "app.models",
    "app.connections",  # to the database
    "app.idempotency",  # writes that may be sent again
    "app.problems",  # errors in words
    "app.operations",  # /health, /ready, the log
    "app.security",  # headers, cookies, hosts
    "app.pages",  # /
    "app.cli",  # flask commands
    "app.changes",  # notes edits for `outgrow verify`
    "app.api",  # REST under /api, described at /docs
    "app.admin",  # pages for operators under /admin
]

migrate = Migrate(directory=str(BASE / "migrations"), compare_server_default=True)


def create_app(config: Config | None = None) -> Flask:
    """Return a new application, configured from the environment unless a config is given."""
    app = Flask(__name__, instance_path=str(BASE / "instance"))
    try:
        app.config.from_object(config or Config())
    except ValueError as error:
        raise ClickException(str(error)) from None  # a line, where `flask` is told to do something
    if not app.config["SECRET_KEY"]:
        raise ClickException("SECRET_KEY isn't set; .env.example says how to make one.")
    app.json = JSONProvider(app)
    db.init_app(app)
    migrate.init_app(app, db)
    for part in PARTS:
        if init_app := getattr(import_module(part), "init_app", None):
            init_app(app)
    app.shell_context_processor(lambda: {"db": db} | {m.__name__: m for m in all_models()})
    return app
