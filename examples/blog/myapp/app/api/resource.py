"""A table over HTTP: list, create, read, replace, change and delete its rows."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask.views import MethodView
from flask.wrappers import Response
from sqlalchemy import bindparam, func, inspect, select
from sqlalchemy.orm import raiseload, selectinload
from werkzeug.exceptions import NotFound, UnsupportedMediaType

from app.auth import require_token
from app.database import Model, db, public_columns
from app.idempotency import write
from app.keys import read_key, write_key
from app.problems import Problem, invalid
from app.query import beyond, cursor, filters, is_asked, order, page_and_size
from app.rows import blank, delete, etag_of, store, store_many, version_of
from app.values import from_json, from_texts, many_from_json

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

api = Blueprint("api", __name__, url_prefix="/api")

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
    require_token()
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


class View(MethodView):
    """What all rows and one row have in common."""

    init_every_request = False

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def dispatch_request(self, **values: Any) -> ResponseReturnValue:
        """Check who asks, before anything else."""
        known = inspect(self.model).relationships
        related = [known[name].mapper.class_ for name in self.asked() if name in known]
        require_token(tuple(each.__tablename__ for each in (self.model, *related)))
        answer = partial(super().dispatch_request, **values)
        return answer() if request.method in ("GET", "HEAD") else write(self.model.__tablename__, answer)

    def asked(self) -> list[str]:
        """Return the words of `include`."""
        given = request.args["include"] if "include" in request.args else ""  # get() is slow where there is none
        return [name for name in given.split(",") if name]

    def included(self) -> list[str]:
        """Return the relationships that `include` asks for; those to tables not served aren't there."""
        names = self.asked()
        if not names:
            return []
        known = {r.key for r in inspect(self.model).relationships if r.mapper.class_ in served}
        for name in names:
            if name not in known:
                choice = f"; there are {', '.join(sorted(known))}" if known else ""
                raise invalid({"include": f"There is no relationship {name!r}{choice}"})
        return names

    def related(self) -> list[Any]:
        """Return what loads the rows that `include` asks for, and nothing later."""
        return [selectinload(getattr(self.model, name)).raiseload("*") for name in self.included()]

    def show(self, row: Model) -> dict[str, Any]:
        """Return a row as it is answered."""
        shown = row.to_dict()
        for name in self.included():
            found: Any = getattr(row, name)
            if isinstance(found, list):
                shown[name] = [each.to_dict() for each in found]
            else:
                shown[name] = found and found.to_dict()
        return shown

    def read_row(self, *, whole: bool) -> dict[str, Any]:
        """Return the row that the request brings, as JSON or as a form."""
        if request.is_json:
            return from_json(self.model, request.get_data(), whole=whole)
        if request.mimetype in FORMS or not request.content_length:
            return from_texts(self.model, request.form.to_dict(), whole=whole)
        raise UnsupportedMediaType("Send the row as JSON or as a form.")


class Rows(View):
    """All rows of a table."""

    def get(self) -> ResponseReturnValue:
        """Answer with one page of the rows that are asked for."""
        page, size = page_and_size()
        wanted, keys = filters(self.model, request.args), order(self.model)
        answer: dict[str, Any] = {"items": [], "page": page, "per_page": size}
        if is_asked("total"):
            count = select(func.count()).select_from(self.model).where(*wanted)
            answer["total"] = db.session.scalar(count)
        if "after" in request.args:
            wanted.append(beyond(self.model, keys, request.args["after"]))
            del answer["page"]
            page = 1
        by = [each for key in keys for each in key.order()]
        items = self.items(wanted, by, size + 1, (page - 1) * size)
        answer["items"] = items[:size]
        answer["next"] = cursor(keys, items[size - 1]) if len(items) > size else None
        return answer

    def items(self, wanted: Any, by: Any, limit: int, offset: int) -> list[dict[str, Any]]:
        """Return rows as they are answered; without `include`, no object is made of a row."""
        options, names = self.related(), list(public_columns(self.model))
        query = select(self.model).options(*options, raiseload("*")) if options else self.all_columns
        query = query.where(*wanted).order_by(*by).limit(limit).offset(offset)
        if options:
            return [self.show(row) for row in db.session.scalars(query)]
        with db.engine.connect() as connection:
            return [dict(zip(names, row, strict=True)) for row in connection.execute(query)]

    @cached_property
    def all_columns(self) -> Any:
        """The query for what is shown of all rows, of which the others are made."""
        return select(*(getattr(self.model, name) for name in public_columns(self.model)))

    def post(self) -> ResponseReturnValue:
        """Create a row, or the rows of a list, all or none."""
        if request.is_json and request.get_data().lstrip().startswith(b"["):
            rows = store_many(self.model, many_from_json(self.model, request.data), replace=False)
            return {"items": [row.to_dict() for row in rows]}, 201
        row = self.model()
        store(row, self.read_row(whole=True))
        location = url_for(f"api.{row.__tablename__}:row", key=write_key(row))
        return answer_row(row.to_dict(), 201, Location=location)

    def put(self) -> ResponseReturnValue:
        """Create or replace the rows of a list, all or none, whatever stands there by now."""
        if not request.is_json:
            raise UnsupportedMediaType("Send a JSON list of rows.")
        rows = store_many(self.model, many_from_json(self.model, request.data), replace=True)
        return {"items": [row.to_dict() for row in rows]}


class Row(View):
    """One row of a table."""

    def get(self, key: str) -> ResponseReturnValue:
        """Answer with the row."""
        if options := self.related():
            return self.show(self.find(key, self.by_key.options(*options)))
        with db.engine.connect() as connection:
            row = connection.execute(self.columns_by_key, self.read_key(key)).mappings().first()
        if row is None:
            raise NotFound(f"There is no such row in {self.model.__tablename__}.")
        response = answer_row(dict(row))
        if not request.if_match:  # that is for writes, and werkzeug knows no `*` there
            response.make_conditional(request)
            del response.headers["Date"]  # the server adds it, and would do so twice
        return response

    def put(self, key: str) -> ResponseReturnValue:
        """Replace the row; what isn't given becomes null or its default, secrets stay."""
        row = self.find_unchanged(key)
        store(row, blank(self.model) | self.read_row(whole=True))
        return answer_row(row.to_dict())

    def patch(self, key: str) -> ResponseReturnValue:
        """Change the fields that are given."""
        row = self.find_unchanged(key)
        store(row, self.read_row(whole=False))
        return answer_row(row.to_dict())

    def delete(self, key: str) -> ResponseReturnValue:
        """Delete the row, unless others refer to it."""
        delete(self.find_unchanged(key))
        return "", 204

    @cached_property
    def has_key(self) -> list[Any]:
        """The condition that a row has a key, whose values are given when the query is run."""
        primary = inspect(self.model).primary_key
        return [column == bindparam(f"key_{n}", type_=column.type) for n, column in enumerate(primary)]

    @cached_property
    def by_key(self) -> Any:
        """The query for a row, made once: to make it takes as long as to run it."""
        return select(self.model).where(*self.has_key).options(raiseload("*"))

    @cached_property
    def columns_by_key(self) -> Any:
        """The same for what is shown of a row, of which no object is made."""
        known = public_columns(self.model).items()
        return select(*(column.label(name) for name, column in known)).where(*self.has_key)

    def read_key(self, key: str) -> dict[str, Any]:
        """Return the values of the key that stands in the URL."""
        if (identity := read_key(self.model, key)) is None:
            raise NotFound(f"There is no such row in {self.model.__tablename__}.")
        return {f"key_{n}": value for n, value in enumerate(identity)}

    def find(self, key: str, query: Any) -> Model:
        """Return the row with the key that stands in the URL."""
        row: Model | None = db.session.scalar(query, self.read_key(key))
        if row is None:
            raise NotFound(f"There is no such row in {self.model.__tablename__}.")
        return row

    def find_unchanged(self, key: str) -> Model:
        """Return the row, locked, if it still is what the client has seen (If-Match)."""
        if not request.if_match and not current_app.config["LAST_WRITER_WINS"]:
            detail = "Send the header `If-Match` with the ETag of what you have read, or with `*`."
            raise Problem(428, detail)
        row = self.find(key, self.by_key.with_for_update())
        if request.if_match and not request.if_match.contains_weak(version_of(row)):
            raise Problem(412, "The row has changed since you read it; read it again.")
        return row


def answer_row(row: dict[str, Any], status: int = 200, **headers: str) -> Response:
    """Return the answer that shows a row."""
    text = current_app.json.dumps(row)
    response = Response(text + "\n", status, headers, mimetype="application/json")
    response.set_etag(etag_of(text))
    return response
