"""The pages of a converted blog, as a person sees and uses them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from looking import PHONE, Served, log_in, shoot, too_wide
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]


def test_the_first_page_counts_the_rows_and_says_how_to_make_an_operator(open_page: Open, served: Served) -> None:
    operators = served.sql("SELECT * FROM app_operators")
    served.sql("DELETE FROM app_operators")
    try:
        page = open_page("/")
    finally:
        for row in operators:
            served.sql(f"INSERT INTO app_operators VALUES ({', '.join('?' * len(row))})", *row)
    expect(page.get_by_text("flask operator create")).to_be_visible()
    counts = page.get_by_role("row").all_inner_texts()[1:]
    assert {tuple(row.split()) for row in counts} == {("users", "3"), ("posts", "60"), ("comments", "5")}
    shoot(page, "home")
    if operators:
        page.reload()
        expect(page.get_by_text("flask operator create")).to_have_count(0)


def test_the_docs_list_the_tables_and_try_them_out_with_a_token(open_page: Open, served: Served) -> None:
    token = served.command("token", "create")
    page = open_page("/docs")
    for table in ("users", "posts", "comments"):
        expect(page.locator(".opblock-tag-section").filter(has_text=table).first).to_be_visible()
    shoot(page, "docs")
    page.get_by_role("button", name="Authorize").first.click()
    page.locator(".auth-container input").fill(token)
    page.locator(".auth-btn-wrapper .authorize").click()
    shoot(page, "docs-authorize")
    page.get_by_role("button", name="Close").click()
    page.locator(".opblock-tag").filter(has_text="posts").click()
    one = page.locator(".opblock-get").filter(has_text="/api/posts/{").first
    one.locator(".opblock-summary-control").click()
    one.get_by_role("button", name="Try it out").click()
    one.get_by_placeholder("key").fill("12")
    one.get_by_role("button", name="Execute").click()
    answer = one.locator(".live-responses-table")
    expect(answer).to_contain_text("Post number 12")
    expect(answer.locator(".response-col_status").last).to_contain_text("200")
    shoot(page, "docs-answer")


def test_a_wrong_password_is_told_and_the_right_one_opens_the_page_that_was_wanted(
    open_page: Open, operator: tuple[str, str]
) -> None:
    page = open_page("/admin/posts/")
    log_in(page, operator[0], "wrong password")
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    expect(page.get_by_label("Name")).to_have_value(operator[0])
    shoot(page, "login-failed")
    log_in(page, *operator)
    expect(page.get_by_role("heading", name="posts")).to_be_visible()


def test_an_edited_title_is_in_the_database(admin: Open, served: Served) -> None:
    page = admin("/admin/posts/")
    page.get_by_role("link", name="3", exact=True).first.click()
    expect(page.get_by_label("title")).to_have_value("Post number 3")
    shoot(page, "edit")
    before = served.sql("SELECT * FROM posts WHERE id = 3")[0]
    page.get_by_label("title").fill("Ein Übertitel <b>🙂</b>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Ein Übertitel <b>🙂</b>")).to_be_visible()
    after = served.sql("SELECT * FROM posts WHERE id = 3")[0]
    assert after == tuple("Ein Übertitel <b>🙂</b>" if value == "Post number 3" else value for value in before)


def test_a_refused_edit_says_why_at_the_field_and_keeps_what_was_typed(admin: Open, served: Served) -> None:
    page = admin("/admin/posts/rows/4")
    page.get_by_label("title").fill("Typed with care")
    page.get_by_label("user_id").fill("999")
    page.get_by_role("button", name="Save").click()
    field = page.get_by_label("user_id")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.locator(f"#{field.get_attribute('aria-describedby')}")).to_have_text("There is no such row in users.")
    expect(field).to_have_value("999")
    expect(page.get_by_label("title")).to_have_value("Typed with care")
    shoot(page, "edit-refused")
    assert served.sql("SELECT title FROM posts WHERE id = 4") == [("Post number 4",)]
    field.fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Typed with care")).to_be_visible()
    assert served.sql("SELECT title, user_id FROM posts WHERE id = 4") == [("Typed with care", 1)]


def test_a_field_that_refers_to_a_table_offers_its_rows_by_name(admin: Open, served: Served) -> None:
    page = admin("/admin/posts/new")
    field = page.get_by_label("user_id")
    with page.expect_response("**/admin/users/lookup?q=cle"):
        field.press_sequentially("cle")
    options = page.locator(f"datalist#{field.get_attribute('list')} option")
    expect(options).to_have_count(1)
    expect(options).to_have_attribute("value", "3")
    expect(options).to_have_text("cleo")
    page.get_by_label("title").fill("By cleo")
    page.get_by_label("published").select_option("true")
    field.fill("3")
    shoot(page, "new")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="cleo")).to_be_visible()
    assert served.sql("SELECT user_id FROM posts WHERE title = 'By cleo'") == [(3,)]
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    page.wait_for_url("**/admin/posts/")
    assert served.sql("SELECT id FROM posts WHERE title = 'By cleo'") == []


def test_a_row_that_others_refer_to_is_not_deleted_and_they_are_counted(admin: Open, served: Served) -> None:
    page = admin("/admin/users/rows/2")
    said: list[str] = []
    page.once("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Delete").click()
    assert said == ["Delete this row?"]
    expect(page.get_by_role("alert")).to_have_count(0)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert")).to_contain_text("refer to")
    count = served.sql("SELECT count(*) FROM posts WHERE user_id = 2")[0][0]
    expect(page.get_by_role("main")).to_contain_text(re.compile(rf"posts\D*{count}\b"))
    shoot(page, "delete-refused")
    assert served.sql("SELECT username FROM users WHERE id = 2") == [("bob",)]
    page.get_by_role("link", name=re.compile(r"^posts\.?")).last.click()
    expect(page.get_by_text(f"{count} rows")).to_be_visible()


def test_rows_are_searched_filtered_sorted_and_read_page_by_page(admin: Open) -> None:
    page = admin("/admin/posts/")
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    shoot(page, "list")
    page.get_by_role("link", name="next").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(first_row(page)).to_contain_text("Post number 51")
    page.get_by_role("link", name="before").click()
    expect(page.get_by_text("Page 1 of 2")).to_be_visible()
    sort = page.get_by_role("columnheader").first.get_by_role("link")
    sort.click()
    expect(sort).to_have_text("id ↑")
    sort.click()
    expect(first_row(page)).to_contain_text("Post number 60")
    page.goto("/admin/posts/")
    page.get_by_label("Search").fill("number 5")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("11 rows")).to_be_visible()  # 5, and 50 to 59
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Field").select_option("published")
    page.get_by_label("Value").fill("true")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("2 rows")).to_be_visible()  # 52 and 56
    expect(first_row(page)).to_contain_text("Post number 52")
    shoot(page, "list-filtered")
    page.get_by_title("Remove this filter").click()
    expect(page.get_by_text("11 rows")).to_be_visible()
    page.goto("/admin/posts/?id__gt=many")
    expect(page.get_by_role("alert")).to_contain_text("id__gt")


def test_another_order_begins_at_its_first_page(admin: Open) -> None:
    page = admin("/admin/posts/?page=2&sort=id")
    page.get_by_role("columnheader").first.get_by_role("link").click()
    expect(page.get_by_role("columnheader").first).to_have_text("id ↓")
    assert "Page 1 of 2" in page.get_by_role("main").inner_text()


def test_a_search_keeps_filters_and_order(admin: Open) -> None:
    page = admin("/admin/posts/?published=true&sort=-id")
    page.get_by_label("Search").fill("number 5")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**q=number*")
    assert "Post number 56" in first_row(page).inner_text()
    assert "2 rows" in page.get_by_role("main").inner_text()


def first_row(page: Page) -> Locator:
    return page.get_by_role("row").nth(1)


def test_a_row_tells_where_in_the_old_files_it_stood(admin: Open) -> None:
    page = admin("/admin/posts/rows/7")
    expect(page.get_by_text("posts.json:50")).to_be_visible()  # after a bracket and six records of eight lines
    shoot(page, "long-texts")
    page.emulate_media(color_scheme="dark")
    shoot(page, "dark")


def test_who_has_logged_out_is_asked_again(admin: Open) -> None:
    page = admin("/admin/users/")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/admin/login")
    page.goto("/admin/users/")
    assert "/admin/login" in page.url


@pytest.mark.parametrize("path", ["/", "/docs", "/admin/login"])
def test_what_everybody_sees_fits_a_phone(open_page: Open, path: str) -> None:
    page = open_page(path, **PHONE)
    if path == "/docs":
        expect(page.locator(".opblock-tag").first).to_be_visible()
    assert too_wide(page) == []
    shoot(page, f"phone{path.replace('/', '-')}")


def test_what_operators_see_fits_a_phone(admin: Open) -> None:
    page = admin("/admin/", **PHONE)
    for name, path in {
        "index": "/admin/",
        "list": "/admin/posts/",
        "edit": "/admin/posts/rows/7",
        "new": "/admin/users/new",
        "user": "/admin/users/rows/1",
    }.items():
        page.goto(path)
        shoot(page, f"phone-{name}")
        assert too_wide(page) == [], path
