"""The figures of `make bench-app`: requests per second of a generated app, in one run on one machine.

Beside it run a Flask that only says hello, and json-server on the same users; each is one process, and the first two
are a gunicorn with one sync worker. wrk asks each in turn, round after round; what counts are the medians of the
rounds' ratios.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import write_data
from torture.apps import App
from torture.servers import HOST, Server, free_port

from outgrow import steps
from outgrow.results import ConvertOptions

ROOT = Path(__file__).resolve().parent.parent
USERS = int(os.environ.get("BENCH_USERS", "20000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
LEAST_OF_HELLO, LEAST_OF_ONE, LEAST_OF_FIFTY = 0.30, 1.0, 2.5
JSON_SERVER = "json-server@0.17.4"

HELLO = """
from flask import Flask

app = Flask(__name__)


@app.get("/")
@app.get("/health")
def hello():
    return "hello"
"""

# Another user each time, from all over the table and the same ones in each run.
VARYING = """
local number, users = 0, {users}
request = function()
    number = (number * 1103515245 + 12345) % 2147483648
    return wrk.format("GET", "{path}" .. (number % users + 1))
end
"""


def wrk(port: int, path: str, script: Path | None = None, token: str = "") -> float:
    """Ask for some seconds, and return how many good answers came per second."""
    command = [find_wrk(), "-t1", "-c4", f"-d{SECONDS}s", "--timeout", "20s", *(["-s", str(script)] if script else [])]
    command += ["-H", f"Authorization: Bearer {token}"] if token else []
    done = subprocess.run([*command, f"http://{HOST}:{port}{path}"], capture_output=True, text=True, check=True)
    failed = re.search(r"Non-2xx.*|Socket errors.*", done.stdout)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    if failed or rate is None:
        raise SystemExit(f"bench-app: {path} on port {port}: {failed[0] if failed else done.stdout}")
    return float(rate[1])


def find_wrk() -> str:
    """Return where wrk is."""
    done = subprocess.run(["sh", str(ROOT / "tools" / "get_wrk.sh")], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench-app: wrk is neither on PATH nor to be had: {done.stderr.strip()}")
    return done.stdout.strip()


def get_json_server() -> list[str]:
    """Return the command of json-server, installed once into the cache."""
    folder = ROOT / ".cache" / "json-server"
    command = folder / "node_modules" / ".bin" / "json-server"
    if not command.exists():
        if shutil.which("npm") is None:
            raise SystemExit("bench-app: json-server needs Node.js and npm; on Debian: sudo apt-get install npm")
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), JSON_SERVER]
        subprocess.run(install, check=True)
    return [str(command)]


@contextlib.contextmanager
def json_server(users: Path, folder: Path) -> Iterator[int]:
    """Serve the same users by json-server, and give its port."""
    database, port = folder / "db.json", free_port()
    database.write_text(f'{{"users":{users.read_text("utf-8")}}}', "utf-8")
    command = [*get_json_server(), str(database), "--host", HOST, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("bench-app: json-server didn't start")


def measure(folder: Path) -> dict[str, list[float]]:
    """Return the requests per second of each round, by what was asked of whom."""
    data = write_data(folder / "data", USERS)
    (data / "posts.json").unlink()  # only users are asked for
    token = steps.convert(data, folder / "app", ConvertOptions()).token
    (folder / "hello").mkdir()
    (folder / "hello" / "hello.py").write_text(HELLO)
    scripts = {path: folder / f"{path.strip('/').replace('/', '-')}.lua" for path in ("/api/users/", "/users/")}
    for path, script in scripts.items():
        script.write_text(VARYING.replace("{users}", str(USERS)).replace("{path}", path))
    ours = Server(App(folder / "app", token), kind="sync", workers=1, access_log=False)
    hello = Server(App(folder / "hello", ""), kind="sync", workers=1, module="hello:app", access_log=False)
    rates: dict[str, list[float]] = {}
    with ours, hello, json_server(data / "users.json", folder) as theirs:
        check_answers(ours, theirs)
        for number in range(ROUNDS):
            for name, ask in {
                "hello": partial(wrk, hello.port, "/"),
                "one": partial(wrk, ours.port, "/", scripts["/api/users/"], token),
                "one of json-server": partial(wrk, theirs, "/", scripts["/users/"]),
                "fifty": partial(wrk, ours.port, "/api/users?per_page=50", None, token),
                "fifty of json-server": partial(wrk, theirs, "/users?_page=1&_limit=50"),
            }.items():
                rates.setdefault(name, []).append(ask())
            shown = "   ".join(f"{name} {found[-1]:,.0f}" for name, found in rates.items())
            print(f"round {number + 1}: {shown}", flush=True)
    return rates


def check_answers(ours: Server, theirs: int) -> None:
    """Make sure that both answer with the same."""
    other = Server(App(Path(), ""))
    other.port = theirs
    for mine, its in (("/api/users/7", "/users/7"), ("/api/users?per_page=50", "/users?_page=1&_limit=50")):
        answer, expected = ours.ask("GET", mine), other.ask("GET", its)
        rows = answer.json.get("items", answer.json)
        if answer.status != 200 or json.dumps(rows) != json.dumps(same_dates(expected.json)):
            raise SystemExit(f"bench-app: {mine} isn't answered as {its}: {answer.status} {answer.body[:300]!r}")


def same_dates(value: object) -> object:
    """Return json-server's answer with dates as the app writes them."""
    return json.loads(re.sub(r'"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)"', r'"\1T\2"', json.dumps(value)))


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    get_json_server()
    print(f"{USERS:,} users, one sync worker; requests per second, {ROUNDS} rounds of {SECONDS} s each", flush=True)
    with tempfile.TemporaryDirectory(prefix="outgrow-bench-") as name:
        rates = measure(Path(name))
    goals = (
        ("GET /api/users/ID, another ID each time", "one", "hello", LEAST_OF_HELLO),
        ("GET /api/users/ID, another ID each time", "one", "one of json-server", LEAST_OF_ONE),
        ("GET /api/users?per_page=50", "fifty", "fifty of json-server", LEAST_OF_FIFTY),
    )
    missed = False
    for what, ours, theirs, least in goals:
        ratio = statistics.median(mine / its for mine, its in zip(rates[ours], rates[theirs], strict=True))
        missed |= ratio < least
        mine, its = statistics.median(rates[ours]), statistics.median(rates[theirs])
        print(f"{what}: {mine:,.0f}/s, {theirs}: {its:,.0f}/s; ratio {ratio:.2f} (at least {least})")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
