"""Of an app whose load was cut off, every command that needs all of it says how to go on."""

from __future__ import annotations

from pathlib import Path

import pytest
from crashing import Site
from database_servers import KINDS

from outgrow import steps
from outgrow.errors import AppError
from outgrow.results import ConvertOptions


@pytest.mark.parametrize("kill", [("upgrade", "3"), ("batch", "3")], ids=lambda kill: kill[0])
@pytest.mark.parametrize("kind", KINDS)
def test_a_second_conversion_and_an_export_name_the_load(
    kind: str, kill: tuple[str, str], site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", site.url)
    site.convert(*kill).communicate(timeout=60)
    for command in (
        lambda: steps.convert(site.data, site.app, ConvertOptions()),
        lambda: steps.export(site.app, tmp_path / "back"),
        lambda: steps.check_export(site.app, site.data),
    ):
        with pytest.raises(AppError) as told:
            command()
        assert told.value.problem == f"{site.app}: the load isn't finished", kind
        assert f"outgrow load {site.app}" in (told.value.hint or "")
    assert not (tmp_path / "back").exists()
    steps.load(site.app)
    assert steps.check_export(site.app, site.data).is_same
