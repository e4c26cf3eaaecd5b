import pytest
from made_profiles import column, infer, profile, table

from outgrow.record import Number

MANY = 20


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 2, 3], "integer"),
        ([1, 1 << 40], "integer(64)"),
        ([1, 1 << 70], "decimal(22,0)"),
        ([1.5, 2.5], "float"),
        ([10, 10.5], "float"),
        ([True, False], "boolean"),
        ([0, 1], "integer"),
        (["a", "b"], "string(80)"),
        (["x" * 50, "b"], "string(120)"),
        (["x" * 150, "b"], "string(255)"),
        (["x" * 256, "b"], "text"),
        (["2024-01-02", "2024-02-29"], "date"),
        (["2024-01-02", "2024-02-30"], "string(80)"),
        (["2024-01-02 03:04:05", "2024-01-02T03:04:05Z"], "datetime"),
        (["2024-01-02 03:04:05", ""], "datetime"),
        (["2024-01-02 03:04:05", "soon"], "string(80)"),
        (["10:30", "23:59:59"], "time"),
        ([Number("1.10"), 2, 1.25], "decimal(10,2)"),
        ([Number("1.0e+25"), 2.5], "float"),
        ([Number("1e400"), 2.5], "text"),
        ([None, None], "string(255)"),
        (["1", "2"], "string(80)"),
        (["007", "008"], "string(80)"),
        ([{}, {}], "json"),
        ([[], []], "json"),
        ([[[1]], [[2]]], "json"),
        ([1, {"a": 1}], "json"),
        ([[1], "x"], "json"),
    ],
)
def test_a_type_holds_all_values_of_a_field(values, expected):
    assert str(column(values).type) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["1", "2"], "integer"),
        (["1", None], "integer"),
        (["12345678901", "2"], "integer(64)"),
        (["01", "2"], "string(80)"),
        (["+1", "2"], "string(80)"),
        (["1.5", "2"], "decimal(10,1)"),
        (["1.50", "20.25"], "decimal(10,2)"),
        (["true", "false"], "boolean"),
        (["0", "1"], "integer"),
        (["2024-01-02", None], "date"),
        (["1e5", "2"], "string(80)"),
    ],
)
def test_a_source_of_texts_only_has_numbers_where_all_texts_are_numbers(values, expected):
    assert str(column(values, textual=True).type) == expected


def test_digits_that_nobody_calculates_with_stay_text():
    assert str(column(["5551234567", "5557654321"], "phone", textual=True).type) == "string(80)"
    assert str(column(["90210", "10001"], "home_zip", textual=True).type) == "string(80)"


@pytest.mark.parametrize(
    ("most", "odd", "expected"),
    [(7, "7", "integer"), (1.5, "1.5", "float"), (True, "true", "boolean"), (7, "seven", "string(80)")],
)
def test_few_numbers_written_as_text_don_t_make_a_column_of_text(most, odd, expected):
    assert str(column([most] * 99 + [odd]).type) == expected


def test_many_numbers_written_as_text_do():
    assert str(column([7] * 80 + ["7"] * 20).type) == "string(80)"


def test_values_of_several_kinds_are_said():
    found = infer(things=[{"id": 1, "x": "a"}, {"id": 2, "x": 2}])
    assert ["several kinds" in finding.message for finding in found.findings] == [True]


def test_a_string_holds_what_numbers_among_texts_become():
    assert column(["a", 1 << 60]).type.length >= 19


def test_names_promise_lengths_that_the_data_have_not_needed_yet():
    made = table([{"id": 1, "username": "a", "email": "a@b", "title": "x", "body": "x", "password": "x"}], "users")
    assert [str(each.type) for each in made.columns] == [
        "integer", "string(80)", "string(120)", "string(255)", "text", "string(255)",
    ]  # fmt: skip


def test_a_row_is_never_wider_than_mariadb_allows():
    made = table([{f"field{number}": "x" * 180 for number in range(90)}] * 3)
    assert sum(each.type.length or 0 for each in made.columns) * 4 < 65_535


def test_missing_and_null_make_a_column_nullable_and_an_empty_text_does_not():
    rows = [{"id": 1, "a": "x", "b": "x", "c": "x"}, {"id": 2, "b": None, "c": ""}]
    assert [each.nullable for each in table(rows).columns] == [False, True, True, False]


def test_an_empty_text_is_null_where_the_column_is_no_text():
    assert column(["2024-01-02", ""]).nullable
    assert column([1] * 99 + [""]).nullable


def test_one_record_makes_required_only_what_its_name_requires():
    made = table([{"id": 1, "title": "x", "subtitle": "x", "views": 3, "draft": True}], "posts")
    assert {each.name for each in made.columns if each.nullable} == {"subtitle", "views"}


def test_created_at_is_now_and_nearly_constant_fields_have_their_value_as_default():
    rows = [
        {"id": n, "created_at": "2024-01-02 03:04:05", "status": "open" if n % 20 else "shut", "n": 0, "name": f"x{n}"}
        for n in range(1, 41)
    ]
    assert [each.default for each in table(rows).columns] == [None, "now", '"open"', "0", None]


def test_a_default_is_a_boolean_where_the_column_is():
    assert column([True] * MANY).default == "true"
    assert column([1] * MANY).default == "1"


def test_too_few_records_give_no_default():
    assert column(["open"] * (MANY - 1)).default is None


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("password", "x", "password"),
        ("passwordHash", "x", "password"),
        ("pwd", 1234, "password"),
        ("salt", "x", "salt"),
        ("tokenRemember", "x", "token"),
        ("api_key", "x", "token"),
        ("client_secret", "x", "token"),
        ("stripe_api_key", "x", "token"),
        ("password_hint", "x", "token"),
        ("tokenAuthTTL", "2009-03-15 14:00", None),
        ("token_count", 3, None),
        ("md5file", "d41d8", None),
        ("pass_through", "x", None),
        ("passenger", "x", None),
    ],
)
def test_secrets_are_known_by_their_names(name, value, expected):
    assert column([value, value], name).secret == expected


def test_a_service_s_password_is_hidden_but_not_hashed():
    made = table([{"host": "localhost", "user": "x", "password": "y"}], "database", single=True)
    assert made.by_name["password"].secret == "token"


def test_a_json_column_with_a_secret_within_is_one():
    rows = [{"id": n, "extra": {f"key {n}": {"password": "hunter2"}}} for n in range(5)]
    assert table(rows).by_name["extra"].secret == "token"


def test_nothing_that_is_said_holds_a_secret():
    rows = [{"id": n, "password": "hunter2", "token": "swordfish"} for n in range(MANY)]
    found = infer(users=rows)
    assert "hunter2" not in repr(found)
    assert "swordfish" not in repr(found)


def test_a_password_is_a_string_even_where_all_are_digits():
    assert column([1234, 5678], "password").type.name == "string"


def test_profiles_of_no_records_make_a_table_all_the_same():
    made = table([])
    assert (made.rows, made.primary_key) == (0, ("id",))


def test_records_with_hundreds_of_different_fields_have_columns_that_hold_anything():
    found = infer(things=[{f"word {n} {m}": n for n in range(200)} for m in range(3)])
    assert {(each.role, each.type.name) for each in found.plan.tables[0].columns[1:]} == {("field", "json")}
    assert "different fields" in found.findings[0].message


def test_the_profile_says_which_source_knows_texts_only():
    assert profile("a", [], textual=True).textual
