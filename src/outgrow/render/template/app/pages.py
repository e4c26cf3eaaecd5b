"""The first page: what this is, what is in it, and where to go."""

from __future__ import annotations

import time
from importlib.util import find_spec

from flask import Blueprint, Flask, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from app.auth import current_operator, operators
from app.database import all_models, db
from app.security import is_local, nonce

pages = Blueprint("pages", __name__)

SECONDS_COUNTED = 30
"""How long the rows that were counted are shown: counting a long table takes a while."""


def may_look() -> bool:
    """Say whether what there is (no row of it) may be shown: here, to operators, or to anybody."""
    return current_app.config["PUBLIC_PAGES"] or is_local() or current_operator() is not None


@pages.get("/")
def home() -> ResponseReturnValue:
    """Show the tables, the ways in, and how to make the first operator."""
    if not may_look():
        has_login = "admin.login" in current_app.view_functions
        return redirect(url_for("admin.login")) if has_login else ("", 404)
    first = select(func.count()).select_from(operators)
    return render_template(
        "home.html",
        counts=count_rows(),
        docs=bool(find_spec("app.api")) and url_for("docs.show_docs"),
        admin=bool(find_spec("app.admin")) and url_for("admin.index"),
        has_operator=bool(db.session.scalar(first)),
    )


def count_rows() -> dict[str, int]:
    """Return how many rows each table has, or had a moment ago."""
    at, counts = current_app.extensions.get("row_counts", (0.0, {}))
    if not counts or at + SECONDS_COUNTED < time.monotonic():
        counts = {
            model.__tablename__: db.session.scalar(select(func.count()).select_from(model)) for model in all_models()
        }
        current_app.extensions["row_counts"] = (time.monotonic(), counts)
    found: dict[str, int] = counts
    return found


pages.app_context_processor(lambda: {"nonce": nonce, "app_name": current_app.config["APP_NAME"]})


def init_app(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(pages)
