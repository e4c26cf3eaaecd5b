"""REST under /api: every table as JSON, one line each in `resources.py`; described at /docs."""

from __future__ import annotations

from flask import Flask

from app.api import logins, resources
from app.api.openapi import docs

__all__ = ["init_app"]


def init_app(app: Flask) -> None:
    """Add the API to the application."""
    app.register_blueprint(resources.api)
    app.register_blueprint(docs)
    logins.init_app(app)
