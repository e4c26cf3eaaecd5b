import pytest
from made_profiles import infer, plan, profile, table

from outgrow.schema.infer import PlacedFinding


def test_the_module_s_exercise_gives_the_module_s_model():
    made = table([{"id": 1, "username": "john_doe", "email": "john@example.com"}], "users")
    assert made.kind == "entity"
    assert made.class_name == "User"
    assert made.primary_key == ("id",)
    assert made.unique == (("username",), ("email",))
    assert [(str(each.type), each.nullable) for each in made.columns] == [
        ("integer", False), ("string(80)", False), ("string(120)", False),
    ]  # fmt: skip


def test_one_bare_object_with_an_id_is_the_first_record_of_a_collection():
    made = table([{"id": 1, "name": "John Doe", "email": "john@example.com"}], "users", single=True)
    assert (made.kind, made.primary_key, made.unique) == ("entity", ("id",), (("email",),))


def test_one_bare_object_without_an_id_is_a_singleton():
    made = table([{"theme": "dark", "perPage": 10}], "settings", single=True)
    assert (made.kind, made.primary_key, made.columns[0].role) == ("singleton", ("id",), "number")


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([{"id": 7, "n": 1}, {"id": 9, "n": 1}], "id"),
        ([{"n": 1, "_id": "a1"}, {"n": 1, "_id": "b2"}], "id"),
        ([{"ThingId": 1, "n": 1}, {"ThingId": 2, "n": 1}], "thing_id"),
        ([{"uuid": "a", "n": 1}, {"uuid": "b", "n": 1}], "uuid"),
        ([{"orderNo": "a7", "n": 1}, {"orderNo": "b8", "n": 1}], "order_no"),
    ],
)
def test_a_given_id_is_the_key(records, expected):
    assert table(records).primary_key == (expected,)


def test_records_without_any_id_get_a_number():
    made = table([{"text": "x"}, {"text": "y"}])
    assert (made.primary_key, made.columns[0].role) == (("id",), "number")


def test_people_s_names_are_unique_but_never_the_key():
    made = table([{"username": "ann", "email": "a@b"}, {"username": "bob", "email": "c@d"}], "users")
    assert (made.primary_key, made.unique) == (("id",), (("username",), ("email",)))


def test_records_partly_without_an_id_get_the_next_free_number():
    made = table([{"id": 1, "n": 1}, {"n": 2}, {"id": 5, "n": 3}])
    assert made.by_name["id"].fill
    assert not made.by_name["id"].nullable


def test_an_id_that_repeats_often_is_none():
    made = table([{"id": n % 3, "n": n} for n in range(9)])
    assert (made.primary_key, made.columns[0].role) == (("row_id",), "number")


def test_an_id_that_repeats_rarely_is_still_the_key_and_the_culprits_are_named():
    found = infer(posts=[{"id": n if n != 60 else 7, "n": n} for n in range(100)])
    assert found.plan.tables[0].primary_key == ("id",)
    (finding,) = found.findings
    assert isinstance(finding, PlacedFinding)
    assert "1 of 100" in finding.message
    assert finding.places == ((0, 0, 100, 60),)


def test_a_map_s_keys_become_a_column():
    made = plan(pages={"home": {"title": "x"}, "about": {"title": "y"}}).tables[0]
    assert (made.primary_key, made.columns[0].role, made.columns[0].name) == (("slug",), "key", "slug")


def test_a_map_of_accounts_is_keyed_by_user_name():
    made = plan(users={"ann": {"role": "x"}, "bob": {"role": "y"}}).tables[0]
    assert made.primary_key == ("username",)


def test_a_map_s_key_is_called_what_others_call_it():
    made = plan(staff={"ann": {"role": "x"}, "bob": {"role": "y"}}, notes=[{"id": 1, "login": "ann"}])
    assert made.by_name["staff"].primary_key == ("login",)


def test_map_keys_that_only_count_give_way_to_the_records_own_id():
    made = plan(things={"0": {"id": 4}, "1": {"id": 5}}).tables[0]
    assert [each.name for each in made.columns] == ["id"]
    assert made.columns[0].role == "field"


def test_map_keys_that_are_numbers_are_the_id_where_there_is_no_other():
    made = plan(users={"2": {"name": "Bob"}, "3": {"name": "C"}}).tables[0]
    assert (str(made.columns[0].type), made.columns[0].role, made.primary_key) == ("integer", "key", ("id",))


def test_a_field_that_repeats_the_map_s_key_is_the_key():
    made = plan(pages={key: {"slug": key, "n": 1} for key in ("a", "b", "c")}).tables[0]
    assert [(each.name, each.role) for each in made.columns] == [("slug", "field"), ("n", "field")]
    assert made.primary_key == ("slug",)


def test_one_record_that_repeats_its_key_by_chance_proves_nothing():
    made = plan(users={"admin": {"role": "admin"}}).tables[0]
    assert made.primary_key == ("username",)


def test_own_ids_beside_telling_map_keys_leave_those_a_unique_column():
    made = plan(users={"ann": {"id": 1}, "bob": {"id": 2}}).tables[0]
    assert (made.primary_key, made.unique) == (("id",), (("username",),))


def test_a_join_of_two_tables_has_both_their_ids_as_its_key():
    made = plan(
        playlists=[{"id": 1}, {"id": 2}],
        tracks=[{"id": 1}, {"id": 2}, {"id": 3}],
        playlist_tracks=[{"playlist_id": p, "track_id": t} for p in (1, 2) for t in (1, 2, 3)],
    )
    assert made.by_name["playlist_tracks"].primary_key == ("playlist_id", "track_id")


def test_a_pair_that_is_unique_by_chance_beside_other_content_is_no_key():
    made = table([{"post_id": 1, "user_id": 1, "text": "x"}, {"post_id": 1, "user_id": 2, "text": "y"}], "comments")
    assert made.columns[0].role == "number"


def test_a_pair_that_never_repeats_among_many_is_a_key_whatever_else_there_is():
    rows = [{"a_id": a, "b_code": b, "text": f"x{a}"} for a in range(20) for b in range(20)]
    assert table(rows).primary_key == ("a_id", "b_code")


def test_slicing_makes_no_difference_to_a_composite_key():
    rows = [{"a_id": a, "b_id": b} for b in range(30) for a in range(30)]
    assert {table(rows, size=size).primary_key for size in (7, 100, 1_000)} == {("a_id", "b_id")}


def test_merged_profiles_give_the_same_table_as_one():
    rows = [{"a_id": a, "b_id": b, "x": "y"} for b in range(30) for a in range(30)]
    first, second = profile("things", rows[:300]), profile("things", rows[300:])
    first.merge(second)
    assert infer(things=first).plan == plan(things=rows)


def test_from_fifty_values_on_a_code_that_never_repeats_is_unique():
    assert table([{"id": n, "code": f"c-{n}"} for n in range(50)]).unique == (("code",),)
    assert table([{"id": n, "code": f"c-{n}"} for n in range(49)]).unique == ()


@pytest.mark.parametrize("name", ["title", "views", "price", "email"])
def test_what_differs_by_chance_is_not_unique(name):
    values = {"title": "A title {}", "views": None, "price": None, "email": "u{}@example.com"}[name]
    rows = [{"id": n, name: values.format(n) if values else n * 3 + 1} for n in range(80)]
    assert table(rows, "comments").unique == ()


def test_a_unique_field_that_is_sometimes_empty_holds_null_there():
    made = table([{"id": 1, "email": "a@b"}, {"id": 2, "email": ""}, {"id": 3, "email": ""}], "users")
    assert made.unique == (("email",),)
    assert made.by_name["email"].empty_is_null
    assert made.by_name["email"].nullable


def test_almost_unique_is_a_comment_and_a_finding_with_its_culprits():
    found = infer(users=[{"id": n, "email": f"u{n if n != 60 else 3}@x.org"} for n in range(100)])
    assert found.plan.tables[0].unique == ()
    assert "email" in found.plan.tables[0].notes[0]
    (finding,) = found.findings
    assert "1 of 100" in finding.message
    assert finding.places == ((0, 0, 100, 60),)


def test_almost_always_filled_is_a_comment_and_a_finding_with_its_culprits():
    rows = [{"id": n, "title": "x"} for n in range(100)]
    del rows[42]["title"]
    found = infer(posts=rows)
    assert found.plan.tables[0].by_name["title"].nullable
    assert "nullable = false" in found.plan.tables[0].notes[0]
    assert found.findings[0].places == ((0, 0, 100, 42),)


def test_a_role_that_nobody_fills_twice_yet_is_no_key():
    members = [{"no": n, "name": f"n{n}"} for n in (301, 317, 340, 366, 371, 388)]
    captains = [{"short": f"h{n}", "captain": no} for n, no in enumerate((301, 340, 371, 366))]
    made = plan(members=members, teams=captains).by_name["teams"]
    assert made.primary_key == ("id",)
    assert not made.references[0].unique
