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
    "argon2-cffi>=23.1",
    "python-dotenv>=1",
]

[project.optional-dependencies]
dev = ["mypy>=1.15", "pytest>=8.3", "ruff>=0.9"]
mysql = ["PyMySQL[rsa]>=1.2"]
postgres = ["psycopg[binary]>=3.3"]

[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[tool.setuptools]
py-modules = ["wsgi"]

[tool.setuptools.packages.find]
include = ["app*"]

[tool.pytest.ini_options]
testpaths = ["tests"]

[tool.ruff]
line-length = 100

[tool.ruff.lint]
select = ["B", "E4", "E7", "E9", "F", "I", "RUF100", "UP", "W"]

[tool.ruff.lint.isort]
combine-as-imports = true

[tool.mypy]
strict = true
explicit_package_bases = true
files = ["wsgi.py", "app", "migrations", "tests"]

[[tool.mypy.overrides]]
module = "flask_migrate.*"
ignore_missing_imports = true
"""

_ENV_EXAMPLE = """\
# Settings. Copy this file to .env, which git ignores; what the environment says comes before it.

# Signs sessions. A new one: python -c "import secrets; print(secrets.token_urlsafe(32))"
SECRET_KEY=

# The SHA-256 of the API's token; `flask token create` makes a token and writes this line.
API_TOKEN_SHA256=

# Opens the old password hashes that `outgrow export` writes back. outgrow made it once; there is no other.
# LEDGER_KEY=

# The database; empty means SQLite in instance/app.db. The pool's options may stand in it:
#   mysql://user:password@localhost/name?pool_size=10&pool_recycle=3600     pip install ".[mysql]"
#   postgresql://user:password@localhost/name?pool_size=10                  pip install ".[postgres]"
# also max_overflow, pool_timeout, pool_pre_ping and echo. In a password, write @ as %40, / as %2F.
DATABASE_URL=
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
