"""The template is a project of its own, and small enough to be read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import sample_plans

from outgrow.render import render_app

RENDERED = ("README.md", "models.py", "resources.py", "pyproject.toml", ".env.example", "_first_tables.py")
TEMPLATE = Path(str(files("outgrow.render"))) / "template"


def test_the_template_is_what_the_plan_of_the_blog_renders() -> None:
    for path, text in render_app(sample_plans.blog(), "sample").items():
        assert (TEMPLATE / path).read_text(encoding="utf-8") == text, path
    assert len(list((TEMPLATE / "migrations/versions").glob("*.py"))) == 2


def test_every_file_can_be_read_in_one_go() -> None:
    sizes = {path: text.count("\n") for path, text in render_app(sample_plans.blog(), "sample").items()}
    assert max(sizes.values()) < 250
    copied = {path: size for path, size in sizes.items() if not path.endswith(RENDERED) and "tests/" not in path}
    assert sum(copied.values()) < 4650


def test_the_models_of_a_blog_fit_on_two_screens() -> None:
    assert render_app(sample_plans.blog(), "sample")["app/models.py"].count("\n") < 100
