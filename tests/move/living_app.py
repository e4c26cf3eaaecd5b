"""The app of the sample blog in the hands of its owner: rows, columns and tables that no plan knows."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import CliRunner, Result
from dotenv import dotenv_values
from nursery import APP, FLASK, Nursery
from surroundings import kept

from outgrow.cli import main

DATA = Path(__file__).parents[2] / "examples" / "blog" / "data"

MODELS = '''

class Parcel(Model):
    """What its owner has added: a column of each type that SQLAlchemy knows."""

    __tablename__ = "parcels"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    code: Mapped[uuid.UUID | None] = mapped_column(Uuid())
    colour: Mapped[str | None] = mapped_column(Enum("red", "green", name="colours"))
    price: Mapped[Decimal | None] = mapped_column(ExactDecimal(20, 4))
    weight: Mapped[float | None] = mapped_column(Double())
    many: Mapped[int | None] = mapped_column(BigInteger())
    is_open: Mapped[bool | None]
    day: Mapped[dt.date | None]
    moment: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    clock: Mapped[dt.time | None] = mapped_column(ExactTime)
    facts: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    label: Mapped[str | None] = mapped_column(LongText)
    picture: Mapped[bytes | None] = mapped_column(LongBinary)
'''
IMPORTS = """import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, Double, Enum, Uuid
from app.types import ExactDecimal, ExactTime, LongBinary
"""
WRITES = """
import datetime as dt, uuid
from decimal import Decimal
from app import create_app, db
from app.models import *
app = create_app()
app.app_context().push()
db.session.add(User(id=90, username="zoë", email="zoe@example.com", password="x", role="reader"))
db.session.scalars(db.select(Tag)).first().name = "PHP 8 😀"
db.session.delete(db.session.scalars(db.select(Comment).order_by(-Comment.id)).first())
db.session.get(Post, 1).body = "tab\\t, line\\n, \\\\N, \\\\ and 'quotes' \\"too\\" " + "long " * 20_000
db.session.add(Parcel(id=1, post_id=1, code=uuid.UUID(int=7), colour="red", price=Decimal("1234567890123456.7891"),
    weight=0.1 + 0.2, many=2**63 - 1, is_open=True, day=dt.date(2024, 2, 29),
    moment=dt.datetime(1999, 12, 31, 23, 59, 59, 999999), clock=dt.time(1, 2, 3, 4),
    facts={"b": [1.10, None, "é"], "a": {}}, label="", picture=bytes(range(256)) * 300))
db.session.add(Parcel(id=2, price=Decimal("-0.5"), weight=-1.7976931348623157e308, many=-(2**63), is_open=False,
    facts=17, label=" blanks at both ends  ", picture=b"", moment=dt.datetime(1, 1, 1), clock=dt.time(0),
    day=dt.date(9999, 12, 31)))
db.session.add(Parcel(id=3, facts="text", label="NULL"))
db.session.add(Parcel(id=4, facts=False, label="\\\\N", colour="green"))
db.session.add(Parcel(id=9, facts=1.5))
db.session.flush()
db.session.delete(db.session.get(Parcel, 9))
db.session.commit()
"""
BY_HAND = """
CREATE TABLE notes (number INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL REFERENCES users (id),
    words TEXT NOT NULL, seen DATETIME DEFAULT CURRENT_TIMESTAMP, amount NUMERIC(8, 2), raw BLOB,
    UNIQUE (user_id, amount));
CREATE INDEX ix_notes_words ON notes (user_id, seen);
CREATE TABLE loose (a INTEGER, b VARCHAR(20));
ALTER TABLE posts ADD COLUMN mood VARCHAR(30) NOT NULL DEFAULT 'calm';
INSERT INTO notes VALUES (5, 90, 'five', '2024-05-06 07:08:09.250000', 12.5, x'00ff');
INSERT INTO notes (number, user_id, words) VALUES (700, 1, 'gone');
DELETE FROM notes WHERE number = 700;
INSERT INTO loose VALUES (1, 'twice'), (1, 'twice'), (NULL, NULL);
UPDATE posts SET mood = 'wild' WHERE id = 2;
"""


@dataclass(frozen=True)
class Living:
    """A folder with an app in it, each command of which is a process of its own."""

    root: Path

    @property
    def app(self) -> Path:
        return self.root / "app"

    @property
    def file(self) -> Path:
        """The SQLite file that the app begins with."""
        return self.app / "instance" / "app.db"

    @property
    def setting(self) -> str:
        """What `.env` says of the database."""
        return dotenv_values(self.app / ".env")["DATABASE_URL"] or ""

    @property
    def url(self) -> str:
        """The URL of the database that the app uses."""
        return self.setting or f"sqlite:///{self.file}"

    def copy_to(self, root: Path) -> Living:
        """The same app in another place."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Living(root)

    def outgrow(self, *words: object, **environ: str) -> Result:
        """Run a command of outgrow as from a shell, but in this process."""
        result = CliRunner().invoke(main, [str(word) for word in words], env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    def move(self, database: str) -> dict[str, Any]:
        """Move the app, which must be good; returns what is told."""
        result = self.outgrow("move", self.app, "--json", "--fail-on", "never", NEW_DATABASE_URL=database)
        assert result.exit_code == 0, result.stderr
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    def refused(self, database: str, **environ: str) -> str:
        """Move the app, which must be refused, and leave its `.env` alone; returns the error."""
        before = (self.app / ".env").read_text("utf-8")
        result = self.outgrow("move", self.app, NEW_DATABASE_URL=database, **environ)
        assert result.exit_code == 1, result.output
        assert (self.app / ".env").read_text("utf-8") == before
        assert not (self.app / ".env.partial").exists()
        return result.stderr

    def end(self, program: str, *words: str) -> tuple[int, str]:
        """Run some Python in the app's folder; returns how it ended and what it said."""
        done = Nursery.of(APP).run(program, *words, folder=self.app, environ=kept())
        return done.returncode, done.stdout + done.stderr

    def run(self, program: str, *words: str) -> str:
        """Run some Python in the app's folder, which must be good; returns what it said."""
        code, said = self.end(program, *words)
        assert code == 0, said[-6000:]
        return said

    def flask(self, *words: str) -> str:
        """Run a command of flask."""
        return self.run(FLASK, *words)

    def sql(self, script: str) -> None:
        """Run statements in the app's SQLite file, past the app."""
        connection = sqlite3.connect(self.file)
        connection.executescript(script)
        connection.close()


def convert(root: Path) -> Living:
    """Convert the sample blog."""
    made = Living(root)
    shutil.copytree(DATA, root / "data")
    result = made.outgrow("convert", root / "data", made.app, "--quiet", "--fail-on", "never")
    assert result.exit_code == 0, result.stderr
    return made


def live(made: Living) -> Living:
    """Let an owner use the app, add a model with a revision, and something by hand."""
    models = made.app / "app" / "models.py"
    text = models.read_text("utf-8")
    models.write_text(text.replace("\nfrom sqlalchemy", f"\n{IMPORTS}from sqlalchemy", 1) + MODELS, "utf-8")
    made.flask("db", "migrate", "-m", "parcels")
    made.flask("db", "upgrade")
    made.run(WRITES)
    made.flask("operator", "create", "ann", "--password", "a long password")
    made.sql(BY_HAND)
    return made


def tables(url: str) -> set[str]:
    """The names of the tables in a database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    return set(sa.inspect(engine).get_table_names())


def dump(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that an SQLite file holds, value by value with what SQLite takes each for."""
    connection = sqlite3.connect(file)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name in names:
        columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
        chosen = ", ".join(f'"{column}", typeof("{column}")' for column in sorted(columns))
        found[name] = sorted(connection.execute(f'SELECT {chosen} FROM "{name}"'), key=repr)
    connection.close()
    return found
