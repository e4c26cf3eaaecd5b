"""The plan as a file: rendering and parsing are inverse, and every mistake is named with its line and cure."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outgrow.errors import PlanError
from outgrow.schema.model import (
    Column,
    ColumnType,
    Kind,
    OnDelete,
    Orphans,
    Plan,
    Reference,
    Secret,
    Table,
    TypeName,
)
from outgrow.schema.plan import parse_plan, read_header, render_plan
from outgrow.schema.plan_read import COLUMN_KEYS, FROM, PLAN_KEYS, REFERENCE_KEYS, TABLE_KEYS
from outgrow.schema.plan_text import note_line, one_line, quote, restore, scan

INTEGER = ColumnType("integer")
STRING = ColumnType("string", length=80)

BLOG = Plan(
    tables=(
        Table(
            name="users",
            class_name="User",
            source="users.json",
            kind="entity",
            columns=(
                Column("id", INTEGER, field=("id",), fill=True, evidence="all 4 differ"),
                Column("email", STRING, field=("email",), empty_is_null=True, nullable=True),
                Column("password", ColumnType("string", length=255), field=("password",), secret="password"),
                Column("geo_lat", ColumnType("decimal", precision=9, scale=6), field=("address", "geo", "lat")),
                Column("views", ColumnType("integer", precision=64), field=("page.views",), default="0"),
                Column("state", STRING, field=("state",), default='"draft"'),
                Column("created_at", ColumnType("datetime"), field=("created",), default="now"),
            ),
            primary_key=("id",),
            unique=(("email",),),
            dropped=(("legacy",), ("a.b", "")),
            rows=4,
            notes=("references.boss = { … }  # 1 of 4 has none", "  culprit: users.json:3"),
            evidence="4 records",
        ),
        Table(
            name="posts",
            class_name="Post",
            source="posts.json",
            kind="entity",
            columns=(
                Column("slug", STRING, role="key"),
                Column("body", ColumnType("text"), role="file", field=("pages/{key}/index.txt",), nullable=True),
                Column("user_id", INTEGER, field=("userId",)),
            ),
            primary_key=("slug",),
            references=(
                Reference(("user_id",), "users", ("id",), "author", "posts", evidence='all 5 are in users.id; "#"'),
            ),
            duplicates="keep-last",
        ),
        Table(
            name="post_tags",
            class_name="PostTag",
            source="posts.json",
            kind="child",
            columns=(
                Column("post_slug", STRING, role="parent"),
                Column("position", INTEGER, role="position"),
                Column("tag", STRING, role="element"),
            ),
            primary_key=("post_slug", "position"),
            references=(Reference(("post_slug",), "posts", ("slug",), "post", "tags", "cascade", "reject"),),
            parent="posts",
            path=("tags",),
        ),
    ),
)

BLOG_TEXT = """\
# Written by outgrow.

version = 1
passwords = "hash"  # or "keep", while the old site still checks the same passwords

[tables.users]                                               # 4 records
source = "users.json"
rows = 4
class = "User"
key = ["id"]
unique = [["email"]]
columns.id = { field = "id", type = "integer", fill = true }  # all 4 differ
columns.email = { field = "email", type = "string(80)", nullable = true, empty_is_null = true }
columns.password = { field = "password", type = "string(255)", secret = "password" }
columns.geo_lat = { field = "address.geo.lat", type = "decimal(9,6)" }
columns.views = { field = ["page.views"], type = "integer(64)", default = 0 }
columns.state = { field = "state", type = "string(80)", default = "draft" }
columns.created_at = { field = "created", type = "datetime", default = "now" }
drop = ["legacy", ["a.b", ""]]
# references.boss = { … }  # 1 of 4 has none
#   culprit: users.json:3

[tables.posts]
source = "posts.json"
class = "Post"
key = ["slug"]
duplicates = "keep-last"
columns.slug = { from = "key", type = "string(80)" }
columns.body = { file = "pages/{key}/index.txt", type = "text", nullable = true }
columns.user_id = { field = "userId", type = "integer" }
references.author = { columns = ["user_id"], to = "users", back = "posts", on_delete = "restrict" }  \
# all 5 are in users.id; "#"

[tables.post_tags]
parent = "posts"
path = "tags"
class = "PostTag"
key = ["post_slug", "position"]
columns.post_slug = { from = "parent", type = "string(80)" }
columns.position = { from = "position", type = "integer" }
columns.tag = { from = "element", type = "string(80)" }
references.post = { columns = ["post_slug"], to = "posts", back = "tags", on_delete = "cascade", orphans = "reject" }
""".replace("[tables.users]                                               #", "[tables.users]" + " " * 48 + "#")


def test_a_plan_reads_as_documented() -> None:
    assert render_plan(BLOG, ["Written by outgrow."]) == BLOG_TEXT
    assert parse_plan(BLOG_TEXT) == BLOG
    assert read_header(BLOG_TEXT) == ("Written by outgrow.",)


# The law: what is rendered is read back the same, whatever the source's names and values hold.

HOSTILE = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=[]), max_size=12),
    st.sampled_from(
        ['"', "'", '"""', "'''", "\\", "#", " # x", "a.b", "", " ", "\n", "\r\n[tables.x]", "\x00", "\x7f"]
    ),
    st.sampled_from(
        ["\u2028", "\ud800", "\ufdd0", "\ufdd0d800", "\u202e", "\\u0041", "{key}", "]", "}", "=", "é", "🐘", "now"]
    ),
)
COMMENTS = HOSTILE.map(one_line)
TYPES = st.sampled_from([INTEGER, STRING, ColumnType("text"), ColumnType("json"), ColumnType("integer", precision=64)])
DEFAULTS: dict[str, st.SearchStrategy[str]] = {
    "integer": st.one_of(st.integers().map(str), st.sampled_from(["1.10", "1e5", "-0", "now"])),
    "string": st.one_of(HOSTILE.map(lambda text: json.dumps(text, ensure_ascii=False)), HOSTILE.map(json.dumps)),
    "text": st.sampled_from(["now", '"now"', "null", '"\\/"']),
    "json": st.sampled_from(["[1, 2.50]", '{"a": "#"}', "[]", "true", "-1", " 1"]),
}


@st.composite
def columns(draw: st.DrawFn, name: str, field: tuple[str, ...]) -> Column:
    kind = draw(TYPES)
    role = draw(st.sampled_from(["field", "field", "key", "number", "file"]))
    places = {"field": field, "file": (draw(HOSTILE) + "{key}",)}
    return Column(
        name=name,
        type=kind,
        role=role,
        field=places.get(role, ()),
        nullable=draw(st.booleans()),
        default=draw(st.none() | DEFAULTS[kind.name]),
        secret=draw(st.sampled_from([None, None, "password", "token", "salt"])),
        fill=draw(st.booleans()),
        empty_is_null=draw(st.booleans()),
        evidence=draw(COMMENTS),
    )


@st.composite
def tables(draw: st.DrawFn, number: int, above: list[Table]) -> Table:
    name = draw(st.sampled_from(["t", "Ü ber", "a.b", 'q"', "#", "'"])) + str(number)
    fields = draw(st.lists(st.lists(HOSTILE, min_size=2, max_size=3).map(tuple), unique_by=lambda path: path[:2]))
    made = [draw(columns(draw(st.sampled_from(["c", "größe_"])) + str(n), path)) for n, path in enumerate(fields)]
    parent = draw(st.sampled_from([None, *above]))
    names = ["id", *(column.name for column in made)]
    key = Column("id", INTEGER, role="number" if parent is None else "position")
    others = [table for table in above if len(table.primary_key) == 1]
    targets = draw(st.lists(st.sampled_from(others), max_size=2)) if others else []
    kinds = ["entity", "association", "singleton"] if parent is None else ["child", "association"]
    return Table(
        name=name,
        class_name=f"C{number}",
        source=draw(HOSTILE) if parent is None else parent.source,
        kind=draw(st.sampled_from(kinds)),
        columns=(key, *made),
        primary_key=("id",),
        unique=tuple(draw(st.lists(st.sampled_from(names).map(lambda name: (name,)), max_size=2))),
        references=tuple(
            Reference(
                columns=(draw(st.sampled_from(names)),),
                table=target.name,
                referenced=draw(st.sampled_from([target.primary_key, *target.unique])),
                name=f"r{n}",
                back=draw(st.sampled_from(["", f"b{number}_{n}"])),
                on_delete=draw(st.sampled_from(["cascade", "restrict"])),
                orphans=draw(st.sampled_from(["null", "reject"])),
                unique=draw(st.booleans()),
                evidence=draw(COMMENTS),
            )
            for n, target in enumerate(targets)
        ),
        parent=None if parent is None else parent.name,
        path=() if parent is None else tuple(draw(st.lists(HOSTILE, max_size=3))),
        duplicates=draw(st.sampled_from(["keep-first", "keep-last", "reject"])),
        dropped=tuple(draw(st.lists(HOSTILE.map(lambda name: ("dropped", name)), max_size=3))),
        rows=draw(st.integers(0, 10**7)),
        notes=tuple(draw(st.lists(HOSTILE.map(note_line), max_size=3))),
        evidence=draw(COMMENTS),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    made: list[Table] = []
    for number in range(draw(st.integers(0, 3))):
        made.append(draw(tables(number, made)))
    return Plan(tuple(made), draw(st.sampled_from(["hash", "keep"])))


LAW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAW
@given(plans(), st.lists(HOSTILE.map(note_line), max_size=3))
def test_a_rendered_plan_is_read_back_the_same_with_its_evidence_and_notes(plan: Plan, header: list[str]) -> None:
    text = render_plan(plan, header)
    text.encode("utf-8")
    assert parse_plan(text) == plan
    assert render_plan(parse_plan(text), read_header(text)) == text
    assert parse_plan(text.replace("\n", "\r\n")) == plan


@LAW
@given(HOSTILE, HOSTILE)
def test_comments_that_do_not_fit_are_made_to_fit_and_never_become_a_key(evidence: str, note: str) -> None:
    table = BLOG.tables[0]
    marked = replace(BLOG, tables=(replace(table, evidence=evidence, notes=(note,)), *BLOG.tables[1:]))
    fitted = replace(table, evidence=one_line(evidence), notes=(note_line(note),))
    assert parse_plan(render_plan(marked, [note])) == replace(BLOG, tables=(fitted, *BLOG.tables[1:]))


@LAW
@given(HOSTILE)
def test_any_text_survives_as_a_toml_string(text: str) -> None:
    assert restore(tomllib.loads(f"key = {quote(text)}")["key"]) == text


# The documentation: it names every key, and its example is a plan.

DOCS = (Path(__file__).parents[1] / "docs" / "plan.md").read_text("utf-8")


@pytest.mark.parametrize("word", [*PLAN_KEYS, *TABLE_KEYS, *COLUMN_KEYS, *REFERENCE_KEYS, *get_args(TypeName)])
def test_every_key_and_type_is_documented(word: str) -> None:
    assert f"`{word}`" in DOCS or f"`{word}(" in DOCS


@pytest.mark.parametrize("word", [*get_args(Kind), *FROM, *get_args(Secret), *get_args(OnDelete), *get_args(Orphans)])
def test_every_choice_is_documented(word: str) -> None:
    assert f'`"{word}"`' in DOCS


def test_the_documented_example_is_a_plan_as_outgrow_writes_it() -> None:
    example = DOCS.split("```")[1].removeprefix("toml\n")
    assert render_plan(parse_plan(example)) == example


# By hand: other spellings of the same, and other ways to keep a value.


def test_a_plan_may_be_written_in_other_forms_of_toml() -> None:
    text = '''\ufeffversion = 1\r
# about the first
[tables.users]  # 2 "records" # one
source = """
users#1.json"""
class = 'User'
key = [
  "id", # not ] here
]
[tables.users.columns.id]
type = "integer"  # lost
field = "id"
[tables."posts".columns]
id = { field = "id", type = "integer" }  # evidence
[tables.posts]
source = "a\\"#.json"
class = "Post"
key = ["id"]
# a note
'''
    users, posts = parse_plan(text).tables
    assert (users.source, users.evidence, users.notes) == ("users#1.json", '2 "records" # one', ("about the first",))
    assert users.columns == (Column("id", INTEGER, field=("id",)),)
    assert (posts.source, posts.columns[0].evidence, posts.notes) == ('a"#.json', "evidence", ("a note",))


def test_a_child_table_becomes_a_json_column_by_removing_its_section_and_adding_a_column() -> None:
    text = BLOG_TEXT[: BLOG_TEXT.index("[tables.post_tags]")]
    text = text.replace("columns.user_id", 'columns.tags = { field = "tags", type = "json" }\ncolumns.user_id')
    plan = parse_plan(text)
    assert plan.children("posts") == ()
    assert plan.by_name["posts"].by_name["tags"] == Column("tags", ColumnType("json"), field=("tags",))


def test_a_commented_guess_holds_when_its_mark_is_removed() -> None:
    text = BLOG_TEXT.replace("# references.boss = { … }", 'references.boss = { columns = ["id"], to = "users" }')
    reference = parse_plan(text).by_name["users"].references[0]
    assert reference == Reference(("id",), "users", ("id",), "boss", "", evidence="1 of 4 has none")


# Mistakes: (what to replace, by what) → (the line, what is said about it).

MISTAKES = {
    "unknown key": ('class = "User"', 'klass = "User"', 9, 'unknown key "klass", did you mean "class"?'),
    "missing key": ('class = "User"\n', "", 6, 'users: "class" is missing, write something like class = "Post"'),
    "unknown column key": ("fill = true", "full = true", 12, 'users.id: unknown key "full", did you mean "fill"?'),
    "unknown type": ('"string(255)"', '"sting(255)"', 14, 'unknown type "sting(255)", did you mean "string"?'),
    "type of another tool": ('"decimal(9,6)"', '"varchar(9)"', 15, 'unknown type "varchar(9)", write "string"'),
    "type without length": ('"string(255)"', '"string"', 14, '"string" has the wrong numbers'),
    "type missing": (', type = "datetime"', "", 18, "users.created_at: a column needs its type, one of integer"),
    "wrong kind of value": ("fill = true", 'fill = "yes"', 12, 'fill must be true or false, not "yes"'),
    "name for a list": ('key = ["id"]', 'key = "id"', 10, 'key must be a list such as ["id"], not "id"'),
    "flat unique": ('[["email"]]', '["email"]', 11, 'write [["slug"]], not "email"'),
    "key of no column": ('key = ["id"]', 'key = ["ids"]', 10, 'no column "ids" in table users, did you mean "id"?'),
    "unique of no column": ('[["email"]]', '[["mail"]]', 11, 'no column "mail" in table users, did you mean "email"?'),
    "no key": ('key = ["id"]', "key = []", 10, "has no primary key"),
    "nullable key": ("fill = true", "nullable = true", 12, "part of the primary key, remove nullable = true"),
    "column is a keyword": ("columns.views", "columns.class", 16, "is a word of Python, write something like class_"),
    "column is no name": ("columns.views", 'columns."1 st"', 16, "is no Python name"),
    "column is taken": ("columns.views", "columns.metadata", 16, "already used by SQLAlchemy"),
    "column is private": ("columns.views", "columns._views", 16, "starts with _"),
    "columns that clash": ("columns.views", "columns.Email", 16, 'also "users.email"'),
    "one field twice": ('["page.views"]', '"email"', 16, 'columns "email" and "views" hold the same field'),
    "part of a field": ('["page.views"]', '"address"', 15, 'made from a part of column "views"'),
    "dropped field": ('drop = ["legacy"', 'drop = ["state"', 19, 'takes the field of column "state" away'),
    "no place": ('{ field = "state", ', "{ ", 17, "write exactly one of field"),
    "two places": ('field = "state"', 'field = "state", from = "key"', 17, "has field and from"),
    "wrong default": ("default = 0", 'default = "none"', 16, 'of type integer(64), its default "none" is not'),
    "unknown choice": ('"keep-last"', '"last"', 27, 'unknown duplicates "last", did you mean "keep-last"?'),
    "unknown secret": ('secret = "password"', 'secret = "pasword"', 14, 'did you mean "password"?'),
    "file without key": ("{key}", "key", 29, "must hold {key}"),
    "reference to no table": ('to = "users"', 'to = "user"', 31, 'no table "user", did you mean "users"?'),
    "reference from no column": ('["user_id"], to', '["userid"], to', 31, 'no column "userid" in table posts'),
    "reference counts": ('["user_id"], to', '["user_id", "slug"], to', 31, "2 columns refer to 1 (id) of users"),
    "reference to what repeats": ('to = "users"', 'to = "users", referenced = ["views"]', 31, "to unique of table"),
    "reference to no known column": ('to = "users"', 'to = "users", referenced = ["x"]', 31, 'no column "x" in'),
    "set null": ('"restrict"', '"set null"', 31, "needs columns with nullable = true"),
    "back that clashes": ('back = "posts"', 'back = "state"', 31, '"users.state" is an attribute of'),
    "duplicate class": ('"PostTag"', '"Post"', 36, 'class "Post" stands for two tables'),
    "class is no name": ('"PostTag"', '"Post Tag"', 36, 'class "Post Tag" is no Python name'),
    "outgrow's table": ("[tables.post_tags]", "[tables.outgrow_x]", 33, "write something like site_outgrow_x"),
    "operators' table": ("[tables.post_tags]", "[tables.App_Operators]", 33, "kept for tables of the app, Alembic"),
    "tokens' table": ("[tables.post_tags]", "[tables.app_tokens]", 33, "write something like site_app_tokens"),
    "Alembic's table": ("[tables.post_tags]", "[tables.alembic_version]", 33, "write something like site_alembic"),
    "SQLite's table": ("[tables.post_tags]", "[tables.sqlite_master]", 33, "write something like site_sqlite_master"),
    "class that hides db": ('"PostTag"', '"db"', 36, "already used by SQLAlchemy or the generated models"),
    "long table": ("[tables.post_tags]", f"[tables.{'x' * 64}]", 33, "longer than 63 bytes"),
    "no parent": ('parent = "posts"', 'parent = "poss"', 34, 'no table "poss", did you mean "posts"?'),
    "child without parent": ('parent = "posts"', 'source = "x"\nkind = "child"', 35, "a child table needs a parent"),
    "element without parent": ('parent = "posts"\npath = "tags"', 'source = "x"', 38, "needs a table with a parent"),
    "parent below": ('source = "users.json"', 'parent = "posts"\npath = "x"', 7, "must stand above it"),
    "source of a child": ('parent = "posts"', 'parent = "posts"\nsource = "x"', 35, "remove this line"),
    "unknown passwords": ('"hash"', '"hashed"', 4, 'unknown passwords "hashed", did you mean "hash"?'),
    "other version": ("version = 1", "version = 2", 3, "this outgrow reads version 1"),
    "no version": ("version = 1", "", 1, "its first line must be version = 1"),
    "syntax": ('class = "User"', "class = User", 9, "no valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_cure(name: str) -> None:
    old, new, line, said = MISTAKES[name]
    text = BLOG_TEXT.replace(old, new, 1)
    assert text != BLOG_TEXT
    with pytest.raises(PlanError) as caught:
        parse_plan(text, "my/outgrow.toml")
    matching = [row for row in str(caught.value).splitlines() if row.startswith(f"my/outgrow.toml:{line}:")]
    assert any(said in row for row in matching), str(caught.value)


def test_all_mistakes_are_named_at_once_in_the_order_of_their_lines() -> None:
    text = BLOG_TEXT.replace('"integer"', '"intger"').replace("drop =", "dorp =").replace('to = "users"', 'to = "usr"')
    with pytest.raises(PlanError) as caught:
        parse_plan(text)
    assert str(caught.value).splitlines() == [
        'outgrow.toml:12: users.id: unknown type "intger", did you mean "integer"?',
        'outgrow.toml:19: table users: unknown key "dorp", did you mean "drop"?',
        'outgrow.toml:30: posts.user_id: unknown type "intger", did you mean "integer"?',
        'outgrow.toml:31: table posts: reference "author": there is no table "usr", did you mean "users"?',
        'outgrow.toml:39: post_tags.position: unknown type "intger", did you mean "integer"?',
        "Correct the plan and run the command again; docs/plan.md explains every key.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "= 1",
        "\x00",
        "a = " + "[" * 100_000,
        "a = " + "9" * 5000,
        "version = 1\n[tables",
        "version = 1\ntables = 3",
        "version = 1\n[[tables.a]]",
        "version = 1\n[tables]\na = 1",
        "version = 1\n[tables.a]\ncolumns.x = 1",
        "version = 1\n[tables.a]\ncolumns.x = {}\nreferences.y = {}",
        'version = 1\ntables."{}" = {columns.a = {}}',
    ],
)
def test_no_text_ends_in_a_traceback(text: str) -> None:
    with pytest.raises(PlanError, match=r"^outgrow\.toml"):
        parse_plan(text)


@LAW
@given(st.data())
def test_a_damaged_plan_is_a_plan_error_or_a_plan(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(BLOG_TEXT)))
    end = data.draw(st.integers(start, min(len(BLOG_TEXT), start + 40)))
    between = data.draw(st.sampled_from(["", '"', "#", "[", "{", "\n", "1", "x = "]))
    with suppress(PlanError):
        parse_plan(BLOG_TEXT[:start] + between + BLOG_TEXT[end:])


def test_the_scanner_finds_the_lines_of_nested_values() -> None:
    array = 'a = [\n  1, # x\n  [2, "]"],\n  { b.c = """\n""" },\n]  # end\n'
    places = scan(array + "[[d]]\ne = 1979-05-27 07:32:00 # f\n[[d]]\n")
    assert places.lines == {
        ("a",): 1, ("a", 0): 2, ("a", 1): 3, ("a", 1, 0): 3, ("a", 1, 1): 3, ("a", 2): 4,
        ("a", 2, "b"): 4, ("a", 2, "b", "c"): 4, ("d",): 7, ("d", 0): 7, ("d", 0, "e"): 8, ("d", 1): 9,
    }  # fmt: skip
    assert places.comments == {("a",): "end", ("d", 0, "e"): "f"}
