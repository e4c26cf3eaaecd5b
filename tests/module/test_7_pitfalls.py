"""Common pitfalls, next steps and resources."""

from __future__ import annotations

import sqlite3
import tomllib
from pathlib import Path

from module_apps import App, convert, copy, write_data
from module_rows import row


@row(
    "Common Pitfalls",
    "sessions",
    item=1,
    where=["app/database.py: class unit_of_work", "app/idempotency.py: unit_of_work()(work)"],
)
def test_a_request_that_fails_leaves_nothing_behind(blog: App) -> None:
    """Each request of the API is one unit of work: one that fails, even by a mistake in the code, is rolled back, and
    the next one finds a clean session."""
    assert blog.python_shows("""
from sqlalchemy import event
app.config["PROPAGATE_EXCEPTIONS"] = False
broken = True
@event.listens_for(db.session, "before_commit")
def fail(session):
    if broken:
        session.flush()
        raise RuntimeError("a mistake in the code")
first = client.post("/api/users", json={"username": "ada", "email": "ada@example.com"})
broken = False
second = client.post("/api/users", json={"username": "bob", "email": "bob@example.com"})
show([first.status_code, second.status_code, [user.username for user in User.query.order_by(User.id)][3:]])
""") == [500, 201, ["bob"]]


COUNT = """
from sqlalchemy import event
statements = []
@event.listens_for(db.engine, "before_cursor_execute")
def count(connection, cursor, statement, *rest):
    statements.append(statement)
def queries(action):
    statements.clear()
    action()
    return sum(statement.startswith("SELECT") for statement in statements)
"""


@row("Common Pitfalls", "N+1 queries: lists of the API", item=2, where=["app/api/resource.py: def items"])
def test_a_list_takes_the_same_number_of_queries_whatever_its_length(club: App) -> None:
    """Every list of the API takes one query, and one more where the total is asked for, with 1 row as with 100:
    measured for each table of the blog, which has relationships of all kinds."""
    with sqlite3.connect(club.database) as database:
        database.execute("""
            WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
            INSERT INTO posts (id, user_id, slug, title, body, published, created_at)
            SELECT i, 1, 'p' || i, 'Post', 'Text', 1, '2026-01-01 00:00:00.000000' FROM n
        """)
    shown = club.python_shows(
        COUNT
        + """
names = [each["url"] for each in client.get("/api/").json["resources"]]
found = {name: [queries(lambda: client.get(f"{name}?total=true&per_page={n}")) for n in (1, 100)] for name in names}
found["rows"] = len(client.get("/api/posts?per_page=100").json["items"])
show(found)
"""
    )
    assert shown.pop("rows") == 100
    assert len(shown) >= 6
    assert set(map(tuple, shown.values())) == {(2, 2)}


@row("Common Pitfalls", "N+1 queries: `joinedload()`", item=2, where=["app/models.py: class User … posts: Mapped"])
def test_joinedload_takes_one_query(blog: App) -> None:
    """In Python the relationships load when they are touched: 1 + 3 queries for the posts of 3 users.
    `joinedload(User.posts)` makes it one, as the module says."""
    assert blog.python_shows(
        COUNT
        + """
from sqlalchemy.orm import joinedload
def one_by_one():
    return [len(user.posts) for user in User.query.all()]
def joined():
    db.session.expunge_all()
    return [len(user.posts) for user in User.query.options(joinedload(User.posts)).all()]
show([queries(one_by_one), queries(joined), one_by_one() == joined()])
"""
    ) == [4, 1, True]


@row(
    "Common Pitfalls",
    "connections",
    item=3,
    where=["app/database_url.py: pool_pre_ping", "app/connections.py: def prepare_sqlite"],
)
def test_requests_share_a_connection(blog: App) -> None:
    """Twenty requests one after another open one connection: it goes back to the pool each time. On a server the pool
    also asks whether a connection still lives (`pool_pre_ping`) before it hands it out."""
    assert blog.python_shows("""
from sqlalchemy import event
opened = []
db.engine.dispose()
event.listen(db.engine, "connect", lambda *_: opened.append(1))
answers = {client.get(f"/api/users/{1 + n % 3}").status_code for n in range(20)}
show([len(opened), sorted(answers), Config({"DATABASE_URL": "postgresql://localhost/x"}).SQLALCHEMY_ENGINE_OPTIONS["pool_pre_ping"]])
""") == [1, [200], True]


@row(
    "Common Pitfalls",
    "security: passwords",
    item=4,
    where=["app/passwords.py: def hash_password", "app/models.py: password: Mapped", "app/values.py: def ready"],
)
def test_no_password_stays_in_plain_text(tmp_path: Path, python: str) -> None:
    """A password that the files hold in plain text becomes an argon2 hash on the way in, and is found nowhere in the
    app; so does one that comes over the API. No answer shows a password or its hash."""
    people = [{"id": 1, "username": "ann", "email": "ann@example.com", "password": "correct-horse"}]
    done = convert(write_data(tmp_path / "data", users=people), tmp_path / "app")
    assert done.hashed_passwords == 1
    for file in (tmp_path / "app").rglob("*"):
        assert not file.is_file() or b"correct-horse" not in file.read_bytes(), file
    app = App(copy(tmp_path / "app", tmp_path / "copy"), python)
    assert app.python_shows("""
from app.passwords import is_right
new = client.post("/api/users", json={"username": "bob", "email": "bob@example.com", "password": "battery-staple"})
ann, bob = User.query.order_by(User.id)
show([
    is_right(ann.password, "correct-horse"),
    is_right(bob.password, "battery-staple"),
    bob.password[:9],
    "password" in new.json or "password" in client.get("/api/users/1").json,
])
""") == [True, True, "$argon2id", False]


@row("Common Pitfalls", "security: parameterised queries", item=4, where=["app/query.py: def filters"])
def test_an_injection_stays_data(blog: App) -> None:
    """A value made to break out of SQL is stored as it is, and as a filter it finds just itself. The same from a file:
    values reach the database only as parameters."""
    assert blog.python_shows("""
evil = "x'); DROP TABLE users; --"
made = client.post("/api/users", data={"username": evil, "email": "evil@example.com"})
found = client.get("/api/users", query_string={"username": evil}).json["items"]
all_or_none = client.get("/api/users", query_string={"username": "x' OR '1'='1", "total": "true"}).json["total"]
show([made.status_code, found[0]["username"] == evil, all_or_none, User.query.count()])
""") == [201, True, 0, 4]


@row(
    "Common Pitfalls",
    "security: input",
    item=4,
    where=["app/values.py: def from_json", "app/problems.py: def invalid", "app/config.py: MAX_CONTENT_LENGTH"],
)
def test_input_is_checked_against_its_column(blog: App) -> None:
    """Each value is checked against its column, and every mistake is named in one answer. Markup stays text, and goes
    out as JSON: to escape it is the page's work, as in Jinja."""
    assert blog.python_shows("""
bad = client.post("/api/posts", json={"title": 5, "user_id": "one", "colour": "red"})
markup = client.patch("/api/posts/1", json={"title": "<script>alert(1)</script>"}, headers={"If-Match": "*"})
show([bad.status_code, sorted(bad.json["errors"]), markup.json["title"], markup.mimetype])
""") == [422, ["colour", "content", "title", "user_id"], "<script>alert(1)</script>", "application/json"]


@row("Next Steps", "the exercise", item=1, where=["app/models.py: class User"])
def test_the_exercise_is_one_command(tmp_path: Path) -> None:
    """One command, see [the exercise](#exercise-converting-file-based-storage-to-database)."""
    data = write_data(
        tmp_path / "data", users={"users": [{"id": 1, "username": "john_doe", "email": "john@example.com"}]}
    )
    assert convert(data, tmp_path / "app").verified


@row(
    "Next Steps",
    "other relationships",
    item=2,
    where=["app/models.py: profile: Mapped", "app/models.py: tags: Mapped", "app/models.py: children: Mapped"],
)
def test_there_are_other_kinds_of_relationships(club: App) -> None:
    """The blog of `examples/` has them, inferred from its files: a user's profile (one-to-one), a post's tags
    (many-to-many, in their order), a comment's answers (to itself)."""
    assert club.python_shows("""
profile = Profile.query.first()
post = next(post for post in Post.query if len(post.tags) > 1)
answer = Comment.query.filter(Comment.parent_id.is_not(None)).first()
show([
    profile.user.profile is profile,
    all(post in tag.posts for tag in post.tags),
    answer in answer.parent.children,
])
""") == [True, True, True]


@row("Next Steps", "complex queries", item=3, where=["app/models.py: class User … posts: Mapped"])
def test_complex_queries_run_in_flask_shell(club: App) -> None:
    """They are SQLAlchemy's, in `flask shell`: here the authors by number of posts, over a join, grouped and sorted."""
    said = club.shell(
        "count = db.func.count(Post.id)",
        "query = db.select(User.username, count).join(User.posts).group_by(User.id)",
        "query = query.order_by(count.desc(), User.username)",
        "rows = db.session.execute(query).all()",
        "sum(number for _, number in rows) == Post.query.count()",
        "rows == sorted(rows, key=lambda row: (-row[1], row[0]))",
    )
    assert ">>> True\n>>> True\n" in said.stdout, said.stderr


@row("Next Steps", "migrations", item=4, where=["migrations/env.py: def options"])
def test_a_migration_may_rename_a_column(blog: App) -> None:
    """Change `app/models.py` and let `flask db migrate` write the revision, as
    [above](#database-migrations-with-alembic); or write one by hand: `flask db revision` makes the frame."""
    done = blog.run("flask", "db", "revision", "-m", "Rename a column")
    assert done.returncode == 0, done.stderr
    [revision] = (blog.folder / "migrations" / "versions").glob("*_rename_a_column.py")
    rename = "op.alter_column('users', 'username', new_column_name='login')"
    text = revision.read_text()
    assert text.count("    pass") == 2
    revision.write_text(text.replace("    pass", f"    {rename}", 1))
    models = blog.folder / "app" / "models.py"
    models.write_text(models.read_text().replace("    username: Mapped", "    login: Mapped"))
    done = blog.run("flask", "db", "upgrade")
    assert done.returncode == 0, done.stderr
    assert blog.python_shows("show([[user.login, len(user.posts)] for user in User.query.order_by(User.id)])") == [
        ["john_doe", 2],
        ["jane_doe", 1],
        ["grace", 0],
    ]


@row(
    "Next Steps",
    "an API",
    item=5,
    where=["app/api/resources.py: resource(models.User)", "app/api/resource.py: def resource("],
)
def test_every_table_has_its_api(club: App) -> None:
    """Is there: one line per table in `app/api/resources.py`, and `GET /api/` lists what there is. To be without it,
    delete `app/api/` and its line in `app/__init__.py`."""
    shown = club.python_shows("""
from app.database import all_models
listed = client.get("/api/").json["resources"]
names = {each["name"] for each in listed}
answers = {client.get(each["url"]).status_code for each in listed}
show([names == {model.__tablename__ for model in all_models()}, answers == {200}])
""")
    assert shown == [True, True]


@row(
    "Additional Resources",
    "what the links are about",
    where=['pyproject.toml: "SQLAlchemy>', "pyproject.toml: Flask-SQLAlchemy>", "pyproject.toml: Flask-Migrate>"],
)
def test_the_app_stands_on_the_libraries_that_the_links_describe(blog: App) -> None:
    """The libraries that the four links describe are the ones that the app is written with; nothing of outgrow stands
    between them and you. (The links themselves aren't tried: tests don't use the network.)"""
    project = tomllib.loads((blog.folder / "pyproject.toml").read_text("utf-8"))["project"]
    named = {requirement.split(">")[0] for requirement in project["dependencies"]}
    assert {"SQLAlchemy", "Flask-SQLAlchemy", "Flask-Migrate"} <= named
    assert blog.python_shows("show(sorted(name for name in sys.modules if name.split('.')[0] == 'outgrow'))") == []
