"""What a typed column can't say comes back all the same: absence, literals, orders, dates, dropped fields."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from site_of_files import Files, Site

Law = Callable[[Files], None]

# Per column: what most records hold, then the odd ones among them, as JSON.
COLUMNS: dict[str, tuple[list[str], list[str]]] = {
    "integer": (["1", "2", "-3"], ["null", '""', "2.0", '"4"', "1E2", "-0", "true"]),
    "integer of 64 bits": (["3000000000", "1"], ["null", "9223372036854775807", "-9223372036854775808"]),
    "integer beyond 64 bits": (["12345678901234567890123", "5"], ["null", "1.0"]),
    "integers as texts": (['"1"', '"20"'], ["3", '""', "null", '"007"']),
    "float": (["0.5", "1.5", "-2.25"], ["null", "1", "1.0", "1.10", "1E5", "1e5", "-0", "-0.0", "0", "1.0e+25"]),
    "whole floats": (["1.0", "2.0"], ["null", "3", "0.5"]),
    "decimal": (['"1.50"', '"20.25"'], ["null", '""', '"3"', "1.5", '"1.505"']),
    "boolean": (["true", "false"], ["null", "0", "1", '"true"', '""']),
    "string": (['"a"', '"b c"'], ["null", '""', "1", "1.10", "true", '"\\u00fc/\\n"']),
    "text": (['"' + "x" * 300 + '"', '"y"'], ["null", '""', "12"]),
    "date": (['"2024-01-02"', '"1999-12-31"'], ["null", '""']),
    "datetime": (['"2024-01-02 03:04:05"', '"1999-12-31 23:59:59"'], ["null", '""', '"2024-01-02T03:04:05"']),
    "datetime with a zone": (
        ['"2024-01-02T03:04:05Z"'],
        ["null", '"2024-01-02T03:04:05+02:00"', '"2024-01-02T03:04Z"'],
    ),
    "datetime with a fraction": (['"2024-01-02T03:04:05.123Z"'], ["null", '"2024-01-02T03:04:05Z"']),
    "time": (['"10:20"', '"23:59"'], ["null", '""', '"10:20:30"']),
    "json": (["[1, [2]]", '{"a": [1]}', "7"], ["null", "1.0", "1.10", '"x"', "[]", "{}", "12345678901234567890123"]),
    "object": (['{"a": 1, "b": "x"}'], ["null", "{}", '{"a": 1}', '{"b": "x", "a": 2}', '{"a": null, "b": null}']),
    "objects within": (['{"a": {"b": 1}, "c": 2}'], ["null", "{}", '{"a": null, "c": 2}', '{"a": {}, "c": 2}']),
    "list of scalars": (['["a", "b"]', '["c"]'], ["null", "[]", '{"0": "a", "1": "b"}', '["a", null, "a"]', "{}"]),
    "list of objects": (
        ['[{"n": 1, "t": "a"}, {"n": 2, "t": "b"}]'],
        ["null", "[]", '[{"t": "a", "n": 1}]', '[{"n": 1}]', '{"0": {"n": 1, "t": "a"}}', '[{"n": 1.0, "t": null}]'],
    ),
    "list within a list": (['[{"n": 1, "l": ["a", "b"]}]'], ["[]", '[{"n": 1}]', '[{"n": 1, "l": null}]']),
}


def listed(values: list[str]) -> str:
    """Records of these values; the first of `None` has no such field."""
    return "[" + ", ".join(f'{{"id": {n}, "x": {value}}}' for n, value in enumerate(values, 1)) + "]"


@pytest.mark.parametrize(("usual", "odd"), COLUMNS.values(), ids=COLUMNS.keys())
def test_every_type_of_column_gives_odd_values_back(site: Site, usual: list[str], odd: list[str]) -> None:
    """All odd values at once, then each alone among usual ones, in files beside each other."""
    files = {"all.json": listed(usual * 30 + odd)}
    files |= {f"only{n}.json": listed([*usual * 3, value, *usual * 3]) for n, value in enumerate(odd)}
    files["absent.json"] = listed([*usual, "@"]).replace(', "x": @', "")
    files["absent_first.json"] = listed(["@", *usual, "null"]).replace(', "x": @', "")
    conversion = site.convert(files)
    assert conversion.verified, conversion.findings
    assert conversion.rejects == []
    site.take_source_away()
    assert site.export() == {path: text.encode() for path, text in files.items()}


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1, "a": 1, "b": 2}, {"b": 3, "id": 2, "a": 4}, {"a": 5, "id": 3}]',
        '[{"id": 1, "a": 1, "a": 2}, {"id": 2, "a": 3}]',
        '[{"id": 1, "o": {"a": 1, "a": 2}}, {"id": 2, "o": {"a": 3}}]',
        '[{"id": 1, "l": [{"a": 1, "a": 2}]}, {"id": 2, "l": [{"a": 3}]}]',
        '{"x": {"a": 1, "a": 2}, "y": {"a": 3}}',
        '[{"id": 1, "id": 2, "a": 1}, {"id": 3, "a": 3}]',
        '[{"id": 1}, {}, {"id": 2}]',
        '[{"id": 1, "": 5, "a.b": 6, "A": 1, "a": 2, "\\u00e4": 7}]',
    ],
    ids=["orders", "twice", "twice within", "twice in a list", "twice in a map", "key twice", "empty", "odd names"],
)
def test_odd_objects_come_back(round_trip: Law, text: str) -> None:
    round_trip({"things.json": text})


def test_a_field_that_the_plan_drops_comes_back(site: Site) -> None:
    text = json.dumps([{"id": n, "name": f"n{n}", "junk": {"n": n, "x": 1.5}} for n in range(1, 5)])

    def drop(plan: str) -> str:
        kept = [line for line in plan.splitlines() if not line.startswith("columns.junk")]
        return "\n".join(kept) + "\n"

    assert site.convert({"things.json": text}, drop).verified
    assert site.sql("SELECT * FROM things")[0] == (1, "n1")
    site.take_source_away()
    assert site.export() == {"things.json": text.encode()}


def test_exported_lines_and_tables_keep_what_has_no_column(round_trip: Law) -> None:
    round_trip(
        {
            "log.ndjson": '{"at": 1, "n": 1.10}\n{"n": 2, "at": null}\n{"at": 3, "at": 4}\n',
            "prices.csv": "id,price,rate\n1,1.50,007\n2,,1e3\n3,2,\n",
        }
    )
