"""Plan → text: the files of the app. Nothing here reads or writes a disk but the template."""

from outgrow.render.app import render_app
from outgrow.render.models import render_models
from outgrow.render.project import render_env_example, render_pyproject
from outgrow.render.readme import render_readme
from outgrow.render.revision import render_revision, revision_id

__all__ = [
    "render_app",
    "render_env_example",
    "render_models",
    "render_pyproject",
    "render_readme",
    "render_revision",
    "revision_id",
]
