"""The owner changes models and tables; load, verify and export go on, or stop and say what to write in the plan."""

from __future__ import annotations

from pathlib import Path

from owner import POSTS, USERS, Site

EMAIL = "    email: Mapped[str] = mapped_column(String(120), unique=True)\n"
IMPORT = "from sqlalchemy import ForeignKey, String\n"
DAN = {"id": 4, "username": "dan", "email": "dan@example.com"}


def works(site: Site) -> None:
    """All three commands do their work: the files come back as they were, and a new record is taken in."""
    code, told = site.verify()
    assert (code, told["verified"]) == (0, True), told
    assert site.export() == {"users": USERS, "posts": POSTS}
    site.write(users=[*USERS, DAN])
    code, told = site.load()
    assert (code, told["verified"], told["changes"]["users"]["new"]) == (0, True, 1), told
    assert site.export() == {"users": [*USERS, DAN], "posts": POSTS}


def test_migrate_right_after_the_conversion_finds_nothing_and_never_touches_outgrows_tables(site: Site) -> None:
    before = site.sql("SELECT name, sql FROM sqlite_master")
    versions = sorted((site.app / "migrations" / "versions").glob("*.py"))
    done = site.flask("db", "migrate", "-m", "nothing")
    assert (done.returncode, "no revision is needed" in done.stderr) == (0, True), done.stderr
    assert sorted((site.app / "migrations" / "versions").glob("*.py")) == versions
    assert site.sql("SELECT name, sql FROM sqlite_master") == before


def test_a_column_that_may_be_empty_is_left_alone(site: Site) -> None:
    site.edit("app/models.py", (EMAIL, EMAIL + "    city: Mapped[str | None] = mapped_column(String(80))\n"))
    revision = site.migrate("cities")
    assert "outgrow" not in revision.read_text()
    site.upgrade()
    site.sql("UPDATE users SET city = 'Rome' WHERE id = 1")
    works(site)
    assert site.sql("SELECT id, city FROM users") == [(1, "Rome"), (2, None), (3, None), (4, None)]


def test_a_column_with_a_default_is_left_alone(site: Site) -> None:
    line = '    rank: Mapped[int] = mapped_column(server_default="7")\n'
    site.edit("app/models.py", (EMAIL, EMAIL + line))
    site.migrate("ranks")
    site.upgrade()
    works(site)
    assert site.sql("SELECT DISTINCT rank FROM users") == [(7,)]


def test_a_column_that_must_be_filled_is_a_warning_and_new_records_are_set_aside(site: Site) -> None:
    line = '    rank: Mapped[int] = mapped_column(server_default="7")\n'
    site.edit("app/models.py", (EMAIL, EMAIL + line))
    site.migrate("ranks")
    site.upgrade()
    site.edit("app/models.py", ('mapped_column(server_default="7")', "mapped_column()"))
    site.migrate("no default")
    site.upgrade()
    code, told = site.verify()
    assert (code, told["findings"][0]["severity"]) == (0, "warning"), told
    assert told["findings"][0]["message"] == "users.rank is not in the plan and must be filled"
    site.write(users=[*USERS, DAN])
    code, told = site.load()
    assert (code, told["rejects"], told["verified"]) == (3, 1, True), told
    assert "NOT NULL" in told["rejected"][0]["reason"]
    assert site.export()["users"] == [*USERS, DAN]


def rename(site: Site) -> None:
    """Rename posts.title as a careful owner does: the revision renames, instead of dropping and adding."""
    site.edit("app/models.py", ("    title: Mapped", "    headline: Mapped"))
    revision = site.migrate("headlines")
    lines = revision.read_text().split("\n")
    place = next(number for number, line in enumerate(lines) if "add_column" in line)
    lines[place] = "        batch_op.alter_column('title', new_column_name='headline')"
    kept = [line for line in lines if "drop_column('title')" not in line]
    revision.write_text("\n".join(kept))
    site.upgrade()


def test_a_renamed_column_stops_all_three_and_its_new_name_in_the_plan_lets_them_go_on(site: Site) -> None:
    rename(site)
    plan = site.app / "outgrow.toml"
    line = next(number for number, text in enumerate(plan.read_text().split("\n"), 1) if "columns.title" in text)
    for words in (("load", site.app), ("verify", site.app), ("export", site.app, site.root / "back")):
        result = site.outgrow(*words)
        assert result.exit_code == 1
        assert f"outgrow.toml:{line}: column posts.title" in result.stderr
        assert "the plan doesn't know: headline" in result.stderr
    assert not (site.root / "back").exists()
    site.edit("outgrow.toml", ("columns.title =", "columns.headline ="))
    works(site)


def test_a_revision_that_was_not_run_yet_is_named_as_the_cure(site: Site) -> None:
    site.edit("app/models.py", ("    title: Mapped", "    headline: Mapped"))
    revision = site.migrate("headlines")
    site.edit("outgrow.toml", ("columns.title =", "columns.headline ="))
    result = site.outgrow("verify", site.app)
    assert result.exit_code == 1
    assert f"lacks the app's revision {revision.name.split('_')[0]}: run `flask db upgrade`" in result.stderr


def test_a_dropped_column_is_named_and_once_its_line_is_out_the_rest_is_written(site: Site) -> None:
    text = (site.app / "app" / "models.py").read_text()
    [line] = [line for line in text.split("\n") if line.startswith("    title: Mapped")]
    site.edit("app/models.py", (line + "\n", ""))
    site.migrate("no titles")
    site.upgrade()
    assert "column posts.title" in site.outgrow("verify", site.app).stderr
    plan = (site.app / "outgrow.toml").read_text().split("\n")
    (site.app / "outgrow.toml").write_text("\n".join(line for line in plan if not line.startswith("columns.title")))
    code, told = site.verify()
    assert code == 0
    assert any("posts isn't compared: outgrow.toml was changed" in each["message"] for each in told["findings"])
    without = [{name: value for name, value in post.items() if name != "title"} for post in POSTS]
    assert site.export() == {"users": USERS, "posts": without}


def test_once_it_is_loaded_again_a_dropped_column_comes_back_in_the_export(site: Site) -> None:
    text = (site.app / "app" / "models.py").read_text()
    [line] = [line for line in text.split("\n") if line.startswith("    title: Mapped")]
    site.edit("app/models.py", (line + "\n", ""))
    site.migrate("no titles")
    site.upgrade()
    plan = (site.app / "outgrow.toml").read_text().split("\n")
    edited = ['drop = ["title"]' if line.startswith("columns.title") else line for line in plan]
    (site.app / "outgrow.toml").write_text("\n".join(edited))
    code, told = site.load()
    assert (code, told["verified"], told["rejects"]) == (0, True, 0), told
    works(site)


SPLIT = """

class Contact(Model):
    __tablename__ = "contacts"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(120), unique=True)
"""
MOVE = "INSERT INTO contacts (user_id, email) SELECT id, email FROM users"


def test_a_table_that_was_split_in_two_keeps_its_proof_for_what_stayed(site: Site) -> None:
    """What moved goes to `drop`: export writes it as it was loaded, not as the new table has it by now."""
    site.edit("app/models.py", (EMAIL, ""))
    with (site.app / "app" / "models.py").open("a") as models:
        models.write(SPLIT)
    revision = site.migrate("contacts")
    text = revision.read_text()
    up, down = text.split("    with op.batch_alter_table('users'", 1)
    revision.write_text(f"{up}    op.execute({MOVE!r})\n\n    with op.batch_alter_table('users'{down}")
    site.upgrade()
    assert site.sql("SELECT count(*) FROM contacts") == [(3,)]
    assert "column users.email" in site.outgrow("load", site.app).stderr
    plan = (site.app / "outgrow.toml").read_text().split("\n")
    edited = ['drop = ["email"]' if line.startswith("columns.email") else line for line in plan]
    edited = [line.replace(', ["email"]', "").replace('["email"], ', "") for line in edited]
    (site.app / "outgrow.toml").write_text("\n".join(edited))
    code, told = site.load()
    assert (code, told["verified"]) == (0, True), told
    site.sql("UPDATE contacts SET email = 'new@example.com' WHERE user_id = 1")
    works(site)


BRANCH = '''"""A note."""
from alembic import op
import sqlalchemy as sa
from app import types

revision = "{name}"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("{name}", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("{name}")
'''


def first_revision(site: Site) -> Path:
    """The revision that made the site's tables."""
    [revision] = (site.app / "migrations" / "versions").glob("*_first_tables.py")
    return revision


def test_the_first_revision_may_get_neighbours_a_branch_and_a_merge(site: Site) -> None:
    """One before it (of the app's own), one behind it, one beside that, and what merges the two."""
    head = first_revision(site).name.split("_")[0]
    for name in ("left", "right"):
        (first_revision(site).parent / f"{name}.py").write_text(BRANCH.format(name=name, before=head))
    assert site.flask("db", "merge", "heads", "-m", "both").returncode == 0
    result = site.outgrow("verify", site.app)
    assert result.exit_code == 0, result.stderr
    site.upgrade()
    works(site)
    assert site.sql("SELECT count(*) FROM left") == [(0,)]


def test_a_model_of_the_owners_own_is_no_matter_of_outgrows(site: Site) -> None:
    with (site.app / "app" / "models.py").open("a") as models:
        models.write(SPLIT)
    site.migrate("contacts")
    site.upgrade()
    site.in_app("db.session.add(Contact(user_id=1, email='x@example.com')); db.session.commit(); show(1)")
    works(site)
    assert site.sql("SELECT count(*) FROM contacts") == [(1,)]


def test_operators_tokens_and_settings_are_no_edits_and_hold_for_the_app_that_is_made_again(site: Site) -> None:
    for words in (("operator", "create", "me", "--password", "long enough"), ("token", "create", "--name", "mine")):
        assert site.flask(*words).returncode == 0
    with (site.app / ".env").open("a") as settings:
        settings.write("TRUSTED_HOSTS=example.com\n")
    works(site)
    result = site.outgrow("convert", site.data, site.app, "--again", "--quiet")
    assert result.exit_code == 0, result.stderr
    assert site.sql("SELECT name FROM app_operators") == [("me",)]
    assert ("mine",) in site.sql("SELECT name FROM app_tokens")
    assert "TRUSTED_HOSTS=example.com\n" in (site.app / ".env").read_text()
    assert (site.app / "README.md").read_text().startswith("# app\n")
    assert sorted(path.name for path in site.root.iterdir() if path.name.startswith(".")) == []
