"""The apps that the module's code is tried in: converted once per run, copied for each test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from module_apps import PYTHONS, App, Place, convert, copy, write_data
from module_contents import part

from outgrow import steps

ROOT = Path(__file__).parents[2]

USERS = {
    "users": [
        {"id": 1, "username": "john_doe", "email": "john@example.com"},
        {"id": 2, "username": "jane_doe", "email": "jane@example.com"},
        {"id": 3, "username": "grace", "email": "grace@example.org"},
    ]
}
POSTS = [
    {"id": 1, "title": "Hello", "content": "First words.", "user_id": 1},
    {"id": 2, "title": "Again", "content": "More words.", "user_id": 1},
    {"id": 3, "title": "Hi", "content": "Words of Jane.", "user_id": 2},
]
MEMBERS = [{"id": 1, "name": "Jane Roe", "email": "jane@example.com", "created_at": "2024-05-01 10:00:00"}]


@pytest.fixture(params=PYTHONS, ids=lambda path: Path(path).parents[1].name)
def python(request: pytest.FixtureRequest) -> str:
    """Each Python that apps are tried with: one has SQLAlchemy 2.1, another may have 2.0."""
    path: str = request.param
    return path


@pytest.fixture
def today(request: pytest.FixtureRequest) -> str:
    """The error that the test's row names."""
    text: str = request.function.row.today
    assert text
    return text


@pytest.fixture(scope="session")
def blog_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module's users and posts, in files."""
    return write_data(tmp_path_factory.mktemp("blog") / "data", users=USERS, posts=POSTS)


@pytest.fixture(scope="session")
def converted_blog(blog_data: Path) -> Path:
    """The module's users and posts as an app; the plan says, as the module does, that a post's user is its author."""
    plan = blog_data.parent / "outgrow.toml"
    text = steps.inspect(blog_data).plan_text
    assert "references.user =" in text
    plan.write_text(text.replace("references.user =", "references.author ="), "utf-8")
    convert(blog_data, blog_data.parent / "app", plan)
    return blog_data.parent / "app"


@pytest.fixture
def blog(converted_blog: Path, tmp_path: Path, python: str) -> App:
    """An app with the module's User and Post."""
    return App(copy(converted_blog, tmp_path / "blog"), python)


@pytest.fixture(scope="session")
def converted_members(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("members")
    convert(write_data(folder / "data", users=MEMBERS), folder / "app")
    return folder / "app"


@pytest.fixture
def members(converted_members: Path, tmp_path: Path, python: str) -> App:
    """An app whose users have a name, an e-mail address and the time when they came."""
    return App(copy(converted_members, tmp_path / "members"), python)


@pytest.fixture(scope="session")
def converted_club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    blog = ROOT / "examples" / "blog"
    folder = tmp_path_factory.mktemp("club")
    data = shutil.copytree(blog / "data", folder / "data")
    convert(data, folder / "app", blog / "plan.toml")
    return folder / "app"


@pytest.fixture
def club(converted_club: Path, tmp_path: Path, python: str) -> App:
    """The app of examples/blog: one-to-one, many-to-many, threads."""
    return App(copy(converted_club, tmp_path / "club"), python)


@pytest.fixture
def literal(tmp_path: Path, python: str) -> Place:
    """The module's own app and models, letter for letter but for the database, which is SQLite."""
    place = Place(tmp_path / "literal", python)
    place.folder.mkdir()
    config = part("04_configure.py", "# config.py", "# app.py")
    place.write(
        config=config.replace("mysql://user:password@localhost/dbname", f"sqlite:///{place.folder}/site.db"),
        app=part("04_configure.py", "# app.py"),
        models=part("05_models.py", "# models.py"),
    )
    return place


@pytest.fixture(scope="session")
def php() -> str:
    """A real PHP: OUTGROW_PHP, the one that get_php.sh has fetched, or the one on the PATH."""
    fetched = ROOT / ".cache" / "php" / "usr" / "bin" / "php8.2"
    found = os.environ.get("OUTGROW_PHP") or (str(fetched) if fetched.exists() else shutil.which("php"))
    if not found:
        pytest.skip("there is no php; tests/module/get_php.sh fetches one on Debian, without installing it")
    return found
