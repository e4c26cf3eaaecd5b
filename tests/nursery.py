"""Pythons that have imported what programs need, and have run nothing: each forks one process for each program.

To start Python and to import Flask, SQLAlchemy or outgrow takes half a second, longer than most of these programs.
What is forked knows nothing of other programs, has its own folder, environment, arguments and files to print to, and
leads a group of processes, which ends with it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from surroundings import PATIENCE

# What programs import: those in an app, and outgrow.
APP = "alembic.autogenerate, argon2, dotenv, flask.testing, flask_migrate, flask_sqlalchemy, pytest, "
APP += "sqlalchemy.dialects.mysql, sqlalchemy.dialects.sqlite"
OUTGROW = "outgrow.cli"
# The programs that are run most; their arguments are those that a shell would give.
FLASK = "import sys; from flask.cli import main; sys.argv[0] = 'flask'; main()"
# Tests make many an app; to look for garbage less often spares a twelfth of their time.
PYTEST = "import gc, sys, pytest; gc.set_threshold(100_000); sys.exit(pytest.main())"
RUN_OUTGROW = "import runpy; runpy.run_module('outgrow', run_name='__main__', alter_sys=True)"

# An app's own tests take half a minute, and many times as long on a loaded machine.
SECONDS = 5 * PATIENCE

SERVE = """
import atexit, contextlib, gc, json, os, resource, signal, sys, traceback
import {libraries}

def begin(job):
    os.setsid()
    signal.alarm(job["seconds"])
    for number, path in enumerate([os.devnull, *job["output"]]):
        os.dup2(os.open(path, os.O_RDWR), number)
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environ"])
    if job["address_space"]:
        resource.setrlimit(resource.RLIMIT_AS, [job["address_space"]] * 2)
    sys.argv = ["-c", *job["words"]]
    sys.path.insert(0, "")

def run(job):
    try:
        begin(job)
        exec(compile(job["code"], "<string>", "exec"), {{"__name__": "__main__"}})
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0

gc.freeze()
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        status = run(json.loads(line))
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    _, status, used = os.wait4(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss]), flush=True)
"""


@dataclass(frozen=True)
class Ended:
    """How a program ended, what it printed, and the most memory that it held at once."""

    returncode: int
    out: bytes
    err: bytes
    kilobytes: int

    @property
    def stdout(self) -> str:
        return self.out.decode()

    @property
    def stderr(self) -> str:
        return self.err.decode("utf-8", "surrogateescape")


class Nursery:
    """A Python that forks programs."""

    all: ClassVar[dict[tuple[str, ...], Nursery]] = {}

    def __init__(self, *start: str) -> None:
        self.folder = TemporaryDirectory()
        self.output = [Path(self.folder.name) / name for name in ("stdout", "stderr")]
        self.process = subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    @classmethod
    def of(cls, libraries: str, python: str = sys.executable, warnings: str = "") -> Nursery:
        """The one of a Python with some libraries, and a choice of warnings to show."""
        start = (python, "-B", *(["-W", warnings] if warnings else []), "-c", SERVE.format(libraries=libraries))
        if start not in cls.all:
            cls.all[start] = cls(*start)
        return cls.all[start]

    @classmethod
    def close(cls) -> None:
        """End them all."""
        for nursery in cls.all.values():
            nursery.process.communicate()
            nursery.folder.cleanup()
        cls.all.clear()

    def run(
        self,
        code: str,
        *words: object,
        folder: Path,
        environ: dict[str, str],
        seconds: int = SECONDS,
        address_space: int = 0,
    ) -> Ended:
        """Run some Python in a folder, with arguments and an environment, and within limits."""
        for path in self.output:
            path.write_bytes(b"")
        arguments = [os.fsdecode(word) if isinstance(word, bytes) else str(word) for word in words]
        job = {"code": code, "words": arguments, "folder": str(folder), "environ": environ}
        job |= {"seconds": seconds, "address_space": address_space, "output": list(map(str, self.output))}
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        status, kilobytes = json.loads(self.process.stdout.readline())
        out, err = (path.read_bytes() for path in self.output)
        if status == -signal.SIGALRM:
            raise subprocess.TimeoutExpired(words, seconds, out, err)
        return Ended(status, out, err, kilobytes)
