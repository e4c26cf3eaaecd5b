"""What looks like a reference and is none, or not quite: copies of records, pairs of columns, values for none."""

import pytest
from made_profiles import infer

CUSTOMERS = [{"id": n, "name": f"Cust {n}", "email": f"c{n}@example.org"} for n in range(1, 21)]


def refers(made, table):
    return [(each.columns[0], f"{each.table}.{each.referenced[0]}") for each in made.plan.by_name[table].references]


def messages(made, word):
    return [each.message for each in made.findings if word in each.message]


def test_of_a_copied_record_only_the_key_refers():
    made = infer(customers=CUSTOMERS, orders=[{"id": n, "customer": dict(CUSTOMERS[n % 20])} for n in range(60)])
    assert refers(made, "orders") == [("customer_id", "customers.id")]
    assert messages(made, "copies") == [
        "orders.json: customer copies customers: id refers to them, name, email stay as they were copied"
    ]


def test_the_key_of_a_copy_may_stand_beside_it():
    orders = [
        {"id": n, "customer_id": n % 20 + 1, "customer": {each: CUSTOMERS[n % 20][each] for each in ("name", "email")}}
        for n in range(60)
    ]
    made = infer(customers=CUSTOMERS, orders=orders)
    assert refers(made, "orders") == [("customer_id", "customers.id")]


def test_two_references_to_one_table_stay_where_neither_is_a_copy():
    mails = [{"id": n, "author_id": n % 20 + 1, "editor_id": (n * 7) % 20 + 1} for n in range(60)]
    made = infer(users=CUSTOMERS, mails=mails)
    assert refers(made, "mails") == [("author_id", "users.id"), ("editor_id", "users.id")]


@pytest.mark.parametrize("kinds", [("post", "page"), ("posts", "pages"), ("App\\Models\\Post", "App\\Models\\Page")])
def test_a_pair_that_leads_to_several_tables_is_no_foreign_key_and_that_is_said(kinds):
    made = infer(
        posts=[{"id": n, "title": f"t{n}"} for n in range(1, 30)],
        pages=[{"id": n, "title": f"t{n}"} for n in range(1, 30)],
        votes=[{"id": n, "item_type": kinds[n % 2], "item_id": n % 29 + 1} for n in range(60)],
    )
    assert refers(made, "votes") == []
    (said,) = messages(made, "item_type")
    assert f'posts where it is "{kinds[0]}"' in said
    assert f'pages where it is "{kinds[1]}"' in said
    assert any("item_type" in note for note in made.plan.by_name["votes"].notes)


def test_a_kind_that_names_no_table_is_not_worth_a_word():
    made = infer(votes=[{"id": n, "item_type": "up" if n % 2 else "down", "item_id": n * 3} for n in range(60)])
    assert messages(made, "item_type") == []


@pytest.mark.parametrize("none", [0, "0"])
def test_zero_for_none_is_null_and_that_is_said(none):
    made = infer(customers=CUSTOMERS, posts=[{"id": n, "customer_id": n % 20 or none} for n in range(60)])
    column = made.plan.by_name["posts"].by_name["customer_id"]
    assert (column.none, column.nullable) == ("0", True)
    assert len(messages(made, "stands for none")) == 1


def test_a_word_for_none_is_null_and_the_others_refer():
    posts = [{"id": n, "author": f"c{n % 20}@example.org" if n % 20 else "none"} for n in range(60)]
    made = infer(users=CUSTOMERS, posts=posts)
    assert refers(made, "posts") == [("author_email", "users.email")]
    assert made.plan.by_name["posts"].by_name["author_email"].none == "none"


def test_zero_is_a_key_where_there_is_one():
    made = infer(
        customers=[{"id": 0, "name": "x"}, *CUSTOMERS], posts=[{"id": n, "customer_id": n % 20} for n in range(60)]
    )
    assert made.plan.by_name["posts"].by_name["customer_id"].none == ""
