"""What the API can do, as OpenAPI 3.1, made from the models; `/docs` shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from pydantic import TypeAdapter
from sqlalchemy import String, inspect

from app.api.resource import api, served
from app.api.statuses import PROBLEM_SCHEMA, REFUSALS
from app.auth import require_token
from app.database import Model, columns, public_columns
from app.idempotency import HEADER
from app.pages import may_look
from app.query import COMPARE, MOST_PER_PAGE, SEARCH, comparable
from app.values import annotation, body_type

docs = Blueprint(
    "docs",
    __name__,
    url_prefix="/docs",
    static_folder=str(Path(flask_swagger_ui.__file__).parent / "dist"),
    static_url_path="/static",
)

PROBLEM = {"$ref": "#/components/schemas/Problem"}
BEARER = {"type": "http", "scheme": "bearer", "description": "`flask token create` prints one."}


@docs.get("/")
def show_docs() -> ResponseReturnValue:
    """Show the API's page, from files of our own."""
    if not may_look():
        require_token()
    return render_template("docs.html")


@api.get("/openapi.json")
def show_openapi() -> ResponseReturnValue:
    """Answer with the description of the API."""
    if not may_look():
        require_token()
    extensions = current_app.extensions
    if "openapi" not in extensions:
        extensions["openapi"] = current_app.json.dumps(openapi())
    return current_app.response_class(extensions["openapi"], mimetype="application/json")


def openapi() -> dict[str, Any]:
    """Return the description of the API."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM_SCHEMA}
    for model in served:
        name, title = model.__tablename__, model.__name__
        schemas[title] = shown(model)
        schemas[f"{title}.new"] = schema_of(body_type(model, whole=True))
        schemas[f"{title}.changes"] = schema_of(body_type(model, whole=False))
        paths[f"/api/{name}"] = rows_path(model)
        paths[f"/api/{name}/{{key}}"] = row_path(model)
    return {
        "openapi": "3.1.0",
        "info": {"title": current_app.config["APP_NAME"], "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": BEARER},
        },
        "security": [{"token": []}],
    }


def schema_of(kind: TypeAdapter[Any]) -> dict[str, Any]:
    """Return a type as a JSON schema that stands by itself."""
    schema = kind.json_schema()
    schema.pop("$defs", None)
    return without_references(schema)  # type: ignore[no-any-return]


def without_references(schema: Any) -> Any:
    """Return a schema where any JSON is simply anything."""
    if isinstance(schema, dict):
        known = {"$ref": None} if "$ref" in schema else {}
        return {k: without_references(v) for k, v in schema.items() if k not in known}
    return [without_references(each) for each in schema] if isinstance(schema, list) else schema


def unbounded(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the type alone: rows may hold what is no longer taken, and moments have no time zone."""
    known = {k: v for k, v in schema.items() if k not in ("format", "minimum", "maximum", "exclusiveMaximum")}
    return known | {"anyOf": [unbounded(each) for each in known["anyOf"]]} if "anyOf" in known else known


def shown(model: type[Model]) -> dict[str, Any]:
    """Return the schema of a row as it is answered; `include` adds to it."""
    names = list(public_columns(model))
    properties = {}
    for name, column in public_columns(model).items():
        kind = annotation(column) | None if column.nullable else annotation(column)
        properties[name] = unbounded(schema_of(TypeAdapter(kind)))
    return {"type": "object", "required": names, "properties": properties}


def rows_path(model: type[Model]) -> dict[str, Any]:
    """Return what can be done with all rows of a table."""
    one = reference(f"{model.__name__}.new")
    many = {"type": "array", "items": one, "maxItems": 1000}
    items = {"type": "array", "items": reference(model.__name__)}
    page = {"type": "object", "required": ["items"], "properties": {"items": items}}
    created = {"oneOf": [reference(model.__name__), page]}
    listing = {
        "type": "object",
        "required": ["items", "per_page", "next"],
        "properties": {
            "items": items,
            "page": {"type": "integer"},
            "per_page": {"type": "integer"},
            "total": {"type": "integer"},
            "next": {"type": ["string", "null"]},
        },
    }
    return {
        "get": operation(model, "list", "List rows", 200, listing, [422]) | {"parameters": list_parameters(model)},
        "post": operation(model, "create", "Create a row, or all rows of a list", 201, created)
        | body({"oneOf": [one, many]}, form=one)
        | {"parameters": write_parameters(model)},
        "put": operation(model, "upsert", "Create or replace all rows of a list", 200, page)
        | body(many)
        | {"parameters": write_parameters(model)},
    }


def row_path(model: type[Model]) -> dict[str, Any]:
    """Return what can be done with one row."""
    title = model.__name__
    sent = [header("If-Match", "The ETag of what you have read, or `*`."), *write_parameters(model)]
    shown, new, changes = (reference(n) for n in (title, f"{title}.new", f"{title}.changes"))
    conflicts = [404, 409, 412, 428]
    one = {
        "get": operation(model, "read", "Read a row", 200, shown, [404, 422])
        | {"parameters": [include_parameter(model)]},
        "put": operation(model, "replace", "Replace a row", 200, shown, conflicts)
        | body(new, form=new)
        | {"parameters": sent},
        "patch": operation(model, "change", "Change fields of a row", 200, shown, conflicts)
        | body(changes, form=changes)
        | {"parameters": sent},
        "delete": operation(model, "delete", "Delete a row", 204, None, conflicts) | {"parameters": sent},
    }
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    names = ", ".join(column.name for column in inspect(model).primary_key)
    key["description"] = f"The value of {names}; several are joined by commas."
    return {"parameters": [key], **one}


def list_parameters(model: type[Model]) -> list[dict[str, Any]]:
    """Return what a list can be asked for."""
    number = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
    found = [
        query("page", number),
        query("per_page", number | {"maximum": MOST_PER_PAGE}),
        query("after", {"type": "string"}, "The `next` of the page before; instead of `page`."),
        query("sort", {"type": "string"}, f"Of: {', '.join(comparable(model))}; `-` turns it round."),
        query("total", {"type": "boolean"}, "Whether to count all rows."),
        include_parameter(model),
    ]
    for name, attribute in comparable(model).items():
        column = columns(model)[attribute.key]
        kind = schema_of(TypeAdapter(annotation(column)))
        found += [query(f"{name}__{each}", kind) for each in COMPARE]
        found.append(query(f"{name}__in", {"type": "string"}, "Values joined by commas."))
        found.append(query(f"{name}__isnull", {"type": "boolean"}))
        if isinstance(column.type, String):
            found += [query(f"{name}__{each}", {"type": "string"}) for each in SEARCH]
    return found


def write_parameters(model: type[Model]) -> list[dict[str, Any]]:
    """Return what a write may bring beside its body."""
    text = "A new UUID for each write, which can then be sent again, for a day, without being done again."
    return [header(HEADER, text)] if model.__tablename__ in current_app.config["IDEMPOTENT_TABLES"] else []


def include_parameter(model: type[Model]) -> dict[str, Any]:
    """Return the parameter that asks for related rows."""
    names = [each.key for each in inspect(model).relationships]
    return query("include", {"type": "string"}, f"Related rows, of: {', '.join(names) or 'none'}.")


def query(name: str, schema: dict[str, Any], text: str = "") -> dict[str, Any]:
    """Return a parameter of the query string."""
    return {"name": name, "in": "query", "schema": schema} | ({"description": text} if text else {})


def header(name: str, text: str) -> dict[str, Any]:
    """Return a parameter that is a header."""
    return {"name": name, "in": "header", "schema": {"type": "string"}, "description": text}


def reference(name: str) -> dict[str, Any]:
    """Return a reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def body(schema: dict[str, Any], form: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what a request brings."""
    content = {"application/json": {"schema": schema}}
    if form:
        content["application/x-www-form-urlencoded"] = {"schema": form}
    return {"requestBody": {"required": True, "content": content}}


def operation(
    model: type[Model],
    verb: str,
    summary: str,
    status: int,
    schema: dict[str, Any] | None,
    refusals: list[int] | None = None,
) -> dict[str, Any]:
    """Return one thing that can be done, and how it may be refused."""
    writes = [400, 403, 409, 413, 415, 422] if verb not in ("list", "read") else []
    content = {"content": {"application/json": {"schema": schema}}} if schema else {}
    responses: dict[str, Any] = {str(status): {"description": "Done.", **content}}
    for code in sorted({401, 429, 503, *writes, *(refusals or [])}):
        problem = {"application/problem+json": {"schema": PROBLEM}}
        responses[str(code)] = {"description": REFUSALS[code], "content": problem}
    responses |= {"304": {"description": "The row still is what `If-None-Match` names."}} if verb == "read" else {}
    name = model.__tablename__
    about = {"operationId": f"{verb}_{name}", "tags": [name], "summary": summary}
    return about | {"responses": responses}
