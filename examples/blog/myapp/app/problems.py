"""Errors in words: `application/problem+json` (RFC 9457), plain pages for browsers.

Nothing of the program's inside is shown; the log says more.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
    TimeoutError,
)
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.sansio.response import Response

from app.database import OutcomeUnknown, codes, counters
from app.values import Invalid, Malformed

UNSTORABLE = {"54000", 167}
"""What PostgreSQL says of a text that is too long for its index, and MariaDB when it has no more keys to give."""


class Problem(HTTPException):
    """A refusal; `errors` says per field what is wrong, `more` goes into the body as it is."""

    def __init__(self, status: int, detail: str, errors: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.code = status
        self.more = more | ({"errors": errors} if errors else {})
        self.retry_after: int | None = None

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        headers = super().get_headers(*args, **kwargs)
        if self.retry_after is not None:
            headers.append(("Retry-After", str(self.retry_after)))
        return headers


def invalid(errors: dict[str, str]) -> Problem:
    """Return the refusal of values that can't be stored."""
    return Problem(422, "Some fields can't be accepted.", errors)


def too_soon(seconds: int, what: str) -> Problem:
    """Return the refusal of one who tries too often."""
    problem = Problem(429, f"Too many {what}. Try again in {seconds} seconds.")
    problem.retry_after = seconds
    return problem


def show_problem(error: HTTPException) -> Response:
    """Answer an error as a problem, but to a browser that wants a page."""
    wanted = request.accept_mimetypes.best_match(["application/json", "text/html"])
    if wanted == "text/html" and not request.path.startswith("/api"):
        return error.get_response()
    status = error.code or 500
    body = {"title": HTTP_STATUS_CODES.get(status, "Error"), "status": status}
    body |= {"detail": error.description or "", **getattr(error, "more", {})}
    response = current_app.json.response(body)
    response.status_code = status
    response.mimetype = "application/problem+json"
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def report_database(error: Exception) -> Response:
    """Answer when the database is busy, away, full or not set up, or says so of a value."""
    if codes(getattr(error, "orig", None)) & UNSTORABLE:
        return refuse_data(error)
    current_app.logger.error("database: %s", error)
    counters["unavailable"] += 1
    problem = Problem(503, "The database can't do this now; try again in a moment.")
    problem.retry_after = 1
    return show_problem(problem)


def report_unknown(error: OutcomeUnknown) -> Response:
    """Answer when nobody knows whether a write was stored."""
    current_app.logger.error("database: lost while it stored: %s", error.__cause__)
    counters["unknown"] += 1
    detail = "The database was lost while it stored this, which may be done, or not. "
    detail += "Send it again only with the same `Idempotency-Key`, or when you have looked."
    problem = Problem(503, detail, outcome="unknown")
    problem.retry_after = 1
    return show_problem(problem)


def refuse_values(error: Invalid | Malformed) -> Response:
    """Answer values that don't fit their columns."""
    if isinstance(error, Invalid):
        return show_problem(invalid({name or "body": text for name, text in error.errors.items()}))
    return show_problem(Problem(400, f"{error}."))


def refuse_data(_error: Exception) -> Response:
    """Answer when the database can't store a value that the columns seemed to allow."""
    return show_problem(Problem(422, "The database can't store one of the values."))


def refuse_row(_error: Exception) -> Response:
    """Answer when the database refuses a row and no view has said why."""
    return show_problem(Problem(409, "The row conflicts with another one."))


def init_app(app: Flask) -> None:
    """Let these functions answer errors, wherever they come from."""
    app.register_error_handler(HTTPException, show_problem)
    app.register_error_handler(Invalid, refuse_values)
    app.register_error_handler(Malformed, refuse_values)
    app.register_error_handler(OutcomeUnknown, report_unknown)
    app.register_error_handler(DataError, refuse_data)
    app.register_error_handler(IntegrityError, refuse_row)
    for kind in (OperationalError, InterfaceError, InternalError, ProgrammingError, TimeoutError):
        app.register_error_handler(kind, report_database)
