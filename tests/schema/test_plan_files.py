"""What a plan leaves as a file makes no table, and is read and written like the rest of the plan."""

from __future__ import annotations

import pytest

from outgrow.errors import PlanError
from outgrow.schema.plan import parse_plan, render_plan

PLAN = """version = 1

[tables.users]
source = "users.json"
class = "User"
key = ["id"]
columns.id = { field = "id", type = "integer" }

[tables.site]
source = "site.json"
keep = "file"
"""


def test_a_plan_with_a_file_is_written_as_it_was_read() -> None:
    plan = parse_plan(PLAN)
    assert [table.name for table in plan] == ["users"]
    assert plan.files == (("site", "site.json"),)
    assert render_plan(plan) == PLAN


def test_tables_of_lists_within_a_file_are_none() -> None:
    child = '\n[tables.site_links]\nparent = "site"\npath = "links"\nclass = "Link"\nkey = ["url"]\n'
    assert parse_plan(PLAN + child) == parse_plan(PLAN)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"integer" }\n', '"integer" }\nreferences.site = { columns = ["id"], to = "site" }\n', "is left as a file"),
        ('keep = "file"', 'keep = "table"', 'there is "file"'),
        ('source = "site.json"\n', "", "source"),
        ('source = "site.json"', 'parent = "users"\npath = "links"', "can't be left as a file"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_cure(before: str, after: str, said: str) -> None:
    assert before in PLAN
    with pytest.raises(PlanError) as refused:
        parse_plan(PLAN.replace(before, after))
    assert said in str(refused.value)
