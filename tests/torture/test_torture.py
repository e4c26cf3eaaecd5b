"""A generated app behind a real gunicorn stays right and says what is wrong, whatever happens to it."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from torture import counting, draining, faults, spec
from torture.apps import App
from torture.outcome import Outcome
from torture.servers import Server


def hold(outcome: Outcome) -> None:
    """Fail with all that was found; the server's log is in it."""
    if outcome.skipped:
        pytest.skip(outcome.skipped)
    assert not outcome.problems, "\n".join([outcome.said, *outcome.problems])


def test_the_api_answers_only_as_its_own_description_says(app: App) -> None:
    with Server(app) as server:
        hold(spec.walk(server))


def test_no_update_of_many_clients_is_lost(app: App) -> None:
    with Server(app, workers=2) as server:
        hold(counting.count_up(server, clients=8, times=5, seconds=30))


def test_an_exhausted_pool_is_said_and_passes(app: App) -> None:
    hold(faults.pool_exhausted(app))


def test_a_full_database_is_said_and_loses_nothing(app: App) -> None:
    hold(faults.full_by_pages(app))


def test_a_full_disk_is_said_and_loses_nothing(app: App) -> None:
    hold(faults.full_disk(app))


@pytest.mark.parametrize("kind", ["sync", "gthread"])
def test_a_server_that_is_told_to_stop_says_so_first_and_answers_what_it_took(app: App, kind: str) -> None:
    hold(draining.behind_a_balancer(app, kind))


def test_a_server_doesnt_stop_because_one_before_it_was_killed(app: App) -> None:
    hold(draining.after_a_kill(app))


def test_a_database_that_is_locked_at_first_can_be_read(app: App) -> None:
    hold(faults.locked_at_first(app))


def test_a_revoked_token_is_dead_in_all_workers_within_ten_seconds(waiting: dict[str, Future[Outcome]]) -> None:
    hold(waiting["revoked"].result(timeout=60))


def test_a_locked_database_is_said_and_passes(waiting: dict[str, Future[Outcome]]) -> None:
    hold(waiting["locked"].result(timeout=60))
