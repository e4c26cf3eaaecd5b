"""Connection pooling and best practices."""

from __future__ import annotations

from module_apps import App, Place
from module_contents import block
from module_rows import row


@row(
    "Connection Pooling",
    "the pool's options in the URL",
    block="14_pooling.py",
    today="got an unexpected keyword argument 'pool_size'",
    where=["app/database_url.py: def split_url", "app/database_url.py: ENGINE_OPTIONS"],
)
def test_the_pools_options_may_stand_in_the_url(blog: App, today: str) -> None:
    """SQLAlchemy hands everything behind the `?` to the driver, which knows nothing of pools: PyMySQL ends with a
    `TypeError` (the test asserts it where PyMySQL is installed, and always that the options go to the driver). The
    app's `split_url` takes them out of the same URL and gives them to the pool."""
    url = block("14_pooling.py").split("'")[1]
    done = blog.python_says(f"""
from sqlalchemy import create_engine, make_url
from sqlalchemy.dialects.mysql.base import MySQLDialect
from sqlalchemy.engine.default import DefaultDialect
print(DefaultDialect().create_connect_args(make_url({url!r}))[1])
from importlib.util import find_spec
if find_spec("pymysql"):
    create_engine({url!r}.replace("mysql:", "mysql+pymysql:")).connect()
print("no PyMySQL")
""")
    assert "'pool_size': '10', 'pool_recycle': '3600'" in done.stdout
    assert today in done.stderr or "no PyMySQL" in done.stdout
    shown = blog.python_shows(f"""
config = Config({{"DATABASE_URL": {url!r}}})
show([config.SQLALCHEMY_DATABASE_URI.render_as_string(hide_password=False), config.SQLALCHEMY_ENGINE_OPTIONS])
""")
    assert shown[0] == "mysql+pymysql://user:password@localhost/dbname"
    assert {"pool_size": 10, "pool_recycle": 3600}.items() <= shown[1].items()


@row("Connection Pooling", "the pool itself", where=["app/database_url.py: pool_size"])
def test_the_pool_is_as_large_as_the_url_says(blog: App) -> None:
    """The same options on the app's own database: its pool holds 10 connections, and renews each after an hour."""
    url = f"sqlite:///{blog.database}?pool_size=10&pool_recycle=3600"
    shown = blog.python_shows(
        "show([db.engine.pool.size(), db.engine.pool._recycle, User.query.count()])", DATABASE_URL=url
    )
    assert shown == [10, 3600, 3]


@row(
    "Best Practices",
    "environment variables",
    item=1,
    block="15_env_config.py",
    today="Either 'SQLALCHEMY_DATABASE_URI' or 'SQLALCHEMY_BINDS' must be set",
    where=["app/config.py: load_dotenv(", 'app/config.py: environ.get("DATABASE_URL")', ".env.example: DATABASE_URL="],
)
def test_the_database_is_named_by_the_environment(literal: Place, blog: App, today: str) -> None:
    """`DATABASE_URL` comes from the environment or from `.env`, as in the block. Where it isn't set, the block's app
    doesn't start; the generated one takes the SQLite file in `instance/`."""
    literal.write(config=block("15_env_config.py"))
    assert today in literal.python_says("import app").stderr
    assert literal.python_says("import app", DATABASE_URL="sqlite://").returncode == 0
    name = "show(db.engine.url.database)"
    assert blog.python_shows(name) == str(blog.database)
    assert blog.python_shows(name, DATABASE_URL="sqlite:////tmp/other.db") == "/tmp/other.db"
    with (blog.folder / ".env").open("a") as settings:
        settings.write("\nDATABASE_URL=sqlite:////tmp/named-in-env.db\n")
    assert blog.python_shows(name) == "/tmp/named-in-env.db"


@row(
    "Best Practices",
    "`__tablename__`, `__repr__`, `to_dict`",
    item=2,
    block="16_model_methods.py",
    today="could not assemble any primary key columns",
    where=["app/models.py: __tablename__", "app/database.py: def __repr__", "app/database.py: def to_dict"],
)
def test_every_model_has_a_name_a_repr_and_to_dict(literal: Place, club: App, today: str) -> None:
    """The block leaves the columns out, so by itself it is refused. In the app each model names its table, and all have
    the two methods from their base. `to_dict` leaves secrets out, which a list written by hand wouldn't."""
    start = "from app import app, db\n"
    assert today in literal.python_says(start + block("16_model_methods.py")).stderr
    shown = club.python_shows("""
from app.database import all_models
user = db.session.get(User, 1)
names = [model.__tablename__ for model in all_models()]
show([names, repr(user), list(user.to_dict()), repr(Post()), "password" in vars(user)])
""")
    assert "users" in shown[0]
    assert len(shown[0]) == 7
    assert shown[1].startswith("<User id=1 username=")
    assert {"id", "username", "email"} <= set(shown[2])
    assert "password" not in shown[2]
    assert shown[3] == "<Post id=None>"
    assert shown[4] is True


@row(
    "Best Practices",
    "sessions: the block",
    item=3,
    block="17_create_user.py",
    unchanged=True,
    where=["app/database.py: class unit_of_work"],
)
def test_the_blocks_function_runs_in_the_app(blog: App) -> None:
    """The function runs in the app as it stands: it stores a user, and after a duplicate the session can be used
    again."""
    assert blog.python_shows(
        block("17_create_user.py")
        + """
made = create_user("ada", "ada@example.com")
try:
    create_user("ada", "other@example.com")
except Exception as error:
    show([made.id, type(error).__name__, User.query.count()])
"""
    ) == [4, "IntegrityError", 4]


@row(
    "Best Practices",
    "sessions: a context manager",
    item=3,
    where=["app/database.py: class unit_of_work", "app/idempotency.py: unit_of_work()(work)"],
)
def test_unit_of_work_commits_or_rolls_back(blog: App) -> None:
    """What the block's title promises: `with unit_of_work():` commits at the end of the block, or rolls back on any
    error. The API's views use it, once per request."""
    assert blog.python_shows("""
from app.database import unit_of_work
with unit_of_work():
    db.session.add(User(username="ada", email="ada@example.com"))
try:
    with unit_of_work():
        db.session.add(User(username="bob", email="bob@example.com"))
        db.session.flush()
        raise RuntimeError("the power fails")
except RuntimeError as error:
    show([str(error), [user.username for user in User.query.order_by(User.id)][3:]])
""") == ["the power fails", ["ada"]]
