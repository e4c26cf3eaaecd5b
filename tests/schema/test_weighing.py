"""Keys and references are weighed together: what no single column shows."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest
from made_profiles import pairs, plan, profile, table

from outgrow.schema.infer import infer_plan
from outgrow.schema.weights import chances


def test_columns_that_refer_together_refer_to_the_whole_key():
    lines = [{"order_no": order, "line_no": line, "qty": 1} for order in range(1, 21) for line in range(1, 4)]
    parcels = [{"id": n, "order_no": n % 20 + 1, "line_no": n % 3 + 1} for n in range(1, 41)]
    made = plan(orders=[{"order_no": n} for n in range(1, 21)], order_lines=lines, parcels=parcels)
    assert made.by_name["order_lines"].primary_key == ("order_no", "line_no")
    assert "parcels.order_no+line_no > order_lines.order_no+line_no" in pairs(made)
    assert "parcels.order_no > orders.order_no" not in pairs(made)


def test_whole_numbers_that_a_data_frame_wrote_are_the_numbers_that_others_mean():
    rows = [{"id": n, "user_id": float(n % 9 + 1) if n % 4 else None} for n in range(1, 40)]
    made = plan(users=[{"id": n, "name": f"n{n}"} for n in range(1, 10)], posts=rows)
    assert pairs(made) == {"posts.user_id > users.id"}
    assert str(made.by_name["posts"].by_name["user_id"].type) == "integer"


def test_null_as_a_word_is_no_value_and_no_obstacle():
    rows = [{"id": str(n), "user_id": str(n % 9 + 1) if n % 4 else "NULL"} for n in range(1, 40)]
    users = profile("users", [{"id": str(n), "name": f"n{n}"} for n in range(1, 10)], textual=True)
    made = plan(users=users, posts=profile("posts", rows, textual=True))
    assert pairs(made) == {"posts.user_id > users.id"}
    assert made.by_name["posts"].by_name["user_id"].nullable


@pytest.mark.parametrize("name", ["title", "message", "time", "name"])
def test_what_differs_by_chance_is_no_key(name):
    made = table([{name: f"x y {n}", "done": n % 2 == 0} for n in range(15)], "todos")
    assert made.primary_key == ("id",)


def test_those_who_do_something_are_named_by_what_is_done():
    rows = [{"id": n, "ship_via": n % 3 + 1} for n in range(1, 30)]
    made = plan(shippers=[{"shipper_id": n, "name": f"n{n}"} for n in range(1, 7)], orders=rows)
    assert {pair.partition(" > ")[2] for pair in pairs(made)} == {"shippers.shipper_id"}


def test_chances_exclude_each_other():
    found = chances([2.0, 2.0, -5.0])
    assert found[0] == found[1] < 0.5
    assert sum(found) < 1


def test_four_times_the_tables_take_at_most_eight_times_the_time():
    quickest = [min(_seconds(size) for _ in range(3)) for size in (60, 15)]  # others use the machine, too
    assert quickest[0] <= 8 * max(quickest[1], 0.02)


def _seconds(size: int) -> float:
    names = [f"{chr(97 + n % 26)}{chr(97 + n // 26)}thing" for n in range(size)]
    made = [
        profile(name, [{"id": r, f"{names[(n * 7 + 1) % size]}_id": r % 50 + 1, "n": r % 9} for r in range(1, 60)])
        for n, name in enumerate(names)
    ]
    started = process_time()
    infer_plan(made)
    return process_time() - started


def test_where_names_tell_nothing_values_have_to():
    people = [{"c1": 100 + 7 * n, "c2": f"x{n}", "c3": n % 3} for n in range(1, 60)]
    goods = [{"c1": f"K{n:03}", "c2": n % 5} for n in range(1, 40)]
    pick = Random(1)
    sales = [{"c1": n, "c2": 107 + 7 * pick.randrange(59), "c3": f"K{pick.randrange(1, 40):03}"} for n in range(1, 250)]
    made = plan(taa=people, tab=goods, tac=sales)
    assert pairs(made) == {"tac.c2_c1 > taa.c1", "tac.c3_c1 > tab.c1"}
    assert [made.by_name[name].primary_key for name in ("taa", "tab", "tac")] == [("c1",), ("c1",), ("c1",)]


def test_columns_that_are_only_counted_are_not_alike_by_name():
    first = profile("first", [{"column_1": str(n), "column_2": f"a{n}"} for n in range(1, 9)], textual=True)
    second = profile("second", [{"column_1": str(n), "column_2": f"b{n}"} for n in range(1, 6)], textual=True)
    assert pairs(plan(first=first, second=second)) == set()
