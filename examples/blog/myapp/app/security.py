"""What protects every answer: known hosts, headers, cookies, CSRF, and the word of proxies."""

from __future__ import annotations

import ipaddress
import secrets
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.sansio.utils import host_is_trusted

PROBES = ("/health", "/ready")
"""Load balancers ask these by address, so they answer any Host."""


class Sessions(SecureCookieSessionInterface):
    """Cookies for HTTPS only, but on this machine, where there seldom is HTTPS."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Open nothing where nothing comes: requests of the API bring no cookie."""
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.accessed:
            super().save_session(app, session, response)

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure or not is_local()


def is_local() -> bool:
    """Say whether the request comes from this machine and not through a proxy."""
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded"))
    try:
        return not forwarded and ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def check_host() -> None:
    """Refuse a request for a host that isn't ours."""
    if request.path in PROBES:
        return
    if not host_is_trusted(request.environ.get("HTTP_HOST"), current_app.config["HOSTS"]):
        raise BadRequest("This host isn't served here; the setting TRUSTED_HOSTS names those that are.")


def check_source() -> None:
    """Refuse to change anything when another site's page makes the browser ask for it (CSRF).

    Browsers say where a request comes from in Sec-Fetch-Site, older ones in Origin; programs that
    send neither have no cookies to be misused, and no browser adds a token by itself.
    """
    if request.method in ("GET", "HEAD", "OPTIONS") or request.authorization:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        foreign = site not in ("same-origin", "none")
    else:
        foreign = origin is not None and urlsplit(origin).netloc != request.host
    if foreign:
        raise Forbidden("This came from another site's page.")


def nonce() -> str:
    """Return the word by which this answer's own scripts and styles are known to the browser."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def add_headers(response: Response) -> Response:
    """Tell the browser to run nothing but ours, and to show our pages in no one's frame."""
    policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    if response.mimetype == "text/html":
        policy += f"; script-src 'self' 'nonce-{nonce()}'; connect-src 'self'; font-src 'self'"
        policy += "; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
    headers = response.headers
    headers.setdefault("Content-Security-Policy", policy)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static" and not request.path.startswith("/docs/"):
        headers.setdefault("Cache-Control", "no-store" if "admin" in request.path else "no-cache")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Protect the application."""
    app.session_interface = Sessions()
    app.before_request(check_host)
    app.before_request(check_source)
    app.after_request(add_headers)
    if count := app.config["PROXY_COUNT"]:
        proxied = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count, x_prefix=count)
        app.wsgi_app = proxied  # type: ignore[method-assign]
