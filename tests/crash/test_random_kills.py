"""What `make torture ONLY=crash` does fifty times on each database."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from torture.crashing_loads import Trial


def test_a_conversion_that_is_killed_at_a_moment_of_chance_is_completed(data: Path, tmp_path: Path) -> None:
    outcome = Trial(data, tmp_path, None).kill_loaders(1)
    assert outcome.problems == []
    assert outcome.said.startswith("1 kills: 1 x ")
