"""Files that are a record each are counted many at a time, and what is said of one of them still names it."""

from __future__ import annotations

import json
from pathlib import Path

from outgrow.record import Batch
from outgrow.schema.collection_profile import CollectionProfile
from outgrow.source.folder import scan
from outgrow.transfer.gathering import TOGETHER, Gathering
from outgrow.transfer.survey import infer, survey


def test_a_finding_names_the_file_that_repeats_a_value(tmp_path: Path) -> None:
    (tmp_path / "users").mkdir()
    for number in range(40):
        email = "u3@x.org" if number == 17 else f"u{number}@x.org"
        record = {"id": number, "email": email, "name": f"n{number}"}
        (tmp_path / "users" / f"{number:02}.json").write_text(json.dumps(record))
    source = scan(tmp_path)
    found = survey(source, salvage=False, progress=lambda _what, _done: None)
    _, findings = infer(source, found.profiles)
    said = "\n".join(f"{finding.message} {finding.origin}" for finding in findings)
    assert "users/17.json" in said
    assert found.profiles[0].records == 40


def test_only_parts_that_follow_each_other_are_counted_together() -> None:
    added: list[tuple[int, int, int]] = []

    class Noted(CollectionProfile):
        def add(self, batch: Batch, section: int = 0) -> None:
            added.append((section, batch.start, len(batch.records)))

    gathering = Gathering(Noted("users", "users/*"))
    for number, alone in [(0, True), (1, True), (3, True), (4, False), (5, True), (6, True)]:
        gathering.add(Batch([{"id": number}], b"", 10, 20), number, alone=alone)
    gathering.add(Batch([1], b"", 10, 20), 7, alone=True)
    gathering.flush()
    gathering.flush()
    assert added == [(0, TOGETHER, 2), (3, TOGETHER, 1), (4, 10, 1), (5, TOGETHER, 2), (7, 10, 1)]
