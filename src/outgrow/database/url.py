"""Database URLs: what people write → what SQLAlchemy takes. Passwords never leave this room unmasked."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from outgrow.errors import DatabaseError


def parse_url(text: str, folder: Path) -> URL:
    """Read a URL; a relative SQLite path counts from `folder`. Raises DatabaseError."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise DatabaseError("the database URL can't be read", hint="Write it like sqlite:///path/to/app.db.") from error
    if url.get_backend_name() != "sqlite":
        raise DatabaseError(
            f"outgrow can't fill {url.get_backend_name()} yet, only SQLite",
            hint="Convert to SQLite first (leave --database out). PostgreSQL and MariaDB are next.",
        )
    if not url.database or url.database == ":memory:":
        raise DatabaseError("a database in memory is gone before the app can open it", hint="Name a file.")
    return url.set(database=str((folder / url.database).absolute()))


def show_url(url: URL) -> str:
    """The URL for messages, its password masked."""
    return url.render_as_string(hide_password=True)
