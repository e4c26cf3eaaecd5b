"""What relationships are called on both of their sides."""

import pytest

from outgrow.schema.attributes import association_backs, list_name, named_after_role, role_of, with_attributes
from outgrow.schema.model import Column, Reference, Table
from outgrow.schema.types import INTEGER


def attributes(table, **targets):
    """Both names of each reference of a table whose fields (`author_id`) refer to the ids of targets."""
    roles = {field: role_of(field, target, "id") for field, target in targets.items()}
    names = {field: named_after_role(field, role, "id") for field, role in roles.items()}
    references = tuple(
        Reference((names[field],), target, ("id",), name=roles[field], back="") for field, target in targets.items()
    )
    columns = tuple(Column(name, INTEGER) for name in ("id", *names.values()))
    made = [
        Table(table, "Any", "any.json", "entity", columns, ("id",), references=references),
        *(Table(name, "Other", "other.json", "entity", columns[:1], ("id",)) for name in {*targets.values()} - {table}),
    ]
    return [(reference.name, reference.back) for reference in with_attributes(made)[0].references]


@pytest.mark.parametrize(
    ("column", "target", "key", "role"),
    [
        ("user_id", "users", "id", "user"),
        ("author", "users", "username", "author"),
        ("home_team", "teams", "code", "home_team"),
        ("created_by", "users", "id", "created_by"),
        ("by", "agents", "id", "agent"),
        ("code", "extras", "code", "extra"),
        ("email", "attendees", "email", "attendee"),
        ("from_", "users", "id", "from_user"),
        ("to", "warehouses", "code", "to_warehouse"),
        ("class_", "classes", "id", "class"),
        ("patient_patient_id", "patients", "patient_id", "patient"),
        ("author_username", "users", "username", "author"),
        ("l_orderkey", "orders", "o_orderkey", "order"),
    ],
)
def test_a_relationship_is_called_after_the_role(column, target, key, role):
    assert role_of(column, target, key) == role


@pytest.mark.parametrize(
    ("column", "role", "key", "name"),
    [
        ("user_id", "user", "id", "user_id"),
        ("author", "author", "username", "author_username"),
        ("class_", "class", "id", "class_id"),
        ("from_", "from_user", "id", "from_id"),
        ("to", "to_user", "id", "to_id"),
        ("email", "attendee", "email", "email"),
    ],
)
def test_a_column_steps_aside_for_its_relationship(column, role, key, name):
    assert named_after_role(column, role, key) == name


def test_a_key_that_says_the_role_stands_alone_where_it_is_free():
    assert named_after_role("user", "user", "username") == "username"
    assert named_after_role("country", "country", "country_code") == "country_code"
    assert named_after_role("user", "user", "username", {"username"}) == "user_username"
    assert named_after_role("author", "author", "username") == "author_username"


def test_the_only_reference_to_a_table_has_the_plain_name_there():
    assert attributes("posts", created_by="users") == [("created_by", "posts")]


def test_the_second_one_says_its_role():
    assert attributes("tasks", author_id="users", created_by="users", reviewer_id="users") == [
        ("author", "tasks"),
        ("created_by", "created_tasks"),
        ("reviewer", "tasks_as_reviewer"),
    ]


def test_of_several_roles_none_is_plain_unless_it_is_the_one_whose_the_record_is():
    assert attributes("games", white_id="players", black_id="players", winner_id="players") == [
        ("white", "games_as_white"),
        ("black", "games_as_black"),
        ("winner", "games_as_winner"),
    ]
    assert attributes("orders", packed_by="staff", approved_by="staff") == [
        ("packed_by", "packed_orders"),
        ("approved_by", "approved_orders"),
    ]


def test_of_two_of_one_kind_none_is_plain():
    assert attributes("matches", home_team="teams", away_team="teams") == [
        ("home_team", "home_matches"),
        ("away_team", "away_matches"),
    ]


def test_what_goes_from_one_to_another_is_sent_and_received_by_people_and_goes_out_and_in_elsewhere():
    assert attributes("messages", from_id="users", to_id="users") == [
        ("from_user", "sent_messages"),
        ("to_user", "received_messages"),
    ]
    assert attributes("transfers", from_team="teams", to_team="teams") == [
        ("from_team", "outgoing_transfers"),
        ("to_team", "incoming_transfers"),
    ]


def test_records_of_one_kind_have_a_word_for_each_other():
    assert attributes("posts", parent_id="posts", reply_to="posts", repost_of="posts", merged_into="posts") == [
        ("parent", "children"),
        ("reply_to", "replies"),
        ("repost_of", "reposts"),
        ("merged_into", "merged_posts"),
    ]


def test_a_keyword_has_an_underscore_only_where_it_must():
    assert attributes("students", class_id="classes") == [("class_", "students")]


@pytest.mark.parametrize(
    ("parent", "target", "path", "backs"),
    [
        ("posts", "tags", ("tags",), ("tags", "posts")),
        ("posts", "tags", ("tagIds",), ("tags", "posts")),
        ("tags", "posts", ("list",), ("posts", "tags")),
        ("posts", "users", ("likes",), ("likes", "liked_posts")),
        ("playlists", "users", ("followers",), ("followers", "followed_playlists")),
        ("users", "users", ("following",), ("following", "followers")),
        ("users", "artists", ("following",), ("following", "followers")),
        ("products", "products", ("related",), ("related", "related_to")),
        ("people", "people", ("friends",), ("friends", "friends_of")),
        ("lists", "subscribers", ("subscribers",), ("subscribers", "lists")),
    ],
)
def test_an_association_s_sides_call_each_other_as_people_do(parent, target, path, backs):
    assert association_backs(parent, target, path) == backs


@pytest.mark.parametrize(
    ("field", "name"),
    [("tag", "tags"), ("shared_with", "shared_with"), ("related", "related"), ("featuring", "featuring")],
)
def test_a_list_has_a_plural_only_where_there_is_one(field, name):
    assert list_name((field,)) == name
