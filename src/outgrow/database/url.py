"""Database URLs: what people write → what SQLAlchemy takes. Passwords never leave this room unmasked.

An app reads its URL by the same rules (`app/database_url.py` in the template); tests hold the two together.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from outgrow.errors import DatabaseError

HINT = (
    "Write it like postgresql://user:password@host/name, mysql://user:password@host/name or sqlite:///path/to/app.db."
)
ESCAPE = "In a password, write ? as %3F."
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
"""What outgrow itself connects with; the app may use another driver."""

BACKENDS = {
    "sqlite": "sqlite",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
}
MODULES = {"postgresql": ("psycopg", "postgres"), "mysql": ("pymysql", "mysql")}
"""By backend: the module of its driver, and the extra of outgrow that installs it."""

POOL_NUMBERS = {
    "pool_size": ("a whole number", 0, 10_000),
    "max_overflow": ("a whole number", -1, 10_000),
    "pool_recycle": ("a whole number", -1, 1_000_000_000),
    "pool_timeout": ("a number of seconds", 0, 86_400),
}
"""By option: what it is, and the least and the most that a pool can do with."""

POOL_OPTIONS = (*POOL_NUMBERS, "pool_pre_ping", "pool_use_lifo", "echo")
YES_OR_NO = ("true", "yes", "on", "1", "false", "no", "off", "0")
DRIVER_OPTIONS = {
    "sqlite": "timeout detect_types check_same_thread cached_statements uri mode cache nolock immutable vfs",
    "mysql": "unix_socket charset collation connect_timeout read_timeout write_timeout init_command sql_mode compress "
    "local_infile bind_address program_name ssl ssl_ca ssl_capath ssl_cert ssl_key ssl_cipher ssl_check_hostname "
    "ssl_disabled ssl_verify_cert ssl_verify_identity ssl_mode max_allowed_packet read_default_file "
    "read_default_group use_unicode client_flag",
    "postgresql": "host hostaddr port service passfile sslmode sslrootcert sslcert sslkey sslcrl sslpassword sslsni "
    "sslnegotiation sslcertmode channel_binding require_auth requirepeer gssencmode krbsrvname connect_timeout "
    "options application_name client_encoding keepalives keepalives_idle keepalives_interval keepalives_count "
    "tcp_user_timeout target_session_attrs load_balance_hosts",
}


def parse_url(text: str, folder: Path) -> URL:
    """Read a URL for outgrow's own use: with its driver, without the pool's options, which the app alone needs.

    A relative SQLite path counts from `folder`. Raises DatabaseError, whose text never shows the URL.
    """
    url = _read(text, folder)
    backend = BACKENDS[url.drivername.partition("+")[0]]
    if backend in MODULES and find_spec(MODULES[backend][0]) is None:
        module, extra = MODULES[backend]
        raise DatabaseError(
            f"{module} is missing, which speaks with this database", hint=f'pip install "outgrow[{extra}]"'
        )
    return url.set(drivername=DRIVERS[backend]).difference_update_query(POOL_OPTIONS)


def settings_url(text: str, folder: Path) -> str:
    """The same URL with all its options, written so that it can stand in a settings file."""
    return _read(text, folder).render_as_string(hide_password=False).replace(" ", "%20")


def show_url(url: URL) -> str:
    """The URL for messages, its password masked."""
    return url.render_as_string(hide_password=True)


def _read(text: str, folder: Path) -> URL:
    if _hides_question_mark(text):
        raise DatabaseError("the database URL can't be read", hint=f"{HINT} {ESCAPE}")
    try:
        url = make_url(_escape_password(text.strip()))
    except (ArgumentError, ValueError) as error:
        raise DatabaseError("the database URL can't be read", hint=HINT) from error
    name = url.drivername.partition("+")[0]
    if name not in BACKENDS:
        raise DatabaseError(f"outgrow can't fill {name}, only PostgreSQL, MariaDB, MySQL and SQLite", hint=HINT)
    url = _find_socket(url, BACKENDS[name])
    _check_options(url, BACKENDS[name])
    if BACKENDS[name] != "sqlite":
        if not url.database:
            raise DatabaseError(f"{show_url(url)} names no database", hint=HINT)
        return url
    if not url.database or url.database == ":memory:":
        raise DatabaseError("a database in memory is gone before the app can open it", hint="Name a file.")
    return url.set(database=str((folder / url.database).absolute()))


def _hides_question_mark(text: str) -> bool:
    """Whether what looks like options is a password's rest: then no part of the URL may be shown."""
    before, _, options = text.partition("?")
    known = {*POOL_OPTIONS, *" ".join(DRIVER_OPTIONS.values()).split()}
    return "@" in before and "@" in options and options.partition("=")[0] not in known


def _escape_password(text: str) -> str:
    """Take an @ in a password for what it is: what names the server begins after the last one."""
    before_options = text.partition("?")[0] if re.search(r"@[^@?]*\?", text) else text
    found = re.fullmatch(r"([\w+.-]+://)([^:/@]*):(.*)@([^@]*)", before_options, re.DOTALL)
    if found is None or "@" not in found[3]:
        return text
    return f"{found[1]}{found[2]}:{quote(found[3], safe='%')}@{found[4]}{text[len(before_options) :]}"


def _find_socket(url: URL, backend: str) -> URL:
    """Let a path in the host's place be a socket's, as PostgreSQL's own programs do."""
    if url.host is None or not url.host.lower().startswith("%2f"):
        return url
    option = "host" if backend == "postgresql" else "unix_socket"
    query = {**url.query, option: unquote(url.host)}
    return URL.create(url.drivername, url.username, url.password, None, url.port, url.database, query)


def _check_options(url: URL, backend: str) -> None:
    known = DRIVER_OPTIONS[backend].split()
    for name, value in url.query.items():
        text = value if isinstance(value, str) else value[-1]
        if not re.fullmatch(r"[a-z_]+", name):
            raise DatabaseError("the database URL can't be read", hint=f"{HINT} {ESCAPE}")
        if name not in POOL_OPTIONS:
            if name not in known:
                right = f"For the pool there are {', '.join(POOL_OPTIONS)}; for the connection {', '.join(known)}."
                raise DatabaseError(f"the database URL has an option that doesn't exist: {name}", hint=right)
        elif wanted := _wanted(name, text):
            raise DatabaseError(f"the database URL's {name} is {text!r}", hint=f"It takes {wanted}.")


def _wanted(name: str, text: str) -> str | None:
    """What an option of the pool takes, if this is something else."""
    if name not in POOL_NUMBERS:
        return None if text.lower() in YES_OR_NO else "yes or no"
    kind, least, most = POOL_NUMBERS[name]
    form = r"-?[0-9]+" if kind == "a whole number" else r"[0-9]+(\.[0-9]+)?"
    if re.fullmatch(form, text) and least <= float(text) <= most:
        return None
    return f"{kind} from {least} to {most}"
