"""A terminal that a person sits at: it types what a page shows, and tells whether the same is said.

A command that doesn't come back is aborted, and each Python that it runs then shows where it stood.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, STDOUT
from threading import Event, Thread
from urllib.error import HTTPError
from urllib.request import urlopen

from surroundings import PATIENCE, kept

MARK = "--- the next command ---"
SECONDS_TO_SHOW_WHERE_IT_STOOD = 10


def is_said(shown: str, said: str) -> bool:
    """Whether a page shows what was said: `…` stands for anything in its line, or, alone in one, for any lines."""
    pattern = ""
    for line in shown.strip().splitlines():
        some = re.escape(line.rstrip()).replace("…", "[^\n]*")
        pattern += r"(?:[^\n]*\n)*" if line.strip() == "…" else some + "\n"
    heard = "".join(line.rstrip() + "\n" for line in said.strip().splitlines())
    return re.fullmatch(pattern, heard) is not None


class Shell:
    """A shell that a person types into. The servers that are started in it get free ports in place of those shown."""

    def __init__(
        self,
        folder: Path,
        *,
        path: str = str(Path(sys.executable).parent),
        errors_too: bool = False,
        seconds: float = PATIENCE,
    ) -> None:
        self.ports: dict[str, str] = {}
        self.seconds = seconds
        path = os.pathsep.join([str(folder), path, os.environ["PATH"]])
        ports = {"FLASK_RUN_PORT": self.port("5000"), "PORT": self.port("8000")}
        python = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        environ = kept() | ports | python | {"PATH": path, "PYTHONFAULTHANDLER": "1"}
        self.log = folder / "stderr"
        self.token = ""
        self.in_python = False
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                ["bash", "-c", "ulimit -c 0; exec bash"],
                cwd=folder,
                env=environ,
                text=True,
                stdin=PIPE,
                stdout=PIPE,
                stderr=STDOUT if errors_too else log,
                start_new_session=True,
            )

    def __enter__(self) -> Shell:
        return self

    def __exit__(self, *error: object) -> None:
        farewell = ""
        if self.process.poll() is None:
            self.leave_python()
            farewell = "kill $(jobs -p) 2>/dev/null\n"
        with suppress(BrokenPipeError):
            self.process.communicate(farewell, timeout=self.seconds)

    def port(self, shown: str) -> str:
        """The free port that stands for one that a page shows."""
        if shown not in self.ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.ports[shown] = str(probe.getsockname()[1])
        return self.ports[shown]

    def run(self, command: str) -> str:
        """Type a command; returns what is said until the next prompt."""
        self.leave_python()
        background = command.endswith("&")
        typed = re.sub(r"(127\.0\.0\.1:|\bPORT=)(\d+)", lambda found: found[1] + self.port(found[2]), command)
        typed = typed.replace("…", self.token)
        if background:  # what a server says, each says at another moment
            typed = f">>{self.log} 2>&1 {typed}"
        said = self.say(f"{typed}\necho; echo '{MARK}'\n")
        if background:
            named = re.search(r"\bPORT=(\d+)", command)
            self.wait_for_server(self.port(named[1] if named else "8000" if "gunicorn" in command else "5000"))
            return ""
        found = re.search(r"Bearer (\S+)'", said)
        self.token = found[1] if found else self.token
        return said

    def enter_python(self, command: str = "flask shell") -> None:
        """Start a Python to type statements into."""
        self.leave_python()
        quiet = 'import sys; sys.ps1 = sys.ps2 = ""; print("in Python")'
        said = self.say(f"{command}; echo; echo '{MARK}'\n{quiet}; print('{MARK}')\n")
        assert said.endswith("in Python\n"), said
        self.in_python = True

    def run_python(self, statement: str) -> str:
        """Type a statement into Python, with the empty line that ends one of several lines; returns what is said."""
        if not self.in_python:
            self.enter_python()
        return self.say(f"{statement}\n\nprint('\\n{MARK}')\n")

    def leave_python(self) -> None:
        """Go back to the shell."""
        if self.in_python:
            self.in_python = False
            self.say(
                "exit()\n"
            )  # more would be read by Python before it leaves; the mark was typed when it was entered

    def say(self, text: str) -> str:
        """Type something that ends with a mark; returns what is said until the mark."""
        assert self.process.stdin
        assert self.process.stdout
        answered = Event()
        watch = Thread(target=self.watch, args=[answered])
        watch.start()
        said = ""
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
            for line in self.process.stdout:
                if line.strip() == MARK:
                    break
                said += line
            else:
                raise AssertionError(f"no answer to {text!r}:\n{said}\n{self.log.read_text('utf-8')}")
        finally:
            answered.set()
            watch.join()
        for shown, port in self.ports.items():
            said = said.replace(f"127.0.0.1:{port}", f"127.0.0.1:{shown}")
        return said

    def watch(self, answered: Event) -> None:
        """Abort what gives no answer in time, so that it shows where it stood, and kill what doesn't end of that."""
        ends = [(self.seconds, signal.SIGABRT), (SECONDS_TO_SHOW_WHERE_IT_STOOD, signal.SIGKILL)]
        for seconds, end in ends:
            if answered.wait(seconds):
                return
            os.killpg(self.process.pid, end)

    def wait_for_server(self, port: str) -> None:
        """A person sees that it runs; a test has to ask, and any answer will do."""
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            try:
                urlopen(f"http://127.0.0.1:{port}/health", timeout=self.seconds).close()
            except HTTPError as error:
                error.close()
            except OSError:
                time.sleep(0.1)
                continue
            return
        raise AssertionError(self.log.read_text("utf-8"))
