"""Keys that come twice: copies are kept once and written again, others go by the rule in the plan."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from site_of_files import Site, told

ANN, BOB, CY = ({"id": n, "name": name, "tags": [name]} for n, name in ((1, "ann"), (2, "bob"), (3, "cy")))
BOBBY = {"id": 2, "name": "bobby", "tags": ["x", "y"]}
ROBERT = {"id": 2, "name": "robert", "tags": []}
RECORDS = [ANN, BOB, BOBBY, CY, ROBERT]


def lines(records: list[dict[str, object]]) -> str:
    """A record per line, so that each has a line of its own."""
    return "[\n" + ",\n".join(map(json.dumps, records)) + "\n]"


def rule(name: str) -> Callable[[str], str]:
    """An edit that gives the key of people a rule, whatever was guessed."""
    return lambda _: (
        f"""version = 1
[tables.people]
source = "people.json"
class = "Person"
key = ["id"]
duplicates = "{name}"
columns.id = {{ field = "id", type = "integer" }}
columns.name = {{ field = "name", type = "string(80)" }}

[tables.people_tags]
parent = "people"
path = "tags"
class = "PersonTag"
key = ["person_id", "position"]
columns.person_id = {{ from = "parent", type = "integer" }}
columns.position = {{ from = "position", type = "integer" }}
columns.tag = {{ from = "element", type = "string(80)" }}
references.person = {{ columns = ["person_id"], to = "people", back = "tags", on_delete = "cascade" }}
"""
    )


@pytest.fixture(params=["one chunk", "many chunks"])
def _cut(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same records in one chunk, or nearly each in its own."""
    if request.param == "many chunks":
        monkeypatch.setattr("outgrow.source.syntax.json.BLOCK", 45)


@pytest.mark.usefixtures("_cut")
@pytest.mark.parametrize(
    ("name", "kept", "set_aside"),
    [
        ("keep-first", [ANN, BOB, CY], {"people.json:4", "people.json:6"}),
        ("keep-last", [ANN, CY, ROBERT], {"people.json:3", "people.json:4"}),
        ("reject", [ANN, CY], {"people.json:3", "people.json:4", "people.json:6"}),
    ],
)
def test_a_taken_key_goes_by_the_rule(
    site: Site, name: str, kept: list[dict[str, object]], set_aside: set[str]
) -> None:
    conversion = site.convert({"people.json": lines(RECORDS)}, rule(name))
    assert conversion.verified, conversion.findings
    people = site.sql("SELECT id, name FROM people ORDER BY id")
    assert people == sorted((record["id"], record["name"]) for record in kept)
    assert site.export()["people.json"] == lines(RECORDS).encode()
    rejects = site.rejects("people")
    assert {reject["origin"].rsplit(":", 1)[0] for reject in rejects} == set_aside
    assert all("its key id 2 is taken" in reject["reason"] for reject in rejects)
    assert all(json.loads(reject["record"])["id"] == 2 for reject in rejects)
    assert len(site.sql("SELECT 1 FROM people_tags")) == sum(len(record["tags"]) for record in kept)


@pytest.mark.usefixtures("_cut")
def test_exact_copies_are_one_finding_and_are_written_again(site: Site) -> None:
    text = json.dumps([ANN, BOB, BOB, CY, ANN])
    conversion = site.convert({"people.json": text}, rule("reject"))
    assert conversion.verified, conversion.findings
    assert conversion.reject_count == 0
    assert [told(f) for f in conversion.findings if "copies" in f.message] == [
        "people.json: 2 exact copies of other records: kept once, and written again by export"
    ]
    assert site.sql("SELECT count(*) FROM people") == [(3,)]
    assert site.export() == {"people.json": text.encode()}


@pytest.mark.usefixtures("_cut")
def test_copies_with_passwords_are_copies_although_these_are_hashed(site: Site) -> None:
    people = [{"id": n, "name": f"n{n}", "password": f"Geheim-{n}"} for n in (1, 2, 1)]
    conversion = site.convert({"people.json": lines(people)})
    assert conversion.reject_count == 0
    assert conversion.verified, conversion.findings


@pytest.mark.usefixtures("_cut")
def test_a_map_whose_keys_count_keeps_them_when_a_record_is_taken_back(site: Site) -> None:
    text = "{\n" + ",\n".join(f'"{n}": {json.dumps(record)}' for n, record in enumerate(RECORDS)) + "\n}"
    assert site.convert({"people.json": text}, rule("keep-last")).verified
    assert site.sql("SELECT id, name FROM people ORDER BY id") == [(1, "ann"), (2, "robert"), (3, "cy")]
    assert site.export()["people.json"] == text.encode()


def test_a_copy_stays_when_the_database_refuses_another_record(site: Site) -> None:
    people = [ANN, BOB, ANN, {"id": 4, "name": "bob", "tags": []}]

    def edit(plan: str) -> str:
        return rule("keep-first")(plan).replace('key = ["id"]', 'key = ["id"]\nunique = [["name"]]')

    conversion = site.convert({"people.json": lines(people)}, edit)
    assert conversion.verified, conversion.findings
    assert conversion.reject_count == 1
    assert site.sql("SELECT name FROM people ORDER BY id") == [("ann",), ("bob",)]
    assert site.export()["people.json"] == lines(people).encode()
