"""Writes that may be sent again: with the header `Idempotency-Key` each is done once, and answered alike each time.

That is for clients who can't know what became of a write, since the answer was lost on its way, or the database's
was. The setting IDEMPOTENT_TABLES names the tables whose writes take such a key; after a day it is forgotten.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import random
import re
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Response, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Integer, String, Table, delete, insert, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.database import db, unit_of_work
from app.problems import Problem
from app.types import LongBinary, UTCDateTime, utc_now

requests = Table(
    "app_requests",
    db.metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content_sha256", String(64), nullable=False),
    Column("status", Integer),
    Column("answer", LongBinary),
    Column("created_at", UTCDateTime, nullable=False, default=utc_now, index=True),
)

HEADER = "Idempotency-Key"
KEPT = dt.timedelta(days=1)
CHANCE_TO_FORGET, MOST_FORGOTTEN = 0.01, 1000
"""One write of a hundred clears up, ten times as much as has come since, so that the table doesn't grow."""


def write(table: str, work: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Answer a request that writes to a table, in one unit of work; one that has a key only once."""
    if HEADER not in request.headers:
        return unit_of_work()(work)()
    name, content = read_key(table), content_of_request()

    @unit_of_work(repeatable=True)
    def answer() -> Response:
        if (before := claim(name, content)) is not None:
            return replay(before, content)
        response = make_response(work())
        keep(name, response)
        return response

    found = answer()
    if random.random() < CHANCE_TO_FORGET:
        forget()
    return found


def read_key(table: str) -> str:
    """Return the name by which the request is known, which depends on who has sent it."""
    if table not in current_app.config["IDEMPOTENT_TABLES"]:
        raise Problem(400, f"{table} takes no `{HEADER}`: the setting IDEMPOTENT_TABLES doesn't name it.")
    key = re.fullmatch(r'"?([ !#-~]{1,255}?)"?', request.headers[HEADER].strip())
    if key is None:
        raise Problem(400, f"An `{HEADER}` has 1 to 255 letters, digits or signs: a new UUID for each write.")
    token = request.authorization.token if request.authorization else None
    return keyed_hash((token or "").encode(), key[1].encode())


def content_of_request() -> str:
    """Return what is the same only if the same is asked for."""
    fields = repr(list(request.form.items(multi=True))).encode() if request.form else request.get_data()
    return keyed_hash(request.method.encode(), request.full_path.encode(), fields)


def keyed_hash(*parts: bytes) -> str:
    """Return a hash that nobody can find a password by, as one may be among what is sent."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), b"\0".join(parts), hashlib.sha256).hexdigest()


def claim(name: str, content: str) -> Any:
    """Take a key, which another request may hold: then wait for its end, and return what it has left."""
    try:
        with db.session.begin_nested():
            db.session.execute(insert(requests).values(sha256=name, content_sha256=content))
    except IntegrityError:
        query = select(requests).where(requests.c.sha256 == name).with_for_update(read=True)
        return db.session.execute(query).first() or claim(name, content)
    return None


def keep(name: str, response: Response) -> None:
    """Note an answer, in the transaction of what it is about."""
    headers = {key: value for key, value in response.headers if key in ("Content-Type", "ETag", "Location")}
    answer = zlib.compress(json.dumps([headers, response.get_data(as_text=True)]).encode())
    change = update(requests).where(requests.c.sha256 == name)
    db.session.execute(change.values(status=response.status_code, answer=answer))


def replay(before: Any, content: str) -> Response:
    """Return the answer that was given before, if the same was asked for."""
    if before.content_sha256 != content:
        raise Problem(422, f"This `{HEADER}` was sent before, with another request. Each write needs a new one.")
    headers, text = json.loads(zlib.decompress(before.answer))
    return Response(text, before.status, headers | {"Idempotent-Replayed": "true"})


def forget() -> None:
    """Delete some of what was answered more than a day ago; if that can't be now, then later."""
    old = select(requests.c.sha256).where(requests.c.created_at < utc_now() - KEPT).limit(MOST_FORGOTTEN)
    with suppress(DBAPIError), db.engine.begin() as connection:
        names = connection.scalars(old).all()
        connection.execute(delete(requests).where(requests.c.sha256.in_(names)))
