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
        references=(
            reference("user_id", "users", "user", "profile", unique=True, on_delete="cascade"),
        ),
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
