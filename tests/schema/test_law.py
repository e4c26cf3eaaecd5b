"""Whatever the records look like, the plan inferred from them is a legal one and they fit it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_profiles import profile

from outgrow.record import Number
from outgrow.schema.infer import infer_plan
from outgrow.schema.plan import parse_plan, render_plan
from outgrow.schema.shape import Extras, compile_shape, shape_batch

FIELDS = (
    "id _id name title userId user_id author tags slug email username created_at class metadata posts list parent_id"
    " address items ж 2024 to_dict password token count a.b type date user post query key value position category"
).split()
COLLECTIONS = "users posts tags categories items config comments people String sqlite_x order".split()


class Maker:
    """Makes records at random that have something in common, as those of a collection do."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def scalar(self, kind: int) -> Any:
        pick = self.random
        makers = (
            lambda: pick.randint(0, 9),
            lambda: pick.choice(["a", "foo-bar", "x y z" * pick.randint(1, 40)]),
            lambda: None,
            pick.random,
            lambda: pick.random() < 0.5,
            lambda: "",
            lambda: pick.choice(["2024-01-02", "2024-01-02 03:04:05", "10:20", "7", "007", "1.5"]),
            lambda: pick.randint(-(2**70), 2**70),
            lambda: Number("1.10"),
            lambda: pick.randint(0, 2**40),
        )
        return makers[kind]()

    def kind(self, depth: int) -> dict[str, Any]:
        what = self.random.choices("solm", [6, 2, 2, 0.5])[0] if depth < 4 else "s"
        made = {"what": what, "null": self.random.choice([0, 0, 0.1, 0.9]), "scalar": self.random.randint(0, 9)}
        made["odd"] = self.random.choice([0, 0, 0, 0.1])
        if what == "o":
            made["fields"] = self.fields(depth + 1)
        elif what != "s":
            made["element"] = self.kind(depth + 1)
        return made

    def fields(self, depth: int) -> dict[str, Any]:
        names = self.random.sample(FIELDS, self.random.randint(1, 6))
        return {name: (self.random.choice([1, 1, 0.7, 0.2]), self.kind(depth)) for name in names}

    def value(self, kind: dict[str, Any]) -> Any:
        if self.random.random() < kind["null"]:
            return None
        if self.random.random() < kind["odd"]:
            return self.scalar(self.random.randint(0, 9))
        match kind["what"]:
            case "o":
                return self.record(kind["fields"])
            case "l":
                return [self.value(kind["element"]) for _ in range(self.random.randint(0, 4))]
            case "m":
                return {str(n): self.value(kind["element"]) for n in range(self.random.randint(0, 3))}
        return self.scalar(kind["scalar"])

    def record(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: self.value(kind) for name, (share, kind) in fields.items() if self.random.random() < share}

    def collection(self) -> tuple[list[dict[str, Any]], list[str] | None]:
        fields = self.fields(0)
        records = [self.record(fields) for _ in range(self.random.choice([0, 1, 3, 10, 60]))]
        if self.random.random() < 0.5:
            for number, record in enumerate(records):
                record["id"] = number
        return records, [f"k/{n}" for n in range(len(records))] if records and self.random.random() < 0.3 else None


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0))
def test_records_fit_the_plan_that_was_inferred_from_them(seed):
    maker = Maker(seed)
    made = {name: maker.collection() for name in maker.random.sample(COLLECTIONS, maker.random.randint(1, 4))}
    profiles = [profile(name, records, keys=keys, size=7) for name, (records, keys) in made.items()]
    plan = infer_plan(profiles).plan
    assert infer_plan(profiles).plan == plan
    for each, (records, keys) in zip(profiles, made.values(), strict=True):
        table = next(t for t in plan if t.source == each.source and t.parent is None)
        rows = shape_batch(compile_shape(plan, table), records, Extras(keys=keys, first_number=1_000), json.dumps)
        assert set(rows.unfit.values()) <= {"repeats the key of an earlier record"} or not rows.unfit


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=0))
def test_the_plan_that_was_inferred_can_be_written_and_read_back(seed):
    maker = Maker(seed)
    made = {name: maker.collection() for name in maker.random.sample(COLLECTIONS, maker.random.randint(1, 4))}
    plan = infer_plan([profile(name, records, keys=keys) for name, (records, keys) in made.items()]).plan
    assert parse_plan(render_plan(plan)) == plan


@pytest.mark.parametrize(
    "key", ['"); import os; os.system("x") #', "'''", "{{7*7}}", "a\nb", "\u202e", "x" * 500, "\0"]
)
def test_hostile_names_become_harmless_ones(key):
    plan = infer_plan([profile(key, [{"id": 1, key: {key: [{key: 1}]}}], keys=[key])]).plan
    for table in plan:
        names = [table.name, table.class_name, *(column.name for column in table.columns)]
        assert all(name.isidentifier() and name.isascii() and len(name) <= 63 for name in names)
