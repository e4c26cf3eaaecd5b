"""pyproject.toml and .env.example."""

from __future__ import annotations

import re

from outgrow.render.escape import toml_string

_PYPROJECT = """\
[project]
name = {name}
version = "0.1.0"
requires-python = ">=3.11"
dependencies = [
    "Flask>=3.1.3,<4",
    "Flask-Migrate>=4.1",
    "Flask-SQLAlchemy>=3.1.1,<4",
    "SQLAlchemy>=2.0.58,<2.2",
    "alembic>=1.20",
    "argon2-cffi>=23.1", # passwords
    "bcrypt>=5", # PHP's password_hash
    "flask-swagger-ui>=5.30", # the files of /docs
    "libpass>=1.9.4", # older schemes of passwords
    "limits>=5", # tries that failed
    "pydantic>=2.12,<3", # values from outside
    "python-dotenv>=1",
    "typing_extensions>=4.12",
]

[project.optional-dependencies]
dev = ["mypy>=1.15", "pytest>=8.3", "ruff>=0.9"]
mysql = ["PyMySQL[rsa]>=1.2"]
postgres = ["psycopg[binary]>=3.3"]
server = ["gunicorn>=27; sys_platform != 'win32'"]

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["wsgi"]

[tool.setuptools.packages.find]
include = ["app*"]

[tool.setuptools.package-data]
app = ["static/*", "templates/**/*"]

[tool.pytest.ini_options]
testpaths = ["tests"]

[tool.ruff]
line-length = 120

[tool.ruff.lint]
select = ["B", "E4", "E7", "E9", "F", "I", "RUF100", "UP", "W"]

[tool.ruff.lint.isort]
combine-as-imports = true

[tool.mypy]
strict = true
explicit_package_bases = true
files = ["wsgi.py", "app", "migrations", "tests"]

[[tool.mypy.overrides]]
module = ["flask_migrate.*", "flask_swagger_ui.*", "passlib.*"]
ignore_missing_imports = true
"""

_ENV_EXAMPLE = """\
# Settings. Copy this file to .env, which git ignores; what the environment says comes before it.

# Signs the sessions of operators. A new one: python -c "import secrets; print(secrets.token_urlsafe(32))"
SECRET_KEY=

# LEDGER_KEY=   opens the old password hashes that `outgrow export` writes back; it was made once, there is no other

# The database; empty means SQLite in instance/app.db. The pool's options may stand in it:
#   mysql://user:password@localhost/name?pool_size=10&pool_recycle=3600     pip install ".[mysql]"
#   postgresql://user:password@localhost/name?pool_size=10                  pip install ".[postgres]"
# also max_overflow, pool_timeout, pool_pre_ping and echo. In a password, write ? as %3F and % as %25.
DATABASE_URL=

# The hosts that requests may be for, with commas; empty means this machine only. .example.com: with all below it.
TRUSTED_HOSTS=
# How many proxies stand before the app and set X-Forwarded-For, -Proto and -Host; each is believed.
PROXY_COUNT=0
# Tables that anybody may read without a token, with commas; nothing else of the API is open.
PUBLIC_TABLES=
# yes: anybody may see / and /docs (tables, counts, columns; no rows), not only operators and this machine.
PUBLIC_PAGES=no
# yes: writes need no If-Match header, and the last one wins.
LAST_WRITER_WINS=no
# Tables, with commas, whose writes take the header Idempotency-Key: sent again, one is not done again, for a day.
IDEMPOTENT_TABLES=
# yes: on a Galera cluster a read waits until its node has all that was written before, on whichever node.
GALERA_SYNC_WAIT=no
# Where failed tries are counted: memory:// is each process for itself; redis://localhost counts for all.
RATE_LIMIT_STORAGE=memory://
# The log: INFO has a line for each request, WARNING only what went wrong.
LOG_LEVEL=INFO
# What the pages call the app; empty means the name of its folder.
APP_NAME=
"""


def render_pyproject(name: str) -> str:
    """Return the text of pyproject.toml."""
    return _PYPROJECT.replace("{name}", toml_string(distribution_name(name)))


def render_env_example() -> str:
    """Return the text of .env.example."""
    return _ENV_EXAMPLE


def distribution_name(name: str) -> str:
    """Return a name that Python packages may have."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "app"
