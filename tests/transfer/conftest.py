from __future__ import annotations

from pathlib import Path

import pytest
from site_of_files import Files, Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site that holds nothing yet."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Site(tmp_path)


class RoundTrip:
    """The law: convert, take the source away, export; the same bytes are there again."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def __call__(self, files: Files) -> None:
        conversion = self.site.convert(files)
        assert conversion.verified, conversion.findings
        assert conversion.rejects == []
        self.site.take_source_away()
        wanted = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
        assert self.site.export() == wanted


@pytest.fixture
def round_trip(site: Site) -> RoundTrip:
    return RoundTrip(site)
