"""The template is a project of its own, and small enough to be read."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import sample_plans

from outgrow.render import render_app

TEMPLATE = Path(str(files("outgrow.render"))) / "template"


def test_the_template_is_what_the_plan_of_the_blog_renders() -> None:
    for path, text in render_app(sample_plans.blog(), "sample").items():
        assert (TEMPLATE / path).read_text(encoding="utf-8") == text, path
    assert len(list((TEMPLATE / "migrations/versions").glob("*.py"))) == 2


def test_every_file_can_be_read_in_one_go() -> None:
    sizes = {path: text.count("\n") for path, text in render_app(sample_plans.blog(), "sample").items()}
    assert max(sizes.values()) < 250
    assert sum(size for path, size in sizes.items() if not path.startswith("tests/")) < 2000
