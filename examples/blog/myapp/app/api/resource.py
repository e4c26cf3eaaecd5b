"""A table over HTTP: list, create, read, replace, change and delete its rows."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import NotFound

from app.api.body import read_row
from app.api.keys import read_key, write_key
from app.api.problems import Problem
from app.api.query import filters, order, page_and_size
from app.api.refusals import count_references, explain
from app.auth import require_token
from app.database import Model, columns, db, unit_of_work

api = Blueprint("api", __name__, url_prefix="/api")
api.before_request(require_token)

served: list[type[Model]] = []


def resource(model: type[Model]) -> None:
    """Serve a model under the name of its table."""
    name = model.__tablename__
    served.append(model)
    rows, row = Rows.as_view(f"{name}:rows", model), Row.as_view(f"{name}:row", model)
    api.add_url_rule(f"/{name}", view_func=rows, strict_slashes=False)
    api.add_url_rule(f"/{name}/<path:key>", view_func=row)


@api.get("/")
def list_resources() -> ResponseReturnValue:
    """Answer with what there is."""
    return {
        "resources": [
            {
                "name": model.__tablename__,
                "url": url_for(f"api.{model.__tablename__}:rows"),
                "key": [column.name for column in inspect(model).primary_key],
            }
            for model in served
        ]
    }


class Rows(MethodView):
    """All rows of a table."""

    init_every_request = False

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def get(self) -> ResponseReturnValue:
        """Answer with one page of the rows that are asked for."""
        page, size = page_and_size()
        wanted, sorting = filters(self.model), order(self.model)
        total = db.session.scalar(select(func.count()).select_from(self.model).where(*wanted))
        query = select(self.model).where(*wanted).order_by(*sorting)
        rows = db.session.scalars(query.limit(size).offset((page - 1) * size))
        items = [row.to_dict() for row in rows]
        return {"items": items, "page": page, "per_page": size, "total": total}

    def post(self) -> ResponseReturnValue:
        """Create a row."""
        values = read_row(self.model, whole=True)
        with unit_of_work():
            row = self.model()
            body = store(row, values)
            location = url_for(f"api.{row.__tablename__}:row", key=write_key(row))
        return body, 201, {"Location": location}


class Row(MethodView):
    """One row of a table."""

    init_every_request = False

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def get(self, key: str) -> ResponseReturnValue:
        """Answer with the row."""
        return find(self.model, key).to_dict()

    def put(self, key: str) -> ResponseReturnValue:
        """Replace the row; what isn't given becomes null or its default, secrets stay."""
        values = read_row(self.model, whole=True)
        with unit_of_work():
            return store(find(self.model, key), blank(self.model) | values)

    def patch(self, key: str) -> ResponseReturnValue:
        """Change the fields that are given."""
        values = read_row(self.model, whole=False)
        with unit_of_work():
            return store(find(self.model, key), values)

    def delete(self, key: str) -> ResponseReturnValue:
        """Delete the row, unless others refer to it."""
        with unit_of_work():
            row = find(self.model, key)
            if counts := count_references(row):
                errors = {table: f"{count} rows refer to it." for table, count in counts.items()}
                raise Problem(409, "Other rows refer to this one.", errors, references=counts)
            db.session.delete(row)
            try:
                db.session.flush()
            except IntegrityError:
                raise Problem(409, "Other rows refer to what would go with this one.") from None
        return "", 204


def find(model: type[Model], key: str) -> Model:
    """Return the row with the key that stands in the URL."""
    identity = read_key(model, key)
    row = db.session.get(model, identity) if identity is not None else None
    if row is None:
        raise NotFound(f"There is no such row in {model.__tablename__}.")
    return row


def store(row: Model, values: dict[str, Any]) -> dict[str, Any]:
    """Write values into a row and return it as a dictionary, or say why the database refuses."""
    state = inspect(row)
    names = list(columns(type(row)))
    old = {name: getattr(row, name) for name in names} if state.persistent else {}
    for name, value in values.items():
        setattr(row, name, value)
    new = {name: getattr(row, name) for name in names}
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        db.session.rollback()
        raise explain(type(row), new, old) from error
    return row.to_dict()


def blank(model: type[Model]) -> dict[str, Any]:
    """Return what a row holds where a replacement says nothing."""
    values: dict[str, Any] = {}
    for name, column in columns(model).items():
        if column.primary_key or "secret" in column.info:
            continue
        if column.default is None and column.nullable:
            values[name] = None
        elif column.default is not None and column.default.is_scalar:
            values[name] = column.default.arg  # type: ignore[attr-defined]
    return values
