"""Runs in an app's folder: loses the connection at COMMIT, as a driver and a server really do, and says what comes."""

from __future__ import annotations

import sqlalchemy as sa
from app import create_app, db
from app.database import OutcomeUnknown, unit_of_work
from app.models import Tag


def end(connection: sa.Connection) -> None:
    """Let the server end a connection."""
    engine = sa.create_engine(connection.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    raw = connection.connection.driver_connection
    with engine.connect() as other:
        if engine.dialect.name == "postgresql":
            other.exec_driver_sql(f"SELECT pg_terminate_backend({raw.info.backend_pid}, 5000)")
        else:
            other.exec_driver_sql(f"KILL {raw.thread_id()}")


def add(name: str, lost: list[str]) -> None:
    """Add a row, and lose the connection before COMMIT the first time."""
    db.session.add(Tag(name=name))
    db.session.flush()
    if not lost:
        lost.append(name)
        end(db.session.connection())


with create_app().app_context():
    try:
        unit_of_work()(add)("once", [])
    except OutcomeUnknown as error:
        print("unknown:", type(error.__cause__).__name__)
    unit_of_work(repeatable=True)(add)("again", [])
    print(*db.session.scalars(sa.select(Tag.name).order_by(Tag.name)))
