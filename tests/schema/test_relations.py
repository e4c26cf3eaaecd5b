import pytest
from made_profiles import infer, pairs, plan, reference

USERS = [{"id": n, "username": f"user{n}", "email": f"u{n}@x.org"} for n in range(1, 11)]
MANY_USERS = [{"id": n, "name": f"x{n}"} for n in range(1, 101)]


def test_a_column_named_after_a_table_refers_to_its_key():
    made = plan(users=USERS, posts=[{"id": n, "userId": n % 10 + 1} for n in range(30)])
    refers = reference(made.by_name["posts"])
    assert (refers.columns, refers.table, refers.referenced) == (("user_id",), "users", ("id",))
    assert (refers.name, refers.back, refers.on_delete, refers.unique) == ("user", "posts", "restrict", False)
    assert refers.evidence == "all 30 values are in users.id; the name says so"


@pytest.mark.parametrize("name", ["user_id", "userId", "UserID", "userid", "user", "user_ref", "fk_user_id"])
def test_a_reference_is_known_however_it_is_spelled(name):
    made = plan(users=USERS, posts=[{"id": n, name: n % 10 + 1} for n in range(30)])
    assert reference(made.by_name["posts"]).table == "users"


def test_a_role_before_the_name_names_the_relationship():
    rows = [{"id": n, "billing_address_id": n % 7 + 1, "shipping_address_id": n % 5 + 1} for n in range(1, 21)]
    made = plan(addresses=[{"id": n} for n in range(1, 11)], orders=rows)
    assert [(each.name, each.back) for each in made.by_name["orders"].references] == [
        ("billing_address", "billing_orders"), ("shipping_address", "shipping_orders"),
    ]  # fmt: skip


def test_roles_of_people_refer_to_the_table_of_people():
    rows = [{"id": n, "author_id": n % 10 + 1, "editor_id": n % 3 + 1} for n in range(20)]
    made = plan(users=USERS, tags=[{"id": n} for n in range(1, 30)], posts=rows)
    assert [(each.table, each.name, each.back) for each in made.by_name["posts"].references] == [
        ("users", "author", "posts"), ("users", "editor", "posts_as_editor"),
    ]  # fmt: skip


def test_a_column_that_is_its_own_role_leaves_the_name_to_the_relationship():
    made = plan(users=USERS, posts=[{"id": n, "author": f"user{n % 10 + 1}"} for n in range(20)])
    refers = reference(made.by_name["posts"])
    assert (refers.columns, refers.referenced, refers.name) == (("author_username",), ("username",), "author")


def test_a_table_may_refer_to_itself():
    rows = [{"id": n, "parent_id": n - 1 or None} for n in range(1, 10)]
    refers = reference(plan(comments=rows).by_name["comments"])
    assert (refers.table, refers.name, refers.back) == ("comments", "parent", "children")


def test_managers_have_reports():
    rows = [{"EmployeeId": n, "ReportsTo": 1 if n > 1 else None} for n in range(1, 9)]
    made = plan(Employee=rows).by_name["employee"]
    refers = reference(made)
    assert (refers.columns, refers.name, refers.back) == (("reports_to_id",), "reports_to", "reports")


def test_a_zero_where_keys_begin_at_one_means_none():
    rows = [{"id": n, "parent_id": n - 1} for n in range(1, 10)]
    made = plan(comments=rows).by_name["comments"]
    assert reference(made).table == "comments"
    assert made.by_name["parent_id"].nullable


def test_text_refers_to_a_map_s_keys():
    made = plan(
        users={"ann": {"role": "x"}, "bob": {"role": "y"}},
        categories={"news": {"n": 1}, "music": {"n": 2}},
        pages={"p1": {"username": "ann", "category": "news"}, "p2": {"username": "bob", "category": ""}},
    )
    page = made.by_name["pages"]
    assert pairs(made) == {"pages.username > users.username", "pages.category_slug > categories.slug"}
    assert [each.name for each in page.references] == ["user", "category"]
    assert page.by_name["category_slug"].empty_is_null
    assert page.by_name["category_slug"].nullable


@pytest.mark.parametrize("name", ["status", "quantity", "year", "position", "rating", "count"])
def test_small_numbers_are_no_references(name):
    made = plan(users=USERS, things=[{"id": n, name: n % 5 + 1} for n in range(1, 30)])
    assert pairs(made) == set()


def test_an_id_of_nobody_is_no_reference():
    made = plan(users=USERS, posts=[{"id": n, "user_id": n + 500} for n in range(30)])
    assert pairs(made) == set()


def test_an_id_beside_a_type_is_left_alone():
    rows = [{"id": n, "user_id": n % 9 + 1, "user_type": "admin"} for n in range(1, 30)]
    assert pairs(plan(users=USERS, likes=rows)) == set()


def test_a_reference_with_a_few_orphans_is_one_and_they_are_counted():
    rows = [{"id": n, "user_id": n if n != 50 else 999} for n in range(1, 101)]
    found = infer(users=MANY_USERS, posts=rows)
    refers = reference(found.plan.by_name["posts"])
    assert refers.orphans == "null"
    assert found.plan.by_name["posts"].by_name["user_id"].nullable
    assert "1 value of user_id not in users.id" in found.findings[0].message


def test_a_reference_with_many_orphans_is_none():
    rows = [{"id": n, "user_id": n if n % 10 else n + 1_000} for n in range(1, 101)]
    assert pairs(plan(users=MANY_USERS, posts=rows)) == set()


def test_numbers_written_as_text_take_the_type_of_the_key():
    made = plan(users=USERS, posts=[{"id": n, "user_id": str(n % 10 + 1)} for n in range(30)])
    assert str(made.by_name["posts"].by_name["user_id"].type) == "integer"


def test_a_text_key_s_references_have_room_for_it():
    made = plan(
        users={"x" * 100: {"n": 1}, "b": {"n": 2}}, posts=[{"id": 1, "username": "b"}, {"id": 2, "username": "b"}]
    )
    key, refers = made.by_name["users"].columns[0], made.by_name["posts"].by_name["username"]
    assert refers.type == key.type


def test_a_profile_is_one_to_one():
    made = plan(users=USERS, profiles=[{"id": n, "user_id": n, "bio": "x"} for n in (2, 1)])
    refers = reference(made.by_name["profiles"])
    assert (refers.unique, refers.back) == (True, "profile")


def test_few_rows_that_differ_by_chance_are_not_one_to_one():
    made = plan(users=USERS, posts=[{"id": n, "user_id": n} for n in (1, 2, 3)])
    assert not reference(made.by_name["posts"]).unique


def test_one_row_for_each_of_many_is_one_to_one():
    made = plan(users=MANY_USERS, cards=[{"id": n + 500, "user_id": n} for n in range(1, 101)])
    assert reference(made.by_name["cards"]).unique


def test_a_key_that_is_another_table_s_is_one_to_one():
    made = plan(users=MANY_USERS, profiles=[{"user_id": n, "bio": "x"} for n in range(1, 50)])
    profiles = made.by_name["profiles"]
    assert profiles.primary_key == ("user_id",)
    assert (reference(profiles).unique, reference(profiles).orphans) == (True, "reject")


def test_a_key_with_orphans_is_told_and_no_constraint_for_it_cannot_be_emptied():
    rows = [{"user_id": n if n != 50 else 999, "bio": "x"} for n in range(1, 100)]
    found = infer(users=MANY_USERS, profiles=rows)
    profiles = found.plan.by_name["profiles"]
    assert (profiles.primary_key, profiles.references) == (("user_id",), ())
    assert any("user_id may refer to users.id" in finding.message for finding in found.findings)


def test_a_list_of_keys_becomes_an_association():
    made = plan(
        tags={"php": {"n": 1}, "cms": {"n": 2}, "web": {"n": 3}},
        posts=[{"id": 1, "tags": ["php", "cms"]}, {"id": 2, "tags": ["cms"]}],
    )
    joins = made.by_name["post_tags"]
    assert joins.kind == "association"
    assert [(each.name, each.role, each.nullable) for each in joins.columns] == [
        ("post_id", "parent", False), ("tag_slug", "element", False), ("position", "position", True),
    ]  # fmt: skip
    assert joins.primary_key == ("post_id", "tag_slug")
    assert [(each.table, each.name, each.back, each.on_delete) for each in joins.references] == [
        ("posts", "post", "tags", "cascade"), ("tags", "tag", "posts", "cascade"),
    ]  # fmt: skip


def test_a_list_of_ids_needs_the_name_to_say_of_what():
    tags = [{"id": n, "name": f"x{n}"} for n in range(1, 9)]
    rows = [{"id": 1, "tag_ids": [1, 2], "sizes": [3, 4]}, {"id": 2, "tag_ids": [3], "sizes": [5]}]
    made = plan(tags=tags, posts=rows)
    assert made.by_name["post_tags"].kind == "association"
    assert made.by_name["post_sizes"].kind == "child"
    assert [each.back for each in made.by_name["post_tags"].references] == ["tags", "posts"]


def test_records_may_be_associated_with_their_own_kind():
    made = plan(users=[{"id": n, "friend_ids": [n % 5 + 1]} for n in range(1, 6)])
    joins = made.by_name["user_friends"]
    assert [(each.name, each.back) for each in joins.references] == [("user", "friends"), ("friend", "friends_of")]


def test_a_list_that_repeats_a_reference_stays_a_list():
    found = infer(
        categories={"news": {"list": ["p1", "p2"]}, "music": {"list": ["p3"]}},
        pages={"p1": {"category": "news"}, "p2": {"category": "news"}, "p3": {"category": "music"}},
    )
    assert found.plan.by_name["categories"].by_name["list"].type.name == "json"
    assert len(found.plan.tables) == 2
    assert "repeats pages.category" in found.findings[0].message


def test_a_list_named_list_is_named_by_what_is_in_it():
    made = plan(
        tags={"php": {"list": ["p1", "p2"]}, "cms": {"list": ["p3"]}},
        pages={"p1": {"title": "x"}, "p2": {"title": "y"}, "p3": {"title": "z"}},
    )
    assert (made.by_name["tag_pages"].kind, made.by_name["tag_pages"].class_name) == ("association", "TagPage")


def test_elements_of_a_list_may_refer_too():
    items = [{"product_id": 1, "n": 2}, {"product_id": 2, "n": 1}]
    made = plan(products=[{"id": 1}, {"id": 2}], orders=[{"id": 1, "items": items}])
    assert pairs(made) == {"order_items.order_id > orders.id", "order_items.product_id > products.id"}


def test_a_field_without_values_refers_by_its_name_alone():
    made = plan(users=USERS, posts=[{"id": 1, "user_id": None}, {"id": 2, "user_id": None}])
    refers = reference(made.by_name["posts"])
    assert refers.evidence == "no values yet; the name says so"
    assert str(made.by_name["posts"].by_name["user_id"].type) == "integer"


def test_a_weak_guess_is_a_comment_and_a_finding():
    rows = [{"id": n, "zone_id": n % 10 + 1} for n in range(1, 40)]
    found = infer(boroughs=[{"id": n} for n in range(1, 11)], trips=rows)
    assert pairs(found.plan) == set()
    assert "may refer to boroughs.id" in found.plan.by_name["trips"].notes[0]
    assert found.findings[0].severity == "info"


def test_a_word_that_all_columns_begin_with_says_nothing():
    made = plan(
        orders=[{"o_orderkey": n, "o_total": 5, "o_state": "x"} for n in range(1, 20)],
        lines=[{"l_orderkey": n % 19 + 1, "l_n": n, "l_flag": "x"} for n in range(60)],
    )
    assert pairs(made) == {"lines.l_orderkey > orders.o_orderkey"}


def test_two_tables_with_the_same_key_refer_to_the_one_it_is_named_after():
    made = plan(
        customer_details=[{"customer_id": n, "x": "y"} for n in range(1, 40)],
        customers=[{"customer_id": n, "y": "z"} for n in range(1, 40)],
        orders=[{"id": n, "customer_id": n % 39 + 1} for n in range(90)],
    )
    assert pairs(made) == {
        "customer_details.customer_id > customers.customer_id",
        "orders.customer_id > customers.customer_id",
    }


def test_a_class_never_has_one_name_for_two_things():
    made = plan(
        users=[{"id": 1, "posts": "many", "profile": "x"}, {"id": 2, "posts": "few", "profile": "y"}],
        posts=[{"id": n, "user_id": n % 2 + 1, "user": "x"} for n in range(9)],
        profiles=[{"id": 1, "user_id": 1}, {"id": 2, "user_id": 2}],
    )
    for table in made:
        names = [each.name for each in table.columns] + [each.name for each in table.references]
        names += [each.back for other in made for each in other.references if each.table == table.name]
        assert len(names) == len(set(names))
