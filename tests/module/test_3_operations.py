"""Creating, reading, updating and deleting records."""

from __future__ import annotations

from pathlib import Path

from module_apps import App, Place, convert, copy
from module_contents import block, part
from module_rows import row

from outgrow import steps

CREATE_USER = "from flask import jsonify, request\n" + part("06_creating.py", "# Flask SQLAlchemy Way")

THE_MODULES_VIEW = """
from app import app, db
from models import User
exec(open("view.py").read())
with app.app_context():
    db.create_all()
"""

SEND = """
app.config["PROPAGATE_EXCEPTIONS"] = False
send = lambda **form: app.test_client().post("/create_user", data=form)
answers = [
    send(username="new", email="new@example.com"),
    send(username="new", email="newer@example.com"),
    send(username="x" * 500, email="long@example.com"),
    send(username="half"),
]
print([answer.status_code for answer in answers], answers[0].json)
"""


@row(
    "Database Operations",
    "all four, over HTTP",
    where=["app/api/resource.py: class Rows", "app/api/resource.py: class Row(", "app/auth.py: def require_token"],
)
def test_the_api_creates_reads_changes_and_deletes(blog: App) -> None:
    """Beside the models in Python, every table has an API: create, list, read, change, delete. All of it asks for the
    token, and a write for the `ETag` of what was read, so that nobody overwrites what they haven't seen."""
    assert blog.python_shows("""
made = client.post("/api/users", json={"username": "ada", "email": "ada@example.com"})
there = made.headers["Location"]
read = client.get(there)
changed = client.patch(there, json={"username": "countess"}, headers={"If-Match": read.headers["ETag"]})
gone = client.delete(there, headers={"If-Match": changed.headers["ETag"]})
again = client.get(there)
without = app.test_client().get("/api/users")
show([each.status_code for each in (made, read, changed, gone, again, without)] + [read.json, changed.json["username"]])
""") == [201, 200, 200, 204, 404, 401, {"id": 4, "username": "ada", "email": "ada@example.com"}, "countess"]


@row(
    "Creating Records", "the module's view", block="06_creating.py", unchanged=True, where=["app/models.py: class User"]
)
def test_the_modules_view_runs_in_the_app(blog: App, literal: Place) -> None:
    """The view for `POST /create_user` runs in the generated app as it stands, and stores the user. A duplicate gives
    500 in the module's own app, and 409 in the generated one, which answers what the database refuses; a name of 500
    letters goes through on SQLite in both."""
    literal.write(view=CREATE_USER)
    blog.write(view=CREATE_USER)
    wanted = "[200, 500, 200, 400] {'message': 'User created'}\n"
    assert literal.python_says(THE_MODULES_VIEW + SEND).stdout == wanted
    in_our_app = "from app import create_app, db\nfrom app.models import User\napp = create_app()\n"
    done = blog.python_says(in_our_app + 'exec(open("view.py").read())\n' + SEND)
    assert done.stdout == wanted.replace("500", "409"), done.stderr
    assert blog.python_shows("show(User.query.filter_by(username='new').count())") == 1


@row(
    "Creating Records",
    "the API instead of the view",
    block="06_creating.py",
    today="UNIQUE constraint failed: user.username",
    where=["app/api/resource.py: def post", "app/values.py: def from_texts", "app/refusals.py: def explain"],
)
def test_the_api_takes_the_same_form_and_answers_for_bad_ones(blog: App, literal: Place, today: str) -> None:
    """`POST /api/users` takes the view's form, or JSON, and answers 201 with the row. A duplicate is 409 and names the
    field, where the view lets the exception through; a missing or too long value is 422. Never a 500."""
    literal.write(view=CREATE_USER)
    assert today in literal.python_says(THE_MODULES_VIEW + SEND).stderr
    form, json, twice, long, half = blog.python_shows("""
answers = [
    client.post("/api/users", data={"username": "new", "email": "new@example.com"}),
    client.post("/api/users", json={"username": "newer", "email": "newer@example.com"}),
    client.post("/api/users", data={"username": "new", "email": "other@example.com"}),
    client.post("/api/users", data={"username": "x" * 500, "email": "long@example.com"}),
    client.post("/api/users", data={"username": "half"}),
]
show([[answer.status_code, answer.json] for answer in answers])
""")
    assert form == [201, {"id": 4, "username": "new", "email": "new@example.com"}]
    assert json == [201, {"id": 5, "username": "newer", "email": "newer@example.com"}]
    assert (twice[0], twice[1]["errors"]) == (409, {"username": "Is taken by another row."})
    assert (long[0], long[1]["errors"]) == (422, {"username": "String should have at most 80 characters"})
    assert (half[0], half[1]["errors"]) == (422, {"email": "Must be given"})


@row(
    "Reading Records",
    "all, by key, by condition, joined, sorted",
    block="07_reading.py",
    unchanged=True,
    where=["app/database.py: query: ClassVar", "app/models.py: class User … posts: Mapped"],
)
def test_the_queries_run_in_flask_shell(blog: App) -> None:
    """All five queries run in `flask shell` as they stand; `db` and the models are at hand there."""
    text = block("07_reading.py")
    basic, joined = (
        part("07_reading.py", "# Basic", "# Advanced"),
        part("07_reading.py", "# Users with posts", "# Users with specific"),
    )
    said = blog.shell(basic, "users, user", joined, "len(users)", text, "[user.username for user in users]")
    assert "User id=3" in said.stdout
    assert "<User id=1 username='john_doe'>)" in said.stdout
    assert ">>> 2\n" in said.stdout
    assert "['jane_doe', 'john_doe']" in said.stdout
    assert "Error" not in said.stderr


@row(
    "Reading Records",
    "`User.query.get(1)`",
    block="07_reading.py",
    unchanged=True,
    today="LegacyAPIWarning: The Query.get() method is considered legacy",
    where=["README.md: db.session.get"],
)
def test_query_get_still_answers_and_warns(blog: App, today: str) -> None:
    """It still answers, with SQLAlchemy's `LegacyAPIWarning`. The app's README shows what is written today:
    `db.session.get(User, 1)`, `db.session.scalars(db.select(User))`."""
    said = blog.shell("User.query.get(1)", "db.session.get(User, 2)", "db.session.scalars(db.select(User)).all()")
    assert today in said.stderr
    assert said.stderr.count("Warning") == 1
    assert ">>> <User id=1 username='john_doe'>\n>>> <User id=2 username='jane_doe'>\n>>> [<User id=1" in said.stdout


@row(
    "Reading Records",
    "the same over the API",
    where=["app/query.py: def filters", "app/query.py: def order"],
)
def test_the_api_filters_and_sorts(blog: App) -> None:
    """`GET /api/users?username=john_doe` is the condition, `?sort=-username` the order, `/api/users/1` the key; an
    unknown field is 422 and named."""
    assert blog.python_shows("""
found = client.get("/api/users?username=john_doe").json["items"]
order = [user["username"] for user in client.get("/api/users?sort=-username").json["items"]]
show([found, order, client.get("/api/users/1").json["email"], client.get("/api/users?name=x").json["errors"]])
""") == [
        [{"id": 1, "username": "john_doe", "email": "john@example.com"}],
        ["john_doe", "jane_doe", "grace"],
        "john@example.com",
        {"name": "There is no such field to filter by"},
    ]


@row(
    "Updating Records",
    "in Python, and over the API",
    block="08_updating.py",
    unchanged=True,
    where=["app/api/resource.py: def patch", "app/changes.py: def note_flush"],
)
def test_a_change_is_stored_and_told_from_damage(blog: App) -> None:
    """The block runs in `flask shell` as it stands; over HTTP it is `PATCH`. `outgrow verify` counts the row as
    changed, not as damaged, and `export` then writes a file in which only this record differs."""
    said = blog.shell(block("08_updating.py"))
    assert "Error" not in said.stderr
    assert blog.python_shows("show(client.get('/api/users/1').json['username'])") == "new_username"
    change = "client.patch('/api/users/2', json={'username': 'jane'}, headers={'If-Match': '*'})"
    assert blog.python_shows(f"show({change}.status_code)") == 200
    steps.export(blog.folder, blog.folder.parent / "back")
    text = (blog.folder.parent / "back" / "users.json").read_text()
    assert '{"id":1,"username":"new_username","email":"john@example.com"},{"id":2,"username":"jane",' in text
    proof = steps.verify(blog.folder)
    assert (proof.ok, proof.changed) == (True, 2)


@row(
    "Deleting Records",
    "a user whom nothing refers to",
    block="09_deleting.py",
    unchanged=True,
    where=["app/api/resource.py: def delete"],
)
def test_a_row_without_references_is_deleted(blog: App) -> None:
    """The block deletes a user whom nothing refers to, as it stands (the test takes the posts away first); over HTTP it
    is `DELETE`."""
    said = blog.shell("_ = Post.query.filter_by(user_id=1).delete(); db.session.commit()", block("09_deleting.py"))
    assert "Error" not in said.stderr
    assert blog.python_shows(
        "gone = client.delete('/api/users/3', headers={'If-Match': '*'}).status_code; "
        "show([user.id for user in User.query.all()] + [gone])"
    ) == [2, 204]


@row(
    "Deleting Records",
    "a user who has posts",
    block="09_deleting.py",
    today="NOT NULL constraint failed: post.user_id",
    where=[
        "app/rows.py: count_references(row)",
        "app/refusals.py: def count_references",
        "app/models.py: class User … posts: Mapped",
    ],
)
def test_a_row_that_others_refer_to_stays(literal: Place, blog: App, today: str) -> None:
    """With the module's models this fails with an error about another table, as SQLAlchemy first takes the posts' user
    away. In the app it is an `IntegrityError` too, but of the foreign key; the API answers 409 and counts the posts."""
    setup = """
from app import app, db
from models import User, Post
app.app_context().push()
db.create_all()
db.session.add(User(username="a", email="a", posts=[Post(title="t", content="c")]))
db.session.commit()
"""
    assert today in literal.python_says(setup + block("09_deleting.py")).stderr
    said = blog.shell(block("09_deleting.py"))
    assert "IntegrityError" in said.stderr
    assert "FOREIGN KEY constraint failed" in said.stderr
    assert blog.python_shows(
        "answer = client.delete('/api/users/1', headers={'If-Match': '*'}); "
        "show([answer.status_code, answer.json['references']])"
    ) == [409, {"posts": 2}]


@row(
    "Deleting Records",
    "a user whose posts shall go along",
    block="09_deleting.py",
    unchanged=True,
    where=["outgrow.toml: on_delete", 'app/models.py: ondelete="CASCADE"'],
)
def test_what_goes_along_is_a_word_in_the_plan(blog_data: Path, tmp_path: Path, python: str) -> None:
    """`on_delete = "cascade"` in the plan's line for the reference makes the posts go with their user, and the block
    runs as it stands."""
    text = steps.inspect(blog_data).plan_text
    assert 'on_delete = "restrict"' in text
    (tmp_path / "plan.toml").write_text(text.replace('on_delete = "restrict"', 'on_delete = "cascade"'))
    convert(blog_data, tmp_path / "app", tmp_path / "plan.toml")
    blog = App(copy(tmp_path / "app", tmp_path / "copy"), python)
    assert "Error" not in blog.shell(block("09_deleting.py")).stderr
    assert blog.python_shows("show([User.query.count(), Post.query.count()])") == [2, 1]
