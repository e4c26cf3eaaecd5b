"""A round trip through the API."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def ann(client: FlaskClient) -> int:
    """The key of the only user."""
    key: int = client.get("/api/users").get_json()["items"][0]["id"]
    return key


def test_a_row_is_created_read_changed_and_deleted(client: FlaskClient, ann: int) -> None:
    body = {"title": "Über Bücher 📚", "body": "x" * 70_000, "author_id": ann}
    created = client.post("/api/posts", json=body)
    assert created.status_code == 201, created.text
    here, shown = created.headers["Location"], created.get_json()
    assert shown == body | {"id": shown["id"], "published": False}

    read = client.get(here)
    assert (read.get_json(), read.headers["ETag"]) == (shown, created.headers["ETag"])
    seen = {"If-Match": read.headers["ETag"]}
    changed = client.patch(here, json={"published": True}, headers=seen)
    assert changed.get_json() == shown | {"published": True}
    assert client.patch(here, json={"published": False}, headers=seen).status_code == 412
    assert client.delete(here, headers=seen).status_code == 412
    assert client.delete(here, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert client.get(here).status_code == 404


def test_moments_come_back_to_the_microsecond(client: FlaskClient) -> None:
    body = {"username": "bob", "email": "bob@example.org", "created_at": "2026-01-31T12:30:00.123456Z"}
    created = client.post("/api/users", json=body)
    assert created.status_code == 201, created.text
    read = client.get(created.headers["Location"])
    assert read.get_json()["created_at"] == created.get_json()["created_at"]
    assert ".123456" in read.get_json()["created_at"]
    assert read.headers["ETag"] == created.headers["ETag"]


def test_what_is_taken_and_what_refers_to_nothing_is_refused(client: FlaskClient, ann: int) -> None:
    taken = client.post("/api/users", json={"username": "ann", "email": "other@example.org"})
    assert (taken.status_code, taken.get_json()["errors"]) == (409, {"username": "Is taken by another row."})
    exact = client.post("/api/users", json={"username": "Ann", "email": "Ann@example.org"})
    assert exact.status_code == 201, exact.text  # every database compares text exactly
    nowhere = client.post("/api/posts", json={"title": "", "body": "", "author_id": ann + 999})
    assert nowhere.status_code == 422
    assert nowhere.get_json()["errors"] == {"author_id": "There is no such row in users."}
    referred = client.delete(f"/api/users/{ann}", headers={"If-Match": "*"})
    assert (referred.status_code, referred.get_json()["references"]) == (409, {"posts": 2})


def test_lists_are_filtered_sorted_and_read_page_by_page(client: FlaskClient, ann: int) -> None:
    titles = ["äpfel", "Birne", "birne", "100%", "a_c", "abc", "", "😀"]
    for title in titles:
        created = client.post("/api/posts", json={"title": title, "body": "listed", "author_id": ann})
        assert created.status_code == 201, created.text

    def found(query: str) -> list[str]:
        answer = client.get(f"/api/posts?body=listed&{query}")
        assert answer.status_code == 200, answer.text
        return [row["title"] for row in answer.get_json()["items"]]

    assert found("title=birne") == ["birne"]
    assert found("title__contains=%25") == ["100%"]
    assert found("title__startswith=a_") == ["a_c"]
    assert found("title__in=abc,Birne&sort=-id") == ["abc", "Birne"]
    assert found("published=false&title__ne=abc&per_page=100") == [title for title in titles if title != "abc"]

    for sort in ("title", "-title", "-id", "published,-title"):
        whole = found(f"sort={sort}")
        pages, after = [], ""
        for _ in range(3):
            page = client.get(f"/api/posts?body=listed&sort={sort}&per_page=3{after}").get_json()
            pages += [row["title"] for row in page["items"]]
            after = f"&after={page['next']}"
        assert page["next"] is None
        assert (pages, sorted(pages)) == (whole, sorted(titles)), sort


def test_a_list_of_rows_goes_in_as_a_whole(client: FlaskClient) -> None:
    tags = [{"name": f"tag {n}"} for n in range(100)]
    created = client.post("/api/tags", json=tags)
    assert created.status_code == 201, created.text
    keys = [row["id"] for row in created.get_json()["items"]]
    again = client.post("/api/tags", json=[{"name": "new"}, {"name": "tag 7"}])
    assert (again.status_code, list(again.get_json()["errors"])) == (409, ["1.name"])
    replaced = client.put("/api/tags", json=[{"id": keys[0], "name": "tag 0 again"}, {"name": "tag 100"}])
    assert replaced.status_code == 200, replaced.text
    assert client.get("/api/tags?total=true").get_json()["total"] == 101


def test_keys_that_clients_choose_are_not_given_to_other_rows(client: FlaskClient) -> None:
    last = client.post("/api/tags", json={"name": "last"}).get_json()["id"]
    assert client.post("/api/tags", json={"id": last + 1, "name": "chosen"}).status_code == 201
    given = client.post("/api/tags", json={"name": "given"})
    assert given.status_code == 201, given.text
