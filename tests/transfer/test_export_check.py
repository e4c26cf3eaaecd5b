"""`export --check` says how the files of a folder stand to what export would write, and touches nothing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from site_of_files import Site, build_tree, read_tree

from outgrow import steps
from outgrow.cli import main

FILES = {
    "users.json": json.dumps([{"id": n, "name": f"n{n}", "score": 1.50} for n in range(1, 5)], indent=1),
    "posts/a.json": '{"title":"A"}',
    "posts/b.json": '{"title":"B"}',
    "posts/c.json": '{"title":"C"}',
    "cities.csv": "name,size\nKyiv,3\nLviv,1\n",
}


@pytest.fixture
def made(site: Site) -> Site:
    site.convert(FILES)
    return site


def check(site: Site, *options: str) -> Result:
    result = CliRunner().invoke(main, ["export", "--check", *options, str(site.app), str(site.data)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_a_folder_that_export_would_write_again_is_good(made: Site) -> None:
    before = read_tree(made.data)
    result = check(made)
    assert (result.exit_code, result.stdout) == (0, "5 files: 5 identical\n")
    assert read_tree(made.data) == before
    assert not list(made.root.glob("back*"))


def test_each_file_that_differs_is_judged(made: Site) -> None:
    build_tree(made.data, {"users.json": json.dumps(json.loads(FILES["users.json"])), "cities.csv": "name,size\nX,3\n"})
    (made.data / "posts/a.json").unlink()
    made.sql("DELETE FROM posts WHERE title = 'C'")
    held = steps.check_export(made.app, made.data)
    assert held.files == {
        "cities.csv": "different",
        "posts/a.json": "missing",
        "posts/b.json": "identical",
        "posts/c.json": "unwritten",
        "users.json": "equal",
    }
    result = check(made)
    assert result.exit_code == 3
    assert result.stdout.splitlines()[0] == "5 files: 1 identical, 1 equal, 1 different, 1 missing, 1 unwritten"
    assert "identical: posts/b.json" not in result.stdout
    assert "identical: posts/b.json" in check(made, "--files").stdout


def test_programs_get_a_verdict_for_each_file(made: Site) -> None:
    made.sql("UPDATE users SET name = 'new' WHERE id = 1")
    result = check(made, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 3
    assert found["same"] is False
    assert found["files"]["users.json"] == "different"
    assert found["counts"]["identical"] == 4


@pytest.mark.parametrize(
    "text", ['[{"id":1,"x":1.0}]', '[{"id":1,"x":10e-1}]', '[{"x":1,"id":1}]', '{"a":{"id":1,"x":1}}']
)
def test_another_literal_order_or_layout_is_another_file(site: Site, text: str) -> None:
    site.convert({"t.json": '[{"id":1,"x":1}]'})
    build_tree(site.data, {"t.json": text})
    assert steps.check_export(site.app, site.data).files == {"t.json": "different"}
