"""Apps for these tests, and what becomes of their connections."""

from __future__ import annotations

import os
from typing import Any

import pytest
import sqlalchemy as sa
from app import create_app
from app.config import Config
from flask import Flask

ON_A_SERVER = not os.environ["DATABASE_URL"].startswith("sqlite")
servers_only = pytest.mark.skipif(not ON_A_SERVER, reason="SQLite has one writer at a time, in this process")


def new_app(**options: Any) -> Flask:
    """Return the app with more options for its engine."""
    config = Config(os.environ | {"LOG_LEVEL": "CRITICAL"})
    config.SQLALCHEMY_ENGINE_OPTIONS |= options
    app = create_app(config)
    app.testing = True
    return app


def kill(connection: sa.Connection) -> None:
    """End a connection at its server, as when that is restarted."""
    engine = sa.create_engine(connection.engine.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    raw: Any = connection.connection.driver_connection
    with engine.connect() as other:
        if engine.dialect.name == "postgresql":
            other.exec_driver_sql(f"SELECT pg_terminate_backend({raw.info.backend_pid}, 5000)")
        else:
            other.exec_driver_sql(f"KILL {raw.thread_id()}")
