"""A served app, and how a browser looks at it: what goes wrong in a page, pictures, what is too wide."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page, Request
from surroundings import PATIENCE, kept

PHONE = {"viewport": {"width": 390, "height": 800}, "is_mobile": True, "has_touch": True}


ENVIRON = kept()


def run(*command: str, folder: Path) -> str:
    """Run `python -m COMMAND` in a folder, which must be good, and return what it printed."""
    arguments = [sys.executable, "-m", *command]
    done = subprocess.run(arguments, cwd=folder, env=ENVIRON, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass(frozen=True)
class Served:
    """An app that is served."""

    folder: Path
    url: str

    def command(self, *words: str) -> str:
        """Run a command of the app, and return what it printed."""
        return run("flask", *words, folder=self.folder).strip()

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Ask the database itself, or change it."""
        connection = sqlite3.connect(self.folder / "instance/app.db", timeout=PATIENCE)
        try:
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()


def write_site(folder: Path) -> None:
    """Write a blog of 60 posts, a record of which takes 8 lines."""
    names = ("ann", "bob", "cleo")
    users = [
        {"id": n, "username": name, "email": f"{name}@example.org", "password": f"{name}s own secret"}
        for n, name in enumerate(names, 1)
    ]
    posts: list[dict[str, Any]] = [
        {
            "id": n,
            "title": f"Post number {n}",
            "body": f"The text of {n}.\nIt goes on.",
            "published": n % 4 == 0,
            "userId": 1 + n % 2,
            "createdAt": f"2024-01-{1 + n % 28:02d} 10:00:00",
        }
        for n in range(1, 61)
    ]
    posts[6]["title"] = "A title that goes on and on, " * 6
    posts[6]["body"] = "Averylongwordwithoutasinglebreak" * 30
    comments = [{"id": n, "postId": n, "text": f"Comment {n}"} for n in range(1, 6)]
    for name, records in {"users": users, "posts": posts, "comments": comments}.items():
        (folder / f"{name}.json").write_text(json.dumps(records, indent=4), encoding="utf-8")


def watch(page: Page, url: str, wrong: list[str]) -> None:
    """Note what goes wrong in a page: errors, refusals by its own policy, requests to other hosts."""

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(f"console {message.type}: {message.text} ({message.location})")

    def ask(request: Request) -> None:
        if not request.url.startswith((f"{url}/", "data:", "blob:")):
            wrong.append(f"request to another host: {request.url}")

    def fail(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # which is what becomes of a look-up when its page is left
            wrong.append(f"failed: {request.url} {request.failure}")

    page.on("console", hear)
    page.on("pageerror", lambda error: wrong.append(f"error in the page: {error}"))
    page.on("request", ask)
    page.on("requestfailed", fail)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error("
        "'against the policy', event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber))"
    )


def log_in(page: Page, name: str, password: str) -> None:
    """Fill in the login form and send it."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, if that is wanted."""
    if folder := os.environ.get("BROWSER_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def too_wide(page: Page) -> list[str]:
    """Return what in a page reaches beyond the screen's right side."""
    found: list[str] = page.evaluate(
        "() => [...document.body.querySelectorAll('*')].filter(e => e.checkVisibility()"
        " && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1"
        " || document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 && e === document.body)"
        ".map(e => e.outerHTML.slice(0, 200))"
    )
    return found
