import pytest
from made_profiles import infer, plan, profile, table

POSTS = [
    {"id": 1, "title": "x", "comments": [{"by": "ann", "text": "x"}, {"by": "bob", "text": "y"}]},
    {"id": 2, "title": "y", "comments": []},
]


def names(made):
    return [each.name for each in made.columns]


def test_objects_of_a_stable_shape_spread_over_columns():
    made = table([{"id": 1, "address": {"street": "x", "geo": {"lat": 1.5, "lng": 2.5}}}] * 1, "users")
    assert names(made) == ["id", "address_street", "address_geo_lat", "address_geo_lng"]
    assert made.columns[2].field == ("address", "geo", "lat")


def test_an_object_that_some_records_lack_makes_its_columns_nullable():
    made = table([{"id": 1, "geo": {"lat": 1}}, {"id": 2}, {"id": 3, "geo": None}])
    assert made.by_name["geo_lat"].nullable


def test_an_empty_list_in_the_place_of_an_object_is_php_s_empty_object():
    assert names(table([{"id": 1, "geo": {"lat": 1}}, {"id": 2, "geo": []}])) == ["id", "geo_lat"]


def test_a_list_of_objects_becomes_a_child_table():
    child = plan(posts=POSTS).by_name["post_comments"]
    assert (child.kind, child.class_name, child.parent, child.path) == ("child", "PostComment", "posts", ("comments",))
    assert [(each.name, each.role) for each in child.columns] == [
        ("post_id", "parent"), ("position", "position"), ("by", "field"), ("text", "field"),
    ]  # fmt: skip
    assert child.primary_key == ("post_id", "position")
    assert child.rows == 2
    (reference,) = child.references
    assert (reference.name, reference.back, reference.on_delete) == ("post", "comments", "cascade")


def test_elements_with_an_id_of_their_own_are_keyed_by_it():
    made = plan(posts=[{"id": 1, "comments": [{"id": 7, "t": "x"}]}, {"id": 2, "comments": [{"id": 9, "t": "x"}]}])
    assert made.by_name["post_comments"].primary_key == ("id",)


def test_ids_that_start_anew_in_each_list_are_no_key():
    made = plan(posts=[{"id": 1, "comments": [{"id": 1, "t": "x"}]}, {"id": 2, "comments": [{"id": 1, "t": "x"}]}])
    assert made.by_name["post_comments"].primary_key == ("post_id", "position")


def test_a_list_of_scalars_becomes_a_child_table_with_one_column():
    child = plan(posts=[{"id": 1, "tags": ["a", "b"]}]).by_name["post_tags"]
    assert [(each.name, each.role, str(each.type)) for each in child.columns] == [
        ("post_id", "parent", "integer"), ("position", "position", "integer"), ("tag", "element", "string(80)"),
    ]  # fmt: skip


def test_lists_within_lists_of_objects_go_on():
    made = plan(posts=[{"id": 1, "comments": [{"text": "x", "likes": ["ann"]}, {"text": "x", "likes": []}]}])
    child = made.by_name["post_comment_likes"]
    assert child.parent == "post_comments"
    assert child.path == ("likes",)
    assert names(child) == ["post_id", "post_comment_position", "position", "like"]
    assert child.primary_key == ("post_id", "post_comment_position", "position")


def test_a_map_whose_keys_only_count_is_a_list():
    items = {"0": {"name": "Home"}, "1": {"name": "About"}}
    made = plan(menus=[{"id": 1, "items": items}, {"id": 2, "items": {}}])
    assert made.by_name["menu_items"].rows == 2
    assert names(made.by_name["menu_items"]) == ["menu_id", "position", "name"]


@pytest.mark.parametrize(
    "values",
    [
        [{"2024-01-01": 1, "2024-01-02": 2}, {"2024-01-03": 1}],
        [{"a": "A", "b": "B", "c": "C"}, {"a": "A"}, {"d": "D"}],
        [[1, "a", {"b": 1}], []],
        [[[1, 2], [3]], []],
        [[{"a": 1}, None], []],
        ["x", {"a": 1}],
        [{"a": 1}, [1]],
    ],
)
def test_what_has_no_stable_shape_is_kept_whole(values):
    made = plan(things=[{"id": number, "what": value} for number, value in enumerate(values)])
    assert [(each.name, each.type.name) for each in made.tables[0].columns] == [("id", "integer"), ("what", "json")]
    assert len(made.tables) == 1


def test_a_map_named_by_other_records_keys_is_kept_whole():
    made = plan(tags={"php": {"n": 1}, "cms": {"n": 2}}, pages=[{"id": 1, "tags": {"php": "PHP", "cms": "CMS"}}])
    assert made.by_name["pages"].by_name["tags"].type.name == "json"


def test_a_map_of_very_many_keys_is_kept_whole():
    made = table([{"id": 1, "words": {f"w{n}": n for n in range(500)}}])
    assert made.by_name["words"].type.name == "json"


def test_tables_stand_in_the_order_of_their_sources_with_parents_before_children():
    made = plan(posts=POSTS, users=[{"id": 1, "roles": ["x"]}])
    assert [each.name for each in made] == ["posts", "post_comments", "users", "user_roles"]


def test_a_field_that_says_whose_it_is_gets_no_second_prefix():
    assert "post_tags" in plan(posts=[{"id": 1, "post_tags": ["a"]}]).by_name


def test_the_profiles_are_left_as_they_were():
    items = {"0": {"name": "Home"}, "1": {"name": "About"}}
    made = profile("menus", [{"id": 1, "items": items}])
    assert infer(menus=made) == infer(menus=made)
