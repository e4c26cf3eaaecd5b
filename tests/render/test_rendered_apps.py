"""Apps rendered from plans are formatted, typed, migrated and pass their own tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_plans
from interpreters import PLANS, PYTHONS, run_flask, run_own_tests, run_python

from outgrow.render import render_app

Apps = Callable[[str], Path]

all_plans = pytest.mark.parametrize("plan", PLANS)
all_pythons = pytest.mark.parametrize("python", PYTHONS)


def check(app: Path, *command: str) -> None:
    """Run a program that finds nothing wrong in an app."""
    result = subprocess.run([sys.executable, "-m", *command], cwd=app, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@all_plans
def test_an_app_is_linted_and_formatted(apps: Apps, plan: str) -> None:
    check(apps(plan), "ruff", "check", "--no-cache", ".")
    check(apps(plan), "ruff", "format", "--check", "--no-cache", ".")


@all_plans
@all_pythons
def test_an_app_is_typed(apps: Apps, plan: str, python: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    cache = tmp_path_factory.getbasetemp() / f"mypy{PYTHONS.index(python)}"
    check(apps(plan), "mypy", "--python-executable", python, "--cache-dir", str(cache))


@all_plans
@all_pythons
def test_an_apps_own_tests_pass(apps: Apps, plan: str, python: str) -> None:
    # Neither plan nor SQLAlchemy matters to those of passwords.
    others = [] if (plan, python) == ("blog", PYTHONS[0]) else ["--ignore=tests/test_passwords.py"]
    result = run_own_tests(python, *others, folder=apps(plan), warnings="error")
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr


@all_pythons
def test_the_first_steps_work_as_the_readme_says(apps: Apps, python: str, tmp_path: Path) -> None:
    def flask(*words: str) -> str:
        result = run_flask(python, *words, folder=apps("blog"), DATABASE_URL=f"sqlite:///{tmp_path / 'app.db'}")
        assert result.returncode == 0, result.stderr
        return result.stdout

    flask("db", "upgrade")
    flask("db", "check")
    assert "(head)" in flask("db", "current")
    assert len(flask("token", "create").strip()) > 40
    assert "/api/users/<path:key>" in flask("routes")


@all_pythons
def test_a_later_revision_sees_only_what_the_user_changed(python: str, tmp_path: Path) -> None:
    files = render_app(sample_plans.blog(), "sample")
    marker = "    bio: Mapped"
    column = "    wage: Mapped[Decimal | None] = mapped_column(ExactDecimal(8, 2))\n"
    models = files["app/models.py"].replace(marker, column + marker)
    models = models.replace("import LongText", "import ExactDecimal, LongText")
    files["app/models.py"] = models.replace("import datetime as dt\n", IMPORTS)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    assert run_flask(python, "db", "upgrade", folder=tmp_path).returncode == 0
    assert run_flask(python, "db", "check", folder=tmp_path).returncode != 0
    assert run_flask(python, "db", "migrate", "-m", "Wages", folder=tmp_path).returncode == 0
    [revision] = (tmp_path / "migrations/versions").glob("*_wages.py")
    upgrade = revision.read_text().split("def upgrade")[1].split("def downgrade")[0]
    assert "types.ExactDecimal(8, 2)" in upgrade
    assert upgrade.count("op.") == upgrade.count("batch_op.") * 2 == 2, upgrade
    for command in ("upgrade", "check", "downgrade", "upgrade"):
        result = run_flask(python, "db", command, folder=tmp_path)
        assert result.returncode == 0, result.stderr


PARTS = {
    "app.api": ("app/api/", "tests/test_api"),
    "app.admin": ("app/admin.py", "app/fields.py", "app/templates/admin/", "tests/test_admin"),
    "app.changes": ("app/changes.py", "tests/test_changes"),
    "": ("app/origins.py", "tests/test_origins"),
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_deleted_with_its_one_line(tmp_path: Path, part: str) -> None:
    for path, text in render_app(sample_plans.pair(), "sample").items():
        if path.startswith(PARTS[part]):
            continue
        lines = text.splitlines(keepends=True)
        kept = [line for line in lines if not (part and line.startswith(f'    "{part}",'))]
        assert path != "app/__init__.py" or len(kept) == len(lines) - bool(part)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("".join(kept))
    others = ["--ignore=tests/test_passwords.py", "--ignore=tests/test_sessions.py"]
    result = run_own_tests(PYTHONS[0], *others, folder=tmp_path)
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr


IMPORTS = "import datetime as dt\nfrom decimal import Decimal\n"


@all_pythons
@pytest.mark.parametrize(("plan", "script"), [("blog", "use_blog.py"), ("odd", "use_odd.py")])
def test_the_models_work_together(apps: Apps, python: str, plan: str, script: str) -> None:
    code = (Path(__file__).parent / script).read_text()
    result = run_python(python, code, folder=apps(plan))
    assert result.returncode == 0, result.stderr


@all_plans
def test_two_renderings_of_a_plan_are_the_same(plan: str) -> None:
    make = getattr(sample_plans, plan)
    first, second = render_app(make(), "sample"), render_app(make(), "sample")
    assert list(first.items()) == list(second.items())


@all_plans
def test_an_app_doesnt_import_outgrow(plan: str) -> None:
    for path, text in render_app(getattr(sample_plans, plan)(), "sample").items():
        if path.endswith(".py"):
            for node in ast.walk(ast.parse(text)):
                names = [a.name for a in getattr(node, "names", []) if isinstance(a, ast.alias)]
                names.append(getattr(node, "module", None) or "")
                assert not any(name.split(".")[0] == "outgrow" for name in names), path
