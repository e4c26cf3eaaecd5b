"""Settings, read from the environment and from `.env`."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dotenv import load_dotenv
from limits.storage import storage_from_string
from sqlalchemy import URL

from app.database_url import split_url, yes_or_no

BASE = Path(__file__).resolve().parent.parent

load_dotenv(BASE / ".env")


class Config:
    """The settings of one application; see `.env.example` for what each one means."""

    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = dt.timedelta(hours=12)
    MAX_CONTENT_LENGTH = 16 * 1024 * 1024

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self.APP_NAME = environ.get("APP_NAME") or BASE.name
        self.SECRET_KEY = environ.get("SECRET_KEY")
        database_url = environ.get("DATABASE_URL") or default_url()
        self.SQLALCHEMY_DATABASE_URI, self.SQLALCHEMY_ENGINE_OPTIONS = split_url(database_url)
        self.HOSTS = words(environ.get("TRUSTED_HOSTS") or "localhost,127.0.0.1,[::1]")
        self.PROXY_COUNT = setting(environ, "PROXY_COUNT", int, "0")
        self.PUBLIC_TABLES = words(environ.get("PUBLIC_TABLES", ""))
        self.PUBLIC_PAGES = setting(environ, "PUBLIC_PAGES", yes_or_no, "no")
        self.IDEMPOTENT_TABLES = words(environ.get("IDEMPOTENT_TABLES", ""))
        self.GALERA_SYNC_WAIT = setting(environ, "GALERA_SYNC_WAIT", yes_or_no, "no")
        self.LAST_WRITER_WINS = setting(environ, "LAST_WRITER_WINS", yes_or_no, "no")
        self.RATE_LIMIT_STORAGE = setting(environ, "RATE_LIMIT_STORAGE", known_storage, "memory://")
        self.LOG_LEVEL = setting(environ, "LOG_LEVEL", known_level, "INFO")


def setting(environ: Mapping[str, str], name: str, read: Callable[[str], Any], otherwise: str) -> Any:
    """Return a setting that isn't a text; raises ValueError with its name."""
    try:
        return read(environ.get(name) or otherwise)
    except ValueError as error:
        raise ValueError(f"{name}: {error}; see .env.example") from None


def known_storage(text: str) -> str:
    """Check that failed tries can be counted there; nothing is connected yet."""
    try:
        storage_from_string(text)
    except Exception as error:
        raise ValueError(error) from None
    return text


def known_level(text: str) -> str:
    """Check the name of a level of the log."""
    if text not in logging.getLevelNamesMapping():
        raise ValueError(f"{text!r} is no level; DEBUG, INFO, WARNING and ERROR are")
    return text


def words(text: str) -> list[str]:
    """Return the words of a list that is written with commas."""
    return [word.strip() for word in text.split(",") if word.strip()]


def default_url() -> URL:
    """Return the URL of the SQLite database in the instance folder."""
    (BASE / "instance").mkdir(exist_ok=True)
    return URL.create("sqlite", database=str(BASE / "instance" / "app.db"))
