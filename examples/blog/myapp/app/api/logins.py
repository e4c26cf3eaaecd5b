"""People whom the data holds prove who they are: `POST /api/users/login`, with the old password."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from sqlalchemy import String, select
from werkzeug.exceptions import Unauthorized

from app.api.resource import served
from app.auth import count_try, refuse_many_tries, require_token
from app.database import Model, columns, db, public_columns, unit_of_work
from app.passwords import hash_password, is_right, needs_new_hash, spend_time
from app.problems import invalid
from app.refusals import unique_groups
from app.values import MISSING, read

SECONDS_TO_FAIL = 0.25
LOGIN = TypeAdapter(dict[str, str])


def password_of(model: type[Model]) -> str | None:
    """Return the name of the column that holds a model's passwords."""
    secrets = {name: column.info.get("secret") for name, column in columns(model).items()}
    return next((name for name, secret in secrets.items() if secret == "password"), None)


def names_of(model: type[Model]) -> list[str]:
    """Return the columns of which each alone tells who somebody is."""
    alone = {group[0] for group in unique_groups(model) if len(group) == 1}
    known = public_columns(model).items()
    return [name for name, column in known if column in alone and isinstance(column.type, String)]


def init_app(app: Flask) -> None:
    """Serve a login for each table that has passwords, and a unique text to know people by."""
    for model in served:
        if password_of(model) and names_of(model):
            name, view = model.__tablename__, partial(log_in, model)
            app.add_url_rule(f"/api/{name}/login", f"login:{name}", view, methods=["POST"])


def log_in(model: type[Model]) -> ResponseReturnValue:
    """Answer with the row of somebody who gives its name and the right password."""
    require_token(writes=False)
    began = time.monotonic()
    name, value, password = read_login(model)
    account = (model.__tablename__, value.lower()[:80])
    refuse_many_tries("account", *account)
    row = db.session.scalar(select(model).where(getattr(model, name) == value))
    column = password_of(model) or ""
    stored = getattr(row, column) if row is not None else None
    if not stored:
        spend_time(password)
    elif is_right(stored, password, salts(row)):
        if needs_new_hash(stored) and "keep" not in columns(model)[column].info:
            renew(row, column, stored, password)
        return row.to_dict()  # type: ignore[union-attr]
    count_try("account", *account)
    # Old schemes take longer to check than new ones: all failures take as long as the slowest.
    time.sleep(max(0.0, began + SECONDS_TO_FAIL - time.monotonic()))
    raise Unauthorized(f"There is nobody with this {name} and password.")


def read_login(model: type[Model]) -> tuple[str, str, str]:
    """Return by which column somebody is known, its value, and the password; raises a Problem or Invalid."""
    given = read(LOGIN.validate_json, request.get_data()) if request.is_json else request.form.to_dict()
    names = names_of(model)
    name = next((each for each in names if each in given), names[0])
    if missing := [each for each in (name, "password") if each not in given]:
        raise invalid(dict.fromkeys(missing, MISSING))
    return name, given[name], given["password"]


def salts(row: Any) -> list[str]:
    """Return what may have been hashed along with the password: the row's other secrets."""
    known = columns(type(row)).items()
    others = [getattr(row, n) for n, c in known if c.info.get("secret") not in (None, "password")]
    return [value for value in others if isinstance(value, str)]


def renew(row: Any, column: str, stored: str, password: str) -> None:
    """Put a strong hash in the place of an old one, unless somebody has changed it by now."""
    new, query = hash_password(password), select(type(row)).with_for_update()
    key = [c == getattr(row, n) for n, c in columns(type(row)).items() if c.primary_key]
    db.session.rollback()

    @unit_of_work(repeatable=True)
    def change() -> None:
        again = db.session.scalar(query.where(*key).execution_options(populate_existing=True))
        if again is not None and getattr(again, column) == stored:
            setattr(again, column, new)

    change()
