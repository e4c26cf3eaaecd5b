"""A recipe fits the sites of its system, also those that have more or less than the one that it was made from."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from real_data import ROOT, original

from outgrow.cli import main

RECIPES = ROOT / "recipes"
SITES = [("bludit", "bludit"), ("bludit", "bludit_fresh"), ("wondercms", "wondercms")]


def run(*words: object) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


@pytest.fixture
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of a site, to be changed."""
    shutil.copytree(original(f"formats/{request.param}"), tmp_path / "data")
    return tmp_path / "data"


def convert(recipe: str, data: Path) -> dict[str, Any]:
    """Convert by a recipe; returns what is said of it, and makes sure that export gives all bytes again."""
    app = data.parent / "app"
    done = run("convert", "--json", "--plan", RECIPES / f"{recipe}.toml", data, app)
    assert done.exit_code == 0, done.stdout + done.stderr
    checked = run("export", "--check", "--json", app, data)
    assert checked.exit_code == 0, checked.stdout
    said: dict[str, Any] = json.loads(done.stdout)
    assert said["verified"]
    return said


def messages(said: dict[str, Any]) -> list[str]:
    return [f"{finding['severity']}: {finding['message']}" for finding in said["findings"]]


def edit(file: Path, change: Any) -> None:
    """Change the JSON behind a file's guard line."""
    guard, _, text = file.read_text().partition("\n")
    data = json.loads(text)
    change(data)
    written = json.dumps(data, separators=(",", ":")).replace("/", "\\/")  # as json_encode has it
    file.write_text(f"{guard}\n{written}")


@pytest.mark.parametrize(("recipe", "site"), SITES, indirect=["site"], ids=[name for _, name in SITES])
def test_a_recipe_takes_a_site_as_a_whole(recipe: str, site: Path) -> None:
    said = convert(recipe, site)
    assert said["rejects"] == 0
    assert not any(message.startswith("error") for message in messages(said))


@pytest.mark.parametrize("site", ["bludit"], indirect=True)
def test_a_field_that_the_recipe_does_not_know_is_told_and_kept(site: Path) -> None:
    edit(site / "databases/users.php", lambda users: [user.update(pronouns="they") for user in users.values()])
    assert 'warning: "pronouns" has no column in users; its values are kept in the ledger, for export' in messages(
        convert("bludit", site)
    )


@pytest.mark.parametrize("site", ["bludit"], indirect=True)
def test_a_field_that_no_record_has_is_told(site: Path) -> None:
    edit(site / "databases/pages.php", lambda pages: [page.pop("coverImage") for page in pages.values()])
    wanted = 'info: no record has "coverImage", of which the plan makes columns of pages'
    assert wanted in messages(convert("bludit", site))


@pytest.mark.parametrize("site", ["bludit"], indirect=True)
def test_a_file_that_is_not_there_leaves_its_table_empty(site: Path) -> None:
    (site / "databases/syslog.php").unlink()
    shutil.rmtree(site / "databases/plugins")
    said = convert("bludit", site)
    assert (said["tables"]["syslog"], said["tables"]["plugins"]) == (0, 0)
    assert "warning: the plan's table syslog stays empty: databases/syslog.php isn't there" in messages(said)


@pytest.mark.parametrize("site", ["wondercms"], indirect=True)
def test_a_recipe_of_another_system_is_refused(site: Path) -> None:
    done = run("convert", "--plan", RECIPES / "bludit.toml", site, site.parent / "app")
    assert done.exit_code == 1
    assert "there is no file" in done.stderr
    assert not (site.parent / "app").exists()


@pytest.mark.parametrize("site", ["bludit"], indirect=True)
def test_a_slip_in_a_file_name_is_refused(site: Path) -> None:
    plan = site.parent / "plan.toml"
    plan.write_text((RECIPES / "bludit.toml").read_text().replace("databases/users.php", "databases/user.php"))
    done = run("convert", "--plan", plan, site, site.parent / "app")
    assert done.exit_code == 1
    assert re.search(r'there is no file "databases/user.php".*\n.*databases/users.php', done.stderr)
