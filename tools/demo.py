"""Converts examples/blog into demo/blog, says what it found and did, and serves the app until Ctrl-C.

With DEMO_SERVE=0 it asks the app one question instead, prints the answer, and stops. `make demo` calls this.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from outgrow import console, steps
from outgrow.errors import OutgrowError

ROOT = Path(__file__).resolve().parent.parent
DATA, PLAN, APP = Path("examples/blog/data"), Path("examples/blog/plan.toml"), Path("demo/blog")
FLASK = [sys.executable, "-m", "flask"]
# What this shell may have set for another app must not reach this one.
FOREIGN = ("DATABASE_URL", "SECRET_KEY", "TRUSTED_HOSTS", "PUBLIC_TABLES", "PYTHONPATH")
SECONDS_TO_START = 30

Server: TypeAlias = "subprocess.Popen[bytes]"


def main() -> int:
    os.chdir(ROOT)
    sys.stdout.reconfigure(line_buffering=True)  # keeps the order of stdout and stderr in a pipe
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server ends with us, whatever ends us
    for name in [n for n in os.environ if n in FOREIGN or n.startswith("FLASK_")]:
        del os.environ[name]
    shutil.rmtree("demo", ignore_errors=True)
    try:
        token = convert()
    except OutgrowError as error:
        console.show_error(error)
        return 1
    port = free_port()
    if os.environ.get("DEMO_SERVE") == "0":
        return with_server(port, lambda server: ask(server, port, token))
    say_commands(port, token)
    return with_server(port, None)


def convert() -> str:
    """Show the folder, what it would become, and what it became; returns the API's token."""
    print(f"A site keeps its data in flat files, as PHP's json_encode writes them. {DATA} holds:\n")
    for file in sorted(DATA.iterdir()):
        print(f"  {file.name:14} {file.read_text('utf-8')[:84].replace(chr(10), ' ')} …")
    print(f"\n$ outgrow inspect {DATA}\n")
    console.show_inspection(steps.inspect(DATA))
    print(f"\nThe plan was written to {PLAN} and edited by hand: a post's user is its author.")
    print(f"\n$ outgrow convert {DATA} {APP} --plan {PLAN}\n")
    result = steps.convert(DATA, APP, steps.ConvertOptions(plan=PLAN))
    console.show_conversion(result)
    console.show_findings(result.findings)
    return result.token


def say_commands(port: int, token: str) -> None:
    """Commands that work as printed, in another terminal."""
    scripts, here = (shlex.quote(str(folder)) for folder in (Path(sys.executable).parent, ROOT))
    curl = f"curl -s -H 'Authorization: Bearer {token}'"
    url = f"http://127.0.0.1:{port}/api"
    question = "print(db.session.get(Post, 5).author.profile.full_name)"
    print("\nThe app is served now. In another terminal, ask it and change it:\n")
    print(f"  {curl} '{url}/posts?per_page=2&sort=-created_at'")
    print(f"  {curl} '{url}/comments?post_id=5'")
    print(f"  {curl} -H 'If-Match: *' -d title='Thirty-six spokes' -X PATCH {url}/posts/5")
    print("\nlook around in Python (db and all models are there; post.author is the edit in the plan):\n")
    print(f"  cd {here}/{APP} && echo '{question}' | {scripts}/flask shell")
    print("\nCtrl-C ends it. Then get the files back; what you changed differs, and the password in plain text:\n")
    print(f"  cd {here} && rm -rf demo/back && {scripts}/outgrow export {APP} demo/back; diff -r {DATA} demo/back\n")


def free_port() -> int:
    """Flask's own port where it is free, else any."""
    for port in (5000, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise SystemExit("demo: no free port on 127.0.0.1")


def with_server(port: int, question: Callable[[Server], int] | None) -> int:
    """Run the app's server; with a question only until that is answered, else until Ctrl-C."""
    quiet = subprocess.DEVNULL if question else None
    server = subprocess.Popen([*FLASK, "run", "--port", str(port)], cwd=APP, stdout=quiet, stderr=quiet)
    try:
        return question(server) if question else server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait(10)


def ask(server: Server, port: int, token: str) -> int:
    """Ask the API for one post and print the answer."""
    url = f"http://127.0.0.1:{port}/api/posts/5"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    until = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                print(f"\n$ curl -H 'Authorization: Bearer …' {url}\n")
                print(json.dumps(json.load(answer), indent=2, ensure_ascii=False))
                return 0
        except urllib.error.HTTPError as error:
            print(f"demo: {url} answers {error.code}: {error.read().decode()}")
            return 1
        except OSError:
            time.sleep(0.1)
    print(f"demo: the app didn't answer on port {port}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
