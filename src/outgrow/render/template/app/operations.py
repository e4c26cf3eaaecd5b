"""Running it: `/health`, `/ready`, a line in the log for every request."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.auth import tokens
from app.database import counters, db
from app.types import utc_now

log = logging.getLogger("app")

DRAIN_FILE = "DRAIN_FILE"
"""The environment's name for a file that gunicorn makes when it is about to stop."""


as_line = json.JSONEncoder(ensure_ascii=False, default=str).encode


class JSONLines(logging.Formatter):
    """One JSON object for each entry."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {"time": utc_now().isoformat() + "Z", "level": record.levelname.lower()}
        entry |= {"logger": record.name, "message": record.getMessage()}
        entry |= getattr(record, "facts", {})
        if record.exc_info:
            entry["traceback"] = "".join(traceback.format_exception(*record.exc_info))
        return as_line(entry)


def health() -> ResponseReturnValue:
    """Say that the process answers."""
    return {"status": "ok"}


def ready() -> ResponseReturnValue:
    """Say whether requests are welcome, and what the process has seen of the database."""
    facts: dict[str, Any] = {"pool": db.engine.pool.status(), "counters": dict(counters)}
    if Path(os.environ.get(DRAIN_FILE, "/nowhere/at/all")).exists():
        return facts | {"status": "stopping"}, 503
    try:
        with db.engine.connect() as connection:
            connection.execute(select(tokens.c.id).limit(1))
    except SQLAlchemyError:
        return facts | {"status": "no database"}, 503
    return facts | {"status": "ready"}


def begin() -> None:
    """Give the request a number that its log line and its answer share."""
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if re.fullmatch(r"[\w.-]{1,64}", given) else secrets.token_hex(8)
    g.began = time.perf_counter()


def end(response: Response) -> Response:
    """Write the request's line; what was asked for (the query) may be private and is left out."""
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if log.isEnabledFor(logging.INFO):
        took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        facts = {"id": g.get("request_id"), "method": request.method, "path": request.path}
        facts |= {"status": response.status_code, "ms": took, "address": request.remote_addr}
        log.info("request", extra={"facts": facts})
    return response


def init_app(app: Flask) -> None:
    """Add the probes and the log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JSONLines())
    if not app.debug and not log.handlers:
        log.addHandler(handler)
        log.propagate = False
        log.setLevel(app.config["LOG_LEVEL"])
    app.add_url_rule("/health", view_func=health)
    app.add_url_rule("/ready", view_func=ready)
    app.before_request(begin)
    app.after_request(end)
