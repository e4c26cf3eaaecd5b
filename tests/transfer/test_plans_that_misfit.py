"""A plan with a slip of the pen is refused before anything is written; what another site lacks is only said."""

from __future__ import annotations

import json

import pytest
from site_of_files import Site, told

from outgrow.errors import PlanError

USERS = json.dumps([{"id": n, "nick": name, "city": "Bonn"} for n, name in enumerate(("ann", "bob", "cy"), 1)])
TAGS = json.dumps([{"id": n, "label": name} for n, name in enumerate(("red", "blue", "green"), 1)])
SITE = {"users.json": USERS, "data/tags.json": TAGS}


def refused(site: Site, old: str, new: str, files: dict[str, str] = SITE) -> str:
    """What is said of a plan in which one thing was changed; nothing may have been written."""
    with pytest.raises(PlanError) as error:
        site.convert(files, lambda plan: plan.replace(old, new))
    assert not site.app.exists()
    return str(error.value)


def test_a_field_that_no_record_has_and_none_may_lack(site: Site) -> None:
    said = refused(site, 'field = "nick"', 'field = "nickname"')
    assert 'table users: no record of users.json has "nickname"; did you mean "nick"?' in said


def test_a_field_that_is_like_none_is_named_with_those_that_there_are(site: Site) -> None:
    said = refused(site, 'field = "nick"', 'field = "zzz"')
    assert 'no record of users.json has "zzz"; it has "nick"' in said


def test_all_slips_are_said_at_once(site: Site) -> None:
    with pytest.raises(PlanError) as error:
        site.convert(SITE, lambda plan: plan.replace('field = "nick"', 'field = "nik"').replace('"label"', '"lable"'))
    assert all(f'did you mean "{name}"?' in str(error.value) for name in ("nick", "label"))


def test_a_source_without_its_folder(site: Site) -> None:
    said = refused(site, 'source = "data/tags.json"', 'source = "tags.json"')
    assert 'table tags: there is no "tags.json" in the data; did you mean "data/tags.json"?' in said


def test_a_field_that_a_late_record_has_is_no_slip(site: Site) -> None:
    late = [{"id": n, "nick": "ann"} for n in range(1, 3000)] + [{"id": 3000, "nick": "bob", "alias": "b"}]
    done = site.convert(
        {"users.json": json.dumps(late)}, lambda plan: plan.replace("nullable = true", "nullable = false")
    )
    assert done.reject_count == 2999


def test_a_field_that_records_may_lack_is_said_with_the_one_that_is_near(site: Site) -> None:
    done = site.convert(
        SITE, lambda plan: plan.replace('field = "city", type', 'field = "citty", nullable = true, type')
    )
    said = [told(finding) for finding in done.findings if finding.severity == "warning"]
    wanted = 'users.json: no record has "citty", of which the plan makes columns of users; did you mean "city"?'
    assert wanted in said


def test_another_site_that_has_no_file_for_a_table_makes_it_empty(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site.convert(SITE)
    other = Site(tmp_path_factory.mktemp("other"))
    plan = (site.app / "outgrow.toml").read_text()
    done = other.convert({"users.json": USERS, "shop/wishes.json": TAGS}, lambda _: plan)
    assert done.verified
    assert any("table tags stays empty" in finding.message for finding in done.findings)
