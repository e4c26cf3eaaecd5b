"""schemathesis sends what the app's OpenAPI description allows, and what it doesn't: nothing may break or surprise."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from torture.apps import App, plain_environment
from torture.environment import CACHE, tool
from torture.outcome import Outcome
from torture.servers import Server

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,"
CHECKS += "response_headers_conformance,response_schema_conformance"
PHASES = "examples,coverage,fuzzing"

STORE_ROWS = """
from _pytest.outcomes import Skipped
from app import create_app
from tests.rows import MODELS, store
with create_app().app_context():
    for model in MODELS:
        for _ in range(3):
            try:
                store(model)
            except Skipped:
                pass
"""


def store_rows(app: App) -> None:
    """Fill an app's tables with a few rows, as its own tests make them."""
    command = [sys.executable, "-c", STORE_ROWS]
    subprocess.run(command, cwd=app.folder, env=plain_environment(), check=True)


def fuzz(app: App, name: str, *, seconds: int, examples: int = 50, seed: int = 1) -> Outcome:
    """Let schemathesis ask for so many seconds; its whole report is kept in the cache."""
    command = [str(tool("schemathesis", "schemathesis==4.*")), "run"]
    report = CACHE / f"schemathesis-{name}.txt"
    with Server(app, workers=2) as server:
        command += [f"http://127.0.0.1:{server.port}/api/openapi.json", "-H", f"Authorization: Bearer {app.token}"]
        command += ["-c", CHECKS, "--phases", PHASES, "-n", str(examples), "--seed", str(seed), "--no-shrink"]
        command += ["--max-time", str(seconds), "--warnings", "off"]
        environ = os.environ | {"SCHEMATHESIS_HOOKS": "fuzz_hooks", "PYTHONPATH": str(Path(__file__).parent)}
        environ |= {"REAL_KEYS": json.dumps(real_keys(server)), "NO_COLOR": "1"}
        with report.open("wb") as output:
            subprocess.run(
                command, cwd=app.folder, env=environ, stdout=output, stderr=output, timeout=seconds + 300, check=False
            )
    return read_report(report)


def real_keys(server: Server) -> dict[str, list[str]]:
    """Return the keys of a few rows of each table, as they stand in URLs."""
    found = {}
    for resource in server.ask("GET", "/api/").json["resources"]:
        rows = server.ask("GET", f"{resource['url']}?per_page=5").json["items"]
        found[resource["name"]] = [",".join(part(row[name]) for name in resource["key"]) for row in rows]
    return found


def part(value: Any) -> str:
    """Return one value of a key, escaped as `app/keys.py` reads it."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text.replace("~", "~0").replace(",", "~1").replace("/", "~2") or "~3"


def read_report(report: Path) -> Outcome:
    """Return what schemathesis found: a line for each failure, with the request that shows it."""
    text = report.read_text("utf-8", "replace")
    total = re.search(r"^  (\d+) generated", text, re.MULTILINE)
    if total is None:
        return Outcome(problems=[f"schemathesis didn't finish:\n{text[-3000:]}"])
    found = Outcome(f"{total[1]} requests; all of it is in {report}")
    for block in re.split(r"^_{5,} (?=[A-Z]+ /)", text, flags=re.MULTILINE)[1:]:
        operation = block.split(" _")[0]
        for case in re.split(r"^\d+\. Test Case ID", block, flags=re.MULTILINE)[1:]:
            wrong = " ".join(" ".join(re.findall(r"^- .*(?:\n\n    .*)?", case, re.MULTILINE)).split())
            status = re.search(r"^\[\d+\].*", case, re.MULTILINE)
            request = re.search(r"^    curl .*", case, re.MULTILINE)
            if status and status[0].startswith("[414]"):
                continue  # gunicorn itself refuses a long request line, before the app has a say
            shown = (wrong[:300], status[0] if status else "", request[0].strip()[:400] if request else "")
            found.problems.append("\n    ".join([operation, *shown]))
    return found
