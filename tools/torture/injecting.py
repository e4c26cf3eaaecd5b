"""sqlmap tries to bring SQL into each kind of parameter; first into a route that lets it, to show that it notices."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from torture.apps import App
from torture.environment import tool
from torture.outcome import Outcome
from torture.servers import Server

FOUND, NONE = "identified the following injection point", "do not appear to be injectable"
OPTIONS = ["--batch", "--flush-session", "--disable-coloring", "--dbms=sqlite", "--level=5", "--risk=3", "--timeout=15"]
OPTIONS += ["--skip-waf", "--retries=1", "--time-sec=3", "--ignore-code=*", "--drop-set-cookie"]

CONTROL = """
import sqlite3
from flask import Flask, request

app = Flask(__name__)


@app.get("/health")
def health():
    return "ok"


@app.get("/api/posts")
def posts():
    connection = sqlite3.connect("control.db")
    connection.execute("CREATE TABLE IF NOT EXISTS posts AS SELECT 1 AS id, 'hello' AS title")
    rows = connection.execute(f"SELECT * FROM posts WHERE title = '{request.args['title']}'").fetchall()
    return {"items": rows}
"""


@dataclass(frozen=True)
class Target:
    """A parameter to try: `*` in the path or the body marks it, or `name` tells it from others."""

    kind: str
    path: str
    name: str = ""
    method: str = "GET"
    body: str = ""
    more: tuple[str, ...] = ()


CURSOR = base64.urlsafe_b64encode(json.dumps(["a", 1]).encode()).decode().rstrip("=")
JSON = ("--headers=Content-Type: application/json",)

TARGETS = (
    Target("filter", "/api/posts?title=hello", "title"),
    Target("filter with operator", "/api/posts?id__gte=1", "id__gte"),
    Target("filter by part of a text", "/api/posts?title__contains=e", "title__contains"),
    Target("filter by list", "/api/posts?slug__in=a,b", "slug__in"),
    Target("name of a filter", "/api/posts?title*=hello"),
    Target("sort", "/api/posts?sort=title", "sort"),
    Target("cursor, as text", f"/api/posts?sort=title&after={CURSOR}", "after"),
    Target(
        "cursor, decoded", f"/api/posts?sort=title&after={CURSOR}", "after", more=("--base64=after", "--base64-safe")
    ),
    Target("include", "/api/posts?include=author", "include"),
    Target("key", "/api/posts/1*"),
    Target("key that is a text", "/api/tags/news*"),
    Target("field in JSON", "/api/settings/1", method="PATCH", body='{"title": "hello*"}', more=JSON),
    Target("field in a form", "/api/settings/1", "title", method="PATCH", body="title=hello"),
)


def inject(app: App, targets: tuple[Target, ...] = TARGETS) -> Iterator[tuple[str, Outcome]]:
    """Yield what came of each kind of parameter; the route that is injectable on purpose comes first."""
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        Path(name, "control.py").write_text(CONTROL)
        with Server(App(Path(name), ""), workers=1, module="control:app") as server:
            said = sqlmap(server, Target("control", "/api/posts?title=hello", "title"))
            control = Outcome("the injectable route was found out")
            control.expect(FOUND in said, f"sqlmap didn't find what is injectable:\n{said[-2000:]}")
            yield "control", control
    # To sqlmap a star marks what it shall try, so no `If-Match: *`.
    with Server(app, workers=2, LAST_WRITER_WINS="yes") as server:
        for target in targets:
            yield target.kind, judge(server, target)


def judge(server: Server, target: Target) -> Outcome:
    """Let sqlmap try one parameter, and say what came of it."""
    before = len(server.log_file.read_text("utf-8", "replace"))
    said = sqlmap(server, target)
    log = server.log_file.read_text("utf-8", "replace")[before:]
    statuses = Counter(re.findall(r"^answered .* status=(\d+)", log, re.MULTILINE))
    shown = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    found = Outcome(f"{target.method} {target.path}: nothing ({shown})")
    found.expect(FOUND not in said and NONE in said, f"{target.path}: sqlmap says:\n{said[-2000:]}")
    found.expect(statuses["200"], f"{target.path}: no request was good, so nothing was tried ({shown})")
    found.expect(not statuses.keys() & {"401", "429"}, f"{target.path}: the token wasn't taken ({shown})")
    broken = [status for status in statuses if status.startswith("5")]
    found.expect(not broken, f"{target.path}: {shown}\n{server.log()}")
    return found


def sqlmap(server: Server, target: Target, seconds: int = 300) -> str:
    """Let sqlmap try one parameter, and return what it says."""
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        command = [str(tool("sqlmap", "sqlmap==1.*")), "-u", f"http://127.0.0.1:{server.port}{target.path}"]
        command += [*OPTIONS, f"--output-dir={folder}", f"--method={target.method}"]
        command += [f"--header=Authorization: Bearer {server.app.token}", *target.more]
        command += ["-p", target.name] if target.name else []
        command += ["--data", target.body] if target.body else []
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=folder, check=False)
        except subprocess.TimeoutExpired:
            return f"nothing within {seconds} s"
        return done.stdout + done.stderr
