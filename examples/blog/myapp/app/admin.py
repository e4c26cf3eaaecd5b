"""Pages under /admin, where operators browse, search, filter and edit the rows of every table."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import LargeBinary, String, func, inspect, select
from werkzeug.exceptions import NotFound

from app.auth import current_operator, log_in
from app.database import Model, all_models, columns, db, public_columns, unit_of_work
from app.fields import Field, as_text, fields_of, read_form
from app.keys import read_key, write_key, write_part
from app.problems import Problem
from app.query import OPERATORS, comparable, filters, order, search
from app.rows import delete, store, version_of
from app.values import Invalid

admin = Blueprint("admin", __name__, url_prefix="/admin")

FILTER = ("field", "operator", "value")
PER_PAGE, MOST_COLUMNS, MOST_FOUND = 50, 8, 20
CHANGED = "Somebody else has changed this row since you opened it. Look at it again first."


@admin.before_request
def require_operator() -> ResponseReturnValue | None:
    """Send those who aren't logged in to the login page."""
    if request.endpoint != "admin.login" and current_operator() is None:
        return redirect(url_for("admin.login", to=request.full_path))
    return None


@admin.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Begin a session, and go where somebody wanted to go within the admin pages."""
    name, problem = request.form.get("name", ""), ""
    if request.method == "POST":
        if log_in(name, request.form.get("password", "")):
            to = request.args.get("to", "")
            return redirect(to if to.startswith("/admin/") else url_for("admin.index"))
        problem = "The name or the password is wrong."
    return render_template("login.html", name=name, problem=problem)


@admin.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session."""
    session.clear()
    return redirect(url_for("admin.login"))


@admin.get("/")
def index() -> ResponseReturnValue:
    """Show the tables."""
    return render_template("admin/index.html")


@admin.get("/<table>/")
def browse(table: str) -> ResponseReturnValue:
    """Show a page of a table's rows."""
    model = model_of(table)
    if "field" in request.args:
        given = request.args.to_dict(flat=False)
        field, operator, value = (given.pop(name, [""])[0] for name in FILTER)
        given.pop("page", None)
        return redirect(url_for("admin.browse", table=table, **add(given, field, operator, value)))
    page, problem, wanted, by = max(1, request.args.get("page", 1, int)), "", [], []
    try:
        wanted = [*filters(model, request.args), *search(model, request.args.get("q", ""))]
        by = [each for key in order(model) for each in key.order()]
    except Problem as error:
        problem = "; ".join(f"{name}: {why}" for name, why in error.more["errors"].items())
    count = db.session.scalar(select(func.count()).select_from(model).where(*wanted)) or 0
    query = select(model).where(*wanted).order_by(*by).limit(PER_PAGE)
    rows = db.session.scalars(query.offset((page - 1) * PER_PAGE))
    names = list(public_columns(model))[:MOST_COLUMNS]
    return render_template(
        "admin/browse.html",
        model=model,
        names=names,
        rows=[(write_key(row), [cell(row, name) for name in names]) for row in rows],
        count=count,
        page=page,
        pages=max(1, -(-count // PER_PAGE)),
        problem=problem,
        sortable=comparable(model),
        operators=OPERATORS,
    )


def add(given: dict[str, list[str]], field: str, operator: str, value: str) -> dict[str, Any]:
    """Return the arguments of a list with one filter more."""
    word = f"{field}__{operator}"
    return given | {word: [*given.get(word, []), value]}


def cell(row: Model, name: str) -> tuple[str, str | None]:
    """Return a value as a list shows it, and where it leads."""
    column, value = columns(type(row))[name], getattr(row, name)
    if value is None:
        return "–", None
    if isinstance(column.type, LargeBinary):
        return f"{len(value)} bytes", None
    text = as_text(value) if isinstance(value, bool | dict | list) else " ".join(str(value).split())
    target = Field(name, column, "").target
    shown = text if len(text) <= 80 else text[:79] + "…"
    return shown, url_of(target, write_part(value)) if target else None


def url_of(model: type[Model], key: str) -> str:
    """Return the address of a row's page."""
    return url_for("admin.edit", table=model.__tablename__, key=key)


@admin.get("/<table>/lookup")
def lookup(table: str) -> ResponseReturnValue:
    """Answer with a few rows that a text is found in, for a field that refers to them."""
    model = model_of(table)
    query = select(model).where(*search(model, request.args.get("q", "")))
    rows = db.session.scalars(query.order_by(*inspect(model).primary_key).limit(MOST_FOUND))
    return {"items": [{"key": write_key(row), "label": label(row)} for row in rows]}


def label(row: Model) -> str:
    """Return the first text of a row, by which people know it."""
    known = public_columns(type(row)).items()
    texts = [getattr(row, name) for name, c in known if isinstance(c.type, String)]
    found = next((text for text in texts if text), write_key(row))
    return found if len(found) <= 60 else f"{found[:59]}…"


@admin.route("/<table>/new", methods=["GET", "POST"])
def create(table: str) -> ResponseReturnValue:
    """Show an empty form, or create a row from it."""
    return edit_row(model_of(table), None)


@admin.route("/<table>/rows/<path:key>", methods=["GET", "POST"])
def edit(table: str, key: str) -> ResponseReturnValue:
    """Show a row's form, or change or delete the row."""
    model, row = model_of(table), None
    if (identity := read_key(model, key)) is not None:
        row = db.session.get(model, identity)
    if row is None:
        raise NotFound(f"There is no such row in {table}.")
    return edit_row(model, row)


def edit_row(model: type[Model], row: Model | None) -> ResponseReturnValue:
    """Do what a form says, and go on; or show the form, with what was wrong beside its field."""
    problems: dict[str, str] = {}
    if request.method == "POST":
        key = inspect(row).identity if row is not None else None
        db.session.rollback()
        try:
            address = change(model, key)
            flash("Deleted." if request.form.get("action") == "delete" else "Saved.")
            return redirect(address)
        except Invalid as error:
            problems = error.errors
        except Problem as error:
            problems = error.more.get("errors", {})
            others = [f"{n}: {why}" for n, why in problems.items() if n not in columns(model)]
            problems |= {"": " ".join([error.description or "", *others])}
        row = db.session.get(model, key) if key is not None else None
    return render_template(
        "admin/edit.html",
        model=model,
        row_label=row_label,
        row=row,
        title=label(row) if row is not None else "New row",
        version=request.form.get("version") or (version_of(row) if row is not None else ""),
        fields=fields_of(model, row, request.form, problems),
        problems=problems,
        origin=origin_of(row),
        referring=referring(row) if row is not None else [],
    )


@unit_of_work()
def change(model: type[Model], key: Any) -> str:
    """Create, change or delete a row, and return where to go then."""
    row = db.session.get(model, key, with_for_update=True) if key is not None else model()
    if row is None or (key is not None and version_of(row) != request.form.get("version")):
        raise Problem(412, CHANGED)
    if request.form.get("action") == "delete":
        delete(row)
        return url_for("admin.browse", table=model.__tablename__)
    store(row, read_form(model, row if key is not None else None, request.form))
    return url_of(model, write_key(row))


def row_label(field: Field) -> tuple[str, str] | None:
    """Return how the row is known that a field refers to, and where it is."""
    key = read_key(field.target, field.text) if field.target and field.text else None
    row = db.session.get(field.target, key) if field.target and key else None
    return (label(row), url_of(type(row), write_key(row))) if row is not None else None


def origin_of(row: Model | None) -> str | None:
    """Return where in the old files the row comes from, while that is known."""
    if row is None or find_spec("app.origins") is None:
        return None
    found: str | None = import_module("app.origins").origin_of(row)
    return found


def referring(row: Model) -> list[tuple[str, int, str]]:
    """Return which rows refer to this one: their table, how many there are, and where they are."""
    found = []
    for model in all_models():
        for name, column in columns(model).items():
            if Field(name, column, "").target is type(row):
                value = inspect(row).identity[0]  # type: ignore[index]
                query = select(func.count()).where(getattr(model, name) == value)
                word: Any = {f"{name}__eq": as_text(value)}
                where = url_for("admin.browse", table=model.__tablename__, **word)
                found.append((f"{model.__tablename__}.{name}", db.session.scalar(query) or 0, where))
    return found


def model_of(table: str) -> type[Model]:
    """Return the model of a table."""
    for model in all_models():
        if model.__tablename__ == table:
            return model
    raise NotFound(f"There is no table {table}.")


@admin.context_processor
def shared() -> dict[str, Any]:
    """Return what all pages show."""
    return {"models": all_models(), "operator": current_operator()}


def init_app(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(admin)
