"""A site that is converted and served, and a browser that looks at it: BROWSER_SHOTS=FOLDER keeps pictures there."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from looking import ENVIRON, Served, log_in, run, watch, write_site
from playwright.sync_api import Browser, Page, sync_playwright
from surroundings import PATIENCE

ROOT = Path(__file__).parents[2]
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
NAME, PASSWORD = "op", "correct horse"


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The blog as an app, served by `flask run`."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "site").mkdir()
    write_site(folder / "site")
    run("outgrow.cli", "convert", "--quiet", "site", "blog", folder=folder)
    app = Served(folder / "blog", f"http://127.0.0.1:{free_port()}")
    serve = [sys.executable, "-m", "flask", "run", "--no-reload", "--port", app.url.rpartition(":")[2]]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(serve, cwd=app.folder, env=ENVIRON, stdout=log, stderr=log)
    try:
        wait_until_it_answers(app.url, process, folder / "log")
        yield app
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the server's first answer."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"{url}/health"):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)


@pytest.fixture(scope="session")
def operator(served: Served) -> tuple[str, str]:
    """The name and password of an operator."""
    served.command("operator", "create", NAME, "--password", PASSWORD)
    return NAME, PASSWORD


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; without one there is nothing to try, and no other program can stand in for it."""
    got = subprocess.run(["sh", ROOT / "tools/get_chromium.sh"], capture_output=True, text=True, check=False)
    if got.returncode:
        pytest.skip(f"there is no Chromium, so no page was looked at: {' '.join(got.stderr.split())}")
    return got.stdout.strip()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium, without a window."""
    unpacked = list(Path(chromium).parent.glob("usr/lib/*-linux-gnu"))  # playwright's driver needs a library, too
    with pytest.MonkeyPatch.context() as patch:
        if unpacked:
            patch.setenv("LD_LIBRARY_PATH", str(unpacked[0]))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
            yield browser
            browser.close()


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Open a page of a new visitor; when the test is over, nothing may have gone wrong in it."""
    wrong: list[str] = []
    contexts = []

    def open_page(path: str, **options: Any) -> Page:
        context = browser.new_context(base_url=served.url, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, served.url, wrong)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def admin(open_page: Callable[..., Page], operator: tuple[str, str]) -> Callable[..., Page]:
    """Open a page of the operator, who has logged in."""

    def admin(path: str, **options: Any) -> Page:
        page = open_page("/admin/login", **options)
        log_in(page, *operator)
        page.wait_for_url("**/admin/")
        page.goto(path)
        return page

    return admin
