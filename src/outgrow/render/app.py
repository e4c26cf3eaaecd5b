"""The whole app: the template's files, and those that follow from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from outgrow.render.escape import identifier
from outgrow.render.models import render_models
from outgrow.render.project import render_env_example, render_pyproject
from outgrow.render.readme import render_readme
from outgrow.render.revision import render_revision, revision_id
from outgrow.schema.model import Plan

_NOT_COPIED = {"__pycache__", "instance", "rejects", ".env"}
_FIRST_TABLES = "_first_tables.py"
_CACHES = (".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv")


def render_app(plan: Plan, name: str) -> dict[str, str]:
    """Return the files of an app by their paths, sorted."""
    app = dict(_read(files("outgrow.render") / "template", ""))
    app["app/models.py"] = render_models(plan)
    app["app/api/resources.py"] = render_resources(plan)
    app[f"migrations/versions/{revision_id(plan)}{_FIRST_TABLES}"] = render_revision(plan)
    app["README.md"] = render_readme(plan, name)
    app["pyproject.toml"] = render_pyproject(name)
    app[".env.example"] = render_env_example()
    return dict(sorted(app.items()))


def render_resources(plan: Plan) -> str:
    """Return the text of app/api/resources.py."""
    lines = ['"""What the API serves: one line for each table."""', ""]
    if plan.tables:
        lines.append("from app import models")
    lines.append(f"from app.api.resource import api{', resource' if plan.tables else ''}")
    lines += ["", '__all__ = ["api"]']
    if plan.tables:
        lines.append("")
    lines += [f"resource(models.{identifier(table.class_name)})" for table in plan]
    return "\n".join([*lines, ""])


def _read(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.name in _NOT_COPIED or entry.name.startswith(_CACHES):
            continue
        if entry.is_dir():
            yield from _read(entry, f"{path}{entry.name}/")
        elif not entry.name.endswith((".pyc", ".egg-info", _FIRST_TABLES)):
            yield path + entry.name, entry.read_text(encoding="utf-8")
