"""Generated apps on SQLite, PostgreSQL and MariaDB: revisions, transactions, the API."""

from __future__ import annotations

from pathlib import Path

from server_apps import App

WITHIN = Path(__file__).parent / "within"
TABLES = {"users", "profiles", "tags", "posts", "post_tags", "comments", "app_operators", "app_tokens", "app_requests"}


def test_the_revisions_lead_to_the_models_down_to_nothing_and_up_again(app: App) -> None:
    app.run("flask", "db", "upgrade")
    assert app.tables() == TABLES
    app.run("flask", "db", "downgrade", "base")
    assert app.tables() == set()
    app.run("flask", "db", "upgrade")
    assert app.tables() == TABLES


def test_processes_that_start_together_upgrade_one_after_another(app: App) -> None:
    processes = [app.start("flask", "db", "upgrade") for _ in range(3)]
    said = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], "\n".join(said)
    assert sum("Running upgrade" in text for text in said) == 1
    assert app.tables() == TABLES


def test_revisions_transactions_and_the_api_are_sound_within_the_app(app: App) -> None:
    places = [f"--rootdir={WITHIN}", f"--confcutdir={WITHIN}", "--config-file=/dev/null", str(WITHIN)]
    said = app.run("pytest", "-q", "-p", "no:cacheprovider", "-r", "s", *places)
    assert " passed" in said
