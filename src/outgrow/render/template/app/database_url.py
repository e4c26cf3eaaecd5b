"""The database's URL as people have it, and what SQLAlchemy makes of it: a URL with a driver, and engine options."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVERS = {
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
}
MODULES = {"mysql+pymysql": ("pymysql", "mysql"), "postgresql+psycopg": ("psycopg", "postgres")}
"""The module of a driver, and the extra of this project that installs it."""


def yes_or_no(text: str) -> bool:
    """Return the truth that a setting such as `pool_pre_ping=false` states."""
    answers = {"true": True, "yes": True, "on": True, "1": True}
    answers |= {"false": False, "no": False, "off": False, "0": False}
    if text.lower() not in answers:
        raise ValueError(f"{text!r} is neither true nor false")
    return answers[text.lower()]


def number(kind: type[int] | type[float], least: int, most: int) -> Callable[[str], float]:
    """Return what reads a number within these bounds."""

    def read(text: str) -> float:
        if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or not least <= float(text) <= most:
            raise ValueError(f"{text!r} is no number from {least} to {most}")
        return kind(text)

    return read


ENGINE_OPTIONS: dict[str, Callable[[str], Any]] = {
    "pool_size": number(int, 0, 10_000),
    "max_overflow": number(int, -1, 10_000),
    "pool_recycle": number(int, -1, 1_000_000_000),
    "pool_timeout": number(float, 0, 86_400),
    "pool_pre_ping": yes_or_no,
    "pool_use_lifo": yes_or_no,
    "echo": yes_or_no,
}
DRIVER_OPTIONS = {
    "sqlite": "timeout detect_types check_same_thread cached_statements uri mode cache nolock immutable vfs",
    "mysql+pymysql": "unix_socket charset collation connect_timeout read_timeout write_timeout init_command sql_mode "
    "compress local_infile bind_address program_name ssl ssl_ca ssl_capath ssl_cert ssl_key ssl_cipher "
    "ssl_check_hostname ssl_disabled ssl_verify_cert ssl_verify_identity ssl_mode max_allowed_packet "
    "read_default_file read_default_group use_unicode client_flag",
    "postgresql+psycopg": "host hostaddr port service passfile sslmode sslrootcert sslcert sslkey sslcrl sslpassword "
    "sslsni sslnegotiation sslcertmode channel_binding require_auth requirepeer gssencmode krbsrvname "
    "connect_timeout options application_name client_encoding keepalives keepalives_idle keepalives_interval "
    "keepalives_count tcp_user_timeout target_session_attrs load_balance_hosts",
}


def split_url(text: str | URL) -> tuple[URL, dict[str, Any]]:
    """Split `mysql://user@host/name?pool_size=10` into a URL with a driver and engine options.

    Drivers don't know the pool's options, so SQLAlchemy can't take them in the URL. Raises ValueError,
    whose text never holds the URL, for it has the password.
    """
    if isinstance(text, str) and hides_question_mark(text):
        raise ValueError("DATABASE_URL can't be read; in a password, write ? as %3F")
    try:
        url = make_url(escape_password(text.strip()) if isinstance(text, str) else text)
    except (ArgumentError, ValueError):
        raise ValueError("DATABASE_URL can't be read; see .env.example for how it is written") from None
    url = find_socket(url.set(drivername=DRIVERS.get(url.drivername, url.drivername)))
    module, extra = MODULES.get(url.drivername, ("sqlite3", ""))
    if find_spec(module) is None:
        raise ValueError(
            f'DATABASE_URL: {module} is missing, which speaks with this database: pip install ".[{extra}]"'
        )
    in_memory = url.drivername.startswith("sqlite") and url.database in (None, "", ":memory:")
    options: dict[str, Any] = {"hide_parameters": True}  # keeps values out of logs
    if not url.drivername.startswith("sqlite"):
        options["pool_pre_ping"] = True
    for name, value in url.query.items():
        if name not in ENGINE_OPTIONS:
            check_option(url.drivername, name)
            continue
        try:
            options[name] = ENGINE_OPTIONS[name](value if isinstance(value, str) else value[-1])
        except ValueError as error:
            raise ValueError(f"DATABASE_URL: {name}: {error}") from None
        if in_memory and name != "echo":
            del options[name]
    return url.difference_update_query(ENGINE_OPTIONS), options


def hides_question_mark(text: str) -> bool:
    """Tell whether what looks like options is a password's rest, of which nothing may be shown."""
    before, _, options = text.partition("?")
    known = {*ENGINE_OPTIONS, *" ".join(DRIVER_OPTIONS.values()).split()}
    return "@" in before and "@" in options and options.partition("=")[0] not in known


def escape_password(text: str) -> str:
    """Take an @ in a password for what it is: what names the server begins after the last one."""
    before_options = text.partition("?")[0] if re.search(r"@[^@?]*\?", text) else text
    found = re.fullmatch(r"([\w+.-]+://)([^:/@]*):(.*)@([^@]*)", before_options, re.DOTALL)
    if found is None or "@" not in found[3]:
        return text
    return f"{found[1]}{found[2]}:{quote(found[3], safe='%')}@{found[4]}{text[len(before_options) :]}"


def find_socket(url: URL) -> URL:
    """Let a path in the host's place be a socket's, as PostgreSQL's own programs do."""
    if url.host is None or not url.host.lower().startswith("%2f"):
        return url
    option = "host" if url.drivername.startswith("postgresql") else "unix_socket"
    query = {**url.query, option: unquote(url.host)}
    return URL.create(url.drivername, url.username, url.password, None, url.port, url.database, query)


def check_option(driver: str, name: str) -> None:
    """Refuse an option that neither the pool nor the driver knows, before the driver does so at the first query."""
    if not re.fullmatch("[a-z_]+", name):
        raise ValueError("DATABASE_URL can't be read; in a password, write ? as %3F")
    known = DRIVER_OPTIONS.get(driver)
    if known is not None and name not in known.split():
        right = f"for the pool there are {', '.join(ENGINE_OPTIONS)}; for the connection {known.replace(' ', ', ')}"
        raise ValueError(f"DATABASE_URL: there is no option {name}; {right}")
