"""sources of several kinds, with a password, quiet hours and what became of their login.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("password_encrypted", sa.Text(), None),
    ("companies", sa.JSON(), "[]"),
    ("quiet_from", sa.Time(), None),
    ("quiet_to", sa.Time(), None),
    ("is_active", sa.Boolean(), sa.true()),
    ("version", sa.Integer(), "1"),
    ("login_version", sa.Integer(), "1"),
    ("proven_at", sa.DateTime(timezone=True), None),
    ("refusals", sa.Integer(), "0"),
    ("refused_because", sa.Text(), ""),
    ("trying_until", sa.DateTime(timezone=True), None),
)
"""Name, type, and what a source that is there already gets; None for nothing."""


def upgrade() -> None:
    with op.batch_alter_table("source") as table:
        for name, kind, default in COLUMNS:
            table.add_column(
                sa.Column(name, kind, nullable=default is None, server_default=default)
            )


def downgrade() -> None:
    with op.batch_alter_table("source") as table:
        for name, _kind, _default in reversed(COLUMNS):
            table.drop_column(name)
