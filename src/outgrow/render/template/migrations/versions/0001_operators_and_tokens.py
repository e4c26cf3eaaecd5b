"""Create the app's own tables: who may use its admin pages and its API, and what was answered there."""

from __future__ import annotations

import os

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
BYTES = sa.LargeBinary().with_variant(mysql.LONGBLOB(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "app_operators",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_operators")),
        sa.UniqueConstraint("name", name=op.f("uq_app_operators_name")),
    )
    op.create_table(
        "app_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("may_write", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_tokens")),
        sa.UniqueConstraint("sha256", name=op.f("uq_app_tokens_sha256")),
    )
    op.create_table(
        "app_requests",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", BYTES, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_app_requests")),
    )
    op.create_index(op.f("ix_app_requests_created_at"), "app_requests", ["created_at"])


def downgrade() -> None:
    tables = [sa.table(name) for name in ("app_operators", "app_tokens")]
    rows = sa.select(sa.literal(1))
    if os.environ.get("DROP_FILLED_TABLES") != "1" and not op.get_context().as_sql:
        if any(op.get_bind().scalar(rows.select_from(table).limit(1)) for table in tables):
            raise RuntimeError(
                "This would drop the operators and the API's tokens. To lose them for good, set DROP_FILLED_TABLES=1."
            )
    op.drop_table("app_requests")
    op.drop_table("app_tokens")
    op.drop_table("app_operators")
