"""The harder versions of a sample are what they say, and their truth follows from the sample's."""

from derived import dark, dirty, nested, shuffled, small
from samples import Sample, store
from store_files import File


def test_a_dark_store_keeps_its_values_and_loses_its_names():
    bright, sample = store("shop"), dark(store("shop"))
    assert [file.name for file in sample.files] == [f"ta{letter}.json" for letter in "abcdef"]
    names = list(bright.tables)
    assert sample.values(list(sample.tables)[names.index("reviews")], "c4") == bright.values("reviews", "rating")
    links = [key for table in sample.tables.values() for key in table["foreign_keys"]]
    assert len(links) == sum(len(table["foreign_keys"]) for table in bright.tables.values())


def test_a_small_store_has_no_reference_to_a_record_that_was_left_out():
    sample = small(store("forum"))
    assert max(len(sample.records(table)) for table in ("users", "topics", "posts")) <= 20
    assert sample.records("posts")
    assert set(sample.values("posts", "topic_id")) <= set(sample.values("topics", "id"))


def test_a_dirty_store_has_orphans_and_numbers_as_text():
    values = dirty(store("forum")).values("posts", "topic_id")
    assert {type(value) for value in values} == {int, str}
    assert sum(value == 1090 for value in values) == 6


def test_a_shuffled_store_has_the_same_fields_in_another_order_for_all_records():
    before, after = (
        list(map(list, sample.records("customers"))) for sample in (store("shop"), shuffled(store("shop")))
    )
    assert sorted(before[0]) == sorted(after[0])
    assert before[0] != after[0]
    assert len(set(map(tuple, after))) == 1


def test_nested_tables_lie_in_the_records_that_own_them():
    link = {"columns": ["post"], "table": "posts", "references": ["id"]}
    tag = {"columns": ["tag"], "table": "tags", "references": ["id"]}
    sample = Sample(
        "blog",
        [
            File("posts.json", [{"id": 1, "title": "a"}, {"id": 2, "title": "b"}], "php"),
            File("tags.json", [{"id": 7, "name": "x"}, {"id": 8, "name": "y"}], "php"),
            File("post_tags.json", [{"post": 1, "tag": 7}, {"post": 1, "tag": 8}, {"post": 2, "tag": 7}], "php"),
            File("comments.json", [{"id": 5, "post": 2, "text": "hm"}, {"id": 6, "post": 2, "text": "ha"}], "php"),
        ],
        {
            "posts": {"source": "posts.json", "primary_key": ["id"], "foreign_keys": []},
            "tags": {"source": "tags.json", "primary_key": ["id"], "foreign_keys": []},
            "post_tags": {"source": "post_tags.json", "primary_key": ["post", "tag"], "foreign_keys": [link, tag]},
            "comments": {"source": "comments.json", "primary_key": ["id"], "foreign_keys": [link]},
        },
    )
    made = nested(sample)
    assert made.records("posts") == [
        {"id": 1, "title": "a", "tags": [7, 8], "comments": []},
        {"id": 2, "title": "b", "tags": [7], "comments": [{"id": 5, "text": "hm"}, {"id": 6, "text": "ha"}]},
    ]
    assert list(made.tables) == ["posts", "tags", "posts/tags", "posts/comments"]
    assert made.tables["posts/tags"]["foreign_keys"] == [{**tag, "columns": ["<element>"]}]
    assert made.tables["posts"]["shapes"] == {"tags": "association", "comments": "table"}
