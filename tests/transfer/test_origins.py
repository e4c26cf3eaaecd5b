"""Each row's origin, as the app tells it from the ledger: the expected lines are counted in the files' texts."""

from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from site_of_files import Site
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from outgrow import steps
from outgrow.transfer import load_table

# Beyond the first two, each with a gap in its numbers; lists and objects of several lengths, so that lines vary.
PEOPLE: list[dict[str, Any]] = [
    {
        "id": number + number // 10 * 5,
        "name": f"name {number}",
        "tags": [f"tag {number % 4}", "a } , { b"][: number % 3],
        "home": {"city": "Kyiv", "zip": f"0{number:04}"} if number % 7 else None,
        "phones": [{"kind": "home", "digits": f"+{number}"}, {"kind": "work", "digits": "+1"}][: number % 4],
    }
    for number in range(1, 61)
]
IDS = [person["id"] for person in PEOPLE]
FLAT = [{"id": person["id"], "name": person["name"], "note": "one\nor\ntwo"[: person["id"] % 5]} for person in PEOPLE]
NAMED = {f"k/{person['id']}~": {"name": person["name"], "tags": person["tags"]} for person in PEOPLE}


def load_module(name: str) -> ModuleType:
    """A module of the app by itself; it needs nothing of an app but the database."""
    path = Path(str(files("outgrow.render"))) / "template" / "app" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{name}_of_the_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "app.encoding", load_module("encoding"))
    origins = load_module("origins")


@pytest.fixture(params=["one chunk", "many chunks"], autouse=True)
def _cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same records in one chunk, or a few in each."""
    if request.param == "many chunks":
        for syntax in ("json", "ndjson", "csv", "json_exact"):
            monkeypatch.setattr(f"outgrow.source.syntax.{syntax}.BLOCK", 300)


def told(site: Site, table: str) -> dict[Any, str | None]:
    """Where the rows of a table come from, by their keys."""
    engine = create_engine(f"sqlite:///{site.database}", poolclass=NullPool)
    with closing(engine.connect()) as connection:
        about = origins.tables_of(connection)[table]
        own = [column for _, column, *_, place in connection.exec_driver_sql(f'PRAGMA table_info("{table}")') if place]
        names = ", ".join(f'"{name}"' for name in (*own, *about["key"]))
        rows = connection.execute(text(f'SELECT {names} FROM "{table}"')).all()
        return {
            (row[0] if len(own) == 1 else tuple(row[: len(own)])): origins.find_origin(
                connection, about["source"], origins.key_as_json(row[len(own) :])
            )
            for row in rows
        }


def line(content: str, needle: str) -> int:
    assert content.count(needle) == 1, (needle, content.count(needle))
    return content[: content.index(needle)].count("\n") + 1


def pretty(number: int) -> str:
    return f'{{\n        "id": {number},'


def deeper(number: int) -> str:
    return f'{{\n            "id": {number},'


def compact(number: int) -> str:
    return f'{{"id":{number},'


def spaced(number: int) -> str:
    return f'{{"id": {number},'


def dense(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def per_line(records: list[dict[str, Any]], end: str = "\n") -> str:
    return "".join(json.dumps(record) + end for record in records)


def in_rows(records: list[dict[str, Any]], end: str = "\n") -> str:
    """CSV, with quotes where a text holds a line break."""
    return end.join(["id,name,note", *(f'{r["id"]},{r["name"]},"{r["note"]}"' for r in records), ""])


GUARD = "<?php exit; ?>\n/* kept\n   by hand */\n\n"
LISTS: dict[str, tuple[str, str, Callable[[int], str]]] = {
    "indented by four": ("people.json", json.dumps(PEOPLE, indent=4), pretty),
    "indented by two": ("people.json", json.dumps(PEOPLE, indent=2), lambda n: f'{{\n    "id": {n},'),
    "indented by tabs": ("people.json", json.dumps(PEOPLE, indent="\t"), lambda n: f'{{\n\t\t"id": {n},'),
    "on lines without indentation": ("people.json", json.dumps(PEOPLE, indent=0), lambda n: f'{{\n"id": {n},'),
    "with line ends of Windows": (
        "people.json",
        json.dumps(PEOPLE, indent=4).replace("\n", "\r\n"),
        lambda n: pretty(n).replace("\n", "\r\n"),
    ),
    "a record per line": ("people.json", "[\n" + ",\n".join(map(json.dumps, PEOPLE)) + "\n]\n", spaced),
    "with gaps between records": (
        "people.json",
        json.dumps(PEOPLE, indent=4).replace("},\n    {\n", "}\n\n,\n\n\n    {\n"),
        pretty,
    ),
    "behind a guard line": ("people.php", GUARD + json.dumps(PEOPLE, indent=4), pretty),
    "packed": ("people.json.gz", json.dumps(PEOPLE, indent=4), pretty),
    "a value per line": ("people.ndjson", per_line(PEOPLE), spaced),
    "a value per line, with line ends of Windows": ("people.ndjson", per_line(PEOPLE, "\r\n"), spaced),
    "a value per line, with gaps": ("people.ndjson", per_line(PEOPLE, "\n\n"), spaced),
    "rows": ("people.csv", in_rows(FLAT), lambda n: f"\n{n},name"),
    "rows with line ends of Windows": ("people.csv", in_rows(FLAT, "\r\n"), lambda n: f"\n{n},name"),
}


@pytest.mark.parametrize("form", LISTS)
def test_the_line_tells_where_a_record_of_a_list_stands(site: Site, form: str) -> None:
    path, content, needle = LISTS[form]
    packed = gzip.compress(content.encode()) if path.endswith(".gz") else content
    done = site.convert({path: packed})
    assert done.verified, done.findings
    below = 1 if needle(1).startswith("\n") else 0
    wanted = {number: f"{path}:{line(content, needle(number)) + below}" for number in IDS}
    assert told(site, "people") == wanted


@pytest.mark.parametrize("write", [dense, json.dumps])
def test_where_all_records_share_a_line_the_pointer_tells(site: Site, write: Callable[[Any], str]) -> None:
    site.convert({"people.json": write(PEOPLE), "db.json": write({"site": {"name": "x"}, "posts": FLAT})})
    assert told(site, "people") == {number: f"people.json:1 /{place}" for place, number in enumerate(IDS)}
    assert told(site, "posts") == {number: f"db.json:1 /posts/{place}" for place, number in enumerate(IDS)}
    assert list(told(site, "site").values()) == ["db.json:1 /site"]
    assert json.loads((site.data / "people.json").read_text())[7]["id"] == IDS[7]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_record_of_a_map_is_told_by_its_key(site: Site, indent: int | None) -> None:
    content = json.dumps(NAMED, indent=indent)
    site.convert({"people.json": content})
    wanted = {
        key: f"people.json:{line(content, json.dumps(key))}"
        + ("" if indent else " /" + key.replace("~", "~0").replace("/", "~1"))
        for key in NAMED
    }
    assert told(site, "people") == wanted


def test_braces_in_the_keys_of_a_map_are_no_borders(site: Site) -> None:
    """One hides a border between records, two objects in a record look like one."""
    one, two = {"name": "a", "x": {"n": 1}, "y": {"n": 1}}, {"name": "b", "x": {"n": 1}, "y": {"n": 1}}
    content = json.dumps(
        {"k1": {"name": "c"}, "k}2": one, "k3": {"name": "d"}, "k}4": two, "k5": {"name": "e"}}, indent=4
    )
    site.convert({"people.json": content})
    wanted = {key: f"people.json:{line(content, json.dumps(key))}" for key in ("k1", "k}2", "k3", "k}4", "k5")}
    assert told(site, "people") == wanted


def test_a_map_whose_keys_only_count_is_told_by_them(site: Site) -> None:
    content = dense({str(place): person for place, person in enumerate(PEOPLE)})
    site.convert({"people.json": content})
    assert told(site, "people") == {number: f"people.json:1 /{place}" for place, number in enumerate(IDS)}


def test_each_collection_of_a_document_has_its_own_lines(site: Site) -> None:
    document = {"version": 3, "people": PEOPLE, "notes": [{"id": n, "text": "x"} for n in range(900, 930)]}
    content = json.dumps({**document, "site": {"url": "y", "name": "x"}}, indent=4)
    site.convert({"db.json": content})

    def wanted(number: int) -> str:
        return f"db.json:{line(content, deeper(number))}"

    assert told(site, "people") == {number: wanted(number) for number in IDS}
    assert told(site, "notes") == {number: wanted(number) for number in range(900, 930)}
    at = line(content, '"url": "y"')
    assert list(told(site, "site").values()) == [f"db.json:{at}"]


def test_what_php_appended_to_a_list_of_a_document_stands_at_its_root(site: Site) -> None:
    more = {str(place): {**person, "id": 500 + place} for place, person in enumerate(PEOPLE[:3])}
    site.convert({"people.json": dense({"people": PEOPLE[:5], **more})})
    found = told(site, "people")
    assert [found[number] for number in IDS[:2]] == ["people.json:1 /people/0", "people.json:1 /people/1"]
    assert [found[number] for number in (500, 501, 502)] == [f"people.json:1 /{place}" for place in range(3)]


def test_a_file_that_is_one_record_is_its_origin(site: Site) -> None:
    articles = {f"articles/{name}.json": json.dumps({"title": name, "n": 1}, indent=4) for name in ("about", "team")}
    site.convert({**articles, "config.json": json.dumps({"name": "x", "mail": "y"}, indent=4)})
    assert told(site, "articles") == {"about": "articles/about.json", "team": "articles/team.json"}
    assert list(told(site, "config").values()) == ["config.json"]


def test_rows_of_lists_come_from_the_record_they_were_in(site: Site) -> None:
    tags = [{"id": number, "name": f"tag {number}"} for number in range(1, 31)]
    items = [
        {
            "id": 100 + number,
            "tags": [1 + number, 2 + number],
            "parts": [{"name": "p", "sizes": [{"width": number}, {"width": 2}]}],
        }
        for number in range(25)
    ]
    content = json.dumps(items, indent=4)
    site.convert({"items.json": content, "tags.json": dense(tags)})
    for table, rows in (("item_tags", 50), ("item_parts", 25), ("item_part_sizes", 50)):
        found = told(site, table)
        assert len(found) == rows
        assert all(where == f"items.json:{line(content, pretty(key[0]))}" for key, where in found.items()), table


@pytest.mark.parametrize("between", [", ", ",\n"])
def test_what_is_set_aside_between_records_does_not_shift_the_others(site: Site, between: str) -> None:
    """Some are no objects, one can't be a record at all, one has no id, and the end of the file is missing."""
    elements = [json.dumps(person) for person in PEOPLE]
    for place, odd in ((0, "17"), (5, '{"id": 900, "name": "\\ud800"}'), (6, "null"), (40, '"a"')):
        elements.insert(place, odd)
    elements.insert(20, json.dumps({**PEOPLE[0], "id": None}))
    content = f"[{between[1:]}{between.join(elements)}{between}"
    done = site.convert({"people.json": content + '{"id": 4'}, salvage=True)
    assert done.reject_count == 5, done.rejects
    starts = {**{number: spaced(number) for number in IDS}, IDS[-1] + 1: '{"id": null,'}
    wanted = {number: f"people.json:{line(content, start)}" for number, start in starts.items()}
    if between == ", ":
        places = {n: next(p for p, each in enumerate(elements) if each.startswith(starts[n])) for n in starts}
        wanted = {number: f"people.json:1 /{place}" for number, place in places.items()}
    assert told(site, "people") == wanted


def test_bad_lines_and_bad_rows_do_not_shift_the_others(site: Site) -> None:
    lines = per_line(PEOPLE).splitlines(keepends=True)
    lines[3:3] = ["{broken\n", "\n", "12\n"]
    rows = in_rows(FLAT).splitlines(keepends=True)
    rows[4:4] = ["7,too,many,values\n", "\n"]
    site.convert({"people.ndjson": "".join(lines), "notes.csv": "".join(rows)}, salvage=True)
    assert told(site, "people") == {n: f"people.ndjson:{line(''.join(lines), spaced(n))}" for n in IDS}
    assert told(site, "notes") == {n: f"notes.csv:{line(''.join(rows), f'{chr(10)}{n},name') + 1}" for n in IDS}


@pytest.mark.parametrize("rule", ["null", "reject"])
def test_copies_and_settled_orphans_leave_the_others_where_they_are(site: Site, rule: str) -> None:
    posts = [{"id": 1 + number, "user_id": IDS[number % 50], "title": f"title {number}"} for number in range(80)]
    posts[30]["user_id"] = 999
    records = [*posts[:10], posts[3], *posts[10:], posts[50]]
    content = "[\n" + ",\n".join(map(json.dumps, records)) + "\n]"
    data = {"users.json": dense(FLAT), "posts.json": content}
    done = site.convert(data, lambda plan: with_orphans(with_keys(plan, "keep-first"), rule))
    assert done.verified, done.findings
    assert done.reject_count == (rule == "reject")
    kept = [post["id"] for post in posts if rule == "null" or post["user_id"] != 999]
    first = {number: content[: content.index(spaced(number))].count("\n") + 1 for number in kept}
    assert told(site, "posts") == {number: f"posts.json:{at}" for number, at in first.items()}


def with_keys(plan: str, rule: str) -> str:
    """A plan that takes the ids for keys although they come twice."""
    lines = [each for each in plan.splitlines() if not each.startswith("columns.row_id")]
    return "\n".join(lines).replace('key = ["row_id"]', f'key = ["id"]\nduplicates = "{rule}"') + "\n"


def with_orphans(plan: str, rule: str) -> str:
    return plan.replace('on_delete = "restrict"', f'on_delete = "restrict", orphans = "{rule}"')


def test_of_several_records_with_a_key_the_one_that_was_kept_is_told(site: Site) -> None:
    records = [*FLAT[:20], FLAT[4], *FLAT[20:30], {**FLAT[4], "name": "later"}, *FLAT[30:]]
    content = "[\n" + ",\n".join(map(json.dumps, records)) + "\n]"
    site.convert({"people.json": content}, lambda plan: with_keys(plan, "keep-last"))
    wanted = {number: f"people.json:{content[: content.rindex(spaced(number))].count(chr(10)) + 1}" for number in IDS}
    assert told(site, "people") == wanted


def test_records_are_found_by_keys_of_several_columns_and_by_those_in_no_order(site: Site) -> None:
    votes = [{"user_id": n % 7, "post_id": n // 7, "day": f"2024-01-{1 + n % 28:02}", "up": n % 2} for n in range(70)]
    mixed = [{"id": 1 + number * 37 % 101, "name": f"n{number}"} for number in range(90)]
    site.convert({"votes.json": dense(votes), "mixed.json": dense(mixed)})
    found = told(site, "votes")
    assert found == {(v["user_id"], v["post_id"]): f"votes.json:1 /{place}" for place, v in enumerate(votes)}
    assert told(site, "mixed") == {m["id"]: f"mixed.json:1 /{place}" for place, m in enumerate(mixed)}


def test_a_load_that_goes_on_counts_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"people.json": json.dumps(PEOPLE, indent=4), "notes.json": dense(["none", *FLAT])}
    with monkeypatch.context() as patch:
        patch.setattr("outgrow.app_folder.remove", lambda _path: None)
        patch.setattr("outgrow.transfer.load_table.CHUNKS_PER_TRANSACTION", 3)
        left = iter([True] * 2)
        write = load_table.TableState._write_some
        patch.setattr(load_table.TableState, "_write_some", lambda *words: next(left) and write(*words))
        with pytest.raises(StopIteration):
            site.convert(content)
    begun = site.sql("SELECT count(*) FROM outgrow_chunks")
    assert steps.load(site.app).verified
    assert begun != [(0,)]
    people, notes = content["people.json"], told(site, "notes")
    assert told(site, "people") == {n: f"people.json:{line(people, pretty(n))}" for n in IDS}
    assert notes == {number: f"notes.json:1 /{1 + place}" for place, number in enumerate(IDS)}


def test_a_ledger_that_knows_no_lines_tells_the_file(site: Site) -> None:
    site.convert({"people.json": json.dumps(PEOPLE, indent=4), "notes.json": dense(FLAT)})
    gone = ", ".join(f"'$.{name}'" for name in ("lines", "numbers", "pointer", "named", "rows.runs"))
    site.sql(f"UPDATE outgrow_chunks SET facts = json_remove(facts, {gone})")
    site.sql("DELETE FROM outgrow_meta WHERE name = 'tables'")
    assert steps.load(site.app).verified, "a further load enters what concerns tables"
    assert set(told(site, "people").values()) == {"people.json"}
    assert set(told(site, "notes").values()) == {"notes.json"}
    assert site.export()["notes.json"] == dense(FLAT).encode()


IN_THE_APP = """
import json
from app import create_app, db
from app.models import *
from app.origins import origin_of
app = create_app()
app.app_context().push()
found = {}
found["row"] = origin_of(db.session.get(Item, 11))
found["association"] = origin_of(db.session.get(ItemTag, (11, 3)))
found["not stored"] = origin_of(Item(id=500, size=1))
def add(row):
    db.session.add(row)
    db.session.commit()
    return origin_of(row)
found["with a number that was left out"] = add(Item(id=13, size=1))
found["with a number of its own"] = add(Item(size=1))
db.session.delete(db.session.get(Item, 14))
db.session.commit()
found["in the place of another"] = add(Item(id=14, size=1))
db.session.get(Item, 11).size = 7
db.session.commit()
found["changed"] = origin_of(db.session.get(Item, 11))
for table in ("meta", "changes"):
    db.session.execute(db.text(f"DROP TABLE outgrow_{table}"))
db.session.commit()
import app.origins
app.origins._tables.clear()
found["without a ledger"] = origin_of(db.session.get(Item, 11))
print(json.dumps(found))
"""


def test_the_app_tells_its_rows_origins_but_not_of_those_it_has_made(site: Site) -> None:
    tags = [{"id": number, "name": f"tag {number}"} for number in range(1, 6)]
    items = [{"id": number, "size": number, "tags": [1, 3]} for number in range(9, 40) if number != 13]
    content = json.dumps(items, indent=4)
    site.convert({"items.json": content, "tags.json": dense(tags)})
    done = subprocess.run(
        [sys.executable, "-B", "-c", IN_THE_APP], cwd=site.app, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    here = f"items.json:{line(content, pretty(11))}"
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "row": here,
        "association": here,
        "not stored": None,
        "with a number that was left out": None,
        "with a number of its own": None,
        "in the place of another": None,
        "changed": here,
        "without a ledger": None,
    }
