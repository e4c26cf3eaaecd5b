"""A conversion that is killed in any of its phases is completed by the next load, as if nothing had been."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from crashing import Site, differences
from database_servers import KINDS

from outgrow import steps
from outgrow.errors import DatabaseError

KILLS: dict[str, list[tuple[str, str]]] = {
    "rename": [("rename", "1")],
    "upgrade": [("upgrade", "3"), ("upgrade", "6")],
    "batch": [("batch", "3")],
    "index": [("batch", "1"), ("index", "1"), ("index", "1")],
    "verify": [("verify", "1")],
}
"""By phase: where the conversion is killed, then each load that goes on with it."""


@pytest.mark.parametrize("phase", KILLS)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_killed_is_completed(
    kind: str,
    phase: str,
    site: Site,
    whole: Callable[[str], dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url)
    begin: Callable[..., Any] = site.convert
    for kill in KILLS[phase]:
        killed = begin(*kill)
        said, errors = killed.communicate(timeout=60)
        assert killed.returncode == -9, said + errors
        begin = site.load
    if phase != "rename":
        expect_refusal(site)
    done = steps.load(site.app)
    assert done.verified, done.findings
    assert differences(site, whole(kind)) == []
    expect_refusal(site)
    if phase in ("upgrade", "index"):
        status, said = site.flask("db", "check")
        assert status == 0, said


@pytest.mark.parametrize("kind", ["postgresql"])
def test_keys_that_a_kill_left_unproved_are_proved(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    posts = [post | {"user_id": 1} for post in json.loads((site.data / "posts.json").read_text())]
    shutil.copytree(site.data, tmp_path / "data")
    (tmp_path / "data" / "posts.json").write_text(json.dumps(posts))
    site.data = tmp_path / "data"
    monkeypatch.setenv("DATABASE_URL", site.url)
    said, errors = site.convert("prove", "1").communicate(timeout=60)
    with begin_on(site) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")) > 0, said + errors
    done = steps.load(site.app)
    assert done.verified, done.findings
    with begin_on(site) as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pg_constraint WHERE NOT convalidated")) == 0


def begin_on(site: Site) -> AbstractContextManager[sa.Connection]:
    """A transaction on a site's database."""
    return sa.create_engine(site.url, poolclass=sa.NullPool).begin()


def expect_refusal(site: Site) -> None:
    """No other app takes this database for its own."""
    another = site.app.with_name("another")
    with pytest.raises(DatabaseError, match="already holds tables"):
        steps.convert(site.data, another, steps.ConvertOptions(database=site.url))
    assert not another.exists()
