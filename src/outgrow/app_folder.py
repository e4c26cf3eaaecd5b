"""The app's folder on disk: writes it beside its place, names it, and reads what it says of itself."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from dotenv import dotenv_values
from sqlalchemy.engine import URL

from outgrow.database.engine import check_there
from outgrow.database.url import parse_url
from outgrow.errors import AppError
from outgrow.render.app import render_app
from outgrow.schema.model import Plan
from outgrow.schema.plan import parse_plan

PLAN_FILE = "outgrow.toml"
DEFAULT_DATABASE = Path("instance") / "app.db"
UNFINISHED = Path("instance") / "unfinished.json"
"""What says that the app's tables don't stand yet, and where the data are."""
NOT_GENERATED = (
    "instance",
    "rejects",
    "build",
    "dist",
    "__pycache__",
    ".venv",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
)


@dataclass(frozen=True)
class App:
    """An app's folder, its plan, the URL of its database, and the plan's text."""

    folder: Path
    plan: Plan
    url: URL
    text: str = ""

    @property
    def key(self) -> str | None:
        """The key of what only the operator may export; None where it was deleted."""
        return dotenv_values(self.folder / ".env").get("LEDGER_KEY") or None

    @property
    def rejects(self) -> Path:
        """Where records that were set aside are written."""
        return self.folder / "rejects"


def is_app(folder: Path) -> bool:
    """Whether a folder holds an app that outgrow made."""
    return (folder / PLAN_FILE).is_file()


def open_app(folder: Path) -> App:
    """Read an app that outgrow made; raises AppError or PlanError, and DatabaseError where its SQLite file is gone."""
    plan_file = folder / PLAN_FILE
    if not plan_file.is_file():
        hint = "Name the folder that `outgrow convert` made."
        raise AppError(f"{folder} is no app that outgrow made: it has no {PLAN_FILE}", hint=hint)
    text = _read_text(plan_file)
    app = App(folder, parse_plan(text, str(plan_file)), database_url(folder), text)
    if not (folder / UNFINISHED).is_file():
        check_there(app.url)
    return app


def database_url(folder: Path) -> URL:
    """The URL that the app itself would use: the environment's, else that in `.env`, else its own SQLite file.

    A relative SQLite path counts from its `instance` folder, as Flask-SQLAlchemy has it.
    """
    text = os.environ.get("DATABASE_URL") or dotenv_values(folder / ".env").get("DATABASE_URL")
    if text:
        return parse_url(text, folder / DEFAULT_DATABASE.parent)
    return URL.create("sqlite", database=str((folder / DEFAULT_DATABASE).absolute()))


def read_plan(file: Path) -> tuple[Plan, str]:
    """Read a plan file; returns it and its text. Raises PlanError or AppError."""
    if not file.is_file():
        raise AppError(f"there is no plan {file}", hint="`outgrow inspect DATA --write-plan FILE` writes one.")
    text = _read_text(file)
    return parse_plan(text, str(file)), text


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AppError(f"{file} can't be read: {error}", hint="Check that it is a text file in UTF-8.") from error


def check_free(folder: Path) -> None:
    """Refuse a place that is taken; raises AppError."""
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        hint = "Name a folder that doesn't exist yet, or use --again if outgrow made it and nothing was edited."
        raise AppError(f"{folder} exists already and is not touched", hint=hint)
    try:
        os.fspath(folder).encode()
    except UnicodeEncodeError as error:
        raise AppError("the app's name is not UTF-8", hint="Name a folder that can be written as text.") from error


def beside(folder: Path) -> Path:
    """Where an app is built before it is moved to its place."""
    return folder.parent / f".{folder.name}.partial"


def write_migrations(plan: Plan, folder: Path) -> None:
    """Write only the revisions that a new app of this plan would have."""
    for path, text in render_app(plan, "app").items():
        if path.startswith("migrations/"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8", newline="\n")


def write_app(folder: Path, files: Mapping[str, str], plan_text: str, database: str | None) -> None:
    """Write an app's files and its `.env`."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    (folder / PLAN_FILE).write_text(plan_text, encoding="utf-8", newline="\n")
    (folder / "instance").mkdir(exist_ok=True)
    settings = {
        "LEDGER_KEY": Fernet.generate_key().decode(),
        "SECRET_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": database or "",
    }
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    with os.fdopen(os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def copy_settings(old: Path, new: Path) -> None:
    """Add the settings that only the old app's `.env` has to that of the new one."""
    known = dotenv_values(new / ".env")
    lines = (old / ".env").read_text("utf-8").splitlines() if (old / ".env").is_file() else []
    with (new / ".env").open("a", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines if line.partition("=")[0].strip() not in known and "=" in line)


def hash_files(folder: Path) -> dict[str, str]:
    """The hashes of all generated files, by their paths."""
    hashes = {}
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if file.is_file() and relative.name != ".env" and not set(relative.parts) & set(NOT_GENERATED):
            hashes[relative.as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return hashes


def move_into_place(built: Path, folder: Path) -> None:
    """Give a finished app its name; raises AppError where something is there by now."""
    if folder.exists():
        check_free(folder)
        folder.rmdir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    built.rename(folder)


def remove(path: Path) -> None:
    """Remove a folder or a file that this run has made."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)
