"""Values that lead nowhere are named in the finding, with what becomes of them; a doubtful guess says its rival."""

from __future__ import annotations

from made_profiles import profile

from outgrow.schema.infer import infer_plan
from outgrow.schema.orphans import find_orphans, name_orphans

AUTHORS = [{"id": number, "name": f"N{number}"} for number in range(1, 31)]


def said(*profiles):
    return [finding.message for finding in infer_plan(profiles).findings]


def field(name, values):
    return profile("things", [{name: value} for value in values]).root.fields[name]


def test_a_finding_names_the_values_that_lead_nowhere_and_how_often():
    posts = [{"id": n, "author_id": n % 30 + 1 if n > 3 else 77} for n in range(1, 101)]
    assert said(profile("authors", AUTHORS), profile("posts", posts)) == [
        'posts.json: 1 value of author_id not in authors.id: "77" 3 times; kept as null'
    ]


def test_elements_of_a_list_that_lead_nowhere_are_set_aside():
    posts = [{"id": n, "authors": [n % 30 + 1, n % 29 + 1] if n > 1 else [77, 1]} for n in range(1, 101)]
    messages = said(profile("authors", AUTHORS), profile("posts", posts))
    assert messages == ['posts.json: 1 value of author not in authors.id: "77"; set aside']


def test_no_more_than_a_few_values_are_named():
    assert name_orphans(field("a", ["x", "y", "y", "z", "w", "k"]), field("b", ["k"])) == '"y" 2 times, "x", "z", …'


def test_a_value_is_found_however_it_is_written():
    assert find_orphans(field("a", [1, "2", 3.0, "04"]), field("b", [1, 2, 3])) == {"04": 1}


def test_what_stands_for_none_is_no_orphan():
    assert not find_orphans(field("a", [0, 1, "", None, "NULL"]), field("b", [1, 2]))


def test_orphans_among_many_texts_are_not_known():
    many = field("a", [f"t{number}" for number in range(1000)])
    assert find_orphans(many, field("b", ["t1"])) is None
    assert name_orphans(many, field("b", ["t1"])) == ""


def test_control_characters_and_long_values_are_safe_to_show():
    shown = name_orphans(field("a", ["\x1b[31m", "y" * 100]), field("b", ["k"]))
    assert shown == '"\\u001b[31m", "' + "y" * 39 + '…"'


def test_a_guess_that_is_not_beyond_doubt_says_how_sure_it_is_and_what_else_is_likely():
    members = [{"id": number, "email": f"m{number}@b.example"} for number in range(1, 31)]
    editors = [{"id": number, "email": f"e{number}@b.example"} for number in range(1, 31)]
    posts = [{"id": n, "created_by": n % 30 + 1} for n in range(1, 41)]
    plan = infer_plan([profile("members", members), profile("staff", editors), profile("posts", posts)]).plan
    told = [*plan.by_name["posts"].notes, *(each.evidence for each in plan.by_name["posts"].references)]
    assert any("% sure, else staff.id" in each or "% sure, else members.id" in each for each in told), told
