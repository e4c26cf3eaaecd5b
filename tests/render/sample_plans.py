"""Plans made by hand, for the renderer's tests."""

from __future__ import annotations

from outgrow.schema.model import Column, ColumnType, Plan, Reference, Table

INTEGER = ColumnType("integer")
BIG = ColumnType("integer", precision=64)
TEXT = ColumnType("text")


def string(length: int = 80) -> ColumnType:
    return ColumnType("string", length=length)


def column(name: str, kind: ColumnType = INTEGER, **more: object) -> Column:
    return Column(name, kind, field=(name,), **more)  # type: ignore[arg-type]


def number(name: str = "id", kind: ColumnType = INTEGER) -> Column:
    return Column(name, kind, role="number")


def reference(column: str, table: str, name: str, back: str, **more: object) -> Reference:
    there = str(more.pop("referenced", "id"))
    return Reference((column,), table, (there,), name, back, **more)  # type: ignore[arg-type]


def blog() -> Plan:
    """Users, a profile for each, posts with tags, and comments that answer each other."""
    users = Table(
        "users",
        "User",
        "users.json",
        "entity",
        (
            column("id"),
            column("username", string(80)),
            column("email", string(120), evidence="the name says that it is unique"),
            column("password", string(255), nullable=True, secret="password"),
            column("created_at", ColumnType("datetime"), default="now"),
        ),
        ("id",),
        unique=(("username",), ("email",)),
    )
    profiles = Table(
        "profiles",
        "Profile",
        "profiles.json",
        "entity",
        (column("id"), column("user_id"), column("bio", TEXT, nullable=True)),
        ("id",),
        references=(reference("user_id", "users", "user", "profile", unique=True, on_delete="cascade"),),
    )
    tags = Table(
        "tags",
        "Tag",
        "tags.json",
        "entity",
        (column("id"), column("name", string(80))),
        ("id",),
        unique=(("name",),),
    )
    posts = Table(
        "posts",
        "Post",
        "posts.json",
        "entity",
        (
            column("id"),
            column("title", string(255)),
            column("body", TEXT),
            column("published", ColumnType("boolean"), default="false"),
            column("author_id", evidence=""),
        ),
        ("id",),
        references=(
            reference(
                "author_id",
                "users",
                "author",
                "posts",
                evidence="all 5 values are in users.id; the name says so",
            ),
        ),
    )
    post_tags = Table(
        "post_tags",
        "PostTag",
        "posts.json",
        "association",
        (
            Column("post_id", INTEGER, role="parent"),
            Column("tag_id", INTEGER, role="element"),
            Column("position", INTEGER, role="position", nullable=True),
        ),
        ("post_id", "tag_id"),
        references=(
            reference("post_id", "posts", "post", "tags", on_delete="cascade"),
            reference("tag_id", "tags", "tag", "posts", on_delete="cascade"),
        ),
        parent="posts",
        path=("tags",),
    )
    comments = Table(
        "comments",
        "Comment",
        "comments.json",
        "entity",
        (
            column("id"),
            column("post_id"),
            column("parent_id", nullable=True),
            column("text", TEXT),
        ),
        ("id",),
        references=(
            reference("post_id", "posts", "post", "comments"),
            reference("parent_id", "comments", "parent", "replies", on_delete="set null"),
        ),
    )
    return Plan((users, profiles, tags, posts, post_tags, comments))


HOSTILE = "\"\"\"'''\\ */ {{ x }} {% y %} `rm` <script> | \n# noqa # type: ignore\u2028\u202e\x00 -- ;"


def odd() -> Plan:
    """Every type, and every kind of key and reference; names and texts made to break things."""
    every = Table(
        "strings",
        "String",
        HOSTILE,
        "entity",
        (
            column("str", string(80), role="key", evidence=HOSTILE),
            column("int", BIG, default="-5"),
            column("float", ColumnType("float"), default="1.5"),
            column("bool", ColumnType("boolean"), default="true"),
            column("list", ColumnType("json"), default='[1, {"a": [true, null, "\\u2028\'"]}, 1.5]'),
            column("dict", ColumnType("json"), nullable=True),
            column("bytes", ColumnType("binary")),
            column("dt", ColumnType("datetime"), default='"2026-01-31T12:30:00+02:00"'),
            column("date", ColumnType("date"), default="now"),
            column("time", ColumnType("time"), default='"12:30:00"'),
            column("decimal", ColumnType("decimal", precision=12, scale=3), default='"1.500"'),
            column("text", TEXT, nullable=True, default='"' + "long " * 2000 + '"'),
            column("relationship", string(255), default='"\\"quotes\\" and \'quotes\'"'),
            column("mapped_column", INTEGER, default="now"),
            column("born", ColumnType("date"), default='"1999-12-31"', nullable=True),
            column("page", INTEGER),
            column("sort", string(80), nullable=True, evidence="# fmt: off"),
            column("items", INTEGER, nullable=True),
            column("password", string(255), secret="password"),
            column("api_token", string(80), secret="token", nullable=True),
            column(
                "a_name_that_is_longer_than_most_but_not_too_long_for_a_database",
                string(255),
                nullable=True,
                evidence="because " * 100,
            ),
        ),
        ("str",),
        unique=(("page", "decimal"), ("dt",), ("decimal", "date", "relationship", "mapped_column")),
        evidence=HOSTILE,
    )
    people = Table(
        "people",
        "Model",
        "people.json",
        "entity",
        (
            number("id", BIG),
            column("name", string(120), nullable=True),
            column("favourite_id", BIG, nullable=True),
            column("boss_id", BIG, nullable=True),
            column("deputy_id", BIG, nullable=True),
        ),
        ("id",),
        references=(
            reference("favourite_id", "articles", "favourite", "fans", on_delete="set null"),
            reference("boss_id", "people", "boss", "staff"),
            reference("deputy_id", "people", "deputy", "", on_delete="set null"),
        ),
    )
    articles = Table(
        "articles",
        "Article",
        "articles.json",
        "entity",
        (
            number("id", BIG),
            column("author_id", BIG),
            column("editor_id", BIG, nullable=True),
            column("slug", string(80)),
        ),
        ("id",),
        unique=(("slug",),),
        references=(
            reference("author_id", "people", "author", "written"),
            reference("editor_id", "people", "editor", "edited", on_delete="cascade"),
        ),
    )
    friends = Table(
        "friends",
        "Friend",
        "people.json",
        "association",
        (
            Column("person_id", BIG, role="parent"),
            Column("friend_id", BIG, role="element"),
            Column("position", INTEGER, role="position", nullable=True),
        ),
        ("person_id", "friend_id"),
        references=(
            reference("person_id", "people", "person", "friends", on_delete="cascade"),
            reference("friend_id", "people", "friend", "friend_of", on_delete="cascade"),
        ),
        parent="people",
        path=("friends",),
    )
    phones = Table(
        "people_phones",
        "PeoplePhone",
        "people.json",
        "child",
        (
            Column("person_id", BIG, role="parent"),
            Column("position", INTEGER, role="position"),
            Column("value", string(80), role="element"),
        ),
        ("person_id", "position"),
        references=(reference("person_id", "people", "person", "phones", on_delete="cascade"),),
        parent="people",
        path=("phones",),
    )
    orders = Table(
        "orders",
        "Order",
        "orders.csv",
        "entity",
        (
            column("year", INTEGER),
            column("shop", string(80)),
            column("total", ColumnType("decimal", precision=10, scale=2)),
        ),
        ("shop", "year"),
    )
    lines = Table(
        "order_lines",
        "OrderLine",
        "lines.csv",
        "entity",
        (
            column("shop", string(80)),
            column("year", INTEGER),
            column("line", INTEGER),
            column("after", INTEGER, nullable=True),
        ),
        ("shop", "year", "line"),
        references=(
            Reference(("shop", "year"), "orders", ("shop", "year"), "order", "lines"),
            Reference(
                ("shop", "year", "after"),
                "order_lines",
                ("shop", "year", "line"),
                "previous",
                "following",
            ),
        ),
    )
    site = Table(
        "site",
        "Site",
        "site.json",
        "singleton",
        (number(), column("title", string(80)), column("theme", ColumnType("json"))),
        ("id",),
    )
    stamps = Table(
        "stamps",
        "Stamp",
        "stamps.json",
        "entity",
        (column("at", ColumnType("datetime")), column("on", ColumnType("date"))),
        ("at", "on"),
    )
    return Plan((every, people, articles, friends, phones, orders, lines, site, stamps))


def long() -> Plan:
    """Names as long as databases allow."""
    first = "t" * 30 + "_one_" + "x" * 28
    second = "t" * 30 + "_two_" + "x" * 28
    key = "column_" + "k" * 56
    return Plan(
        (
            Table(
                first,
                "T" * 60,
                "first.json",
                "entity",
                (column(key, string(255)), column("b" * 60, nullable=True)),
                (key,),
                unique=((key, "b" * 60),),
            ),
            Table(
                second,
                "U" * 60,
                "second.json",
                "entity",
                (column("id"), column("f" * 60, string(255), nullable=True)),
                ("id",),
                references=(reference("f" * 60, first, "r" * 60, "s" * 60, referenced=key),),
            ),
        )
    )


def pair() -> Plan:
    """Of the blog, two tables, one of which refers to the other."""
    tables = blog().by_name
    return Plan((tables["users"], tables["posts"]))


def empty() -> Plan:
    """No table at all."""
    return Plan(())
