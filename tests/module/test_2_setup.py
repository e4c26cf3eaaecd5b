"""Setting up: packages, configuration, models."""

from __future__ import annotations

import tomllib

from module_apps import App, Place
from module_contents import block, part
from module_rows import row


@row(
    "Setting Up Database Integration",
    "nothing is left to set up",
    where=["wsgi.py: app = create_app", "app/__init__.py: PARTS"],
)
def test_the_app_answers_as_it_is(blog: App) -> None:
    """A converted app runs as it is: `flask run` finds `wsgi.py`, the database lies in `instance/`, and the API answers
    to the token that `convert` has shown."""
    assert "/api/users" in blog.run("flask", "routes").stdout
    assert blog.python_shows("show(client.get('/api/users?total=true').json['total'])") == 3


@row(
    "1. Install Required Packages",
    "the two packages",
    block="03_install.sh",
    unchanged=True,
    where=["pyproject.toml: Flask-Migrate", "pyproject.toml: Flask-SQLAlchemy"],
)
def test_the_packages_are_what_the_app_asks_for(blog: App) -> None:
    """The command stands, and isn't needed: both packages are dependencies of the app, so `pip install -e .` brings
    them. (The test looks at the dependencies and imports the packages; it downloads nothing.)"""
    wanted = [word.lower() for word in block("03_install.sh").split()[2:]]
    project = tomllib.loads((blog.folder / "pyproject.toml").read_text("utf-8"))["project"]
    named = [requirement.split(">")[0].lower() for requirement in project["dependencies"]]
    assert set(wanted) <= set(named)
    assert blog.python_says(f"import {', '.join(wanted).replace('-', '_')}").returncode == 0


@row(
    "2. Configure Database",
    "`config.py` and `app.py`",
    block="04_configure.py",
    today="No module named 'MySQLdb'",
    where=["app/database_url.py: DRIVERS", "app/config.py: class Config", "app/__init__.py: def create_app"],
)
def test_the_url_of_mysql_finds_a_driver(literal: Place, blog: App, today: str) -> None:
    """As it stands, `mysql://` asks for a driver that neither package brings. The app's `Config` takes the same URL and
    gives it one that `pip install ".[mysql]"` brings, PyMySQL; `create_app` does the rest of `app.py`."""
    literal.write(config=part("04_configure.py", "# config.py", "# app.py"))
    assert today in literal.python_says("import app").stderr
    url = "mysql://user:password@localhost/dbname"
    assert url in block("04_configure.py")
    shown = blog.python_shows(f"show(Config({{'DATABASE_URL': {url!r}}}).SQLALCHEMY_DATABASE_URI.drivername)")
    assert shown == "mysql+pymysql"


@row(
    "3. Create Models",
    "`User` and `Post`",
    block="05_models.py",
    where=[
        "app/models.py: class User",
        "app/models.py: class Post … user_id: Mapped",
        "app/models.py: author: Mapped",
        "app/models.py: class User … posts: Mapped",
    ],
)
def test_the_models_have_what_the_modules_have(blog: App) -> None:
    """Inferred from the files: both keys, `username` and `email` unique and not null, strings of 80 and 120, the text,
    the foreign key, and the relationship with its back reference. The class is written in today's style
    (`Mapped[str]`), and lengths go up a ladder: 80, 120, 255, text (so the title has 255, not 200). That a post's user
    is its `author` is one line in the plan."""
    shown = blog.python_shows("""
from app.database import table_of
def describe(column):
    length = getattr(column.type, "length", None)
    kind = str(length) if length else type(column.type).__name__
    return [kind, column.nullable, bool(column.unique or column.primary_key)]
show({model.__name__: {c.name: describe(c) for c in table_of(model).columns} for model in (User, Post)})
""")
    number = ["Integer", False]
    assert shown["User"] == {"id": [*number, True], "username": ["80", False, True], "email": ["120", False, True]}
    assert shown["Post"] == {
        "id": [*number, True],
        "title": ["255", False, False],
        "content": ["Text", False, False],
        "user_id": [*number, False],
    }
    assert blog.python_shows("""
post = db.session.get(Post, 3)
show([post.author.username, [post.title for post in db.session.get(User, 1).posts]])
""") == ["jane_doe", ["Hello", "Again"]]


@row(
    "3. Create Models",
    "`from app import db`",
    block="05_models.py",
    today="cannot import name 'db' from partially initialized module 'app'",
    where=["app/__init__.py: from app.database import", "app/models.py: from app.database import"],
)
def test_models_and_app_dont_import_each_other(literal: Place, blog: App, today: str) -> None:
    """The module's models import the app, and the app has to import the models, or migrations don't see them: a circle.
    Here `db` stands in `app/database.py` below both, and `from app import db` and `from app.models import User` work in
    any order."""
    literal.write(app="from models import User, Post\n" + part("04_configure.py", "# app.py"))
    assert today in literal.python_says("import app").stderr
    for first, second in (("app import db", "app.models import User"), ("app.models import User", "app import db")):
        done = blog.python_says(f"from {first}\nfrom {second}\nassert User.metadata is db.metadata")
        assert done.returncode == 0, done.stderr


@row(
    "3. Create Models",
    "the foreign key",
    block="05_models.py",
    where=[
        "app/connections.py: PRAGMA foreign_keys",
        "app/models.py: class Post … user_id: Mapped",
        "app/refusals.py: There is no such row",
    ],
)
def test_a_post_of_nobody_is_refused(literal: Place, blog: App) -> None:
    """The module's models on SQLite accept a post of user 999, as SQLite checks foreign keys only when told to. The app
    tells it on every connection: an `IntegrityError` in Python, an answer 422 from the API."""
    done = literal.python_says("""
from app import app, db
from models import Post
with app.app_context():
    db.create_all()
    db.session.add(Post(title="a", content="b", user_id=999))
    db.session.commit()
    print(Post.query.count())
""")
    assert done.stdout == "1\n", done.stderr
    assert blog.python_shows("""
answer = client.post("/api/posts", json={"title": "a", "content": "b", "user_id": 999})
db.session.add(Post(title="a", content="b", user_id=999))
try:
    db.session.commit()
except Exception as error:
    show([type(error).__name__, answer.status_code, answer.json["errors"]])
""") == ["IntegrityError", 422, {"user_id": "There is no such row in users."}]
