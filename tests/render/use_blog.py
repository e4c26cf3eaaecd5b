"""Run in the app of the plan `blog`: the module's words, and all relationships, on real rows."""

import tempfile

import sqlalchemy as sa
from app import create_app, db
from app.changes import outgrow_changes
from app.config import Config
from app.database import unit_of_work
from app.models import Comment, Post, PostTag, Profile, Tag, User
from flask_migrate import upgrade

folder = tempfile.mkdtemp()
app = create_app(Config({"SECRET_KEY": "tests", "DATABASE_URL": f"sqlite:///{folder}/app.db"}))
context = app.app_context()
context.push()
upgrade()
outgrow_changes.create(db.engine)


def notes() -> list[tuple[str, str, str]]:
    table = outgrow_changes.c
    query = sa.select(table.table_name, table.row_key, table.action).order_by(table.id)
    found = [tuple(row) for row in db.session.connection().execute(query)]
    db.session.connection().execute(outgrow_changes.delete())
    db.session.commit()
    return found


user = User(username="john_doe", email="john@example.com")
db.session.add(user)
db.session.commit()
assert User.query.get(1) is user
assert User.query.filter_by(username="john_doe").first() is user
assert User.query.filter(User.email.endswith("@example.com")).order_by(User.username).all()
assert repr(user) == "<User id=1 username='john_doe'>", repr(user)
assert list(user.to_dict()) == ["id", "username", "email", "created_at"]
assert user.created_at.tzinfo is None
assert notes() == [("users", "[1]", "insert")]

user.profile = Profile(bio="x")
post = Post(title="t", body="b", author=user)
db.session.add(post)
db.session.commit()
assert post.published is False
assert User.query.join(Post).all() == [user]
assert sorted(notes()) == [("posts", "[1]", "insert"), ("profiles", "[1]", "insert")]

red, blue = Tag(name="red"), Tag(name="blue")
db.session.add_all([red, blue])
db.session.commit()
notes()
post.tags.append(red)
blue.posts.append(post)
db.session.commit()
assert set(notes()) == {("posts", "[1]", "update")}
assert {tag.name for tag in post.tags} == {"red", "blue"}
db.session.get(PostTag, (1, blue.id)).position = 0
db.session.commit()
assert [tag.name for tag in post.tags] == ["blue", "red"]
assert db.session.get(PostTag, (1, blue.id)).tag is blue
notes()

first = Comment(text="1", post=post)
second = Comment(text="2", post=post, parent=first)
db.session.add(second)
db.session.commit()
assert first.replies == [second]
assert second.parent is first
notes()
with unit_of_work():
    db.session.delete(first)
assert second.parent is None
assert sorted(notes()) == [("comments", "[1]", "delete"), ("comments", "[2]", "update")]

try:
    with unit_of_work():
        db.session.delete(post)
except sa.exc.IntegrityError:
    pass
else:
    raise AssertionError("a post with comments was deleted")
with unit_of_work():
    db.session.delete(second)
    db.session.delete(post)
assert db.session.scalar(sa.select(sa.func.count()).select_from(PostTag)) == 0
with unit_of_work():
    db.session.delete(user)
assert Profile.query.count() == 0
assert ("profiles", "[1]", "delete") in notes()
