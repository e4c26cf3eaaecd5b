"""What protects every answer."""

from __future__ import annotations

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from app.security import is_local


@pytest.fixture
def app(own_app: Flask) -> Flask:
    """Some of these tests add pages."""
    return own_app


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/static/style.css"])
def test_every_answer_has_its_headers(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy.split("style-src")[0]
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers
    secure = app.test_client().get("/health", base_url="https://localhost")
    assert "Strict-Transport-Security" in secure.headers


def test_a_host_that_isnt_ours_gets_nothing(app: Flask) -> None:
    client = app.test_client()
    foreign = client.get("/", base_url="http://evil.example")
    assert (foreign.status_code, "TRUSTED_HOSTS" in foreign.text) == (400, True)
    for probe in ("/health", "/ready"):
        assert client.get(probe, base_url="http://10.0.0.7:8000").status_code == 200
    app.config["HOSTS"] = [".example.com"]
    assert client.get("/", base_url="http://www.example.com").status_code == 200


@pytest.mark.parametrize(
    ("headers", "is_refused"),
    [
        ({}, False),
        ({"Sec-Fetch-Site": "same-origin"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"Origin": "http://localhost"}, False),
        ({"Origin": "http://evil.example"}, True),
        ({"Origin": "null"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer x"}, False),
    ],
)
def test_another_sites_page_can_change_nothing(app: Flask, headers: dict[str, str], is_refused: bool) -> None:
    @app.post("/change")
    def change() -> str:
        return "done"

    answer = app.test_client().post("/change", headers=headers)
    assert answer.status_code == (403 if is_refused else 200)
    assert app.test_client().get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("address", "scheme", "is_secure"),
    [("127.0.0.1", "http", False), ("127.0.0.1", "https", True), ("192.0.2.7", "http", True)],
)
def test_cookies_are_for_https_and_for_no_script(app: Flask, address: str, scheme: str, is_secure: bool) -> None:
    @app.get("/begin")
    def begin() -> str:
        session["a"] = 1
        return "done"

    answer = app.test_client().get("/begin", base_url=f"{scheme}://localhost", environ_base={"REMOTE_ADDR": address})
    cookie = answer.headers["Set-Cookie"]
    assert ("Secure" in cookie) == is_secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_what_comes_through_a_proxy_isnt_from_here(app: Flask) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "::1"}):
        assert is_local()
    with app.test_request_context("/", headers={"X-Forwarded-For": "127.0.0.1"}):
        assert not is_local()


def test_errors_tell_nothing_of_the_programs_inside(app: Flask, client: FlaskClient) -> None:
    @app.get("/broken")
    @app.get("/api/broken")
    def broken() -> str:
        raise ZeroDivisionError("a secret")

    app.testing = False
    for path in ("/broken", "/api/broken"):
        answer = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert answer.status_code == 500
        assert "secret" not in answer.text and "Traceback" not in answer.text
    assert client.get("/api/broken").mimetype == "application/problem+json"
