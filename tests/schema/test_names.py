import keyword
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_profiles import plan, table

from outgrow.schema.names import class_name, column_name, plural, singular, snake, table_name

LEGAL = re.compile(r"[a-z][a-z0-9_]*")
ANY_TEXT = st.text(max_size=80) | st.sampled_from(
    [
        "class",
        "metadata",
        "id",
        "_id",
        "ID",
        "Id",
        "user id",
        "user-id",
        "userId",
        "1",
        "日本",
        "привіт",
        "__init__",
        "",
        "'; DROP",
    ]
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("userId", "user_id"),
        ("UserID", "user_id"),
        ("user-id", "user_id"),
        ("User ID", "user_id"),
        ("HTMLBody", "html_body"),
        ("md5file", "md5file"),
        ("ISBN13", "isbn13"),
        ("_id", "id"),
        ("Straße", "strasse"),
        ("Élan", "elan"),
        ("назва", "nazva"),
        ("όνομα", "onoma"),
        ("名前", "u540d_u524d"),
        ("2024", "field_2024"),
        ("", "field"),
        ('"); import os #', "import_os"),
    ],
)
def test_a_name_becomes_snake_case_in_ascii(name, expected):
    assert snake(name) == expected


@pytest.mark.parametrize(
    "pair",
    (
        "user users, person people, child children, category categories, address addresses, status statuses, "
        "series series, news news, data data, movie movies, box boxes, day days, house houses, bus buses, "
        "class classes, hero heroes, analysis analyses, photo photos, quiz quizzes, invoice_line "
        "invoice_lines, leaf leaves, match matches, menu menus, index indexes, cookie cookies, media media, "
        "virus viruses, company companies, key keys, life lives, money money, seed seeds, listing listings, "
        "related related, shared_with shared_with, salesperson salespeople, fireman firemen, human humans, omen omens, "
        "axis axes, database databases, zombie zombies, epoch epochs, niche niches, alumnus alumni, radius radiuses, "
        "trousers trousers, appendix appendices"
    ).split(", "),
)
def test_singular_and_plural_as_in_english(pair):
    one, many = pair.split()
    assert (plural(one), singular(many), singular(one), plural(many)) == (many, one, one, many)


@pytest.mark.parametrize(
    ("collection", "name", "class_"),
    [
        ("users", "users", "User"),
        ("InvoiceLine", "invoice_line", "InvoiceLine"),
        ("people", "people", "Person"),
        ("news", "news", "News"),
        ("order-items", "order_items", "OrderItem"),
        ("table", "table", "TableRecord"),
        ("models", "models", "ModelRecord"),
        ("none", "none", "NoneRecord"),
        ("2024", "table_2024", "Table2024"),
        ("sqlite_master", "site_sqlite_master", "SiteSqliteMaster"),
        ("outgrow_files", "site_outgrow_files", "SiteOutgrowFile"),
        ("alembic_version", "site_alembic_version", "SiteAlembicVersion"),
        ("app_tokens", "site_app_tokens", "SiteAppToken"),
        ("appOperators", "site_app_operators", "SiteAppOperator"),
    ],
)
def test_a_table_keeps_the_collection_s_number_and_its_class_is_singular(collection, name, class_):
    made = table([{"id": 1}], collection)
    assert (made.name, made.class_name) == (name, class_)


@given(st.lists(ANY_TEXT, max_size=12))
def test_columns_are_legal_and_unique_whatever_the_fields_are_called(fields):
    taken = []
    for field in fields:
        taken.append(column_name((field,), taken))
    assert len(set(taken)) == len(taken)
    assert all(LEGAL.fullmatch(name) and len(name) <= 63 and not keyword.iskeyword(name) for name in taken)


@given(st.lists(ANY_TEXT, max_size=12))
def test_tables_and_classes_are_legal_and_unique_whatever_the_files_are_called(names):
    tables, classes = [], []
    for name in names:
        tables.append(table_name(name, tables))
        classes.append(class_name(tables[-1], classes))
    assert len(set(tables)) == len(tables)
    assert len({name.casefold() for name in classes}) == len(classes)
    assert all(LEGAL.fullmatch(name) and len(name) <= 63 for name in tables)
    assert all(name.isidentifier() and name[0].isupper() and not keyword.iskeyword(name) for name in classes)


@given(ANY_TEXT)
def test_a_name_made_from_a_name_is_that_name(name):
    made = column_name((name,))
    assert snake(made) in (made, made.rstrip("_"))


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True))
def test_the_plural_of_a_plural_is_the_plural(word):
    assert plural(plural(word)) == plural(word) or singular(plural(word)) != word


def test_a_taken_name_gets_a_number():
    rows = [{"id": 1, "userId": 1, "user_id": 1, "user-id": 1}]
    assert [each.name for each in table(rows).columns] == ["id", "user_id", "user_id_2", "user_id_3"]


def test_words_of_python_and_sqlalchemy_get_an_underscore():
    rows = [{"id": 1, "class": "x", "metadata": "x", "query": "x", "to_dict": "x", "type": "x"}]
    assert [each.name for each in table(rows).columns][1:] == ["class_", "metadata_", "query_", "to_dict_", "type"]


def test_names_stay_when_more_data_come():
    few = plan(users=[{"id": 1}], posts=[{"id": 1, "user_id": 1, "tags": ["a"]}])
    many = plan(
        users=[{"id": n, "bio": "x"} for n in range(1, 60)],
        posts=[{"id": n, "user_id": n % 59 + 1, "tags": ["a", "b"], "title": "x"} for n in range(200)],
    )
    for table_ in few:
        later = many.by_name[table_.name]
        assert later.class_name == table_.class_name
        assert {each.name for each in table_.columns} <= {each.name for each in later.columns}
        assert [(r.name, r.back) for r in later.references] == [(r.name, r.back) for r in table_.references]
