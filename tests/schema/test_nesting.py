import pytest
from made_profiles import infer, plan, profile, table

from outgrow.schema.infer import infer_plan

POSTS = [
    {"id": 1, "title": "x", "comments": [{"by": "ann", "text": "x"}, {"by": "bob", "text": "y"}]},
    {"id": 2, "title": "y", "comments": []},
]


def names(made):
    return [each.name for each in made.columns]


def refers(made):
    return [(each.columns[0], each.table) for each in made.references]


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


def test_members_named_by_dates_are_rows_by_date():
    made = plan(posts=[{"id": 1, "views": {"2024-01-01": 1, "2024-01-02": 2}}, {"id": 2, "views": {"2024-01-03": 1}}])
    views = made.by_name["post_views"]
    assert [(each.name, each.role) for each in views.columns] == [
        ("post_id", "parent"), ("date", "key"), ("view", "element"), ("position", "position"),
    ]  # fmt: skip
    assert views.primary_key == ("post_id", "date")
    assert views.by_name["position"].nullable


def test_members_named_by_other_records_keys_refer_to_them():
    made = plan(tags={"php": {"n": 1}, "cms": {"n": 2}}, pages=[{"id": 1, "tags": {"php": "PHP", "cms": "CMS"}}])
    tags = made.by_name["page_tags"]
    assert names(tags) == ["page_id", "tag_slug", "value", "position"]
    assert tags.primary_key == ("page_id", "tag_slug")
    assert refers(tags) == [("page_id", "pages"), ("tag_slug", "tags")]


def test_members_by_the_ids_of_listed_records_refer_to_them():
    users = [{"id": number, "name": f"n{number}"} for number in range(11, 31)]
    votes = [{"id": n, "votes": {str(who): n % 5 for who in range(11 + n, 17 + n)}} for n in range(1, 9)]
    made = plan(users=users, polls=votes).by_name["poll_votes"]
    assert refers(made) == [("poll_id", "polls"), ("user_id", "users")]


def test_dozens_of_members_that_are_alike_are_rows_and_no_columns():
    people = [f"{first}{last}" for first in "abcde" for last in "vwxyz"]
    made = plan(votes=[{"title": "x", "ratings": dict.fromkeys(people, 3)}])
    assert names(made.by_name["vote_ratings"]) == ["vote_id", "key", "rating", "position"]
    made = plan(sites=[{"id": 1, "menus": {name: {"url": "x", "label": "y"} for name in people}}])
    assert names(made.by_name["site_menus"]) == ["site_id", "key", "url", "label", "position"]


def test_members_that_all_of_many_records_have_are_fields():
    hours = {day: {"open": "09:00", "close": "18:00"} for day in ("mon", "tue", "wed", "thu", "fri")}
    made = plan(shops=[{"id": number, "hours": hours} for number in range(20)])
    assert [each.name for each in made] == ["shops"]
    assert len(made.by_name["shops"].columns) == 11


def test_a_map_of_very_many_keys_is_a_table_however_its_records_are_sliced():
    def words(start, stop):
        return [{"id": n, "words": {f"w{n}_{m}": m for m in range(50)}} for n in range(start, stop)]

    whole = profile("things", words(0, 20))
    sliced = profile("things", words(0, 7))
    sliced.merge(profile("things", words(7, 20)))
    made = [infer_plan([each]).plan for each in (whole, sliced)]
    assert made[0] == made[1]
    assert made[0].by_name["thing_words"].rows == 1000


def test_a_map_that_may_hold_a_secret_is_kept_whole_and_hidden():
    made = table([{"id": 1, "options": {**{f"option{n}": str(n) for n in range(400)}, "api_key": "x"}}])
    assert (made.by_name["options"].type.name, made.by_name["options"].secret) == ("json", "token")


@pytest.mark.parametrize("name", ["", "NULL", "a sentence of many words " * 8])
def test_a_map_with_a_name_that_is_no_key_is_kept_whole(name):
    made = table([{"id": 1, "views": {"2024-01-01": 1, "2024-01-02": 2, name: 3}}])
    assert made.by_name["views"].type.name == "json"


def test_a_record_of_very_many_different_objects_has_few_columns():
    things = {f"part{n}": {f"field{n}_{m}": m for m in range(n % 7 + 2)} for n in range(50)}
    made = plan(settings=[{"title": "x", **things}] * 3)
    assert len(made.tables) == 1
    assert len(made.tables[0].columns) <= 82
    lists = {f"list{n}": [n, n + 1] for n in range(50)}
    assert len(plan(settings=[{"title": "x", **lists}] * 3).tables) == 1


def test_tables_stand_in_the_order_of_their_sources_with_parents_before_children():
    made = plan(posts=POSTS, users=[{"id": 1, "roles": ["x"]}])
    assert [each.name for each in made] == ["posts", "post_comments", "users", "user_roles"]


def test_a_field_that_says_whose_it_is_gets_no_second_prefix():
    assert "post_tags" in plan(posts=[{"id": 1, "post_tags": ["a"]}]).by_name


def test_the_profiles_are_left_as_they_were():
    items = {"0": {"name": "Home"}, "1": {"name": "About"}}
    made = profile("menus", [{"id": 1, "items": items}])
    assert infer(menus=made) == infer(menus=made)


TAGS = {name: {"n": number} for number, name in enumerate(("php", "web", "css", "html"))}


def test_pieces_of_a_text_that_are_keys_are_an_association():
    made = plan(tags=TAGS, posts=[{"id": n, "tags": ("php,web", "css", "", "html,php,css")[n % 4]} for n in range(12)])
    tags = made.by_name["post_tags"]
    assert (tags.kind, tags.split, tags.rows) == ("association", ",", 18)
    assert refers(tags) == [("post_id", "posts"), ("tag_slug", "tags")]


@pytest.mark.parametrize(
    "texts",
    [["php,web", "php,unknown"], ["php, web", "php,web"], ["php,,web", "css,php"]],
)
def test_other_texts_stay_in_their_cell(texts):
    made = plan(tags=TAGS, posts=[{"id": n, "tags": texts[n % 2]} for n in range(12)])
    assert made.by_name["posts"].by_name["tags"].type.name == "string"


def test_lists_in_cells_of_which_the_pieces_are_no_keys_are_pointed_out():
    words = ("red, green", "blue", "green, blue, red", "red")
    made = infer(things=[{"id": n, "colors": words[n % 4], "name": f"Doe{n}, John"} for n in range(12)])
    assert made.plan.tables[0].by_name["colors"].type.name == "string"
    assert [each.message for each in made.findings if "lists in one cell" in each.message] == [
        'things.json: colors: lists in one cell, parted by ", "; kept as text (or a table with split = ", ")'
    ]


def test_a_list_of_objects_that_are_about_one_thing_is_a_table_however_rare_their_other_fields():
    songs = [
        {"song": n, **({"solos": [1, 2]} if n % 5 == 0 else {}), **({"encore": True} if n == 9 else {})}
        for n in range(10)
    ]
    made = plan(concerts=[{"id": number, "songs": songs} for number in range(1, 9)])
    assert [each.name for each in made] == ["concerts", "concert_songs", "concert_song_solos"]


def test_a_list_of_blocks_whose_kind_says_what_fields_they_have_stays_whole():
    blocks = [
        {"type": kind, kind: {"a": "b"}, f"{kind}_id": n} for n, kind in enumerate(("text", "image", "quote", "map"))
    ]
    made = plan(pages=[{"id": number, "blocks": blocks} for number in range(1, 9)])
    assert [each.name for each in made] == ["pages"]
