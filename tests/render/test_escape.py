"""Whatever the source holds, the shape of what is generated stays the same."""

from __future__ import annotations

import ast
import json
import tomllib
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sample_plans import HOSTILE, TEXT, blog, column

from outgrow.errors import PlanError
from outgrow.render import render_app, render_models, render_pyproject, render_readme
from outgrow.render.escape import identifier, markdown, mermaid_label, python_string, toml_string
from outgrow.schema.model import Plan

anything = st.text(st.characters(exclude_categories=()), max_size=300) | st.sampled_from(
    ['"""', "'''", "\\", '\\"""', "\n", "\r", "\x0c", "\x00", "\u2028", "\ud800", "x" * 10_000]
)


def plan_with(text: str) -> Plan:
    """Return a plan that holds a text wherever the source's own words may stand."""
    first, *rest = blog()
    columns = [replace(each, evidence="e" + text) for each in first.columns]
    columns.append(column("extra", TEXT, nullable=True, default=json.dumps(text), evidence="e"))
    first = replace(first, source=text, columns=tuple(columns), evidence="e" + text)
    tables = []
    for table in (first, *rest):
        references = [replace(each, evidence="e" + text) for each in table.references]
        path = (text,) if table.nested else ()
        tables.append(replace(table, references=tuple(references), path=path))
    return Plan(tuple(tables))


def shape(code: str) -> list[str]:
    """Return the kinds of a program's nodes and its names, without its constants."""
    return [
        " ".join([type(node).__name__, *(str(getattr(node, name, "")) for name in ("id", "name", "arg"))])
        for node in ast.walk(ast.parse(code))
    ]


PLAIN = shape(render_models(plan_with("plain")))


@settings(max_examples=300, deadline=None)
@given(anything)
@example(HOSTILE)
def test_no_text_changes_the_shape_of_the_models(text: str) -> None:
    code = render_models(plan_with(text))
    code.encode()
    assert shape(code) == PLAIN
    assert len(code.splitlines()) == len(code.split("\n")) - 1


@settings(max_examples=300, deadline=None)
@given(anything)
@example(HOSTILE)
def test_a_python_string_means_the_text(text: str) -> None:
    assert ast.literal_eval(python_string(text)) == text
    assert len(python_string(text).splitlines()) == 1


@settings(max_examples=300, deadline=None)
@given(anything)
@example(HOSTILE)
def test_a_toml_string_means_the_text(text: str) -> None:
    expected = "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)
    assert tomllib.loads(f"x = {toml_string(text)}") == {"x": expected}
    assert tomllib.loads(render_pyproject(text))["project"]["version"] == "0.1.0"


@settings(max_examples=100, deadline=None)
@given(anything)
@example(HOSTILE)
def test_no_text_changes_the_shape_of_the_readme(text: str) -> None:
    readme, plain = render_readme(plan_with(text), text), render_readme(plan_with("x"), "x")
    assert len(readme.split("\n")) == len(plain.split("\n"))
    for escaped in (markdown(text), mermaid_label(text)):
        assert len(escaped.splitlines()) <= 1
        assert not set(escaped) & set("<>")
    assert not set(mermaid_label(text)) & set('"{}`;:|')


@settings(max_examples=30, deadline=None)
@given(anything)
@example(HOSTILE)
def test_no_text_changes_the_other_files(text: str) -> None:
    app, plain = render_app(plan_with(text), text), render_app(plan_with("x"), "x")
    assert app.keys() == plain.keys()
    for path in app.keys() - {"app/models.py", "README.md", "pyproject.toml"}:
        assert app[path] == plain[path]


@pytest.mark.parametrize("name", ["", "1a", "a b", "a-b", "class", "a\n", "__init__", "ﬁ", "a'"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(PlanError):
        identifier(name)
    first = blog().by_name["tags"]
    for table in (
        replace(first, name=name),
        replace(first, class_name=name),
        replace(first, columns=(*first.columns, column(name))),
    ):
        with pytest.raises(PlanError):
            render_app(Plan((table,)), "sample")
