"""channels, and deliveries that name theirs, their part of a report and why they stayed behind.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = (
    ("channel_slug", sa.String(length=80), ""),
    ("part", sa.String(length=200), ""),
    ("target", sa.JSON(), "{}"),
    ("html", sa.Text(), ""),
    ("reason", sa.Text(), ""),
    ("doubtful_tries", sa.Integer(), "0"),
)
"""Name, type, and what a delivery that is there already gets."""
BEFORE = ["run_id", "recipient", "channel"]
NOW = [*BEFORE, "channel_slug", "part"]


def upgrade() -> None:
    _create_channels()
    with op.batch_alter_table("delivery") as table:
        for name, kind, default in COLUMNS:
            table.add_column(sa.Column(name, kind, nullable=False, server_default=default))
        table.drop_constraint(_unique(BEFORE), type_="unique")
        table.create_unique_constraint(_unique(NOW), NOW)
        table.create_index(op.f("ix_delivery_recipient_id"), ["recipient", "id"])
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("only_to", sa.String(length=320), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("run") as table:
        table.drop_column("only_to")
    # What the older version cannot tell from another delivery of the same run is let go.
    op.execute(
        "DELETE FROM delivery WHERE channel <> 'email' OR id NOT IN ("
        "SELECT MIN(id) FROM delivery GROUP BY run_id, recipient, channel)"
    )
    with op.batch_alter_table("delivery") as table:
        table.drop_index(op.f("ix_delivery_recipient_id"))
        table.drop_constraint(_unique(NOW), type_="unique")
        table.create_unique_constraint(_unique(BEFORE), BEFORE)
        for name, _kind, _default in reversed(COLUMNS):
            table.drop_column(name)
    op.drop_table("channel")


def _unique(columns: list[str]) -> str:
    return op.f(f"uq_delivery_{'_'.join(columns)}")


def _create_channels() -> None:
    op.create_table(
        "channel",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("secret_encrypted", sa.Text(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("slug", name=op.f("uq_channel_slug")),
    )
