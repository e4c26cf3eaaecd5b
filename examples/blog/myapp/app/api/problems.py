"""Errors as `application/problem+json` (RFC 9457), without anything of the program's inside."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.sansio.response import Response


class Problem(HTTPException):
    """A refusal; `errors` says per field what is wrong, `more` goes into the body as it is."""

    def __init__(
        self, status: int, detail: str, errors: dict[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.more = more | ({"errors": errors} if errors else {})


def invalid(errors: dict[str, str]) -> Problem:
    """Return the refusal of values that can't be stored."""
    return Problem(422, "Some fields can't be accepted.", errors)


def show_problem(error: HTTPException) -> Response:
    """Answer an error under /api as a problem, others as Flask does."""
    if not request.path.startswith("/api"):
        return error.get_response()
    status = error.code or 500
    body = {
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": error.description or "",
    }
    response = current_app.json.response(body | getattr(error, "more", {}))
    response.status_code = status
    response.mimetype = "application/problem+json"
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def refuse_data(_error: Exception) -> Response:
    """Answer when the database can't store a value that the columns seemed to allow."""
    return show_problem(Problem(422, "The database can't store one of the values."))


def report_database(error: Exception) -> Response:
    """Answer when the database is busy, away or not set up; the log says more."""
    current_app.logger.error("database: %s", error)
    return show_problem(Problem(503, "The database doesn't answer; try again later."))
