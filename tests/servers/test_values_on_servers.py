"""What databases treat differently, and apps must not: values of each type, keys of text, wide indexes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from server_apps import App

WITHIN = Path(__file__).parent / "values/within"


def test_values_and_keys_are_exact_within_the_app(rendered: Callable[[str], Path], database_url: str) -> None:
    places = [f"--rootdir={WITHIN}", f"--confcutdir={WITHIN}", "--config-file=/dev/null", str(WITHIN)]
    on_a_server = {} if database_url.startswith("sqlite") else {"TEST_DATABASE_URL": database_url}
    app = App(rendered("values"), database_url)
    said = app.run("pytest", "-q", "-p", "no:cacheprovider", "--show-capture=no", *places, **on_a_server)
    assert " passed" in said
