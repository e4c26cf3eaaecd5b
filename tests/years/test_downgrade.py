"""The way down: rows aren't dropped unasked, and a load fills tables that were made anew."""

from __future__ import annotations

from owner import POSTS, USERS, Site


def test_the_first_revision_is_not_undone_while_tables_hold_rows(site: Site) -> None:
    done = site.flask("db", "downgrade", "0001")
    assert done.returncode == 1
    assert "users" in done.stderr
    assert "DROP_FILLED_TABLES=1" in done.stderr
    assert site.verify()[0] == 0


def test_tables_that_were_dropped_and_made_anew_are_filled_again(site: Site) -> None:
    site.in_app("db.session.get(User, 1).email = 'changed@example.com'; db.session.commit(); show(1)")
    assert site.flask("db", "downgrade", DROP_FILLED_TABLES="1").returncode == 0
    result = site.outgrow("load", site.app)
    assert result.exit_code == 1
    assert "table users" in result.stderr
    assert "run `flask db upgrade`" in result.stderr
    site.upgrade()
    assert site.verify()[0] == 3
    code, told = site.load()
    assert (code, told["verified"], told["tables"]["users"]) == (0, True, 3), told
    assert site.export() == {"users": USERS, "posts": POSTS}


def test_rows_that_the_app_has_deleted_are_not_loaded_again(site: Site) -> None:
    site.in_app("[db.session.delete(row) for row in [*Post.query, *User.query]]; db.session.commit(); show(1)")
    code, told = site.load()
    assert (code, told["verified"], told["tables"]["users"]) == (0, True, 0), told
