"""Keys and references of some real databases whose constraints were taken away: at least as many are found as were."""

from __future__ import annotations

import os
import sys

import pytest
from real_data import DATA, ROOT

sys.path.insert(0, str(ROOT / "tools"))

import fit_relations

from outgrow.schema import weights
from outgrow.source.folder import scan
from outgrow.transfer.survey import survey

NAMES = (
    "classic/chinook", "classic/northwind", "datatracer/classicmodels", "datatracer/pubs", "datatracer/university",
    "spiderman_a/aircraft", "spiderman_a/cinema", "spiderman_a/college_2", "spiderman_a/hospital_1",
    "spiderman_a/match_season", "spiderman_a/student_assessment", "spiderman_a/store_1",
)  # fmt: skip
FLOORS = {"references": 0.95, "keys": 0.85}


def test_as_many_keys_and_references_are_found_as_were() -> None:
    if not (DATA / "relations").exists():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"there is no {DATA / 'relations'}; OUTGROW_DATA says where the real data are")
    found = []
    for name in NAMES:
        truth = DATA / "relations" / name / "truth.json"
        source = scan(truth.parent / "data", salvage=False)
        profiles = survey(source, salvage=False, progress=lambda _what, _done: None).profiles
        found.append(fit_relations.make_database(truth, profiles))
    book = fit_relations.Book()
    fit_relations.judge(found, {"reference": weights.REFERENCE, "key": weights.KEY}, book)
    total = fit_relations.Count()
    for count in book.references.values():
        total.right, total.wrong = total.right + count.right, total.wrong + count.wrong
        total.missed += count.missed
    keys = [count.right / max(1, count.right + count.missed) for count in book.keys.values()]
    assert total.f1() >= FLOORS["references"], "\n".join(book.misses)
    assert sum(keys) / len(keys) >= FLOORS["keys"], "\n".join(book.misses)
