"""References that lead nowhere: left empty or set aside by the plan's rule, said with their places, never lost."""

from __future__ import annotations

import json

from site_of_files import Site, told

USERS = [{"id": number, "username": f"user{number}"} for number in range(1, 61)]
TAGS = [{"id": number, "name": f"tag {number}"} for number in range(1, 61)]


def posts() -> list[dict[str, object]]:
    return [
        {
            "id": number,
            "user_id": 1 + number % 60,
            "tags": [1 + number % 60, 1 + (number + 7) % 60],
            "notes": [{"text": f"note {number}", "by_user_id": 1 + number % 60}],
        }
        for number in range(1, 301)
    ]


def lines(records: list[dict[str, object]]) -> str:
    return json.dumps(records, indent=2)


def place(records: list[dict[str, object]], number: int) -> str:
    """Where the record with this id starts."""
    text = lines(records)
    before = text[: text.index(f'  "id": {number},')]
    return f"posts.json:{before.count(chr(10))}:3"


def files(records: list[dict[str, object]]) -> dict[str, str]:
    return {"users.json": json.dumps(USERS), "tags.json": json.dumps(TAGS), "posts.json": lines(records)}


def rule_reject(plan: str) -> str:
    changed = [
        line.replace('on_delete = "restrict"', 'on_delete = "restrict", orphans = "reject"')
        if line.startswith(("references.user ", "references.by_user ")) and "orphans" not in line
        else line.replace('orphans = "null"', 'orphans = "reject"')
        for line in plan.splitlines()
    ]
    return "\n".join(changed) + "\n"


def test_orphans_are_left_empty_and_written_again(site: Site) -> None:
    records = posts()
    records[4]["user_id"] = 999
    conversion = site.convert(files(records))
    assert conversion.verified, conversion.findings
    assert conversion.reject_count == 0
    assert site.sql("SELECT id FROM posts WHERE user_id IS NULL") == [(5,)]
    said = [told(finding) for finding in conversion.findings if "refers to no row" in finding.message]
    assert len(said) == 1
    assert "posts: 1 time " in said[0]
    assert f"({place(records, 5)})" in said[0]
    assert site.export()["posts.json"] == lines(records).encode()


def test_orphans_are_set_aside_where_that_is_the_rule(site: Site) -> None:
    records = posts()
    records[4]["user_id"] = 999
    conversion = site.convert(files(records), rule_reject)
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT count(*) FROM posts") == [(299,)]
    assert site.sql("SELECT count(*) FROM post_notes WHERE post_id = 5") == [(0,)]
    assert [(str(reject.origin), json.loads(reject.text)) for reject in conversion.rejects] == [
        (place(records, 5), records[4])
    ]
    assert site.export()["posts.json"] == files(records)["posts.json"].encode()


def test_an_orphan_within_a_list_is_left_empty_and_written_again(site: Site) -> None:
    records = posts()
    records[4]["notes"] = [{"text": "a", "by_user_id": 3}, {"text": "b", "by_user_id": 999}]
    conversion = site.convert(files(records))
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT text FROM post_notes WHERE by_user_id IS NULL") == [("b",)]
    assert site.export()["posts.json"] == lines(records).encode()


def test_an_orphan_within_a_list_is_set_aside_and_its_record_written_as_it_was(site: Site) -> None:
    records = posts()
    records[4]["notes"] = [{"text": "a", "by_user_id": 3}, {"text": "b", "by_user_id": 999}]
    conversion = site.convert(files(records), rule_reject)
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT text FROM post_notes WHERE post_id = 5") == [("a",)]
    assert [str(reject.origin) for reject in conversion.rejects] == [place(records, 5)]
    assert [reject["origin"] for reject in site.rejects("post_notes")] == [place(records, 5)]
    assert site.export()["posts.json"] == lines(records).encode()


def test_a_pair_of_an_association_without_its_other_side_is_set_aside_and_written_as_it_was(site: Site) -> None:
    records = posts()
    records[4]["tags"] = [3, 777, 4]
    conversion = site.convert(files(records))
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT tag_id FROM post_tags WHERE post_id = 5 ORDER BY position") == [(3,), (4,)]
    assert place(records, 5) in "\n".join(told(finding) for finding in conversion.findings)
    assert site.export()["posts.json"] == lines(records).encode()


def test_what_refers_to_a_record_that_was_set_aside_is_an_orphan_too(site: Site) -> None:
    records = posts()
    records[4]["user_id"] = 999
    comments = [{"id": number, "post_id": number, "text": f"comment {number}"} for number in range(1, 301)]
    conversion = site.convert({**files(records), "comments.json": lines(comments)}, rule_reject)
    assert conversion.verified, conversion.findings
    assert site.sql("PRAGMA foreign_key_check") == []
    assert site.sql("SELECT id FROM comments WHERE post_id IS NULL") in ([(5,)], [])
    missing = 300 - site.sql("SELECT count(*) FROM comments")[0][0]
    assert missing == len(site.rejects("comments"))


def test_an_orphan_in_a_record_with_a_key_twice_keeps_the_records_text(site: Site) -> None:
    text = lines(posts()).replace('"user_id": 6,', '"user_id": 1,\n    "user_id": 999,', 1)
    conversion = site.convert({**files([]), "posts.json": text})
    assert conversion.verified, conversion.findings
    assert site.export()["posts.json"] == text.encode()


def test_orphans_among_keys_that_lie_between_those_of_another_section(site: Site) -> None:
    records = [{"id": n, "parent_id": n - 2 if n > 2 else None} for n in range(2, 202, 2)]
    text = json.dumps({"nodes": records, "0": {"id": 5, "parent_id": 4}, "1": {"id": 7, "parent_id": 9999}})
    conversion = site.convert({"db.json": text})
    assert conversion.verified, conversion.findings
    assert site.sql("SELECT parent_id FROM nodes WHERE id = 7") == [(None,)]
    assert site.export() == {"db.json": text.encode()}
