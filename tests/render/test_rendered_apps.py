"""Apps rendered from plans are formatted, typed, migrated and pass their own tests."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sample_plans
from interpreters import PLANS, PYTHONS, Run

from outgrow.render import render_app

Apps = Callable[[str], Path]

all_plans = pytest.mark.parametrize("plan", PLANS)
all_pythons = pytest.mark.parametrize("python", PYTHONS)


@all_plans
def test_an_app_is_linted_and_formatted(apps: Apps, run: Run, plan: str) -> None:
    for command in (["check"], ["format", "--check"]):
        result = run(apps(plan), sys.executable, "-m", "ruff", *command, "--no-cache", ".")
        assert result.returncode == 0, result.stdout + result.stderr


@all_plans
@all_pythons
def test_an_app_is_typed(
    apps: Apps, run: Run, plan: str, python: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cache = tmp_path_factory.getbasetemp() / f"mypy{PYTHONS.index(python)}"
    command = [sys.executable, "-m", "mypy", "--python-executable", python, "--cache-dir"]
    result = run(apps(plan), *command, str(cache))
    assert result.returncode == 0, result.stdout + result.stderr


@all_plans
@all_pythons
def test_an_apps_own_tests_pass(apps: Apps, run: Run, plan: str, python: str) -> None:
    command = [python, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    if (plan, python) != ("blog", PYTHONS[0]):
        command += ["--ignore=tests/test_passwords.py"]  # neither plan nor SQLAlchemy matters to it
    result = run(apps(plan), *command)
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr


@all_pythons
def test_the_first_steps_work_as_the_readme_says(apps: Apps, run: Run, python: str, tmp_path: Path) -> None:
    folder = apps("blog")
    environ = {"DATABASE_URL": f"sqlite:///{tmp_path / 'app.db'}"}
    for command in ("upgrade", "check", "current"):
        result = run(folder, python, "-m", "flask", "db", command, **environ)
        assert result.returncode == 0, result.stderr
    assert "(head)" in result.stdout
    result = run(folder, python, "-m", "flask", "token", "create", **environ)
    assert len(result.stdout.strip()) > 40
    result = run(folder, python, "-m", "flask", "routes", **environ)
    assert "/api/users/<path:key>" in result.stdout


@all_pythons
def test_a_later_revision_sees_only_what_the_user_changed(run: Run, python: str, tmp_path: Path) -> None:
    files = render_app(sample_plans.blog(), "sample")
    marker = "    bio: Mapped"
    column = "    wage: Mapped[Decimal | None] = mapped_column(ExactDecimal(8, 2))\n"
    models = files["app/models.py"].replace(marker, column + marker)
    models = models.replace("import LongText", "import ExactDecimal, LongText")
    files["app/models.py"] = models.replace("import datetime as dt\n", IMPORTS)
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    flask = [python, "-m", "flask", "db"]
    assert run(tmp_path, *flask, "upgrade").returncode == 0
    assert run(tmp_path, *flask, "check").returncode != 0
    assert run(tmp_path, *flask, "migrate", "-m", "Wages").returncode == 0
    [revision] = (tmp_path / "migrations/versions").glob("*_wages.py")
    upgrade = revision.read_text().split("def upgrade")[1].split("def downgrade")[0]
    assert "types.ExactDecimal(8, 2)" in upgrade
    assert upgrade.count("op.") == upgrade.count("batch_op.") * 2 == 2, upgrade
    for command in ("upgrade", "check", "downgrade", "upgrade"):
        result = run(tmp_path, *flask, command)
        assert result.returncode == 0, result.stderr


PARTS = {
    "app.api": ("app/api/", "tests/test_api"),
    "app.admin": ("app/admin.py", "app/fields.py", "app/templates/admin/", "tests/test_admin"),
    "app.changes": ("app/changes.py", "tests/test_changes"),
    "": ("app/origins.py", "tests/test_origins"),
}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_can_be_deleted_with_its_one_line(run: Run, tmp_path: Path, part: str) -> None:
    for path, text in render_app(sample_plans.blog(), "sample").items():
        if path.startswith(PARTS[part]):
            continue
        lines = text.splitlines(keepends=True)
        kept = [line for line in lines if not (part and line.startswith(f'    "{part}",'))]
        assert path != "app/__init__.py" or len(kept) == len(lines) - bool(part)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("".join(kept))
    others = ["--ignore=tests/test_passwords.py", "--ignore=tests/test_sessions.py"]
    result = run(tmp_path, PYTHONS[0], "-m", "pytest", "-q", "-p", "no:cacheprovider", *others)
    assert result.returncode == 0, result.stdout[-8000:] + result.stderr


IMPORTS = "import datetime as dt\nfrom decimal import Decimal\n"


@all_pythons
@pytest.mark.parametrize(("plan", "script"), [("blog", "use_blog.py"), ("odd", "use_odd.py")])
def test_the_models_work_together(apps: Apps, run: Run, python: str, plan: str, script: str) -> None:
    code = (Path(__file__).parent / script).read_text()
    result = run(apps(plan), python, "-c", code)
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
