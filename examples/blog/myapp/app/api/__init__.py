"""REST under /api: every table as JSON, one line each in `resources.py`."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import DataError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from app.api import resources
from app.api.problems import refuse_data, report_database, show_problem

__all__ = ["init_app"]

api = resources.api
api.register_error_handler(DataError, refuse_data)
api.register_error_handler(OperationalError, report_database)
api.register_error_handler(TimeoutError, report_database)


def init_app(app: Flask) -> None:
    """Add the API to the application."""
    app.register_blueprint(api)
    app.register_error_handler(HTTPException, show_problem)
